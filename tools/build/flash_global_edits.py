"""What flash_functions.py does to a tree that has its classes in flash: globals, too (flash_classes.py)."""

EDITS = (
    (
        "py/objfun.h",
        "extern const void *const mp_frozen_bodies[];\n",
        "extern const void *const mp_frozen_bodies[];\n"
        "// by the number of a module: its globals, the modules that these need (up to 0xffff), what of a\n"
        "// collection's pass is known of it\n"
        "extern const mp_obj_dict_t *const mp_frozen_globals[];\n"
        "extern const uint16_t *const mp_frozen_refs[];\n"
        "extern uint32_t mp_frozen_wanted[], mp_frozen_followed[];\n"
        "void mp_frozen_settle(mp_module_context_t *context);\n",
    ),
    ("py/objmodule.c", '#include "py/runtime.h"\n', '#include "py/runtime.h"\n#include "py/objfun.h"\n'),
    (
        "py/objmodule.c",
        "        mp_obj_dict_t *dict = self->globals;\n",
        "        mp_obj_dict_t *dict = self->globals;\n"
        "        #if MICROPY_FLASH_FUNCTIONS\n"
        "        size_t at = (uintptr_t)self - (uintptr_t)mp_frozen_contexts;\n"
        "        if (dict->map.is_fixed && at < mp_frozen_contexts_size) {\n"
        "            dict = self->globals = MP_OBJ_TO_PTR(mp_obj_dict_copy(MP_OBJ_FROM_PTR(dict)));\n"
        "        }\n"
        "        #endif\n",
    ),
    (
        "py/objmodule.c",
        "MP_DEFINE_CONST_OBJ_TYPE(\n    mp_type_module,\n",
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "void mp_frozen_settle(mp_module_context_t *context) {\n"
        "    const mp_obj_dict_t *known = mp_frozen_globals[context - mp_frozen_contexts];\n"
        "    mp_map_t *map = &context->module.globals->map;\n"
        "    if (known == NULL || map->used != known->map.used) {\n"
        "        return;\n"
        "    }\n"
        "    for (size_t i = 0; i < map->alloc; i++) {\n"
        "        if (mp_map_slot_is_filled(map, i)) {\n"
        "            const mp_map_elem_t *elem = &map->table[i];\n"
        "            mp_map_t *all = (mp_map_t *)&known->map;\n"
        "            mp_map_elem_t *same = mp_map_lookup(all, elem->key, MP_MAP_LOOKUP);\n"
        "            if (same == NULL || same->value != elem->value) {\n"
        "                return;\n"
        "            }\n"
        "        }\n"
        "    }\n"
        "    context->module.globals = (mp_obj_dict_t *)known;\n"
        "}\n"
        "#endif\n"
        "\n"
        "MP_DEFINE_CONST_OBJ_TYPE(\n    mp_type_module,\n",
    ),
    (
        "py/builtinimport.c",
        '#include "py/frozenmod.h"\n',
        '#include "py/frozenmod.h"\n#include "py/objfun.h"\n',
    ),
    (
        "py/builtinimport.c",
        "            do_execute_proto_fun(module_obj, frozen->proto_fun, frozen_file_qstr);\n",
        "            do_execute_proto_fun(module_obj, frozen->proto_fun, frozen_file_qstr);\n"
        "            #if MICROPY_FLASH_FUNCTIONS\n"
        "            mp_frozen_settle(module_obj);\n"
        "            #endif\n",
    ),
    (
        "py/gc.c",
        "// The globals of what is in mp_frozen_functions, `at` bytes from its begin.\n",
        "// The globals of a module; NULL if they are a constant: what they need is then looked for later.\n"
        "static void *gc_globals_of(const mp_module_context_t *context) {\n"
        "    size_t i = context - mp_frozen_contexts;\n"
        "    if (context->module.globals != mp_frozen_globals[i]) {\n"
        "        return context->module.globals;\n"
        "    }\n"
        "    mp_frozen_wanted[i / 32] |= 1u << (i % 32);\n"
        "    return NULL;\n"
        "}\n"
        "\n"
        "// The globals of what is in mp_frozen_functions, `at` bytes from its begin.\n",
    ),
    (
        "py/gc.c",
        "    return function->context->module.globals;\n",
        "    return gc_globals_of(function->context);\n",
    ),
    (
        "py/gc.c",
        "            return mp_frozen_contexts[at / sizeof(mp_module_context_t)].module.globals;\n",
        "            return gc_globals_of(&mp_frozen_contexts[at / sizeof(mp_module_context_t)]);\n",
    ),
    (
        "py/gc.c",
        "    MP_STATE_MEM(gc_stack_overflow) = 0;\n}\n",
        "    MP_STATE_MEM(gc_stack_overflow) = 0;\n"
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    size_t words = (mp_frozen_contexts_size / sizeof(mp_module_context_t) + 31) / 32;\n"
        "    memset(mp_frozen_wanted, 0, 4 * words);\n"
        "    memset(mp_frozen_followed, 0, 4 * words);\n"
        "    #endif\n"
        "}\n",
    ),
    (
        "py/gc.c",
        "void gc_collect_end(void) {\n    gc_deal_with_stack_overflow();\n",
        "#if MICROPY_FLASH_FUNCTIONS\n"
        "// Mark what constant globals need; whether there were any that have not been followed.\n"
        "static bool gc_follow_wanted(void) {\n"
        "    bool more = false;\n"
        "    size_t count = mp_frozen_contexts_size / sizeof(mp_module_context_t);\n"
        "    for (size_t i = 0; i < count; i++) {\n"
        "        uint32_t bit = 1u << (i % 32);\n"
        "        if (mp_frozen_wanted[i / 32] & ~mp_frozen_followed[i / 32] & bit) {\n"
        "            mp_frozen_followed[i / 32] |= bit;\n"
        "            more = true;\n"
        "            for (const uint16_t *ref = mp_frozen_refs[i]; ref != NULL && *ref != 0xffff; ref++) {\n"
        "                void *context = &mp_frozen_contexts[*ref];\n"
        "                gc_collect_root(&context, 1);\n"
        "            }\n"
        "        }\n"
        "    }\n"
        "    return more;\n"
        "}\n"
        "#endif\n"
        "\n"
        "void gc_collect_end(void) {\n    gc_deal_with_stack_overflow();\n"
        "    #if MICROPY_FLASH_FUNCTIONS\n"
        "    while (gc_follow_wanted()) {\n"
        "        gc_deal_with_stack_overflow();\n"
        "    }\n"
        "    #endif\n",
    ),
    (
        "py/objtype.c",
        "            if (parent ? n_args != 3 || MP_OBJ_TO_PTR(args[2]) != parent : n_args != 2) {\n",
        "            if (parent ? n_args != 3 || MP_OBJ_TO_PTR(args[2]) != parent : n_args != 2) {\n"
        "                if (((const mp_obj_fun_bc_t *)mp_frozen_bodies[i])->bytecode != NULL) {\n"
        "                    return MP_OBJ_NULL;\n"
        "                }\n",
    ),
)
