"""The offsets of the channels, which are what a window's sums have as its mean."""


def take(kernel):
    """The means of the closed fast window are the offsets from now on."""
    for c in range(len(kernel.offsets)):
        kernel.offsets[c] += int(round(kernel.means[c] * kernel.mean_scale))


def follow(kernel):
    """Follow the means of the closed window; what is left of them is taken out of each window's sums
    exactly.
    """
    limit = 0.75 / kernel.mean_scale
    for c in range(len(kernel.offsets)):
        if not -limit <= kernel.means[c] <= limit:
            kernel.offsets[c] += int(round(kernel.means[c] * kernel.mean_scale))
