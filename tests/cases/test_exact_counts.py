"""What pages count is what the rows say, at once, whatever is corrected, annotated or deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.analysis.comparison import DIMENSIONS, Comparison, compare_issues
from cases.analysis.precedents import precedents_of_request
from cases.corrections.refresh import refresh_case
from cases.corrections.rename_guideline import GuidelineName, rename_guideline
from cases.data_checks.index import check_index
from cases.data_checks.registry import Options
from cases.index.counts import Count
from cases.index.current import keeper
from cases.index.index import Index
from cases.index.rows import CLAIM, ISSUE
from cases.intake import pipeline
from cases.intake.purge import purge_cases
from cases.letters.model import Field
from cases.letters.reader import read_pdf
from cases.lists.definition import LISTS, listing
from cases.lists.facets import build_facets
from cases.lists.filtersets import IssueFilter
from cases.models import Case, Category, Citation, Decision, Issue
from cases.search.full_text import CASES, ISSUES
from imrsite.security.roles import Role
from tests.factories import LETTERS, stored_case
from tests.people import person
from tests.postgres import run_script

CHRONIC = "Chronic Pain Medical Treatment Guidelines"
ODG = "Official Disability Guidelines"
FIELDS = {Decision.UPHELD: "upheld", Decision.OVERTURNED: "overturned",
          Decision.PARTIALLY_OVERTURNED: "partially"}  # fmt: skip


def compared(query: str = "") -> Comparison:
    filterset = IssueFilter(QueryDict(query), Issue.objects.all())
    assert filterset.is_valid()
    return compare_issues(filterset)


def facets(name: str, query: str = "") -> dict[tuple[str, str], int]:
    return {
        (facet.label, value.words): value.number
        for facet in build_facets(LISTS[name], QueryDict(query)).facets
        for value in facet.values
    }


def count(name: str, query: str = "") -> int:
    return listing(QueryDict(query), LISTS[name]).count


def correct(issue: Issue, **values) -> None:
    Issue.objects.filter(pk=issue.pk).update(**values)
    refresh_case(issue.case)


# A look at each row


def counted(decisions: list[str]) -> Count:
    ways = Counter(FIELDS[Decision(one)] for one in decisions if one)
    return Count(len(decisions), **ways)


def matrix_of_the_rows() -> dict[tuple[str, str], Count]:
    cells: dict[tuple[str, str], list[str]] = {}
    for issue in Issue.objects.prefetch_related("citations"):
        for claims in guidelines(issue, "claims"):
            for maximus in guidelines(issue, "maximus"):
                cells.setdefault((claims, maximus), []).append(issue.decision)
    return {place: counted(decisions) for place, decisions in cells.items()}


def guidelines(issue: Issue, side: str) -> set[str]:
    """Those that a side cites; of a silent side, one without a name."""
    names = {
        "other" if one.source == "other" else one.guideline
        for one in issue.citations.all()
        if one.side == side
    }
    return names or {""}


def issues_by(field: str) -> dict[tuple[str, str], Count]:
    found: dict[tuple[str, str], list[str]] = {}
    for value, decision in Issue.objects.values_list(field, "decision"):
        found.setdefault((value, ""), []).append(decision)
    return {place: counted(decisions) for place, decisions in found.items()}


def assert_as_the_rows_say() -> None:
    assert list(check_index(Options())) == []
    comparison = compared()
    assert comparison.issues == counted(list(Issue.objects.values_list("decision", flat=True)))
    assert comparison.matrix == matrix_of_the_rows()
    for field in ("category", "subcategory"):
        assert comparison.by(field) == issues_by(field)
    for name, model in (("cases", Case), ("issues", Issue), ("citations", Citation)):
        assert count(name) == model.objects.count()
    for decision in Decision:
        assert count("cases", f"decision={decision}") == (
            Case.objects.filter(decision=decision).count()
        )


@pytest.fixture
def made_up(db):
    call_command("synthesize", "30", verbosity=0)


@pytest.mark.django_db
def test_a_letter_counts_as_soon_as_it_is_read():
    assert compared().issues == Count()
    stored_case()
    assert compared().matrix == {
        (CHRONIC, CHRONIC): Count(1, upheld=1),
        (ODG, CHRONIC): Count(1, upheld=1),
    }
    assert count("cases", "flag=ur-date-disagrees") == 1


@pytest.mark.django_db
def test_a_correction_moves_the_count():
    case = stored_case()
    assert facets("issues")["Decision", "Upheld"] == 1
    correct(case.issues.get(), decision="overturned")
    assert facets("issues")["Decision", "Overturned"] == 1
    assert ("Decision", "Upheld") not in facets("issues")
    assert compared("category=rehabilitation").issues == Count(1, overturned=1)
    assert compared("decision=upheld").issues == Count()


@pytest.mark.django_db
def test_a_case_counts_once_under_each_value_that_an_issue_of_it_has():
    case = stored_case()
    case.issues.create(
        position=2, treatment_request="Norco", decision="overturned", category="surgery"
    )
    case.issues.create(
        position=3, treatment_request="Norco", decision="overturned", category="surgery"
    )
    refresh_case(case)
    numbers = facets("cases")
    assert numbers["Treatment", "Surgery"] == numbers["Treatment", "Rehabilitation"] == 1
    assert numbers["Decision", "Partially overturned"] == 1
    assert facets("issues")["Treatment", "Surgery"] == 2


@pytest.mark.django_db
def test_a_silent_side_has_a_row_and_a_column_of_its_own():
    case = stored_case()
    case.issues.get().citations.all().delete()
    refresh_case(case)
    assert compared().matrix == {("", ""): Count(1, upheld=1)}
    assert facets("issues").get(("Claims administrator: guideline", "")) is None


@pytest.mark.django_db
def test_a_deleted_case_counts_no_more():
    case = stored_case()
    assert count("cases") == 1
    case.delete()
    assert (count("cases"), count("issues"), count("citations")) == (0, 0, 0)
    none = {name: {} for name in DIMENSIONS}
    assert compared() == Comparison(figures=none, cases={name: {} for name in CLAIM})


@pytest.mark.django_db
def test_a_letter_that_is_parsed_again_counts_as_it_says_now():
    case = stored_case()
    assert compared().issues == Count(1, upheld=1)
    reading = read_pdf(LETTERS / "CM14-0195168.pdf", max_pages=500)
    first = reading.letters[0].issues[0]
    second = replace(first, position=2, treatment_request=Field("Acupuncture", "found"),
                     rationale=Field("Needles.", "found"),
                     decision=replace(first.decision, value="overturned"))  # fmt: skip
    letter = replace(reading.letters[0], issues=(first, second))
    assert pipeline.reparse_document(case.document, hint=False)
    pipeline.finish_reading(
        case.document, pipeline.claim(case.document_id), replace(reading, letters=(letter,))
    )
    assert compared().issues == Count(2, upheld=1, overturned=1)
    assert facets("cases")["Decision", "Partially overturned"] == 1
    assert_as_the_rows_say()


@pytest.mark.django_db
def test_a_renamed_guideline_counts_under_its_new_name(made_up):
    before = {old: count("citations", f"guideline={old}") for old in (CHRONIC, "Weaning")}
    assert before[CHRONIC] > before["Weaning"] == 0
    rename_guideline(
        GuidelineName("MTUS", CHRONIC),
        GuidelineName("MTUS", "Weaning"),
        person(Role.LEAD, "lead"),
        "One name",
    )
    assert count("citations", f"guideline={CHRONIC}") == 0
    assert count("citations", "guideline=Weaning") == before[CHRONIC]
    assert (CHRONIC, "") not in compared().by("claims")
    assert compared().by("claims")["Weaning", ""].total > 0
    assert_as_the_rows_say()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_edited_or_deleted_pages_count_what_the_rows_say(made_up, data):
    with transaction.atomic():
        for _ in range(data.draw(st.integers(1, 6))):
            change_something(data)
            compared()  # a look between two changes keeps nothing of the first
        assert_as_the_rows_say()
        transaction.set_rollback(True)  # the next example begins with the same cases
    assert_as_the_rows_say()


def change_something(data) -> None:
    actions = ["decide", "move", "ask", "uncite", "date", "delete"]
    action = data.draw(st.sampled_from(actions))
    issues = list(Issue.objects.select_related("case").order_by("pk"))
    if not issues:
        return
    issue = issues[data.draw(st.integers(0, 40)) % len(issues)]
    if action == "decide":
        correct(issue, decision=data.draw(st.sampled_from([*Decision.values, ""])))
    elif action == "move":
        correct(issue, category=data.draw(st.sampled_from(Category.values)))
    elif action == "ask":
        correct(issue, treatment_request=data.draw(st.sampled_from(["Norco", "MRI, knee", ""])))
    elif action == "uncite":
        issue.citations.all().delete()
        refresh_case(issue.case)
    elif action == "date":
        issue.case.decision_date = data.draw(st.none() | st.dates())
        issue.case.save()
        refresh_case(issue.case)
    else:
        purge_cases([issue.case.case_number])


@pytest.mark.django_db
def test_cases_from_before_are_counted_and_found_after_a_migration(made_up):
    issue = Issue.objects.filter(category="pharmaceuticals").first()
    similar, found = (
        precedents_of_request(issue.disputed).similar,
        count("issues", "q=request:therapy"),
    )
    Issue.objects.update(asked="")
    for table, model in ((CASES, Case), (ISSUES, Issue)):
        table.delete(model.objects.values_list("pk", flat=True))
    keeper.forget()
    assert (
        precedents_of_request(issue.disputed).similar,
        count("issues", "q=request:therapy"),
    ) == (0, 0)
    call_command("migrate", verbosity=0)
    assert_as_the_rows_say()
    assert precedents_of_request(issue.disputed).similar == similar > 0
    assert count("issues", "q=request:therapy") == found > 0


@pytest.mark.django_db
def test_an_index_begun_in_a_transaction_forgets_each_that_is_taken_back(settings, tmp_path):
    """Changes have the same numbers in each, and say something else. There is no file yet."""
    settings.VAR_DIR = tmp_path
    keeper.forget()
    for decision in ("overturned", "upheld", "partially_overturned"):
        with transaction.atomic():
            correct(stored_case().issues.get(), decision=decision)
            assert count("cases", f"decision={decision}") == 1
            transaction.set_rollback(True)
    assert count("cases") == count("citations") == 0


def issues_decided(index: Index) -> Counter[str]:
    facts = index.spaces[ISSUE].facts["decision"]
    return Counter({value: len(rows) for value, rows in facts.items() if rows})


BESIDE_ONE_ANOTHER = """
import threading
import imrsite.urls  # with the addresses come the lists
from collections import Counter
from django.core.management import call_command
from django.db import connection, transaction
from cases.corrections.refresh import refresh_case
from cases.index.current import current_index
from cases.models import Case, Issue
from tests.cases.test_exact_counts import assert_as_the_rows_say, issues_decided

call_command("synthesize", "16", verbosity=0)
ids = list(Case.objects.values_list("pk", flat=True))
failures = []

def edit(decision):
    try:
        for pk in ids:
            with transaction.atomic():
                case = Case.objects.select_for_update().get(pk=pk)
                case.issues.filter(position=1).update(decision=decision)
                refresh_case(case)
            with current_index() as index:
                assert sum(issues_decided(index).values()) == Issue.objects.count()
    except Exception as problem:
        failures.append(repr(problem))
    finally:
        connection.close()

threads = [threading.Thread(target=edit, args=(d,)) for d in ("overturned", "upheld", "")]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failures, failures
assert_as_the_rows_say()
with current_index() as index:
    expected = Counter(Issue.objects.values_list("decision", flat=True))
    assert issues_decided(index) == expected
print("as the rows say")
"""


def test_writers_and_readers_beside_one_another_lose_nothing_on_postgresql(postgres):
    done = run_script(BESIDE_ONE_ANOTHER, postgres)
    assert "as the rows say" in done.stdout, done.stderr
