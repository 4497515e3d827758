"""AcuRev 1312: names and meanings of settings, commands and registers, for people. No board loads it."""

from fourquad import points as p
from fourquad.models.kw320 import tariff_names
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.points import book, wiring

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (p.NOMINAL_FREQUENCY, "Frequency", "", "0 50 Hz, 1 60 Hz"),
    (p.ADDRESS_1, "Address", "", ""),
    (p.BAUD_1, "Baud rate", "baud", ""),
    (p.PARITY_1, "Parity", "", "0 even, 1 odd, 2 none with 2 stop bits, 3 none with 1 stop bit"),
    (p.PULSE_SOURCE, "Energy of the pulse output", "", "0 active (consumed), 1 reactive (all quadrants)"),
    (p.DEMAND_MODE, "Demand method", "", "0 sliding, 1 fixed, 2 rolling, 3 thermal"),
    (p.DEMAND_WINDOW, "Demand interval", "min", ""),
    (p.DEMAND_SUB_INTERVAL, "Sub-interval of the rolling method", "min", "divides the interval"),
    (
        p.REACTIVE_MODE,
        "Reactive power",
        "",
        "0 true: Q = sqrt(S^2 - P^2 - D^2), 1 generalized: Q = sqrt(S^2 - P^2)",
    ),
    (p.VAR_PF_CONVENTION, "Sign of var and PF", "", "0 IEC, 1 IEEE"),
    (
        p.SEAL_OPTIONS,
        "Seal options",
        "",
        "bit 0 clock and tariffs, bit 1 communication, bit 2 run and load time",
    ),
    (p.PASSWORD, "Password", "", "at the panel; by 020BH with the permission"),
    (p.BASIC_MODE, "Side of the readings", "", "0 primary, 1 secondary; energies are of the primary side"),
    (p.WIRING_U, "Wiring", "", "0 3LN, 1 2LL, 2 1LL, 3 1LN"),
    (p.WIRING_I, "Current transformers", "", "0 three, 2 two with 2LL; as the wiring says"),
    (p.CT2, "CT2, secondary current", "", "1 and 5 A, or 80, 100, 200 mA (ma); only 1 and 5 divide"),
    (p.CT1, "CT1, primary current", "A", "from 5 on with a CT2 of 5 A"),
    (p.PT2, "PT2, secondary voltage", "0.1 V", ""),
    (p.PT1, "PT1, primary voltage", "0.1 V", "one 32-bit value, high word first"),
    (
        p.PULSE_P,
        "Pulse constant",
        "",
        "pulses a kWh or kvarh of the secondary side; refused where 3 x 240 V x 5 A (mA inputs: 1 A) would "
        "outrun pulses and pauses of the pulse width",
    ),
    (p.PULSE_WIDTH, "Pulse width", "ms", ""),
    (p.ENERGY_DECIMALS, "Decimals of shown energies", "", ""),
    (p.TOU_ON, "Time of use", "", "0 off, 1 on"),
    (p.NOMINAL_VOLTAGE, "Nominal voltage", "0.1 V", "for the highest power"),
    (p.MAXIMUM_CURRENT, "Highest current", "mA", "for the highest power"),
    (p.WIRING_CHECK, "Wiring check", "", "0 off, 1 on: every 10 s"),
    (
        p.DISPLAY_LIST,
        "List of important values",
        "",
        "bits: 0 EP, 1-3 EP A-C, 4-6 U, 7-9 I, 10 I Sum, 11 P, 12-14 P A-C, 15 F, 16 I N, 17 temperature",
    ),
)

# (offset into points.COMMAND, name)
COMMANDS = (
    (p.CLEAR_DEMAND, "Clear demands"),
    (p.CLEAR_TARIFF_ENERGY, "Clear energies"),
    (p.CLEAR_RUN_TIME, "Clear run and load time"),
    (p.CLEAR_EVENT_LOG + book.ALARMS, "Clear log of alarms"),
    (p.CLEAR_EVENT_LOG + book.DEMANDS, "Clear log of demands"),
    (p.CLEAR_EVENT_LOG + book.PROGRAM, "Clear log of changes"),
    (p.CLEAR_EVENT_LOG + book.COVER, "Clear log of openings of the cover"),
)

