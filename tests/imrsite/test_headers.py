"""What browsers may keep, what they drop at sign-out, and what downloads are called."""

import re

import pytest

from cases.files.shown_text import download_name
from cases.models import Document
from tests.factories import annotated, stored_case

pytestmark = pytest.mark.django_db
CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.fixture
def case(db):
    return stored_case()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login/",
        "/cases/",
        "/cases/CM14-0195168/",
        "/issues/",
        "/cases/export.csv",
        "/annotations/export.jsonld",
        "/documents/{}/file",
        "/documents/{}/pages/1.png",
        "/audit/",
        "/admin/cases/reading/",
        "/no/such/page/",
    ],
)
def test_nothing_of_a_letter_is_kept_by_a_browser(admin_client, case, path):
    response = admin_client.get(path.format(case.document_id))
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/logout/", "/admin/logout/"])
def test_signing_out_empties_the_browser(admin_client, path):
    assert admin_client.post(path)["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in admin_client.get("/login/")


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("CM14-0195168.pdf", "CM14-0195168.pdf"),
        ("letter of May.PDF", "letter of May.pdf"),
        ("evil.pdf.exe", "evil.pdf.exe.pdf"),
        ("evil.exe", "evil.exe.pdf"),
        ("exe.\u202efdp", "exe._fdp.pdf"),
        ('a"b\r\nSet-Cookie: x/../../y.pdf', "a_b__Set-Cookie_ x_.._.._y.pdf"),
        ("Zoë.pdf", "Zoë.pdf"),
        (".pdf", "document.pdf"),
        ("..", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_download_is_called_pdf_in_safe_characters(name, becomes):
    assert download_name(name) == becomes


def test_the_file_of_a_document_goes_under_such_a_name(admin_client, case):
    Document.objects.update(name="evil\u202e.pdf.exe")
    response = admin_client.get(f"/documents/{case.document_id}/file?download")
    assert response["Content-Disposition"] == 'attachment; filename="evil_.pdf.exe.pdf"'


@pytest.mark.parametrize(
    "path",
    ["/documents/", "/documents/{document}/", "/cases/CM14-0195168/", "/annotations/{note}/"],
)
def test_characters_that_turn_text_round_are_shown_as_such(admin_client, admin_user, case, path):
    note = annotated(case.issues.get(), admin_user, f"Say {CONTROLS} so")
    type(note).objects.update(quote=f"{CONTROLS}quoted")
    Document.objects.update(name=f"report{CONTROLS}.pdf")
    response = admin_client.get(path.format(document=case.document_id, note=note.pk))
    page = response.content.decode()
    assert "\ufffd" * len(CONTROLS) in page
    assert not re.search(f"[{CONTROLS}]", page)


def test_words_with_such_characters_can_be_annotated(admin_client, case):
    issue = case.issues.get()
    text = f"The request\u202e is denied {issue.rationale}"
    type(issue).objects.update(rationale=text)
    sent = {"target": "rationale", "issue": "1", "comment": "Look.", "start": 4}
    seen = "request\ufffd is denied"
    response = admin_client.post("/cases/CM14-0195168/annotate/", sent | {"quote": seen})
    assert response.status_code == 302
    assert issue.annotations.get().quote == "request\u202e is denied"
