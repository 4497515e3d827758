"""Models: immutable tables that say which meter Fourquad is to the outside."""

# Versions of a model that are chosen by a name of their own, and the folder that holds their tables.
VARIANT_OF = {"kw320q": "kw320"}


class Variant:
    """A model's tables, with other settings under another name."""

    def __init__(self, module, name, ct):
        for key in dir(module):
            setattr(self, key, getattr(module, key))
        self.NAME = name
        self.SETTINGS = settings(module, name, ct)


def load(name, ct=None):
    """The tables of the model `name`, a folder of this package or in VARIANT_OF; ImportError if there is
    none.

    `ct` is a name in its CT_TYPES, for other defaults than those of the first; ValueError if it is none.
    """
    folder = VARIANT_OF.get(name, name)
    path = "fourquad.models." + folder
    module = __import__(path)
    for part in path.split(".")[1:]:
        module = getattr(module, part)
    return module if folder == name and ct is None else Variant(module, name, ct)


def settings(model, variant=None, ct=None):
    """The rows of `model.SETTINGS` as a variant of the model and a type of current input have them.

    `variant` is a name in `model.VARIANTS`, `ct` a name in `model.CT_TYPES`; None is the first of each.
    """
    choices = _named(model.VARIANTS, variant)
    defaults = _named(model.CT_TYPES, ct)
    rows = []
    for row in model.SETTINGS:
        for offset, allowed in choices:
            if offset == row[0]:
                row = row[:6] + (allowed,) + row[7:]
        for offset, default in defaults:
            if offset == row[0]:
                row = row[:3] + (default,) + row[4:]
        rows.append(row)
    return tuple(rows)


def _named(table, name):
    for row in table:
        if name is None or row[0] == name:
            return row[1]
    raise ValueError(name)
