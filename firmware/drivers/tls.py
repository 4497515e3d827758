"""TLS of a board, by MicroPython's `tls` (Mbed TLS): what fourquad.net.secured wants.

A step of the agreement with another side takes a third of a second on an RP2040, in which nothing else is
done; a connection has 23 KB. So it is for boards with a fast core and memory for the samples of that time.

Files of the board, in DER: `tls.own` is the meter's key and after it its certificate (in one file, so that no
power cut leaves a key without its certificate), and without it the meter serves nobody; `tls.authorities` are
those who sign for the servers that it calls, one after the other. The dates of certificates are compared with
the chip's clock.
"""

import errno
import io

import tls  # type: ignore[import-not-found,unused-ignore]

OWN = "tls.own"
AUTHORITIES = "tls.authorities"
_SEQUENCE = 0x30
_LONG = 0x80  # of the first byte of a length: so many bytes with the length come next


class Tls:
    """Begins layers. `files`: the board's settings' files. `serves`: whether there is a key that can be used:
    a meter with another one measures all the same.
    """

    def __init__(self, files):
        self._authorities = files.read(AUTHORITIES) or b""
        self._client = self._server = None
        own = files.read(OWN)
        self.serves = False
        if own:
            self._server = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
            try:
                key, certificate = parts(own)
                self._server.load_cert_chain(certificate, key)
                self.serves = True
            except (OSError, ValueError) as error:
                print("fourquad: no HTTPS:", error)

    def __call__(self, host):
        """A layer with the server `host`, None: with a client. ValueError: the authorities are none."""
        return Layer(self._calling() if host else self._server, host)

    def _calling(self):
        if not self._client:
            self._client = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            for one in parts(self._authorities):
                self._client.load_verify_locations(one)
        return self._client


def parts(data):
    """A key or certificates in DER, one after the other. ValueError: `data` is something else."""
    at = 0
    while at < len(data):
        length = data[at + 1] if data[at] == _SEQUENCE and at + 1 < len(data) else 0
        end = at + 2
        if length & _LONG:
            end += length & ~_LONG
            length = int.from_bytes(data[at + 2 : end], "big")
        end += length
        if not length or end > len(data):
            raise ValueError("no key or certificate in DER")
        yield data[at:end]
        at = end


class _Pipe(io.IOBase):
    """Octets from and to the network, in memory, as a stream that never waits."""

    def __init__(self):
        self.came = b""
        self.goes = b""

    def readinto(self, buffer):
        count = min(len(buffer), len(self.came))
        if not count:
            return None
        buffer[:count] = self.came[:count]
        self.came = self.came[count:]
        return count

    def write(self, data):
        self.goes += data
        return len(data)

    def ioctl(self, request, argument):
        return 0


class Layer:
    """A conversation, from its first octet on."""

    def __init__(self, context, host):
        self._pipe = _Pipe()
        self._waiting = b""  # until both have agreed
        self._clear = bytearray(512)
        self._broken = False
        try:
            self._stream = context.wrap_socket(
                self._pipe, server_side=host is None, do_handshake_on_connect=False, server_hostname=host
            )
        except OSError as error:
            if error.errno == errno.ENOMEM:
                raise MemoryError from None
            raise
        self.take(b"")

    def take(self, octets):
        """What these octets of the other side say; None: it speaks no TLS, or is not to be trusted."""
        self._pipe.came += octets
        out = b""
        try:
            while not self._broken:
                count = self._stream.readinto(self._clear)
                if not count:
                    self._push()
                    return out
                out += self._clear[:count]
        except OSError as error:
            self._broken = True
            if error.errno == errno.ENOMEM:
                raise MemoryError from None
        except ValueError:
            self._broken = True
        return None

    def _push(self):
        if self._waiting:
            count = self._stream.write(self._waiting) or 0
            self._waiting = self._waiting[count:]

    def put(self, octets):
        """To be said."""
        self._waiting += octets
        try:
            self._push()
        except OSError:
            self._broken = True

    def said(self, count):
        """At most so many octets that are to be sent now."""
        data = self._pipe.goes[:count]
        self._pipe.goes = self._pipe.goes[count:]
        return data

    def close(self):
        """It is over: the memory of Mbed TLS is given back."""
        self._stream.close()
