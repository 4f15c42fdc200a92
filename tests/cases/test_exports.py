"""The CSV of every list: its rows are read without instances, and say what the pages say."""

import csv
from itertools import count, islice

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.corrections.refresh import refresh_case
from cases.lists.csv_export import csv_encode, csv_file, csv_lines, escape_formula
from cases.lists.csv_rows import CHUNK, FIRST_CHUNK, csv_rows
from cases.lists.definition import LISTS
from cases.models import Case, Citation, Issue, Reading
from reviews.models import Annotation, Reply, Review
from tests.factories import stored_case
from tests.filled import fill

NAMES = ("cases", "issues", "citations", "documents", "annotations", "reviews")


@pytest.fixture
def filled(db):
    """The letter's case, among others that have whatever a row can have or lack."""
    case = fill(15)
    first, second, third, fourth = Issue.objects.exclude(case=case).order_by("pk")[:4]
    first.citations.all().delete()
    second.citations.update(pages=[[1, 1], [3, 5]], section="", edition="", source="other")
    Case.objects.filter(pk=third.case_id).update(
        decision_date=None, specialties=["Surgery", "Pain"], licensed_states=[], decision=""
    )
    Review.objects.filter(case=fourth.case, assignments=None).delete()
    replied, unplaced = Annotation.objects.order_by("pk")[:2]
    for comment in ("=1+1", "Seen, “so”"):
        Reply.objects.create(annotation=replied, author=replied.author, comment=comment)
    Annotation.objects.filter(pk=unplaced.pk).update(start=None, end=None)
    return case


def keys_of(of):
    return of.rows().values_list(of.filterset.key, flat=True)


def rows_of(name, keys=None, query=""):
    of = LISTS[name]
    keys = keys if keys is not None else keys_of(of)
    return list(csv_rows(of, keys, of.csv_columns(QueryDict(query))))


def queries_of(name, query=""):
    with CaptureQueriesContext(connection) as asked:
        rows_of(name, list(keys_of(LISTS[name])), query)
    return len(asked) - 1  # less the one for the keys


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_says_what_the_instance_says(name, filled):
    of = LISTS[name]
    columns = of.csv_columns(QueryDict(""))
    instances = [[column.value(row) for column in columns] for row in of.rows_in_full()]
    as_text = [[escape_formula(value) for value in row] for row in rows_of(name)]
    assert as_text == [[escape_formula(value) for value in row] for row in instances]
    assert len(as_text) > 1


def by_name(name, query=""):
    names = [column.name for column in LISTS[name].csv_columns(QueryDict(query))]
    return [dict(zip(names, row, strict=True)) for row in rows_of(name, query=query)]


def test_a_case_says_what_its_issues_are_and_cite(db):
    stored_case()
    (row,) = by_name("cases")
    del row["clinical_summary"]
    received_on = row.pop("received_on")
    assert received_on == timezone.localdate()
    assert list(map(escape_formula, row.values())) == [
        "CM14-0195168",
        "upheld",
        "Standard",
        "2013-09-26",
        "2014-11-08",
        "2014-11-21",
        "2014-12-02",
        "2015-01-16",
        "Occupational Medicine",
        "California",
        "final-2015",
        "1",
        "Twelve work conditioning sessions for the lumbar spine",
        "upheld",
        "rehabilitation",
        "overlapping",
        "MTUS Chronic Pain Medical Treatment Guidelines p. 125-126; ODG",
        "MTUS Chronic Pain Medical Treatment Guidelines, Work Conditioning, Work Hardening p. 125",
        "ur-date-disagrees",
        "no",
        "",
        "unassigned",
        "",
        "",
        "",
        "",
        "",
        "yes",
    ]


def test_an_issue_says_what_was_corrected_and_how_its_sides_compare(filled):
    row = next(row for row in by_name("issues") if row["case_number"] == filled.case_number)
    assert row["corrected"] == "Issue 1: decision"
    assert row["relations"] == "same; only claims administrator"
    assert row["flags"] == "ur-date-disagrees"


def test_a_case_that_has_no_review_yet_has_an_empty_cell(filled):
    assert {row["review"] for row in by_name("cases")} >= {None, "unassigned"}


