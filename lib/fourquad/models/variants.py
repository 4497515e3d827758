"""Versions of a model, by a name, a type of current input or options of their own: other settings, more
tables.

A row of VARIANTS is (name, changes of CHOICES by offset, module next to the model's with what this version
adds, or None). A row of OPTIONS is (name, module) of what any version can have. Such a module has
tables with the model's names (PARTS, REGIONS, STORAGE ...), which go on where the model's end; CHOICES and
DEFAULTS of an option are changes of these columns by offset.
"""

from fourquad.points import columns as c


class Variant:
    """A model's tables, with other settings and more rows under another name. They are joined when they are
    asked for: who needs a table once leaves nothing in memory.
    """

    def __init__(self, module, name, ct, options=()):
        self.__name__ = module.__name__
        self.NAME = name
        self._module = module
        self._options = options
        self.more = besides(module, name, options)  # modules of what it has besides
        self._ct = ct
        _named(_inputs(module), ct)

    def __getattr__(self, key):
        if key == "SETTINGS":
            return settings(self._module, self.NAME, self._ct, self._options)
        found = getattr(self._module, key, None)
        for more in self.more:
            rows = getattr(more, key, None)
            if isinstance(rows, tuple):
                found = (found or ()) + rows
            elif found is None:
                found = rows
        return getattr(self._module, key) if found is None else found

    def __dir__(self):
        names = set(dir(self._module))
        for more in self.more:
            names.update(dir(more))
        return sorted(names)


def besides(model, name, options=()):
    """The modules of what a version of `model` adds to it, with those options that the model knows."""
    more = added(model, name)
    modules = [more] if more else []
    for option, module in getattr(model, "OPTIONS", ()):
        if option in options:
            modules.append(_beside(model, module))
    return modules


def _beside(model, module):
    return __import__(model.__name__ + "." + module, None, None, ("PARTS",))


def added(model, name):
    """The module of what the version `name` adds, or None."""
    _, module = _named(_variants(model), name)
    return _beside(model, module) if module else None


def settings(model, variant=None, ct=None, options=()):
    """The rows of `model.SETTINGS` as a variant of the model, a type of current input and options have them.

    `variant` is a name in `model.VARIANTS`, `ct` a name in `model.CT_TYPES`; None is the first of each;
    ValueError if it is none.
    """
    choices, _ = _named(_variants(model), variant)
    defaults, *others = _named(_inputs(model), ct)
    for each in others:
        choices += each
    rows = []
    joined = model.SETTINGS
    for more in besides(model, variant, options):
        joined += getattr(more, "SETTINGS", ())
        choices += getattr(more, "CHOICES", ())
        defaults += getattr(more, "DEFAULTS", ())
    for row in joined:
        for changes, column in ((choices, c.CHOICES), (defaults, c.DEFAULT)):
            for offset, value in changes:
                if offset == row[c.OFFSET]:
                    row = row[:column] + (value,) + row[column + 1 :]
        rows.append(row)
    if len(joined) > len(model.SETTINGS):
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
