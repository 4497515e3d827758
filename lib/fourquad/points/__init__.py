"""Point ids, and the one door through which displays, protocols and records see or change the meter.

A point is a number (its id). Ids come in blocks of 64, each with one provider: an object with `read(index)`,
`check(index, value)`, `write(index, value)`, where `index` is its place in the block. Readings are floats in
SI units (V, A, W, var, VA, Hz, degrees), other points integers in units stated here; words: `names.py`.
"""

# What `check` and `write` answer.
OK = 0
RANGE = 1  # the value is outside the documented range
READ_ONLY = 2  # nobody can write this point
FORBIDDEN = 3  # sealed, or not possible at present
UNKNOWN = 4  # no such point in this meter

# Blocks of 64 ids.
SECONDARY = 0  # readings of the last second, on the secondary side of the transformers
PRIMARY = 64  # the same readings on the primary side
FAST = 128  # readings of the last 100 ms, on the side that the setting BASIC_MODE presents
ENERGY = 192  # energy registers
PRESENTED = 256  # the readings of the last second, on the side that BASIC_MODE presents
SCHEDULE = 320  # the time-of-use tables as registers (billing/schedule.py), one block
COMMAND = 384  # commands: writing 1 acts, writing 0 does nothing; they read 0
STATE = 448  # clock, counters, status
SUNSPEC = 512  # the SunSpec map as registers (meter/sunspec.py), one block
TARIFF_ENERGY = 576  # energies by quantity and tariff, five blocks; see points/billing.py
DEMAND = 896  # demands by kind, quantity and tariff, ten blocks
MAXIMUM = 1536  # maximum demands as records of value and date, two blocks
SUPERVISION = 1664  # supervised events, four blocks; see supervised()
BILLING = 1920  # tariff in force, resets, error words, one block
TABLE = 1984  # time-of-use tables: values are bytes (billing/tariff.py), one block
PROFILE = 2048  # load profile, one block; its provider reads by time range (records/profile.py)
HARMONIC = 2112  # harmonics and symmetrical components, seven blocks
EXTREME = 2560  # maxima and minima as records of value and date, seven blocks
SETTING = 3072  # settings: groups of them, each with blocks of its own; 64 blocks
WIRING = 4672  # what the wiring check found; points/wiring.py. No group of settings reaches it,
EVENT_LOGS = 4736  # nor the logs of alarms, demands, changes and openings as registers, one block
PEAKS = 4800  # maximum demands and forecasts as readings; billing/peaks.py
DNP3 = 5120  # those of DNP3 over a network
CONSUMPTION = 3008  # of active energy in this month and those before; see billing/consumption.py
MONTH_ENERGY = 6976  # of MONTHS previous months ENERGIES each, as they were at its end, three blocks
MODULE = 7168  # inputs, relays, counters and analog values of I/O modules, two blocks; points/modules.py
SEQUENCE = 7296  # the sequence of events, three blocks
ALARM = 7488  # records of alarms, three blocks; points/alarms.py
LOG = 7680  # data logs: registers of the window, then of their status, three blocks; see events/datalog.py
QUALITY = 7872  # events and waveforms of power quality, four blocks
ACCESS = 8128  # who may change what needs more than no seal; see meter/permission.py
HISTORY = 8192  # an id plus n * HISTORY is its value at the end of the n-th previous billing period, n = 1-16
PERIODS = 16

# Readings: offsets into SECONDARY, PRIMARY, PRESENTED and FAST. The first FAST_READINGS exist in FAST too.
FREQUENCY = 0
V1 = 1  # phase voltages
V2 = 2
V3 = 3
V_AVG = 4
V12 = 5  # line voltages
V23 = 6
V31 = 7
VL_AVG = 8
I1 = 9
I2 = 10
I3 = 11
I_AVG = 12
I_N = 13
P1 = 14  # active power of a phase; P_SUM of the system
P2 = 15
P3 = 16
P_SUM = 17
Q1 = 18  # reactive power
Q2 = 19
Q3 = 20
Q_SUM = 21
S1 = 22  # apparent power
S2 = 23
S3 = 24
S_SUM = 25
PF1 = 26  # power factor, signed by VAR_PF_CONVENTION
PF2 = 27
PF3 = 28
PF_SUM = 29
FAST_READINGS = 30
V_UNBALANCE = 30  # negative over positive sequence, 0-1
I_UNBALANCE = 31
LOAD_CHARACTER = 32  # 76.0 L, 67.0 C, 82.0 R (ASCII, as the KW320 has it)
ANGLE_V2 = 33  # degrees 0-360 by which the quantity lags V1 (V12 in 2LL and 3LL)
ANGLE_V3 = 34
ANGLE_I1 = 35
ANGLE_I2 = 36
ANGLE_I3 = 37
QUADRANT = 38  # 1-4, of the system power (IEC 62053-23: 1 import inductive, 2 export, 3, 4 import capacitive)
LOAD_PERCENT = 39  # load current over rated current, percent
P_DEMAND = 40  # demands of the last window; active and reactive are signed
Q_DEMAND = 41
S_DEMAND = 42
I1_DEMAND = 43
I2_DEMAND = 44
I3_DEMAND = 45
I_SUM = 46  # of the phases
READINGS = 47

