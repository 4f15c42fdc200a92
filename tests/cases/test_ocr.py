"""Text recognition with the real programs, where the machine has them."""

import difflib
import io
import json
import random

import pypdfium2
import pytest
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from cases.files import storage
from cases.intake import messages, ocr, pipeline, states, sweeper
from cases.models import Document
from tests.bench.accuracy.real import find_letters
from tests.conftest import require
from tests.factories import InProcess, stored_letter

pytestmark = pytest.mark.django_db
Status = Document.Status

# Real letters of two pages, and by how many degrees each is turned when it is scanned.
ASKEW = {
    "CM16-0213037": 0.5,
    "CM16-0221706": -0.7,
    "CM16-0228949": 1.0,
    "CM16-0230548": -1.0,
    "CM16-0236134": 0.8,
}
DPI = 200
ALIKE = 0.9  # of a request's characters, that much may be lost to recognition
DATES = (
    "date_assigned",
    "date_of_injury",
    "decision_date",
    "ur_denial_date",
    "application_received",
)


def scanned(path, degrees):
    """The pages as a scanner's images in a PDF without text: gray, turned, a little noisy."""
    images = [scanned_page(page, degrees) for page in pypdfium2.PdfDocument(path)]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=DPI)
    return out.getvalue()


def scanned_page(page, degrees):
    image = page.render(scale=DPI / 72, grayscale=True).to_pil()
    image = image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    bytes_of_noise = random.Random(1).randbytes(image.width * image.height)
    noise = Image.frombytes("L", image.size, bytes_of_noise).point(lambda value: value // 8)
    return ImageChops.subtract(image, noise)


@pytest.fixture
def scan():
    return stored_letter("scan-CM14-0195168")


def no_text(*_, **__):
    raise ocr.OcrFailed("No text could be recognised.")


def test_a_scan_is_read_by_ocr_and_says_so(scan, reader):
    require(ocr.is_available(), "OCRmyPDF or Tesseract")
    pipeline.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert (scan.status, scan.read_by_ocr) == (Status.PARSED, True)
    assert scan.cases.get().case_number == "CM14-0195168"
    assert "recognized by OCR" in reader.get(scan.get_absolute_url()).content.decode()
    assert storage.readable_path(scan.sha256) == storage.ocr_path_of(scan.sha256)
    storage.ocr_path_of(scan.sha256).unlink()


def test_images_without_a_word_say_that_nothing_was_recognised():
    require(ocr.is_available(), "OCRmyPDF or Tesseract")
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(72, 72, 300, 300, fill=1)
    canvas.save()
    blank = pipeline.receive_file([out.getvalue()], "blank.pdf").document
    pipeline.read_document(blank.pk, InProcess())
    pipeline.read_with_ocr(blank.pk, InProcess())
    blank.refresh_from_db()
    assert "no text could be recognized" in blank.error_message


@pytest.mark.parametrize("number", ASKEW)
def test_a_real_letter_scanned_askew_is_read(number):
    require(ocr.is_available(), "OCRmyPDF or Tesseract")
    folder = find_letters()
    require(folder, "The folder of real letters (IMR_REAL_LETTERS)")
    truth = json.loads((folder / f"{number}.json").read_text())["letters"][0]
    received = pipeline.receive_file([scanned(folder / f"{number}.pdf", ASKEW[number])], "scan.pdf")
    pipeline.read_document(received.document.pk, InProcess())
    pipeline.read_with_ocr(received.document.pk, InProcess())
    case = received.document.cases.get()
    assert case.case_number == number
    read = {name: str(getattr(case, name)) for name in DATES}
    assert read == {name: truth[name] for name in DATES}
    issues = list(case.issues.order_by("position"))
    assert [one.decision for one in issues] == [one["decision"] for one in truth["issues"]]
    for issue, right in zip(issues, truth["issues"], strict=True):
        wanted = right["treatment_request"]
        ratio = difflib.SequenceMatcher(None, issue.treatment_request, wanted).ratio()
        assert ratio >= ALIKE, issue.treatment_request


def test_a_scan_without_legible_text_says_what_can_be_done(scan, monkeypatch):
    monkeypatch.setattr(ocr, "add_text", no_text)
    pipeline.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert (scan.status, scan.error_message) == (Status.NEEDS_OCR, "No text could be recognised.")


def test_it_is_tried_a_few_times_and_no_more(scan, monkeypatch):
    monkeypatch.setattr(ocr, "add_text", no_text)
    for _ in range(states.MAX_OCR_ATTEMPTS + 2):
        pipeline.read_with_ocr(scan.pk, InProcess())
    scan.refresh_from_db()
    assert scan.ocr_attempts == states.MAX_OCR_ATTEMPTS
    assert scan.events.filter(kind="failed").count() == 1 + states.MAX_OCR_ATTEMPTS


def test_a_scan_whose_hint_was_lost_gets_another(scan, monkeypatch):
    given = []
    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr(sweeper, "notify_ocr_workers", lambda pk, bulk: given.append(pk))
    sweeper.sweep()
    assert given == [scan.pk]


def test_programs_that_hang_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "OPTIONS", ())
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program = tmp_path / "ocrmypdf"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    with pytest.raises(ocr.OcrFailed, match="more than 1 seconds"):
        ocr.add_text(tmp_path / "a.pdf", tmp_path / "b.pdf", seconds=1)


def test_a_scan_goes_to_workers_elsewhere_though_this_host_has_no_ocr(
    scan, settings, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    sent = []
    monkeypatch.setattr(pipeline, "send_task", lambda task, *_, **__: sent.append(task))
    for elsewhere in (False, True):
        settings.IMR_OCR_ELSEWHERE = elsewhere
        pipeline.notify_ocr_workers(scan.pk)
        assert sent == [messages.Task.OCR_DOCUMENT] * elsewhere
