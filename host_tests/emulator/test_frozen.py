"""Functions and classes of frozen modules: constants in flash (tools/build/flash_classes.py), to a program
what they are in CPython, which is the oracle.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

import pytest
from emulated import Emulated, image

pytestmark = pytest.mark.chosen

BANNER = "Ctrl-C ends it"
# Of a meter's classes: module, name, where it is (1: flash), bases, constants, names of all else.
WALK = """
import sys
for name, module in sorted(sys.modules.items()):
    for key, kind in sorted(module.__dict__.items(), key=lambda item: item[0]):
        if type(kind) is type and name.startswith("fourquad.") and kind.__name__ == key:
            stored = kind.__dict__
            plain = {k: v for k, v in stored.items() if type(v) in (int, str, tuple, bool) and k[:2] != "__"}
            others = [k for k in stored if k not in plain and k not in ("__module__", "__qualname__")]
            print((name, key, id(kind) >> 28, [b.__name__ for b in kind.__bases__], plain, sorted(others)))
"""
# What their bodies store are no constants: an image cannot have them.
ON_THE_HEAP = {"LogFile", "Tariff"}


@pytest.fixture(scope="module")
def meter() -> Iterator[Emulated]:
    """A meter that Ctrl-C has ended."""
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board("run", ns=3e8)
        board("uart", n=0, text="\x03")
        assert board("run", ns=2e9, until="uart0", text=">>> ")["found"]
        yield board


def test_classes_of_a_meter_are_in_flash_and_are_those_of_the_source(meter: Emulated) -> None:
    rows = [ast.literal_eval(line) for line in meter.run(WALK).splitlines()]
    assert len(rows) > 50
    assert {name for _, name, place, *_ in rows if place != 1} <= ON_THE_HEAP
    compared = 0
    for module, name, _, bases, plain, others in rows:
        try:
            kind = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError:
            continue  # of MicroPython only
        if kind.__module__.split(".")[0] != "fourquad":
            continue  # array and the like
        compared += 1
        assert bases == [base.__name__ for base in kind.__bases__]
        stored = {key: value for key, value in vars(kind).items() if key in plain or key in others}
        assert {key: stored[key] for key in plain} == plain, name
        private = {"__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "__qualname__"}
        private |= {"__static_attributes__", "__firstlineno__", "__hash__"}
        assert set(vars(kind)) - private == set(plain) | set(others), name
    assert compared > 50


SUBCLASS = """
from fourquad.records.profile import ProfileRing
from fourquad.records.ring import Ring

class Flash:
    page_size = 256
    sector_size = 4096
    sectors = 64

made = ProfileRing(Flash(), 5, 6)
print(isinstance(made, Ring), issubclass(Ring, ProfileRing), type(made) is ProfileRing)
print(made._tag == b"\\xff" * 4)
print(made.count, Ring(Flash(), 1, 12, 12, span=3)._tag == b"\\xff" * 4)
"""
CHANGES = """
from fourquad.records.profile import ProfileRing
from fourquad.records.ring import Ring

class Flash:
    page_size = 256
    sector_size = 4096
    sectors = 64

class Other(ProfileRing):
    def service(self):
        return 1, super().service()

made = ProfileRing(Flash(), 5, 6)
other = Other(Flash(), 5, 6)
service = Ring.service
Ring.service = lambda self: 7
Ring.added = [1]
print(made.service(), other.service(), ProfileRing.added, made.added is Ring.added, made.capacity)
Ring.service = service
del Ring.added
print(hasattr(made, "added"), hasattr(Ring, "added"), Ring.service is service)
"""


MODULE = """
from fourquad.display import keys

class Late:
    def diff(self, a, b):
        return 19

def pressed():
    made = keys.Keys(1, ())
    made.press(0, 5)
    return made.tick(30), made.tick(500)

print(pressed())
ticks = keys.ticks
keys.ticks = Late()
keys.added = [1]
print(pressed(), keys.added)
keys.ticks = ticks
del keys.added
print(pressed(), hasattr(keys, "added"), keys.Keys.__name__, keys.__name__)
"""


@pytest.mark.parametrize("code", [SUBCLASS, CHANGES, MODULE], ids=["inherited", "changed", "module"])
def test_a_class_does_what_it_does_in_cpython(
    meter: Emulated, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    exec(code, {"__name__": "there"})
    assert meter.run(code).split() == capsys.readouterr().out.split()


@pytest.mark.parametrize("kept", ["keys.Keys(1, ())", "keys.Keys"])
def test_globals_of_a_class_live_as_long_as_it_or_an_instance(meter: Emulated, kept: str) -> None:
    """Nothing names the module any more; its functions find what it names."""
    said = meter.run(
        f"""
import gc, sys
from fourquad.display import keys
kept = {kept}
name = "fourquad.display.keys"
sys.modules.pop(name)
delattr(sys.modules["fourquad.display"], "keys")
del keys
gc.collect()
rubbish = [bytearray(b"\\xff" * 12) for _ in range(1000)]
made = kept(1, ()) if isinstance(kept, type) else kept
made.press(0, 5)
print(made.tick(30), made.tick(500), made.tick(501))
from fourquad.display import keys
"""
    )
    assert said == "-1 0 -1"


def test_a_collection_tells_what_it_left(meter: Emulated) -> None:
    """As the search of the whole heap says it; blocks of all sizes are freed and kept."""
    said = meter.run(
        """
import gc
kept = [made for made in (bytearray(n) for n in range(1, 300)) if len(made) % 3]
gc.collect()
left, free, taken = gc.left(), gc.mem_free(), gc.allocated()
print(abs(left - free) <= taken < 200)
del kept
gc.collect()
print(gc.left() - left > 20000)
"""
    )
    assert said.split() == ["True", "True"]


def test_default_arguments_lie_behind_their_function(meter: Emulated) -> None:
    code = "from fourquad.records.ring import Ring\nprint(id(Ring.__init__) >> 28, id(Ring.service) >> 28)"
    assert meter.run(code) == "1 1"
