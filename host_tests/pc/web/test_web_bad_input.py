"""Wrong input in each field of each form, of a kw320q (whose pages are those of a kw320, and more) and of an
acurev2020, in Chromium: as an administrator, wide and narrow; past the form; and as a user.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from simulated import Simulated
from test_web_forms import save_button, told

from browser.chromium import NARROW, WIDE, Browser
from fourquad_tools.web.layout import layout

pytestmark = pytest.mark.thorough
MODELS = {"kw320q": "kw320", "acurev2020": "acurev2020"}  # and the folder of its pages
FORMS = [
    (model, route, block["form"], block["reset"])
    for model, folder in MODELS.items()
    for route, page in layout(folder)["pages"].items()
    for block in page["blocks"]
    if block["t"] == "form"
]


@pytest.fixture(scope="module")
def meters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A meter of a model, which is there from when it is first asked for."""
    made: list[Simulated] = []

    @functools.cache
    def meter(model: str) -> Simulated:
        made.append(Simulated(tmp_path_factory.mktemp(model), model=model, nets=("http",)))
        return made[-1]

    yield meter
    for one in made:
        one.close()


def entered(window: Browser, meters: Any, model: str, level: str) -> Browser:
    """The browser on the pages of a model."""
    browser = window.at(meters(model).net["http"])
    browser.login(level, {"user": "view", "admin": "admin"}[level])
    return browser


def bad_values(row: dict[str, Any], about: dict[str, Any]) -> list[str]:
    """What the field of a setting must not take; none where it is a choice."""
    if about.get("k") == "address":
        return ["1.2.3", "1.2.3.256", "a.b.c.d", "", "1.2.3.4.5", "1.2.3.-4"]
    if "text" in row:
        return ["\u00c4", "x" * (row["longest"] + 1)] + ([""] if row["shortest"] else [])
    if row.get("choices") or any(key in about for key in ("o", "b", "list")):
        return []
    if about.get("k") == "moment":
        return ["1999-12-31T23:59:59", "2034-02-01T00:00:00"]
    if about.get("k") == "point":
        return ["655.36", "-0.01", "x", "", "1e2"]  # of a frequency, which is what it watches at first
    scale = about.get("s", 1)
    values = [f"{count * scale:.6f}" for count in (row["high"] + 1, row["low"] - 1, row["low"] + 0.5)]
    return [*values, "x", "", "1e2", "0x10", "--1", "1 2"]


def is_plain(row: dict[str, Any], about: dict[str, Any]) -> bool:
    """Whether a setting is a number that takes its neighbours."""
    return not (row.keys() & {"text", "secret", "choices"} or about.keys() & {"k", "b", "list"})


def refused_values(row: dict[str, Any]) -> list[Any]:
    """What the meter must refuse of who writes past the form."""
    if "longest" in row:
        short = ["x" * (row["shortest"] - 1)] if row["shortest"] > 1 else []
        return ["x" * (row["longest"] + 1), "\u00c4", "\u0007", 7, None, *short]
    return [row["high"] + 1, row["low"] - 1, row["low"] + 0.5, "1", True, None, [1]]


# Gives what each field says of each value, and where the focus is then; the form is not sent.
TRY = """
const found = [];
for (const [id, values] of arguments[0]) {
  const input = document.getElementById(id);
  const before = input.value;
  for (const value of values) {
    input.value = value;
    input.form.requestSubmit();
    found.push([id, value, document.getElementById(id + '-error').textContent,
      input.getAttribute('aria-invalid') === 'true' && document.activeElement === input]);
  }
  input.value = before;
}
return found;
"""
# Gives the status of each value that is written past the form, as (id, value).
PAST = """
return (async () => {
  const session = await (await fetch('/api/session')).json();
  const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf};
  const found = [];
  for (const [id, value] of arguments[0]) {
    const body = JSON.stringify({[id]: value});
    found.push([id, value, (await fetch('/api/write', {method: 'POST', headers, body})).status]);
  }
  return found;
})();
"""
COUNT = """
if (!window.posts) {
  const f = window.fetch;
  window.fetch = (...a) => { if (a[0] === '/api/write') window.posts++; return f(...a); };
}
window.posts = 0;
"""


