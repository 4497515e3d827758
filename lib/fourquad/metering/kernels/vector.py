"""The sums on arrays: numpy on a PC (exact integers), or ulab 6 on a board (single precision).

Only names that ulab has are used (see ULAB_NAMES and its test); numpy's 64-bit integers are taken where they
are.
"""

try:
    from ulab import numpy as np
except ImportError:
    import numpy as np

from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.spectrum_vector import Spectrum
from fourquad.metering.kernels.table import SHIFT, TABLE, condition, steady, turns

# What this file uses of numpy; a test holds that ulab 6 has each of them.
ULAB_NAMES = ("array", "concatenate", "dot", "frombuffer", "sum", "uint16", "zeros")

EXACT = hasattr(np, "int64")


# codes up to which, with their offset, the squares of 2**13 frames (64 cycles) stay in 64 bits
_MANY = 1 << 23
# phasors up to which their products fit, in parts of so many bits
_LARGEST = 1 << 42
_PART = 16


def _totals(size):
    return [0] * size


class Kernel:
    """See docs/architecture.md section 1. Codes of up to 16 bits are unsigned halfwords, wider ones signed.

    `buffer` may be bytes of halfwords, an array of integers, or (numpy) an array of frames x channels.
    """

    def __init__(self, plan, bits):
        n = plan.channels
        self.plan = plan
        self.bits = bits
        self.offsets = [1 << (bits - 1) if bits <= 16 else 0] * n
        self.floors = [0] * n
        self.noise = [0] * n
        self.means = [0.0] * n
        self.mean_scale = 1
        self.alive = self.steady = 0
        self.advance = 0.0
        self.fast_scale = self.second_scale = 1.0
        self.places = 28
        self.exact_scale = 1
        self._reference = 0
        self._pairs = [(a, b, plan.p(k), plan.f(k)) for k, (a, b) in enumerate(plan.pairs)]
        half = TABLE
        full = [half, tuple(-x for x in half)]
        kind = np.int64 if EXACT else np.float
        self._kind = kind
        rows = [[h[k] for h in full for k in range(i, FRAMES, 2)] for i in (0, 1)]
        self._table = np.array(rows, dtype=kind)
        self._last = None
        self._turn = (0, 0)
        self._swing = [0, 0]
        self._cycles = self._cycles_second = 0
        self._sums = _totals(plan.size)
        self._second_sums = _totals(plan.size)
        self._closed = _totals(plan.size)
        self._matrix = self._spectrum = None
        self._adjusted = {}
        self._rows = ()
        self._making = []
        self.fast = self.second = ()

    def spectrum(self, old=None):
        """What makes phasors of the channels. `old`: a kernel of the same channels, whose one is taken: a
        second one would need twice the memory for a moment.
        """
        if old and old.plan.channels == self.plan.channels:
            self._spectrum = old.spectrum()
            self._spectrum.kernel = self
        if not self._spectrum:
            self._spectrum = Spectrum(self)
        return self._spectrum

    def halves(self):
        """What watches half cycles of the channels."""
        # only what somebody asks for is imported
        from fourquad.metering.kernels.halves_vector import Halves

        return Halves(self)

    def follow(self, channel):
        """Take `advance` from this channel from now on."""
        self._reference = channel
        self._turn = (0, 0)

    def forms(self, rows, fast):
        """Take over `rows` at once: `add_form` each of them, then `use_forms`."""
        for row in rows:
            self.add_form(row)
        self.use_forms(fast)

    def add_form(self, row):
        """One more linear form of the sums, in use from `use_forms` on: a tuple of (sum, coefficient)."""
        self._making.append(row)

    def use_forms(self, fast):
        """Take over the forms that were added; the first `fast` are made of both windows, all of them of the
        second.
        """
        rows, self._making = self._making, []
        matrix = np.zeros((len(rows), self.plan.size))
        for i in range(len(rows)):
            for at, factor in rows[i]:
                matrix[i, at] = matrix[i, at] + factor
        self._matrix = matrix
        one = 1 << self.places
        self._rows = [[(at, int(round(factor * one))) for at, factor in row] for row in rows]
        self._fast_matrix = matrix[:fast, :]

    def clear(self):
        """Drop both windows, and what is known of the frame before."""
        for sums in (self._sums, self._second_sums):
            for i in range(self.plan.size):
                sums[i] = 0
        self._cycles = self._cycles_second = 0
        self._swing = [0, 0]
        self.resync()

    def resync(self):
        """The next frame does not follow on the last one."""
        self._last = None
        self._turn = (0, 0)

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        x = self.frames(buffer, frame, cycles * FRAMES)
        if EXACT and cycles > 1 and abs(x).max() > _MANY:
            # squares of all cycles together would leave 64 bits: one by one they do not, up to 28 bits
            for k in range(cycles):
                self._add(x[k * FRAMES : (k + 1) * FRAMES], 1)
        else:
            self._add(x, cycles)

    def _add(self, x, cycles):
        plan, sums = self.plan, self._sums
        columns = [x[:, c] - self.offsets[c] for c in range(plan.channels)]
        last = x[0] if self._last is None else self._last
        before = [last[c : c + 1] - self.offsets[c] for c in range(plan.channels)]
        for c in range(plan.channels):
            at = plan.s(c)
            sums[at] += self._whole(np.sum(columns[c]))
            sums[at + 1] += self._whole(np.dot(columns[c], columns[c]))
        for a, b, p, _ in self._pairs:
            late = np.concatenate((before[b], columns[b][:-1]))
            sums[p] += self._whole(np.dot(columns[a], columns[b]))
            sums[p + 1] += self._whole(np.dot(columns[a], late))
        self._last = x[cycles * FRAMES - 1]
        if not EXACT or not self._all_phasors(x, cycles):
            for k in range(cycles):
                self._phasors(np.dot(self._table, x[k * FRAMES : (k + 1) * FRAMES, :]))
        self._cycles += cycles

    def frames(self, buffer, frame, count):
        """`count` frames of `buffer` as an array of frames x channels."""
        n = self.plan.words
        if isinstance(buffer, (bytes, bytearray, memoryview)):
            flat = np.frombuffer(buffer, dtype=np.uint16, count=count * n, offset=frame * n * 2)
            return np.array(flat, dtype=self._kind).reshape((count, n))
        if getattr(buffer, "ndim", 1) == 2:
            return np.array(buffer[frame : frame + count, :], dtype=self._kind)
        return np.array(buffer[frame * n : (frame + count) * n], dtype=self._kind).reshape((count, n))

    def _whole(self, x):
        return int(x) if EXACT else int(round(x))

    def _phasors(self, x):
        """m, f and r of one cycle from its phasors, each rounded as the native kernel does."""
        plan, sums = self.plan, self._sums
        whole = self._whole
        re = [whole(v) for v in x[0]]
        im = [whole(v) for v in x[1]]
        half = 1 << (SHIFT - 1)
        for c in range(plan.channels):
            sums[plan.m(c)] += (re[c] * re[c] + im[c] * im[c] + half) >> SHIFT
        for a, b, _, f in self._pairs:
            sums[f] += (re[a] * re[b] + im[a] * im[b] + half) >> SHIFT
            sums[f + 1] += (im[a] * re[b] - re[a] * im[b] + half) >> SHIFT
        self._follow(re[self._reference], im[self._reference])

    def _all_phasors(self, x, cycles):
        """What `_phasors` does for each of the cycles, for all of them at once: a third of the time. False,
        and nothing done, where phasors are too large for that.
        """
        re, im = np.dot(self._table, x[: cycles * FRAMES].reshape((cycles, FRAMES, -1)))
        if max(abs(re).max(), abs(im).max()) >= _LARGEST:
            return False
        plan, sums = self.plan, self._sums
        squares = _rounded((re, re, 1), (im, im, 1)).tolist()
        for c in range(plan.channels):
            sums[plan.m(c)] += squares[c]
        a, b = [pair[0] for pair in self._pairs], [pair[1] for pair in self._pairs]
        re_a, im_a, re_b, im_b = re[:, a], im[:, a], re[:, b], im[:, b]
        real = _rounded((re_a, re_b, 1), (im_a, im_b, 1)).tolist()
        imaginary = _rounded((im_a, re_b, 1), (re_a, im_b, -1)).tolist()
        for k in range(len(self._pairs)):
            f = plan.f(k)
            sums[f] += real[k]
            sums[f + 1] += imaginary[k]
        for k in range(cycles):
            self._follow(int(re[k, self._reference]), int(im[k, self._reference]))
        return True

    def _follow(self, x, y):
        """By how much the reference's phasor has turned since the cycle before."""
        u, v = self._turn
        self._swing[0] += x * u + y * v
        self._swing[1] += y * u - x * v
        self._turn = (x, y)

    def close_fast(self):
        """Close the fast window: number of its cycles; `fast`, `alive` and `advance` are now of it."""
        n, self._cycles = self._cycles, 0
        if not n:
            return 0
        for i in range(self.plan.size):
            self._second_sums[i] += self._sums[i]
        self._cycles_second += n
        self.advance = turns(self._swing[0], self._swing[1])
        self._swing = [0, 0]
        for c in range(self.plan.channels):
            self.means[c] = self._sums[self.plan.s(c)] / (FRAMES * n)
        self.alive = condition(self.plan, self._sums, n, self.floors, self.noise)
        self.steady = steady(self.plan, self.alive, self._sums)
        self.fast = np.dot(self._fast_matrix, np.array([float(x) for x in self._sums]))
        for i in range(self.plan.size):
            self._sums[i] = 0
        return n

    def close_second(self):
        """Close the second's window: number of its cycles; `second` and `exact` are of it from now on."""
        n, self._cycles_second = self._cycles_second, 0
        if not n:
            return 0
        self._closed, self._second_sums = self._second_sums, self._closed
        for i in range(self.plan.size):
            self._second_sums[i] = 0
        condition(self.plan, self._closed, n, self.floors, self.noise)
        self._adjusted = {}
        self.second = np.dot(self._matrix, np.array([float(x) for x in self._closed]))
        return n

    def exact(self, i):
        """Row i of the second as an exact integer: its unit is `exact_scale` / 2**places."""
        closed = self._closed
        return self._adjusted.get(i, 0) + sum([factor * closed[at] for at, factor in self._rows[i]])

    def adjust(self, fast, row, by):
        """Add `by` to a row of the closed fast window, or of the second."""
        if fast:
            self.fast[row] = self.fast[row] + by
        else:
            self.second[row] = self.second[row] + by
            self._adjusted[row] = int(round(by * (1 << self.places)))


def _rounded(*products):
    """The sum over the cycles of what each makes of `products`, (x, y, sign): x * y / 2**SHIFT, rounded as in
    whole numbers of any size. Factors are split, because their products leave 64 bits.
    """
    mask = (1 << _PART) - 1
    high = middle = 0
    low = 1 << (SHIFT - 1)
    for x, y, sign in products:
        x_high, x_low = x >> _PART, x & mask
        y_high, y_low = y >> _PART, y & mask
        high = high + sign * (x_high * y_high)
        middle = middle + sign * (x_high * y_low + x_low * y_high)
        low = low + sign * (x_low * y_low)
    whole = (high << (2 * _PART - SHIFT)) + ((middle << _PART) + low >> SHIFT)
    return whole.sum(axis=0)
