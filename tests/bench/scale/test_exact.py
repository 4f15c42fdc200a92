"""Pages serve exactly what plain SQL counts; the bench asks for more combinations of more cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from tests.bench.scale import served
from tests.bench.scale.databases import databases
from tests.bench.scale.exact import ENGINES, check, differing, largest
from tests.bench.scale.terms import terms_in
from tests.bench.scale.truth import Texts, product
from tests.conftest import require
from tests.postgres import programs


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that the database server, which is another user, can get at."""
    with TemporaryDirectory(prefix="imr-exact-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("engine", ENGINES)
def test_pages_agree_with_sql(engine, open_folder, capfd):
    if engine == "postgresql":
        require(programs(), "PostgreSQL (Debian package postgresql)")
    with databases(engine, [150], open_folder) as (database,):
        database.fill(seed=1)
        database.start()
        assert check(database, number=30, seed=1), capfd.readouterr().out


def test_a_page_that_serves_another_number_is_a_disagreement():
    agreed, not_agreed = ("count", 5, 5), ("count", 200, 5000)
    assert differing(iter([agreed, not_agreed])) == [not_agreed]


def test_a_count_that_is_no_exact_number_is_read_as_its_words():
    page = '<p class="count" role="status">{}</p>'
    assert served.count_on(page.format("1,234 cases")) == 1234
    assert served.count_on(page.format("more than 1,000 cases")) == "more than 1,000 cases"


def test_terms_are_found_without_case_and_accents_as_whole_words():
    assert terms_in("KNÉE; Occupational-Medicine") == (
        "knee", "medicine", "medic*", '"occupational medicine"',
    )  # fmt: skip
    assert terms_in("kneecap") == ()


def test_pairs_of_values_are_those_of_each_row():
    claims = Texts(np.array([0, 0, 2]), np.array([0, 1, 1]), ("a", "b"))
    maximus = Texts(np.array([0, 1, 2]), np.array([0, 0, 1]), ("c", "d"))
    rows, ours, theirs = product(claims, maximus)
    assert [*zip(rows, ours, theirs, strict=True)] == [(0, 0, 0), (0, 1, 0), (2, 1, 1)]


def test_which_of_equally_large_rows_a_table_shows_is_its_own_choice():
    counted = [(9, 1, "11.1%")] + [(1, 0, "0.0%")] * 15 + [(1, 1, "100.0%")] * 15
    shown, expected = largest(sorted(counted[:1] + counted[12:31], reverse=True), counted)
    assert shown == expected
    shown, expected = largest(sorted(counted[11:31], reverse=True), counted)
    assert shown != expected
