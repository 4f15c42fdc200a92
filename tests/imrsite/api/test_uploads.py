"""Letters by the API: stored before they are acknowledged, answered file by file."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client

from cases.files import storage
from cases.intake import batches, pipeline
from cases.models import BatchLine, Document
from imrsite.models import Access, ApiToken
from imrsite.security.roles import Role
from tests.factories import LETTERS, InProcess
from tests.imrsite.api.conftest import bearer
from tests.people import person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/documents/"


def letter(name: str = "CM14-0195168") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.pdf", (LETTERS / f"{name}.pdf").read_bytes())


def real_names() -> list[str]:
    return sorted(path.stem for path in LETTERS.glob("*.pdf"))[:3]


def test_letters_are_stored_and_read(uploading, program, lead):
    answer = uploading.post(ADDRESS, {"files": [letter(name) for name in real_names()]})
    assert answer.status_code == 201
    files = answer.json()["files"]
    assert [one["outcome"] for one in files] == ["stored"] * 3
    for one in files:
        document = Document.objects.get(pk=one["document"])
        assert storage.path_of(document.sha256).exists()
        assert document.uploader == lead
        pipeline.read_document(document.pk, InProcess())
        said = program.get(one["url"]).json()
        assert (said["status"], said["file_name"]) == ("parsed", one["file_name"])
        assert program.get(f"/api/v1/cases/{said['case_numbers'][0]}/").status_code == 200


def test_the_same_again_is_a_duplicate(uploading):
    first = uploading.post(ADDRESS, {"files": letter()}).json()["files"][0]
    answer = uploading.post(ADDRESS, {"files": letter()})
    assert answer.status_code == 200
    [again] = answer.json()["files"]
    assert (again["outcome"], again["document"]) == ("duplicate", first["document"])


def test_one_that_is_new_among_duplicates_makes_201(uploading):
    uploading.post(ADDRESS, {"files": letter(real_names()[0])})
    answer = uploading.post(ADDRESS, {"files": [letter(name) for name in real_names()]})
    assert answer.status_code == 201
    outcomes = [one["outcome"] for one in answer.json()["files"]]
    assert outcomes == ["duplicate", "stored", "stored"]


def test_what_is_known_of_the_letters_comes_with_them(uploading, program):
    form = {"files": letter(), "received_on": "2016-02-01", "claim_number": "WC-17 4"}
    document = uploading.post(ADDRESS, form).json()["files"][0]["document"]
    pipeline.read_document(document, InProcess())
    claim = program.get("/api/v1/cases/CM14-0195168/").json()["claim"]
    assert (claim["received_on"], claim["received_assumed"]) == ("2016-02-01", False)
    assert (claim["claim_number"], claim["ur_vendor"]) == ("WC-17 4", None)


def test_an_archive_is_kept_whole_and_unpacked_later(uploading):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in real_names():
            archive.write(LETTERS / f"{name}.pdf")
    answer = uploading.post(ADDRESS, {"files": SimpleUploadedFile("a.zip", packed.getvalue())})
    assert answer.status_code == 201
    assert answer.json()["files"][0]["outcome"] == "archive"
    line = BatchLine.objects.get(archive__gt="")
    batches.unpack_members(line.pk)
    assert Document.objects.count() == 3


def test_what_is_refused_is_never_answered_with_success(uploading, settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    large = SimpleUploadedFile("large.pdf", b"%PDF-" + b"x" * 1_100_000)
    answer = uploading.post(ADDRESS, {"files": [letter(), large]})
    assert answer.status_code == 422
    stored, refused = answer.json()["files"]
    assert stored["outcome"] == "stored"
    assert Document.objects.filter(pk=stored["document"]).exists()
    assert refused["document"] is None
    assert refused["error"]["code"] == "too-large"
    assert "1 MB" in refused["error"]["message"]


def test_the_refusal_is_that_of_the_upload_page(uploading, client, lead, settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    large = b"%PDF-" + b"x" * 1_100_000
    by_api = uploading.post(ADDRESS, {"files": SimpleUploadedFile("l.pdf", large)}).json()
    client.force_login(lead)
    client.post("/upload/", {"files": SimpleUploadedFile("l.pdf", large)})
    by_page = BatchLine.objects.latest("pk")
    assert by_api["files"][0]["error"]["message"] == by_page.problem


def test_a_full_disk_asks_to_come_again(uploading, monkeypatch):
    def full(*_: object) -> None:
        raise storage.CannotStore("The disk is full.")

    monkeypatch.setattr(storage, "put_in_place", full)
    answer = uploading.post(ADDRESS, {"files": letter()})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["files"][0]["error"]["code"] == "not-stored"


def test_a_database_that_does_not_answer_asks_to_come_again(uploading, monkeypatch):
    def silent(*_: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(batches, "add_sealed_file", silent)
    answer = uploading.post(ADDRESS, {"files": letter()})
    assert answer.status_code == 503
    assert "did not answer" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("form", "parameter"),
    [
        ({}, "files"),
        ({"file": ["letter"]}, "file"),
        ({"files": ["letter"], "other": ["letter"]}, "other"),
        ({"files": ["letter"], "note": ["by hand"]}, "note"),
        ({"files": ["letter"], "received_on": ["tomorrow"]}, "received_on"),
        ({"files": ["letter"], "received_on": ["2999-01-01"]}, "received_on"),
        ({"files": ["letter"], "claims_unit": ["unknown"]}, "claims_unit"),
        ({"files": ["text"]}, "files"),
        ({"files": ["letter", "text"]}, "files"),
    ],
)
def test_a_mistaken_form_stores_nothing(uploading, form, parameter):
    sent = {
        name: [letter() if one == "letter" else one for one in values]
        for name, values in form.items()
    }
    answer = uploading.post(ADDRESS, sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter
    assert not Document.objects.exists()
    assert not BatchLine.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "application/pdf", "text/plain"])
def test_another_content_type_is_refused(uploading, content_type):
    answer = uploading.post(ADDRESS, b"{}", content_type=content_type)
    assert answer.status_code == 415


def test_a_body_that_breaks_off_is_refused(uploading):
    half = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-'
    answer = uploading.post(ADDRESS, half, content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400


def test_a_browser_needs_its_csrf_token(lead):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lead)
    answer = browser.post(ADDRESS, {"files": letter()})
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["detail"]
    assert not Document.objects.exists()
    browser.get("/upload/")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post(ADDRESS, {"files": letter()}, headers=headers).status_code == 201


def test_a_program_needs_none(lead):
    program = bearer(lead, ApiToken.Scope.UPLOAD)
    program.handler.enforce_csrf_checks = True
    assert program.post(ADDRESS, {"files": letter()}).status_code == 201


def test_who_may_not_upload_is_refused_before_the_body_is_read(db):
    reviewer = bearer(person(Role.REVIEWER), ApiToken.Scope.UPLOAD)
    assert reviewer.post(ADDRESS, {"files": letter()}).status_code == 403
    assert not Document.objects.exists()


def test_the_access_log_says_who_uploaded_with_which_token(uploading, client, lead):
    answer = uploading.post(ADDRESS, {"files": letter()}).json()
    line = Access.objects.get()
    assert (line.what, line.token) == (f"batch {answer['upload']}", "nightly")
    client.force_login(lead)
    assert "uploaded files through the API" in client.get("/audit/").content.decode()
