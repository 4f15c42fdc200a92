"""Lists of the API: the rows, counts and order of the page and of the CSV; one row; mistakes."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.letters.reader import read_pdf
from cases.letters.record import dump_letter
from cases.lists.cursor import Cursor
from cases.models import Case, Citation, Document, Issue
from reviews.models import Annotation, Review
from tests.factories import LETTERS, annotated, stored_case, stored_letter
from tests.postgres import require_kept_index

pytestmark = pytest.mark.django_db
LISTS = ("cases", "issues", "citations", "annotations", "reviews", "documents")
QUERIES = (
    "cases",
    "cases?decision=overturned",
    "cases?decision=overturned&decision=upheld&category=pharmaceuticals",
    "cases?decision=none",
    "cases?q=pain",
    "cases?q=pain+-norco&order=best",
    "cases?order=-case_number",
    "cases?order=decision&source=MTUS",
    "cases?format=final-2015",
    "cases?decision_date_after=2015-01-01&decision_date_before=2016-12-31",
    "issues",
    "issues?q=request:therapy",
    "issues?order=-category&retrospective=false",
    "citations?side=maximus&guideline=Low+Back+Complaints",
    "citations?order=source",
    "annotations",
    "annotations?order=author",
    "annotations?deleted=false&target=rationale",
    "reviews",
    "reviews?order=-due&state=unassigned",
    "documents",
    "documents?order=received_at",
    "documents?status=parsed&q=made",
)


@pytest.fixture
def filled(db):
    call_command("synthesize", "40", verbosity=0)


def address(query: str, **more: object) -> str:
    name, _, rest = query.partition("?")
    rest = "&".join(filter(None, [rest, *(f"{k}={v}" for k, v in more.items() if v)]))
    return f"/api/v1/{name}/?{rest}"


def csv_keys(client, query: str) -> list[tuple[str, ...]]:
    name, _, rest = query.partition("?")
    answer = client.get(f"/{name}/export.csv?{rest}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row_key(name, row) for row in csv.DictReader(io.StringIO(text))]


def row_key(name: str, row: dict) -> tuple[str, ...]:
    keys = {
        "cases": ("case_number",),
        "issues": ("case_number", "position"),
        "citations": ("case_number", "issue_position", "side", "position"),
        "annotations": ("id",),
        "reviews": ("case_number",),
        "documents": ("id",),
    }
    return tuple(str(row[key]) for key in keys[name])


@pytest.mark.parametrize("query", QUERIES)
def test_rows_and_order_are_those_of_the_csv(client, lead, filled, all_rows, program, query):
    client.force_login(lead)
    name = query.partition("?")[0]
    rows = [row_key(name, row) for row in all_rows(address(query, page_size=7))]
    assert rows == csv_keys(client, query)
    assert program.get(address(query)).json()["count"] == len(rows)
    page = client.get(address(query).replace("/api/v1", ""))
    assert page.context["listing"].count == len(rows)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_costs_the_same_whatever_it_holds(program, filled, name):
    require_kept_index()
    counts = []
    program.get(address(name))  # notes the token's use, once a minute
    for size in (1, 30):
        with CaptureQueriesContext(connection) as asked:
            assert program.get(address(name, page_size=size)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


@pytest.mark.parametrize("order", ["", "decision", "-case_number", "best"])
def test_a_cursor_stands_while_letters_come_in(program, filled, order):
    """Those that were there before come once each; none of them is left out."""
    before = set(Case.objects.values_list("case_number", flat=True))
    following = address("cases", page_size=5, q="a* OR b* OR p*", order=order)
    seen: list[str] = []
    while following:
        page = program.get(following).json()
        seen += [row["case_number"] for row in page["results"]]
        following = page["next"]
        if len(seen) <= 15:
            call_command("synthesize", "3", "--seed", str(len(seen)), verbosity=0)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_cursor_survives_the_row_that_it_ends_with(program, filled):
    page = program.get(address("cases", page_size=5)).json()
    rest = [row["case_number"] for row in program.get(page["next"]).json()["results"]]
    last = Case.objects.get(case_number=page["results"][-1]["case_number"])
    Review.objects.filter(case=last).delete()
    last.delete()
    assert [row["case_number"] for row in program.get(page["next"]).json()["results"]] == rest


def test_a_cursor_whose_rows_are_all_gone_says_so(program, filled):
    answer = program.get(address("cases", cursor=Cursor((999_999,), 5)))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "cursor"
    assert "Start again" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("cases?decision=maybe", "decision", "maybe"),
        ("cases?decision=", "decision", "no value"),
        ("cases?decison=upheld", "decison", "no such parameter"),
        ("cases?page=2", "page", "no such parameter"),
        ("cases?page_size=501", "page_size", "1 to 500"),
        ("cases?page_size=0", "page_size", "1 to 500"),
        ("cases?q=%22open", "q", "not closed"),
        ("cases?cursor=nonsense", "cursor", "no cursor"),
        ("cases?cursor=WzEsWzJdXQ", "cursor", "no cursor"),
        ("issues?order=shoe_size", "order", "shoe_size"),
        ("citations?cited_page=x", "cited_page", "whole number"),
        ("documents?received_after=tomorrow", "received_after", "YYYY-MM-DD"),
    ],
)
def test_a_wrong_parameter_is_named_with_the_reason(program, query, parameter, words):
    answer = program.get(address(query))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    [mistake] = answer.json()["errors"]
    assert mistake["parameter"] == parameter
    assert words in mistake["message"]


def test_a_case_is_told_in_the_words_of_parse(program):
    case = stored_case("CM14-0195168")
    said = program.get(f"/api/v1/cases/{case.case_number}/").json()
    reading = read_pdf(LETTERS / "CM14-0195168.pdf", max_pages=500)
    parsed = dump_letter(reading.letters[0])
    for name in parsed.keys() - {"issues", "flags", "provenance"}:
        assert said[name] == parsed[name], name
    for one, other in zip(said["issues"], parsed["issues"], strict=True):
        for name in other.keys() - {"provenance", "rationale_citations", "category_rule"}:
            if name in ("claims_citations", "maximus_citations"):
                cited = [{k: c[k] for k in c if k != "spans"} for c in other[name]]
                assert one[name] == cited
            elif name in one:
                assert one[name] == other[name], name


def test_links_lead_to_rows_and_pages(client, program, lead):
    case = stored_case()
    annotated(case.issues.first(), lead)
    client.force_login(lead)
    for name in LISTS:
        [row, *_] = program.get(address(name)).json()["results"]
        for key, link in row.items():
            if key.endswith("url"):
                assert link.startswith("http://testserver/")
                asking = program if "/api/" in link else client
                assert asking.get(link.partition("#")[0]).status_code == 200, link
        assert program.get(row["url"]).json() == row


@pytest.mark.parametrize("model", [Issue, Citation, Annotation, Review, Document])
def test_what_is_not_there_is_404(program, model):
    name = model._meta.model_name
    for key in (0, 10**40):
        answer = program.get(f"/api/v1/{name}s/{key}/")
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"There is no {name} {key}."


def test_a_failed_document_says_why(program, uploading):
    document = stored_letter()
    document.error_code, document.error_message = "damaged", "The file is damaged."
    document.save()
    said = program.get(f"/api/v1/documents/{document.pk}/").json()
    assert said["error"] == {"code": "damaged", "message": "The file is damaged."}
    assert said["case_numbers"] == ["CM14-0195168"]
