from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from imrsite.security.roles import Role
from reviews.models import Assignment, Presence, Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import EditConflict, Finding, ReviewError
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(issue):
    return Review.objects.get(case=issue.case)


@pytest.fixture
def lead(db):
    return person(Role.LEAD, "lea")


def says(assignment, issue, opinion, reason="Because."):
    assignment.refresh_from_db()
    workflow.save_findings(
        assignment,
        version=assignment.version,
        notes="",
        findings={issue.pk: Finding(opinion, reason)},
        submit=True,
    )


def state(review):
    review.refresh_from_db()
    return review.state


def test_every_case_has_a_review_due_from_when_it_came_in(review):
    assert (review.state, review.due_on) == ("unassigned", localdate() + timedelta(days=30))


def test_by_one_reviewer_it_waits_for_a_lead_to_close_it(review, issue, ana, lead):
    assignment = workflow.assign_reviewer(review, ana, lead)
    assert state(review) == "in_review"
    says(assignment, issue, "agree", "")
    assert state(review) == "submitted"
    workflow.close_review(review, lead, version=review.version)
    assert state(review) == "closed"


def test_two_who_say_the_same_agree(review, issue, ana, ben, lead):
    both = [workflow.assign_reviewer(review, one, lead) for one in (ana, ben)]
    says(both[0], issue, "disagree")
    assert state(review) == "in_review"
    says(both[1], issue, "disagree", "For another reason.")
    assert state(review) == "agreed"


def test_two_who_differ_are_in_dispute_until_a_lead_settles_it(review, issue, ana, ben, lead):
    for one, opinion in ((ana, "agree"), (ben, "disagree")):
        says(workflow.assign_reviewer(review, one, lead), issue, opinion)
        review.refresh_from_db()
    # the second was assigned after the first had submitted: both count
    assert state(review) == "in_dispute"
    with pytest.raises(ReviewError, match="say why"):
        workflow.settle_review(review, lead, version=review.version, findings={})
    workflow.settle_review(
        review, lead, version=review.version, findings={issue.pk: Finding("agree", "As written.")}
    )
    assert state(review) == "closed"
    assert review.settlements.get().opinion == "agree"


def test_a_submitted_review_is_taken_back_until_it_is_closed(review, issue, ana, lead):
    assignment = workflow.assign_reviewer(review, ana, lead)
    says(assignment, issue, "agree")
    workflow.withdraw_submission(assignment, ana)
    assert state(review) == "in_review"
    says(assignment, issue, "agree")
    review.refresh_from_db()
    workflow.close_review(review, lead, version=review.version)
    with pytest.raises(ReviewError, match="closed"):
        workflow.withdraw_submission(assignment, ana)
    review.refresh_from_db()
    workflow.reopen_review(review, version=review.version)
    assert state(review) == "submitted"


@pytest.mark.parametrize(
    ("finding", "words"),
    [(Finding(), "Choose a verdict on issue 1"), (Finding("unsure", " "), "Say why on issue 1")],
)
def test_what_is_incomplete_is_not_submitted(review, issue, ana, lead, finding, words):
    assignment = workflow.assign_reviewer(review, ana, lead)
    with pytest.raises(ReviewError, match=words):
        workflow.save_findings(
            assignment, version=1, notes="", findings={issue.pk: finding}, submit=True
        )


def test_no_third_reviewer_and_nobody_twice(review, ana, ben, lead):
    workflow.assign_reviewer(review, ana, lead)
    with pytest.raises(ReviewError, match="with ana already"):
        workflow.assign_reviewer(review, ana, lead)
    workflow.assign_reviewer(review, ben, lead)
    with pytest.raises(ReviewError, match="two reviewers"):
        workflow.assign_reviewer(review, lead, lead)


def test_what_was_not_begun_is_taken_away_again(review, ana, lead):
    workflow.unassign(workflow.assign_reviewer(review, ana, lead))
    assert (state(review), review.taken) == ("unassigned", 0)


