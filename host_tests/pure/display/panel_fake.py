"""A meter of plain values behind the real `Points`, for tests of the panel. Defaults are the manual's."""

from fourquad import points as p
from fourquad.display.rows.menu import Menu
from fourquad.display.rows.screen import Screen
from fourquad.models.kw320 import menu as table
from fourquad.points import modules as m

H, P, E, V, CHOOSE = 0, 1, 2, 3, 4

# Offset in PRIMARY -> value, every one different, so that a swapped point shows.
READINGS = {
    p.FREQUENCY: 50.0,
    p.V1: 230.0,
    p.V2: 231.0,
    p.V3: 232.0,
    p.V_AVG: 231.5,
    p.V12: 398.0,
    p.V23: 399.0,
    p.V31: 401.0,
    p.VL_AVG: 399.5,
    p.I1: 5.0,
    p.I2: 6.0,
    p.I3: 7.0,
    p.I_AVG: 6.125,
    p.I_N: 0.5,
    p.P1: 1150.0,
    p.P2: 1200.0,
    p.P3: 1300.0,
    p.P_SUM: 3650.0,
    p.Q1: 100.0,
    p.Q2: -200.0,
    p.Q3: 300.0,
    p.Q_SUM: 250.0,
    p.S1: 1160.0,
    p.S2: 1220.0,
    p.S3: 1330.0,
    p.S_SUM: 3710.0,
    p.PF1: 0.5,
    p.PF2: -0.866,
    p.PF3: 0.984,
    p.PF_SUM: 0.75,
    p.V_UNBALANCE: 0.0146,
    p.I_UNBALANCE: 0.25,
    p.LOAD_CHARACTER: 76.0,
    p.ANGLE_V2: 120.0,
    p.ANGLE_V3: 240.0,
    p.ANGLE_I1: 30.0,
    p.ANGLE_I2: 150.0,
    p.ANGLE_I3: 270.0,
    p.QUADRANT: 1.0,
    p.LOAD_PERCENT: 42.4,
}

# Offset in SETTING -> (default, low, high), after the manual's 6.3.1, 6.3.2 and 6.3.5.
SETTINGS = {
    p.PROTOCOL_1: (0, 0, 1),
    p.PARITY_1: (3, 0, 3),
    p.PASSWORD: (0, 0, 9999),
    p.ADDRESS_1: (1, 1, 247),
    p.BAUD_1: (19200, 1200, 38400),
    p.WIRING_U: (0, 0, 4),
    p.WIRING_I: (0, 0, 2),
    p.PT1: (4000, 500, 5000000),
    p.PT2: (4000, 500, 4000),
    p.CT1: (1, 1, 50000),
    p.CT2: (333, 1, 333),
    p.PULSE_P: (1, 1, 60000),
    p.PULSE_Q: (1, 1, 60000),
    p.BACKLIGHT: (1, 0, 120),
    p.DEMAND_WINDOW: (15, 1, 30),
    p.DEMAND_MODE: (1, 0, 3),
    p.POLARITY_1: (0, 0, 1),
    p.POLARITY_2: (0, 0, 1),
    p.POLARITY_3: (0, 0, 1),
    p.VAR_PF_CONVENTION: (0, 0, 1),
    p.ENERGY_WAVE: (1, 0, 1),
    p.REACTIVE_MODE: (0, 0, 1),
    p.ENERGY_SIDE: (0, 0, 1),
    p.MODULE_RESET: (0, 0, 2),
    p.SOE_MODULE: (0, 0, 6),
    p.ADDRESS_2: (1, 1, 247),
    p.BAUD_2: (38400, 4800, 38400),
    p.PARITY_2: (3, 0, 3),
    p.SECOND_PROTOCOL: (0, 0, 3),
    p.DEMAND_SUB_INTERVAL: (5, 1, 30),
    p.TOU_ON: (0, 0, 1),
    m.IO11_DI_TYPE: (0, 0, 63),
    m.IO11_DI_CONSTANT: (1, 1, 65535),
    m.IO11_RELAY_WORK: (0, 0, 1),
    m.IO11_RELAY_OUTPUT: (0, 0, 1),
    m.IO11_RELAY_PULSE: (50, 50, 3000),
}

