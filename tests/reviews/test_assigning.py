"""Assigning many reviews: who gets which, what the page says of it, and taking it back."""

from collections import Counter

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from imrsite.security.roles import Role
from reviews.lists import registry
from reviews.models import Assignment, Review
from reviews.reviewing import workflow
from reviews.reviewing.assigning import share_by_counts, share_evenly, to_each
from reviews.views import assigning
from tests.people import person

KEYS = st.lists(st.integers(1, 10**6), max_size=40, unique=True)


@given(KEYS, st.lists(st.integers(1, 99), min_size=1, max_size=7, unique=True))
def test_shared_evenly_nobody_gets_two_more_than_another(reviews, people):
    shares = share_evenly(reviews, people, set())
    assert [review for review, _ in shares] == reviews
    given = Counter(person for _, person in shares)
    assert max(given[one] for one in people) - min(given[one] for one in people) <= 1


def test_shared_evenly_nobody_gets_what_they_have():
    assert share_evenly([1, 2], [7, 8], {(1, 7), (2, 7)}) == [(1, 8), (2, 8)]


def test_by_hand_what_is_beyond_the_numbers_stays():
    assert share_by_counts([1, 2, 3, 4], {7: 1, 8: 2}) == [(1, 7), (2, 8), (3, 8)]
    assert to_each([1, 2], [7, 8]) == [(1, 7), (1, 8), (2, 7), (2, 8)]


@pytest.fixture
def _cases(db):
    call_command("synthesize", "40", verbosity=0)


def unassigned():
    return Review.objects.filter(state="unassigned")


def assign(client, **fields):
    return client.post("/reviews/assign/", fields, follow=True)


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("_cases")
def test_the_most_urgent_are_shared_out_and_taken_back(reader, ana, ben):
    before = set(unassigned().values_list("pk", flat=True))
    urgent = set(unassigned().order_by("due_on", "pk").values_list("pk", flat=True)[:7])
    response = assign(reader, how="even", number=7, who=[ana.pk, ben.pk])
    page = words(response)
    assert "<h1>7 assigned</h1>" in page
    given = Counter(one.reviewer for one in Assignment.objects.filter(review__in=urgent))
    assert sorted(given.values()) == [3, 4]
    assert "Undo: take back 7" in page
    begun = Assignment.objects.filter(reviewer=ana).first()
    workflow.save_findings(begun, version=1, notes="Hm.", findings={})
    response = reader.post("/reviews/assigned/", follow=True)
    page = words(response)
    assert "6 reviews taken back." in page
    assert "<h1>1 assigned</h1>" in page
    assert "6 taken back" in page
    assert f"{begun.review.case} was begun by ana." in page
    assert set(unassigned().values_list("pk", flat=True)) == before - {begun.review_id}
    assert words(reader.post("/reviews/assigned/", follow=True)).count("0 reviews taken back.") == 1


@pytest.mark.usefixtures("_cases")
def test_by_hand_each_gets_what_was_entered(reader, ana, ben):
    counts = {f"count-{ana.pk}": 1, f"count-{ben.pk}": 3}
    page = words(assign(reader, how="counts", number=9, who=[ana.pk, ben.pk], **counts))
    assert "<h1>4 assigned</h1>" in page
    assert (ana.assignments.count(), ben.assignments.count()) == (1, 3)


@pytest.mark.usefixtures("_cases")
def test_what_cannot_be_assigned_says_why(reader, ana, ben):
    free, taken = unassigned()[:2]
    workflow.assign_reviewer(taken, ana, ben)
    page = words(assign(reader, how="each", reviews=f"{free.pk},{taken.pk}", who=[ana.pk]))
    assert "<h1>1 assigned</h1>" in page
    assert "1 could not be assigned" in page
    assert f"{taken.case} is with ana already." in page


@pytest.mark.usefixtures("_cases")
def test_undone_a_second_reviewer_leaves_the_review_as_it_was(reader, ana, ben):
    review = unassigned().first()
    workflow.assign_reviewer(review, ana, reader.user)
    review.refresh_from_db()
    was = (review.state, review.wanted, review.taken)
    assign(reader, reviews=review.pk, who=[ben.pk])
    page = words(reader.post("/reviews/assigned/", follow=True))
    assert "<h1>It was taken back</h1>" in page
    review.refresh_from_db()
    assert (review.state, review.wanted, review.taken) == was


@pytest.mark.usefixtures("_cases")
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"how": "even", "number": 3}, "Choose at least one reviewer."),
        ({"how": "counts", "number": 3, "who": "all"}, "Enter how many each of them gets."),
        ({"how": "each", "number": 3, "who": "all"}, "at most two reviewers"),
        ({"how": "even", "number": 0, "who": "all"}, "There is no review to assign."),
    ],
)
def test_a_form_that_lacks_something_says_so_and_keeps_what_was_entered(
    reader, ana, ben, fields, problem
):
    if fields.get("who"):
        cora = person(Role.REVIEWER, "cora")
        fields = fields | {"who": [ana.pk, ben.pk, cora.pk]}
    response = reader.post("/reviews/assign/", fields)
    page = words(response)
    assert response.status_code == 422
    assert problem in page
    assert f'value="{fields["how"]}" checked' in page
    ticked = [f'value="{pk}" checked' in page for pk in fields.get("who", ())]
    assert all(ticked)
    assert not Assignment.objects.filter(reviewer__in=[ana, ben]).exists()


@pytest.mark.usefixtures("_cases")
def test_picked_rows_come_to_the_form_and_what_is_too_many_is_told(reader, ana, monkeypatch):
    monkeypatch.setattr(registry, "MOST_PICKED", 3)
    monkeypatch.setattr(assigning, "MOST_PICKED", 3)
    picked = list(unassigned().values_list("pk", flat=True)[:5])
    response = reader.post("/reviews/selection", {"action": "assign", "chosen": picked})
    assert response.url == "/reviews/assign/?picked=true"
    response = reader.get(response.url)
    page = words(response)
    assert "<h1>Assign 3 reviews</h1>" in page
    assert "You picked 5. At most 3 are assigned at once" in page
    page = words(assign(reader, how="even", reviews=response.context["reviews"], who=[ana.pk]))
    assert "<h1>3 assigned</h1>" in page


def test_without_a_run_there_is_nothing_to_show(reader):
    assert reader.get("/reviews/assigned/").url == "/reviews/assign/"
