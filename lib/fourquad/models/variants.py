"""Versions of a model, by a name or a type of current input of their own: other settings, more tables.

A row of VARIANTS is (name, changes of CHOICES by offset, module beside the model's that has what this version
has besides, or None). Such a module has tables with the model's names (PARTS, REGIONS, STORAGE ...), which go
on where the model's end.
"""

from fourquad.points import columns as c


class Variant:
    """A model's tables, with other settings and more rows under another name. They are joined when they are
    asked for: who needs a table once leaves nothing in memory.
    """

    def __init__(self, module, name, ct):
        self.__name__ = module.__name__
        self.NAME = name
        self._module = module
        self._more = added(module, name)
        self._ct = ct
        _named(_inputs(module), ct)

    def __getattr__(self, key):
        if key == "SETTINGS":
            return settings(self._module, self.NAME, self._ct)
        rows = getattr(self._module, key, None)
        more = getattr(self._more, key, None)
        if isinstance(more, tuple):
            return (rows or ()) + more
        return getattr(self._module, key)

    def __dir__(self):
        return sorted(set(dir(self._module) + dir(self._more)))


def added(model, name):
    """The module of what the version `name` has besides, or None."""
    _, module = _named(_variants(model), name)
    if not module:
        return None
    return __import__(model.__name__ + "." + module, None, None, ("PARTS",))


def settings(model, variant=None, ct=None):
    """The rows of `model.SETTINGS` as a variant of the model and a type of current input have them.

    `variant` is a name in `model.VARIANTS`, `ct` a name in `model.CT_TYPES`; None is the first of each;
    ValueError if it is none.
    """
    choices, _ = _named(_variants(model), variant)
    defaults, *others = _named(_inputs(model), ct)
    for each in others:
        choices += each
    rows = []
    more = getattr(added(model, variant), "SETTINGS", ())
    for row in model.SETTINGS + more:
        for changes, column in ((choices, c.CHOICES), (defaults, c.DEFAULT)):
            for offset, value in changes:
                if offset == row[c.OFFSET]:
                    row = row[:column] + (value,) + row[column + 1 :]
        rows.append(row)
    if more:
        rows.sort(key=lambda row: row[c.OFFSET])
    return tuple(rows)


def _variants(model):
    """The versions of a model, itself alone where it names none."""
    return getattr(model, "VARIANTS", ((model.NAME, (), None),))


def _inputs(model):
    """The types of current input of a model; one without a name where it has no choice."""
    return getattr(model, "CT_TYPES", ((None, ()),))


def _named(table, name):
    """What the row of a name says; of the first row without one."""
    for known, *said in table:
        if name is None or known == name:
            return said
    raise ValueError(name)
