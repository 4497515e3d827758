"""What the interpreter runs most lies together in flash: hot_code.py MICROPYTHON mends the linker scripts of
a tree of MicroPython 1.25.

A chip of the RP2 family runs from a serial flash through a cache of 16 KB, two ways. Where the linker leaves
these functions, all over 400 KB, they drive each other out of it. Within 16 KB that follow each other none
does, and that costs no byte of RAM or of flash: with 60 clocks for a miss, 98 of 100 answers over Modbus TCP
begin within 10 ms where 88 did (tools/bench/load.mjs, miss=60, with a browser, SNMP and MQTT).

HOT: the functions of C that a meter with a network was seen in, most first (load.mjs, causes=20).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

HOT = """\
mp_execute_bytecode mp_map_lookup mp_setup_code_state_helper mp_binary_op fun_bc_call qstr_hash
mp_obj_class_lookup mp_obj_instance_attr find_qstr mp_load_method_maybe mp_obj_get_type
mp_call_function_n_kw mp_convert_member_lookup mp_obj_is_true mp_obj_subscr gc_alloc array_subscr
mp_obj_len_maybe mp_call_method_n_kw type_get_iternext mp_get_index nlr_push mp_load_method mp_load_global
mp_store_attr mp_pystack_alloc mp_native_from_obj mp_iternext_allow_raise mp_obj_equal_not_equal mp_getiter
mp_get_buffer mp_setup_code_state instance_unary_op mp_cstack_check qstr_find_strn list_unary_op
array_get_buffer nlr_push_tail nlr_pop module_attr mp_binary_get_size list_subscr list_getiter
mp_obj_tuple_subscr tuple_it_iternext mp_call_method_self_n_kw fun_viper_call list_it_iternext
mp_unpack_sequence mp_binary_set_val_array mp_arg_check_num_sig fun_builtin_1_call mp_obj_tuple_getiter
mp_obj_get_int_maybe mp_binary_get_val_array mp_obj_get_int mp_obj_int_binary_op mp_obj_tuple_unary_op
mp_unary_op mp_small_int_mul_overflow mp_native_to_obj fun_builtin_var_call mp_obj_new_int qstr_data
mp_load_attr mp_load_name mp_obj_len fun_builtin_2_call bound_meth_call
mp_obj_new_bound_meth mp_obj_equal
"""

_BEFORE = "        /* Change for MicroPython... exclude gc.c, parse.c, vm.c from flash */\n"
_PLACED = f"""\
        __hot_start = .;
        *({" ".join(".text." + name for name in HOT.split())})
        __hot_end = .;
        ASSERT(__hot_end - __hot_start > 12K, "hot code: the compiler has other names");
        ASSERT(__hot_end - __hot_start <= 16K, "hot code: more than the cache holds");
"""

EDITS = [(f"ports/rp2/memmap_mp_{chip}.ld", _BEFORE, _PLACED + _BEFORE) for chip in ("rp2040", "rp2350")]

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
