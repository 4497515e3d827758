"""Python imports this at its start where PYTHONPATH names this folder: mpremote waits PATIENCE times as long.

It gives up by this computer's clock after 10 s without a byte; a board that is emulated beside other work may
need longer for the same.
"""

from mpremote.transport_serial import SerialTransport

PATIENCE = 6

_read_until = SerialTransport.read_until


def _patient_read_until(self, min_num_bytes, ending, timeout=10, data_consumer=None, timeout_overall=None):
    """read_until() of mpremote with longer limits; None stays without a limit."""
    longer = [None if limit is None else PATIENCE * limit for limit in (timeout, timeout_overall)]
    return _read_until(self, min_num_bytes, ending, longer[0], data_consumer, longer[1])


SerialTransport.read_until = _patient_read_until
