"""Summaries always say what a count of the rows would."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.derived import refresh_case
from cases.facts import Count, Key
from cases.forget import forget
from cases.models import (
    Category,
    Decision,
    Issue,
    PastRequest,
    RequestWord,
    StoredFacts,
    Tally,
)
from cases.summaries import counted, fold, recount
from tests.factories import stored_case
from tests.postgres import run_script


def stored() -> dict[Key, Count]:
    """The sums of all tallies, read row by row."""
    sums: dict[Key, Count] = {}
    for row in Tally.objects.all():
        key = Key(row.scope, row.dimension, row.first, row.second)
        numbers = (row.total, row.upheld, row.overturned, row.partially)
        sums[key] = Count(*map(sum, zip(sums.get(key, Count()), numbers, strict=True)))
    return {key: count for key, count in sums.items() if any(count)}


@pytest.fixture
def made_up(db):
    call_command("synthesize", "30", verbosity=0)


def correct(issue: Issue, **values) -> None:
    Issue.objects.filter(pk=issue.pk).update(**values)
    refresh_case(issue.case)


def test_a_letter_counts_as_soon_as_it_is_read(db):
    stored_case()
    chronic = "Chronic Pain Medical Treatment Guidelines"
    odg = "Official Disability Guidelines"
    assert counted("matrix") == {
        (chronic, chronic): Count(1, upheld=1),
        (odg, chronic): Count(1, upheld=1),
    }
    assert counted("case.flag") == {("ur-date-disagrees", ""): Count(1, upheld=1)}


def test_a_correction_moves_the_count(db):
    case = stored_case()
    correct(case.issues.get(), decision="overturned")
    assert counted("issues") == {("", ""): Count(1, overturned=1)}
    assert counted("category", ["category=rehabilitation"]) == {
        ("rehabilitation", ""): Count(1, overturned=1)
    }


def test_refreshing_without_a_change_writes_no_tally(db):
    case = stored_case()
    rows = Tally.objects.count()
    refresh_case(case)
    assert Tally.objects.count() == rows


def test_a_deleted_case_counts_no_more(db):
    stored_case().delete()
    assert counted("matrix") == {}
    fold()
    assert not Tally.objects.exists()


def test_cases_from_before_are_counted_after_a_migration(made_up):
    RequestWord.objects.all().delete()
    PastRequest.objects.all().delete()
    StoredFacts.objects.all().delete()
    assert stored() == {}
    call_command("migrate", verbosity=0)
    assert stored() == recount() != {}
    assert PastRequest.objects.count() == Issue.objects.count()


def test_folding_changes_no_sum_and_leaves_one_row_a_key(made_up):
    for issue in Issue.objects.select_related("case")[:10]:
        correct(issue, decision="overturned")
    before = stored()
    assert fold() > 0
    assert stored() == before == recount()
    assert Tally.objects.count() == len(before)
    assert fold() == 0


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_edited_or_deleted_they_equal_a_recount(made_up, data):
    with transaction.atomic():
        for _ in range(data.draw(st.integers(1, 6))):
            change_something(data)
        assert stored() == recount()
        transaction.set_rollback(True)  # the next example begins with the same cases


def change_something(data) -> None:
    actions = ["decide", "move", "ask", "uncite", "date", "delete", "fold"]
    action = data.draw(st.sampled_from(actions))
    issues = list(Issue.objects.select_related("case").order_by("pk"))
    if action == "fold" or not issues:
        fold()
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
        forget([issue.case.case_number])


BESIDE_ONE_ANOTHER = """
import threading
from django.core.management import call_command
from django.db import connection, transaction
from cases.derived import refresh_case
from cases.models import Case
from cases.summaries import fold, recount
from tests.cases.test_summaries import stored

call_command("synthesize", "16", verbosity=0)
ids = list(Case.objects.values_list("pk", flat=True))
failures = []

def edit(decision):
    try:
        for pk in ids:
            with transaction.atomic():
                case = Case.objects.get(pk=pk)
                case.issues.filter(position=1).update(decision=decision)
                refresh_case(case)
            fold()
    except Exception as problem:
        failures.append(repr(problem))
    finally:
        connection.close()

threads = [threading.Thread(target=edit, args=(d,)) for d in ("overturned", "upheld", "")]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failures, failures
assert stored() == recount()
fold()
assert stored() == recount()
print("as a recount")
"""


def test_writers_and_folds_beside_one_another_lose_nothing_on_postgresql(postgres):
    done = run_script(BESIDE_ONE_ANOTHER, postgres)
    assert "as a recount" in done.stdout, done.stderr