# Harmonics: offsets into HARMONIC; ratios in 0.01 % of the fundamental. 2LL, 3LL: V1 to V3 are V12, V31, V23.
THD_V1 = 0  # THD_V2, THD_V3, average
THD_I1 = 4  # THD_I2, THD_I3, average
ORDERS = 62  # 2nd to 63rd
HARMONIC_V1 = 8  # of each voltage ORDERS ratios, odd HD, even HD, crest factor (0.001), THFF
VOLTAGE_HARMONICS = 66
HARMONIC_I1 = 206  # of each current ORDERS ratios, odd HD, even HD, K factor (0.1)
CURRENT_HARMONICS = 65
SEQUENCE_U = 401  # real and imaginary part of positive, negative and zero sequence, 0.1 V, secondary side
SEQUENCE_I = 407  # the same of the currents, mA
HARMONICS = 413

# Extremes: 25 records of 7 (value, year ... second) of maxima, then of minima, as in registers/extremes.py.
EXTREMES = 25
EXTREME_FIELDS = 7
EXTREME_THD = 19  # the first that is a THD
# After them the values alone on the primary side, in SI units (THD in 0.01 %): 25 maxima, 25 minima, then
# the maxima of the demands of three currents. KeyError for what has not occurred yet.
EXTREMES_SHOWN = 350

# Energy registers: offsets into ENERGY; counts of 0.1 kWh (primary) or 1 Wh (secondary), see ENERGY_SIDE.
EP_IMP = 0
EP_EXP = 1
EQ_IMP = 2
EQ_EXP = 3
EP_TOTAL = 4
EP_NET = 5
EQ_TOTAL = 6
EQ_NET = 7
ES = 8
EP1_IMP = 9  # EP1_IMP EP1_EXP EP2_IMP EP2_EXP EP3_IMP EP3_EXP
EQ1_IMP = 15  # EQ1_IMP EQ1_EXP EQ2_IMP EQ2_EXP EQ3_IMP EQ3_EXP
ES1 = 21  # ES1 ES2 ES3
ENERGIES = 24
MONTHS = 7

# Settings: offsets into SETTING, by group; a model's table says which exist, with default and range. A group
# has its own array and its own file, which names its settings by their places in the group: a number that a
# file may have is never given to another setting. Those whose values are codes have them from values.py.

# What is measured, and how.
GROUP_MEASUREMENT = 0
NOMINAL_FREQUENCY = 0  # HZ_50 ...
WIRING_U = 1  # WIRING_3LN ...
WIRING_I = 2  # THREE_CT ...
PT1 = 3  # primary voltage, 0.1 V
PT2 = 4  # secondary voltage, 0.1 V
CT1 = 5  # primary current, A
CT2 = 6  # secondary rating; see the model for which values divide
POLARITY_1 = 7  # POSITIVE, NEGATIVE
POLARITY_2 = 8
POLARITY_3 = 9
VAR_PF_CONVENTION = 10  # IEC, IEEE
ENERGY_WAVE = 11  # FUNDAMENTAL, FULL_WAVE
REACTIVE_MODE = 12  # TRUE_REACTIVE, GENERALIZED_REACTIVE
ENERGY_SIDE = 13  # ENERGY_PRIMARY, ENERGY_SECONDARY; a change clears the energies
BASIC_MODE = 14  # side of the float readings: PRESENT_SECONDARY, PRESENT_PRIMARY
NOMINAL_VOLTAGE = 15  # of a phase, 0.1 V
RATED_CURRENT = 16  # secondary, mA
MAXIMUM_CURRENT = 17  # secondary, mA
WIRING_CHECK = 18  # whether the meter looks for faults of its wiring

# Ports, and who may change what.
GROUP_PORTS = 64
PROTOCOL_1 = 64  # of the first port
ADDRESS_1 = 65
BAUD_1 = 66
PARITY_1 = 67  # PARITY_EVEN ...
ADDRESS_2 = 68
BAUD_2 = 69
PARITY_2 = 70
SECOND_PROTOCOL = 71
MODULE_RESET = 72
SOE_MODULE = 73
DOWNLOAD_ENABLE = 74
PASSWORD = 75
SEAL_OPTIONS = 76

