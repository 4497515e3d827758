"""A protocol on a serial port of the board."""


class ModbusPort:
    """`uart`: hal.uart.Port that sends from `slave.answer`; `baud` and `parity`: point ids of its
    settings.
    """

    def __init__(self, uart, slave, points, baud, parity):
        self._uart = uart
        self._slave = slave
        self._points = points
        self._baud = baud
        self._parity = parity
        self._request = bytearray(len(slave.answer) + 4)
        self._sending = 0
        self.seen = 0  # 1 a frame came, 2 one was answered; whoever shows it sets it back
        self.follow()

    def poll(self):
        """Answer a request if there is one; how many milliseconds its answer will be on the line, or 0."""
        uart = self._uart
        if self._sending:
            if uart.sending():
                return 0
            self._sending = 0
        length = uart.frame(self._request)
        if not length:
            return 0
        if length > len(self._request):
            length = len(self._request)
        n = self._slave.run(self._request, length, uart.age())
        self.seen |= 1
        if not n:
            return 0
        uart.send(n)
        self._sending = n
        self.seen = 2
        return uart.duration(n)

    def follow(self):
        """Take over a change of speed or parity, behind the answer that confirmed it."""
        baud = self._points.read(self._baud)
        parity = self._points.read(self._parity)
        if (baud != self._uart.baud or parity != self._uart.parity) and not self._sending:
            self._uart.configure(baud, parity)

    def stop(self):
        """Leave the line."""
        self._uart.stop()
