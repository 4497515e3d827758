"""Which classes of frozen modules can be constants, and the C text of these and of functions, for
MicroPython's mpy-tool (flash_functions.py puts this beside it).

A class statement makes a type and a dictionary on the heap. Where a frozen module has it at its top level,
and its body stores nothing but constants, functions, and what property, staticmethod and classmethod make of
these, and it has no base or one that is such a class or an exception of MicroPython, all of it is known when
the image is made. The class statement then gives the constant (py/objtype.c, mp_frozen_class), and the code
of its body is not in the image, unless the base is of another package, of which a board may have files. It
has no __module__ and no __qualname__. Default arguments that are constants lie behind their function. An
attribute can still be set: the class then gets a dictionary on the heap.

All these objects are in one array of units of 16 bytes, because the garbage collector asks of each pointer
that it does not know whether it is there. Its parts: functions; functions with defaults, which follow them;
what is about a function or a class (properties, static methods, closures, cells), whose second word is that
one; classes, four units each.
"""

from __future__ import annotations

from typing import Any

from flash_code import Code, Op, Value

EXCEPTIONS = (
    "ArithmeticError", "AssertionError", "AttributeError", "EOFError", "Exception", "ImportError",
    "IndexError", "KeyError", "LookupError", "MemoryError", "NameError", "NotImplementedError", "OSError",
    "OverflowError", "RuntimeError", "SyntaxError", "TypeError", "ValueError",
)  # fmt: skip
KINDS = ("property", "staticmethod", "classmethod", "range")
# What a class statement stores that nothing asks for
UNUSED = ("__module__", "__qualname__")
# Modules that are executed as __main__, whose classes know the name of their module
MAIN = ("main", "boot", "_boot", "_boot_fat")


class Class:
    """A class of which all is known. `parent`: a Class, the name of an exception, or None."""

    def __init__(self, body: Any, name: Any, parent: Any) -> None:
        self.body = body
        self.name = name
        self.parent = parent
        self.entries: dict[str, tuple[Any, Value]] = {}  # by their name
        self.unit = 0

    def special(self) -> bool:
        """Whether reading or writing an attribute may call something."""
        names = ("__setattr__", "__delattr__", "__get__", "__set__", "__delete__")
        return (
            any(key in names or each[:2] == ("wrap", "property") for key, (_, each) in self.entries.items())
            or isinstance(self.parent, Class)
            and self.parent.special()
        )


