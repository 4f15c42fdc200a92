"""Overturn rates by what staff entered about the claim."""

import pytest
from django.core.management import call_command

from cases.analysis.rate_rows import Rank
from cases.corrections.claim_facts import set_claim_facts
from cases.models import Case, ClaimFacts
from tests.factories import stored_case

pytestmark = pytest.mark.django_db
TABLES = ("claims-administrator", "claims-unit", "requesting-physician", "ur-vendor")


@pytest.fixture
def made_up(db):
    call_command("synthesize", "150", verbosity=0)


def tables(reader, query=""):
    response = reader.get(f"/compare/?{query}")
    shown = response.context["beside"].both if "with" in query else response.context
    tables = shown.tables if "with" in query else shown["tables"]
    return {table.name: table for table in tables}, response


def cases_of(**facts):
    named = {f"claim_facts__{name}": value for name, value in facts.items()}
    return Case.objects.filter(**named)


def test_each_group_of_enough_cases_has_its_rate_and_the_list_behind_it(reader, made_up, settings):
    settings.IMR_LEAST_CASES = 12
    table = tables(reader)[0]["claims-administrator"]
    groups = [row for row in table.rows if row.rank is Rank.GROUP]
    assert {row.label for row in groups} == {
        name
        for name in ClaimFacts.objects.values_list("claims_administrator", flat=True).distinct()
        if name and cases_of(claims_administrator=name).count() >= 12
    }
    for row in groups:
        assert reader.get(row.link).context["listing"].count == row.count.total
        assert row.interval.low <= row.count.rate <= row.interval.high


@pytest.mark.parametrize("name", TABLES)
def test_the_rows_of_a_table_are_all_issues(reader, made_up, name):
    found, response = tables(reader)
    rows = found[name].rows
    assert sum(row.count.total for row in rows) == response.context["comparison"].issues.total
    ranks = [row.rank for row in rows]
    assert ranks == sorted(ranks), "what is no group of its own comes last"


def test_small_groups_are_counted_together_and_have_no_name(reader, made_up, settings):
    settings.IMR_LEAST_CASES = 12
    found, response = tables(reader)
    [few] = [row for row in found["claims-administrator"].rows if row.rank is Rank.FEW]
    assert few.label == "Fewer than 12 cases each"
    assert few.link is None
    small = [
        name
        for name in ClaimFacts.objects.values_list("claims_administrator", flat=True).distinct()
        if name and cases_of(claims_administrator=name).count() < 12
    ]
    assert small
    page = response.content.decode()
    part = page[page.index('id="claims-administrator"') : page.index('id="claims-unit"')]
    assert not [name for name in small if name in part]


def test_what_nobody_entered_is_counted_as_such(reader, made_up):
    [silent] = [row for row in tables(reader)[0]["ur-vendor"].rows if row.rank is Rank.SILENT]
    assert silent.label == "Not entered"
    listed = reader.get(silent.link)
    assert listed.context["listing"].count == silent.count.total
    assert "Not entered" in listed.content.decode(), "the filter says what it asks for"


def test_without_such_facts_there_is_no_table(reader):
    stored_case()
    found, response = tables(reader)
    assert [found[name].rows for name in TABLES] == [()] * 4
    assert "By UR vendor" not in response.content.decode()


def test_a_fact_that_is_entered_counts_at_once(reader, settings):
    settings.IMR_LEAST_CASES = 1
    set_claim_facts(stored_case(), {"ur_vendor": "Sample Review"}, None)
    [row] = tables(reader)[0]["ur-vendor"].rows
    assert (row.label, row.count.total) == ("Sample Review", 1)


def test_two_selections_have_the_groups_that_both_have_enough_of(reader, made_up, settings):
    settings.IMR_LEAST_CASES = 4
    early, late = "decision_date_before=2015-06-30", "with-decision_date_after=2015-07-01"
    found, response = tables(reader, f"{early}&{late}")
    both = response.context["beside"].both
    rows = found["claims-administrator"].rows
    assert sum(row.first.count.total for row in rows if row.first) == both.first.issues.total
    assert sum(row.second.count.total for row in rows if row.second) == both.second.issues.total
    groups = [row for row in rows if row.first and row.first.rank is Rank.GROUP]
    for row in groups:
        assert reader.get(row.first.link).context["listing"].count == row.first.count.total
        assert row.second, "a group that one has not enough of is not shown for either"
    assert "Fewer than 4 cases in A or B" in {row.label for row in rows}


def test_its_chart_can_be_saved(reader, made_up):
    assert reader.get("/compare/plots/ur-vendor.svg").status_code == 200
