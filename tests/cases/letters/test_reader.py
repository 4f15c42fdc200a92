"""Whole letters against their truth, and what must hold for any text."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.letters.citations.comparison import compare_citations
from cases.letters.model import Citation, Page, Word
from cases.letters.reader import read_page_words, read_pdf
from cases.letters.record import (
    ISSUE_FIELDS,
    LETTER_FIELDS,
    dump_letter,
    dump_reading,
    load_reading,
)
from tests.factories import LETTERS

TRUTHS = sorted(LETTERS.glob("*.json"))


def reduced(got, truth):
    """What was read, with only the keys that the truth has."""
    if isinstance(truth, dict):
        return {key: reduced(got[key], truth[key]) for key in truth}
    if isinstance(truth, list) and len(got) == len(truth):
        return [reduced(*pair) for pair in zip(got, truth, strict=True)]
    return got


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_each_example_is_read_exactly(path):
    reading = read_pdf(path.with_suffix(".pdf"), max_pages=500)
    truth = json.loads(path.read_text())["letters"]
    assert reduced([dump_letter(letter) for letter in reading.letters], truth) == truth


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_spans_hold_the_words_of_their_fields(path):
    reading = read_pdf(path.with_suffix(".pdf"), max_pages=500)
    pages = {page.number: page.text for page in reading.pages}
    for letter in reading.letters:
        for issue in letter.issues:
            sides = issue.claims_citations + issue.maximus_citations + issue.rationale_citations
            for one in sides:
                said = " ".join(pages[s.page][s.start : s.end] for s in one.spans)
                assert squeezed(said) == squeezed(one.raw)
            rationale = " ".join(pages[s.page][s.start : s.end] for s in issue.rationale.spans)
            assert squeezed(rationale) == squeezed(issue.rationale.value)


def squeezed(text):
    return "".join(text.split())


def test_a_reading_survives_its_json_form():
    reading = read_pdf(LETTERS / "CM14-0195168.pdf", max_pages=500)
    again = load_reading(json.loads(json.dumps(dump_reading(reading))))
    assert [dump_letter(one) for one in again.letters] == [
        dump_letter(one) for one in reading.letters
    ]


texts = st.lists(
    st.one_of(
        st.text(min_size=1, max_size=12),
        st.sampled_from(
            [
                "Case",
                "Number:",
                "CM14-0195168",
                "CLINICAL",
                "CASE",
                "SUMMARY",
                "MAXIMUS",
                "guideline:",
                "Decision",
                "rationale:",
                "Upheld",
                ":",
                "1.",
                "01/02/2014",
                "based on",
                "MTUS",
                "Page(s):",
                "125-126",
                "IMR",
                "ISSUES,",
                "DECISIONS",
                "AND",
                "RATIONALES",
            ]
        ),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3))
@example([["Once", "upon", "a", "time,", "there", "CASE", "SUMMARY"]])
def test_any_words_are_read_without_an_exception(pages):
    reading = read_page_words([page_of(n, words) for n, words in enumerate(pages, 1)])
    sizes = {page.number: len(page.text) for page in reading.pages}
    for letter in reading.letters:
        for span in all_spans(letter):
            assert 0 <= span.start < span.end <= sizes[span.page]
            assert span.boxes


def all_spans(letter):
    """Of every field, citation and issue."""
    fields = [getattr(letter, name) for name in LETTER_FIELDS]
    for issue in letter.issues:
        fields += [getattr(issue, name) for name in ISSUE_FIELDS]
        fields += issue.claims_citations + issue.maximus_citations + issue.rationale_citations
    return [span for field in fields for span in field.spans]


def test_every_field_of_a_letter_leads_to_its_words():
    reading = read_pdf(LETTERS / "CM14-0195168.pdf", max_pages=500)
    pages = {page.number: page.text for page in reading.pages}
    [letter] = reading.letters

    def said(field):
        return " ".join(pages[s.page][s.start : s.end] for s in field.spans)

    assert said(letter.case_number) == "CM14-0195168"
    assert said(letter.ur_denial_date) == "11/08/2014"
    assert said(letter.application_received) == "11/21/2014"
    assert said(letter.priority) == "Standard"
    assert said(letter.specialties) == "Occupational Medicine"
    assert said(letter.licensed_states) == "California"
    [issue] = letter.issues
    assert said(issue.treatment_request) == "Twelve work conditioning sessions for the lumbar spine"
    assert said(issue.decision) == "Upheld"
    statuses = {name: one["status"] for name, one in dump_letter(letter)["provenance"].items()}
    assert set(statuses.values()) == {"found"}


def page_of(number, texts):
    words = tuple(
        Word(text, 72 + 80 * (i % 5), 72 + 14 * (i // 5), 140 + 80 * (i % 5), 84 + 14 * (i // 5))
        for i, text in enumerate(texts)
    )
    return Page(number, 612, 792, words)


def test_a_bundle_is_the_sum_of_its_parts(tmp_path):
    import pikepdf

    names = ["facsimile-003-final-2014", "CM14-0195168", "facsimile-004-notice-2013"]
    bundle = pikepdf.new()
    for name in names:
        with pikepdf.open(LETTERS / f"{name}.pdf") as part:
            bundle.pages.extend(part.pages)
    bundle.save(tmp_path / "bundle.pdf")
    together = read_pdf(tmp_path / "bundle.pdf", max_pages=500).letters
    alone = [read_pdf(LETTERS / f"{name}.pdf", max_pages=500).letters[0] for name in names]
    assert [values(one) for one in together] == [values(one) for one in alone]
    assert together[0].first_page == 1
    assert together[-1].last_page == 7


def values(letter):
    record = dump_letter(letter)
    for key in ("provenance", "first_page", "last_page"):
        del record[key]
    for issue in record["issues"]:
        del issue["provenance"]
        for side in ("claims_citations", "maximus_citations", "rationale_citations"):
            for citation in issue[side]:
                del citation["spans"]
    return record


citations = st.lists(
    st.builds(
        Citation,
        st.sampled_from(["MTUS", "ODG", "other"]),
        st.sampled_from(["Low Back Complaints", "Knee Complaints"]),
        st.sampled_from([None, "2004"]),
        st.sampled_from([None, "Opioids", "MRI"]),
        st.lists(st.sampled_from([(1, 3), (2, 2), (9, 9)]), max_size=2).map(tuple),
        st.just("as written"),
    ),
    max_size=5,
).map(tuple)
MIRROR = {"claims_silent": "maximus_silent", "maximus_silent": "claims_silent"}


@given(citations, citations)
def test_a_comparison_holds_every_citation_once_and_mirrors(claims, maximus):
    comparison = compare_citations(claims, maximus)
    assert len([row for row in comparison.rows if row.claims]) == len(claims)
    assert len([row for row in comparison.rows if row.maximus]) == len(maximus)
    mirrored = compare_citations(maximus, claims)
    assert mirrored.verdict == MIRROR.get(comparison.verdict, comparison.verdict)


@given(citations)
def test_a_side_compared_with_itself_is_the_same(claims):
    comparison = compare_citations(claims, claims)
    assert comparison.verdict == ("same" if claims else "both_silent")
    assert {row.relation for row in comparison.rows} <= {"same"}
