"""AcuRev 2020: names and meanings of settings, commands and registers, for people. No board loads it."""

from fourquad import points as p
from fourquad.models.acurev1312.names import READINGS
from fourquad.models.kw320 import tariff_names
from fourquad.points import alarms as a
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.points import modules as m

__all__ = ("READINGS",)

_CODES = (
    "0 frequency, 1-4 V of A, B, C, mean, 5-8 V of AB, BC, CA, mean; of A, B, C and the system: 9-12 I, "
    "13-16 P, 17-20 Q, 21-24 S, 25-28 PF; 29 unbalance of V, 30 of I, 31-34 THD of V, 35-52 I of inputs "
    "1-18, 53-70 P of inputs 1-18, 71-76 P of user channels 1-6, 77-84 DI1-DI8"
)
_SET_POINT = (
    "0.01 Hz, 0.1 V, 0.1 A, 0.1 kW (kvar, kVA), 0.001, 0.1 %, THD 0.01 %; DI: 1 on, 2 off, 3 any change"
)


def _alarms():
    rows = [
        (a.ON, "Alarms", "", "1: they are watched"),
        (a.CHANNELS, "Alarm channels", "", "a bit each"),
        (a.PAIRS, "Pairs of channels", "", "bit n: channels 2n + 1 and 2n + 2 stand together only"),
    ]
    for i in range(a.COUNT):
        at, name = a.FIRST + a.FIELDS * i, f"Alarm {i + 1}: "
        rows += [
            (at + a.CODE, name + "what it watches", "", "a code, see below"),
            (at + a.COMPARISON, name + "comparison", "", "1 above, 2 equal, 3 below"),
            (at + a.SET_POINT, name + "set point", "", "see below"),
            (at + a.DELAY, name + "delay", "10 ms", ""),
            (at + a.RELAY, name + "relay", "", "0 none"),
        ]
    return tuple(rows)


# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (
        (p.ADDRESS_1, "Address", "", "of RS-485, and the unit id of Modbus TCP"),
        (p.BAUD_1, "Baud rate", "baud", ""),
        (p.PARITY_1, "Parity", "", "0 even, 1 odd, 2 none with 2 stop bits, 3 none with 1 stop bit"),
        (p.NOMINAL_FREQUENCY, "Frequency", "", "0 50 Hz, 1 60 Hz"),
        (p.DEMAND_MODE, "Demand method", "", "0 fixed, 1 sliding, 3 rolling"),
        (p.DEMAND_WINDOW, "Demand interval", "min", ""),
        (p.DEMAND_SUB_INTERVAL, "Sub-interval of the rolling method", "min", "divides the interval"),
        (p.TOU_ON, "Time of use", "", "0 off, 1 on"),
        (c.CIRCUIT_WIRING, "Wiring of three-phase users", "", "0 18 x 1LN, 1 6 x 2LN, 2 6 x 3LN"),
    )
    + tuple([(c.CT_1 + n, f"CT of input {n + 1}, primary current", "A", "") for n in range(c.INPUTS)])
    + (
        (m.IO11_DI_TYPE, "Type of DI1-DI8", "", "bit n: the input n + 1 counts pulses"),
        (m.IO11_DI_CONSTANT, "Pulse constant", "", "pulses of one count"),
        (m.IO11_RELAY_WORK, "Working mode of the relays", "", "0 control, 1 alarm"),
        (m.IO11_RELAY_OUTPUT, "Output mode of the relays", "", "0 latch, 1 pulse; under alarms always latch"),
        (m.IO11_RELAY_PULSE, "Relay pulse width", "ms", ""),
        (p.SOE_MODULE, "Sequence of events", "", "1: changes of the inputs are recorded"),
        (p.MODULE_RESET, "Reset of the network module", "", "1 reset, 2 with the defaults; reads 0"),
        (p.PASSWORD, "Password of the menu NET", "", ""),
        (p.WIRING_U, "Wiring of the voltages", "", "0: star"),
        (p.CT1, "Rated primary current of the system", "A", "none: each input has its own"),
        (p.CT2, "Rated secondary current", "A", "of all inputs"),
        (p.BASIC_MODE, "Side of the readings", "", "1: primary"),
    )
    + _alarms()
)