# Demands, tariffs, self-reading, supervision.
GROUP_BILLING = 128
DEMAND_WINDOW = 128  # minutes
DEMAND_MODE = 129  # DEMAND_FIXED ...
DEMAND_SUB_INTERVAL = 130  # minutes
POWER_INTERVAL = 131  # minutes of the average power, block demand only (rolling: DEMAND_SUB_INTERVAL)
SELF_READ_DAY = 132  # 1-28, 0 is never
SELF_READ_HOUR = 133
TOU_ON = 134  # 0: tariff 1 always
SV_OVER_VOLTAGE = 135  # thresholds of supervision: percent of NOMINAL_VOLTAGE
SV_UNDER_VOLTAGE = 136
SV_LOST_VOLTAGE = 137
SV_OVER_CURRENT = 138  # percent of MAXIMUM_CURRENT
SV_LOW_CURRENT = 139  # tenths of a percent of RATED_CURRENT: below it no current flows
SV_DELAY = 140  # seconds for which a condition must hold, or be gone

# Pulse outputs, digital inputs and relays.
GROUP_IO = 192
PULSE_P = 192  # pulse constants
PULSE_Q = 193
PULSE_WIDTH = 194  # ms
PULSE_SOURCE = 195  # of an output that can be either: PULSE_ACTIVE, PULSE_REACTIVE
LED_P = 196  # constants of the LEDs, impulses a kWh
LED_Q = 197
# those of I/O modules come next: points/modules.py

# The panel.
GROUP_DISPLAY = 320
BACKLIGHT = 320  # minutes, 0 is always on
ENERGY_DECIMALS = 321  # of the shown energies
DATE_FORM = 322  # YEAR_MONTH_DAY, MONTH_DAY_YEAR
DISPLAY_CONTINUOUS = 323  # DISPLAY_TIMED, DISPLAY_STEADY
DISPLAY_INTERVAL = 324  # minutes between the starts of the timing display
DISPLAY_LIST = 325  # entries of the list of shown data, packed as display/lists/carousel.py says; 0 is none
DISPLAY_ENTRIES = 38

# IEC 62056-21.
GROUP_IEC = 448
DEVICE_NUMBERS = 448  # 8 settings: meter, user, device, bureau number, low and high 6 digits each
IEC_PASSWORD_1 = 456  # passwords P1 and P2 as numbers of up to 8 digits
IEC_PASSWORD_2 = 457
IEC_LETTERS = 458  # manufacturer's three letters, ASCII, the first in the highest byte
IEC_BARE_1 = 459  # whether a sign-on without address is answered on the first port, and on the second
IEC_BARE_2 = 460
IEC_HEADER = 461  # identification codes before the readout's list

GROUP_ALARMS = 512  # points/alarms.py

GROUP_QUALITY = 640  # power quality
RATED_VOLTAGE = 640  # V, of a phase, or between lines where there is no neutral
SAG_CAPTURE = 641  # whether sags are logged and captured; the same of the others
SAG_THRESHOLD = 642  # percent of RATED_VOLTAGE
SAG_HALVES = 643  # half cycles that a sag must last
SWELL_CAPTURE = 644
SWELL_THRESHOLD = 645
RATED_AMPERES = 646  # mA, secondary
OVER_CURRENT_CAPTURE = 647
OVER_CURRENT_THRESHOLD = 648  # percent of RATED_AMPERES
CAPTURE_DI_1 = 649  # two bits for each input of IO11: 1 captured as it closes, 2 as it opens, 3 both
CAPTURE_DI_2 = 650  # IO21
CAPTURE_DI_3 = 651  # IO31
GROUP_NETWORK = 768
GROUP_LOGS = 1024
GROUP_DNP3 = 2048  # of DNP3 over a network (protocols/dnp3/configuration.py), as many as it has points
GROUP_MONTHS = 3904  # kept as settings are: MONTH_ENERGY
SETTINGS = 4096  # all places of settings

# Commands: offsets into COMMAND.
CLEAR_DEMAND = 0
CLEAR_MAX_MIN = 1
CLEAR_RUN_TIME = 2
CLEAR_ENERGY = 3
CLEAR_ALARMS = 5
CLEAR_SHARP_DEMAND = 6
CLEAR_PEAK_DEMAND = 7
CLEAR_VALLEY_DEMAND = 8
CLEAR_NORMAL_DEMAND = 9
CLEAR_TARIFF_DEMAND = 10
RESET_BY_BUTTON = 11  # billing reset: a period is stored, the demands start anew; by whom is counted
RESET_BY_OPTICAL = 12
RESET_BY_SERIAL = 13
CLEAR_TARIFF_ENERGY = 14  # the energies by tariff, by permission
CLEAR_SUPERVISION = 15
CLEAR_PROFILE = 16
CLEAR_PERIODS = 17
SYNCHRONISE_DEMAND = 18  # external end of the demand interval
CAPTURE_WAVEFORM = 32  # one group, now
CLEAR_WAVEFORMS = 33
CLEAR_QUALITY = 34  # its events
CLEAR_EVENT_LOG = 35  # the first log of points/book.py; those of the others are next

