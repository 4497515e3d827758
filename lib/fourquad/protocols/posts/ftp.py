"""A file to a server of FTP (RFC 959), by a passive connection (data.py): it is stored under a name of its
own, and gets the one that it is to have when it is whole. What is there under that name is replaced.
"""

BROKEN = 4  # codes below 100 as in channel.py
NOT_UNDERSTOOD = 5
GONE = 7

_LINE = 80  # bytes of a line that are looked at
_MOST = 16384  # of answers at all
_HELLO, _USER, _PASS, _TYPE, _CWD, _PASV, _STOR, _DATA, _RNFR, _RNTO, _DELE = range(11)
# By step: (codes that lead on, what is said next).
_ON = (
    ((220,), _USER),
    ((230, 331), _PASS),
    ((202, 230), _TYPE),
    ((200,), _CWD),
    ((200, 250), _PASV),
    ((227,), _STOR),
    ((125, 150), _DATA),
    ((226, 250), _RNFR),
    ((350,), _RNTO),
    ((250,), None),
    (range(200, 600), _RNFR),
)
_WORDS = (
    b"",
    b"USER ",
    b"PASS ",
    b"TYPE I",
    b"CWD ",
    b"PASV",
    b"STOR ",
    b"",
    b"RNFR ",
    b"RNTO ",
    b"DELE ",
)
_LOGGED_IN = 230


class Way:
    """One file. The face is that of http.Way; besides: `where`, (address, port) of the connection of data
    that is wanted now, and what that one tells.
    """

    scheme = "ftp"

    def __init__(self, answer):
        self.answer = answer
        self._line = bytearray(_LINE)
        self.over = True
        self.where = None

    def begin(self, job):
        """The connection of commands stands, to `job.address`."""
        self.code = 0
        self.arrived = self.over = self.busy = False
        self.moved = False  # data have gone out since somebody looked
        self.where = None
        self._job = job
        self._step = _HELLO
        self._said = b""  # a command that waits
        self._used = self._heard = 0
        self._kept = 0  # code of an answer of several lines
        self._deleted = self._whole = False
        job.file.begin()

    def room(self):
        """All that comes is taken."""
        return 512

    def poll(self):
        """A command that waits."""
        count = len(self._said)
        self.answer[:count] = self._said
        self._said = b""
        self.busy = False
        return count

    def _say(self, step):
        self._step = step
        self._said = _WORDS[step] + self._argument(step) + b"\r\n"
        self.busy = True

    def _argument(self, step):
        job = self._job
        if step == _USER:
            return job.user or b"anonymous"
        if step == _PASS:
            return job.secret
        if step == _CWD:
            return job.path
        if step in (_STOR, _RNFR):
            return job.key + b".part"
        return job.name if step in (_RNTO, _DELE) else b""

    def run(self, buffer, length):
        """A part of what the server says."""
        self._heard += length
        if self._heard > _MOST:
            self._end(NOT_UNDERSTOOD)
        for i in range(length):
            if self.over:
                return
            code = buffer[i]
            if code != 10:
                if self._used < _LINE:
                    self._line[self._used] = code
                self._used += 1
                continue
            line = bytes(self._line[: min(self._used, _LINE)]).rstrip(b"\r")
            self._used = 0
            self._hear(line)

    def _hear(self, line):
        code = int(line[:3]) if line[:3].isdigit() and len(line) >= 3 else 0
        last = len(line) == 3 or line[3:4] == b" "
        if self._kept:
            if code == self._kept and last:
                self._kept = 0
                self._follow(code, line)
        elif self._said or not 100 <= code < 600 or not last and line[3:4] != b"-":
            # that is none, or one to what has not been said yet
            self._end(NOT_UNDERSTOOD)
        elif last:
            self._follow(code, line)
        else:
            self._kept = code

    def _follow(self, code, line):
        """An answer is there."""
        codes, step = _ON[self._step]
        if code not in codes:
            if self._step == _RNTO and code >= 500 and not self._deleted:
                # a server that does not replace
                self._deleted = True
                self._say(_DELE)
            elif code >= 200:
                self._end(code)
        elif step is None:
            self._end(code)
            self.arrived = True
        elif step == _PASS and code == _LOGGED_IN:
            self._say(_TYPE)
        elif step == _CWD and self._job.path == b"/":
            self._say(_PASV)
        elif step == _STOR:
            self.where = passive(line, self._job.address)
            if self.where is None:
                self._end(NOT_UNDERSTOOD)
        elif step == _DATA:
            self._step = _DATA
        elif step == _RNFR and not self._whole:
            self._end(BROKEN)
        else:
            self._say(step)

    # The connection of data.

    def data_opened(self):
        """It stands."""
        if not self.over:
            self._say(_STOR)

    def data_piece(self):
        """The next piece of the file; 0 while the server does not want it yet."""
        if self.over or self._step != _DATA or self._whole:
            return 0
        file = self._job.file
        count = file.piece(self.answer)
        self.moved = True
        if file.gone:
            self._end(GONE)
            return 0
        self._whole = file.done
        return count

    def data_over(self):
        """Whether it has had all that it is to have."""
        return self.over or self._whole

    def data_lost(self):
        """It is gone."""
        if not self._whole:
            self.ended(BROKEN)

    def ended(self, why):
        """A connection is gone, or nothing comes."""
        if not self.over:
            self._end(why)

    def _end(self, code):
        self.over = True
        self.busy = False
        self.where = None
        self._said = b""
        self.code = code


def passive(line, address):
    """(address, port) of an answer to PASV; None if it is none. Its address does not count: data go where
    commands do.
    """
    at = line.find(b"(")
    end = line.find(b")", at)
    if at < 0 or end < 0:
        return None
    numbers = line[at + 1 : end].split(b",")
    if len(numbers) != 6 or not all(each.isdigit() and len(each) < 4 for each in numbers):
        return None
    port = int(numbers[4]) << 8 | int(numbers[5])
    return (address, port) if int(numbers[4]) < 256 and int(numbers[5]) < 256 and port else None
