"""What was typed stands in the form again when the server refuses it."""

import uuid

import pytest

from reviews.annotating import threads
from reviews.models import Annotation, Edit, Reply, Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding, ReviewError
from tests.factories import stored_case

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def two_issues(db):
    return stored_case("facsimile-005-final-2015")


@pytest.fixture
def dispute(two_issues, reader, ana, ben):
    """Ana and Ben differ on both issues; the reader is the lead who settles it."""
    review = Review.objects.get(case=two_issues)
    for who, opinion in ((ana, "agree"), (ben, "disagree")):
        seat = workflow.assign_reviewer(review, who, reader.user)
        said = {issue.pk: Finding(opinion, "Because.") for issue in two_issues.issues.all()}
        workflow.save_findings(seat, version=1, notes="", findings=said, submit=True)
        review.refresh_from_db()
    return review


def settlement(review):
    first, second = review.case.issues.order_by("position")
    return {
        "action": "settle",
        "version": review.version,
        "issues": [first.pk, second.pk],
        f"opinion-{first.pk}": "agree",
        f"reason-{first.pk}": "Typed reason of the first.",
    }


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_settlement_that_is_incomplete_keeps_what_was_chosen(reader, dispute, headers):
    url = f"/cases/{dispute.case}/review/lead/"
    response = reader.post(url, settlement(dispute), headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Typed reason of the first.</textarea>" in page
    assert 'value="agree" checked' in page


def test_a_settlement_of_an_older_version_keeps_what_was_chosen(reader, dispute):
    url = f"/cases/{dispute.case}/review/lead/"
    response = reader.post(url, settlement(dispute) | {"version": 0}, headers=HTMX)
    assert response.status_code == 409
    assert "Typed reason of the first.</textarea>" in response.content.decode()


def test_a_mistake_in_assigning_takes_nothing_from_one_s_own_findings(reader, two_issues):
    review = Review.objects.get(case=two_issues)
    seat = workflow.assign_reviewer(review, reader.user, reader.user)
    workflow.save_findings(seat, version=1, notes="My saved notes.", findings={})
    url = f"/cases/{two_issues}/review/lead/"
    page = reader.post(url, {"action": "assign", "who": ""}, headers=HTMX).content.decode()
    assert "Choose a reviewer." in page
    assert "My saved notes.</textarea>" in page


def test_issues_that_a_form_lacks_keep_what_was_saved(two_issues, ana):
    seat = workflow.assign_reviewer(Review.objects.get(case=two_issues), ana, ana)
    first, second = two_issues.issues.order_by("position")
    both = {first.pk: Finding("agree"), second.pk: Finding("unsure", "Why?")}
    workflow.save_findings(seat, version=1, notes="", findings=both)
    workflow.save_findings(
        seat, version=2, notes="", findings={second.pk: Finding("disagree", "So.")}
    )
    saved = dict(seat.verdicts.values_list("issue", "opinion"))
    assert saved == {first.pk: "agree", second.pk: "disagree"}


def test_a_reason_without_a_verdict_is_refused_and_not_dropped(two_issues, ana):
    seat = workflow.assign_reviewer(Review.objects.get(case=two_issues), ana, ana)
    [first, _] = two_issues.issues.order_by("position")
    with pytest.raises(ReviewError, match="Choose a verdict on issue 1 too"):
        workflow.save_findings(
            seat, version=1, notes="", findings={first.pk: Finding("", "Typed.")}
        )


def test_an_annotation_sent_again_with_other_words_says_what_came_last(reader, issue):
    sent = {"target": "rationale", "issue": "1", "quote": "cardinal criteria", "key": uuid.uuid4()}
    for comment in ("Half", "Half a sentence, and the rest."):
        reader.post("/cases/CM14-0195168/annotate/", sent | {"comment": comment})
    assert Annotation.objects.get().comment == "Half a sentence, and the rest."
    assert Edit.objects.get().comment_before == "Half"


def test_a_reply_sent_again_with_other_words_says_what_came_last(note, ben):
    key = uuid.uuid4()
    for comment in ("Half", "Half a sentence, and the rest."):
        threads.create_reply(note, ben, comment, key)
    assert Reply.objects.get().comment == "Half a sentence, and the rest."


def test_a_reply_with_a_mistake_replaces_its_form_and_not_the_text(reader, note):
    url = f"/annotations/{note.pk}/replies/"
    response = reader.post(url, {"comment": "x" * 10_001}, headers=HTMX)
    assert response["HX-Retarget"] == "this"
    assert "x" * 10_001 in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_annotation_with_a_mistake_keeps_words_label_and_comment(reader, issue, headers):
    typed = {"quote": "words that are not there", "comment": "Typed.", "label": "good-example"}
    sent = {"target": "rationale", "issue": "1"} | typed
    response = reader.post("/cases/CM14-0195168/annotate/", sent, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "words that are not there</textarea>" in page
    assert "Typed.</textarea>" in page


def test_edits_with_a_mistake_keep_the_comment(reader, note, ana):
    long = "y" * 10_001
    answer = threads.create_reply(note, ana, "A reply")
    for url in (f"/annotations/{note.pk}/edit/", f"/replies/{answer.pk}/edit/"):
        response = reader.post(url, {"comment": long, "version": 1})
        assert response.status_code == 422
        assert long in response.content.decode()


def test_words_to_place_by_hand_stay_when_they_are_not_found(reader, note):
    Annotation.objects.filter(pk=note.pk).update(start=None, end=None)
    response = reader.post(f"/annotations/{note.pk}/place/", {"quote": "not in this text"})
    assert response.status_code == 422
    assert "not in this text" in response.content.decode()
