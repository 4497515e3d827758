"""Settings of a model as one small file: old or new after a power cut, never a mix.

The file: "FQS", version (1 byte), length of the model's name (1 byte), the name, count (16 bits), the values
(32 bits each, signed), CRC-32 of all before it; little-endian.
"""

from struct import pack_into, unpack_from

from fourquad.records.crc32 import put_crc32

_VERSION = 1
_LOW = -(1 << 31)
_HIGH = (1 << 31) - 1


class SettingsStore:
    """Settings in `files`, an object with `read(name)` -> bytes or None and `write(name, data)`, which is
    atomic.

    Each model has a file of its own, so that a meter that is switched to another model and back has them
    still.
    """

    def __init__(self, files):
        self._files = files

    def load(self, model_name, count):
        """The `count` values last saved for the model, as a list; None if there are none that fit it.
        OSError: flash.
        """
        data = self._files.read(_file_name(model_name))
        return None if data is None else decode(data, model_name, count)

    def save(self, model_name, values):
        """Commit `values` (integers of 32 bits, signed). ValueError: out of range. OSError: flash full or
        broken.
        """
        data = encode(model_name, values)
        name = _file_name(model_name)
        if self._files.read(name) != data:
            self._files.write(name, data)


def _file_name(model_name):
    return model_name + ".set"


def encode(model_name, values):
    """The file's bytes."""
    name = model_name.encode()
    at = 5 + len(name)
    data = bytearray(at + 2 + 4 * len(values) + 4)
    if not 1 <= len(name) <= 32 or len(values) > 0xFFFF:
        raise ValueError("model name or number of settings")
    data[0:4] = b"FQS" + bytes((_VERSION,))
    data[4] = len(name)
    data[5:at] = name
    pack_into("<H", data, at, len(values))
    at += 2
    for value in values:
        if not _LOW <= value <= _HIGH:
            raise ValueError("setting out of the range of 32 bits")
        pack_into("<i", data, at, value)
        at += 4
    put_crc32(data, at, data, at)
    return bytes(data)


def decode(data, model_name, count):
    """The values in the file's bytes; None unless it is whole and for that model and count."""
    name = model_name.encode()
    at = 5 + len(name)
    size = at + 2 + 4 * count + 4
    if len(data) != size or data[0:4] != b"FQS" + bytes((_VERSION,)):
        return None
    crc = bytearray(4)
    put_crc32(data, size - 4, crc, 0)
    if data[size - 4 :] != crc or data[4] != len(name) or data[5:at] != name:
        return None
    if unpack_from("<H", data, at)[0] != count:
        return None
    return [unpack_from("<i", data, at + 2 + 4 * i)[0] for i in range(count)]
