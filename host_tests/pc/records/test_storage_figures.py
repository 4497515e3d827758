"""The page on storage tells what is so, and what is so is good enough."""

from __future__ import annotations

import sys

import pytest

from fourquad_tools.pages import storage_figures


def test_the_page_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["storage_figures", "--check"])
    assert storage_figures.main() == 0, "run python -m fourquad_tools.pages.storage_figures"


@pytest.mark.parametrize("model", storage_figures.MODELS)
def test_the_flash_lives_twenty_years(model: str) -> None:
    assert storage_figures.journal_cost(model).years(60) >= 20


def test_a_cut_costs_a_second_or_a_minute() -> None:
    assert storage_figures.worst_loss_s(True) <= 1
    assert storage_figures.worst_loss_s(False) <= 60
