"""The time of a recording: a steady rate, missing samples, the fundamental and how many cycles fit."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.traces import Values

FEWEST = 4  # samples
MOST_MISSING = 0.05
LONGEST_MISSING = 1 / 8  # of a cycle
_JITTER = 0.1  # of a step: more than what rounded time stamps show
_WINDOW = 12  # cycles that the frequency is first found in
_PART = 4  # cycles whose phase is followed over a long recording
_UNEVEN = "the times do not rise in equal steps"


def interpolate(values: Values, places: Values) -> Values:
    """Rows of `values` at fractional `places`, by a cubic through four of them: a straight line would lose
    0.3 % at 32 samples a cycle.
    """
    first = np.clip(np.floor(places).astype(np.int64) - 1, 0, len(values) - 4)
    x = (places - first)[:, None]
    a, b, c, d = (values[first + k] for k in range(4))
    return (
        a * ((x - 1) * (x - 2) * (3 - x) / 6)
        + b * (x * (x - 2) * (x - 3) / 2)
        + c * (x * (x - 1) * (3 - x) / 2)
        + d * (x * (x - 1) * (x - 2) / 6)
    )


def bridge(values: Values, notes: list[str]) -> tuple[int, int, int]:
    """Bridge missing samples (NaN) in place; first and last row to keep, and the longest bridge in samples.
    LoadError if too many are missing.
    """
    missing = np.isnan(values)
    if not missing.any():
        return 0, len(values), 0
    whole = np.flatnonzero(~missing.any(axis=1))
    worst = int(missing.sum(axis=0).max())
    if len(whole) < FEWEST or worst > MOST_MISSING * len(values):
        raise LoadError(f"{worst} of {len(values)} samples of a channel are missing")
    first, end = int(whole[0]), int(whole[-1]) + 1
    runs = [_bridge_column(values[first:end, k], missing[first:end, k]) for k in range(values.shape[1])]
    count, longest = int(missing[first:end].sum()), max(runs)
    if count:
        notes.append(f"{count} missing samples are bridged, {longest} in a row at most")
    if end - first < len(values):
        notes.append(f"{len(values) - (end - first)} rows at the ends miss samples and are left out")
    return first, end, longest


def _bridge_column(column: Values, missing: npt.NDArray[np.bool_]) -> int:
    """Put a cubic through the nearest two samples on each side of each gap; the longest gap in samples."""
    if not missing.any():
        return 0
    held, lost = np.flatnonzero(~missing), np.flatnonzero(missing)
    base = np.clip(np.searchsorted(held, lost) - 2, 0, len(held) - 4)
    nodes = held[base[:, None] + np.arange(4)]
    bridged = np.zeros(len(lost))
    for k in range(4):
        weight = np.ones(len(lost))
        for other in {0, 1, 2, 3} - {k}:
            weight *= (lost - nodes[:, other]) / (nodes[:, k] - nodes[:, other])
        bridged += weight * column[nodes[:, k]]
    column[lost] = bridged
    return int(np.diff(held).max()) - 1


def stretch(times: Values, notes: list[str]) -> tuple[int, int]:
    """First and last row of the longest stretch without a gap. LoadError if the times do not rise."""
    steps = np.diff(times)
    usual = float(np.median(steps)) if len(steps) else 0.0
    if usual <= 0.0 or float(steps.min()) <= 0.0:
        raise LoadError(_UNEVEN)
    edges = np.concatenate([[0], np.flatnonzero(steps > 1.5 * usual) + 1, [len(times)]])
    which = int(np.argmax(np.diff(edges)))
    first, end = int(edges[which]), int(edges[which + 1])
    if end - first < FEWEST:
        raise LoadError(_UNEVEN)
    if len(edges) > 2:
        gaps = steps[edges[1:-1] - 1]
        notes.append(
            f"{len(edges) - 1} stretches with {gaps.min():.3g} to {gaps.max():.3g} s between them: "
            f"the longest is played, {times[end - 1] - times[first]:.3g} s "
            f"from {times[first] - times[0]:.3g} s on"
        )
    return first, end


def even_out(values: Values, times: Values, notes: list[str]) -> tuple[Values, float]:
    """Samples at a steady rate, and that in hertz."""
    step = float(times[-1] - times[0]) / (len(times) - 1)
    places = (times - times[0]) / step
    off = float(np.abs(places - np.arange(len(times))).max())
    if off > _JITTER:
        notes.append(f"the time stamps are up to {off:.2g} samples off a steady rate: that is made good")
        wanted = np.interp(np.arange(len(times)), places, np.arange(len(times)))
        values = interpolate(values, wanted)
    return values, 1.0 / step


def fundamental(wave: Values, rate: float, nominal: float | None = None) -> float:
    """Hertz of the wave, from the wave itself. LoadError if it is shorter than one cycle.

    `nominal` counts for less than two cycles only, where the wave alone does not tell.
    """
    wave = wave - wave.mean()
    crossings = np.count_nonzero(np.diff(np.signbit(wave)))
    if crossings < 2 or not wave.any():
        raise LoadError("the recording is shorter than one cycle")
    size = 8 << (min(len(wave), 1 << 16) - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(wave[: 1 << 16], size))
    hertz = float(np.argmax(spectrum[1:]) + 1) * rate / size
    cycles = len(wave) / rate * hertz
    if cycles < 2.0 and nominal is not None and 0.75 < hertz / nominal < 1.33:
        return nominal
    if cycles < 0.75:
        raise LoadError("the recording is shorter than one cycle")
    count = min(len(wave), math.ceil(_WINDOW / hertz * rate))
    blocks = len(wave) // count
    start = int(np.argmax((wave[: blocks * count].reshape(blocks, count) ** 2).sum(axis=1))) * count
    hertz = _fit(wave[start : start + count], rate, hertz)
    return _follow(wave, rate, hertz)


def _fit(wave: Values, rate: float, hertz: float) -> float:
    """The frequency near `hertz` with the least that its harmonics leave over."""
    stride = max(1, int(rate / hertz / 64))
    wave, rate = wave[::stride], rate / stride
    cycles = len(wave) / rate * hertz
    orders = 1 if cycles < 2.0 else max(1, min(7, int(rate / hertz / 2) - 1))
    turns = 2j * math.pi * np.arange(len(wave)) / rate
    tiny = np.eye(2 * orders + 1) * 1e-9 * len(wave)

    def left(f: float) -> float:
        base = np.exp(turns * f)
        powers = np.stack([base ** (n + 1) for n in range(orders)], axis=1)
        model = np.hstack([np.ones((len(wave), 1)), powers.real, powers.imag])
        # Normal equations: the columns are nearly orthogonal, and a tenth of the work will do.
        solved = np.linalg.solve(model.T @ model + tiny, model.T @ wave)
        return float(((wave - model @ solved) ** 2).sum())

    span = min(0.25, 0.5 / cycles) * hertz
    grid = np.linspace(hertz - span, hertz + span, 41)
    best = int(np.argmin([left(float(f)) for f in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 40)])
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    for _ in range(30):
        a, b = high - golden * (high - low), low + golden * (high - low)
        if left(a) < left(b):
            high = b
        else:
            low = a
    return (low + high) / 2.0


def _follow(wave: Values, rate: float, hertz: float) -> float:
    """The mean frequency over the whole of a long wave, by how far the phase turns against `hertz`."""
    count = round(_PART / hertz * rate)
    parts = len(wave) // count
    if parts < 4:
        return hertz
    turned = wave[: parts * count] * np.exp(-2j * math.pi * hertz * np.arange(parts * count) / rate)
    sums = turned.reshape(parts, count) @ np.hanning(count)
    strong = np.flatnonzero(np.abs(sums) > 0.1 * np.abs(sums).max())
    if len(strong) < 2:
        return hertz
    phases = np.unwrap(np.angle(sums[strong]))
    turns = float(phases[-1] - phases[0]) / (2 * math.pi)
    return hertz + turns * rate / (count * float(strong[-1] - strong[0]))
