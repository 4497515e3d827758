"""KW320: names and meanings of settings, commands and registers, for people. No board loads it."""

from fourquad import points as p
from fourquad.models.kw320 import alarm_names, log_names, module_names, tariff_names
from fourquad.points import billing as b

_BAUD_PARITY = "0 even, 1 odd, 2 none with 2 stop bits, 3 none with 1 stop bit"
_POLARITY = "0 positive, 1 negative"

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (p.NOMINAL_FREQUENCY, "Frequency", "", "0 50 Hz, 1 60 Hz, 2 400 Hz (the kw320q refuses 2)"),
    (
        p.PROTOCOL_1,
        "Protocol of port 1",
        "",
        "0 Modbus, 1 DNP3; 2 BACnet MS/TP is not there yet: refused",
    ),
    (p.PARITY_1, "Parity of port 1", "", _BAUD_PARITY),
    (p.PASSWORD, "Password", "", ""),
    (
        p.ADDRESS_1,
        "Address of port 1",
        "",
        "0-65519 while the protocol is DNP3; becomes 1 with Modbus if it is not 1-247",
    ),
    (p.BAUD_1, "Baud rate of port 1", "baud", ""),
    (p.WIRING_U, "Voltage wiring", "", "0 3LN, 1 1LN, 2 2LL, 3 3LL, 4 1LL"),
    (p.WIRING_I, "Current wiring", "", "0 3CT, 1 1CT, 2 2CT"),
    (p.PT1, "PT1, primary voltage", "0.1 V", "one 32-bit value, high word first"),
    (p.PT2, "PT2, secondary voltage", "0.1 V", ""),
    (p.CT1, "CT1, primary current", "A", "default 1000 with Rogowski coils (rct)"),
    (
        p.CT2,
        "CT2, secondary rating",
        "",
        "1 and 5 A; 80, 100, 200 mA; 333 mV; 100 mV (Rogowski, the default of rct); only 1 and 5 divide",
    ),
    (p.PULSE_P, "kWh pulse constant", "", ""),
    (p.PULSE_Q, "kvarh pulse constant", "", ""),
    (p.BACKLIGHT, "Backlight time", "min", "0 always on"),
    (p.DEMAND_WINDOW, "Demand window", "min", ""),
    (p.DEMAND_MODE, "Demand mode", "", "0 fixed, 1 sliding, 2 thermal, 3 rolling"),
    (p.POLARITY_1, "Direction of I1", "", _POLARITY),
    (p.POLARITY_2, "Direction of I2", "", _POLARITY),
    (p.POLARITY_3, "Direction of I3", "", _POLARITY),
    (p.VAR_PF_CONVENTION, "Sign of var and PF", "", "0 IEC, 1 IEEE"),
    (p.ENERGY_WAVE, "Energy calculation", "", "0 fundamental, 1 full wave; 400 Hz: only 1"),
    (
        p.REACTIVE_MODE,
        "Reactive power",
        "",
        "0 true: Q = sqrt(S^2 - P^2 - D^2), 1 general: Q = sqrt(S^2 - P^2)",
    ),
    (p.ENERGY_SIDE, "Energy side", "", "0 primary, 1 secondary; a change clears the energies"),
    (p.MODULE_RESET, "Network module reset", "", "1 and 2 need a module that is not there yet: refused"),
    (
        p.SOE_MODULE,
        "Module of the event sequence",
        "",
        "0 none, 1 IO11, 2 IO21, 3 IO31, 4 IO12, 5 IO22, 6 IO32; its records stay when another one is chosen",
    ),
    (p.BASIC_MODE, "Side of the float readings", "", "0 secondary, 1 primary"),
    (
        p.SEAL_OPTIONS,
        "Seal options",
        "",
        "bit 0 port 1, bit 1 port 2, bit 2 run time, bit 3 pulse inputs, bit 4 clock beyond 5 minutes",
    ),
    (p.BAUD_2, "Baud rate of port 2", "baud", ""),
    (p.PARITY_2, "Parity of port 2", "", _BAUD_PARITY),
    (p.ADDRESS_2, "Address of port 2", "", ""),
    (
        p.SECOND_PROTOCOL,
        "Protocol of port 2",
        "",
        "0 other, 1 BACnet, 2 mesh, 3 WEB2: kept, but port 2 speaks Modbus until those modules are there",
    ),
    (
        p.DOWNLOAD_ENABLE,
        "Ten-year setting download",
        "",
        "1 enabled; kept, without effect: the manual does not say what it enables",
    ),
    (p.TOU_ON, "Time of use", "", "0 off, 1 on"),
    (p.DEMAND_SUB_INTERVAL, "Demand sub-interval", "min", "of the rolling mode; divides the window"),
) + (module_names.SETTINGS + alarm_names.SETTINGS)

