"""Names what is wrong with the wiring, from the angles of voltages and currents.

It needs one assumption: every current lags its own voltage by an angle within 30 degrees of `middle` (15:
from PF 0.97 leading to 0.71 lagging). Everything that can be swapped moves an angle by a multiple of 60
degrees, so that each of them is then known. What looks the same cannot be told apart, and its text says so.
"""

(
    NO_VOLTAGE,
    NO_CURRENT,
    SAME_PHASE,
    BAD_ANGLE,
    ORDER,
    VOLTAGES_SWAPPED,
    REVERSED,
    ALL_REVERSED,
    SWAPPED,
    ROTATED,
    OTHER_PHASE,
    UNCLEAR,
) = range(12)

# A finding is (one of these, phase, other phase); phases count from 1, 0 where there is none.
_TEXTS = (
    "V{0}: no voltage",
    "I{0}: no current",
    "V{0} and V{1} are on the same phase",
    "V{0} is at an angle at which no phase can be",
    "phase order is reversed: two lines are swapped, voltage and current alike",
    "V{0} and V{1} are swapped",
    "I{0}: the transformer is reversed",
    "all currents are reversed: power is exported, or all transformers are turned round",
    "I{0} and I{1} are swapped",
    "currents are shifted by one phase: I1 is in the place of I{0}",
    "I{0} carries the current of phase {1}",
    "I{0}: its angle fits no phase; the load is too reactive to tell",
)
_DEAD = 0.1  # a voltage below this part of the highest is missing


def text(finding):
    """A finding in words."""
    return _TEXTS[finding[0]].format(finding[1], finding[2])


def check(volts, volt_angles, amps, amp_angles, middle=15.0):
    """Findings for a star of three phases, or of one. Angles are degrees of lag behind V1."""
    phases = len(volts)
    least = _DEAD * max(volts)
    live = [volts[k] > least for k in range(phases)]
    findings = [(NO_VOLTAGE, k + 1, 0) for k in range(phases) if not live[k]]
    places = _places(live, volt_angles, findings)
    owners, signs = _owners(places, volt_angles, amps, amp_angles, middle, findings)
    reverse = phases == 3 and places == [0, 2, 1]
    swap = _swap(owners)
    if reverse:
        # one pair of voltages explains the order and the currents at once
        findings.append((VOLTAGES_SWAPPED,) + swap if swap else (ORDER, 0, 0))
    known = [s for s in signs if s]
    if known and len(known) == phases and max(known) < 0:
        findings.append((ALL_REVERSED, 0, 0))
    else:
        findings.extend([(REVERSED, k + 1, 0) for k in range(phases) if signs[k] < 0])
    if swap and not reverse:
        findings.append((SWAPPED,) + swap)
    elif not swap and owners in ([1, 2, 0], [2, 0, 1]):
        findings.append((ROTATED, owners[0] + 1, 0))
    elif not swap:
        others = [k for k in range(phases) if owners[k] not in (k, None)]
        findings.extend([(OTHER_PHASE, k + 1, owners[k] + 1) for k in others])
    return findings


def check_halves(volts, volt_angles, amps, amp_angles, middle=15.0):
    """Findings for the two halves of a three-wire single phase, whose V2 is opposite to V1."""
    found = []
    for k in range(2):
        one = check(volts[k : k + 1], (0.0,), amps[k : k + 1], (amp_angles[k] - volt_angles[k],), middle)
        found.extend([(REVERSED if f[0] == ALL_REVERSED else f[0], k + 1, 0) for f in one])
    if volts[1] and (volt_angles[1] - volt_angles[0] + 45) % 360 < 90:
        found.append((SAME_PHASE, 1, 2))
    return found


def star_of_lines(line_angles):
    """Angles of the star behind V12, of a delta whose V23 lags V12 by line_angles[1]: where V1-V3 must be."""
    return (30.0, 150.0, 270.0) if line_angles[1] < 180 else (330.0, 210.0, 90.0)


def _places(live, angles, findings):
    """For each phase by how many thirds of a turn it lags V1; None where that cannot be told."""
    places = [None] * len(live)
    for k in range(len(live)):
        if not live[k]:
            continue
        off = (angles[k] - angles[0]) % 360
        place = int(off / 120 + 0.5) % 3
        if 30 < (off - 120 * place) % 360 < 330:
            findings.append((BAD_ANGLE, k + 1, 0))
        elif place in places:
            findings.append((SAME_PHASE, places.index(place) + 1, k + 1))
        else:
            places[k] = place
    return places


def _owners(places, volt_angles, amps, amp_angles, middle, findings):
    """For each current whose it is (0-2) and 1 or -1 for its direction; None and 0 where that is unknown."""
    n = len(places)
    owners, signs = [None] * n, [0] * n
    for k in range(n):
        if not amps[k]:
            findings.append((NO_CURRENT, k + 1, 0))
            continue
        if places[k] is None:
            continue
        off = (amp_angles[k] - volt_angles[k] - middle + 30) % 360
        sixth = int(off // 60)
        sign = -1 if sixth % 2 else 1
        thirds = ((sixth + 3) // 2 if sign < 0 else sixth // 2) % 3
        place = (places[k] + thirds) % 3
        if place in places:
            owners[k], signs[k] = places.index(place), sign
        else:
            findings.append((UNCLEAR, k + 1, 0))
    return owners, signs


def _swap(owners):
    """(a, b) of the one pair of phases that has each other's current; () if there is none."""
    if len(owners) == 3:
        for a, b, c in ((0, 1, 2), (1, 2, 0), (0, 2, 1)):
            if owners[a] == b and owners[b] == a and owners[c] in (c, None):
                return (a + 1, b + 1)
    return ()
