"""The tables that make an outstation, as a model has them.

A profile is (OPTIONS, POINTS, CONTROLS, SETTINGS).

A row of POINTS: (group, first index, number of points, first point id or None while it is not measured,
scale, offset, static variation, event variation, class, dead band, freeze). Groups are 1, 10, 20, 30, 40
and 100; value on the wire = value of the point * scale + offset; class 0 has no events; freeze is 0 (cannot
be frozen) or 1.

A row of CONTROLS (group 12): (index, point id, commands); a command is (control code, on-time, off-time,
value written), the times in ms, None where any will do.

SETTINGS is None, or (seal, rows) where a user may change options and points: see configuration.py. `seal` is
the place of a rule in the model's SEALS; a row is (place in OPTIONS, place in the tuple there or
None, lowest, highest, the only values or None).

OPTIONS is a tuple in this order:
"""

# Parts of a profile.
OPTIONS = 0
POINTS = 1
CONTROLS = 2
SETTINGS = 3

MASTER = 0  # address of the master that unsolicited responses go to; 0: of the one that asked last
CHECK_MASTER = 1  # whether requests of others than MASTER are ignored; not while MASTER is 0
SELF_ADDRESS = 2  # whether 65532 is answered
BROADCASTS = 3  # whether 65533-65535 are executed
UNSOLICITED = 4  # whether they are supported; a master has still to enable them
RETRIES = 5  # of an unsolicited response; -1 is without end
COUNTS = 6  # events of class 1, 2, 3 that trigger an unsolicited response, 0-255; 0: their number does not
HOLDS = 7  # ms after the first event of class 1, 2, 3 that do
TIME_PERIOD = 8  # s after which the time is asked for again; 0: after a start only, while ASK_TIME
EVENTS = 9  # size of the event buffer, at most 255
CONFIRM_MS = 10  # time for a confirmation
SELECT_MS = 11  # time from a select to its operate
OFFLINE_MS = 12  # after unsolicited retries have failed, until the next series
ASK_TIME = 13  # whether the time is asked for at all
CONFIRMED = 14  # user data frames with confirmation: 0 never, 1 of responses in several frames, 2 all
ENABLED = 15  # whether there is an outstation at all
ADDRESS = 16  # link address, where the settings have it; the model's port says where else

# Columns of POINTS.
GROUP = 0
FIRST = 1
COUNT = 2
POINT = 3
SCALE = 4
OFFSET = 5
VARIATION = 6
EVENT_VARIATION = 7
CLASS = 8
DEAD_BAND = 9
FREEZE = 10
