"""What people add to cases."""

from reviews.models.annotations import (
    Annotation,
    Edit,
    Label,
    MarkedText,
    Mention,
    Reply,
    Target,
)
from reviews.models.reviews import (
    MOST_REVIEWERS,
    Assignment,
    IssueVerdict,
    Opinion,
    Presence,
    Review,
    Settlement,
    states_with_due_date,
)

__all__ = [
    "MOST_REVIEWERS",
    "Annotation",
    "Assignment",
    "Edit",
    "IssueVerdict",
    "Label",
    "MarkedText",
    "Mention",
    "Opinion",
    "Presence",
    "Reply",
    "Review",
    "Settlement",
    "Target",
    "states_with_due_date",
]
