"""The SunSpec map of a meter: the common model and one of the meter models 201 to 204, as 178 registers.
Provider of a block of registers, points.SUNSPEC (SunSpec Alliance, Device Information Model Specification,
and its models 1 and 201 to 204).

Values are whole numbers with scale factors, powers of ten that follow from the ratios of the transformers:
they change with settings, never with the load. What a wiring has not is "not implemented". Readings and
energies are of the primary side; energies are accumulators that go on at 0 after 2**32 - 1.
"""

from struct import pack_into

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import billing as b
from fourquad.registers.ratios import transformers

REGISTERS = 178
_COMMON = 65  # length of the common model
_METER = 105  # and of a meter model
_ADDRESS = 68  # device address, the last of the common model
_MODEL = 69  # id of the meter model
_DATA = 71  # where its values begin
_END = 176
_NONE = -32768  # no such value, and no scale factor
_TOP = 32767
_NO_EVENTS = 0x80000000
_OVER = 1.2  # of the ratings, so much must fit
# By WIRING_U: single phase 201, split phase 202, wye 203, delta 204.
_MODELS = (203, 201, 204, 204, 202)

# Texts of the common model: first register, registers, in the order of the table SUNSPEC of a model.
_TEXTS = ((4, 16), (20, 16), (36, 8), (44, 8), (52, 16))

# Readings: first place in the meter model, points, place of the scale factor. Wirings that have them, bits of
# WIRING_U, 0 for all.
_3LN, _1LN, _2LL, _3LL, _1LL = 1, 2, 4, 8, 16
_STAR = _3LN | _1LL
_READINGS = (
    (0, (p.I_SUM,), 4, 0),
    (1, (p.I1,), 4, 0),
    (2, (p.I2,), 4, _STAR | _2LL | _3LL),
    (3, (p.I3,), 4, _3LN | _2LL | _3LL),
    (5, (p.V_AVG, p.V1), 13, _3LN | _1LN | _1LL),
    (7, (p.V2,), 13, _STAR),
    (8, (p.V3,), 13, _3LN),
    (9, (p.VL_AVG, p.V12), 13, _3LN | _2LL | _3LL | _1LL),
    (11, (p.V23, p.V31), 13, _3LN | _2LL | _3LL),
    (14, (p.FREQUENCY,), 15, 0),
    (16, (p.P_SUM,), 20, 0),
    (17, (p.P1,), 20, _3LN | _1LN | _1LL),
    (18, (p.P2,), 20, _STAR),
    (19, (p.P3,), 20, _3LN),
    (21, (p.S_SUM,), 25, 0),
    (22, (p.S1,), 25, _3LN | _1LN | _1LL),
    (23, (p.S2,), 25, _STAR),
    (24, (p.S3,), 25, _3LN),
    (26, (p.Q_SUM,), 30, 0),
    (27, (p.Q1,), 30, _3LN | _1LN | _1LL),
    (28, (p.Q2,), 30, _STAR),
    (29, (p.Q3,), 30, _3LN),
    (31, (p.PF_SUM,), 35, 0),
    (32, (p.PF1,), 35, _3LN | _1LN | _1LL),
    (33, (p.PF2,), 35, _STAR),
    (34, (p.PF3,), 35, _3LN),
)
# Energies of the system and of three phases: first place, quantity.
_ENERGIES = (
    (36, b.ACTIVE_EXPORT),
    (44, b.ACTIVE_IMPORT),
    (61, b.APPARENT),
    (70, b.REACTIVE_Q1),
    (78, b.REACTIVE_Q2),
    (86, b.REACTIVE_Q3),
    (94, b.REACTIVE_Q4),
)
_ENERGY_FACTORS = (52, 69, 102)
_EVENTS = 103
_FIXED = ((15, -2), (35, -3))  # scale factors of frequency and power factor
_GROUP = b.tariff_energy(0, 0, 1) - b.tariff_energy(0)


def factor(full, low, high):
    """The scale factor with which `full` fits into 16 bits, from `low` to `high`: the finest."""
    n = low
    while n < high and full > _TOP * 10.0**n:
        n += 1
    return n


