"""Inputs that mean harm, or are merely broken: none gets through, none breaks a page."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from cases.corrections.refresh import refresh_case
from cases.intake import pipeline
from cases.lists import registry
from cases.models import Case, Document
from imrsite.security.roles import Role
from tests.factories import annotated
from tests.imrsite.test_access import EVERY_URL, address, row_for
from tests.people import person

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
TEXTS = {
    "script": SCRIPT,
    "attribute": '" autofocus onfocus=alert(1) x="',
    "quote": "' OR 1=1 --",
    "nul": "a\0b",
    "long": "x" * 5_000,
    "superscript digit": "²",
    "huge number": "9" * 40,
    "negative": "-1",
    "not a number": "NaN",
    "month 13": "2015-13-45",
    "year 0": "0000-00-00",
    "year 99999": "99999-01-01",
    "brackets": '((("',
    "wildcards": "%_%\\",
    "search operators": "AND OR NOT NEAR( * ^ :",
    "header break": "a\r\nSet-Cookie: owned=1",
    "traversal": "../../../../etc/passwd",
    "template": "{{ 7|add:7 }}{% debug %}",
    "json": '[{"$gt": ""}]',
    "right to left": "\u202e\u0000"[:1] + "\u2066\ufeff",
    "formula": '=HYPERLINK("http://x")',
}
LISTS = {"cases": registry.CASES, "issues": registry.ISSUES, "citations": registry.CITATIONS}
LISTS |= {"documents": registry.DOCUMENTS}
COMMON = ["q", "page", "after", "page_size", "order", "columns", "view"]
PARAMETERS = {
    **{f"/{name}/": [*of.filterset.base_filters, *COMMON] for name, of in LISTS.items()},
    **{f"/{name}/export.csv": list(of.filterset.base_filters) for name, of in LISTS.items()},
    "/cases/CM14-0000001/": ["show", "page", "view", "from", "at"],
    "/cases/CM14-0000001/history/": ["page"],
    "/upload/": ["documents", "known"],
    "/audit/": ["who", "what", "action", "since", "until", "page"],
    "/login/": ["next"],
    "/admin/cases/case/": ["q", "p", "o", "e", "needs_correction__exact", "decision_date__year"],
}


@pytest.fixture
def case(db):
    document = Document.objects.create(sha256="a" * 64, name="letter.pdf", size=1, status="parsed")
    case = Case.objects.create(
        case_number="CM14-0000001", document=document, format="unknown", first_page=1, last_page=2
    )
    case.issues.create(position=1, treatment_request="Norco", rationale="Words of a rationale.")
    refresh_case(case)
    return case


@pytest.fixture
def visitor(client, case):
    """May do everything, so that no refusal hides a weakness."""
    client.user = person(Role.ADMIN, "all-powerful")
    client.force_login(client.user)
    return client


def asked(path: str, text: str):
    """Queries with this text in each place: alone where there are few, else the filters at once
    and what pages and sorts at once."""
    names = PARAMETERS[path]
    if len(names) < 10:
        yield from ({name: text} for name in names)
        return
    yield {"q": text}
    yield dict.fromkeys([name for name in names if name in COMMON and name != "q"], text)
    yield dict.fromkeys([name for name in names if name not in COMMON], text)


def read(response) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("path", PARAMETERS)
def test_a_query_string(visitor, path, text):
    for query in asked(path, TEXTS[text]):
        response = visitor.get(path, query)
        page, is_html = read(response), "html" in response["Content-Type"]
        assert response.status_code < 500, query
        assert not (is_html and SCRIPT in page), query
        assert not (is_html and 'onfocus=alert(1) x="' in page), query
        assert "owned" not in response.cookies, query
        if text in ("nul", "long"):
            assert response.status_code == 400, query
            assert "NUL character" in page or "too long" in page


@pytest.mark.parametrize(
    "query",
    ["q=%ff%fe", "%ff=1", "q=%ED%A0%80", "q=" + "a" * 9_000, "&".join(["q=1"] * 300), "=&=&&;;"],
)
def test_a_malformed_query_string(visitor, query):
    for path in PARAMETERS:
        assert visitor.get(f"{path}?{query}").status_code < 500, path


@pytest.mark.parametrize(
    "path",
    [
        "/cases/CM14-0000001%00/",
        "/cases/..%2f..%2fetc%2fpasswd/",
        "/cases/" + "A" * 2_000 + "/",
        "/cases/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
        "/cases/%ff/",
        "/documents/" + "9" * 40 + "/",
        "/documents/" + "9" * 40 + "/file",
        "/documents/1/pages/" + "9" * 40 + ".png",
        "/documents/0/pages/0.png",
        "/documents/-1/",
        "/documents/%C2%B2/",
        "/documents/1/file/../../../settings.py",
        "/static/../imrsite/settings.py",
        "/static/..%2f..%2fimrsite%2fsettings.py",
        "/admin/cases/case/" + "9" * 40 + "/change/",
        "/admin/cases/case/%C2%B2/change/",
        "/admin/cases/case/1%20OR%201=1/change/",
        "//evil.example/%2e%2e",
        "/media/documents/",
    ],
)
def test_an_address(visitor, path):
    response = visitor.get(path)
    assert response.status_code in (301, 302, 400, 404), response.status_code
    page = read(response)
    assert SCRIPT not in page
    assert "SECRET_KEY" not in page
    assert "evil.example" not in response.get("Location", "")


# A mail program posts to the signed address of a mail without a page of ours before (RFC 8058).
BY_MAIL = {"unsubscribe"}
WRITERS = [
    name for name in EVERY_URL if row_for(name)[1] not in (".", "-", ">") and name not in BY_MAIL
]


@pytest.mark.parametrize("name", WRITERS)
def test_a_post_from_another_site_is_refused(case, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.ADMIN))
    response = client.post(address(name, EVERY_URL[name]), {"comment": "x", "why": "x"})
    assert response.status_code == 403
    if name.startswith("api-"):
        return  # programs ask for no parts of pages
    fragment = client.post(
        address(name, EVERY_URL[name]), {"why": "x"}, headers={"HX-Request": "true"}
    )
    assert fragment.status_code == 403
    assert fragment["HX-Retarget"] == "#trouble"
    assert "<html" not in read(fragment)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        " https://evil.example",
        "\thttps://evil.example",
        "data:text/html,x",
    ],
)
def test_signing_in_leads_to_no_other_site(client, target):
    person(Role.REVIEWER, "someone")
    data = {"username": "someone", "password": "words-on-a-page", "next": target}
    response = client.post("/login/", data)
    assert response.status_code == 302
    assert response.url == "/"
    response = client.get("/login/", {"next": target})
    assert "evil" not in response.get("Location", "")


STORED = {
    "script": SCRIPT,
    "image": "<img src=x onerror=alert(1)>",
    "closing": "</textarea></script><svg onload=alert(1)>",
    "attribute": 'x" onmouseover="alert(1)',
    "link": "<a href=javascript:alert(1)>x</a>",
    "comment": "--><script>alert(1)</script>",
}


@pytest.mark.parametrize("kind", STORED)
def test_stored_text_is_shown_as_text_everywhere(visitor, case, kind):
    text = STORED[kind]
    issue = case.issues.get()
    issue.treatment_request = issue.rationale = issue.maximus_guideline = text
    issue.save()
    issue.citations.create(
        side="maximus", position=1, source="other", guideline=text, section=text, raw=text
    )
    case.flags.create(issue=issue, code="unknown-format", message=text, level="error")
    Case.objects.filter(pk=case.pk).update(
        clinical_summary=text, specialties=[text], corrected={"priority": text}
    )
    Document.objects.update(name=f"{text}.pdf", error_message=text)
    annotated(issue, visitor.user, comment=text)
    for path in (
        "/",
        "/cases/",
        "/issues/",
        "/citations/",
        "/documents/",
        f"/documents/{case.document_id}/",
        "/cases/CM14-0000001/",
        "/cases/CM14-0000001/history/",
        "/admin/cases/case/",
        "/admin/cases/issue/",
        f"/admin/cases/case/{case.pk}/change/",
        "/admin/reviews/annotation/",
    ):
        response = visitor.get(path)
        assert response.status_code == 200, path
        assert text not in read(response), path


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'", "＝"])
def test_a_cell_is_no_formula(visitor, case, start):
    text = f"{start}cmd|' /C calc'!A0"
    case.issues.update(treatment_request=text)
    rows = list(csv.DictReader(io.StringIO(read(visitor.get("/issues/export.csv")))))
    assert rows
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        kept = row["treatment_request"]
        assert kept.removeprefix("'") == text or start not in "=+-@\t\r'"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\windows\\x.pdf",
        "/etc/passwd",
        "a\r\nX-Header: 1.pdf",
        'quote".pdf',
        SCRIPT + ".pdf",
        "x" * 4_000 + ".pdf",
        "nul\0.pdf",
        "",
        "\u202efdp.exe",
    ],
)
def test_a_file_name(visitor, name):
    received = pipeline.receive_file([b"%PDF-1.4 of no use"], name, visitor.user)
    document = received.document
    page = read(visitor.get(f"/documents/{document.pk}/"))
    assert SCRIPT not in page
    response = visitor.get(f"/documents/{document.pk}/file")
    assert response.status_code == 200
    assert "\n" not in response["Content-Disposition"]
    assert "X-Header" not in response
    from cases.files import storage

    assert storage.path_of(document.sha256).name == f"{document.sha256}.pdf"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "x y", "a" * 500])
def test_another_host(visitor, host):
    assert visitor.get("/", headers={"Host": host}).status_code == 400


def test_more_fields_than_a_form_has(visitor, settings):
    data = {f"field{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    response = visitor.post("/login/", data)
    assert response.status_code == 413
    assert "fields" in read(response)


def test_more_text_than_a_form_takes(visitor, case, settings):
    url = reverse("admin:cases_case_change", args=[case.pk])
    huge = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 10)
    response = visitor.generic(
        "POST", url, f"why={huge}", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
