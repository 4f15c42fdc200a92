"""The benches of pages measure real pages, and mark what takes too long."""

from __future__ import annotations

from tests.bench import http, pages
from tests.bench.pages import GOALS, PAGES, Measured, goals_reached


def measured(name: str, cpu_ms: float) -> Measured:
    return Measured(name, ms=2 * cpu_ms, cpu_ms=cpu_ms, queries=3, bytes=1000)


def test_a_page_is_held_to_times_of_the_empty_page(capsys):
    rows = [measured("empty page", 2), measured("case list", 11.8), measured("case page", 10.2)]
    pages.print_table(rows)
    marked = [line[:9] for line in capsys.readouterr().out.splitlines() if line.endswith("←")]
    assert marked == ["case page"]
    assert not goals_reached(rows)
    assert goals_reached(rows[:2])


def test_it_measures_every_page_of_a_real_database(capfd, tmp_path):
    file = tmp_path / "pages.json"
    assert pages.main(["6", "--rounds", "2", "--json", str(file)]) == 0
    said = capfd.readouterr().out
    assert "6 cases, made up in" in said
    assert [line for name in PAGES for line in said.splitlines() if line.startswith(name)]
    assert set(GOALS) <= set(PAGES)
    assert '"name": "empty page"' in file.read_text()


def test_what_was_served_is_told_for_each_load(capsys):
    row = http.Served("case list", str(http.LOADS[-1]), 25.0, 30.5, 61.0, 19.2, 0.4, 0)
    http.print_table([row])
    said = capsys.readouterr().out
    assert "50 people, a page every 2 s" in said
    assert "25.0     30.5     61.0" in said
