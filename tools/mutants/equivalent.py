"""Mutants that no test can tell from the original, each with the reason; a run checks that they exist."""

_M = "lib/fourquad/metering/"
_R = "lib/fourquad/registers/"
_B = "lib/fourquad/billing/"
_D = "lib/fourquad/protocols/dnp3/"
_I = "lib/fourquad/protocols/iec62056/"

# (file, class and function, line, the line changed, why it makes no difference)
EQUIVALENT: tuple[tuple[str, str, str, str, str], ...] = (
    (
        _M + "frontends/codes.py",
        "straight_table",
        'out = array("i", [0] * (2 * len(SHAPE)))',
        'out = array("i", [1] * (2 * len(SHAPE)))',
        "every element is set in the loop",
    ),
    (_D + "application.py", "Headers.__init__", "self.error = 0", "pass", "`begin` comes first and sets it"),
    (
        _D + "link.py",
        "Link.serve",
        "return ACK << 1 | (1 if function == CONFIRMED_DATA else 0)",
        "return ACK >> 1 | (1 if function == CONFIRMED_DATA else 0)",
        "ACK is 0",
    ),
    (
        _D + "session.py",
        "Session.clear",
        "self._time_set_at = 0",
        "self._time_set_at = 1",
        "read only once the time was set, which sets it",
    ),
    (
        _I + "profile.py",
        "Profile.__init__",
        "self._at = self._marked = 0  # number of the next record",
        "self._at = self._marked = 1  # number of the next record",
        "`start` and `mark` set both before they are read",
    ),
    (
        _R + "isqrt.py",
        "isqrt",
        "def isqrt(n, seed=0):",
        "def isqrt(n, seed=1):",
        "the root is the same from any seed, it is only found later",
    ),
    (
        _B + "quadrants.py",
        "Quadrants.add",
        "self._count(at + b.ACTIVE_IMPORT, active)",
        "self._count(at - b.ACTIVE_IMPORT, active)",
        "ACTIVE_IMPORT is 0",
    ),
    (
        _R + "energy.py",
        "Energy._count",
        "v[r] = net % MODULUS if net >= 0 else -(-net % MODULUS)",
        "v[r] = net % MODULUS if net > 0 else -(-net % MODULUS)",
        "0 is 0 either way",
    ),
    (
        _B + "tariff_energy.py",
        "derived",
        "return value if sign < 0 else value % modulus",
        "return value if sign < 1 else value % modulus",
        "the sign is 1 or -1",
    ),
    (
        _D + "primary.py",
        "Primary.restart",
        "self._who = -1",
        "self._who = -2",
        "any negative number is nobody's address",
    ),
)
