"""Compare: figures of all issues that a filter lets through, each with the list behind it."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from itertools import product

import pytest
from django.core.management import call_command
from django.http import QueryDict

from cases.analysis.comparison import Comparison
from cases.analysis.comparison_links import cell_link, issues_link, year_link
from cases.analysis.comparison_page import Cell
from cases.corrections.refresh import refresh_case
from cases.index.counts import Count
from cases.index.rows import OTHER
from cases.models import Issue
from tests.factories import stored_case
from tests.postgres import require_kept_index

pytestmark = pytest.mark.django_db
CHRONIC = "Chronic Pain Medical Treatment Guidelines"
ODG = "Official Disability Guidelines"


@pytest.fixture
def made_up(db):
    call_command("synthesize", "150", verbosity=0)


def page(reader, query: str = ""):
    return reader.get(f"/compare/?{query}")


def linked(reader, link: str) -> int:
    """How many rows the list behind a link has."""
    return reader.get(link).context["listing"].count


def test_one_letter_stands_in_a_cell_for_each_pair_of_guidelines(reader):
    stored_case()
    matrix = page(reader).context["matrix"]
    assert [column.name for column in matrix.columns] == [CHRONIC]
    rows = {row.heading.name: row.cells[0].count.total for row in matrix.rows}
    assert rows == {CHRONIC: 1, ODG: 1}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "category=pharmaceuticals",
        "category=surgery&category=injections",
        "verdict=different",
        "decision_date_after=2015-01-01&decision_date_before=2016-12-31",
        "decision=overturned",
        "decision=upheld&category=pharmaceuticals",
        "category=pharmaceuticals&verdict=same",
        f"claims_guideline={ODG.replace(' ', '+')}",
        "q=spine+OR+therapy",
        "annotated=false&specialty=medicine",
    ],
)
def test_the_figures_are_those_of_the_issues_on_the_list(reader, made_up, query):
    told = page(reader, query).context["comparison"]
    issues = Issue.objects.filter(pk__in=on_the_list(reader, query))
    assert told.issues == count_of(issues)
    assert told.issues.total > 0
    rows = issues.select_related("case").prefetch_related("citations")
    expected = {name: by_value(rows, values) for name, values in VALUES.items()}
    assert {name: told.by(name) for name in VALUES} == expected
    pairs = by_value(rows, lambda one: product(cited(one, "claims"), cited(one, "maximus")))
    assert told.matrix == {pair: count for (pair, _), count in pairs.items()}


def on_the_list(reader, query: str) -> list[int]:
    found = reader.get(f"/issues/?{query}").context["listing"].filter.found()
    return found.keys()


def cited(issue: Issue, side: str) -> set[str]:
    rows = [one for one in issue.citations.all() if one.side == side]
    return {OTHER if one.source == OTHER else one.guideline for one in rows} or {""}


# What an issue is counted under, by the dimension.
VALUES = {
    "claims": lambda issue: cited(issue, "claims"),
    "maximus": lambda issue: cited(issue, "maximus"),
    "category": lambda issue: [issue.category],
    "subcategory": lambda issue: [issue.subcategory],
    "specialty": lambda issue: {one.strip() for one in issue.case.specialties} or {""},
    "year": lambda issue: [str(issue.case.decision_date.year) if issue.case.decision_date else ""],
}


def by_value(issues, values) -> dict[tuple, Count]:
    found: dict[tuple, list[str]] = {}
    for issue in issues:
        for value in values(issue):
            found.setdefault((value, ""), []).append(issue.decision)
    return {place: counted(decisions) for place, decisions in found.items()}


def count_of(issues) -> Count:
    return counted(list(issues.values_list("decision", flat=True)))


def counted(decisions: list[str]) -> Count:
    ways = ("upheld", "overturned", "partially_overturned")
    return Count(len(decisions), *(decisions.count(way) for way in ways))


@pytest.mark.parametrize("query", ["", "category=pharmaceuticals", "q=spine", "verdict=same"])
def test_every_number_opens_a_list_of_so_many(reader, made_up, query):
    response = page(reader, query)
    cells = [
        cell
        for row in response.context["matrix"].rows
        for cell in row.cells
        if cell.link and cell.count.total
    ]
    assert len(cells) > 5
    for cell in cells[::7]:
        assert linked(reader, cell.link) == cell.count.total, cell.link
    for table in response.context["tables"]:
        for row in table.rows[:3]:
            if row.link:
                assert linked(reader, row.link) == row.count.total, row.link


def test_headings_open_the_lists_of_their_side(reader, made_up):
    response = page(reader)
    totals = dict(response.context["comparison"].by("claims"))
    for row in response.context["matrix"].rows:
        names = {"no citation": "", "other evidence": OTHER}
        name = names.get(row.heading.name, row.heading.name)
        assert linked(reader, row.heading.link) == totals[name, ""].total


def test_no_link_leads_to_another_list_than_its_number():
    """Where the filter holds another value of a filter that takes one, nothing can say both."""
    query = QueryDict(f"claims_guideline={CHRONIC}")
    assert cell_link(query, ODG, CHRONIC) is None
    assert cell_link(query, CHRONIC, ODG) is not None
    assert issues_link(QueryDict("category=surgery"), category=["programs"]) is None
    within = year_link(QueryDict("decision_date_after=2015-06-01"), "2015")
    assert "decision_date_after=2015-06-01" in within
    assert "decision_date_before=2015-12-31" in within


def test_dates_that_no_decision_lies_between_have_nothing_to_compare(reader, made_up):
    response = page(reader, "decision_date_after=2016-01-01&decision_date_before=2015-12-31")
    assert response.context["comparison"].issues == Count()
    assert not response.context["comparison"].matrix


def test_the_words_of_a_search_are_counted_whole(reader, made_up):
    told: Comparison = page(reader, "q=the").context["comparison"]
    assert told.issues.total == linked(reader, "/issues/?q=the") > 100


def test_a_mistaken_filter_is_explained(reader, made_up):
    response = page(reader, "decision_date_after=yesterday")
    assert response.status_code == 422
    assert "can’t be applied" in response.content.decode()
    assert reader.get("/compare/export.csv?decision=nonsense").status_code == 422


def test_without_cases_it_says_what_would_fill_it(reader):
    assert "No cases yet" in page(reader).content.decode()


def test_the_csv_says_what_the_matrix_says(reader, made_up):
    response = reader.get("/compare/export.csv?category=pharmaceuticals")
    data = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    figures = page(reader, "category=pharmaceuticals").context["comparison"].matrix
    assert {
        (row["claims_guideline"], row["maximus_guideline"]): int(row["issues"]) for row in rows
    } == {place: count.total for place, count in figures.items()}


@pytest.mark.parametrize("name", ["matrix", "category", "claims-guideline", "specialty", "year"])
def test_plots_can_be_saved_and_say_what_the_tables_say(reader, made_up, name):
    from xml.etree import ElementTree

    response = reader.get(f"/compare/plots/{name}.svg?decision=upheld")
    assert response["Content-Type"] == "image/svg+xml"
    assert f'filename="{name}-' in response["Content-Disposition"]
    assert "<style" not in response.content.decode()
    root = ElementTree.fromstring(response.content)
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    shown = page(reader, "decision=upheld").content.decode()
    assert [word for word in words if f">{word}<" in unescape(re.sub(r"\s+", " ", shown))]


def test_no_such_plot(reader):
    assert reader.get("/compare/plots/nonsense.svg").status_code == 404


def test_htmx_gets_the_results_alone(reader, made_up):
    response = reader.get("/compare/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in response.content.decode()


def test_the_queries_are_counted(reader, made_up, django_assert_num_queries):
    require_kept_index()
    page(reader, "q=spine")  # the sets of a word's rows are gathered once
    for query in ("", "category=surgery&verdict=same", "annotated=false"):
        with django_assert_num_queries(4):
            page(reader, query)
    with django_assert_num_queries(4 + 1):  # whether a text holds the word, else another is offered
        page(reader, "q=spine")


def test_issues_are_compared_by_subcategory_and_edition(reader, made_up):
    shown = page(reader, "category=pharmaceuticals").content.decode()
    assert "By treatment subcategory" in shown
    assert "Proton pump inhibitors" in shown
    assert page(reader, "edition=2009").context["comparison"].issues.total


def test_guidelines_cited_by_other_editions_are_counted(reader, made_up):
    issue = Issue.objects.filter(verdict="same", citations__source="MTUS").first()
    issue.citations.filter(side="claims").update(edition="2009")
    issue.citations.filter(side="maximus").update(edition="2016")
    refresh_case(issue.case)
    number = Issue.objects.filter(other_edition=True).count()
    response = page(reader)
    [table] = [one for one in response.context["tables"] if one.name == "other-edition"]
    assert sum(row.count.total for row in table.rows) >= number > 0
    data = b"".join(reader.get("/compare/export.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert sum(int(row["other_edition"]) for row in rows) >= number
    assert all(
        row["other_edition"] == "0"
        for row in rows
        if row["claims_guideline"] != row["maximus_guideline"]
    )


YEARS = (
    "decision_date_after=2015-01-01&decision_date_before=2015-12-31"
    "&with-decision_date_after=2016-01-01&with-decision_date_before=2016-12-31"
)


def test_a_cell_is_shaded_by_its_share_unless_few_were_decided():
    def shade(upheld: int, overturned: int) -> str:
        return Cell(Count(upheld + overturned, upheld, overturned)).shade

    assert shade(97, 3) == "shade-0"
    assert shade(95, 5) == "shade-1"
    assert [shade(90, 10), shade(80, 20), shade(60, 40)] == ["shade-2", "shade-3", "shade-4"]
    assert shade(5, 4) == "few"
    assert Cell(Count(40)).shade == "few"  # none of them was decided


def test_two_selections_are_each_counted_as_their_lists_are(reader, made_up):
    response = page(reader, YEARS)
    beside = response.context["beside"]
    first, second = beside.both.first, beside.both.second
    assert first.issues.total == linked(reader, f"/issues/?{YEARS.split('&with-')[0]}") > 0
    of_second = "decision_date_after=2016-01-01&decision_date_before=2016-12-31"
    assert second.issues.total == linked(reader, f"/issues/?{of_second}") > 0
    one, other = beside.both.matrices
    assert [column.name for column in one.columns] == [column.name for column in other.columns]
    for matrix in (one, other):
        cells = [c for row in matrix.rows for c in row.cells if c.link and c.count.total]
        for cell in cells[::5]:
            assert linked(reader, cell.link) == cell.count.total
    for table in beside.both.tables:
        for row in table.rows[:2]:
            for side in (row.first, row.second):
                if side and side.link:
                    assert linked(reader, side.link) == side.count.total


def test_a_difference_is_that_of_the_rates_and_has_an_interval(reader, made_up):
    both = page(reader, YEARS).context["beside"].both
    told = both.second.issues.rate - both.first.issues.rate
    assert both.difference.value == pytest.approx(told)
    assert both.difference.interval.low < told < both.difference.interval.high
    assert "95% interval" in page(reader, YEARS).content.decode()


def test_a_cell_of_the_second_tells_how_far_its_share_is_from_that_of_the_first(reader, made_up):
    response = page(reader, YEARS)
    one, other = response.context["beside"].both.matrices
    cells = [
        (before, cell)
        for row_before, row in zip(one.rows, other.rows, strict=True)
        for before, cell in zip(row_before.cells, row.cells, strict=True)
    ]
    assert not any(before.difference for before, _ in cells)
    for before, cell in cells:
        enough = min(before.count.decided, cell.count.decided) >= 10
        assert bool(cell.difference) == enough
        if enough:
            told = cell.count.rate - before.count.rate
            assert cell.difference.value == pytest.approx(told)
    shown = sum(cell.difference is not None for _, cell in cells)
    assert response.content.decode().count("points from A") == shown > 0


def test_where_selections_share_issues_a_difference_has_no_interval(reader, made_up):
    response = page(reader, "category=pharmaceuticals&with=all")
    both = response.context["beside"].both
    assert both.shared == both.first.issues.total > 0
    assert both.difference.interval is None
    assert "issues are in both selections" in " ".join(response.content.decode().split())
    few = [row for table in both.tables for row in table.rows if row.difference]
    assert all(min(row.first.count.decided, row.second.count.decided) >= 10 for row in few)


def test_the_address_holds_both_and_each_can_be_narrowed_or_removed(reader, made_up):
    response = page(reader, "category=surgery&with-category=injections&with-decision=upheld")
    beside = response.context["beside"]
    assert [chip.query for chip in response.context["chips"]] == [
        "with-category=injections&with-decision=upheld"
    ]
    assert [chip.query for chip in beside.chips] == [
        "category=surgery&with-category=injections",
        "category=surgery&with-decision=upheld",
    ]
    assert beside.swapped == "category=injections&decision=upheld&with-category=surgery"
    assert 'name="with-category" value="injections"' in response.content.decode()


def test_the_second_selection_starts_as_the_first_one_is(reader, made_up):
    shown = reader.get("/compare/filters?side=with&category=surgery&q=knee").content.decode()
    assert re.search(r'name="with-category" value="surgery"[^>]*checked', shown)
    assert 'name="with-q" id="id_with-q" value="knee"' in shown
    assert '<input type="hidden" name="category" value="surgery">' in shown
    again = reader.get("/compare/filters?side=with&category=surgery&with-category=programs")
    assert re.search(r'value="programs"[^>]*checked', again.content.decode())


def test_a_mistake_in_the_second_selection_is_explained(reader, made_up):
    response = page(reader, "with-decision_date_after=soon")
    assert response.status_code == 422
    assert "Enter the date as YYYY-MM-DD" in response.content.decode()


def test_plots_are_drawn_when_a_script_asks_for_them(reader, made_up):
    shown = page(reader).content.decode()
    assert 'hx-get="/compare/plots/category.svg?' in shown
    assert 'class="range"' not in shown
    plot = reader.get("/compare/plots/category.svg", headers={"HX-Request": "true"})
    assert "xmlns" not in plot.content.decode()
    assert "Content-Disposition" not in plot
