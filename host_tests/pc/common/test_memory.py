"""What counts memory sees everything that grows, wherever it is kept."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import pytest
from memory import flat, in_use

SIZE = 10_000
KEPT: dict[str, object] = {"octets": bytearray(), "words": array("I"), "table": {}, "list": []}
GROW: dict[str, Callable[[], object]] = {
    "octets": lambda: KEPT["octets"].extend(bytes(SIZE)),  # type: ignore[attr-defined]
    "words": lambda: KEPT["words"].extend(range(SIZE // 4)),  # type: ignore[attr-defined]
    # the garbage collector does not follow a table of texts
    "table": lambda: KEPT["table"].update({"a text": "b" * SIZE}),  # type: ignore[attr-defined]
    "list": lambda: KEPT["list"].append(memoryview(bytearray(SIZE))),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("what", GROW)
def test_what_grows_is_seen(what: str) -> None:
    in_use()
    before = in_use()
    GROW[what]()
    assert SIZE <= in_use() - before < 1.3 * SIZE


def test_what_is_gone_is_not_counted() -> None:
    in_use()
    before = in_use()
    made = [bytearray(SIZE) for _ in range(10)]
    del made
    assert abs(in_use() - before) < SIZE


def test_what_grows_is_not_flat() -> None:
    with flat(SIZE):
        pass
    with pytest.raises(AssertionError), flat(SIZE):
        GROW["list"]()
