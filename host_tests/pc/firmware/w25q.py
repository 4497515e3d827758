"""A model of the serial flash W25Q64JV, W25Q128JV or W25Q256JV, written from Winbond's datasheets: commands
on SPI, times, what is ignored while it is busy or suspended. Virtual time: each byte takes its time on the
line, and each call of `ticks_ms` lets a little pass.
"""

from __future__ import annotations

BYTE_NS = 400  # at 20 MHz
LOOK_NS = 50_000  # of a processor that asks for the time
PAGE = 256
SECTOR = 4096
CAPACITY = {0x17: 8 << 20, 0x18: 16 << 20, 0x19: 32 << 20}
SUSPEND_NS = 20_000  # tSUS, at most

READ_STATUS_1, READ_STATUS_2 = 0x05, 0x35
ALWAYS = {READ_STATUS_1, READ_STATUS_2, 0x15, 0x75}  # decoded while an erase or a program is in progress


class W25Q:
    """Chip and SPI at once: `select(level)`, `write`, `readinto`, `write_readinto`. What the datasheet says
    that the chip ignores is ignored, and noted in `ignored`.
    """

    def __init__(self, capacity: int = 0x17, erase_ms: float = 45.0, program_ms: float = 0.7) -> None:
        self.capacity = capacity
        self.memory = bytearray(b"\xff" * CAPACITY[capacity])
        self.erase_ns = int(erase_ms * 1e6)
        self.program_ns = int(program_ms * 1e6)
        self.now = 0
        self.asleep = True
        self.enabled = False
        self.protected = 0
        self.busy_until = 0
        self.work: tuple[str, int, bytes] | None = None  # what is in progress, where, data
        self.suspended: tuple[str, int, int] | None = None  # an erase: sector's address, ns that are left
        self.suspending = False
        self.resumed_at = -(10**9)
        self.dead = False
        self.level = 1
        self.frame = bytearray()
        self.ignored: list[str] = []
        self.log: list[int] = []  # commands as they came
        self.suspensions = 0

    # Time.

    def ticks_ms(self) -> int:
        self.now += LOOK_NS
        return self.now // 1_000_000

    def sleep_us(self, us: int) -> None:
        self.now += us * 1000

    def settle(self) -> None:
        """What is over is over."""
        if self.work and self.now >= self.busy_until:
            kind, at, data = self.work
            self.work = None
            if self.suspending:
                # the suspension takes its time, then the chip is ready
                self.suspending = False
                return
            self.finish(kind, at, data)

    def finish(self, kind: str, at: int, data: bytes) -> None:
        self.enabled = False
        if kind == "erase":
            self.memory[at : at + SECTOR] = b"\xff" * SECTOR
        else:
            for i, byte in enumerate(data):
                # within the page, where an address beyond its end wraps
                place = at - at % PAGE + (at + i) % PAGE
                self.memory[place] &= byte

    @property
    def busy(self) -> bool:
        self.settle()
        return self.work is not None

    # The wires.

    def select(self, level: int) -> None:
        if self.level and not level:
            self.frame = bytearray()
        elif level and not self.level and self.frame:
            self.act(bytes(self.frame))
        self.level = level

    def exchange(self, byte: int) -> int:
        assert self.level == 0, "no chip is selected"
        self.now += BYTE_NS
        self.settle()
        self.frame.append(byte)
        return 0xFF if self.dead else self.answer()

    def write(self, data: bytes) -> None:
        for byte in bytes(data):
            self.exchange(byte)

    def readinto(self, buffer: bytearray) -> None:
        for i in range(len(buffer)):
            buffer[i] = self.exchange(0)

    def write_readinto(self, data: bytes, buffer: bytearray) -> None:
        for i, byte in enumerate(bytes(data)):
            buffer[i] = self.exchange(byte)

    # The chip.

    @property
    def four(self) -> bool:
        return self.capacity == 0x19

    def address(self, frame: bytes, size: int) -> int:
        return int.from_bytes(frame[1 : 1 + size], "big") % len(self.memory)

    def answer(self) -> int:
        code, n = self.frame[0], len(self.frame)
        if n == 1:
            self.log.append(code)
            if self.busy and code not in ALWAYS:
                self.ignored.append(f"{code:02X} while busy")
        if self.asleep or (self.busy and code not in ALWAYS):
            return 0xFF
        if code == READ_STATUS_1 and n > 1:
            return (1 if self.busy else 0) | (2 if self.enabled else 0) | self.protected
        if code == READ_STATUS_2 and n > 1:
            return 0x80 if self.suspended and not self.busy else 0
        if code == 0x9F and n > 1:
            return (0xEF, 0x40, self.capacity)[n - 2] if n < 5 else 0xFF
        size = {0x03: 3, 0x13: 4}.get(code)
        if size and n > 1 + size:
            at = (self.address(self.frame, size) + n - 2 - size) % len(self.memory)
            if self.suspended and self.suspended[1] <= at < self.suspended[1] + SECTOR:
                self.ignored.append("read of the sector that is suspended")
                return 0x5A
            return self.memory[at]
        return 0xFF

    def act(self, frame: bytes) -> None:
        """Chip select has risen after a whole command."""
        code = frame[0]
        if self.dead:
            return
        if code == 0xAB:
            self.asleep = False
            return
        if self.asleep:
            if code == READ_STATUS_1:
                return  # how one sees that it sleeps
            self.ignored.append(f"{code:02X} asleep")
            return
        if code == 0x75:
            self.suspend()
        elif self.busy:
            return
        elif code == 0x06:
            self.enabled = True
        elif code == 0x7A:
            self.resume()
        elif code in (0x20, 0x21):
            self.begin("erase", frame, 4 if code == 0x21 else 3)
        elif code in (0x02, 0x12):
            self.begin("program", frame, 4 if code == 0x12 else 3)

    def begin(self, kind: str, frame: bytes, size: int) -> None:
        if size == 4:
            assert self.four, "only a W25Q256 knows this command"
        data = frame[1 + size :]
        at = self.address(frame, size)
        if not self.enabled or self.suspended or self.protected or len(frame) <= size:
            self.ignored.append(f"{kind} that was not enabled")
            return
        if kind == "erase":
            at -= at % SECTOR
        self.work = (kind, at, data)
        self.busy_until = self.now + (self.erase_ns if kind == "erase" else self.program_ns)

    def suspend(self) -> None:
        if not self.busy or self.suspended or not self.work or self.work[0] != "erase":
            self.ignored.append("suspend of nothing")
            return
        if self.now - self.resumed_at < SUSPEND_NS:
            self.ignored.append("suspend too soon after a resume")
            return
        self.suspended = ("erase", self.work[1], self.busy_until - self.now)
        self.suspending = True
        self.busy_until = self.now + SUSPEND_NS
        self.suspensions += 1

    def resume(self) -> None:
        if not self.suspended:
            self.ignored.append("resume of nothing")
            return
        kind, at, left = self.suspended
        self.suspended = None
        self.work = (kind, at, b"")
        self.busy_until = self.now + left
        self.resumed_at = self.now

    def cut(self) -> None:
        """Power fails: an erase or a program in progress leaves every second byte undone."""
        self.settle()
        kind, at, data = self.work or ((*self.suspended[:2], b"") if self.suspended else ("", 0, b""))
        if kind == "erase":
            for i in range(0, SECTOR, 2):
                self.memory[at + i] = 0xFF
        elif kind:
            for i in range(0, len(data), 2):
                self.memory[at + i] &= data[i]
        self.work = self.suspended = None
        self.suspending = self.enabled = False
        self.asleep = False
