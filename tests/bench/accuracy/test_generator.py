"""The made-up letters are the same for a seed, and their truth stands on their pages."""

import itertools
import json
from random import Random

import pdfplumber
import pytest

from tests.bench.accuracy.__main__ import read
from tests.bench.accuracy.guidelines import CHRONIC, Citation, cite, page_ranges, written_pages
from tests.bench.accuracy.letters import DATES, FORMATS, UNKNOWN, make_letter
from tests.bench.accuracy.package import make_package
from tests.bench.accuracy.prose import HOLE, without_holes
from tests.bench.accuracy.score import flat, score_file


@pytest.mark.parametrize("noise", [0, 1, 2])
def test_a_seed_gives_the_same_file_and_truth_each_time(tmp_path, noise):
    first = make_package(tmp_path / "first.pdf", "7", noise=noise)
    again = make_package(tmp_path / "again.pdf", "7", noise=noise)
    assert first == again
    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "again.pdf").read_bytes()


def test_another_seed_gives_another_letter(tmp_path):
    one = make_package(tmp_path / "one.pdf", "1", noise=1)
    other = make_package(tmp_path / "other.pdf", "2", noise=1)
    assert one.truth != other.truth


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_word_of_the_truth_stands_on_the_letter_s_pages(tmp_path, format_name):
    for number in range(3):
        path = tmp_path / f"{number}.pdf"
        made = make_package(path, str(number), noise=0, formats=[format_name])
        with pdfplumber.open(path) as pdf:
            printed = "".join((page.extract_text() or "") for page in pdf.pages)
        printed = "".join(printed.split()).replace("\xa0", "")
        [letter] = made.truth["letters"]
        texts = [letter["case_number"], *letter["reviewer"]["specialties"]]
        texts += [issue["treatment_request"] for issue in letter["issues"]]
        for text in texts:
            assert "".join(text.split()) in printed
        assert (letter["first_page"], letter["last_page"]) == (1, len(pdf.pages))


@pytest.mark.parametrize("noise", [0, 1, 2])
def test_page_ranges_rise_without_overlap_and_lie_in_the_file(tmp_path, noise):
    for number in range(8):
        path = tmp_path / f"{number}.pdf"
        letters = make_package(path, str(number), noise=noise).truth["letters"]
        with pdfplumber.open(path) as pdf:
            pages = len(pdf.pages)
        edges = [edge for one in letters for edge in (one["first_page"], one["last_page"])]
        assert edges == sorted(edges)
        assert edges[-1] <= pages
        starts = [one["first_page"] for one in letters]
        assert len(set(starts)) == len(starts)


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_dates_of_a_letter_are_in_the_order_of_the_law(format_name):
    for seed in range(50):
        dates = make_letter(Random(seed), format_name, noise=1).dates
        assert set(dates) == set(DATES)
        assert (
            dates["date_of_injury"]
            <= dates["ur_denial_date"]
            <= dates["application_received"]
            <= dates["date_assigned"]
            <= dates["decision_date"]
        )


def test_no_letter_asks_for_one_treatment_twice():
    for seed in range(100):
        issues = make_letter(Random(seed), "final-2015", noise=2).issues
        assert len({issue.request for issue in issues}) == len(issues)


def test_a_truth_has_no_hole_and_no_white_space_but_single_spaces_and_paragraphs(tmp_path):
    for number in range(10):
        made = make_package(tmp_path / "x.pdf", str(number), noise=2)
        assert HOLE not in json.dumps(made.truth, ensure_ascii=False)
        for letter in made.truth["letters"]:
            for paragraph in letter["clinical_summary"].split("\n\n"):
                assert paragraph == without_holes(paragraph) == flat(paragraph)


def test_a_truth_scores_whole_against_itself(tmp_path):
    truth = make_package(tmp_path / "x.pdf", "3", noise=2).truth
    assert all(check.right for check in score_file(truth, truth["letters"]))


def test_page_lists_are_written_with_the_numbers_they_stand_for():
    rng = Random(5)
    for _ in range(200):
        pages = page_ranges(rng)
        written = written_pages(rng, pages)
        for first, last in pages:
            assert str(first) in written
            assert str(last) in written
        assert all(before[1] + 1 < after[0] for before, after in itertools.pairwise(pages))


def test_letters_of_2016_cite_the_mtus_without_pages():
    rng = Random(1)
    cited = [cite(rng, 2016) for _ in range(300)]
    assert any(one == Citation("MTUS", CHRONIC, edition="2009") for one in cited)
    assert not any(one.pages for one in cited if one.source == "MTUS")


def test_a_letter_of_no_known_format_is_found_and_most_of_it_read(tmp_path):
    """Its header block wholly; whoever corrects it finds the rest marked as such."""
    checks = []
    for number in range(8):
        path = tmp_path / f"{number}.pdf"
        truth = make_package(path, str(number), noise=1, formats=[UNKNOWN]).truth
        checks += score_file(truth, read(path)[0])
    by_header = ("letters", "page range", "format", "case_number", *DATES)
    assert all(check.right for check in checks if check.field in by_header)
    assert sum(check.right for check in checks) > 0.9 * len(checks)
