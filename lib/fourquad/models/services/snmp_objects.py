"""Builders for the objects of an SNMP agent: rows with the columns of protocols/snmp/__init__.py."""

# Tags of values, as protocols/snmp/__init__.py has them.
INTEGER = 0x02
GAUGE = 0x42


def scalars(group, first, point, count=1, scale=None, tag=INTEGER, step=1):
    """Objects with one instance each: points from `point` on. `scale`: the counts that 1 of a point is; None:
    the point is a whole number.
    """
    return (bytes((group,)), first, count, 0, 1, point, step, 0, tag, scale, False)


def columns(group, table, point, count, rows, step, down=1, scale=None, tag=INTEGER, online=False, column=2):
    """`count` columns of a table, from `column` on, with `rows` rows from 1 on: the points of two columns are
    `step` apart, those of two rows `down`. `online`: only rows of I/O modules that are connected are there.
    """
    return (bytes((group, table, 1)), column, count, 1, rows, point, step, down, tag, scale, online)


def matrix(group, table, point, first, count, step, low, high, column=3):
    """A column with two indexes: numbers from `first` on, whose points are `step` apart, and those from `low`
    to `high`, which are next to each other.
    """
    return (
        bytes((group, table, 1, column)),
        first,
        count,
        low,
        high - low + 1,
        point,
        step,
        1,
        INTEGER,
        None,
        False,
    )
