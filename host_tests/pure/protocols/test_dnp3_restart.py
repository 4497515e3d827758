"""A transport function that restarts forgets what it had begun (IEEE 1815, 8.2)."""

from fourquad.protocols.dnp3.transport import FIN, FIR, Transport


def test_a_fragment_that_was_begun_before_a_restart_is_not_finished():
    for restart in (False, True):
        transport = Transport(64)
        assert transport.receive(bytes((FIR | 5,)) + b"ab", 3, 1, 0) == 0
        if restart:
            transport.restart()
        length = transport.receive(bytes((FIN | 6,)) + b"cd", 3, 1, 0)
        assert length == (0 if restart else 4)
        if not restart:
            assert bytes(transport.buffer[:length]) == b"abcd"