def test_the_second_of_two_saves_is_refused(review, issue, ana, lead):
    assignment = workflow.assign_reviewer(review, ana, lead)
    workflow.save_findings(assignment, version=1, notes="First", findings={})
    with pytest.raises(EditConflict):
        workflow.save_findings(assignment, version=1, notes="Second", findings={})
    assignment.refresh_from_db()
    assert assignment.notes == "First"


def test_the_next_review_is_the_most_urgent(issue, ana):
    later = stored_case("facsimile-003-final-2014")
    Review.objects.filter(case=later).update(due_on=localdate())
    assert workflow.claim_next(ana).case == later
    assert workflow.claim_next(ana).case == issue.case
    assert workflow.claim_next(ana) is None


def test_two_who_saw_the_same_free_seat_do_not_both_get_it(review, ana, ben):
    """Both read the row before either wrote, as at the same moment."""
    seen_by_ana, seen_by_ben = (Review.objects.get(pk=review.pk) for _ in range(2))
    assert workflow.take_seat(seen_by_ana, ana, ana)
    assert workflow.take_seat(seen_by_ben, ben, ben) is None
    assert Assignment.objects.get().reviewer == ana


def test_a_review_is_written_on_the_case_page(client, review, issue, ana, lead):
    workflow.assign_reviewer(review, ana, lead)
    client.force_login(ana)
    page = client.get("/cases/CM14-0195168/").content.decode()
    assert f'name="opinion-{issue.pk}"' in page
    fields = {"version": 1, "issues": issue.pk, f"opinion-{issue.pk}": "agree"}
    client.post("/cases/CM14-0195168/review/", fields | {"action": "submit"})
    assert state(review) == "submitted"


def test_the_later_of_two_forms_shows_both(client, review, issue, ana, lead):
    workflow.assign_reviewer(review, ana, lead)
    client.force_login(ana)
    url, fields = "/cases/CM14-0195168/review/", {"version": 1, "issues": issue.pk}
    first = {f"opinion-{issue.pk}": "agree", f"reason-{issue.pk}": "First words"}
    client.post(url, fields | first)
    second = {f"opinion-{issue.pk}": "unsure", f"reason-{issue.pk}": "Second words"}
    response = client.post(url, fields | second, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "First words" in page
    assert "Second words" in page


def test_nobody_sees_the_others_findings_before_giving_their_own(
    client, review, issue, ana, ben, lead
):
    first = workflow.assign_reviewer(review, ana, lead)
    workflow.assign_reviewer(review, ben, lead)
    says(first, issue, "disagree", "My secret reason")
    client.force_login(ben)
    assert "My secret reason" not in client.get("/cases/CM14-0195168/").content.decode()
    says(Assignment.objects.get(reviewer=ben), issue, "agree", "")
    assert "My secret reason" in client.get("/cases/CM14-0195168/").content.decode()


def test_leads_assign_in_bulk_from_the_case_list(reader, review, ana, ben):
    chosen = {"action": "assign-review", "chosen": [review.case_id]}
    page = reader.post("/cases/selection", chosen, follow=True)
    assert "CM14-0195168" in page.content.decode()
    reader.post("/reviews/assign/", {"reviews": review.pk, "who": [ana.pk, ben.pk]})
    assert {one.reviewer for one in review.assignments.all()} == {ana, ben}


def test_the_queue_is_filtered_and_exported(reader, review, ana, lead):
    workflow.assign_reviewer(review, ana, lead)
    assert "CM14-0195168" in reader.get("/reviews/?reviewer=ana&overdue=false").content.decode()
    assert "CM14-0195168" not in reader.get("/reviews/?state=closed").content.decode()
    lines = b"".join(reader.get("/reviews/export.csv?state=in_review").streaming_content)
    due = localdate() + timedelta(days=30)
    assert f"CM14-0195168,in_review,{due},ana".encode() in lines


def test_two_people_at_one_case_see_each_other(client, issue, ana, ben):
    client.force_login(ana)
    client.post("/cases/CM14-0195168/presence/")
    client.force_login(ben)
    page = client.post("/cases/CM14-0195168/presence/").content.decode()
    assert "Also viewing: ana" in page
    assert Presence.objects.count() == 2
