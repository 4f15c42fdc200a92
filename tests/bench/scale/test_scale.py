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


def test_only_lists_facets_and_compare_are_held_to_a_time():
    assert costs("/cases/?decision=upheld#facets", [10], [81]).over == [100_000]
    assert costs("/compare/", [10], [79]).over == []
    assert costs("/precedents/", [10], [900]).over == []


def test_what_takes_too_long_is_marked_and_what_fails_is_no_figure(capsys):
    measured = [
        costs("/cases/", [10], [90, 95, 85]),
        costs("/issues/", [10], [11]),
        costs("/reviews/", [1], [1], 404),
    ]
    table("sqlite", measured)
    said = capsys.readouterr().out
    marked = [line.split()[0] for line in said.splitlines() if line.endswith("←")]
    assert marked == ["/cases/"]
    assert "90.0 (85–95)" in said
    assert "answered 404, 404: not measured" in said
    assert "1 of 2 within 80 ms" in said


def test_n_in_the_environment_sets_the_larger_size(monkeypatch):
    monkeypatch.setenv("N", "1000000")
    assert parse_options([]).sizes == [1000, 1_000_000]


def test_it_measures_pages_of_real_databases(capfd):
    assert main(["--sizes", "5", "10", "--engines", "sqlite", "--only", "request=Norco"]) == 0
    said = capfd.readouterr().out
    assert "sqlite: 10 cases made up" in said
    assert "10 cases: median" in said
    assert "memory of the process" in said


def test_databases_that_are_kept_are_filled_once(tmp_path, capfd):
    for _ in range(2):
        options = ["--sizes", "5", "--engines", "sqlite", "--only", "/precedents/"]
        main([*options, "--keep", str(tmp_path)])
    assert "5 cases made up in 0.0 s" in capfd.readouterr().out
