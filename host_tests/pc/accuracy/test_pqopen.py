"""The meter against pqopen-lib, an independent analyser in double precision, on distorted signals and on real
recordings. Python 3.11 or newer: pqopen-lib needs it.
"""

from pathlib import Path

import numpy as np
import pytest
from foreign import not_tried

from accuracy import cases, recorded
from accuracy.plant import Plant, three_phase
from fourquad import points as p

powersystem = pytest.importorskip("pqopen.powersystem")
channelbuffer = pytest.importorskip("daqopen.channelbuffer")

ROOT = Path(__file__).resolve().parents[3]
RATE = 50_000
SECONDS = 3.0
AGREE = 1e-3
ORDERS = 49
HARMONIC = 5e-4
QUIET_HZ = 0.005

RECTIFIER = ((5, 0.30, 180.0), (7, 0.12, 180.0), (11, 0.08, 0.0), (13, 0.05, 0.0))
LAMPS = ((3, 0.75, 175.0), (5, 0.45, -8.0), (7, 0.22, 160.0), (9, 0.12, -15.0), (11, 0.07, 170.0))
DIMMER = ((3, 0.45, 60.0), (5, 0.2, 100.0), (7, 0.12, -140.0), (9, 0.1, 10.0), (25, 0.03, 45.0))
FLAT = ((3, 0.025, 180.0), (5, 0.03, 5.0), (7, 0.012, 170.0))
NOTCHED = ((5, 0.06, 20.0), (7, 0.05, 90.0), (11, 0.035, 30.0), (13, 0.03, 200.0), (23, 0.02, 0.0))


def unbalanced():
    plant = three_phase(231.0, 4.0, 25.0, volt_harmonics=FLAT, amp_harmonics=LAMPS)
    volts = [[(n, x * (1.0, 0.97, 1.02)[k], d) for n, x, d in plant.volts[k]] for k in range(3)]
    amps = [[(n, x * (1.0, 0.4, 0.7)[k], d + 17.0 * k * n) for n, x, d in plant.amps[k]] for k in range(3)]
    return Plant(volts, amps)


SIGNALS = {
    "rectifier, 50 Hz": three_phase(230.0, 5.0, 10.0, volt_harmonics=FLAT, amp_harmonics=RECTIFIER),
    "lamps, 50.1 Hz": three_phase(230.0, 3.0, -20.0, 50.1, volt_harmonics=FLAT, amp_harmonics=LAMPS),
    "dimmer, 49.7 Hz": three_phase(225.0, 4.0, 55.0, 49.7, volt_harmonics=FLAT, amp_harmonics=DIMMER),
    "notched voltage": three_phase(240.0, 5.0, 30.0, volt_harmonics=NOTCHED, amp_harmonics=RECTIFIER),
    "export, distorted": three_phase(230.0, 5.0, 155.0, volt_harmonics=NOTCHED, amp_harmonics=FLAT),
    "unbalanced lamps": unbalanced(),
    "60 Hz rectifier": three_phase(120.0, 5.0, 40.0, 60.0, volt_harmonics=FLAT, amp_harmonics=RECTIFIER),
}


def analyse(columns, rate, frequency):
    """What pqopen makes of columns (kind, phase): values."""
    buffers = {}
    for key, values in columns.items():
        buffers[key] = channelbuffer.AcqBuffer(size=len(values) + 10)
        buffers[key].put_data(values)
    nominal = 60.0 if frequency > 55 else 50.0
    system = powersystem.PowerSystem(
        buffers["V", 1], rate, nominal_frequency=nominal, nper=12 if nominal == 60 else 10
    )
    for k in (1, 2, 3):
        system.add_phase(buffers["V", k], buffers["I", k])
    system.enable_rms_trapz_rule()
    system.enable_harmonic_calculation(ORDERS)
    system.process()
    return {name: channel.last_sample_value for name, channel in system.output_channels.items()}


