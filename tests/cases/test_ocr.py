"""Text recognition with the real programs, where the machine has them."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from cases import ingest, ocr, storage, sweeper
from cases.models import Document
from tests.factories import InProcess, stored_letter

pytestmark = pytest.mark.django_db
Status = Document.Status


@pytest.fixture
def scan():
    return stored_letter("scan-CM14-0195168")


def no_text(*_, **__):
    raise ocr.CannotRecognise("No text could be recognised.")


@pytest.mark.skipif(not ocr.is_available(), reason="OCRmyPDF or Tesseract is not installed")
def test_a_scan_is_read_by_ocr_and_says_so(scan, reader):
    ingest.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert (scan.status, scan.read_by_ocr) == (Status.PARSED, True)
    assert scan.cases.get().case_number == "CM14-0195168"
    assert "recognised by OCR" in reader.get(scan.get_absolute_url()).content.decode()
    assert storage.readable_path(scan.sha256) == storage.ocr_path_of(scan.sha256)
    storage.ocr_path_of(scan.sha256).unlink()


@pytest.mark.skipif(not ocr.is_available(), reason="OCRmyPDF or Tesseract is not installed")
def test_images_without_a_word_say_that_nothing_was_recognised():
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(72, 72, 300, 300, fill=1)
    canvas.save()
    blank = ingest.receive([out.getvalue()], "blank.pdf").document
    ingest.read_document(blank.pk, InProcess())
    ingest.read_with_ocr(blank.pk, InProcess())
    blank.refresh_from_db()
    assert "no text could be recognised" in blank.error_message


def test_a_scan_without_legible_text_says_what_can_be_done(scan, monkeypatch):
    monkeypatch.setattr(ocr, "add_text", no_text)
    ingest.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert (scan.status, scan.error_message) == (Status.NEEDS_OCR, "No text could be recognised.")


def test_it_is_tried_a_few_times_and_no_more(scan, monkeypatch):
    monkeypatch.setattr(ocr, "add_text", no_text)
    for _ in range(ingest.MOST_OCR_ATTEMPTS + 2):
        ingest.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert scan.ocr_attempts == ingest.MOST_OCR_ATTEMPTS
    assert scan.events.filter(kind="failed").count() == 1 + ingest.MOST_OCR_ATTEMPTS


def test_a_scan_whose_hint_was_lost_gets_another(scan, monkeypatch):
    given = []
    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr(sweeper, "give_ocr_hint", given.append)
    sweeper.sweep()
    assert given == [scan.pk]


def test_programs_that_hang_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "OPTIONS", ())
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program = tmp_path / "ocrmypdf"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    with pytest.raises(ocr.CannotRecognise, match="more than 1 seconds"):
        ocr.add_text(tmp_path / "a.pdf", tmp_path / "b.pdf", seconds=1)
