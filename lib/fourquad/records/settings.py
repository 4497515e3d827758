"""Small files of integers and of bytes: old or new after a power cut, never a mix.

A file: "FQS", version (1 byte), length of its name (1 byte), the name, count (16 bits), the contents, CRC-32
of all before it; little-endian. Version 1 has `count` values of 32 bits, signed; version 2 `count` bytes.
"""

from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

_VALUES = 1
_BYTES = 2
_LOW = -(1 << 31)
_HIGH = (1 << 31) - 1


class SettingsStore:
    """Files in `files`, an object with `read(name)` -> bytes or None and `write(name, data)`, which is
    atomic.

    The names begin with the model's, so that a meter that is switched to another model and back has its files
    still.
    """

    def __init__(self, files):
        self._files = files

    def load(self, name, count):
        """The `count` values last saved under the name, as a list; None if there are none that fit.
        OSError: flash.
        """
        data = self._files.read(_file_name(name))
        return None if data is None else decode(data, name, count)

    def save(self, name, values):
        """Commit `values` (integers of 32 bits, signed). ValueError: out of range. OSError: flash full or
        broken.
        """
        self._write(name, encode(name, values))

    def load_bytes(self, name):
        """The bytes last saved under the name; None if there are none. OSError: flash."""
        data = self._files.read(_file_name(name))
        at = 7 + len(name)
        whole = data is not None and len(data) >= at + 4 and _is_whole(data, name, _BYTES, 1)
        return data[at:-4] if whole else None

    def save_bytes(self, name, data):
        """Commit `data`, at most 65535 bytes. OSError: flash full or broken."""
        out, at = _begin(name, _BYTES, len(data), len(data))
        out[at : at + len(data)] = data
        self._write(name, _finish(out))

    def _write(self, name, data):
        name = _file_name(name)
        if self._files.read(name) != data:
            self._files.write(name, data)


def _file_name(name):
    return name + ".set"


def _begin(name, version, count, size):
    """A file's bytes up to the contents, of `size` bytes, and where these begin."""
    text = name.encode()
    if not 1 <= len(text) <= 32 or count > 0xFFFF:
        raise ValueError("name or size of a file")
    at = 7 + len(text)
    data = bytearray(at + size + 4)
    data[0:5] = b"FQS" + bytes((version, len(text)))
    data[5 : at - 2] = text
    pack_into("<H", data, at - 2, count)
    return data, at


def _finish(data):
    put_crc32(data, len(data) - 4, data, len(data) - 4)
    return bytes(data)


def _is_whole(data, name, version, width):
    """Whether a file is of that name and version, complete and as it was written; a value has `width`
    bytes.
    """
    text = name.encode()
    at = 7 + len(text)
    size = len(data) - 4
    if data[0:5] != b"FQS" + bytes((version, len(text))) or data[5 : at - 2] != text:
        return False
    crc = bytearray(4)
    put_crc32(data, size, crc, 0)
    return data[size:] == crc and at + width * unpack_from("<H", data, at - 2)[0] == size


def encode(name, values):
    """The bytes of a file of integers."""
    data, at = _begin(name, _VALUES, len(values), 4 * len(values))
    for value in values:
        if not _LOW <= value <= _HIGH:
            raise ValueError("setting out of the range of 32 bits")
        pack_into("<i", data, at, value)
        at += 4
    return _finish(data)


def decode(data, name, count):
    """The values in the bytes of a file of integers; None unless it is whole and for that name and count."""
    at = 7 + len(name)
    if len(data) != at + 4 * count + 4 or not _is_whole(data, name, _VALUES, 4):
        return None
    return [unpack_from("<i", data, at + 4 * i)[0] for i in range(count)]
