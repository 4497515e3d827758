"""Models: immutable tables that say which meter Fourquad is to the outside."""

# The folders of this package; an image has those that it was built for. A board that nobody has told which
# meter to be is the first.
NAMES = ("kw320", "a1000", "acurev1312", "s4100", "acurev2020")

# Versions of a model that are chosen by a name of their own, and the folder that holds their tables.
VARIANT_OF = (("kw320q", "kw320"),)


def load(name, ct=None, options=()):
    """The tables of the model `name`, a folder of this package or in VARIANT_OF; ImportError if there is
    none.

    `ct` is a name in its CT_TYPES, for other defaults than those of the first; ValueError if it is none.
    `options`: names of what it is to have in addition; those that are not in its OPTIONS do nothing.
    """
    folder = name
    for variant, base in VARIANT_OF:
        if name == variant:
            folder = base
    # with a name to look for it is the folder itself, also where a board has forgotten this package meanwhile
    module = __import__("fourquad.models." + folder, None, None, ("PARTS",))
    options = [option for option, _ in getattr(module, "OPTIONS", ()) if option in options]
    if folder == name and ct is None and not options:
        return module
    # takes heap: imported where it is needed
    from fourquad.models.variants import Variant

    return Variant(module, name, ct, options)


def port(name, speaks, address, link="uart", protocol=None, baud=None, parity=None):
    """A row of PORTS, in the order of points/columns.py."""
    return (name, link, protocol, address, baud, parity, speaks)