@pytest.mark.parametrize(("model", "route", "form", "reset"), FORMS, ids=[f"{m}-{f}" for m, _, f, _ in FORMS])
def test_bad_input_is_told_at_its_field_and_good_input_is_stored(
    window: Browser, meters: Any, model: str, route: str, form: str, reset: bool
) -> None:
    admin = entered(window, meters, model, "admin")
    names = layout(MODELS[model])["settings"]
    rows = {str(row["id"]): row for row in told(admin, form)}
    fields = {pid: names[pid] for pid in rows if names[pid].get("k") != "part"}
    assert fields
    bad = [
        (f"s{pid}", bad_values(rows[pid], about))
        for pid, about in fields.items()
        if "secret" not in rows[pid]
    ]
    for size in (WIDE, NARROW):
        admin.resize(size)
        admin.go(route)
        admin.run(COUNT)
        for pid in fields:
            assert admin.run("return document.getElementById(arguments[0]) !== null", f"s{pid}"), pid
        # the same program, narrow: the first of them say whether there is room for what it says
        tried = bad if size == WIDE else [(name, values[:1]) for name, values in bad]
        for name, value, error, focused in admin.run(TRY, tried):
            assert error and focused, f"{form}: {name} takes {value!r}"
        assert admin.run("return window.posts") == 0
        assert not admin.overflow(), f"{form} is too wide with what it says"
    admin.resize(WIDE)
    past = [(pid, value) for pid, row in rows.items() for value in refused_values(row)]
    for pid, value, status in admin.run(PAST, past):
        assert status == 422, f"{form}: {pid} takes {value!r} ({status})"
    assert {str(row["id"]): row for row in told(admin, form)} == rows

    def stored(pid: str, value: int) -> None:
        about, name = fields[pid], f"s{pid}"
        admin.put(name, dict(about["o"])[value] if "o" in about else f"{value * about.get('s', 1):.6g}")
        save_button(admin, name).click()
        if reset:
            admin.one("dialog button.plain").click()
        admin.says("form .bar [role=status]", "Saved.")
        assert {str(row["id"]): row for row in told(admin, form)}[pid]["value"] == value

    # the first that has room: another value, and back
    plain = [pid for pid, about in fields.items() if is_plain(rows[pid], about)]
    for pid in plain[:1]:
        row = rows[pid]
        other = row["value"] + (1 if row["value"] < row["high"] else -1)
        admin.go(route)
        stored(pid, other)
        stored(pid, row["value"])
    # or a box that is ticked, and not
    boxes = [pid for pid, about in fields.items() if "b" in about]
    for pid in [] if plain else boxes[:1] * 2:
        before = {str(row["id"]): row for row in told(admin, form)}[pid]["value"]
        admin.go(route)
        admin.one(f"#s{pid}-0").click()
        save_button(admin, f"s{pid}-0").click()
        admin.says("form .bar [role=status]", "Saved.")
        assert {str(row["id"]): row for row in told(admin, form)}[pid]["value"] == before ^ 1
    known = {"text", "secret", "choices"}
    assert plain or boxes or all(row.keys() & known for row in rows.values()), "nothing to change"


@pytest.mark.parametrize("model", MODELS)
def test_a_user_writes_nothing_of_any_form(window: Browser, meters: Any, model: str) -> None:
    user = entered(window, meters, model, "user")
    forms = sorted({form for name, _, form, _ in FORMS if name == model})
    before = {form: told(user, form) for form in forms}
    good = [(row["id"], "x" if "longest" in row else row["low"]) for rows in before.values() for row in rows]
    assert len(good) > 200
    assert {status for _, _, status in user.run(PAST, good)} == {403}
    assert {form: told(user, form) for form in forms} == before


def test_the_pages_are_those_that_are_walked() -> None:
    """Every form that a meter has is on one of them."""
    for model, folder in MODELS.items():
        walked = {form for name, _, form, _ in FORMS if name == model}
        tables = __import__(f"fourquad.models.{folder}.web", None, None, ("FORMS",))
        assert {name for name, _ in tables.FORMS} == walked
