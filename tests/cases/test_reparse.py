"""Parsing again, and another file with a known case number, against the rows."""

import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from cases.corrections import proposals
from cases.corrections.refresh import refresh_case
from cases.intake import pipeline
from cases.letters.model import Field, ReadError, Reading
from cases.letters.reader import read_pdf
from cases.models import Case, Document, Flag, Proposal
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place, Target
from tests.factories import LETTERS, stored_letter

pytestmark = pytest.mark.django_db
LETTER = LETTERS / "CM14-0195168.pdf"


@pytest.fixture
def case():
    return stored_letter().cases.get()


def as_read(**changes) -> Reading:
    """The letter as another parser version might read it."""
    reading = read_pdf(LETTER, max_pages=500)
    return replace(reading, letters=(replace(reading.letters[0], **changes),))


def issue_read(**changes):
    return replace(as_read().letters[0].issues[0], **changes)


def parse_again(document: Document, reading: Reading) -> None:
    assert pipeline.reparse_document(document, hint=False)
    pipeline.finish_reading(document, pipeline.claim(document.pk), reading)
    document.refresh_from_db()


def noted(issue, author):
    place = Place(issue.case, issue, Target.RATIONALE)
    return create_annotation(place, author, Selection("cardinal criteria"), comment="which?")


def another_version(reading: Reading) -> Proposal:
    other = Document.objects.create(sha256="0" * 64, name="again.pdf", size=1)
    pipeline.finish_reading(other, pipeline.claim(other.pk), reading)
    return Proposal.objects.get(reading__document=other, state=Proposal.State.OPEN)


def test_the_same_reading_leaves_no_trace(case):
    before = case.issues.get().citations.values_list("pk", flat=True)
    parse_again(case.document, as_read())
    assert list(case.issues.get().citations.values_list("pk", flat=True)) == list(before)
    assert not Proposal.objects.exists()


def test_corrected_values_stay_and_the_rest_follows(case):
    case.priority = "Expedited"
    case.save()
    parse_again(case.document, as_read(clinical_summary=Field("Read better.", "found")))
    case.refresh_from_db()
    assert case.priority == "Expedited"
    assert case.clinical_summary == "Read better."
    assert case.document.status == "parsed"
    changes = {c["field"]: c["what"] for c in Proposal.objects.get().changes}
    assert changes == {"priority": "kept", "clinical_summary": "changed"}


def test_a_correction_stays_over_several_parses(case):
    case.priority = "Expedited"
    case.save()
    for n in range(3):
        parse_again(case.document, as_read(clinical_summary=Field(f"Reading {n}", "found")))
    case.refresh_from_db()
    assert (case.priority, case.clinical_summary) == ("Expedited", "Reading 2")
    assert case.document.readings.current().count() == 1


def test_issues_and_citations_keep_their_rows_and_annotations_their_words(case, reader):
    issue = case.issues.get()
    note = noted(issue, reader.user)
    cited = list(issue.citations.values_list("pk", flat=True))
    first = as_read().letters[0].issues[0]
    new = replace(first, position=1, treatment_request=Field("Acupuncture", "found"),
                  rationale=Field("About needles only.", "found"))  # fmt: skip
    parse_again(case.document, as_read(issues=(new, replace(first, position=2))))
    note.refresh_from_db()
    assert note.issue_id == issue.pk
    assert [one.pk == issue.pk for one in case.issues.all()] == [False, True]
    assert list(note.issue.citations.values_list("pk", flat=True)) == cited


def test_a_parse_that_would_lose_an_annotated_issue_asks(case, reader):
    issue = case.issues.get()
    noted(issue, reader.user)
    other = issue_read(
        treatment_request=Field("Acupuncture", "found"), rationale=Field("Needles.", "found")
    )
    parse_again(case.document, as_read(issues=(other,)))
    proposal = Proposal.objects.get()
    assert proposal.state == "open"
    assert case.issues.get() == issue
    page = reader.get(case.get_absolute_url()).content.decode()
    assert "is missing an issue that has annotations or reviews" in page
    assert proposals.accept_reading(proposal, reader.user)
    assert set(case.issues.values_list("treatment_request", flat=True)) == {
        "Acupuncture",
        issue.treatment_request,
    }
    assert not proposals.accept_reading(proposal, reader.user)


def test_an_issue_nobody_worked_on_goes_with_the_letter(case):
    first = as_read().letters[0].issues[0]
    second = replace(first, position=2, treatment_request=Field("Acupuncture", "found"),
                     rationale=Field("Needles.", "found"))  # fmt: skip
    parse_again(case.document, as_read(issues=(first, second)))
    assert case.issues.count() == 2
    parse_again(case.document, as_read())
    assert case.issues.count() == 1


