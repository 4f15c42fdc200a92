"""What is found in drafts: requests, citations, quotations, claim numbers. Without a database."""

from __future__ import annotations

import tempfile

import pytest

from cases.letters.drafts.cited import find_draft_citations, find_quotations
from cases.letters.drafts.claim import find_claim_number
from cases.letters.drafts.deciding import find_deciding
from cases.letters.drafts.editions import superseded
from cases.letters.drafts.requests import find_requests
from cases.letters.reading.sandbox import Limits, Sandbox
from tests.drafts.drafts import DRAFTS
from tests.drafts.making import file_of, text_of


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(Limits()) as one:
        yield one


def read(sandbox: Sandbox, content: bytes, kind: str):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return sandbox.read_draft(file, kind)


@pytest.mark.parametrize("draft", DRAFTS, ids=str)
def test_every_request_citation_and_claim_number_is_found_and_nothing_else(draft, sandbox):
    text = text_of(draft)
    if draft.kind != "text":
        given = read(sandbox, file_of(draft), draft.kind)
        assert given.error is None
        text = given.text
    assert [one.text for one in find_requests(text)] == list(draft.requests)
    cited = [(one.guideline, one.pages) for one in find_draft_citations(text)]
    assert sorted(cited) == sorted(draft.citations)
    assert find_claim_number(text) == draft.claim_number


@pytest.mark.parametrize("draft", DRAFTS, ids=str)
def test_a_request_shows_the_words_that_it_came_from(draft):
    text = text_of(draft)
    for one in find_requests(text):
        first, words = one.text.split()[0].lower(), text[one.start : one.end].lower()
        assert first in words
        assert all(0 <= at < len(text) for at in one.mentions)


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("1. MRI of the knee: Denied\n2. Norco 10/325 #60 - Certified", ["denied", "certified"]),
        ("The request for a TENS unit is modified to a 30 day trial.", ["modified"]),
        ("The requests for acupuncture 8 visits and Norco 10/325 mg #90 are not medically"
         " necessary.", ["denied", "denied"]),
        ("Treatment requested: Lumbar brace\nDetermination: Non-certified", ["denied"]),
        ("We have received a request for a gym membership.", [""]),
        ("NON-CERTIFIED: MRI of the lumbar spine\nCERTIFIED: TENS unit", ["denied", "certified"]),
        ("Procedure/Service: EMG of the lower extremities", [""]),
        ("We have received a request for a lumbar MRI and acupuncture, 8 visits.", ["", ""]),
    ],
)  # fmt: skip
def test_what_the_draft_says_becomes_of_a_request(text, outcomes):
    assert [one.outcome for one in find_requests(text)] == outcomes


@pytest.mark.parametrize(
    "text",
    [
        "A prior request for acupuncture was denied in 2024.",
        "The request for additional information was denied.",
        "Records reviewed:\n1. Request for authorization, 01/02/2026\n2. Progress report",
        "Dear Doctor:\nThank you.\nSincerely",
        "",
    ],
)
def test_what_asks_for_no_treatment_is_no_request(text):
    assert find_requests(text) == []


def test_other_strengths_are_other_requests():
    text = "The request for Norco 10/325 mg #60 is denied. The request for Norco 5/325 mg #60 is"
    found = find_requests(f"{text} certified.")
    assert [one.text for one in found] == ["Norco 10/325 mg #60", "Norco 5/325 mg #60"]


def test_words_in_quotation_marks_count_where_a_guideline_is_spoken_of():
    text = (
        "He said “my back hurts all day long” to the nurse. ODG states “not recommended unless"
        " there is a new injury”."
    )
    [found] = find_quotations(text)
    assert found.words == "not recommended unless there is a new injury"
    assert text[found.start : found.end] == found.words


@pytest.mark.parametrize(
    ("cited", "by"),
    [
        ("MTUS Chronic Pain Medical Treatment 2009", "“Chronic Pain”"),
        ("MTUS Chronic Pain Medical Treatment 2016, Section(s): Opioids", "“Chronic Pain”"),
        ("MTUS Low Back Complaints 2004, Section(s): Special Studies", "“Low Back Disorders”"),
        ("MTUS ACOEM Chapter 13 Knee Complaints, page 341", "“Knee Disorders”"),
        ("MTUS Stress-Related Conditions 2004", "“Workplace Mental Health”"),
        ("MTUS Low Back Disorders 2016", "edition of 2019"),
        ("MTUS Low Back Disorders 2019, Section(s): Opioids", ""),
        ("MTUS Chronic Pain 2017", ""),
        ("MTUS Shoulder Disorders 2016", ""),
        ("ODG, Knee & Leg Chapter, MRI’s", ""),
    ],
)
def test_an_edition_is_superseded_by_what_has_its_place_now(cited, by):
    [found] = find_draft_citations(f"{cited} was consulted.")
    words = superseded(found)
    assert by in words
    assert bool(words) == bool(by)


@pytest.mark.parametrize(
    ("rationale", "conclusion", "reason"),
    [
        (
            "The patient has pain. No red flags were found. Therefore, the request is not medically"
            " necessary. Tapering is to be slow.",
            "Therefore, the request is not medically necessary.",
            "No red flags were found.",
        ),
        ("Medical necessity is not established.", "Medical necessity is not established.", ""),
        ("It hurts. It is late.", "It is late.", "It hurts."),
    ],
)
def test_the_sentence_that_decides(rationale, conclusion, reason):
    found = find_deciding(rationale)
    assert rationale[slice(*found.conclusion)] == conclusion
    assert (rationale[slice(*found.reason)] if found.reason else "") == reason


def test_a_scan_a_broken_file_and_one_of_another_kind_say_so(sandbox, letters):
    scan = (letters / "scan-CM14-0195168.pdf").read_bytes()
    assert "scan" in read(sandbox, scan, "pdf").error.message
    assert read(sandbox, b"%PDF-1.4 broken", "pdf").error is not None
    assert "Word document" in read(sandbox, b"PK\x03\x04 broken", "docx").error.message
