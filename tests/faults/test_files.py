"""Hostile files cost a child and get a reason; `make soak` adds odd ones by the dozen."""

import pytest

from cases.letters.reading.sandbox import Limits
from tests.faults.files import Reader, hurtful, own_memory_mb

LIMITS = Limits(seconds=4, memory_mb=512)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    files = hurtful(tmp_path_factory.mktemp("hurtful"), pages=600)
    before = own_memory_mb()
    one = Reader(LIMITS)
    one.read_all(files)
    one.grown = own_memory_mb() - before
    return one


def test_each_is_answered_within_its_limits(reader):
    assert not reader.too_slow
    assert not reader.silent


def test_each_has_a_reason_of_the_contract(reader):
    known = {"not-a-pdf", "encrypted", "damaged", "too-large", "too-many-pages", "timed-out"}
    assert set(reader.codes) <= known | {"no-text-layer", "no-determination"}
    assert reader.codes["too-many-pages"] >= 1
    assert reader.codes["encrypted"] == 1
    assert reader.codes["not-a-pdf"] == 2


def test_the_reader_s_own_memory_stays_flat(reader):
    assert reader.grown < 60
