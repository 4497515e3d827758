"""What the code of frozen modules says of their names, for flash_classes.py; `tool` is mpy-tool as a module,
and modules and codes are its objects.
"""

from __future__ import annotations

from typing import Any

Value = tuple[Any, ...]


class Op:
    """An instruction: its name in mpy-tool without numbers, what comes with it, and where it is and leads."""

    def __init__(self, name: str, arg: Any, extra: Any, at: int, to: int) -> None:
        self.name = name
        self.arg = arg
        self.extra = extra
        self.at = at
        self.to = to


class Code:
    """Modules that mpy-tool (`tool`) has read."""

    def __init__(self, tool: Any, modules: list[Any]) -> None:
        self.tool = tool
        self.modules = {self._name(module): module for module in modules}
        self._codes: list[Any] = []
        for index, module in enumerate(modules):
            for code in self._all(module.raw_code):
                code.module, code.module_index, code.defaults, code.is_class = module, index, None, False
                self._codes.append(code)

    @staticmethod
    def _name(module: Any) -> str:
        return str(module.source_file.str).removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _all(self, code: Any) -> list[Any]:
        return [code, *(each for child in code.children for each in self._all(child))]

    def ops(self, code: Any) -> list[Op]:
        """The instructions of a function; none of native code."""
        tool = self.tool
        if code.code_kind != tool.MP_CODE_BYTECODE:
            return []
        if not hasattr(code, "decoded"):
            code.decoded = []
            at = code.offset_opcodes
            while at < len(code.fun_data):
                form, size, arg, extra = tool.mp_opcode_decode(code.fun_data, at)
                name, _, number = tool.Opcode.mapping[code.fun_data[at]].partition(" ")
                to = at + size + arg if form == tool.MP_BC_FORMAT_OFFSET else at
                if form == tool.MP_BC_FORMAT_QSTR:
                    arg = code.qstr_table[arg]
                elif number and arg is None:
                    arg = int(number.split()[0])
                code.decoded.append(Op(name, arg, extra, at, to))
                at += size
        return list(code.decoded)

    def _constant(self, code: Any, op: Op) -> Value | None:
        """What an instruction loads, if that is a constant."""
        if op.name in ("LOAD_CONST_NONE", "LOAD_CONST_TRUE", "LOAD_CONST_FALSE"):
            return ("rom", op.name[11:])
        if op.name == "LOAD_CONST_SMALL_INT":
            return ("int", op.arg)
        if op.name == "LOAD_CONST_STRING":
            return ("qstr", op.arg)
        if op.name == "LOAD_CONST_OBJ":
            return ("obj", code.module, op.arg)
        if op.name == "BUILD_TUPLE" and op.arg == 0:
            return ("rom", "PTR(&mp_const_empty_tuple_obj)")
        return None

    def _stores(self, module: Any, name: str) -> list[int] | None:
        """Where a module stores a global name; None if a function of it does, or if the name is deleted."""
        if not hasattr(module, "stores"):
            module.stores = {}
            for code in self._all(module.raw_code):
                top = code is module.raw_code
                for at, op in enumerate(self.ops(code)):
                    if (
                        op.name in ("STORE_GLOBAL", "DELETE_GLOBAL")
                        or top
                        and op.name in ("STORE_NAME", "DELETE_NAME")
                    ):
                        module.stores.setdefault(op.arg.str, []).append(
                            at if top and op.name[:5] == "STORE" else None
                        )
                    elif op.name == "IMPORT_STAR":
                        module.stores["*"] = [None]
        found = module.stores.get(name, []) + module.stores.get("*", [])
        return None if None in found else found

    def _unpacked(self, module: Any, at: int) -> Value | None:
        """What the instruction `at` stores of a tuple of integers or of range(N)."""
        ops = self.ops(module.raw_code)
        begin = at - 1
        while ops[begin].name == "STORE_NAME":
            begin -= 1
        if ops[begin].name != "UNPACK_SEQUENCE":
            return None
        number = at - 1 - begin
        if [op.name for op in ops[begin - 3 : begin]] == [
            "LOAD_NAME",
            "LOAD_CONST_SMALL_INT",
            "CALL_FUNCTION",
        ]:
            known = ops[begin - 3].arg.str == "range" and ops[begin - 1].arg == 1
            return ("int", number) if known and self._stores(module, "range") == [] else None
        if ops[begin - 1].name != "LOAD_CONST_OBJ":
            return None
        value = module.obj_table[ops[begin - 1].arg][number]
        return ("int", value) if type(value) is int and self.tool.mp_small_int_fits(value) else None

    def _text(self, text: str) -> Value:
        known = self.tool.global_qstrs
        return ("qstr", known.find_by_str(text) or known.add(text))

    @staticmethod
    def _cells(code: Any) -> bytes:
        return bytes(code.fun_data[code.offset_closure_info : code.offset_opcodes])

    @staticmethod
    def _plain(found: Any) -> Value | None:
        """What was found, if it is a number, a text, a tuple or the like, and no class."""
        return found if isinstance(found, tuple) else None