class Plan(Code):
    """What is constant of modules that mpy-tool (`tool`) has read."""

    def __init__(self, tool: Any, modules: list[Any]) -> None:
        super().__init__(tool, modules)
        self.classes: list[Class] = []
        self._made: dict[Any, Class | None] = {}
        for code in self._codes:
            self._find_defaults(code)
        for module in modules:
            for at, op in enumerate(self.ops(module.raw_code)):
                if op.name == "LOAD_BUILD_CLASS":
                    self._class(module, at)
        for module in modules:
            path = str(module.source_file.str)
            if path.endswith("/__init__.py"):
                self._text(f".frozen/{path[:-12]}")  # its __path__: MicroPython makes no string of that then

    def _given(self, code: Any, op: Op) -> Value | None:
        """The constant that a default argument is, which may be a name of the module."""
        if op.name == "LOAD_NAME" and all(
            each.name != "STORE_NAME" or each.arg.str != op.arg.str for each in self.ops(code)
        ):
            return self._plain(self._found(code.module, [op.arg.str]))
        return self._constant(code, op)

    def _find_defaults(self, code: Any) -> None:
        """Default arguments of the functions that `code` makes."""
        ops = self.ops(code)
        for at, op in enumerate(ops):
            if not op.name.endswith("_DEFARGS"):
                continue
            end = at - (op.extra if op.name == "MAKE_CLOSURE_DEFARGS" else 0)
            if ops[end - 1].name != "LOAD_NULL" or ops[end - 2].name != "BUILD_TUPLE":
                continue
            count = ops[end - 2].arg
            values = [self._given(code, each) for each in ops[max(end - 2 - count, 0) : end - 2]]
            child = code.children[op.arg]
            if len(values) == count and None not in values and child.code_kind == self.tool.MP_CODE_BYTECODE:
                child.defaults = values

    def _class(self, module: Any, at: int) -> Class | None:
        """The class whose statement begins with the instruction `at` of a module."""
        key = (module, at)
        if key not in self._made:
            self._made[key] = None
            made = self._evaluated(module, at)
            self._made[key] = made
            if made:
                made.body.is_class = self._near(made)
                self.classes.append(made)
        return self._made[key]

    def _near(self, made: Class) -> bool:
        """Whether the base of a class is of the same package: files on a board replace whole packages."""
        if not isinstance(made.parent, Class):
            return True
        names = [self._name(each.body.module).split(".")[0] for each in (made, made.parent)]
        return names[0] == names[1]

    def _evaluated(self, module: Any, at: int) -> Class | None:
        ops = self.ops(module.raw_code)
        if len(ops) < at + 4 or [op.name for op in ops[at + 1 : at + 3]] != [
            "MAKE_FUNCTION",
            "LOAD_CONST_STRING",
        ]:
            return None
        if any(op.to <= ops[at].at < op.at for op in ops) or self._name(module) in MAIN:
            return None  # in a loop
        body = module.raw_code.children[ops[at + 1].arg]
        parent: Any = None
        end = at + 3
        if ops[end].name == "LOAD_NAME":
            path = [ops[end].arg.str]
            end += 1
            while ops[end].name == "LOAD_ATTR":
                path.append(ops[end].arg.str)
                end += 1
            parent = self._found(module, path)
            if parent is None or isinstance(parent, tuple):
                return None
        if ops[end].name != "CALL_FUNCTION" or ops[end].arg != (3 if parent else 2):
            return None
        made = Class(body, ops[at + 2].arg, parent)
        return made if self._executed(made) else None

    def _found(self, module: Any, path: list[str], near: bool = False) -> Any:
        """The Class, the name of an exception, or the value that a name of a module is; None: not known.
        `near`: only if that is a constant of the same package.
        """
        name = path[0]
        stores = self._stores(module, name)
        if stores == [] and len(path) == 1 and name in EXCEPTIONS:
            return name
        if not stores or len(stores) > 1:
            return None
        ops = self.ops(module.raw_code)
        at = stores[0]
        if ops[at - 1].name == "IMPORT_FROM":
            of = at - 1
            while ops[of].name in ("IMPORT_FROM", "STORE_NAME", "STORE_GLOBAL"):
                of -= 1
            if ops[of].name != "IMPORT_NAME":
                return None
            package, imported = ops[of].arg.str, ops[at - 1].arg.str
            if near and package.split(".")[0] != self._name(module).split(".")[0]:
                return None
            other = self.modules.get(f"{package}.{imported}")
            if len(path) == 2:
                return self._found(other, path[1:], near) if other else None
            if len(path) > 2:
                return None
            within = self.modules.get(package)
            return self._found(within, [imported], near) if within else None
        if len(path) > 1:
            return None
        value = self._constant(module.raw_code, ops[at - 1])
        if value:
            return value
        if ops[at - 1].name in ("UNPACK_SEQUENCE", "STORE_NAME"):
            return self._unpacked(module, at)
        if ops[at - 1].name == "CALL_FUNCTION":
            begin = at - 1
            while begin and ops[begin].name in ("CALL_FUNCTION", "LOAD_NAME", "LOAD_ATTR"):
                begin -= 1
            if ops[begin].name == "LOAD_CONST_STRING" and ops[begin - 2].name == "LOAD_BUILD_CLASS":
                return self._class(module, begin - 2)
        return None

    def _executed(self, made: Class) -> bool:
        """Fill in what the body of a class stores; False: not all of that is known."""
        body = made.body
        if body.code_kind != self.tool.MP_CODE_BYTECODE:
            return False
        stack: list[Value] = []
        for op in self.ops(body):
            value = self._constant(body, op)
            if value is None and op.name == "LOAD_NAME":
                value = self._named(made, op.arg)
            elif op.name == "LOAD_FAST" and [op.arg] == list(self._cells(body)):
                value = ("cell",)  # of __class__
            elif op.name in (
                "MAKE_FUNCTION",
                "MAKE_FUNCTION_DEFARGS",
                "MAKE_CLOSURE",
                "MAKE_CLOSURE_DEFARGS",
            ):
                child = body.children[op.arg]
                if child.code_kind == self.tool.MP_CODE_NATIVE_ASM:
                    return False
                if (child.defaults is not None) != op.name.endswith("_DEFARGS"):
                    return False
                value = ("fun", child)
                if op.name.startswith("MAKE_CLOSURE"):
                    if op.extra != 1 or not stack or stack.pop() != ("cell",):
                        return False
                    # a closure has a function, a count of cells, and these; nothing asks a cell for its type
                    cell = ("wrap", "object", ("class", made))
                    value = ("wrap", "closure", ("fun", child), ("count", 1), cell)
                if child.defaults is not None:
                    del stack[len(stack) - 2 :]
            elif op.name == "LOAD_NULL":
                value = ("null",)
            elif op.name == "DUP_TOP" and stack:
                value = stack[-1]
            elif op.name == "BUILD_TUPLE" and op.arg:
                del stack[len(stack) - op.arg :]
                value = ("defaults",)
            elif op.name == "CALL_FUNCTION":
                value = self._called(stack, op.arg)
            elif op.name == "STORE_NAME":
                value = stack.pop()
                if value[0] in ("cell", "kind", "null", "defaults") or op.arg.str == "__new__":
                    return False
                if op.arg.str not in UNUSED:
                    made.entries[op.arg.str] = (op.arg, value)
                continue
            elif op.name == "RETURN_VALUE":
                return stack in ([("rom", "NONE")], [("cell",)])
            if value is None:
                return False
            stack.append(value)
        return False

    def _named(self, made: Class, name: Any) -> Value | None:
        if name.str in made.entries:
            return made.entries[name.str][1]
        if name.str == "__name__":
            return self._text(self._name(made.body.module))
        if name.str in KINDS and self._stores(made.body.module, name.str) == []:
            return ("kind", name.str)
        return self._plain(self._found(made.body.module, [name.str], near=True))

    @staticmethod
    def _called(stack: list[Value], count: int) -> Value | None:
        """The result of a call of one of KINDS with `count` arguments."""
        if count > len(stack) - 1 or not 1 <= count <= 3:
            return None
        given = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        kind = stack.pop()
        if kind == ("kind", "range"):
            numbers = all(value[0] == "int" for value in given) and count == 2
            return ("range", given[0][1], given[1][1]) if numbers else None
        if kind[0] != "kind" or given[0][0] != "fun" or (kind[1] != "property" and count != 1):
            return None
        if any(value[0] not in ("fun", "rom") for value in given):
            return None
        if kind[1] == "property":
            given += [("rom", "NONE")] * (3 - count)
        return ("wrap", kind[1], *given)
