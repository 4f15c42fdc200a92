"""Several people at the same review at the same moment, with real locks: on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.postgres import run_script

PREPARE = """
import threading
from collections import Counter
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from reviews.reviewing import workflow
from reviews.models import Assignment, Opinion, Review
from reviews.reviewing.workflow import ReviewError, EditConflict, Finding

def at_once(*calls):
    \"\"\"What each call returned or raised, all begun at the same moment.\"\"\"
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)
    def run(i, call):
        try:
            gate.wait()
            results[i] = call()
        except Exception as problem:
            results[i] = problem
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return results

def people(count):
    made = []
    for i in range(count):
        user = get_user_model().objects.create_user(f"reviewer-{i}")
        user.groups.add(Group.objects.get(name="reviewer"))
        made.append(user)
    return made

def agreeing(review):
    return {issue.pk: Finding(Opinion.AGREE) for issue in review.case.issues.all()}

def seats_are_right():
    for review in Review.objects.all():
        assert review.taken == review.assignments.count() <= review.wanted, review

call_command("synthesize", "12", verbosity=0)
Assignment.objects.all().delete()
Review.objects.update(taken=0, wanted=1, state="unassigned", closed_at=None, closed_by=None)
*everybody, lead = people(9)
"""
TAKE_THE_NEXT = """
taken = at_once(*(lambda user=user: workflow.claim_next(user) for user in everybody))
assert len({review.pk for review in taken}) == 8, taken
"""
THE_SAME_PERSON_TWICE = """
Review.objects.update(wanted=2)
taken = at_once(*[lambda: workflow.claim_next(everybody[0])] * 6)
assert len({review.pk for review in taken}) == 6, taken
"""
GIVEN_TO_MANY = """
review = Review.objects.first()
assign = workflow.assign_reviewer
given = at_once(*(lambda user=user: assign(review, user, lead) for user in everybody))
told = Counter(type(one).__name__ for one in given)
assert told == {"Assignment": 2, "ReviewError": 6}, given
"""
SAVED_TWICE = """
review = workflow.claim_next(everybody[0])
mine = review.assignments.get()
def save(notes, submit):
    return workflow.save_findings(
        Assignment.objects.get(pk=mine.pk), version=mine.version, notes=notes,
        findings=agreeing(review), submit=submit)
saved = at_once(*(lambda i=i: save(f"window {i}", submit=i % 2 == 0) for i in range(6)))
kept = [i for i, one in enumerate(saved) if one is None]
assert len(kept) == 1, saved
assert all(isinstance(one, (EditConflict, ReviewError)) for one in saved if one), saved
assert Assignment.objects.get(pk=mine.pk).notes == f"window {kept[0]}"
"""
BOTH_SUBMIT_AS_ONE_IS_TAKEN_AWAY = """
review = Review.objects.first()
first, second = (workflow.assign_reviewer(review, user, lead) for user in everybody[:2])
def submit(one):
    findings = agreeing(review)
    return workflow.save_findings(
        one, version=one.version, notes="", findings=findings, submit=True
    )
at_once(lambda: submit(first), lambda: submit(second), lambda: workflow.unassign(second))
review.refresh_from_db()
submitted = review.assignments.exclude(submitted_at=None).count()
# where it was taken away, the review waits for somebody else
assert (review.state, submitted) in {("agreed", 2), ("in_review", 1)}
"""


@pytest.mark.parametrize(
    "what",
    [
        TAKE_THE_NEXT,
        THE_SAME_PERSON_TWICE,
        GIVEN_TO_MANY,
        SAVED_TWICE,
        BOTH_SUBMIT_AS_ONE_IS_TAKEN_AWAY,
    ],
    ids=[
        "eight take the next",
        "one takes the next six times",
        "a lead gives it to many",
        "six windows save",
        "both submit while one is taken away",
    ],
)
def test_at_the_same_moment(postgres, what):
    script = PREPARE + what + "\nseats_are_right()\nprint('as it should be')"
    done = run_script(script, postgres)
    assert "as it should be" in done.stdout, done.stderr
