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

__all__ = ["Annotation", "Edit", "Label", "MarkedText", "Mention", "Reply", "Target"]
