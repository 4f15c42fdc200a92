import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Document
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
    document = stored_letter()
    response = reader.get(
        f"/upload/?documents={document.pk}",
        headers={"HX-Request": "true", "HX-Target": "progress"},
    )
    assert response.status_code == 286
    assert "every 1s" not in response.content.decode()
    assert "CM14-0195168" in response.content.decode()


def test_the_same_bytes_are_told_as_such(reader):
    stored_letter()
    response = post(reader, letter())
    assert "Already here" in reader.get(response.url).content.decode()


def test_no_file_is_explained(reader):
    response = reader.post("/upload/", {})
    assert response.status_code == 422
    assert "Choose at least one file" in response.content.decode()


def test_a_file_too_large_is_refused_and_the_others_go_on(reader, settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * (1 << 20))
    response = post(reader, big, letter())
    page = response.content.decode()
    assert response.status_code == 422
    assert "big.pdf" in page
    assert "larger than 1 MB" in page
    assert Document.objects.get().name == "CM14-0195168.pdf"


def test_a_mistyped_address_is_no_error(reader):
    assert reader.get("/upload/?documents=x,99999999999999999999,7").status_code == 200