# (offset into points.COMMAND, name)
COMMANDS = (
    (p.CLEAR_DEMAND, "Clear demand memory"),
    (p.CLEAR_MAX_MIN, "Clear maxima and minima"),
    (p.CLEAR_RUN_TIME, "Clear run time"),
    (p.CLEAR_ENERGY, "Clear energies"),
    (p.CLEAR_ALARMS, "Clear alarm records"),
    (p.CLEAR_SHARP_DEMAND, "Clear the maximum demands of the sharp tariff"),
    (p.CLEAR_PEAK_DEMAND, "Clear the maximum demands of the peak tariff"),
    (p.CLEAR_VALLEY_DEMAND, "Clear the maximum demands of the valley tariff"),
    (p.CLEAR_NORMAL_DEMAND, "Clear the maximum demands of the normal tariff"),
    (p.CLEAR_TARIFF_DEMAND, "Clear the maximum demands of all tariffs"),
)

# Readings in the order of their ids: (name, unit)
READINGS = (
    ("Frequency", "Hz"),
    ("Phase voltage V1", "V"),
    ("Phase voltage V2", "V"),
    ("Phase voltage V3", "V"),
    ("Average phase voltage", "V"),
    ("Line voltage V12", "V"),
    ("Line voltage V23", "V"),
    ("Line voltage V31", "V"),
    ("Average line voltage", "V"),
    ("Current I1", "A"),
    ("Current I2", "A"),
    ("Current I3", "A"),
    ("Average current", "A"),
    ("Neutral current", "A"),
    ("Active power of phase A", "W"),
    ("Active power of phase B", "W"),
    ("Active power of phase C", "W"),
    ("Active power of the system", "W"),
    ("Reactive power of phase A", "var"),
    ("Reactive power of phase B", "var"),
    ("Reactive power of phase C", "var"),
    ("Reactive power of the system", "var"),
    ("Apparent power of phase A", "VA"),
    ("Apparent power of phase B", "VA"),
    ("Apparent power of phase C", "VA"),
    ("Apparent power of the system", "VA"),
    ("Power factor of phase A", ""),
    ("Power factor of phase B", ""),
    ("Power factor of phase C", ""),
    ("Power factor of the system", ""),
    ("Voltage unbalance", "1 is 100 %"),
    ("Current unbalance", "1 is 100 %"),
    ("Load characteristic", "76.0 L, 67.0 C, 82.0 R"),
    ("Angle of V2 to V1 (V23 to V12)", "0.1 degree"),
    ("Angle of V3 to V1 (V31 to V12)", "0.1 degree"),
    ("Angle of I1 to V1 (V12)", "0.1 degree"),
    ("Angle of I2 to V1 (V12)", "0.1 degree"),
    ("Angle of I3 to V1 (V12)", "0.1 degree"),
    ("Quadrant of the system power", "1-4"),
    ("Load", "%"),
    ("Demand of active power, signed", "W"),
    ("Demand of reactive power, signed", "var"),
    ("Demand of apparent power", "VA"),
    ("Demand of current I1", "A"),
    ("Demand of current I2", "A"),
    ("Demand of current I3", "A"),
)

_ACTIVE = "0.1 kWh (1 Wh)"
_REACTIVE = "0.1 kvarh (1 varh)"
_APPARENT = "0.1 kVAh (1 VAh)"

# Energies in the order of their ids: (name, unit on the primary side and, in brackets, on the secondary one)
ENERGIES = (
    ("Active energy import", _ACTIVE),
    ("Active energy export", _ACTIVE),
    ("Reactive energy import", _REACTIVE),
    ("Reactive energy export", _REACTIVE),
    ("Active energy total", _ACTIVE),
    ("Active energy net, signed", _ACTIVE),
    ("Reactive energy total", _REACTIVE),
    ("Reactive energy net, signed", _REACTIVE),
    ("Apparent energy", _APPARENT),
    ("Active energy import of phase A", _ACTIVE),
    ("Active energy export of phase A", _ACTIVE),
    ("Active energy import of phase B", _ACTIVE),
    ("Active energy export of phase B", _ACTIVE),
    ("Active energy import of phase C", _ACTIVE),
    ("Active energy export of phase C", _ACTIVE),
    ("Reactive energy import of phase A", _REACTIVE),
    ("Reactive energy export of phase A", _REACTIVE),
    ("Reactive energy import of phase B", _REACTIVE),
    ("Reactive energy export of phase B", _REACTIVE),
    ("Reactive energy import of phase C", _REACTIVE),
    ("Reactive energy export of phase C", _REACTIVE),
    ("Apparent energy of phase A", _APPARENT),
    ("Apparent energy of phase B", _APPARENT),
    ("Apparent energy of phase C", _APPARENT),
)


