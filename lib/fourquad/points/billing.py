"""Ids of billing within their blocks of points.py: energies by tariff, demands, supervision, billing, tables.

Every stamp is in seconds of local time since 2000-01-01 00:00:00 (`clock.split` makes a date of it); 0 is
never.
"""

from fourquad import points as p

# Quantities of billing, for tariff_energy() and demand(). Reactive import is Q1 + Q2, export Q3 + Q4.
ACTIVE_IMPORT = 0
ACTIVE_EXPORT = 1
REACTIVE_Q1 = 2
REACTIVE_Q2 = 3
REACTIVE_Q3 = 4
REACTIVE_Q4 = 5
APPARENT = 6
REACTIVE_IMPORT = 7
REACTIVE_EXPORT = 8
ACTIVE_NET = 9  # signed
ACTIVE_TOTAL = 10  # import + export
REACTIVE_NET = 11  # signed
REACTIVE_TOTAL = 12
CURRENT_1 = 13  # demands only
CURRENT_2 = 14
CURRENT_3 = 15
QUANTITIES = 16
BASES = 7  # the quantities that are counted; those after them are derived
RATES = 5  # places of a quantity: total, then tariffs 1-4

# Kinds of demand, in 0.1 W, var, VA or 1 mA, on the secondary side.
DEMAND_LAST = 0  # of the last window that ended
DEMAND_RUNNING = 1  # average since the beginning of the window under way
DEMAND_PREDICTED = 2  # at the end of the window under way
DEMAND_MAXIMUM = 3  # of the billing period
DEMAND_MAXIMUM_TIME = 4  # when the window of the maximum ended
DEMAND_CUMULATIVE = 5  # sum of the maxima of all periods that a reset has closed
DEMAND_SUB = 6  # average of the last sub-interval, total only
DEMAND_KINDS = 7

# Places of a record in MAXIMUM (8 a quantity): value, then local date and time of the maximum.
MAXIMUM_VALUE = 0
MAXIMUM_YEAR = 1  # MONTH, DAY, HOUR, MINUTE, SECOND follow

# Supervised events, for supervised(); three in a row are of phases 1-3.
OVER_VOLTAGE = 0
UNDER_VOLTAGE = 3
VOLTAGE_LOSS = 6  # voltage low while current flows
PHASE_FAILURE = 9  # voltage and current low
OVER_CURRENT = 12
CURRENT_REVERSAL = 15
MISSING_CURRENT = 18
ENERGY_REVERSAL = 21  # of the system: reverse run
PHASE_SEQUENCE = 22
POWER_DOWN = 23
ALL_VOLTAGE_LOSS = 24
ONE_PHASE_FAILURE = 25
TWO_PHASE_FAILURE = 26
EVENTS = 27
# Fields of an event.
EVENT_COUNT = 0
EVENT_SECONDS = 1  # cumulative
EVENT_START = 2
EVENT_STOP = 3
EVENT_IMPORT = (
    4  # energies of the system during it, in counts of TARIFF_ENERGY; voltage loss and phase failure only
)
EVENT_EXPORT = 5
EVENT_ACTIVE = 6  # 1 while it lasts