def test_flags_that_a_person_removed_stay_away_and_new_ones_come(case):
    codes = set(case.flags.values_list("code", flat=True))
    assert "ur-date-disagrees" in codes
    case.flags.filter(code="ur-date-disagrees").delete()
    letter = as_read().letters[0]
    new = replace(letter.flags[0], code="dates-out-of-order")
    parse_again(case.document, as_read(flags=(*letter.flags, new)))
    now = set(case.flags.values_list("code", flat=True))
    assert now == codes - {"ur-date-disagrees"} | {"dates-out-of-order"}
    parse_again(case.document, as_read(flags=()))
    assert not Flag.objects.exists()


def test_a_corrected_case_number_still_finds_its_case(case):
    case.case_number = "CM14-9999999"
    case.save()
    parse_again(case.document, as_read(clinical_summary=Field("Read better.", "found")))
    assert Case.objects.get().case_number == "CM14-9999999"
    assert Case.objects.get().clinical_summary == "Read better."


def test_a_parse_that_fails_leaves_the_case_and_is_told(case, reader):
    parse_again(case.document, Reading(error=ReadError("timed-out", "It took too long.")))
    document = case.document
    assert (document.status, document.error_code) == ("parsed", "timed-out")
    assert document.page_set.exists()
    page = reader.get(document.get_absolute_url()).content.decode()
    assert "Parsing it again failed" in page
    assert "It took too long." in page


def test_another_version_waits_for_a_person_everywhere(case, reader, admin_client):
    proposal = another_version(as_read(clinical_summary=Field("The second file.", "found")))
    case.refresh_from_db()
    assert case.document.name == "CM14-0195168.pdf"
    assert case.clinical_summary != "The second file."
    of_document = proposal.reading.document.get_absolute_url()
    for url in ("/versions/", case.get_absolute_url(), of_document):
        assert proposal.get_absolute_url() in reader.get(url).content.decode(), url
    # To who may decide on it, the inbox offers it.
    assert proposal.get_absolute_url() in admin_client.get("/").content.decode()
    assert proposal.get_absolute_url() not in reader.get("/").content.decode()
    page = reader.get(proposal.get_absolute_url()).content.decode()
    assert "Clinical case summary" in page
    assert "<ins>" in page
    assert "second" in page


def test_an_accepted_version_takes_over_and_corrections_stay(case, admin_client):
    case.priority = "Expedited"
    case.save()
    old = case.document
    proposal = another_version(as_read(clinical_summary=Field("The second file.", "found")))
    admin_client.post(f"/versions/{proposal.pk}/accept")
    case.refresh_from_db()
    assert case.document.name == "again.pdf"
    assert (case.priority, case.clinical_summary) == ("Expedited", "The second file.")
    # The first file, parsed again, does not ask anew.
    parse_again(old, as_read(clinical_summary=Field("Otherwise.", "found")))
    assert not Proposal.objects.filter(state="open").exists()


def test_a_version_that_was_declined_does_not_ask_again(case, admin_client):
    proposal = another_version(as_read(clinical_summary=Field("The second file.", "found")))
    admin_client.post(f"/versions/{proposal.pk}/keep")
    case.refresh_from_db()
    assert case.clinical_summary != "The second file."
    other = proposal.reading.document
    parse_again(other, as_read(clinical_summary=Field("And again.", "found")))
    assert not Proposal.objects.filter(state="open").exists()
    assert "If accepted" in admin_client.get(proposal.get_absolute_url()).content.decode()


def test_the_command_parses_again_and_counts(case):
    case.priority = "Expedited"
    case.save()
    case.reading.record["clinical_summary"] = "As an earlier version read it."
    case.reading.save()
    case.clinical_summary = "As an earlier version read it."
    case.save()
    refresh_case(case)
    out = io.StringIO()
    call_command("reparse", case.case_number, stdout=out, stderr=io.StringIO())
    assert out.getvalue().strip() == "reparsed 1, changed 1, to decide 0, failed 0"
    case.refresh_from_db()
    assert case.clinical_summary != "As an earlier version read it."
    assert case.priority == "Expedited"
    out = io.StringIO()
    call_command("reparse", "--all", stdout=out)
    assert out.getvalue().strip() == "reparsed 1, changed 0, to decide 0, failed 0"


def test_the_command_says_what_it_does_not_know(case):
    with pytest.raises(CommandError, match="no case CM00-0000000"):
        call_command("reparse", "CM00-0000000")
    with pytest.raises(CommandError, match="or pass --all"):
        call_command("reparse")


def test_the_button_queues_the_document(case, reader):
    reader.post(f"/documents/{case.document_id}/reparse")
    case.document.refresh_from_db()
    assert case.document.status in ("received", "queued")
    assert case.document.events.last().by == reader.user
