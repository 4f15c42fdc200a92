import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from cases.files import disk_space, storage
from cases.intake import batches
from cases.models import BatchLine, Document
from tests.factories import LETTERS, stored_letter

pytestmark = pytest.mark.django_db


def post(client, *files):
    return client.post("/upload/", {"files": files})


def letter(name="CM14-0195168"):
    return SimpleUploadedFile(f"{name}.pdf", (LETTERS / f"{name}.pdf").read_bytes())


def test_several_files_at_once_get_a_line_each(reader):
    response = post(reader, letter(), letter("facsimile-001-final-2015"))
    assert response.status_code == 302
    page = reader.get(response.url).content.decode()
    assert "CM14-0195168.pdf" in page
    assert "facsimile-001-final-2015.pdf" in page
    assert "0 of 2 read" in page
    assert 'hx-trigger="every 1s"' in page
    assert set(Document.objects.values_list("uploader__username", flat=True)) == {"reader"}


def test_polling_stops_when_all_have_ended(reader):
    stored_letter()
    response = reader.get(
        post(reader, letter()).url,
        headers={"HX-Request": "true", "HX-Target": "progress"},
    )
    assert response.status_code == 286
    assert "every 1s" not in response.content.decode()
    assert "CM14-0195168" in response.content.decode()


def test_the_same_bytes_are_told_as_such(reader):
    stored_letter()
    response = post(reader, letter())
    assert "Duplicate" in reader.get(response.url).content.decode()


def test_no_file_is_explained(reader):
    response = reader.post("/upload/", {})
    assert response.status_code == 422
    assert "Choose at least one file" in response.content.decode()


def test_a_file_too_large_is_refused_and_the_others_go_on(reader, settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * (1 << 20))
    response = post(reader, big, letter())
    assert response.status_code == 302, "so that loading the page again sends nothing again"
    page = reader.get(response.url).content.decode()
    assert "big.pdf" in page
    assert "larger than 1 MB" in page
    assert Document.objects.get().name == "CM14-0195168.pdf"


def test_what_is_no_pdf_by_its_content_is_told_at_once(reader):
    notes = SimpleUploadedFile("notes.pdf", b"These are notes.")
    page = reader.get(post(reader, notes, SimpleUploadedFile("none.pdf", b"")).url)
    assert "not a PDF, despite its name" in page.content.decode()
    assert "This file is empty" in page.content.decode()
    assert set(Document.objects.values_list("status", flat=True)) == {"failed"}


def test_no_token_no_upload(reader):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reader.user)
    assert strict.post("/upload/", {"files": letter()}).status_code == 403
    assert not Document.objects.exists()
    assert list(storage.incoming_folder().glob("*")) == []


def test_a_full_disk_is_told_by_file_and_loses_nothing_else(reader, monkeypatch):
    def full(self, chunk):
        raise storage.CannotStore("It could not be stored: the disk is full.")

    monkeypatch.setattr(storage.Incoming, "write", full)
    response = post(reader, letter())
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "the disk is full" in response.content.decode()
    line = BatchLine.objects.get()
    assert line.problem_code == "not-stored"
    assert response["Content-Location"] == line.batch.get_absolute_url()


def test_a_database_that_is_locked_is_told_and_nothing_is_acknowledged(reader, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(batches, "start_batch", locked)
    response = post(reader, letter())
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Upload them once more" in response.content.decode().replace("\n", " ")


def test_a_folder_s_leavings_are_passed_over(reader):
    store = SimpleUploadedFile(".DS_Store", b"Bud1")
    response = post(reader, store, SimpleUploadedFile("list.txt", b"letters"), letter())
    assert [line.name for line in BatchLine.objects.all()] == ["list.txt", "CM14-0195168.pdf"]
    assert "skipped" in reader.get(response.url).content.decode()


def test_below_the_reserve_of_free_disk_nothing_is_taken_in(reader, settings):
    settings.IMR_DISK_RESERVE_MB = 1 << 30  # a petabyte
    response = post(reader, letter())
    page = response.content.decode()
    assert response.status_code == 503
    assert "the disk is full, except for 1,073,741,824 MB reserved for the database" in page
    assert not Document.objects.exists()
    assert list(storage.incoming_folder().glob("*")) == []


def test_a_disk_that_fills_up_during_a_large_file_is_noticed(reader, settings, monkeypatch):
    room = iter([""])
    monkeypatch.setattr(storage, "CHECK_EVERY", 1 << 20)
    monkeypatch.setattr(disk_space, "problem", lambda: next(room, "1 MB free"))
    response = post(reader, SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * (3 << 20)))
    assert response.status_code == 503
    assert list(storage.incoming_folder().glob("*")) == []


def test_a_form_without_files_in_it_is_said_to_be_none(reader):
    response = reader.post("/upload/", "files=a", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "a form with files" in response.content.decode()


def test_more_files_than_the_limit_are_refused_with_the_limit_s_name(reader, settings):
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 10_000
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    response = post(reader, *(SimpleUploadedFile(f"{n}.pdf", b"%PDF-1") for n in range(4)))
    assert response.status_code == 413
    assert "At most 3 files can be uploaded at once" in response.content.decode()
    assert list(storage.incoming_folder().glob("*")) == [], "those that came first are cleared away"


def test_a_thousand_and_one_files_are_taken(reader):
    files = (SimpleUploadedFile(f"{n}.pdf", b"") for n in range(1001))
    assert post(reader, *files).status_code == 302
    assert BatchLine.objects.count() == 1001
