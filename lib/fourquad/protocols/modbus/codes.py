"""Numbers that the modules of Modbus share; an image has them as literals (tools/build/inline_points.py)."""

# Exception codes (Modbus application protocol V1.1b3, 7).
ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_FAILURE = 4
NO_SLAVE = 11  # the slave behind a gateway failed to respond

REFUSED = 0x80  # in the function code of an answer: an exception code comes next
MAINTENANCE = 100  # function code of the user-defined ones, 100 to 110 (V1.1b3, 5.1)

# Sources of the codes of registers (compile.py); the providers' arrays come after them.
RESERVED = 0
HOLE = 1
ABSENT = 2
COMMANDS = 3
LIVE = 4
FIRST_PROVIDER = 5

# Words of a row of what must be asked for: first place in the span, end, place in the map's array, point,
# number of its kind.
ASKED = 5