COMMANDS = {
    p.CLEAR_DEMAND: (0, 0, 1),
    p.CLEAR_MAX_MIN: (0, 0, 1),
    p.CLEAR_RUN_TIME: (0, 0, 1),
    p.CLEAR_ENERGY: (0, 0, 1),
}


class Readings:
    def __init__(self, values):
        self.values = values

    def read(self, index):
        return self.values[index]


class Ranges:
    """Values with ranges; `forbidden` offsets cannot be changed; commands keep no value."""

    def __init__(self, rows, keeps):
        self.rows = rows
        self.values = {offset: row[0] for offset, row in rows.items()}
        self.forbidden = set()
        self.written = []
        self.keeps = keeps

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        if index not in self.rows:
            return p.UNKNOWN
        if not self.rows[index][1] <= value <= self.rows[index][2]:
            return p.RANGE
        return p.FORBIDDEN if index in self.forbidden else p.OK

    def write(self, index, value):
        self.written.append((index, value))
        if self.keeps:
            self.values[index] = value
        return p.OK


class Fake:
    """A meter, its menu and its screen, with a clock that the test moves."""

    def __init__(self, wiring=0):
        self.readings = dict(READINGS)
        self.settings = Ranges(SETTINGS, True)
        self.commands = Ranges(COMMANDS, False)
        self.energy = {i: 1000 * (i + 1) for i in range(p.ENERGIES)}
        self.state = dict.fromkeys(range(14), 0)
        self.settings.values[p.WIRING_U] = wiring
        self.points = p.Points()
        self.points.provide(p.PRIMARY, Readings(self.readings))
        self.points.provide(p.ENERGY, Readings(self.energy))
        self.points.provide(p.SETTING, self.settings, 64)
        self.points.provide(p.COMMAND, self.commands)
        self.modules = Ranges({m.CLEAR_COUNTS: (0, 0, 6)}, False)
        self.points.provide(p.MODULE, self.modules)
        self.points.provide(p.STATE, Readings(self.state))
        self.alarms = dict.fromkeys(range(192), 0)
        self.points.provide(p.ALARM, Readings(self.alarms), 3)
        # harmonics: each value is its index; of the extremes the maximum of V1 has not occurred yet
        self.harmonics = {i: i for i in range(p.HARMONICS)}
        self.points.provide(p.HARMONIC, Readings(self.harmonics), 7)
        self.extremes = {p.EXTREMES_SHOWN + i: 100.0 + i for i in range(1, 53)}
        self.points.provide(p.EXTREME, Readings(self.extremes), 7)
        self.menu = Menu(table, self.points)
        self.screen = Screen()
        self.now = 1000

    def keys(self, *events):
        """Press keys one after another, 100 ms apart, and draw."""
        for event in events:
            self.now += 100
            self.menu.tick(self.now)
            self.menu.key(event, self.now)
        return self.draw()

    def wait(self, ms):
        """Let time pass in steps of at most 100 ms, and draw."""
        while ms > 0:
            step = min(ms, 100)
            self.now += step
            ms -= step
            self.menu.tick(self.now)
        return self.draw()

    def draw(self):
        self.menu.draw(self.screen)
        return self.screen

    def rows(self):
        """What the four main rows show: tuples (label, digits, unit) of those that are lit."""
        s = self.draw()
        return [(s.labels[i], s.digits[i], s.units[i]) for i in range(4) if s.digits[i]]

    def enter_setting(self):
        """Into the setting mode and past the default password, to the choice of the group."""
        self.keys(CHOOSE)
        while self.screen.modes[self.screen.mode] != "Setting":
            self.keys(P)
        self.keys(V)
        self.wait(3000)
        return self.keys(V)

    def open_setting(self, number):
        """To page S`number`, in view."""
        self.enter_setting()
        self.keys(V)
        for _ in range(number - 1):
            self.keys(P)
        return self.screen

    def type_number(self, text):
        """With a number under edit: type `text` digit by digit (as many as it has digits), not confirmed."""
        for c in text:
            if c == ".":
                continue
            s = self.draw()
            have = s.line[s.flash_col]
            for _ in range((int(c) - int(have)) % 10):
                self.keys(P)
            self.keys(H)
        return self.draw()
