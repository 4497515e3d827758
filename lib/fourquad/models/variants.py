"""Versions of a model, by a name or a type of current input of their own: other settings, same tables."""

from fourquad.points import columns as c


class Variant:
    """A model's tables, with other settings under another name."""

    def __init__(self, module, name, ct):
        for key in dir(module):
            setattr(self, key, getattr(module, key))
        self.NAME = name
        self.SETTINGS = settings(module, name, ct)


def settings(model, variant=None, ct=None):
    """The rows of `model.SETTINGS` as a variant of the model and a type of current input have them.

    `variant` is a name in `model.VARIANTS`, `ct` a name in `model.CT_TYPES`; None is the first of each;
    ValueError if it is none.
    """
    choices = _named(getattr(model, "VARIANTS", ((model.NAME, ()),)), variant)
    defaults = _named(getattr(model, "CT_TYPES", ((None, ()),)), ct)
    rows = []
    for row in model.SETTINGS:
        for changes, column in ((choices, c.CHOICES), (defaults, c.DEFAULT)):
            for offset, value in changes:
                if offset == row[c.OFFSET]:
                    row = row[:column] + (value,) + row[column + 1 :]
        rows.append(row)
    return tuple(rows)


def _named(table, name):
    for known, changes in table:
        if name is None or known == name:
            return changes
    raise ValueError(name)