def check_harmonics(rig, kind, k, wave, lines, thd):
    """Each order and THD against pqopen and against the plant itself, in parts of the fundamental."""
    read = rig.meter.points.read
    base = p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * (k - 1)
    if kind == "I":
        base = p.HARMONIC_I1 + p.CURRENT_HARMONICS * (k - 1)
    true = {order: rms for order, rms, _ in wave}
    for order in range(2, ORDERS + 1):
        ratio = read(p.HARMONIC + base + order - 2) / 1e4
        assert ratio == pytest.approx(true.get(order, 0.0) / true[1], abs=HARMONIC)
        assert ratio == pytest.approx(lines[order] / lines[1], abs=2 * HARMONIC), (kind, k, order)
    total = read(p.HARMONIC + (p.THD_V1 if kind == "V" else p.THD_I1) + k - 1) / 1e4
    assert total == pytest.approx(thd / 100, abs=2 * HARMONIC)


@pytest.mark.parametrize("name", SIGNALS)
def test_distorted_signals(name):
    plant = SIGNALS[name]
    times = np.arange(int(RATE * SECONDS)) / RATE
    columns = {(kind, k): plant.sample(kind, k, times) for kind in "VI" for k in (1, 2, 3)}
    theirs = analyse(columns, RATE, plant.frequency)
    rig = cases.ideal()
    rig.feed(plant, 4.6)
    for k in (1, 2, 3):
        check_harmonics(rig, "V", k, plant.volts[k - 1], theirs[f"U{k}_H_rms"], theirs[f"U{k}_THD"])
        check_harmonics(rig, "I", k, plant.amps[k - 1], theirs[f"I{k}_H_rms"], theirs[f"I{k}_THD"])
        volts, amps = rig.read(p.V1 + k - 1), rig.read(p.I1 + k - 1)
        assert volts == pytest.approx(theirs[f"U{k}_rms"], rel=AGREE)
        assert amps == pytest.approx(theirs[f"I{k}_rms"], rel=AGREE)
        # powers relative to the apparent one
        assert abs(rig.read(p.P1 + k - 1) - theirs[f"P{k}"]) < AGREE * volts * amps
    assert rig.read(p.FREQUENCY) == pytest.approx(theirs["Freq"], abs=QUIET_HZ)


def recordings():
    try:
        return recorded.fetch(ROOT)
    except recorded.RecordingError as error:
        not_tried(str(error))


def frequency(recording, start, end):
    """Hertz between two times, from how far the phase of the first voltage turns against 50 Hz."""
    wave = recording.columns["V", 1]
    turned = wave * np.exp(-2j * np.pi * 50.0 * np.arange(len(wave)) / recording.rate)
    count = int(0.1 * recording.rate)
    first, last = int(start * recording.rate), int(end * recording.rate) - count
    turn = np.angle(turned[last : last + count].mean() / turned[first : first + count].mean())
    return 50.0 + turn / (2 * np.pi * (last - first) / recording.rate)


@pytest.mark.thorough
def test_recordings():
    """Real mains: three voltages; the current inputs of that box were open, what they read is noise."""
    for recording in recordings():
        theirs = analyse(recording.columns, recording.rate, 50.0)
        rig = cases.ideal()
        readings = []
        while rig.time + 0.2 < recording.seconds:
            rig.feed(recording, 0.1)
            fast = [rig.meter.points.read(p.FAST + q) for q in (p.FREQUENCY, p.V1, p.V1 + 1, p.V1 + 2)]
            readings.append(fast[1:])
            if rig.time > 0.6:
                assert fast[0] == pytest.approx(frequency(recording, rig.time - 0.25, rig.time), abs=0.004)
        tail = np.array(readings[-5:]).mean(axis=0)
        for k in (1, 2, 3):
            true = np.sqrt(np.mean(recording.columns["V", k] ** 2))
            assert tail[k - 1] == pytest.approx(theirs[f"U{k}_rms"], rel=2e-3)
            assert tail[k - 1] == pytest.approx(true, rel=3e-3)
            assert rig.read(p.V1 + k - 1) == pytest.approx(true, rel=2e-3)
        assert rig.meter.state.gaps == 0
