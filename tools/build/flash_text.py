"""The C text of the functions and classes of frozen modules that are constants."""

from __future__ import annotations

from typing import Any

from flash_classes import Class, Plan
from flash_code import Value

SLOTS = (
    "mp_obj_instance_make_new", "instance_print", "mp_obj_instance_call", "instance_unary_op",
    "instance_binary_op", "mp_obj_instance_attr", "instance_subscr", "mp_obj_instance_getiter",
    "instance_get_buffer",
)  # fmt: skip
FLAGS = (
    "EQ_NOT_REFLEXIVE", "EQ_CHECKS_OTHER_TYPE", "EQ_HAS_NEQ_TEST", "ITER_IS_GETITER", "INSTANCE_TYPE",
    "IS_SUBCLASSED",
)  # fmt: skip


class Text(Plan):
    """A plan, where in the array each object is, and what mpy-tool prints of them."""

    def __init__(self, tool: Any, modules: list[Any]) -> None:
        super().__init__(tool, modules)
        self.wrappers: list[Value] = []
        self._place()

    def _place(self) -> None:
        """Where each object is in the array."""
        unit = 0
        for code in self._codes:
            if code.defaults is None and code.code_kind != self.tool.MP_CODE_NATIVE_ASM:
                code.unit = unit
                unit += 1
        self.defaults = unit
        for code in self._codes:
            if code.defaults is not None:
                code.unit = unit
                unit += 1 + (len(code.defaults) + 3) // 4
        self.first_wrapper = unit
        for made in self.classes:
            for _, value in made.entries.values():
                self._wrap(value)
        unit += len(self.wrappers)
        self.first_class = unit
        for made in self.classes:
            made.unit = unit
            unit += 4
        self.units = unit

    def _wrap(self, value: Value) -> None:
        if value[0] == "wrap" and value not in self.wrappers:
            self.wrappers.append(value)
            for each in value[2:]:
                self._wrap(each)

    def _at(self, value: Any) -> str:
        """The C text of a value."""
        kind, of = value[:2]
        if kind == "obj":
            return str(of.obj_refs[value[2]])
        if kind in ("fun", "class"):
            return self._unit(of.unit)
        if kind == "wrap":
            return self._unit(self.first_wrapper + self.wrappers.index(value))
        form = {
            "rom": "MP_ROM_{}",
            "int": "MP_ROM_INT({})",
            "qstr": "MP_ROM_QSTR({.qstr_id})",
            "range": "MP_ROM_PTR(&frozen_range_{}_{})",
            "count": "(void *){}",
        }[kind]
        return form.format(*value[1:])

    @staticmethod
    def _unit(unit: int) -> str:
        return f"MP_ROM_PTR(&mp_frozen_functions[{unit}])"

    def _function(self, code: Any) -> str:
        tool = self.tool
        generator = code.scope_flags & tool.MP_SCOPE_FLAG_GENERATOR
        kind = {
            tool.MP_CODE_BYTECODE: "gen_wrap" if generator else "fun_bc",
            tool.MP_CODE_NATIVE_PY: "native_gen_wrap" if generator else "fun_native",
            tool.MP_CODE_NATIVE_VIPER: "fun_viper",
        }[code.code_kind]
        name = code.escaped_name
        if code.is_class:  # its code is not in the image
            return f"&mp_type_fun_bc, &mp_frozen_contexts[{code.module_index}], NULL, NULL"
        table = f"children_{name}" if code.children else "NULL"
        if code.code_kind == tool.MP_CODE_NATIVE_PY and not code.children:
            table = f"fun_data_{name}_prelude_macro"
        return f"&mp_type_{kind}, &mp_frozen_contexts[{code.module_index}], {table}, fun_data_{name}"

    def _words(self, made: Class) -> list[str]:
        special = " | MP_TYPE_FLAG_HAS_SPECIAL_ACCESSORS" if made.special() else ""
        parent = "NULL"
        if isinstance(made.parent, Class):
            parent = self._unit(made.parent.unit)
        elif made.parent:
            parent = f"&mp_type_{made.parent}"
        # the numbers of the slots as mp_obj_new_type has them
        numbers = (0x04030201, 0x08070605, 0x0A0B0009 if made.parent else 0x0A000009)
        return [
            "&mp_type_type",
            f"(void *)(FROZEN_CLASS{special} | ((uintptr_t){made.name.qstr_id} << 16))",
            *(f"(void *)0x{number:08x}" for number in numbers),
            *(f"(void *){slot}" for slot in SLOTS),
            f"&frozen_dict_{made.unit}",
            parent,
        ]

    def _table(self, entries: dict[str, tuple[Any, Value]]) -> list[tuple[Any, Value] | None]:
        """The entries of a dictionary where MicroPython looks for them."""
        hashes = [
            self.tool.qstrutil.compute_hash(key.encode(), self.tool.config.MICROPY_QSTR_BYTES_IN_HASH)
            for key in entries
        ]
        table: list[tuple[Any, Value] | None] = [None] * max(len(hashes) + (len(hashes) > 4), 1)
        for entry, number in zip(entries.values(), hashes, strict=True):
            at = number % len(table)
            while table[at] is not None:
                at = (at + 1) % len(table)
            table[at] = entry
        return table

    def _print_dictionaries(self) -> None:
        values = [value for made in self.classes for _, value in made.entries.values()]
        for _, start, stop in sorted({value for value in values if value[0] == "range"}):
            words = f"&mp_type_range, (void *){start}, (void *){stop}, (void *)1"
            print(f"static const mp_frozen_unit_t frozen_range_{start}_{stop} = {{ {{ {words} }} }};")
        for made in self.classes:
            self._print_dictionary(f"frozen_dict_{made.unit}", made.entries)

    def _print_dictionary(self, name: str, entries: dict[str, tuple[Any, Value]]) -> None:
        table = self._table(entries)
        print(f"static const mp_rom_map_elem_t {name}_table[] = {{")
        for entry in table:
            print(
                f"    {{ MP_ROM_QSTR({entry[0].qstr_id}), {self._at(entry[1])} }}," if entry else "    { 0 },"
            )
        print("};")
        print(f"static const mp_obj_dict_t {name} = {{ {{ &mp_type_dict }}, {{")
        print("    .all_keys_are_qstrs = 1, .is_fixed = 1,")
        print(f"    .used = {len(entries)}, .alloc = {len(table)},")
        print(f"    .table = (mp_map_elem_t *)(void *){name}_table }} }};")

    def print(self) -> None:
        """The C text of the array and of what belongs to it."""
        self._print_dictionaries()
        print(f"#define FROZEN_CLASS ({' | '.join(f'MP_TYPE_FLAG_{flag}' for flag in FLAGS)})")
        print('_Static_assert(sizeof(mp_obj_fun_bc_t) == 16, "of a function");')
        print('_Static_assert(offsetof(mp_obj_type_t, slots) == 20, "of a class");')
        print(f"const mp_frozen_unit_t mp_frozen_functions[{self.units}] __attribute__((aligned(16))) = {{")
        codes = [code for code in self._codes if hasattr(code, "unit")]
        for code in sorted(codes, key=lambda code: int(code.unit)):
            print(f"    {{ {{ {self._function(code)} }} }},")
            row = [self._at(value) for value in code.defaults or ()]
            for at in range(0, len(row), 4):
                print(f"    {{ {{ {', '.join(row[at : at + 4])} }} }},")
        for value in self.wrappers:
            print(f"    {{ {{ {', '.join([f'&mp_type_{value[1]}', *map(self._at, value[2:])])} }} }},")
        for made in self.classes:
            row = self._words(made)
            for at in range(0, 16, 4):
                print(f"    {{ {{ {', '.join(row[at : at + 4])} }} }},")
        print("};")
        print("const size_t mp_frozen_functions_size = sizeof(mp_frozen_functions);")
        print(f"const size_t mp_frozen_defaults_at = {16 * self.defaults};")
        print(f"const size_t mp_frozen_wrappers_at = {16 * self.first_wrapper};")
        print(f"const size_t mp_frozen_classes_at = {16 * self.first_class};")
        print(f"const void *const mp_frozen_bodies[{len(self.classes)}] = {{")
        for made in self.classes:
            print(f"    &mp_frozen_functions[{made.body.unit}],")
        print("};")
        print(f"// {len(self.classes)} classes")
