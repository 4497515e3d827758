"""What a KW320 must answer to any run of bytes, written from the rules and apart from the code under test.

It shares nothing with lib/ but the model's tables and the fake meter's initial values.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Callable, Iterator
from typing import Any

from protocols.modbus_fakes import FakeMeter, setting_registers

from fourquad import points as p
from fourquad.models import kw320
from fourquad.points import columns as c
from fourquad.points import modules as m


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 * (value & 1))
        table.append(value)
    return table


_TABLE = _crc_table()


def crc(data: bytes) -> int:
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]
    return value


def sealed_frame(body: bytes) -> bytes:
    return body + struct.pack("<H", crc(body))


LENGTHS = {1: 8, 2: 8, 3: 8, 4: 8, 5: 8, 6: 8, 7: 4, 8: 8, 11: 4, 12: 4, 17: 4}


def frames_of(run: bytes) -> list[bytes]:
    """The frames in a run, by the rule that each is as long as its function code says."""
    whole = [run] if 4 <= len(run) <= 256 and crc(run) == 0 else []
    found = []
    while len(run) >= 4:
        size = LENGTHS.get(run[1], 0)
        if run[1] in (15, 16) and len(run) >= 9:
            size = run[6] + 9
        if not size or size > len(run) or crc(run[:size]):
            break
        found.append(run[:size])
        run = run[size:]
    # a good frame of no known length
    return found or whole


def _absent(address: int) -> bool:
    """Whether a register is of a part that the fake has not: data logs, energies of months, power quality, a
    network port.
    """
    return 0x1100 <= address <= 0x133F or address == 0x463E or address >= 0x6000


def _fits(row: Any, value: int, others: dict[int, int]) -> bool:
    """Whether a setting may have a value with these others: 400 Hz has full-wave energies only, DNP3 has more
    addresses.
    """
    offset, low, high = row[c.OFFSET], row[c.LOW], row[c.HIGH]
    if offset == p.ENERGY_WAVE and others[p.NOMINAL_FREQUENCY] == 2:
        low = high = 1
    if offset == p.ADDRESS_1 and others[p.PROTOCOL_1] == 1:
        low, high = 0, 65519
    return low <= value <= high


class Oracle:
    """A KW320 of dictionaries. `state` is what a write may change; `expect(run)` says the allowed answers."""

    def __init__(self) -> None:
        meter = FakeMeter()
        self.settings = {row[c.OFFSET]: row[c.DEFAULT] for row in kw320.SETTINGS}
        self.energy = list(meter.energy.values)
        self.clock = [meter.state.read(i) for i in range(7)]
        self.run_time = meter.runtime.value
        self.relays = [0, 0]
        self.commands: list[int] = []
        registers = setting_registers(kw320)
        self.rows = {address: row for address, _, row in registers}
        self.doubles = {address for address, words, _ in registers if words == 2}
        self.orders = {row[c.ADDRESS]: row for row in kw320.COMMAND_REGISTERS}
        self.meter = meter
        self.image: dict[int, int] = {}  # made when a read asks for it

    def _image(self) -> dict[int, int]:
        """Every readable register."""
        words: dict[int, int] = {}

        def put(address: int, data: bytes) -> None:
            for i in range(0, len(data), 2):
                words[address + i // 2] = data[i] << 8 | data[i + 1]

        for first, count, kind, _ in kw320.REGIONS:
            if kind in ("reserved", "hole", "absent"):
                put(first, bytes(2 * count))
        side = self.meter.primary if self.settings[p.BASIC_MODE] else self.meter.secondary
        put(0x4000, struct.pack(">33f", *side[:33]))
        put(0x4042, struct.pack(">3f", *side[p.P_DEMAND : p.P_DEMAND + 3]))
        put(0x4600, struct.pack(">3f", *side[p.I1_DEMAND : p.I1_DEMAND + 3]))
        for i in range(3):
            put(0x4606 + 7 * i, struct.pack(">7H", *range(8 * (13 + i), 8 * (13 + i) + 7)))
        self._put_words(put)
        put(0x3000, struct.pack(">30f", *self.meter.fast))
        put(0x4048, struct.pack(">9i", *self.energy[:9]))
        put(0x4620, struct.pack(">15i", *self.energy[9:]))
        put(0x42A0, struct.pack(">5H", *(round(x * 10) for x in self.meter.secondary[33:38])))
        put(0x4349, struct.pack(">28I", *self.meter.io.counts))
        put(0x4385, bytes(24))  # analog values of modules that are not connected
        put(0x4439, struct.pack(">H", self.settings[p.SOE_MODULE]))
        for address, row in self.rows.items():
            value = self.settings[row[c.OFFSET]]
            put(address, struct.pack(">I" if address in self.doubles else ">H", value))
        for address, order in self.orders.items():
            put(address, struct.pack(">H", order[c.IDLE][0]))
        put(0x101C, bytes(2))
        put(0x101F, bytes(2))
        put(0x102E, bytes(2))
        put(0x1032, bytes(4))
        put(0x1034, struct.pack(">I", self.run_time))
        put(0x1036, struct.pack(">H", 1))
        put(0x103F, struct.pack(">7H", *self.clock))
        return words

    def _put_words(self, put: Callable[[int, bytes], None]) -> None:
        """Harmonics, extremes, symmetrical components."""
        waves = list(self.meter.harmonics)
        put(0x405A, struct.pack(">8H", *waves[:8]))
        at, low, high = 8, 0x4062, 0x4500
        for k in range(6):
            size = 66 if k < 3 else 65
            orders, sums = waves[at : at + 62], waves[at + 62 : at + size]
            put(low, struct.pack(f">{30 + len(sums)}H", *orders[:30], *sums))
            put(high, struct.pack(">32H", *orders[30:]))
            at += size
            low += 30 + len(sums)
            high += 0x20
        put(0x4294, struct.pack(">12h", *waves[at:]))
        put(0x4136, struct.pack(">350h", *self.meter.extremes))

    def same_as(self, meter: FakeMeter) -> bool:
        held: dict[int, int] = {}
        for group in meter.settings.groups:
            held.update(enumerate(group.values, group.first))
        return (
            all(held[offset] == value for offset, value in self.settings.items())
            and list(meter.energy.values) == self.energy
            and [meter.state.read(i) for i in range(7)] == self.clock
            and meter.runtime.value == self.run_time
            and meter.io.relays == self.relays[0] | self.relays[1] << 1
            and meter.done == self.commands
        )

    def expect(self, run: bytes) -> tuple[set[bytes], bool]:
        """The answers allowed to a run, without CRC, and whether it changes anything; executes the run."""
        unit = self.settings[p.ADDRESS_1]
        frames = frames_of(run)
        mine = [i for i, frame in enumerate(frames) if frame[0] == unit]
        answers: set[bytes] = {b""}
        changed = False
        for i, frame in enumerate(frames):
            if frame[0] == 0 and frame[1] in (5, 6, 16):
                changed |= self._execute(frame)[1]
            elif mine and i == mine[-1] and frame[1] < 128:
                answers, more = self._execute(frame)
                changed |= more
        return answers, changed

    def _execute(self, frame: bytes) -> tuple[set[bytes], bool]:
        body = frame[:-2]
        head, function = body[:2], body[1]

        def refuse(*codes: int) -> tuple[set[bytes], bool]:
            return {bytes((frame[0], function | 0x80, code)) for code in codes}, False

        if function not in (1, 2, 3, 5, 6, 16):
            return refuse(1)
        if function == 16:
            if len(body) < 7 or len(body) != 7 + body[6]:
                return refuse(3)
        elif len(body) != 6:
            return refuse(3)
        address, count = struct.unpack(">HH", body[2:6])
        if function == 3:
            if not 0 < count < 126:
                return refuse(3)
            self.image = self.image or self._image()
            try:
                words = [self.image[address + i] for i in range(count)]
            except KeyError:
                return refuse(2)
            return {head + bytes((2 * count,)) + struct.pack(f">{count}H", *words)}, False
        if function in (1, 2):
            bits = self._bits(function)
            if not 0 < count <= 2000:
                return refuse(3)
            if address + count > len(bits):
                return refuse(2)
            number = sum(bit << i for i, bit in enumerate(bits[address : address + count]))
            size = (count + 7) // 8
            return {head + bytes((size,)) + number.to_bytes(size, "little")}, False
        if function == 5:
            if count not in (0, 0xFF00):
                return refuse(3)
            if address > 1:
                return refuse(4 if address < 8 else 2)
            if self.settings[m.IO11_RELAY_WORK]:
                return refuse(4)  # they belong to the alarms
            self.relays[address] = int(count > 0)
            return {body}, True
        if function == 16 and (not 0 < count < 124 or 2 * count != body[6]):
            return refuse(3)
        data = body[4:] if function == 6 else body[7:]
        codes = self._write(address, list(struct.unpack(f">{len(data) // 2}H", data)))
        return refuse(*codes) if codes else ({body[:6]}, True)

    def _bits(self, function: int) -> list[int]:
        if function == 1:
            return [*self.relays, 0, 0, 0, 0, 0, 0]
        return [self.meter.io.inputs >> i & 1 for i in range(28)]

    def _write(self, address: int, words: list[int]) -> set[int]:
        """Store words: the set of exceptions that are right, empty if they were stored."""
        last = address + len(words) - 1
        if not any(a <= address and last <= b for a, b in kw320.WRITABLE if not _absent(a)):
            return {2}
        wrong: set[int] = set()
        settings: dict[int, int] = {}
        asked: list[tuple[Any, int]] = []
        energy = list(self.energy)
        clock = list(self.clock)
        run_time = self.run_time
        counted = True
        commands: list[int] = []
        for at, value in self._values(address, words, wrong):
            if 0x10A3 <= at <= 0x10C5 or 0x10D0 <= at <= 0x10F3:
                wrong.add(4)  # of modules that are not connected
            elif at in self.rows:
                row = self.rows[at]
                if row[c.CHOICES] and value not in row[c.CHOICES]:
                    wrong.add(3)
                settings[row[c.OFFSET]] = value
                asked.append((row, value))
            elif at in self.orders:
                _, _, _, pid, act, idle = self.orders[at]
                if value == act:
                    commands.append(pid - p.COMMAND)
                elif value not in idle:
                    wrong.add(3)
            elif 0x4048 <= at <= 0x4059 or 0x4620 <= at <= 0x463D:
                index = (at - 0x4048) // 2 if at < 0x4600 else 9 + (at - 0x4620) // 2
                value -= (value >> 31) << 32
                low = -999999999 if index in (5, 7) else 0
                if not low <= value <= 999999999:
                    wrong.add(3)
                energy[index] = value
            elif 0x103F <= at <= 0x1045:
                clock[at - 0x103F] = value
            elif at == 0x1034:
                if value > 999999999:
                    wrong.add(3)
                run_time = value
            elif at in (0x101F, 0x1036):
                wrong.add(2)
            elif (
                at in (0x1020, 0x102E, 0x1032, 0x1033, 0x1037)
                or 0x1022 <= at <= 0x102D
                or 0x10C6 <= at <= 0x10CF
            ):
                # flags of alarms and events: a bit each
                if value > (3 if at == 0x102E else 0):
                    wrong.add(3)
            elif at == 0x101C:
                if value > 1:
                    wrong.add(4 if value < 7 else 3)
                counted = counted and not value
            else:
                raise AssertionError(f"{at:04X} is not in the oracle")
        # in the range that the others as they are allow, or in that of those which come with it
        coming = {**self.settings, **settings}
        for row, value in asked:
            if not any(_fits(row, value, others) for others in (self.settings, coming)):
                wrong.add(3)
        if clock != self.clock:
            try:
                datetime.datetime(*clock[1:])
                if clock[0] > 6 or not 2000 <= clock[1] <= 2099:
                    wrong.add(3)
            except ValueError:
                wrong.add(3)
            else:
                # the weekday follows from the date, Sunday is 0
                clock[0] = datetime.datetime(*clock[1:]).isoweekday() % 7
        if not wrong:
            self._set(settings)
            self.energy, self.clock, self.run_time = energy, clock, run_time
            self.commands += commands
            if not counted:
                self.meter.io.counts[0] = 0
            self.image = {}
        return wrong

    def _set(self, settings: dict[int, int]) -> None:
        """Store settings; what does not go together with the others becomes the default."""
        work = m.IO11_RELAY_WORK
        if settings.get(work, self.settings[work]) != self.settings[work]:
            self.relays = [0, 0]  # others drive them from now on
        self.settings.update(settings)
        for row in (self.rows[0x1001], self.rows[0x1017]):
            if not _fits(row, self.settings[row[c.OFFSET]], self.settings):
                self.settings[row[c.OFFSET]] = row[c.DEFAULT]

    def _values(self, address: int, words: list[int], wrong: set[int]) -> Iterator[tuple[int, int]]:
        i = 0
        while i < len(words):
            at = address + i
            double = self._double(at)
            if double != at:
                if double is not None:
                    wrong.add(2)  # the low half alone
                else:
                    yield at, words[i]
                i += 1
            elif i + 1 == len(words):
                wrong.add(2)  # the high half alone
                i += 1
            else:
                yield at, words[i] << 16 | words[i + 1]
                i += 2

    def _double(self, at: int) -> int | None:
        """The first address of the 32-bit value that `at` belongs to."""
        for first, last in ((0x1005, 0x1006), (0x1034, 0x1035), (0x4048, 0x4059), (0x4620, 0x463D)):
            if first <= at <= last:
                return at - (at - first) % 2
        return None