def _maxima():
    """Rows of OTHERS: the highest demands of the currents."""
    rows = []
    for n, quantity in enumerate((b.CURRENT_1, b.CURRENT_2, b.CURRENT_3), 1):
        at = p.MAXIMUM + 8 * quantity
        rows.append((at, f"Highest demand of current I{n}", "mA, secondary side; 0-32767"))
        for i, field in enumerate(("year", "month", "day", "hour", "minute", "second"), 1):
            rows.append((at + i, f"Its {field}", "0 before the first"))
    return tuple(rows)


# (point, name, unit or meaning) of what the map has from other blocks
OTHERS = (
    (
        (p.STATE + p.SEAL_STATE, "Seal", "10 sealed, else open"),
        (
            p.STATE + p.SYSTEM_STATUS,
            "System status",
            "bit 0 new alarm, bit 1 new event; a bit that is written as 0 is cleared",
        ),
        (p.STATE + p.ALARM_NUMBER, "Last alarm record", "1-16, 0 none; 0 and what it is may be written"),
        (p.STATE + p.SOE_NUMBER, "Last event group", "1-20, 0 none; 0 and what it is may be written"),
        (p.STATE + p.RUN_TIME, "Run time", "0.01 h; 0-999999999"),
        (p.STATE + p.MODULES, "Connected I/O modules", "bit 0 IO11, 1 IO12, 2 IO21, 3 IO22, 4 IO31, 5 IO32"),
        (p.STATE + p.WEEKDAY, "Weekday", "0-6, 0 Sunday"),
        (p.STATE + p.YEAR, "Year", "2000-2099"),
        (p.STATE + p.MONTH, "Month", "1-12"),
        (p.STATE + p.DAY, "Day", "1-31, as the month has them"),
        (p.STATE + p.HOUR, "Hour", "0-23"),
        (p.STATE + p.MINUTE, "Minute", "0-59"),
        (p.STATE + p.SECOND, "Second", "0-59"),
    )
    + _maxima()
    + module_names.OTHERS
)

_WAVES = ("V1 (V12)", "V2 (V31)", "V3 (V23)", "I1", "I2", "I3")
_RATIO = "0.01 % of the fundamental"
_EXTREMES = (
    ("V1", "0.1 V"),
    ("V2", "0.1 V"),
    ("V3", "0.1 V"),
    ("V12", "0.1 V"),
    ("V23", "0.1 V"),
    ("V31", "0.1 V"),
    ("I1", "mA"),
    ("I2", "mA"),
    ("I3", "mA"),
    ("P", "W"),
    ("Q", "var"),
    ("S", "VA"),
    ("PF", "0.001"),
    ("frequency", "0.01 Hz, unsigned"),
    ("demand of P", "W"),
    ("demand of Q", "var"),
    ("demand of S", "VA"),
    ("voltage unbalance", "0.1 %"),
    ("current unbalance", "0.1 %"),
    ("THD of V1 (V12)", "0.01 %"),
    ("THD of V2 (V31)", "0.01 %"),
    ("THD of V3 (V23)", "0.01 %"),
    ("THD of I1", "0.01 %"),
    ("THD of I2", "0.01 %"),
    ("THD of I3", "0.01 %"),
)


def _harmonics():
    """Rows of RECORDS for voltages and currents."""
    rows = []
    for k, name in enumerate(_WAVES):
        if k < 3:
            at = p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k
            more = (("crest factor", "0.001"), ("THFF", "0.01 %"))
        else:
            at = p.HARMONIC + p.HARMONIC_I1 + p.CURRENT_HARMONICS * (k - 3)
            more = (("K factor", "0.1"),)
        rows.append((at, 30, ((f"{name}: harmonics 2-31", _RATIO),)))
        rows.append((at + 30, 32, ((f"{name}: harmonics 32-63", _RATIO),)))
        sums = (("odd harmonics from 3", _RATIO), ("even harmonics", _RATIO)) + more
        rows.append((at + p.ORDERS, 1, tuple((f"{name}: {what}", unit) for what, unit in sums)))
    return tuple(rows)


