import json
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.files import storage
from cases.intake import pipeline, states, sweeper
from cases.letters.model import PageText, ReadError, Reading
from cases.models import Case, Document
from tests.factories import LETTERS, InProcess, stored_letter

pytestmark = pytest.mark.django_db
Status = Document.Status


def receive(data=b"%PDF-1.4 not much", name="a.pdf"):
    return pipeline.receive_file([data], name)


def test_the_real_letter_is_stored_as_its_truth_says():
    case = stored_letter().cases.get()
    truth = json.loads((LETTERS / "CM14-0195168.json").read_text())["letters"][0]
    assert case.case_number == truth["case_number"]
    assert case.ur_denial_date.isoformat() == truth["ur_denial_date"]
    assert case.clinical_summary == truth["clinical_summary"]
    assert case.decision == "upheld"
    assert not case.needs_correction
    issue = case.issues.get()
    assert issue.rationale == truth["issues"][0]["rationale"]
    assert issue.verdict == "overlapping"
    cited = [(c.side, c.source, c.pages) for c in issue.citations.exclude(side="rationale")]
    assert cited == [
        ("claims", "MTUS", [[125, 126]]),
        ("claims", "ODG", []),
        ("maximus", "MTUS", [[125, 125]]),
    ]


def test_the_same_bytes_are_one_document():
    first, second = receive(name="a.pdf"), receive(name="b.pdf")
    assert second.duplicate
    assert second.document == first.document


def test_a_file_over_the_limit_leaves_nothing(settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    with pytest.raises(storage.TooLarge):
        receive(b"%PDF-" + b"0" * (storage.MB + 1))
    assert not Document.objects.exists()


def test_a_known_case_number_is_never_overwritten():
    stored_letter()
    case = Case.objects.get()
    other = Document.objects.create(sha256="0" * 64, name="again.pdf", size=1)
    document_reads(other, InProcess().read(LETTERS / "CM14-0195168.pdf"))
    case.refresh_from_db()
    assert case.document.name == "CM14-0195168.pdf"
    assert other.readings.get().case_number == case.case_number


def document_reads(document, reading):
    token = pipeline.claim(document.pk)
    pipeline.finish_reading(document, token, reading)


def test_a_task_that_comes_twice_changes_nothing():
    document = receive().document
    assert pipeline.claim(document.pk)
    assert pipeline.claim(document.pk) is None


def test_a_worker_whose_lease_was_taken_over_stores_nothing():
    document = receive().document
    late = pipeline.claim(document.pk)
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert pipeline.claim(document.pk)
    pipeline.finish_reading(document, late, Reading(error=ReadError("damaged", "late")))
    document.refresh_from_db()
    assert document.status == Status.READING


def test_no_text_waits_for_ocr_and_can_be_tried_again():
    document = stored_letter("scan-CM14-0195168")
    assert document.status == Status.NEEDS_OCR
    assert "no text layer" in document.error_message
    assert pipeline.retry_document(document)
    document.refresh_from_db()
    assert document.status in (Status.RECEIVED, Status.QUEUED)
    assert document.error_message == ""


def test_a_document_whose_worker_died_three_times_fails_with_a_reason():
    document = receive().document
    for _ in range(states.MAX_ATTEMPTS):
        assert pipeline.claim(document.pk)
        Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweeper.sweep()
    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert "Reading this PDF failed" in document.error_message


def test_an_accident_of_ours_ends_the_document_too(monkeypatch):
    def explode(*_):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(pipeline, "store_reading", explode)
    document = receive().document
    monkeypatch.setattr(
        InProcess, "read", lambda self, path, **_: Reading(pages=(PageText(1, 612, 792, ""),))
    )
    pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert "our side" in document.error_message
