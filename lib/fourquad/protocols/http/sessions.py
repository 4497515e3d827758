"""Who is logged in, and who has guessed wrong too often."""

from binascii import hexlify

from fourquad import ticks

USER, ADMIN = 1, 2
LEVELS = ("user", "admin")  # by level - 1
MOST = 8  # sessions at once; one more takes the place of that which has been quiet for longest
FREE = 5  # wrong passwords of one level from one address before it has to wait
FIRST_WAIT_S = 30  # doubled by each more
LONGEST_WAIT_S = 900
_GUESSERS = 8
_TOKEN = 16  # bytes
_STEP_MS = 1 << 28


class Session:
    """`sid`: what the cookie says; `csrf`: what a POST says besides."""

    def __init__(self, sid, csrf, level, now):
        self.sid = sid
        self.csrf = csrf
        self.level = level
        self.used = now


class Sessions:
    """Of a meter. `random(n)`: so many bytes that nobody can guess."""

    def __init__(self, random):
        self._random = random
        self.all = []
        self._guessers = []  # [(host, level), wrong ones, since when it waits]

    def begin(self, level, now):
        """A new session."""
        if len(self.all) >= MOST:
            self.all.remove(max(self.all, key=lambda each: ticks.diff(now, each.used)))
        session = Session(self._token(), self._token(), level, now)
        self.all.append(session)
        return session

    def _token(self):
        return hexlify(self._random(_TOKEN))

    def find(self, sid, idle_ms, now, touch=True):
        """The session of a cookie, or None. `touch`: it was used."""
        for session in list(self.all):
            if not 0 <= ticks.diff(now, session.used) < idle_ms:
                self.all.remove(session)
            elif sid is not None and session.sid == sid:
                if touch:
                    session.used = now
                return session
        return None

    def end(self, session):
        """Log out."""
        if session in self.all:
            self.all.remove(session)

    def end_level(self, level, but=None):
        """Log out all of a level."""
        self.all = [each for each in self.all if each.level != level or each is but]

    # Guessers. `door`: the address, and the level whose password it wants to know: who knows one of them may
    # not have more guesses at the other.

    def wait_s(self, door, now):
        """How many seconds a door stays shut before another password is looked at."""
        for guesser in self._guessers:
            if guesser[0] == door:
                if guesser[1] < FREE:
                    return 0
                left = 1000 * _wait_s(guesser[1]) - max(0, ticks.diff(now, guesser[2]))
                return max(0, (left + 999) // 1000)
        return 0

    def wrong(self, door, now):
        """It has guessed wrong."""
        for guesser in self._guessers:
            if guesser[0] == door:
                guesser[1] = min(guesser[1] + 1, 100)
                guesser[2] = now
                return
        if len(self._guessers) >= _GUESSERS:
            self._guessers.remove(min(self._guessers, key=lambda each: each[1]))
        self._guessers.append([door, 1, now])

    def right(self, door):
        """It knows the password."""
        self._guessers = [each for each in self._guessers if each[0] != door]

    def age(self, now):
        """Keep old times from becoming new ones where the clock goes round."""
        for guesser in self._guessers:
            if ticks.diff(now, guesser[2]) > _STEP_MS:
                guesser[1] = 0
                guesser[2] = now


def _wait_s(wrong):
    return min(LONGEST_WAIT_S, FIRST_WAIT_S << min(wrong - FREE, 8))
