import pytest

from cases.models import Document
from tests.factories import stored_letter

pytestmark = pytest.mark.django_db


def test_the_list_filters_and_exports(reader):
    stored_letter()
    stored_letter("scan-CM14-0195168")
    page = reader.get("/documents/?status=needs_ocr").content.decode()
    assert "scan-CM14-0195168.pdf" in page
    assert "1 document" in page
    data = b"".join(reader.get("/documents/export.csv?status=parsed").streaming_content).decode()
    assert len(data.splitlines()) == 2
    assert "CM14-0195168" in data


def test_a_document_tells_its_letters_and_its_case(reader):
    document = stored_letter()
    page = reader.get(document.get_absolute_url()).content.decode()
    assert "/cases/CM14-0195168/" in page
    assert "pages 1–3" in page


def test_a_failure_says_why_and_offers_another_try(reader):
    document = stored_letter("scan-CM14-0195168")
    page = reader.get(document.get_absolute_url()).content.decode()
    assert "no text layer" in page
    reader.post(f"/documents/{document.pk}/retry")
    document.refresh_from_db()
    assert document.status in (Document.Status.RECEIVED, Document.Status.QUEUED)


def test_the_pdf_is_given_as_uploaded(reader):
    document = stored_letter()
    response = reader.get(f"/documents/{document.pk}/file")
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_is_drawn(reader):
    document = stored_letter()
    response = reader.get(f"/documents/{document.pk}/pages/1.png")
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert reader.get(f"/documents/{document.pk}/pages/99.png").status_code == 404


def test_the_inbox_counts_files_that_came_in_and_those_that_cannot_be_read(reader):
    stored_letter()
    stored_letter("scan-CM14-0195168")
    documents = reader.get("/").context["documents"]
    assert (documents.since_monday, documents.unreadable, documents.unfinished) == (2, 1, 0)


def test_a_locked_file_says_what_to_do_and_offers_no_retry(reader):
    document = stored_letter()
    Document.objects.filter(pk=document.pk).update(
        status="failed", error_code="encrypted", error_message="This PDF is locked."
    )
    page = reader.get(document.get_absolute_url()).content.decode()
    assert "This PDF is locked. Trying again would end the same way." in page
    assert "Upload another file" in page
    assert f"/documents/{document.pk}/retry" not in page
