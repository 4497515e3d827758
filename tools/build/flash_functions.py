"""Functions and classes of frozen modules stay in flash: flash_functions.py MICROPYTHON mends a tree of
MicroPython 1.25.

MicroPython makes an object of 16 bytes on the heap for each function of a frozen module, though all that is
in it is known when the image is made but for where the module's globals are. Here mpy-tool writes these
objects as constants; they point to an array of contexts in RAM, an entry for each frozen module, which is
filled when that is imported. A kw320 has 1,400 functions. Boards have it by MICROPY_FLASH_FUNCTIONS.

flash_classes.py says which classes, too, are constants: a kw320 on a network board has 38 KB more of its heap
with them. The garbage collector follows a pointer to such a function or class, or to a module, to the
globals: those of a module that nothing names are garbage as ever.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import flash_class_edits
from mends import mend

# In both loops of the garbage collector.
_SKIP = "\n{0}if (!VERIFY_PTR(ptr)) {{\n{0}    continue;\n{0}}}\n"
_LOOK = (
    "\n{0}if (!VERIFY_PTR(ptr)) {{\n"
    "{0}    #if MICROPY_FLASH_FUNCTIONS\n"
    "{0}    ptr = gc_globals(ptr);\n"
    "{0}    if (!VERIFY_PTR(ptr))\n"
    "{0}    #endif\n"
    "{0}    continue;\n"
    "{0}}}\n"
)

# (file, what it has once, what stands in its place)
EDITS = (
    (
        "py/bc.h",
        "    const void *proto_fun;\n} mp_frozen_module_t;\n",
        "    const void *proto_fun;\n"
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    mp_module_context_t *context;\n"
        "    #endif\n"
        "} mp_frozen_module_t;\n"
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "extern mp_module_context_t mp_frozen_contexts[];\n"
        "extern const size_t mp_frozen_contexts_size;\n"
        "#endif\n",
    ),
    (
        "py/objfun.h",
        "} mp_obj_fun_bc_t;\n",
        "} mp_obj_fun_bc_t;\n"
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "typedef struct _mp_frozen_unit_t {\n"
        "    const void *words[4];\n"
        "} mp_frozen_unit_t;\n"
        "// functions, and from where more than that (tools/build/flash_classes.py)\n"
        "extern const mp_frozen_unit_t mp_frozen_functions[];\n"
        "extern const size_t mp_frozen_defaults_at, mp_frozen_wrappers_at, mp_frozen_classes_at;\n"
        "extern const void *const mp_frozen_bodies[];\n"
        "extern const size_t mp_frozen_functions_size;\n"
        "#endif\n",
    ),
    (
        "py/emitglue.c",
        "    #if MICROPY_MODULE_FROZEN_MPY\n    if (mp_proto_fun_is_bytecode(proto_fun)) {\n",
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    {\n"
        "        const mp_obj_fun_bc_t *known = proto_fun;\n"
        "        size_t at = (uintptr_t)proto_fun - (uintptr_t)mp_frozen_functions;\n"
        "        if (at < mp_frozen_wrappers_at) {\n"
        "            if (def_args == NULL) {\n"
        "                return MP_OBJ_FROM_PTR(known);\n"
        "            }\n"
        "            if (at >= mp_frozen_defaults_at && def_args[0] != MP_OBJ_NULL\n"
        "                && def_args[1] == MP_OBJ_NULL) {\n"
        "                mp_obj_tuple_t *given = MP_OBJ_TO_PTR(def_args[0]);\n"
        "                if (memcmp(given->items, known->extra_args, given->len * sizeof(mp_obj_t)) == 0) {\n"
        "                    return MP_OBJ_FROM_PTR(known);\n"
        "                }\n"
        "            }\n"
        "            mp_obj_t made =\n"
        "                mp_obj_new_fun_bc(def_args, known->bytecode, context, known->child_table);\n"
        "            ((mp_obj_base_t *)MP_OBJ_TO_PTR(made))->type = known->base.type;\n"
        "            return made;\n"
        "        }\n"
        "    }\n"
        "    #endif\n"
        "    #if MICROPY_MODULE_FROZEN_MPY\n    if (mp_proto_fun_is_bytecode(proto_fun)) {\n",
    ),
    ("py/emitglue.c", '#include "py/objfun.h"\n', '#include "py/objfun.h"\n#include "py/objtuple.h"\n'),
    (
        "py/builtinimport.c",
        "static void do_load(mp_module_context_t *module_obj, vstr_t *file) {\n",
        "static void do_load(mp_obj_t *module, vstr_t *file) {\n"
        "    mp_module_context_t *module_obj = MP_OBJ_TO_PTR(*module);\n",
    ),
    (
        "py/builtinimport.c",
        "            module_obj->constants = frozen->constants;\n",
        "            #if MICROPY_FLASH_FUNCTIONS\n"
        "            // the module itself is where its functions look for their globals\n"
        "            *frozen->context = *module_obj;\n"
        "            mp_map_t *loaded = &MP_STATE_VM(mp_loaded_modules_dict).map;\n"
        "            for (size_t i = 0; i < loaded->alloc; i++) {\n"
        "                if (mp_map_slot_is_filled(loaded, i) && loaded->table[i].value == *module) {\n"
        "                    loaded->table[i].value = MP_OBJ_FROM_PTR(frozen->context);\n"
        "                }\n"
        "            }\n"
        "            module_obj = frozen->context;\n"
        "            *module = MP_OBJ_FROM_PTR(module_obj);\n"
        "            #endif\n"
        "            module_obj->constants = frozen->constants;\n",
    ),
    (
        "py/builtinimport.c",
        "            do_load(MP_OBJ_TO_PTR(module_obj), &path);\n",
        "            do_load(&module_obj, &path); // of a package\n",
    ),
    (
        "py/builtinimport.c",
        "        do_load(MP_OBJ_TO_PTR(module_obj), &path);\n",
        "        do_load(&module_obj, &path);\n",
    ),
    (
        "py/gc.c",
        "void gc_collect_root(void **ptrs, size_t len) {\n",
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "// The globals of what is in mp_frozen_functions, `at` bytes from its begin.\n"
        "static void *gc_frozen_globals(size_t at) {\n"
        "    while (at >= mp_frozen_wrappers_at && at < mp_frozen_classes_at) {\n"
        "        // a property or the like; its second word is a function or a class\n"
        "        at = (uintptr_t)mp_frozen_functions[at / 16].words[1] - (uintptr_t)mp_frozen_functions;\n"
        "    }\n"
        "    const mp_obj_fun_bc_t *function;\n"
        "    if (at >= mp_frozen_classes_at) {\n"
        "        function = mp_frozen_bodies[(at - mp_frozen_classes_at) / 64];\n"
        "    } else {\n"
        "        function = (const void *)&mp_frozen_functions[at / 16];\n"
        "        if (function->base.type != &mp_type_fun_bc && at >= mp_frozen_defaults_at\n"
        "            && function->base.type != &mp_type_gen_wrap) {\n"
        "            return NULL; // default arguments\n"
        "        }\n"
        "    }\n"
        "    return function->context->module.globals;\n"
        "}\n"
        "\n"
        "// The globals that a function or a module needs; NULL of anything else that is not in the heap.\n"
        "static inline void *gc_globals(void *ptr) {\n"
        "    if (((uintptr_t)ptr & 15) == 0) {\n"
        "        size_t at = (uintptr_t)ptr - (uintptr_t)mp_frozen_functions;\n"
        "        if (at < mp_frozen_functions_size) {\n"
        "            return gc_frozen_globals(at);\n"
        "        }\n"
        "        at = (uintptr_t)ptr - (uintptr_t)mp_frozen_contexts;\n"
        "        if (at < mp_frozen_contexts_size) {\n"
        "            return mp_frozen_contexts[at / sizeof(mp_module_context_t)].module.globals;\n"
        "        }\n"
        "    }\n"
        "    return NULL;\n"
        "}\n"
        "#endif\n"
        "\n"
        "void gc_collect_root(void **ptrs, size_t len) {\n",
    ),
    ("py/gc.c", _SKIP.format(" " * 8), _LOOK.format(" " * 8)),
    ("py/gc.c", _SKIP.format(" " * 12), _LOOK.format(" " * 12)),
    ("py/gc.c", '#include "py/gc.h"\n', '#include "py/gc.h"\n#include "py/objfun.h"\n'),
    (
        "py/runtime.c",
        "    mp_obj_dict_init(&MP_STATE_VM(mp_loaded_modules_dict), MICROPY_LOADED_MODULES_DICT_SIZE);\n",
        "    mp_obj_dict_init(&MP_STATE_VM(mp_loaded_modules_dict), MICROPY_LOADED_MODULES_DICT_SIZE);\n"
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    memset(mp_frozen_contexts, 0, mp_frozen_contexts_size);\n"
        "    MP_STATE_VM(frozen_changes) = NULL;\n"
        "    #endif\n",
    ),
    (
        "shared/runtime/pyexec.c",
        "            mp_module_context_t *ctx = m_new_obj(mp_module_context_t);\n",
        "            #if MICROPY_FLASH_FUNCTIONS\n"
        "            mp_module_context_t *ctx = frozen->context;\n"
        "            ctx->module.base.type = &mp_type_module;\n"
        "            #else\n"
        "            mp_module_context_t *ctx = m_new_obj(mp_module_context_t);\n"
        "            #endif\n",
    ),
    (
        "tools/mpy-tool.py",
        '        print("    .proto_fun = &proto_fun_%s," % self.raw_code.escaped_name)\n',
        '        print("    .proto_fun = %s," % self.raw_code.proto())\n'
        '        print("    #if MICROPY_FLASH_FUNCTIONS")\n'
        '        print("    .context = &mp_frozen_contexts[%u]," % compiled_module_index)\n'
        '        print("    #endif")\n',
    ),
    (
        "tools/mpy-tool.py",
        '                print("    (const mp_raw_code_t *)&proto_fun_%s," % rc.escaped_name)\n',
        '                print("    (const mp_raw_code_t *)%s," % rc.proto())\n',
    ),
    (
        "tools/mpy-tool.py",
        "    def freeze_raw_code(self, prelude_ptr=None, type_sig=0):\n",
        "    def proto(self):\n"
        '        kind = "flash_fun" if self.code_kind != MP_CODE_NATIVE_ASM else "proto_fun"\n'
        '        return "%s_%s" % (kind.upper(), self.escaped_name)\n'
        "\n"
        "    def freeze_flash_function(self):\n"
        "        name = self.escaped_name\n"
        "        if self.code_kind == MP_CODE_NATIVE_ASM:\n"
        '            print("#define PROTO_FUN_%s &proto_fun_%s" % (name, name))\n'
        "            return\n"
        '        print("#if MICROPY_FLASH_FUNCTIONS")\n'
        '        print("#define FLASH_FUN_%s &mp_frozen_functions[%u]" % (name, self.unit))\n'
        '        print("#else")\n'
        '        print("#define FLASH_FUN_%s &proto_fun_%s" % (name, name))\n'
        '        print("#endif")\n'
        "\n"
        "    def freeze_raw_code(self, prelude_ptr=None, type_sig=0):\n"
        "        if self.code_kind != MP_CODE_NATIVE_ASM:\n"
        '            print("#if !MICROPY_FLASH_FUNCTIONS")\n',
    ),
    (
        "tools/mpy-tool.py",
        "        global raw_code_count, raw_code_content\n        raw_code_count += 1\n",
        "        if self.code_kind != MP_CODE_NATIVE_ASM:\n"
        '            print("#endif")\n'
        "        self.freeze_flash_function()\n\n"
        "        global raw_code_count, raw_code_content\n        raw_code_count += 1\n",
    ),
    (
        "tools/mpy-tool.py",
        "import print_function\nimport sys\n",
        "import print_function\nimport sys\nimport flash_text\n",
    ),
    (
        "tools/mpy-tool.py",
        "def freeze_mpy(firmware_qstr_idents, compiled_modules):\n",
        "def freeze_mpy(firmware_qstr_idents, compiled_modules):\n"
        "    # before the strings are counted: it may add some\n"
        "    plan = flash_text.Text(sys.modules[__name__], compiled_modules)\n\n",
    ),
    (
        "tools/mpy-tool.py",
        "    print('#include \"py/emitglue.h\"')\n",
        "    print('#include \"py/emitglue.h\"')\n"
        "    print('#include \"py/objfun.h\"')\n"
        "    print('#include \"py/objtype.h\"')\n",
    ),
    (
        "tools/mpy-tool.py",
        '    print("const mp_frozen_module_t *const mp_frozen_mpy_content[] = {")\n',
        '    print("#if MICROPY_FLASH_FUNCTIONS")\n'
        "    aligned = '__attribute__((aligned(16)))'\n"
        "    count = len(compiled_modules)\n"
        '    print("mp_module_context_t mp_frozen_contexts[%u] %s;" % (count, aligned))\n'
        '    print("const size_t mp_frozen_contexts_size = sizeof(mp_frozen_contexts);")\n'
        "    plan.print()\n"
        '    print("#endif")\n'
        '    print("const mp_frozen_module_t *const mp_frozen_mpy_content[] = {")\n',
    ),
)

# What mpy-tool asks
OF_MPY_TOOL = ("flash_code.py", "flash_classes.py", "flash_text.py")


if __name__ == "__main__":
    tree = Path(sys.argv[1])
    for name in OF_MPY_TOOL:
        shutil.copy(Path(__file__).with_name(name), tree / "tools")
    mend(tree, EDITS + flash_class_edits.EDITS)
