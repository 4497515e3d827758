"""Names what is wrong with the wiring, from the angles of voltages and currents.

Everything that can be swapped moves an angle by a multiple of 60 degrees, so that several explanations fit
what is seen, each with another load. `explain` tries every one: each current on each phase, either way round.
One counts for less by every fault that it needs, by a load that is rare (beyond 45 degrees of lag, beyond 20
of lead), and by phases whose loads differ. So a sound meter with a load of PF 0.25 is sound, and a swapped
pair is found at PF 0.5. With `middle` the load is known: every current lags its own voltage by an angle
within 30 degrees of it, and there is one explanation. What looks the same cannot be told apart, and its text
says so.
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


# What an explanation costs: a fault 1, all three currents moved on 1.3; and a load
_LAG, _LEAD = 45.0, 20.0  # beyond these degrees a load is rare:
_RARE = 0.35  # that costs this,
_LAG_SPAN, _LEAD_SPAN = 90.0, 6.0  # and 1 more for each of these
_SPREAD = 60.0  # between phases, costs 1
_REACTIVE = 85.0  # no load has an angle beyond it
_ORDERS = ((0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 2, 1), (1, 2, 0), (2, 0, 1))


def check(volts, volt_angles, amps, amp_angles, middle=None, derived=()):
    """Findings for a star of three phases, or of one. Angles are degrees of lag behind V1. `derived`: phases
    (from 0) whose current is computed, which says nothing of wires.
    """
    if middle is None:
        return explain(volts, volt_angles, amps, amp_angles, derived)[0][1]
    places, findings = _voltages(volts, volt_angles)
    owners, signs = _owners(places, volt_angles, amps, amp_angles, middle, findings, derived)
    return findings + _name(places, owners, signs, derived)


def explain(volts, volt_angles, amps, amp_angles, derived=()):
    """What may be the matter, the likeliest first: (cost, findings, degrees of lag of the load)."""
    found = [one for one in steps(volts, volt_angles, amps, amp_angles, derived) if one]
    # of equal ones the first stays before the others, which MicroPython's own sort does not see to
    return [found[i] for _, i in sorted([(_rank(found[i]), i) for i in range(len(found))])]


def likelier(one, best):
    """The likelier of two explanations, either of which may be None; of equal ones `best`."""
    return one if one and (best is None or _rank(one) < _rank(best)) else best


def _rank(explanation):
    cost, _, _ = explanation
    return int(cost * 100 + 0.5)


def steps(volts, volt_angles, amps, amp_angles, derived=()):
    """The explanations of `explain`, as they are tried: at each step one, or None, 1.1 ms of an RP2040."""
    places, seen = _voltages(volts, volt_angles)
    n = len(places)
    for k in range(n):
        if not amps[k] and k not in derived:
            seen.append((NO_CURRENT, k + 1, 0))
    usable = [k for k in range(n) if amps[k] and places[k] is not None and k not in derived]
    lags = [[(amp_angles[k] - volt_angles[owner]) % 360 for owner in range(n)] for k in range(n)]
    yield None
    some = False
    for order in _ORDERS if n == 3 else (tuple(range(n)),):
        for mask in range(1 << len(usable)):
            signs = [0] * n
            for i in range(len(usable)):
                signs[usable[i]] = -1 if mask >> i & 1 else 1
            one = _explanation(places, usable, order, signs, lags, derived)
            if one:
                some = True
                cost, findings, lag = one
                one = (cost, seen + findings, lag)
            yield one
    if not some:
        yield 0.0, seen + [(UNCLEAR, k + 1, 0) for k in usable], 0.0


def _explanation(places, usable, order, signs, lags, derived):
    """(cost, findings, lag) if currents have these places and directions; None if that cannot be."""
    angles = []
    for k in usable:
        if places[order[k]] is None:
            return None
        angle = (lags[k][order[k]] + (180 if signs[k] < 0 else 0) + 180) % 360 - 180
        if abs(angle) > _REACTIVE:
            return None
        angles.append(angle)
    owners = [order[k] if k in usable else None for k in range(len(places))]
    if len(usable) < 2 and any(order[k] != k for k in range(len(order)) if k not in usable):
        return None  # nothing speaks for it
    findings = _name(places, owners, signs, derived)
    cost = 0.0
    for finding in findings:
        cost += 1.3 if finding[0] == ROTATED else 1
    if not angles:
        return cost, findings, 0.0
    mean = sum(angles) / len(angles)
    if mean > _LAG:
        cost += _RARE + (mean - _LAG) / _LAG_SPAN
    elif mean < -_LEAD:
        cost += _RARE + (-_LEAD - mean) / _LEAD_SPAN
    return cost + (max(angles) - min(angles)) / _SPREAD, findings, mean


def _voltages(volts, angles):
    """Place of each voltage, and what is wrong with them."""
    least = _DEAD * max(volts)
    live = [volts[k] > least for k in range(len(volts))]
    findings = [(NO_VOLTAGE, k + 1, 0) for k in range(len(volts)) if not live[k]]
    return _places(live, angles, findings), findings


def _name(places, owners, signs, derived):
    """Findings for currents that are those of `owners`, in the directions `signs`."""
    phases = len(places)
    findings = []
    swap = _swap(owners)
    reverse = phases == 3 and places == [0, 2, 1]
    if reverse:
        # one pair of voltages explains the order and the currents at once
        findings.append((VOLTAGES_SWAPPED,) + swap if swap else (ORDER, 0, 0))
    known = [s for s in signs if s]
    if known and len(known) == phases - len(derived) and max(known) < 0:
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


def check_halves(volts, volt_angles, amps, amp_angles, middle=None):
    """Findings for the two halves of a three-wire single phase, whose V2 is opposite to V1."""
    found = []
    for k in range(2):
        one = check(volts[k : k + 1], (0.0,), amps[k : k + 1], (amp_angles[k] - volt_angles[k],), middle)
        found += of_half(one, k)
    return found + between_halves(volts, volt_angles)


def of_half(findings, k):
    """Findings of a star of one phase as those of half `k`."""
    return [(REVERSED if kind == ALL_REVERSED else kind, k + 1, 0) for kind, _, _ in findings]


def between_halves(volts, volt_angles):
    """What is wrong between the two halves."""
    same = volts[1] and (volt_angles[1] - volt_angles[0] + 45) % 360 < 90
    return [(SAME_PHASE, 1, 2)] if same else []


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


def _owners(places, volt_angles, amps, amp_angles, middle, findings, derived):
    """For each current whose it is (0-2) and 1 or -1 for its direction; None and 0 where that is unknown."""
    n = len(places)
    owners, signs = [None] * n, [0] * n
    for k in range(n):
        if k in derived:
            continue
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
