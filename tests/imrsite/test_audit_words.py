"""The access log in words and names, and its filters."""

import pytest

from imrsite.models import Access
from imrsite.security.audit_words import lines_in_words
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


def said(action, what, **more):
    row = Access(who_id=1, who_name="ana", action=action, what=what, **more)
    return lines_in_words([row])[0].words


@pytest.mark.parametrize(
    ("action", "what", "words"),
    [
        ("opened", "CM14-0195168", "opened case CM14-0195168"),
        ("opened", "document 999", "opened document 999, which is no longer on file"),
        ("listed", "inbox", "opened the inbox"),
        ("listed", "cases", "looked through the cases"),
        ("listed", "batch 5", "opened upload number 5"),
        ("exported", "cases", "began to export cases as CSV"),
        ("signed in", "by password", "signed in by password"),
        ("failed", "code", "was refused at sign-in: wrong code"),
        ("locked out", "sign-in", "was locked out after too many failed sign-ins"),
        (
            "locked out",
            "address 10.0.0.9",
            "was locked out after too many failed sign-ins from 10.0.0.9",
        ),
        ("changed", "own password", "changed their own password"),
        ("changed", "CM14-0195168", "corrected case CM14-0195168"),
        ("changed", "role of ben: lead", "gave ben the role lead"),
        ("changed", "deactivation of ben", "deactivated the account of ben"),
        ("changed", "admin reviews_label_change 3", "changed label 3 in the admin"),
        ("changed", "admin reviews_label_add", "added label in the admin"),
        ("opened", "admin cases_document_changelist", "opened documents in the admin"),
        ("opened", "admin cases_case_import", "opened “cases case import” in the admin"),
        ("reset", "second factor of ben", "removed the second factor of ben"),
        ("opened", "something", "opened: something"),
    ],
)
def test_a_line_in_words(action, what, words):
    assert said(action, what) == words


def test_rows_that_went_out_are_counted():
    assert said("sent", "cases", rows=91) == "exported 91 cases as CSV"
    assert said("sent", "issues", rows=1) == "exported 1 issue as CSV"
    assert said("sent", "annotations-jsonld", rows=1200) == "exported 1,200 annotations as JSON-LD"


def test_a_document_is_called_by_its_case_or_its_file():
    case = stored_case()
    what = f"document {case.document_id}"
    assert said("opened", what) == "opened the letter of CM14-0195168"
    assert said("downloaded", what) == "downloaded CM14-0195168.pdf"
    case.delete()
    assert said("opened", what) == "opened CM14-0195168.pdf"


def test_a_page_of_the_log_asks_for_names_once(client, django_assert_max_num_queries):
    case = stored_case()
    client.force_login(person(Role.AUDITOR, "watcher"))
    for _ in range(30):
        Access.objects.create(
            who_id=1, who_name="ana", action="opened", what=f"document {case.document_id}"
        )
    with django_assert_max_num_queries(12):
        page = client.get("/audit/").content.decode()
    assert page.count("opened the letter of CM14-0195168") == 30


def test_a_case_number_finds_the_lines_about_its_letter_too(client):
    case = stored_case()
    client.force_login(person(Role.AUDITOR, "watcher"))
    for what in ("CM14-0195168", f"document {case.document_id}", "document 999", "inbox"):
        Access.objects.create(who_id=1, who_name="ana", action="opened", what=what)
    page = client.get("/audit/?case=cm14-0195168").content.decode()
    assert "2 entries" in page
    lines = b"".join(client.get("/audit/export.csv?case=CM14-0195168").streaming_content)
    assert len(lines.decode().splitlines()) == 3
