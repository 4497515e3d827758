"""What flash_functions.py changes for classes that are constants (flash_classes.py says which they are)."""

# (file, what it has once, what stands in its place)
EDITS = (
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
        "                if (((const mp_obj_fun_bc_t *)mp_frozen_bodies[i])->bytecode != NULL) {\n"
        "                    return MP_OBJ_NULL;\n"
        "                }\n"
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
)
