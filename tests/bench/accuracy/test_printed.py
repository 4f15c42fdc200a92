"""Printed letters look as the real ones do, and say what their truth says."""

import re
from random import Random

import pdfplumber
import pikepdf
import pytest

from tests.bench.accuracy.printed.faults import Fault
from tests.bench.accuracy.printed.letters import make_letter
from tests.bench.accuracy.printed.package import make_printed
from tests.bench.accuracy.score import score_file

SEEDS = range(12)
NO_FAULT = frozenset()


def text_of(path):
    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def squeezed(text):
    return "".join(text.split())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "printed.pdf"


def test_a_seed_gives_the_same_words_and_truth_each_time(path, tmp_path):
    again = tmp_path / "again.pdf"
    assert make_printed(path, "4", noise=2) == make_printed(again, "4", noise=2)
    assert text_of(path) == text_of(again)


def test_a_letter_is_tagged_and_locked_with_an_empty_password(path):
    make_printed(path, "1", noise=0)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.StructTreeRoot.K) > 10
        assert not pdf.allow.extract
        assert pdf.encryption.stream_method.name == "aes"


def test_the_header_is_an_arial_table_and_the_body_times(path):
    made = make_printed(path, "1", noise=0)
    with pdfplumber.open(path) as pdf:
        page = pdf.pages[0]
        words = page.extract_words(extra_attrs=["fontname", "size"])
        assert len(page.images) == 1
    by_text = {word["text"]: word for word in reversed(words)}
    number = by_text[made.truth["letters"][0]["case_number"]]
    assert (round(number["x0"]), number["fontname"]) == (179, "ArialMT")
    assert round(by_text["Received:"]["x0"]) == round(by_text["Application"]["x0"]) == 329
    assert by_text["HOW"]["fontname"] == "TimesNewRomanPS-BoldMT"
    assert by_text["complete"]["fontname"] == "TimesNewRomanPSMT"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_word_of_the_truth_stands_on_the_pages(path, seed):
    made = make_printed(path, str(seed), noise=2, faults=NO_FAULT)
    printed = squeezed(text_of(path))
    [letter] = made.truth["letters"]
    texts = [letter["case_number"], letter["clinical_summary"]]
    texts += letter["reviewer"]["specialties"] + letter["reviewer"]["licensed_states"]
    for issue in letter["issues"]:
        texts += [issue["treatment_request"], issue["rationale"]]
        partial = issue["partial_authorization"] or {}
        texts += partial.values()
        for cited in issue["claims_citations"] + issue["maximus_citations"]:
            texts += [cited["section"] or "", cited["edition"] or ""]
    assert [text for text in texts if squeezed(text) not in printed] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_range_ends_with_the_last_rationale(path, seed):
    made = make_printed(path, str(seed), noise=1, faults=frozenset({Fault.PROOF_OF_SERVICE}))
    [letter] = made.truth["letters"]
    with pdfplumber.open(path) as pdf:
        assert len(pdf.pages) == letter["last_page"] + 1
        last = pdf.pages[letter["last_page"] - 1].extract_text()
    assert last
    assert "PROOF OF SERVICE" not in last


def test_pages_break_inside_requests_citations_and_rationales(path):
    """The first line of a page is text like any other, as in real letters."""
    starts = []
    for seed in range(24):
        make_printed(path, str(seed), noise=0)
        with pdfplumber.open(path) as pdf:
            starts += [page.extract_text().split("\n")[0] for page in pdf.pages[1:]]
    assert sum(start[:1].islower() for start in starts) > 4
    assert any(re.search(r": (?:Upheld|Overturned)$", start) for start in starts)
    assert any(start.startswith("Decision rationale:") for start in starts)


def words_of(letter):
    yield letter.summary[0]
    yield f"State(s) of Licensure: {letter.commas[0].join(letter.states)}"
    yield f"Certification(s)/Specialty: {letter.commas[1].join(letter.specialties)}"
    for issue in letter.issues:
        yield f"{issue.request.text}{issue.request.closing} {issue.decision.capitalize()}"
        yield from (issue.claims.text, issue.maximus.text)


def test_all_that_real_letters_have_comes_up_in_a_few_hundred():
    letters = [make_letter(Random(seed), NO_FAULT, slips=0.1) for seed in range(300)]
    text = "\n".join(words for letter in letters for words in words_of(letter))
    for wanted in (
        r"Licensure: \w+,\w+",
        r"Specialty: \w+ \w+, \w+",
        r"Complaints 2004(?:, +Section\(s\): [^.]*?)?, and [A-Z][\w ,]+20\d\d",
        r"outside of the MTUS Guidelines\. Decision based on Non-MTUS Citation",
        r"did not cite any medical evidence for its decision\.",
        r"Treatment 20\d\d Guidelines, Section\(s\):",
        r"was authorized by the Claims Administrator\. The remaining IMR eligible portion",
        r"leaving the original request IMR eligible\. The original request, .{3,80} is: ",
        r"portion of the original request, [^:]*[^s :]: (?:Upheld|Overturned)",
        r"Associated surgical service: ",
        r"Retrospective [^:]* \(?DOS:? \d",
        r"Guidlines|Treament|Chonic Pain|Offical Disability",
        r"NonMTUS Citation",
        r"\b\d{1,2}-\d{1,2}-\d\d\b",
        r"\b\d\d/\d\d/ 20\d\d",
    ):
        assert re.search(wanted, text), wanted


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        (Fault.CASE_HEAD, r"CM\d\d-\d{7} +Page 2"),
        (Fault.PROOF_OF_SERVICE, "PROOF OF SERVICE"),
        (Fault.RUNNING_HEAD, r"(?m)^(?:Final Determination Letter|Harbor Claims).* 2$"),
    ],
)
def test_a_fault_shows_on_the_pages(path, fault, sign):
    make_printed(path, "5", noise=0, faults=frozenset({fault}))
    assert re.search(sign, text_of(path))
    make_printed(path, "5", noise=0, faults=NO_FAULT)
    assert not re.search(sign, text_of(path))


def test_double_struck_type_stands_twice(path):
    def characters(*faults):
        make_printed(path, "5", noise=0, faults=frozenset(faults))
        with pdfplumber.open(path) as pdf:
            return len(pdf.pages[0].chars)

    assert characters(Fault.DOUBLE_STRUCK) == 2 * characters()


def test_a_watermark_is_turned(path):
    make_printed(path, "5", noise=0, faults=frozenset({Fault.WATERMARK}))
    with pdfplumber.open(path) as pdf:
        turned = [char for char in pdf.pages[-1].chars if not char["upright"] or char["matrix"][1]]
    assert len(turned) == len("CONFIDENTIAL")


def test_a_split_header_goes_on_on_the_second_page(path):
    make_printed(path, "5", noise=0, faults=frozenset({Fault.SPLIT_HEADER}))
    with pdfplumber.open(path) as pdf:
        first, second = (page.extract_text() for page in pdf.pages[:2])
    assert "Case Number:" in first
    assert second.startswith("Decision Date:")


def test_a_truth_scores_whole_against_itself(path):
    truth = make_printed(path, "3", noise=2).truth
    assert all(check.right for check in score_file(truth, truth["letters"]))
