"""The bench of scale measures real pages and tells growth as it is."""

from __future__ import annotations

import pytest

from tests.bench.scale.__main__ import Costs, main, parse_options, table


def costs(address: str, small: list[float], large: list[float], status: int = 200) -> Costs:
    answer = {"status": status, "queries": 5}
    times = {1000: small, 100_000: large}
    return Costs(address, times, times, {1000: answer, 100_000: answer})


def test_growth_is_that_of_the_medians():
    assert costs("/cases/", [10, 90, 10], [15, 15, 900]).growth == pytest.approx(1.5)


def test_what_grows_too_much_is_marked_and_what_fails_is_no_figure(capsys):
    table(
        "sqlite", [costs("/a/", [10], [30]), costs("/b/", [10], [11]), costs("/c/", [1], [1], 404)]
    )
    said = capsys.readouterr().out
    marked = [line.split()[0] for line in said.splitlines() if line.endswith("←")]
    assert marked == ["/a/"]
    assert "answered 404, 404: not measured" in said
    assert "1 of 2 grow at most 2 times; median 2.05, worst 3.00 /a/" in said


def test_n_in_the_environment_sets_the_larger_size(monkeypatch):
    monkeypatch.setenv("N", "1000000")
    assert parse_options([]).sizes == [1000, 1_000_000]


def test_it_measures_pages_of_real_databases(capfd):
    assert main(["--sizes", "5", "10", "--engines", "sqlite", "--only", "request=Norco"]) == 0
    said = capfd.readouterr().out
    assert "sqlite: 10 cases made up" in said
    assert "1 of 1 grow" in said or "0 of 1 grow" in said
