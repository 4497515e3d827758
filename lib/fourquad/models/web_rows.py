"""Builders for a model's pages (web_pages.py). No board loads them: what they build goes to the browser as
JSON, in which {name} stands for what is chosen on the page.
"""


def block(kind, **more):
    """Anything that the pages' program knows by the name `kind` (fourquad_tools/web/*.js: BLOCKS)."""
    return dict(more, t=kind)


def page(route, title, refresh=0, *blocks, source=None, choices=(), admin=False, only=None, menu=None):
    """A page at `route`, whose part before "/" is its group in the menu. `source`: whose values it asks the
    meter for, every `refresh` s (0: once); `admin`: for administrators only; `only`: of this version or with
    this option only; `menu`: its name there, if not its title.
    """
    told = {"title": title, "refresh": refresh, "source": source or (None if "/" in route else route)}
    told["blocks"] = list(blocks)
    more = {"choices": list(choices), "admin": admin, "only": only, "menu": menu}
    return (route, dict(told, **{name: value for name, value in more.items() if value}))


def choice(name, label, *options):
    """Something to choose on a page: (value, text) of each; {name} is the value. A third of an option is a
    dict of more words that stand for something while it is chosen.
    """
    return {"name": name, "label": label, "options": [list(each) for each in options]}


def card(title, route, *lines):
    """Some values (label, unit, key), and the page that has all."""
    return {"title": title, "to": route, "rows": [list(each) for each in lines]}


def cards(*those):
    """Cards side by side."""
    return block("cards", cards=list(those))


def table(head, *lines, caption=None):
    """Values below a head: (label, unit, keys) and, if not three, decimals. A key is a name among the values,
    with .0 its first item, with abs: before it the length of a pair; None: there is none.
    """
    found = [list(each[:2]) + [list(each[2])] + list(each[3:]) for each in lines]
    return block("table", head=list(head), rows=found, caption=caption)


def bars(caption, what, first, span, *series):
    """A bar chart of lists and their numbers. `first`: what the first value of a list is; `span`: which are
    shown, "2-31"; series: (name, key, colour a to d).
    """
    return block("bars", caption=caption, what=what, first=first, span=span, series=[list(s) for s in series])


def phasor(caption, *groups, pairs=False):
    """Arrows: (name, key of the magnitude, key of the degrees by which it lags or None for 0, colours), each
    group to a scale of its own; with `pairs` the first key is of a real and imaginary part.
    """
    return block(
        "phasor", caption=caption, groups=[[list(a) for a in group] for group in groups], pairs=pairs
    )


def rows(path, name, *columns, caption=None, empty=None, decode=None):
    """Rows of the list `name` that a path says: (head, key) and, if not 0, decimals of each column."""
    found = [list(each) for each in columns]
    return block("rows", path=path, list=name, columns=found, caption=caption, empty=empty, decode=decode)


def text(*paragraphs):
    """Words."""
    return block("text", p=list(paragraphs))


def action(label, button, writes, confirm, **more):
    """A row of the block "actions": what is written, as (id, value), once the question is answered."""
    return dict(more, label=label, button=button, writes={str(i): v for i, v in writes}, confirm=confirm)


def form(name, *only, title=None, reset=False, admin=False):
    """A form of the server: all of its settings, or `only` those ids; `reset`: they take effect with the
    reset of the network module.
    """
    return block("form", form=name, only=[int(i) for i in only], title=title, reset=reset, admin=admin)