# (offset into points.COMMAND, name)
COMMANDS = (
    (p.CLEAR_DEMAND, "Clear demands"),
    (p.CLEAR_ENERGY, "Clear energies"),
    (p.CLEAR_RUN_TIME, "Clear run time"),
    (p.CLEAR_ALARMS, "Clear alarm records"),
)

_FIELDS = ("year", "month", "day", "hour", "minute", "second")
_EVENT = _FIELDS + ("millisecond", "states of DI1-DI8")
_RECORD = ("status: 1 begins, 0 ends", "code", "value") + _FIELDS + ("millisecond",)


def group(number):
    """Of which group a value is."""
    if number < c.INPUTS:
        return f"input {number + 1}"
    if number < c.FIRST_PHASE:
        return f"user channel {number - c.FIRST_USER + 1}"
    return "the system" if number == c.TOTAL else f"phase {'ABC'[number - c.FIRST_PHASE]}"


_ONE = (
    ("Current", "A"),
    ("Active power", "W"),
    ("Reactive power", "var"),
    ("Apparent power", "VA"),
    ("Power factor", ""),
    ("Load nature", "76.0 L, 67.0 C, 82.0 R"),
)
_SOURCES = (
    ("Imported active energy", "kWh"),
    ("Exported active energy", "kWh"),
    ("Imported reactive energy", "kvarh"),
    ("Exported reactive energy", "kvarh"),
    ("Apparent energy", "kVAh"),
)
_DEMANDS = (("active power", "W"), ("reactive power", "var"), ("apparent power", "VA"), ("current", "A"))
_KINDS = ("Demand", "Predicted demand", "Maximum demand")


_OF_VOLTAGE = (
    ("Odd harmonics", "0.01 %"),
    ("Even harmonics", "0.01 %"),
    ("Crest factor", "0.001"),
    ("THFF", "0.01 %"),
)


def _voltages():
    for k in range(3):
        first, of = p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k, f" of voltage {'ABC'[k]}"
        for i, (title, unit) in enumerate(_OF_VOLTAGE):
            yield first + p.ORDERS + i, title + of, unit
        yield p.HARMONIC + p.THD_V1 + k, "THD" + of, "0.01 %"
    yield p.HARMONIC + p.THD_V1 + 3, "THD of the voltages, mean", "0.01 %"


def _others():
    for g in range(c.GROUPS):
        for field, (title, unit) in enumerate(_ONE):
            yield c.READINGS + c.FIELDS * g + field, f"{title} of {group(g)}", unit
        for source, (title, unit) in enumerate(_SOURCES):
            yield c.ENERGY + c.GROUPS * source + g, f"{title} of {group(g)}", f"0.1 {unit}; 0-999999999"
        for quantity, (title, unit) in enumerate(_DEMANDS):
            place, count = 4 * g + quantity, 4 * c.GROUPS
            for kind, word in enumerate(_KINDS):
                yield c.DEMAND + count * kind + place, f"{word} of {title} of {group(g)}", unit
    for n in range(c.INPUTS):
        yield c.READINGS + c.ANGLE + n, f"Angle of the current of input {n + 1} to voltage A", "0.1 degrees"
    for user in range(c.USERS):
        yield (
            c.READINGS + c.UNBALANCE + user,
            f"Unbalance of currents of user channel {user + 1}",
            "0.01 %",
        )
    yield from _voltages()
    yield p.SECONDARY + p.V_UNBALANCE, "Unbalance of the voltages", "0.1 %"
    yield p.SECONDARY + p.I_UNBALANCE, "Unbalance of the currents of all inputs", "0.01 %"
    for k in range(2):
        yield p.SECONDARY + p.ANGLE_V2 + k, f"Angle of voltage {'BC'[k]} to voltage A", "0.1 degrees"
    for i, field in enumerate(_FIELDS):
        yield p.STATE + p.YEAR + i, field.capitalize(), "of the clock"
    yield p.STATE + p.SYSTEM_STATUS, "News", "bit 0 alarms, bit 1 events; written 0 clears"
    yield p.STATE + p.ALARM_NUMBER, "Newest alarm record", "1-20"
    yield p.STATE + p.SOE_NUMBER, "Newest event", "1-20"
    yield p.STATE + p.RUN_TIME, "Run time", "0.01 h"
    yield p.MODULE + m.CLEAR_COUNTS, "Clear the pulse counters", "1 clears, 0 does nothing; reads 0"
    for n in range(8):
        yield p.MODULE + m.COUNT1 + n, f"Pulses of DI{n + 1}", ""


