"""The README's figures are what the bench measured, between the marks and nowhere else."""

import pytest

from bench import readme

FIGURES = [("share of the time", "3.3 %", "6 %")]


def test_table_stands_between_the_marks_and_nothing_else_changes():
    text = f"before\n{readme.BEGIN}old\n{readme.END}after\n"
    new = readme.rewrite(text, FIGURES)
    assert new.startswith("before\n") and new.endswith("after\n")
    assert "| share of the time | 3.3 % | 6 % |" in new and "old" not in new
    assert readme.rewrite(new, FIGURES) == new


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="marks"):
        readme.rewrite("no marks", FIGURES)


def test_the_readme_has_the_marks_once():
    text = readme.README.read_text()
    assert text.count(readme.BEGIN) == text.count(readme.END) == 1