def test_replies_stand_with_their_authors_but_for_deleted_ones(filled):
    note = Annotation.objects.filter(replies__isnull=False).first()
    note.replies.create(author=note.author, comment="Gone", deleted_at=timezone.now())
    row = next(row for row in by_name("annotations") if row["id"] == note.pk)
    author = note.author.get_username()
    assert row["replies"] == f"{author}: =1+1; {author}: Seen, “so”"


def test_a_document_names_the_letters_that_its_latest_reading_found(filled):
    Reading.objects.filter(case=filled).update(superseded=True)
    numbers = {row["id"]: row["case_numbers"] for row in by_name("documents")}
    assert numbers.pop(filled.document_id) == ""
    assert all(numbers.values())


@pytest.mark.parametrize("query", ["", "state=unassigned", "order=-due"])
def test_a_review_is_exported_whose_number_is_not_that_of_its_case(db, query):
    """As where cases were on file before there were reviews, or some were deleted."""
    case = stored_case()
    case.review.delete()
    refresh_case(case)
    assert Review.objects.get().pk != case.pk
    lines = list(csv.reader(csv_lines(LISTS["reviews"], QueryDict(query))))[1:]
    assert [line[0] for line in lines] == [case.case_number]


def test_rows_stand_in_the_order_of_their_keys(filled):
    keys = list(Case.objects.order_by("case_number").values_list("pk", flat=True))
    numbers = [row[0] for row in rows_of("cases", keys[::-1])]
    assert numbers == sorted(numbers, reverse=True)


def test_a_row_that_was_deleted_meanwhile_is_left_out(filled):
    last, first = Citation.objects.order_by("pk")[:2]
    gone = last.pk
    last.delete()
    assert len(rows_of("citations", [gone, first.pk])) == 1


def test_no_rows_are_a_header_alone(db):
    for name in NAMES:
        assert rows_of(name) == []
        assert rows_of(name, [1]) == []


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("columns=case_number", 1),
        ("columns=case_number,review", 1),
        ("columns=verdicts,treatment_requests", 2),
        ("columns=flags", 2),
        ("columns=claims_citations", 3),
        ("", 4),
    ],
)
def test_only_what_the_columns_need_is_read(filled, query, queries):
    assert queries_of("cases", query) == queries


def test_more_rows_of_a_chunk_cost_no_more_queries(filled, monkeypatch):
    monkeypatch.setattr("cases.lists.csv_rows.FIRST_CHUNK", 10_000)
    before = {name: queries_of(name) for name in NAMES}
    call_command("synthesize", "50", verbosity=0)
    assert {name: queries_of(name) for name in NAMES} == before


def test_the_first_rows_come_before_most_keys_are_looked_at(filled):
    (key,) = Case.objects.values_list("pk", flat=True)[:1]
    keys, asked = count(), []
    of = LISTS["cases"]
    rows = csv_rows(of, (asked.append(n) or key for n in keys), of.csv_columns(QueryDict("")))
    next(rows)
    assert len(asked) == FIRST_CHUNK
    next(islice(rows, FIRST_CHUNK - 1, None))
    assert len(asked) == FIRST_CHUNK + CHUNK


def test_a_response_has_few_parts_and_a_short_first_one():
    written = [f"{number}\r\n" for number in range(2000)]
    response = csv_file("cases", iter(written))
    sent = list(response.streaming_content)
    assert b"".join(sent).decode() == "".join(written)
    assert len(sent) < 20
    assert len(sent[0].splitlines()) < 50


def test_no_cell_is_a_formula(filled):
    Issue.objects.update(treatment_request="=1+1", rationale="-2", in_dispute="'quoted")
    Case.objects.update(clinical_summary="@SUM(A1)", specialties=["+1"])
    Citation.objects.update(raw="\tx", guideline="=x", source="other", section="")
    for name in ("cases", "issues", "citations"):
        text = "".join(csv_encode((), rows_of(name)))
        cells = [cell for row in csv.reader(text.splitlines()[1:]) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
        assert "'=1+1" in cells or "'@SUM(A1)" in cells