_MONTH = b.RATES * c.GROUPS * len(c.BY_TARIFF)
_DAYS = "year - 2000 and month, day and hour, minute and second: a byte each"


def _records():
    """Runs of registers that have one line: first point, registers of a line, (title, meaning) of each."""
    for month, word in enumerate(("this month", "last month")):
        titles = [
            (f"{title} of {group(g)} in {word}", f"0.1 {unit}; total, tariffs 1-4")
            for title, unit in [_SOURCES[source] for source in c.BY_TARIFF]
            for g in range(c.GROUPS)
        ]
        yield c.MONTH + _MONTH * month, 2 * b.RATES, tuple(titles)
    for n in range(c.INPUTS):
        first, of = c.SPECTRUM + c.WORDS * n, f" of the current of input {n + 1}"
        yield first, 31, (("THD, harmonics 2-31" + of, "0.01 %"),)
        yield first + c.ODD, 3, (("Odd, even harmonics, K factor" + of, "0.01 %, K 0.1"),)
    for k in range(3):
        first = p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k
        yield first, 30, ((f"Harmonics 2-31 of voltage {'ABC'[k]}", "0.01 %"),)
    for place in range(4 * c.GROUPS):
        g, quantity = divmod(place, 4)
        title = f"Time of the maximum demand of {_DEMANDS[quantity][0]} of {group(g)}"
        yield c.DEMAND + 12 * c.GROUPS + 3 * place, 3, ((title, _DAYS),)
    records = [(f"Alarm record {n + 1}", ", ".join(_RECORD)) for n in range(20)]
    yield c.ALARM_RECORDS, a.WORDS, tuple(records)
    yield p.SEQUENCE, 8, tuple([(f"Event {n + 1}", ", ".join(_EVENT)) for n in range(20)])


RECORDS = tuple(_records())
OTHERS = tuple(_others())
WITHOUT_POINT = ()
BLOCKS = tariff_names.BLOCKS
FORBIDDEN = "not possible at present"

_MONTHS = (
    "Ours: consumption of this month (E000H) and of the last one (E400H): imported active energy, imported "
    "reactive energy, apparent energy; of each inputs 1-18, user channels 1-6, phases A-C, the system; of "
    "each the total, tariffs 1-4."
)
SECTIONS = (
    (
        "Settings and commands",
        0x0880,
        0x08FF,
        "0889H, the CT of input 1, is printed in the manual (9.7); the others are ours.",
    ),
    (
        "Alarms",
        0x0900,
        0x0AC7,
        f"Ours. Codes: {_CODES}. Set points, with a sign where the value has one: {_SET_POINT}.",
    ),
    ("Sequence of events, pulses", 0x0AE0, 0x0B8F, "Ours."),
    ("Clock", 0x1054, 0x1059, "Manual, 9.5."),
    ("System", 0x2000, 0x2041, "Sums over all inputs; currents: sums of the RMS of the inputs of a phase."),
    ("Inputs and user channels", 0x2100, 0x2231, "What the wiring leaves unused reads 0."),
    (
        "Energies",
        0x2500,
        0x25AF,
        "Sums to the last count: the system's are the inputs'. Exports (from 2540H on) are ours.",
    ),
    ("Reactive and apparent energies", 0x2B00, 0x2B7B, ""),
    ("Demands", 0x2D00, 0x30B0, "Nine registers each."),
    ("Power quality", 0x3200, 0x3613, "THD, odd and even harmonics count all orders up to the 63rd."),
    ("Tariffs", 0xD600, 0xD627, "Ours. [What the tables hold](../billing.md)."),
    ("Months", 0xE000, 0xE747, _MONTHS),
)

BITS = "Relays 1-8 and inputs DI1-DI8."
PORTS = "One serial port, RS-485: Modbus RTU. With its network module also Modbus TCP, web pages and SNMP."
