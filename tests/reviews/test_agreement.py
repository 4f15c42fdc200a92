import pytest

from reviews.annotating.annotate import Selection, create_annotation
from reviews.models import Label, Review
from reviews.reviewing import workflow
from reviews.reviewing.agreement import (
    agreement_on_labels,
    agreement_on_verdicts,
    double_reviews,
    krippendorff_alpha,
)
from reviews.reviewing.workflow import Finding


def test_alpha_is_krippendorffs():
    """The example of two observers and ten units with binary values in Krippendorff's
    "Computing Krippendorff's Alpha-Reliability": 0.095."""
    a, b = "0100000010", "1110010000"
    assert round(krippendorff_alpha(zip(a, b, strict=True)), 3) == 0.095


def test_alpha_is_not_defined_where_nobody_said_anything_else():
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([("agree", "agree")] * 3) is None


@pytest.mark.django_db
def test_it_counts_cases_that_two_have_submitted(reader, issue, rationale, ana, ben):
    review = Review.objects.get(case=issue.case)
    for user, opinion in ((ana, "agree"), (ben, "unsure")):
        assignment = workflow.assign_reviewer(review, user, reader.user)
        workflow.save_findings(
            assignment,
            version=1,
            notes="",
            findings={issue.pk: Finding(opinion, "Because.")},
            submit=True,
        )
    create_annotation(
        rationale, ana, Selection("cardinal criteria"), label=Label.objects.get(shortcut="1")
    )
    total, agree, *_ = agreement_on_verdicts(double_reviews())
    assert (total.units, total.same, agree.both, agree.one) == (1, 0, 0, 1)
    first, second, *_ = agreement_on_labels(double_reviews())
    assert (first.units, first.one, second.same) == (1, 1, 1)
    page = reader.get("/reviews/agreement/").content.decode()
    assert "Krippendorff’s alpha" in page
