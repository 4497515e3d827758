"""KW320: names and units of the points over DNP3, for people. No board loads it."""

ABOUT = """The first port speaks it, `rs485`, while setting 0FFEH is 1, with the list of points of the
manual's chapter 6.4; the port `network`, which only the simulator has yet, always, with a list as in
5.1.8.12. The address of `rs485` is 1001H, 0-65519 with DNP3; control point 0 switches back to Modbus at
once, to address 1 if Modbus does not have the present one.

Class 0 of `rs485` has group 100, as the manual prescribes, and a master that does not know that group
will not take the response: let it read groups 20 and 30, or the `network` list. Readings of group 100
and those of the `network` list are on the side of the transformers that 101DH says, integers of energy
on that of 1019H. A control acts with the given code and times only, and with a count of 0 or 1; any
other is answered with status 4, a sealed one with status 9. Events of `rs485` are off until a master
assigns a class; that, and a dead band that a master writes, is forgotten at a restart, of which the
indications tell.

What the web page of the manual's 5.1.8.12 sets of the outstation are registers here, D000H-D4FFH, mapped
where there is a network port, and kept over power cuts. Ports, addresses and mode of TCP/IP belong to who
carries the bytes (the simulator's `--tcp`). A class and a dead band that a master gives a point of
`network` change those settings: they outlive restarts too, and the seal forbids them likewise
("parameter error"). No object or function of DNP3 sets the others.

Not there, and answered so: device attributes (group 0) and events of frozen counters (23), which no list has
points for; freeze and clear, because no counter of the meter can be cleared alone. Points of I/O
modules that are not connected are in the lists and not online."""


def _each(text, unit, words):
    """A row for each of the words."""
    return tuple([(text.format(word), unit) for word in words])


_PHASES = ("A", "B", "C")
_PHASES_AND_TOTAL = _PHASES + ("total",)
_CLASSES = (1, 2, 3)

# Settings of the network's outstation, in the order of dnp3.NETWORK: (name, unit, meaning)
SETTINGS_AT = 0xD000
POINTS_AT = 0xD100
_OFF_ON = "0 disabled, 1 enabled"
SETTINGS = (
    (
        ("DNP enable", "", _OFF_ON),
        ("Link address", "", ""),
        (
            "Source address validation",
            "",
            _OFF_ON + ": only the master link address is answered, unless it is 0",
        ),
        ("Master link address", "", "0: unsolicited responses go to the master that asked last"),
        ("Self address support", "", _OFF_ON),
        ("Sends confirmed user data frames", "", "0 never, 1 only for responses in several frames, 2 always"),
        ("Time sync enable", "", _OFF_ON + ": whether the time is asked for"),
        ("Time sync period", "s", "after which it is asked for again"),
        (
            "Supports unsolicited reporting",
            "",
            _OFF_ON + "; when it is, an empty response tells of each start and holds reads back until it is "
            "confirmed or given up",
        ),
        ("Number of unsolicited retries", "", "-1 (FFFFFFFFH) without end"),
    )
    + tuple([(f"Number of class {k} events", "", "that trigger; 0: their number does not") for k in _CLASSES])
    + tuple([(f"Hold time after class {k} events", "ms", "that triggers") for k in _CLASSES])
    + (("Support for broadcast functionality", "", _OFF_ON),)
)

_READINGS = (
    (("Frequency", "Hz"),)
    + _each("Voltage {}", "V", _PHASES)
    + (("Phase voltage, average", "V"),)
    + _each("Voltage {}", "V", ("A-B", "B-C", "C-A"))
    + (("Line voltage, average", "V"),)
    + _each("Current {}", "A", _PHASES)
    + (("Current, average", "A"), ("Neutral current", "A"))
    + _each("Active power {}", "W", _PHASES_AND_TOTAL)
    + _each("Reactive power {}", "var", _PHASES_AND_TOTAL)
    + _each("Apparent power {}", "VA", _PHASES_AND_TOTAL)
    + _each("Power factor {}", "", _PHASES_AND_TOTAL)
    + (
        ("Voltage imbalance", "0-1"),
        ("Current imbalance", "0-1"),
        ("Load characteristic", "76 L, 67 C, 82 R"),
        ("Active power demand", "W"),
        ("Reactive power demand", "var"),
        ("Apparent power demand", "VA"),
    )
    + _each("Demand of current {}", "A", _PHASES)
)
_ENERGY = "0.1 k{0} (primary), 0.001 k{0} (secondary)"
_ENERGIES = (
    _each("Active energy, {}", _ENERGY.format("Wh"), ("import", "export"))
    + _each("Reactive energy, {}", _ENERGY.format("varh"), ("import", "export"))
    + (
        ("Active energy, total", _ENERGY.format("Wh")),
        ("Active energy, net, two's complement", _ENERGY.format("Wh")),
        ("Reactive energy, total", _ENERGY.format("varh")),
        ("Reactive energy, net, two's complement", _ENERGY.format("varh")),
        ("Apparent energy", _ENERGY.format("VAh")),
    )
)
_PULSES = _each("DI{} counts", "pulses", range(1, 29))
_RELAYS = _each("Relay {}", "", range(1, 9))
_THD = _each("THD of {}", "0.01 %", ("V1", "V2", "V3", "V", "I1", "I2", "I3", "I"))

# (group, first index, (name, unit) of each point from it on)
SERIAL = (
    (100, 0, _READINGS),
    (20, 0, _ENERGIES + _PULSES),
    (30, 0, _THD),
    (12, 0, (("Switch to Modbus", ""), ("Reset energy", ""), ("Reset demand", ""))),
)
NETWORK = (
    (1, 0, _each("DI{}", "", range(1, 29))),
    (10, 0, _RELAYS),
    (20, 0, _PULSES),
    (30, 0, _READINGS),
    (30, 100, _ENERGIES),
    (30, 200, _THD),
    (30, 300, _each("AI{}", "0-4095", range(1, 5))),
    (30, 310, _each("AO{}", "mA or V", range(1, 5))),
    (12, 0, _RELAYS),
    (12, 100, (("Reset energy", ""), ("Reset demand", ""))),
)