# What one line of the register page stands for: (first point, registers a line, (name, unit) of each line)
RECORDS = (
    _harmonics()
    + (
        (
            p.HARMONIC + p.THD_V1,
            1,
            tuple((f"THD of {name}", _RATIO) for name in _WAVES[:3] + ("V, average",) + _WAVES[3:])
            + (("THD of I, average", _RATIO),),
        ),
        (
            p.HARMONIC + p.SEQUENCE_U,
            1,
            tuple(
                (f"{part} sequence of {name}, {axis}", f"{unit}, signed")
                for name, unit in (("U", "0.1 V"), ("I", "mA"))
                for part in ("Positive", "Negative", "Zero")
                for axis in ("real", "imaginary")
            ),
        ),
        (
            p.EXTREME,
            p.EXTREME_FIELDS,
            tuple(
                (f"{which} of {name}", unit) for which in ("Maximum", "Minimum") for name, unit in _EXTREMES
            ),
        ),
        (p.DNP3, 34, (("Settings of the outstation", "17 of two registers each"),)),
        (p.DNP3 + 64, 1024, (("Settings of its points", "four of two registers for each of 128 points"),)),
    )
    + module_names.RECORDS
)

RECORDS += alarm_names.RECORDS
# Settings within a block of registers.
PLACES = ((p.TOU_ON, "D600H"),)

BLOCKS = log_names.BLOCKS + tariff_names.BLOCKS

# (first address, name) of rows without a point
WITHOUT_POINT = (
    (0x412B, "Reserved"),
    (0x42A5, "Reserved"),
    (0x4381, "Reserved"),
    (0x4391, "Reserved"),
    (0x45C0, "Reserved"),
    (0x461B, "Reserved"),
    (0x4F02, "Status, MAC address (16 characters) and identifier (20) of a mesh module: none is connected"),
)

# Sections of the register page: (title, first address, last address, text)
SECTIONS = (
    ("System parameters", 0x0FFD, 0x101D, "Manual 6.3.1."),
    ("System status", 0x101E, 0x103E, "Manual 6.3.2."),
    (
        "Date and time",
        0x103F,
        0x1045,
        "Manual 6.3.3. The fields of one write must give a real date; the weekday follows from it.",
    ),
    (
        "I/O modules",
        0x109E,
        0x10F3,
        "Manual 6.3.5. Those of a module that is not connected can be read; writing: exception 04.",
    ),
    ("Readings of the last 100 ms", 0x3000, 0x303B, "Manual 6.3.6. On the side that 101DH says."),
    ("Readings of the last second", 0x4000, 0x4047, "Manual 6.3.7. On the side that 101DH says."),
    (
        "Energies of the system",
        0x4048,
        0x4059,
        "Each can be preset. In brackets: the unit when 1019H is 1. They wrap at 10^9.",
    ),
    (
        "Harmonics",
        0x405A,
        0x412B,
        "Manual 6.3.7; refreshed every 1.4 to 2.4 s, from windows of 10 cycles (50 Hz) or 12. Line "
        "voltages in 2LL and 3LL, in this order. At 400 Hz the orders end at 15.",
    ),
    (
        "Maxima and minima",
        0x4136,
        0x4293,
        "Manual 4.2. Each record: value (signed, secondary side), year, month, day, hour, minute, second of "
        "when it occurred; year 0 where there was none since 1010H cleared them.",
    ),
    (
        "Symmetrical components",
        0x4294,
        0x429F,
        "Of the fundamental, against V1 (V12), secondary side; line voltages in 2LL and 3LL.",
    ),
    ("Harmonics from 32", 0x4500, 0x45FF, ""),
    (
        "Phase angles",
        0x42A0,
        0x42A8,
        "Degrees by which the quantity lags V1 (V12 in 2LL and 3LL); ABC is 120.0, 240.0.",
    ),
    ("Pulse counters and analog values", 0x4349, 0x4398, "Those of modules that are not connected read 0."),
    (
        "Demand of the currents",
        0x4600,
        0x461B,
        "Manual 6.3.7. Demands of the last window, on the side that 101DH says; 100FH clears them.",
    ),
    (
        "DNP3 over the network",
        0xD000,
        0xD4FF,
        "Manual 5.1.8.12; registers of our own, mapped where there is a network port (the simulator's), each "
        "described in [dnp3.md](dnp3.md).",
    ),
    ("Energies of the phases", 0x4620, 0x463D, "Each can be preset. In brackets: the unit when 1019H is 1."),
    (
        "Energies at the ends of the last months",
        0x463E,
        0x478D,
        "Manual 6.3.7. The registers as they were at local midnight of the first; month 1 is the last one. "
        "Each can be preset; 1019H clears them, 1016H does not.",
    ),
)
SECTIONS += alarm_names.SECTIONS + log_names.SECTIONS
SECTIONS += tariff_names.SECTIONS + (("Mesh module", 0x4F02, 0x4F14, "Manual 6.3.7."),)
SECTIONS += module_names.SECTIONS
BITS = "Relays and inputs of modules that are not connected read 0; writing: exception 04."
PORTS = "Registers of each serial port's settings. A change takes effect after the answer that confirms it."
