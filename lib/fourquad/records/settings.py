"""Small files of integers and of bytes: old or new after a power cut, never a mix.

A file: "FQS", version (1 byte), length of its name (1 byte), the name, count (16 bits), the contents, CRC-32
of all before it; little-endian. Version 1 has `count` values of 32 bits, signed; version 2 `count` bytes.
"""

from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

_VALUES = 1
_BYTES = 2
_WIDTHS = (0, 4, 1)  # bytes that are counted as one, by version
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
        data = self.load_bytes(name, _VALUES)
        if data is None or len(data) != 4 * count:
            return None
        return [unpack_from("<i", data, 4 * i)[0] for i in range(count)]

    def save(self, name, values):
        """Commit `values` (integers of 32 bits, signed). ValueError: out of range. OSError: flash full or
        broken.
        """
        data = bytearray(4 * len(values))
        for i in range(len(values)):
            if not _LOW <= values[i] <= _HIGH:
                raise ValueError("setting out of the range of 32 bits")
            pack_into("<i", data, 4 * i, values[i])
        self.save_bytes(name, data, _VALUES)

    def load_bytes(self, name, version=_BYTES):
        """The bytes last saved under the name; None if there are none. OSError: flash."""
        data = self._files.read(name + ".set")
        return None if data is None else decode(data, name, version)

    def save_bytes(self, name, data, version=_BYTES):
        """Commit `data`, at most 65535 bytes. OSError: flash full or broken."""
        data = encode(data, name, version)
        if self._files.read(name + ".set") != data:
            self._files.write(name + ".set", data)


def encode(data, name, version):
    """The bytes of a file with the contents `data`. ValueError: a name or a size that cannot be."""
    text = name.encode()
    at = 7 + len(text)
    end = at + len(data)
    count = len(data) // _WIDTHS[version]
    if not 1 <= len(text) <= 32 or count > 0xFFFF:
        raise ValueError("name or size of a file")
    out = bytearray(end + 4)
    out[0:5] = b"FQS" + bytes((version, len(text)))
    out[5 : at - 2] = text
    pack_into("<H", out, at - 2, count)
    out[at:end] = data
    put_crc32(out, end, out, end)
    return out


def decode(data, name, version):
    """The contents of a file's bytes; None unless it is whole and has that name and version."""
    text = name.encode()
    at = 7 + len(text)
    end = len(data) - 4
    if end < at or data[0:5] != b"FQS" + bytes((version, len(text))) or data[5 : at - 2] != text:
        return None
    crc = bytearray(4)
    put_crc32(data, end, crc, 0)
    if data[end:] != crc or at + _WIDTHS[version] * unpack_from("<H", data, at - 2)[0] != end:
        return None
    return data[at:end]
