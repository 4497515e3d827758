"""What an engine says of itself, so that a meter knows how to deal with it: the only base class."""


class Part:
    """An engine that a model names in PARTS. Everything may stay as it is here.

    The module that PARTS names has `make(meter)`, which gives the part, or None if the model's tables have
    nothing for it. It is called in the order of PARTS; `meter` has its settings, clock and chain by then, and
    the parts before this one.
    """

    name = None  # as which it is an attribute of the meter
    follows = ()  # offsets into points.SETTING: `configure` is called after a change of any of them
    after_window = ()  # slices after the readings of a window are there, ten times a second
    after_booking = ()  # slices of work after the energies of a second are booked
    after_reading = ()  # slices after all its readings are there
    on_setting = None  # on_setting(offset): the setting at this offset into points.SETTING has another value
    window = None  # window(now, ticked): a window ends at `now`; the clock was told the time at `ticked`
    wake = None  # where a part has a time, `tick` is called at it: ms ticks, within 2**28
    log = None  # its records of events (events.log)
    kept = ()  # (name in STORAGE, log) of each where it has several of them
    event_bit = None  # of points.SYSTEM_STATUS: whether there are new ones; 0 alarms, 1 sequence of events
    size = 0  # bytes in the meter's image
    layout = ()  # what these are, as far as their number does not say it
    store = None  # the module of device/ that keeps what it has besides the image (device/store.py)

    def provide(self, points, commands):
        """Answer for blocks of points, and put actions into `commands` by offset into points.COMMAND."""

    def configure(self):
        """Take over the settings."""

    def tick(self, now):
        """The time `wake` has come: sets another one."""

    def lost(self):
        """Samples were lost, or were beyond the range of the converter."""

    def fault(self, bit):
        """Something has failed: points.billing.MEMORY_FAULT ..."""

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:], without an allocation: the supply fails. The place after them."""
        return at

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        return at
