"""Characters beyond what the inbox holds: the beginning stays, the last ones stay, in any portions."""

from fourquad.protocols.iec62056.inbox import SIZE, Inbox

TAIL = 32
STREAM = bytes([(7 * i + i // 256) & 0xFF for i in range(1000)])
PORTIONS = (
    (300, 40),
    (288, 40),
    (287, 40),
    (320, 1),
    (319, 2),
    (100, 250),
    (10, 500),
    (1, 320),
    (300, 30, 30, 30),
)


def filled(portions):
    inbox = Inbox()
    at = 0
    lost = False
    for n in portions:
        lost = inbox.put(STREAM[at : at + n], n) or lost
        at += n
    return inbox, at, lost


def test_what_fits_is_kept_whole():
    for portions in ((320,), (300, 20), (1, 2, 3), (319, 1)):
        inbox, total, lost = filled(portions)
        assert not lost and inbox.lost == -1
        assert bytes(inbox.data[: inbox.waiting]) == STREAM[:total]


def test_beginning_and_end_stay():
    for portions in PORTIONS:
        inbox, total, lost = filled(portions)
        assert lost and len(inbox.data) == SIZE, portions
        kept = bytes(inbox.data[: inbox.waiting])
        assert inbox.lost == SIZE - TAIL, portions
        assert kept[: inbox.lost] == STREAM[: inbox.lost], portions
        tail = kept[inbox.lost :]
        assert 0 < len(tail) <= TAIL and tail == STREAM[total - len(tail) : total], portions
