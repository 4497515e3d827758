"""What maintenance sees of a meter: plain values, for the control socket and for a board's console."""

from fourquad import points as p


def look(meter):
    """Readings of the last second (secondary side, degrees behind V1 or V12), ratios to the primary side,
    channels and calibration.
    """
    read = meter.readings.secondary
    net = meter.readings.network
    return {
        "frequency": read[p.FREQUENCY],
        "phases": net.phases,
        "delta": net.delta,
        "volts": list(read[p.V1 : p.V1 + 3]),
        "lines": list(read[p.V12 : p.V12 + 3]),
        "amps": list(read[p.I1 : p.I1 + 3]),
        "neutral": read[p.I_N],
        "ratios": [meter.readings.voltage_ratio, meter.readings.current_ratio],
        "watts": list(read[p.P1 : p.P1 + 3]),
        "volt_angles": [0.0, read[p.ANGLE_V2], read[p.ANGLE_V2 + 1]],
        # currents without a transformer of their own
        "derived": [k for k in range(net.phases) if len(net.amps[k]) != 1 or net.copied and k],
        "amp_angles": list(read[p.ANGLE_I1 : p.ANGLE_I1 + 3]),
        "channels": [[c.kind, c.phase] for c in meter.channels],
        "record": list(meter.calibration.record),
        "source": meter.calibration.source,
    }
