"""Keys, digests and ciphers of the user-based security model (RFC 3414, RFC 7860, RFC 3826)."""

import hashlib

# Authentication protocols by the setting: name of the hash, octets of its digest, octets in a message.
AUTHENTICATION = ((None, 0, 0), ("sha1", 20, 12), ("sha256", 32, 24))
PASSWORDS = 1 << 20  # octets of the password, said over and over, of which a key is made
SHORTEST = 8  # octets of a password

_BLOCK = 64  # octets of both hashes
_SLICE = 1024  # octets of a password at a time: a millisecond
_CHUNK = 128  # octets of a cipher at a time: 2 ms
_AES = 16
_ECB, _CBC = 1, 2  # modes of MicroPython's cryptolib


def hash_of(protocol):
    """What makes a hash of a protocol (1, 2); None where there is none."""
    return getattr(hashlib, AUTHENTICATION[protocol][0], None)


class Key:
    """The key of a password, made a slice at a time (RFC 3414, A.2)."""

    def __init__(self, make, password):
        self._hash = make()
        self._octets = password * (_SLICE // len(password))
        self._left = PASSWORDS

    def step(self):
        """The key, or None while there is more to do."""
        some = self._octets
        if self._left < len(some):
            some = some[: self._left]
        self._hash.update(some)
        self._left -= len(some)
        return None if self._left else self._hash.digest()


def localised(make, key, engine):
    """The key that an engine has of a password's (RFC 3414, A.2)."""
    h = make()
    h.update(key + engine + key)
    return h.digest()


class Mac:
    """HMAC with a key, of a message that has `size` octets of it within (RFC 2104)."""

    def __init__(self, make, key, size):
        self._make = make
        self.size = size
        key += bytes(_BLOCK - len(key))
        self._inner = bytes([octet ^ 0x36 for octet in key])
        self._outer = bytes([octet ^ 0x5C for octet in key])

    def of(self, message, end, hole):
        """The octets for message[:end], in which they are from `hole` on: there it is read as zeros."""
        view = memoryview(message)
        h = self._make(self._inner)
        h.update(view[:hole])
        h.update(bytes(self.size))
        h.update(view[hole + self.size : end])
        o = self._make(self._outer)
        o.update(h.digest())
        return o.digest()[: self.size]


def encrypt(cipher, key, iv, buffer, begin, end):
    """buffer[begin:end] becomes what AES-128 in CFB mode makes of it, the same octets for more; a generator,
    by slices of _CHUNK octets.

    The stream that is added is what CBC makes of the vector and of the text, a block late: each block of
    cipher text is the text's plus that of the stream.
    """
    aes = cipher(key, _CBC, bytes(_AES))
    view = memoryview(buffer)
    last = iv
    for at in range(begin, end, _CHUNK):
        size = min(_CHUNK, end - at)
        text = bytes(view[at : at + size])
        stream = aes.encrypt((last + text)[: _up(size)])
        _add(view, at, text, stream, size)
        last = text[-_AES:]
        yield


def decrypt(cipher, key, iv, data):
    """What was encrypted, as bytes."""
    aes = cipher(key, _ECB)
    view = memoryview(data)
    out = bytearray(len(data))
    to = memoryview(out)
    last = iv
    for at in range(0, len(data), _CHUNK):
        size = min(_CHUNK, len(data) - at)
        text = bytes(view[at : at + size])
        stream = aes.encrypt((last + text)[: _up(size)])
        _add(to, at, text, stream, size)
        last = text[-_AES:]
    return bytes(out)


def _up(size):
    return (size + _AES - 1) // _AES * _AES


def _add(to, at, text, stream, size):
    """Put text + stream (without carries) into to[at:]."""
    some = int.from_bytes(text, "little") ^ int.from_bytes(stream[:size], "little")
    to[at : at + size] = some.to_bytes(size, "little")
