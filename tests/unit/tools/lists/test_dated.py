"""A list that is made anew on another day, and comes out the same, is the same file: no change stands for a date alone."""

from datetime import date
from pathlib import Path

from tools.lists.dated import package, source, write

FIRST, LATER = date(2026, 11, 30), date(2027, 3, 1)


def made(day: date, codes: str = "DE GB") -> str:
    return f'{{\n"source": "{source("pycountry 1", today=day)}",\n"codes": "{codes}"\n}}\n'


def test_a_list_is_written_where_its_content_is_another_and_not_for_its_day(tmp_path: Path):
    path = tmp_path / "list.json"
    assert write(path, made(FIRST))
    assert not write(path, made(LATER))
    assert "2026-11-30; make data" in path.read_text()
    assert write(path, made(LATER, "DE GB XK"))
    assert path.read_text() == made(LATER, "DE GB XK")


def test_a_version_is_the_installed_ones():
    assert package("pytest").split()[1][0].isdigit()
    assert package("pytest", "Pytest").startswith("Pytest ")
