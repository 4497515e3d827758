"""The arrays that the codes of a register map name: of providers that keep their values in one (attribute
`values`, an array of 32-bit integers or floats, made once), and the map's own.
"""

from array import array

from fourquad.protocols.modbus.pack import MAX_SOURCES, bind, source_table


class Sources:
    """The arrays that codes name. `table` is what `gather` takes."""

    def __init__(self, points):
        self.table = source_table(MAX_SOURCES)
        self.bases = []  # first point id of each source, or None
        self.arrays = []  # keeps what `table` refers to alive
        self.moving = -1  # the source of the provider whose array is one or another
        self._points = points

    def add(self, values, base=None):
        """The number of a source of these values, of points from `base` on."""
        if len(self.arrays) == MAX_SOURCES:
            raise ValueError("registers: too many providers")
        bind(self.table, len(self.arrays), values)
        self.arrays.append(values)
        self.bases.append(base)
        return len(self.arrays) - 1

    def find(self, pid):
        """The source of a point and its place there; (None, 0) if it must be asked."""
        provider, base = self._points.provider(pid), self._points.base(pid)
        if base in self.bases:
            source = self.bases.index(base)
        elif has_array(provider):
            source = self.add(provider.values, base)
            if hasattr(provider, "moves"):
                self.moving = source
        else:
            return None, 0
        try:
            provider.read(pid - base)
        except (IndexError, KeyError):
            raise ValueError(f"registers: no point {pid}") from None
        return source, pid - base

    def row(self, pid, count):
        """The source of `count` points from `pid` on, which stand together there, and the place of the first;
        (None, 0) if they must be asked, or do not stand together.
        """
        source, place = self.find(pid)
        if source is None or self._points.base(pid) != self._points.base(pid + count - 1):
            return None, 0
        read = self._points.provider(pid).read
        try:
            for i in range(place + 1, place + count):
                read(i)
        except (IndexError, KeyError):
            raise ValueError(f"registers: no point after {pid}") from None
        return source, place

    def pid(self, source, place):
        """The point that has this place in the array of a provider."""
        return self.bases[source] + place

    def cell(self, pid):
        """Where the value of a point lies: (array, place), or (None, 0) if it must be asked."""
        source, place = self.find(pid)
        return (None, 0) if source is None else (self.arrays[source], place)


def has_array(provider):
    """Whether a provider keeps its values where they can be gathered."""
    values = getattr(provider, "values", None)
    return isinstance(values, array) and len(bytes(values[:1])) == 4 * len(values[:1])
