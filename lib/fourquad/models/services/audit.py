"""The audit log of a model with a network: where it is kept, its registers, which are ours, and the texts
whose values it does not write down, besides those that are told to nobody.
"""

from fourquad.points import audit as n
from fourquad.points import network as net

STORAGE = (("audit", 16, 4),)
SIZE = 1 + n.SHOWN * n.WORDS  # registers


def regions(first):
    """Rows of REGIONS; `first`: the address of the first register."""
    return ((first, SIZE, "block", n.AUDIT),)


SECRETS = (net.SNMP_COMMUNITY,)
