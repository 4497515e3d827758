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

# Words of the row of a span (pack.py): its first address and its last; where its runs begin; where what must
# be asked for begins and ends; whether it has a source that moves (sources.py).
SPAN = 6
SPAN_LAST = 1
SPAN_RUNS = 2
SPAN_ASKED = 3
SPAN_ASKED_END = 4
SPAN_MOVES = 5

# Words of a row of what must be asked for: first place in the span, end, registers of a value (1 of a text),
# place of the first in the map's array, its point, number of its kind.
ASKED = 6
# Places of that array, which is a ring: more than the registers of a request, a power of 2.
LIVE_ROOM = 128
