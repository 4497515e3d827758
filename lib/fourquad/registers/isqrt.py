"""Square root of integers of any size."""


def isqrt(n, seed=0):
    """Greatest integer whose square is at most `n`; quick where `seed` (>= 0) is near it. 0 for n <= 0."""
    if n <= 0:
        return 0
    x = seed
    if x <= 0:
        x = 1
        while x * x <= n:
            x <<= 4
    # one step from anywhere lands at or above the root, from there the steps only go down
    x = (x + n // x) >> 1
    while True:
        y = (x + n // x) >> 1
        if y >= x:
            return x
        x = y
