"""The audit log of a model with a network: where it is kept, its registers, which are ours, and the texts
whose values it does not write down.
"""

from fourquad.points import audit as n
from fourquad.points import mail
from fourquad.points import network as net
from fourquad.points import posts as q

STORAGE = (("audit", 16, 4),)
SIZE = 1 + n.SHOWN * n.WORDS  # registers


def regions(first):
    """Rows of REGIONS; `first`: the address of the first register."""
    return ((first, SIZE, "block", n.AUDIT),)


SECRETS = (
    net.HTTP_USER,
    net.HTTP_ADMIN,
    net.MQTT_PASSWORD,
    mail.MAIL_PASSWORD,
    net.SNMP_COMMUNITY,
    net.SNMP_AUTH_PASSWORD,
    net.SNMP_PRIV_PASSWORD,
    net.SNMP_AUTH_KEY,
    net.SNMP_PRIV_KEY,
) + tuple([q.POST_SECRET + q.POST_TEXTS * channel for channel in range(q.CHANNELS)])
