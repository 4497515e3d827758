"""Which display a model's table is for: its menu, its screen and the layout of that on a framebuffer.

A table that says nothing is a menu of four rows; PANEL = "lists" is a display that goes through lists. The
kinds are the folders of this package.
"""


def make(table, points):
    """The menu of a panel and the screen that it fills."""
    if getattr(table, "PANEL", "rows") == "lists":
        from fourquad.display.lists.carousel import Carousel
        from fourquad.display.lists.matrix import Matrix

        return Carousel(table, points), Matrix()
    from fourquad.display.rows.menu import Menu
    from fourquad.display.rows.screen import Screen

    return Menu(table, points), Screen()


def layout(table, screen, fb):
    """What draws such a screen on a framebuffer of 128x64."""
    if getattr(table, "PANEL", "rows") == "lists":
        from fourquad.display.lists.matrix_layout import MatrixLayout

        return MatrixLayout(screen, fb)
    from fourquad.display.rows.framebuffer import Layout

    return Layout(screen, fb)


def keys(table):
    """The keys of a panel."""
    from fourquad.display.keys import Keys

    return Keys(len(table.KEYS), table.CHORDS, getattr(table, "HOLDS", ()))
