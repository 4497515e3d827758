"""What chapters 4.6 and 6.3.8 of the KW320's manual say of waveforms and of events of power quality, from
their text alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from paper_meter import PaperMeter

from fourquad_tools.utility.errors import Refused

Group = tuple[list[int], list[list[int]]]  # 16 words of time and reasons; 1280 samples of six channels


class PaperWaves(PaperMeter):
    """8E00H-8E43H, 8CFDH-8D4FH."""

    def __init__(self, groups: Sequence[Group], events: Sequence[list[int]] = ()) -> None:
        super().__init__()
        self.groups = list(groups)
        self.events = list(events)
        self.group = self.number = 1
        self.first, self.many = 1, 10
        self.waves_status = 0x0B
        self.lost: set[int] = set()  # requests whose answers do not arrive

    def _put(self, address: int, word: int) -> None:
        if address == 0x8E00:
            if not 1 <= word <= len(self.groups):
                raise Refused(3, "8E00H")
            self.group = word
        elif address == 0x8E01:
            if word > 121:
                raise Refused(3, "8E01H")
            self.number = word
        elif address == 0x8CFE:
            if not 1 <= word <= len(self.events):
                raise Refused(3, "8CFEH")
            self.first = word
        elif address == 0x8CFF:
            if not 1 <= word <= 10:
                raise Refused(3, "8CFFH")
            self.many = word
        else:
            super()._put(address, word)

    def read(self, address: int, count: int) -> list[int]:
        words = super().read(address, count)
        if (address, count) == (0x8E00, 68):
            # "unless user retrieves all data from 8E00H to 8E43H in one time"
            if self.number:
                self.number = min(121, self.number + 1)
            elif self.group + 4 <= len(self.groups):
                self.group += 4
        if self.requests in self.lost:
            raise LostAnswer
        return words

    def _get(self, a: int) -> int:
        if 0x8E00 <= a <= 0x8E03:
            return (self.group, self.number, self.waves_status, len(self.groups))[a - 0x8E00]
        if 0x8E04 <= a <= 0x8E43:
            return self._words()[a - 0x8E04] & 0xFFFF
        if 0x8CFD <= a <= 0x8CFF:
            return (len(self.events), self.first, self.many)[a - 0x8CFD]
        if 0x8D00 <= a <= 0x8D4F:
            n, word = divmod(a - 0x8D00, 8)
            place = self.first - 1 + n
            return self.events[place][word] if n < self.many and place < len(self.events) else 0
        return super()._get(a)

    def _words(self) -> list[int]:
        if not self.number:
            reasons = [word for group, _ in self.groups[self.group - 1 :][:4] for word in group]
            return reasons + [0] * (64 - len(reasons))
        head, samples = self.groups[self.group - 1]
        if self.number == 1:
            return head + [0] * 48
        block, cycle = divmod(self.number - 2, 10)
        after, channel = divmod(block, 6)
        begin = 64 * (10 * after + cycle)
        return samples[channel][begin : begin + 64]


class LostAnswer(Exception):
    """The meter has done what was asked, and nobody hears of it."""
