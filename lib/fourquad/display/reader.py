"""What all displays have: a look at points that the meter may not have."""


class Reader:
    """The base of what has `_points`."""

    def _read(self, pid, default=0):
        """The value of a point; `default` where the meter has none."""
        try:
            return self._points.read(pid)
        except KeyError:
            return default
