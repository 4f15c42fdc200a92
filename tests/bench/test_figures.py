"""README's table of figures is that of the last run of `make bench`."""

from __future__ import annotations

import json

from tests.bench import __main__ as benches
from tests.bench.figures import (
    BEGIN,
    END,
    FILE,
    README,
    figures_of,
    load_figures,
    table,
    with_table,
)


def test_readme_shows_the_figures_that_were_measured_last():
    readme = README.read_text()
    assert readme == with_table(readme, table()), "run python -m tests.bench.figures"


def test_a_table_replaces_the_one_before():
    readme = f"# A\n{BEGIN}\nold\n{END}\nend\n"
    assert with_table(readme, "new") == f"# A\n{BEGIN}\nnew\n{END}\nend\n"
    assert with_table(with_table(readme, "x"), "new") == with_table(readme, "new")


def test_figures_are_kept_as_they_were_measured():
    told = json.loads(FILE.read_text())
    assert [figure.value for figure in load_figures()] == [one["value"] for one in told["figures"]]


def test_ingest_is_told_as_times_of_pdfplumber():
    run = {
        "way": "command",
        "database": "sqlite",
        "processes": 2,
        "letters": 10,
        "seconds": 0.5,
        "processor": {"worker": 0.2, "sandbox": 0.3},
        "plain": {"seconds": 2.0, "processor": 4.0},
    }
    faster, rate, work = figures_of("ingest", [run])
    assert (faster.value, rate.value, work.value) == (4.0, 20.0, 50.0)
    assert faster.name.startswith("ingest by command, sqlite, 2 workers")


def test_changes_are_told_in_percent(capsys):
    (was, *_), (now, *_) = (figures_of("export", {"cases": ratio}) for ratio in (2.0, 3.0))
    benches.print_changes([was], [now])
    assert "+50 %" in capsys.readouterr().out


def test_figures_of_benches_that_did_not_run_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(benches, "FILE", tmp_path / "bench.json")
    cases, issues = (figures_of("export", {name: 2.0}) for name in ("cases", "issues"))
    accuracy = figures_of("accuracy", {"printed": 99.5})
    benches.save({"export": cases, "accuracy": accuracy})
    benches.save({"export": issues})
    assert load_figures(tmp_path / "bench.json") == accuracy + issues