# Readings in the order of their ids: (name, unit)
READINGS = (
    ("Frequency", "Hz"),
    ("Phase voltage A", "V"),
    ("Phase voltage B", "V"),
    ("Phase voltage C", "V"),
    ("Average phase voltage", "V"),
    ("Line voltage AB", "V"),
    ("Line voltage BC", "V"),
    ("Line voltage CA", "V"),
    ("Average line voltage", "V"),
    ("Current A", "A"),
    ("Current B", "A"),
    ("Current C", "A"),
    ("Average current", "A"),
    ("Neutral current", "A"),
    ("Active power A", "W"),
    ("Active power B", "W"),
    ("Active power C", "W"),
    ("Total active power", "W"),
    ("Reactive power A", "var"),
    ("Reactive power B", "var"),
    ("Reactive power C", "var"),
    ("Total reactive power", "var"),
    ("Apparent power A", "VA"),
    ("Apparent power B", "VA"),
    ("Apparent power C", "VA"),
    ("Total apparent power", "VA"),
    ("Power factor A", ""),
    ("Power factor B", ""),
    ("Power factor C", ""),
    ("Total power factor", ""),
    ("Voltage unbalance", ""),
    ("Current unbalance", ""),
    ("Load character", ""),
    ("Angle of B to A", "degrees"),
    ("Angle of C to A", "degrees"),
    ("Angle of current A", "degrees"),
    ("Angle of current B", "degrees"),
    ("Angle of current C", "degrees"),
    ("Quadrant", ""),
    ("Load", "%"),
    ("Active power demand", "W"),
    ("Reactive power demand", "var"),
    ("Apparent power demand", "VA"),
    ("Current demand A", "A"),
    ("Current demand B", "A"),
    ("Current demand C", "A"),
    ("Total current", "A"),
)


def _energies():
    rows = []
    for quantity, title, unit in (
        (b.ACTIVE_IMPORT, "Consumed active energy", "kWh"),
        (b.APPARENT, "Apparent energy", "kVAh"),
        (b.REACTIVE_Q1, "Reactive energy, quadrant 1", "kvarh"),
        (b.REACTIVE_Q2, "Reactive energy, quadrant 2", "kvarh"),
        (b.REACTIVE_Q3, "Reactive energy, quadrant 3", "kvarh"),
        (b.REACTIVE_Q4, "Reactive energy, quadrant 4", "kvarh"),
    ):
        for group, place in enumerate(("total", "phase A", "phase B", "phase C")):
            meaning = "0.01 " + unit + "; 0-999999999"
            rows.append((b.tariff_energy(quantity, 0, group), title + ", " + place, meaning))
    return tuple(rows)


def _months():
    rows = []
    for month, name in enumerate(("this month", "last month", "the month before")):
        for rate in range(b.CONSUMPTIONS):
            place = "total" if not rate else "tariff " + str(rate)
            title = "Consumption of " + name + ", " + place
            rows.append((p.CONSUMPTION + b.CONSUMPTIONS * month + rate, title, "0.01 kWh; 0-999999999"))
    return tuple(rows)


def _wiring():
    result = "bits 0-11: kinds of faults, bits 12-14: phases that they name (see Wiring check); 0 normal"
    rows = [(p.WIRING + wiring.RESULT, "Result of the wiring check", result)]
    for i in range(wiring.MOST):
        meaning = "kind from 1 on x 256 + phase x 16 + other phase; 0 none"
        rows.append((p.WIRING + wiring.FINDINGS + i, "Fault of the wiring " + str(i + 1), meaning))
    return tuple(rows)


