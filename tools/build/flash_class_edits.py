"""What flash_functions.py does to a tree that has its functions in flash: classes, too (flash_classes.py)."""

EDITS = (
    (
        "py/objfun.h",
        "extern const mp_obj_fun_bc_t mp_frozen_functions[];\n",
        "typedef struct _mp_frozen_unit_t {\n"
        "    const void *words[4];\n"
        "} mp_frozen_unit_t;\n"
        "// functions, and from where more than that (tools/build/flash_classes.py)\n"
        "extern const mp_frozen_unit_t mp_frozen_functions[];\n"
        "extern const size_t mp_frozen_defaults_at, mp_frozen_wrappers_at, mp_frozen_classes_at;\n"
        "extern const void *const mp_frozen_bodies[];\n",
    ),
    (
        "py/emitglue.c",
        "    if (((uintptr_t)proto_fun & 3) == 0) {\n"
        "        const mp_obj_fun_bc_t *known = proto_fun;\n"
        "        if (known->base.type == &mp_type_fun_bc || known->base.type == &mp_type_gen_wrap) {\n"
        "            if (def_args == NULL) {\n"
        "                return MP_OBJ_FROM_PTR(known);\n"
        "            }\n",
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
        "            }\n",
    ),
    ("py/emitglue.c", '#include "py/objfun.h"\n', '#include "py/objfun.h"\n#include "py/objtuple.h"\n'),
    (
        "py/gc.c",
        "            return mp_frozen_functions[at / sizeof(mp_obj_fun_bc_t)].context->module.globals;\n",
        "            return gc_frozen_globals(at);\n",
    ),
    (
        "py/gc.c",
        "// The globals that a function or a module needs; NULL of anything else that is not in the heap.\n",
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
        "// The globals that a function or a module needs; NULL of anything else that is not in the heap.\n",
    ),
    (
        "py/runtime.c",
        "    memset(mp_frozen_contexts, 0, mp_frozen_contexts_size);\n",
        "    memset(mp_frozen_contexts, 0, mp_frozen_contexts_size);\n"
        "    MP_STATE_VM(frozen_changes) = NULL;\n",
    ),
    (
        "py/modbuiltins.c",
        "    // set the new classes __locals__ object\n",
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    mp_obj_t known = mp_frozen_class(n_args, args);\n"
        "    if (known != MP_OBJ_NULL) {\n"
        "        return known;\n"
        "    }\n"
        "    #endif\n"
        "\n"
        "    // set the new classes __locals__ object\n",
    ),
    (
        "py/objtype.h",
        "#endif // MICROPY_INCLUDED_PY_OBJTYPE_H\n",
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "// what a class has in its slots, and the class of a frozen module that is a constant\n"
        "mp_obj_t mp_obj_instance_make_new(const mp_obj_type_t *self, size_t n_args,\n"
        "    size_t n_kw, const mp_obj_t *args);\n"
        "void instance_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind);\n"
        "mp_obj_t instance_unary_op(mp_unary_op_t op, mp_obj_t self_in);\n"
        "mp_obj_t instance_binary_op(mp_binary_op_t op, mp_obj_t lhs_in, mp_obj_t rhs_in);\n"
        "void mp_obj_instance_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest);\n"
        "mp_obj_t instance_subscr(mp_obj_t self_in, mp_obj_t index, mp_obj_t value);\n"
        "mp_int_t instance_get_buffer(mp_obj_t self_in, mp_buffer_info_t *bufinfo, mp_uint_t flags);\n"
        "extern const mp_obj_type_t mp_type_closure;\n"
        "mp_obj_t mp_frozen_class(size_t n_args, const mp_obj_t *args);\n"
        "#endif\n"
        "\n"
        "#endif // MICROPY_INCLUDED_PY_OBJTYPE_H\n",
    ),
    *(
        ("py/objtype.c", f"\nstatic {words}(", f"\n{words}(")
        for words in (
            "mp_obj_t mp_obj_instance_make_new",
            "void instance_print",
            "mp_obj_t instance_unary_op",
            "mp_obj_t instance_binary_op",
            "void mp_obj_instance_attr",
            "mp_obj_t instance_subscr",
            "mp_int_t instance_get_buffer",
        )
    ),
    ("py/objtype.c", '#include "py/objtype.h"\n', '#include "py/objtype.h"\n#include "py/objfun.h"\n'),
    (
        "py/objtype.c",
        "            mp_map_t *locals_map = &MP_OBJ_TYPE_GET_SLOT(type, locals_dict)->map;\n",
        "            mp_map_t *locals_map = &MP_OBJ_TYPE_GET_SLOT(type, locals_dict)->map;\n"
        "            #if MICROPY_FLASH_FUNCTIONS\n"
        "            if (MP_STATE_VM(frozen_changes) != NULL) {\n"
        "                locals_map = frozen_locals(type, locals_map, false);\n"
        "            }\n"
        "            #endif\n",
    ),
    (
        "py/objtype.c",
        "            mp_map_t *locals_map = &MP_OBJ_TYPE_GET_SLOT(self, locals_dict)->map;\n"
        "            if (locals_map->is_fixed) {\n",
        "            mp_map_t *locals_map = &MP_OBJ_TYPE_GET_SLOT(self, locals_dict)->map;\n"
        "            #if MICROPY_FLASH_FUNCTIONS\n"
        "            locals_map = frozen_locals(self, locals_map, true);\n"
        "            #endif\n"
        "            if (locals_map->is_fixed) {\n",
    ),
    (
        "py/objtype.c",
        "            t->flags |= MP_TYPE_FLAG_IS_SUBCLASSED;\n",
        "            if (!(t->flags & MP_TYPE_FLAG_IS_SUBCLASSED)) { // it may be a constant\n"
        "                t->flags |= MP_TYPE_FLAG_IS_SUBCLASSED;\n"
        "            }\n",
    ),
    (
        "py/objtype.c",
        "/******************************************************************************/\n"
        "// instance object\n",
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "// Once one sets an attribute of a class that is a constant, all of its own are in a dictionary.\n"
        "MP_REGISTER_ROOT_POINTER(mp_obj_dict_t *frozen_changes);\n"
        "\n"
        "static mp_map_t *frozen_locals(const mp_obj_type_t *type, mp_map_t *locals_map, bool change) {\n"
        "    size_t at = (uintptr_t)type - (uintptr_t)mp_frozen_functions;\n"
        "    if (at >= mp_frozen_functions_size) {\n"
        "        return locals_map;\n"
        "    }\n"
        "    if (MP_STATE_VM(frozen_changes) == NULL) {\n"
        "        MP_STATE_VM(frozen_changes) = MP_OBJ_TO_PTR(mp_obj_new_dict(0));\n"
        "    }\n"
        "    mp_map_t *changes = &MP_STATE_VM(frozen_changes)->map;\n"
        "    mp_obj_t key = MP_OBJ_NEW_SMALL_INT(at);\n"
        "    mp_map_elem_t *elem = mp_map_lookup(changes, key, MP_MAP_LOOKUP);\n"
        "    if (elem == NULL) {\n"
        "        if (!change) {\n"
        "            return locals_map;\n"
        "        }\n"
        "        mp_obj_dict_t *whole = MP_OBJ_TYPE_GET_SLOT(type, locals_dict);\n"
        "        mp_obj_t copy = mp_obj_dict_copy(MP_OBJ_FROM_PTR(whole));\n"
        "        elem = mp_map_lookup(changes, key, MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);\n"
        "        elem->value = copy;\n"
        "    }\n"
        "    return mp_obj_dict_get_map(elem->value);\n"
        "}\n"
        "\n"
        "mp_obj_t mp_frozen_class(size_t n_args, const mp_obj_t *args) {\n"
        "    size_t count = (mp_frozen_functions_size - mp_frozen_classes_at) / 64;\n"
        "    for (size_t i = 0; i < count; i++) {\n"
        "        if (mp_frozen_bodies[i] == MP_OBJ_TO_PTR(args[0])) {\n"
        "            const void *unit = &mp_frozen_functions[mp_frozen_classes_at / 16 + 4 * i];\n"
        "            const mp_obj_type_t *type = unit;\n"
        "            const void *parent = MP_OBJ_TYPE_GET_SLOT_OR_NULL(type, parent);\n"
        "            if (parent ? n_args != 3 || MP_OBJ_TO_PTR(args[2]) != parent : n_args != 2) {\n"
        '                mp_raise_TypeError(MP_ERROR_TEXT("another base than in the image"));\n'
        "            }\n"
        "            return MP_OBJ_FROM_PTR(type);\n"
        "        }\n"
        "    }\n"
        "    return MP_OBJ_NULL;\n"
        "}\n"
        "#endif\n"
        "\n"
        "/******************************************************************************/\n"
        "// instance object\n",
    ),
    (
        "tools/mpy-tool.py",
        "\n        # generate constant table\n",
        "\n        self.obj_refs = obj_refs\n        # generate constant table\n",
    ),
    (
        "tools/mpy-tool.py",
        "    in_flash = []\n\n    def proto(self):\n"
        '        kind = "flash_fun" if self.code_kind == MP_CODE_BYTECODE else "proto_fun"\n',
        "    def proto(self):\n"
        '        kind = "flash_fun" if self.code_kind != MP_CODE_NATIVE_ASM else "proto_fun"\n',
    ),
    (
        "tools/mpy-tool.py",
        "        if self.code_kind != MP_CODE_BYTECODE:\n"
        '            print("#define PROTO_FUN_%s &proto_fun_%s" % (name, name))\n'
        "            return\n"
        "        generator = self.prelude_signature[2] & MP_SCOPE_FLAG_GENERATOR\n"
        '        kind = "gen_wrap" if generator else "fun_bc"\n'
        '        table = "(void *)&children_%s" % name if self.children else "NULL"\n'
        '        print("#if MICROPY_FLASH_FUNCTIONS")\n'
        '        print("#define FLASH_FUN_%s &mp_frozen_functions[%u]" % (name, len(RawCode.in_flash)))\n'
        '        function = "&mp_type_%s }, &mp_frozen_contexts[%u], %s, fun_data_%s"\n'
        "        RawCode.in_flash.append(function % (kind, RawCode.module_index, table, name))\n",
        "        if self.code_kind == MP_CODE_NATIVE_ASM:\n"
        '            print("#define PROTO_FUN_%s &proto_fun_%s" % (name, name))\n'
        "            return\n"
        '        print("#if MICROPY_FLASH_FUNCTIONS")\n'
        '        print("#define FLASH_FUN_%s &mp_frozen_functions[%u]" % (name, self.unit))\n',
    ),
    (
        "tools/mpy-tool.py",
        '        if self.code_kind == MP_CODE_BYTECODE:\n            print("#if !MICROPY_FLASH_FUNCTIONS")\n',
        "        if self.code_kind != MP_CODE_NATIVE_ASM:\n"
        '            print("#if !MICROPY_FLASH_FUNCTIONS")\n',
    ),
    (
        "tools/mpy-tool.py",
        "        if self.code_kind == MP_CODE_BYTECODE:\n"
        '            print("#endif")\n'
        "        self.freeze_flash_function()\n",
        "        if self.code_kind != MP_CODE_NATIVE_ASM:\n"
        '            print("#endif")\n'
        "        self.freeze_flash_function()\n",
    ),
    (
        "tools/mpy-tool.py",
        "        # generate bytecode data\n        bc = self.fun_data\n",
        "        # generate bytecode data\n        bc = self.fun_data\n"
        "        if self.is_class:\n"
        '            print("#if !MICROPY_FLASH_FUNCTIONS")\n',
    ),
    (
        "tools/mpy-tool.py",
        '        print("};")\n\n        self.freeze_children()\n        self.freeze_raw_code()\n',
        '        print("};")\n'
        "        if self.is_class:\n"
        '            print("#endif")\n\n'
        "        self.freeze_children()\n        self.freeze_raw_code()\n",
    ),
    (
        "tools/mpy-tool.py",
        '            print("static const mp_raw_code_t *const children_%s[] = {" % self.escaped_name)\n',
        "            if self.is_class:\n"
        '                print("#if !MICROPY_FLASH_FUNCTIONS")\n'
        '            print("static const mp_raw_code_t *const children_%s[] = {" % self.escaped_name)\n',
    ),
    (
        "tools/mpy-tool.py",
        '                print("    (void *)%s," % prelude_ptr)\n            print("};")\n',
        '                print("    (void *)%s," % prelude_ptr)\n            print("};")\n'
        "            if self.is_class:\n"
        '                print("#endif")\n',
    ),
    (
        "tools/mpy-tool.py",
        "        RawCode.module_index = compiled_module_index\n",
        "",
    ),
    (
        "tools/mpy-tool.py",
        "def freeze_mpy(firmware_qstr_idents, compiled_modules):\n",
        "def freeze_mpy(firmware_qstr_idents, compiled_modules):\n"
        "    # before the strings are counted: it may add some\n"
        "    plan = flash_text.Text(sys.modules[__name__], compiled_modules)\n\n",
    ),
    ("tools/mpy-tool.py", "import sys\n", "import sys\nimport flash_text\n"),
    (
        "tools/mpy-tool.py",
        "    print('#include \"py/objfun.h\"')\n",
        "    print('#include \"py/objfun.h\"')\n    print('#include \"py/objtype.h\"')\n",
    ),
    (
        "tools/mpy-tool.py",
        '    print("const mp_obj_fun_bc_t mp_frozen_functions[] %s = {" % aligned)\n'
        "    for function in RawCode.in_flash:\n"
        '        print("    { { %s }," % function)\n'
        '    print("};")\n'
        '    print("const size_t mp_frozen_functions_size = sizeof(mp_frozen_functions);")\n',
        "    plan.print()\n",
    ),
)
