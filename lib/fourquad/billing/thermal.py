"""The thermal response of a demand: the exponential of a bimetal that shows 90 % of a step after the
interval.

That is how thermal demand meters are rated (ANSI C12.1, "demand interval" of a lagged-demand meter), and the
only meaning of an interval for them; the manual of the KW320 (4.1) names the method without a number. So
after each minute y = x + (y - x) * 10 ** (-1 / T), T the interval in minutes: the time constant is T / ln 10.
"""

# round(2**24 * 10 ** (-1 / T)) for T = 1..60
_FACTORS = (
    (1677722, 5305422, 7787294, 9434522, 10585708, 11430184, 12074322, 12581137, 12989989, 13326616)
    + (13608517, 13847984, 14053899, 14232832, 14389749, 14528471, 14651982, 14762651, 14862378, 14952709)
    + (15034911, 15110031, 15178947, 15242396, 15301003, 15355302, 15405750, 15452744, 15496625, 15537694)
    + (15576211, 15612408, 15646488, 15678631, 15708997, 15737731, 15764960, 15790799, 15815352, 15838713)
    + (15860967, 15882189, 15902452, 15921817, 15940343, 15958085, 15975090, 15991403, 16007066, 16022117)
    + (16036591, 16050521, 16063936, 16076865, 16089334, 16101367, 16112986, 16124213, 16135066, 16145564)
)
_ONE = 1 << 24
_SHIFT = 10  # the state has that many more bits than what goes in


def step(state, minute, interval):
    """The state (0 at first) after a minute of `minute` joules; `interval` in minutes, 1-60."""
    factor = _FACTORS[interval - 1]
    return (factor * state + (_ONE - factor) * (minute << _SHIFT) + (_ONE >> 1)) >> 24


def joules(state):
    """Joules a minute that a state shows."""
    return state >> _SHIFT
