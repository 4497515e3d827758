"""Passwords become keys and are forgotten (RFC 3414, A.2), a slice at a time."""

from fourquad.points import network as n
from fourquad.protocols.snmp import crypto

_PASSWORDS = (
    (n.SNMP_AUTH_PASSWORD, n.SNMP_AUTH_KEY),
    (n.SNMP_PRIV_PASSWORD, n.SNMP_PRIV_KEY),
)


class Passwords:
    """Those of the user, in texts of the settings. Their keys are by both hashes, so that it does not matter
    which one is chosen when.
    """

    def __init__(self, agent):
        self._agent = agent
        self._making = None  # (password, its text, that of its keys, those so far, what makes the next)
        self._looked = -1  # the second when there was a look for passwords

    def step(self, made_one):
        """Make a slice of a key; whether there is more to do. `made_one()`: called when one is there."""
        agent = self._agent
        if not self._making:
            # texts are looked for one after the other, which takes a millisecond
            if agent.seconds == self._looked:
                return False
            self._looked = agent.seconds
            for password, key in _PASSWORDS:
                text = agent.text(password)
                if text:
                    self._making = [text, password, key, b"", None]
                    return True
            return False
        text, password, key, made, maker = self._making
        if maker is None:
            protocol = 2 if made else 1
            make = crypto.hash_of(protocol)
            if make is None:
                self._making[3] += bytes(crypto.AUTHENTICATION[protocol][1])
                return True
            self._making[4] = crypto.Key(make, text)
            return True
        digest = maker.step()
        if digest:
            if agent.text(password) != text:
                self._making = None  # another one has been written meanwhile
                return True
            made += digest
            self._making[3], self._making[4] = made, None
            if len(made) == crypto.AUTHENTICATION[1][1] + crypto.AUTHENTICATION[2][1]:
                agent.keep_text(key, made)
                agent.keep_text(password, b"")
                self._making = None
                made_one()
        return True
