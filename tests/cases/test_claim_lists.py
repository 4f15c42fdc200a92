"""Lists, their CSV and the search find cases by claim facts."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.corrections.claim_facts import set_claim_facts
from cases.models import Case, ClaimFacts, Issue
from tests.factories import stored_case

pytestmark = pytest.mark.django_db
FACTS = ("claims_administrator", "claims_unit", "requesting_physician", "ur_vendor")


@pytest.fixture
def made_up(db):
    call_command("synthesize", "60", verbosity=0)
    ClaimFacts.objects.filter(case__in=Case.objects.order_by("-pk")[:2]).delete()
    call_command("refresh", "--all", verbosity=0)


def found(reader, path="cases", **query):
    return set(reader.get(f"/{path}/", query).context["listing"].filter.found().keys())


def keys(path="cases", **conditions):
    if path == "cases":
        return set(Case.objects.filter(**conditions).values_list("pk", flat=True))
    named = {f"case__{name}": value for name, value in conditions.items()}
    return set(Issue.objects.filter(**named).values_list("pk", flat=True))


@pytest.mark.parametrize("path", ["cases", "issues"])
@pytest.mark.parametrize("fact", FACTS)
def test_each_name_filters_exactly(reader, made_up, path, fact):
    names = ClaimFacts.objects.exclude(**{fact: ""}).values_list(fact, flat=True).distinct()
    for name in list(names)[:3]:
        expected = keys(path, **{f"claim_facts__{fact}": name})
        assert found(reader, path, **{fact: name}) == expected != set()
    silent = keys(path, **{f"claim_facts__{fact}": ""}) | keys(path, claim_facts__isnull=True)
    assert found(reader, path, **{fact: "none"}) == silent != set()


@pytest.mark.parametrize("path", ["cases", "issues"])
def test_a_claim_number_is_found_by_its_beginning(reader, made_up, path):
    expected = keys(path, claim_facts__claim_number__startswith="SMP00")
    assert found(reader, path, claim_number="smp00") == expected != set()


@pytest.mark.parametrize("path", ["cases", "issues"])
def test_days_of_receipt_are_filtered(reader, made_up, path):
    span = ("2014-06-01", "2015-12-31")
    expected = keys(path, claim_facts__received_on__range=span)
    asked = {"received_on_after": span[0], "received_on_before": span[1]}
    assert found(reader, path, **asked) == expected != set()
    dated = {"claim_facts__received_on__isnull": False}
    assumed = keys(path, claim_facts__received_assumed=True, **dated)
    assert found(reader, path, receipt="assumed") == assumed != set()
    assert found(reader, path, receipt="none") == keys(path, claim_facts__isnull=True)


def test_lists_sort_by_the_day_of_receipt(reader, made_up):
    page = reader.get("/cases/?order=received_on&columns=case_number,received_on")
    rows = page.context["listing"].rows
    days = [row.claim_facts.received_on for row in rows if hasattr(row, "claim_facts")]
    assert days == sorted(days)


def test_columns_and_csv_say_the_same(reader, db):
    case = stored_case()
    set_claim_facts(case, {"claim_number": "=WC-1", "ur_vendor": "Sample Review"}, None)
    page = reader.get("/cases/?columns=case_number,claim_number,received_on").content.decode()
    assert "=WC-1" in page
    assert "assumed" in page
    for path in ("cases", "issues"):
        text = b"".join(reader.get(f"/{path}/export.csv")).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text))
        assert row["claim_number"] == "'=WC-1"
        assert row["ur_vendor"] == "Sample Review"
        assert row["received_assumed"] == "yes"
        assert len(row["received_on"]) == 10


def test_no_query_for_each_row(reader, made_up):
    def queries(size):
        columns = "case_number,claim_number,claims_unit,received_on"
        with CaptureQueriesContext(connection) as asked:
            reader.get(f"/cases/?columns={columns}&page_size={size}")
        return len(asked)

    queries(25), queries(50)  # each is logged once
    assert queries(25) == queries(50)


def test_a_rare_name_that_is_asked_for_stays_in_the_choice(reader, made_up, monkeypatch):
    monkeypatch.setattr("cases.lists.base_filterset.names_on_file", lambda fact: [])
    page = reader.get("/cases/filters?ur_vendor=Sample+Peer").content.decode()
    assert '<option value="Sample Peer" selected>' in page


def test_a_claim_number_typed_alone_leads_to_its_cases(reader, made_up):
    case = Case.objects.exclude(claim_facts__claim_number="").first()
    number = case.claim_facts.claim_number
    assert found(reader, q=number) == keys(claim_facts__claim_number=number)
    assert found(reader, q=f" {number.lower()} ") == keys(claim_facts__claim_number=number)
    assert found(reader, "issues", q=number) == keys("issues", claim_facts__claim_number=number)
    assert found(reader, q=f"{number} spine") == set(), "with other words it is one of them"


def test_the_palette_finds_a_claim_by_its_beginning(reader, made_up):
    case = Case.objects.exclude(claim_facts__claim_number="").first()
    number = case.claim_facts.claim_number
    page = reader.get("/find/", {"q": number[:9]}).content.decode()
    assert f"Claim {number}" in page
    assert case.get_absolute_url() in page
    assert "Claim" not in reader.get("/find/", {"q": "spine"}).content.decode()


def test_the_search_language_is_as_it_was_for_what_is_no_claim(reader, db):
    stored_case()
    assert found(reader, q="decision:upheld") == keys()
    assert reader.get("/cases/", {"q": "WC:2014"}).status_code == 422