def _peaks():
    rows = []
    quantities = (
        (b.ACTIVE_NET, "active power", "kW"),
        (b.REACTIVE_NET, "reactive power", "kvar"),
        (b.APPARENT, "apparent power", "kVA"),
        (b.CURRENT_1, "current A", "A"),
        (b.CURRENT_2, "current B", "A"),
        (b.CURRENT_3, "current C", "A"),
    )
    for i, (_, title, unit) in enumerate(quantities):
        rows.append((p.PEAKS + i, "Maximum demand of " + title, unit))
        rows.append((p.PEAKS + 6 + i, "Forecast of the demand of " + title, unit))
    for quantity, title, _ in quantities:
        for i, field in enumerate(("year", "month", "day", "hour", "minute", "second")):
            pid = p.MAXIMUM + 8 * quantity + b.MAXIMUM_YEAR + i
            rows.append((pid, "Maximum demand of " + title + ", " + field, "0 while there is none"))
    return tuple(rows)


OTHERS = (
    _energies()
    + _peaks()
    + _months()
    + _wiring()
    + (
        (p.STATE + p.SEAL_STATE, "Seal", "10 sealed, 0 open"),
        (p.ACCESS + a.PERMISSION, "Permission", "reads 1 for 30 minutes after the password was written here"),
        (p.ACCESS + a.NEW_PASSWORD, "New password", "0-9999; reads 0; written with the permission"),
        (p.STATE + p.YEAR, "Year", "2000-2099"),
        (p.STATE + p.MONTH, "Month", "1-12"),
        (p.STATE + p.DAY, "Day", "1-31"),
        (p.STATE + p.HOUR, "Hour", "0-23"),
        (p.STATE + p.MINUTE, "Minute", "0-59"),
        (p.STATE + p.SECOND, "Second", "0-59"),
        (p.STATE + p.WEEKDAY, "Weekday", "0 Sunday to 6; what is written only has to be that"),
        (p.STATE + p.TEMPERATURE, "Temperature", "degrees Celsius; NaN (7FC00000H) without a thermometer"),
        (p.STATE + p.RUN_TIME, "Run time", "0.01 h"),
        (p.STATE + p.LOAD_TIME, "Load time", "0.01 h, while a current flows"),
    )
)

WITHOUT_POINT = ()


def _sunspec():
    """Lines of the SunSpec map: place, registers, name, form, meaning, access."""
    rows = [
        (0, 2, "SunS", "dword", "mark of SunSpec", "R"),
        (2, 2, "Common model", "word", "id 1, length 65", "R"),
    ]
    texts = ((4, 16, "Manufacturer"), (20, 16, "Model"), (36, 8, "Options"), (44, 8, "Version"))
    for place, count, title in texts + ((52, 16, "Serial number"),):
        rows.append((place, count, title, "text", "", "R"))
    rows.append((68, 1, "Device address", "word", "", "R"))
    rows.append((69, 2, "Meter model", "word", "id 201 1LN, 202 1LL, 203 3LN, 204 2LL; length 105", "R"))
    at = 71
    for title, count, unit in (
        ("Current: total, A, B, C", 4, "A"),
        ("Voltage: mean to neutral, A, B, C, mean between lines, AB, BC, CA", 8, "V"),
        ("Frequency", 1, "Hz"),
        ("Active power: total, A, B, C", 4, "W"),
        ("Apparent power: total, A, B, C", 4, "VA"),
        ("Reactive power: total, A, B, C", 4, "var"),
        ("Power factor: total, A, B, C", 4, "0.001"),
    ):
        meaning = unit + ", by the scale factor; 8000H: not in this wiring"
        rows.append((at, count, title, "signed", meaning, "R"))
        rows.append((at + count, 1, "Scale factor of these", "signed", "power of ten", "R"))
        at += count + 1
    for titles, unit in (
        (("Active energy exported", "Active energy imported"), "Wh"),
        (("Apparent energy exported", "Apparent energy imported"), "VAh"),
        (("Reactive energy Q1", "Reactive energy Q2", "Reactive energy Q3", "Reactive energy Q4"), "varh"),
    ):
        for title in titles:
            meaning = unit + "; 0 is not accumulated"
            rows.append((at, 8, title + ": total, A, B, C", "udword", meaning, "R"))
            at += 8
        rows.append((at, 1, "Scale factor of these", "signed", "power of ten", "R"))
        at += 1
    rows.append((at, 2, "Events", "udword", "80000000H: none are told here", "R"))
    rows.append((at + 2, 2, "End", "word", "FFFFH, 0", "R"))
    return tuple(rows)


