"""What people add to cases."""

from reviews.models.alerts import MailSettings, Notice, OutgoingMail, ViewAlert
from reviews.models.annotations import (
    Annotation,
    Edit,
    Label,
    MarkedText,
    Mention,
    Reply,
    Target,
)
from reviews.models.desk import Memo, MemoRequest
from reviews.models.findings import Finding, Packet
from reviews.models.obligations import (
    Evidence,
    Obligation,
    ObligationEvent,
    ObligationPause,
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
from reviews.models.tours import TourDismissal

__all__ = [
    "MOST_REVIEWERS",
    "Annotation",
    "Assignment",
    "Edit",
    "Evidence",
    "Finding",
    "IssueVerdict",
    "Label",
    "MailSettings",
    "MarkedText",
    "Memo",
    "MemoRequest",
    "Mention",
    "Notice",
    "Obligation",
    "ObligationEvent",
    "ObligationPause",
    "Opinion",
    "OutgoingMail",
    "Packet",
    "Presence",
    "Reply",
    "Review",
    "Settlement",
    "Target",
    "TourDismissal",
    "ViewAlert",
    "states_with_due_date",
]