# Offsets into BILLING. Those of LAST_RESET and its cause exist in each previous period too.
TARIFF = 0  # in force, 1-4
SEASON = 1  # 1-10
DAY_PLAN = 2  # 0-3 daily profile 1-4, 4-7 fixed tariff 1-4
DAY_KIND = 3  # by which table: 0 season, 1 weekend, 2 holiday
DST_ACTIVE = 4
CLOCK_VALID = 5
LOCAL_TIME = 6  # local seconds since 2000; writing it sets the clock
ERROR_1 = 7  # warnings: bit 0 over-voltage ... bit 7 phase sequence (A1000 appendix B)
ERROR_2 = 8  # errors: bit 0 oscillator ... bit 7 SPI
RESETS = 9  # billing resets of all causes
LAST_RESET = 10  # stamp
LAST_RESET_CAUSE = 11  # a RESET_CAUSE
RESETS_AUTOMATIC = 12  # RESETS_BUTTON 13, RESETS_OPTICAL 14, RESETS_SERIAL 15: in the order of the causes
PERIODS_STORED = 16
PROGRAMMINGS = 17  # times that programming mode was entered
LAST_PROGRAMMED = 18  # stamp
PROGRAM_MODE = 19  # 1 in programming mode; writing 1 enters it for another 4 minutes, 0 leaves it
CLOCK_SETS = 20
LAST_CLOCK_SET = 21
PRESETS = 22  # energies preset or cleared
LAST_PRESET = 23  # stamp
LAST_PRESET_POINT = 24  # id, and the value that it had
LAST_PRESET_VALUE = 25
INTERVAL_SECONDS = 26  # elapsed of the demand window under way
TABLE_CHANGES = 27
LAST_TABLE_CHANGE = 28
PROGRAMMER = 29  # number of who programs, writable in programming mode
ENERGY_COUNT = 30  # Wh of one count of TARIFF_ENERGY
ENERGY_MODULUS = 31  # counts at which an energy rolls over
RESET_STAMPS = 32  # of the last reset by each cause, in the order of the causes
BILLINGS = 36
RESET_CAUSES = 4
CAUSE_AUTOMATIC = 0
CAUSE_BUTTON = 1
CAUSE_OPTICAL = 2
CAUSE_SERIAL = 3
CAUSE_CLOCK_SET = 4  # somebody set the clock over the end of a period; not counted by cause

# Bits of ERROR_2 that others find; bit 1, an unknown time, is the clock's own.
MEMORY_FAULT = 4
FRONT_END_FAULT = 8  # samples were lost, or beyond the converter's range, within the last minute
PROGRAM_FAULT = 16  # the program stood still or failed, and was started anew

# Offsets into TABLE.
PROFILE_1 = 0  # four daily profiles
SEASONS = 4
WEEKEND = 5
ZONE = 6  # offset from UTC and daylight saving
HOLIDAYS = 7  # ten years
TABLES = 17
# As a configuration has them: texts, from this offset into points.SETTING on.
GROUP_TABLES = 3840

# Offsets into PROFILE.
PROFILE_RECORDS = 0
PROFILE_CAPACITY = 1
PROFILE_MINUTES = 2

# Bits of a load profile record's status.
PROFILE_POWER_CUT = 1  # power was cut within the interval
PROFILE_CLOCK_SET = 2
PROFILE_PARTIAL = 4  # shorter than the interval
PROFILE_CLOCK_INVALID = 8
PROFILE_RESET = 16  # a billing reset fell into it
PROFILE_UNREADABLE = 0xFF

# Offsets into CONSUMPTION: as many for each of these months, the present one first: total, tariffs 1-4; in
# counts of TARIFF_ENERGY.
CONSUMPTIONS = 5
CONSUMPTION_MONTHS = 3


def tariff_energy(quantity, rate=0, group=0):
    """Id of an energy: `rate` 0 is the total, 1-4 a tariff; `group` 0 is the system, 1-3 a phase."""
    return p.TARIFF_ENERGY + 80 * group + 5 * quantity + rate


def demand(kind, quantity, rate=0):
    """Id of a demand of `kind` (DEMAND_...) of a quantity; `rate` 0 is the total, 1-4 a tariff."""
    return p.DEMAND + 80 * kind + 5 * quantity + rate


def average_factor(read, pid):
    """Average power factor, 0-1, from the demands of active and reactive power of one kind: `read` reads a
    point, `pid` is that of active import. None while there is no power.
    """
    opposite = demand(0, ACTIVE_EXPORT) - demand(0, ACTIVE_IMPORT)
    active = read(pid) + read(pid + opposite)
    pid += demand(0, REACTIVE_IMPORT) - demand(0, ACTIVE_IMPORT)
    reactive = read(pid) + read(pid + opposite)
    if not active and not reactive:
        return None
    return active / (active * 1.0 * active + reactive * 1.0 * reactive) ** 0.5


def supervised(event, field):
    """Id of a field (EVENT_...) of a supervised event."""
    return p.SUPERVISION + 8 * event + field