# Data logs: offsets into LOG, which count registers; the header of the window comes first, then its records.
LOG_STATUS = 128  # of the first log
LOG_STATUS_STEP = 16  # to that of the next one

# Clock, counters and status: offsets into STATE.
WEEKDAY = 0  # 0 Sunday
YEAR = 1
MONTH = 2
DAY = 3
HOUR = 4
MINUTE = 5
SECOND = 6
RUN_TIME = 7  # 0.01 h
SEAL_STATE = 8  # 10 is sealed
SYSTEM_STATUS = 9  # bit 0 new alarm, bit 1 new sequence of events
ALARM_NUMBER = 10
SOE_NUMBER = 11
MODULES = 12  # connected I/O modules, by the bits of the model's table MODULES
GAPS = 13  # gaps in sampling since start
EPOCH = 14  # the clock as seconds since 2000-01-01 00:00:00
MILLISECOND = 15  # of its second
LOAD_TIME = 16  # 0.01 h of RUN_TIME with a load
TEMPERATURE = 17  # degrees Celsius, a float; NaN where there is no thermometer
LINES_LOST = 18  # how often serial ports have lost what came, since start

# Power quality: offsets into QUALITY.
EVENTS = 0  # number of the newest event
EVENT_FIRST = 1  # from which on events are shown
EVENT_COUNT = 2  # how many, 1-10
EVENT = 3  # ten of eight words: time (4), phases, rated V, threshold %, half cycles
WAVE_GROUP = 83  # that is shown
WAVE_WINDOW = 84  # 0 the reasons of four groups, 1 time and reason of one, 2-121 the cycles of its channels
WAVE_STATUS = 85  # 11 shown, 170 being cleared, 255 not to be had
WAVE_GROUPS = 86  # number of the newest group
WAVE = 87  # 64 words
SAGS = 151  # that are over since the start; then, of the last one, the worst voltage (0.1 V) and its ms
SWELLS = 154
OVER_CURRENTS = 157  # the worst current in mA
WORST = 1  # offsets into these
LENGTH = 2
EVENT_ROOM = 160  # how many events there is room for
WAVE_ROOM = 161  # and how many groups
QUALITY_VALUES = 162


class ReadOnly:
    """Provider over an array of readings that nobody writes."""

    def __init__(self, values):
        self.values = values

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        return READ_ONLY

    write = check


class Presented(ReadOnly):
    """Readings of the side that is presented: who keeps hold of `values` looks whether it still is that."""

    moves = True


class Points:
    """The blocks of point ids and their providers."""

    heard = None  # heard(pid, value, why) is told of what somebody wrote, and of what was refused
    request = None  # what is being checked and stored together: planned(pid), the value or None

    def __init__(self):
        self._providers = [None] * 10
        self._history = None

    def provide(self, base, provider, blocks=1):
        """Let `provider` answer for `blocks` blocks of 64 ids from `base` on."""
        place = (provider, base)
        first = base >> 6
        self._providers.extend([None] * (first + blocks - len(self._providers)))
        for i in range(first, first + blocks):
            self._providers[i] = place

    def provide_history(self, provider):
        """Let `provider` answer for all ids from HISTORY on, where nothing else is; its indexes are ids."""
        self._history = (provider, 0)

    def place(self, pid):
        """The provider of a point, and the first id it answers for; KeyError where the meter has none."""
        if pid >= HISTORY and self._history:
            return self._history
        block = pid >> 6
        p = self._providers[block] if block < len(self._providers) else None
        if p is None:
            raise KeyError(pid)
        return p

    def provider(self, pid):
        """The provider of a point; KeyError where the meter has none."""
        return self.place(pid)[0]

    def base(self, pid):
        """The first id that the point's provider answers for; KeyError where the meter has none."""
        return self.place(pid)[1]

    def read(self, pid):
        """The value of a point; KeyError where the meter has none."""
        p = self.place(pid)
        return p[0].read(pid - p[1])

    def check(self, pid, value):
        """What `write` would answer, without writing."""
        try:
            p = self.place(pid)
        except KeyError:
            return UNKNOWN
        return p[0].check(pid - p[1], value)

    def write(self, pid, value):
        """Change a point: OK, or the reason why nothing was changed."""
        try:
            p = self.place(pid)
        except KeyError:
            return UNKNOWN
        why = p[0].check(pid - p[1], value) or p[0].write(pid - p[1], value)
        if self.heard:
            self.heard(pid, value, why)
        return why
