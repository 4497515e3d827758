"""Tables of properties name functions that there are: to write a property, and to take it."""

from fourquad.protocols.bacnet import cov, outputs, properties, trend
from fourquad.protocols.bacnet.ip import service


def test_each_name_is_a_function():
    for tables, whose in (
        (properties.tables(), ()),
        (service.tables_besides(), (cov, outputs)),
        (trend.TABLES, (trend,)),
    ):
        named = 0
        for kind, rows in tables:
            for prop, _, put, take in rows:
                for name, begin in ((put, "put_"), (take, "take_")):
                    if name:
                        assert name.startswith(begin), (kind, prop)
                        found = [m for m in (properties,) + whose if hasattr(m, name)]
                        assert len(found) == 1 and callable(getattr(found[0], name)), (kind, prop, name)
                        named += 1
        assert named >= 10
