"""Citations are found by a page of the guideline, on both databases."""

import pytest
from django.db import connection
from django.http import QueryDict

from cases.corrections.refresh import refresh_case
from cases.index.current import current_index
from cases.index.rows import CITATION, LONG_RANGE
from cases.lists.csv_export import csv_lines
from cases.lists.definition import LISTS, listing
from cases.models import Citation
from tests.factories import stored_case


@pytest.fixture
def cited(either_database):
    assert connection.vendor == either_database
    case = stored_case("CM14-0195168")
    first, second = Citation.objects.filter(issue__case=case).order_by("pk")[:2]
    Citation.objects.exclude(pk__in=(first.pk, second.pk)).update(pages=[])
    Citation.objects.filter(pk=first.pk).update(pages=[[125, 126], [130, 130]])
    Citation.objects.filter(pk=second.pk).update(pages=[[100, 100 + LONG_RANGE]])
    refresh_case(case)
    return first.pk, second.pk


@pytest.mark.parametrize(
    ("page", "which"), [(125, (0, 1)), (130, (0, 1)), (127, (1,)), (100, (1,)), (99, ())]
)
def test_a_page_within_a_range_is_found(cited, page, which):
    query, of = QueryDict(f"cited_page={page}"), LISTS["citations"]
    expected = {cited[one] for one in which}
    assert {row.pk for row in listing(query, of).rows} == expected
    assert len(list(csv_lines(of, query))) == 1 + len(expected)


@pytest.mark.parametrize("page", ["0", "12.5", "x", "100000"])
def test_what_is_no_page_is_told(client, page):
    errors = LISTS["citations"].filterset(QueryDict(f"cited_page={page}"), None).errors
    assert errors["cited_page"] == ["Enter a page as a whole number, such as 126."]


def test_a_long_range_is_one_fact(cited):
    with current_index() as index:
        facts = index.spaces[CITATION].facts
        pages = {name: [value for value, rows in facts[name].items() if rows]
                 for name in ("page", "long_range")}  # fmt: skip
    assert sorted(pages["page"]) == ["125", "126", "130"]
    assert pages["long_range"] == [f"100-{100 + LONG_RANGE}"]