def _whole(x):
    """Rounded, and held at the ends of 16 bits."""
    if -_TOP < x < _TOP:
        return int(x + 0.5 if x >= 0 else x - 0.5)
    return _TOP if x > 0 else -_TOP


class SunSpec(Part):
    """`texts`: manufacturer, model, options, version and serial number, bytes."""

    name = "sunspec"
    follows = (p.WIRING_U, p.PT1, p.PT2, p.CT1, p.CT2, p.ADDRESS_1)

    def __init__(self, meter, texts):
        self._meter = meter
        self._buffer = data = bytearray(2 * REGISTERS)
        self._factors = {}
        data[0:4] = b"SunS"
        self._put(2, 1)
        self._put(3, _COMMON)
        for i, (first, count) in enumerate(_TEXTS):
            text = texts[i][: 2 * count]
            data[2 * first : 2 * first + len(text)] = text
        self._put(_MODEL + 1, _METER)
        self._put(_END, 0xFFFF)

    def provide(self, points, commands):
        points.provide(p.SUNSPEC, self)

    def configure(self):
        """Scale factors and the model, by the settings."""
        get = self._meter.settings.get
        pt1, pt2, ct1, ct2 = transformers(self._meter.settings, self._meter.model)
        amps = _OVER * get(p.MAXIMUM_CURRENT) / 1000 * ct1 / ct2
        volts = _OVER * 1.732 * get(p.NOMINAL_VOLTAGE) / 10 * pt1 / pt2
        watts = 3 * amps * volts / 1.732
        factors = self._factors
        factors[4] = factor(3 * amps, -3, 5)
        factors[13] = factor(volts, -2, 2)
        factors[20] = factors[25] = factors[30] = factor(watts, 0, 4)
        for place, n in _FIXED:
            factors[place] = n
        for place in factors:
            self._put(_DATA + place, factors[place])
        for place in _ENERGY_FACTORS:
            self._put(_DATA + place, 0)
        self._put(_ADDRESS, get(p.ADDRESS_1))
        self._put(_MODEL, _MODELS[get(p.WIRING_U)])
        pack_into(">I", self._buffer, 2 * (_DATA + _EVENTS), _NO_EVENTS)

    def _put(self, place, value):
        pack_into(">H", self._buffer, 2 * place, value & 0xFFFF)

    def _fill(self):
        """Take over readings and energies."""
        r = self._meter.readings.primary
        wiring = 1 << self._meter.settings.get(p.WIRING_U)
        factors = self._factors
        for first, readings, place, wirings in _READINGS:
            unit = 10.0 ** -factors[place]
            for i in range(len(readings)):
                there = not wirings or wirings & wiring
                self._put(_DATA + first + i, _whole(r[readings[i]] * unit) if there else _NONE)
        read = self._meter.points.read
        wh = read(p.BILLING + b.ENERGY_COUNT)
        phases = 4 if wiring & _3LN else 3 if wiring & _1LL else 2 if wiring & _1LN else 1
        for first, quantity in _ENERGIES:
            pid = b.tariff_energy(quantity)
            for i in range(phases):
                count = read(pid + _GROUP * i) * wh & 0xFFFFFFFF
                pack_into(">I", self._buffer, 2 * (_DATA + first + 2 * i), count)
            for i in range(phases, 4):
                pack_into(">I", self._buffer, 2 * (_DATA + first + 2 * i), 0)

    def read(self, index):
        raise KeyError(index)

    def check(self, index, value):
        return p.READ_ONLY

    write = check

    def read_block(self, master, index, count, target, at):
        """As the register map wants it: protocols/modbus/map.py."""
        if index + count > _DATA and index < _END:
            self._fill()
        target[at : at + 2 * count] = memoryview(self._buffer)[2 * index : 2 * (index + count)]

    def write_block(self, master, index, count, data, at):
        """Nobody writes it."""
        return p.READ_ONLY


def make(meter):
    """The part of a meter; None for one whose model says nothing of itself."""
    texts = getattr(meter.model, "SUNSPEC", None)
    return SunSpec(meter, texts) if texts else None