def _logs():
    """Lines of the event logs: place, registers, name, form, meaning, access."""
    rows = []
    for i, title in enumerate(("alarms", "demands", "changes", "openings of the cover")):
        at = book.STEP * i
        rows.append((at, 1, "Log of " + title + ": newest record", "word", "1-16; 0 none", "R"))
        meaning = "year, month, day, hour, minute, second, ms, what, point, value (two registers)"
        for n in range(book.RECORDS):
            title_n = "Record " + str(n + 1)
            rows.append((at + 1 + book.WORDS * n, book.WORDS, title_n, "word", meaning, "R"))
        rest = 1 + book.WORDS * book.RECORDS
        rows.append((at + rest, book.STEP - rest, "Reserved", "word", "0", "R"))
    return tuple(rows)


BLOCKS = tariff_names.BLOCKS + ((p.SUNSPEC, _sunspec()), (p.EVENT_LOGS, _logs()))

_KINDS = (
    "Ours. Kinds of faults by their bits in 0100H: 0 no voltage, 1 no current, 2 voltages on the same phase, "
    "3 a voltage at an angle at which no phase can be, 4 order of phases, 5 voltages swapped, 6 current "
    "reversed, 7 all currents reversed or power exported, 8 currents swapped, 9 currents shifted by one "
    "phase, 10 the current of another phase, 11 a current whose angle fits no phase."
)
_WHAT = (
    "Ours; `fourquad events` reads them. What happened: 1 a reading beyond 120 % of 240 V or of the highest "
    "current, 2 back below 118 % (with its largest value; 0.1 V or mA, secondary side), 3 a new maximum "
    "demand (0.1 W, var, VA or mA, secondary side), 4 a setting has another value, 5 an energy, a month or "
    "the run time preset, 6 something cleared, 7 clock set, 8 tariff tables written, 9 permission given, "
    "10 wrong password, 11 new password, 12 cover opened, 13 closed. The point says which value it was; its "
    "numbers are Fourquad's own."
)
FORBIDDEN = "sealed, without the permission, or a wrong password"
SECTIONS = (
    ("Settings", 0x0100, 0x021A, "Seal, settings and permission (manual, chapter 5)."),
    ("Clock and times", 0x0300, 0x0313, ""),
    ("Consumption by month", 0x0900, 0x0949, "A preset needs the permission, and changes nothing else."),
    ("SunSpec", 0x1000, 0x10B1, "The map that meters of this series have: base address 4096. Primary side."),
    ("Demand", 0x1208, 0x1213, "Of the last interval."),
    (
        "Readings and energies",
        0x2000,
        0x2085,
        "Of the side that 0210H says; energies of the primary side.",
    ),
    ("Tariffs", 0xD600, 0xD627, "Ours. [What the tables hold](../billing.md); bit 0 of 0209H seals them."),
    ("Clears", 0xD700, 0xD706, "Ours. Each needs the permission."),
    ("Wiring check", 0xD710, 0xD718, _KINDS),
    (
        "Neutral current, temperature, list",
        0xD720,
        0xD725,
        "Ours. The neutral current is measured where the board has its channel, else the sum of the others.",
    ),
    (
        "Maximum demands",
        0xD730,
        0xD76B,
        "Ours; forecasts, too. Of the side that 0210H says.",
    ),
    ("Event logs", 0xD800, 0xDAFF, _WHAT),
)

PORTS = "One port, RS-485: Modbus RTU."
