"""Which display a model's table is for: its menu, its screen and the layout of that on a framebuffer.

A table that says nothing is a menu of four rows; PANEL = "lists" is a display that goes through lists,
"cycle" one of seven digits with two keys, "tree" one of a value with four keys. The kinds are the folders of
this package.
"""


def make(table, points):
    """The menu of a panel and the screen that it fills."""
    kind = getattr(table, "PANEL", "rows")
    if kind == "lists":
        from fourquad.display.lists.carousel import Carousel
        from fourquad.display.lists.matrix import Matrix

        return Carousel(table, points), Matrix()
    if kind == "cycle":
        from fourquad.display.cycle.menu import Cycle
        from fourquad.display.cycle.screen import Digits

        return Cycle(table, points), Digits()
    if kind == "tree":
        from fourquad.display.tree.menu import Tree
        from fourquad.display.tree.screen import Readout

        return Tree(table, points), Readout()
    from fourquad.display.rows.menu import Menu
    from fourquad.display.rows.screen import Screen

    return Menu(table, points), Screen()


def layout(table, screen, fb):
    """What draws such a screen on a framebuffer of 128x64."""
    kind = getattr(table, "PANEL", "rows")
    if kind == "lists":
        from fourquad.display.lists.matrix_layout import MatrixLayout

        return MatrixLayout(screen, fb)
    if kind == "cycle":
        from fourquad.display.cycle.layout import DigitsLayout

        return DigitsLayout(screen, fb)
    if kind == "tree":
        from fourquad.display.tree.layout import ReadoutLayout

        return ReadoutLayout(screen, fb)
    from fourquad.display.rows.framebuffer import RowsLayout

    return RowsLayout(screen, fb)


def keys(table):
    """The keys of a panel."""
    from fourquad.display.keys import Keys

    return Keys(len(table.KEYS), table.CHORDS, getattr(table, "HOLDS", ()))
