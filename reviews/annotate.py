"""The only writer of annotations."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from cases.models import Issue
from reviews.anchors import anchor_for, find_quote
from reviews.models import Annotation

LONGEST_COMMENT = 10_000


class CannotAnnotate(Exception):
    """Says what is wrong; `places` are the starts to choose from when the words stand there
    more than once."""

    def __init__(self, message: str, places: tuple[int, ...] = ()):
        super().__init__(message)
        self.places = places


def annotate(
    issue: Issue, author, *, quote: str, comment: str, start: int | None = None
) -> Annotation:
    """Marks the words `quote` of the rationale, at `start` or where they stand alone."""
    anchor = place(issue.rationale, quote, start)
    return Annotation.objects.create(
        case=issue.case,
        issue=issue,
        target=Annotation.Target.RATIONALE,
        start=anchor.start,
        end=anchor.end,
        quote=anchor.quote,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        comment=checked_comment(comment),
        author=author,
    )


def place(text: str, quote: str, start: int | None):
    if not quote.strip():
        raise CannotAnnotate("Select the words to mark, or type them as they stand.")
    if start is not None:
        if text[start : start + len(quote)] != quote:
            raise CannotAnnotate(
                "The rationale was changed since this page was opened, so these words are not"
                " there any more. Reload the page and select them again; your comment is kept."
            )
        return anchor_for(text, start, start + len(quote))
    places = find_quote(text, quote.strip())
    if not places:
        raise CannotAnnotate("These words are not in the rationale. Copy them as they stand.")
    if len(places) > 1:
        raise CannotAnnotate(
            "These words stand in the rationale more than once: choose which are meant.",
            tuple(places),
        )
    return anchor_for(text, places[0], places[0] + len(quote.strip()))


def checked_comment(comment: str) -> str:
    comment = comment.strip()
    if not comment:
        raise CannotAnnotate("Write a comment first.")
    if len(comment) > LONGEST_COMMENT:
        raise CannotAnnotate(f"A comment has at most {LONGEST_COMMENT:,} characters.")
    return comment


def own(annotation: Annotation, user) -> Annotation:
    if annotation.author_id != user.pk:
        raise PermissionDenied("Only its author may change an annotation.")
    return annotation


def edit(annotation: Annotation, user, comment: str) -> None:
    own(annotation, user).comment = checked_comment(comment)
    annotation.save(update_fields=["comment", "updated_at"])


def delete(annotation: Annotation, user) -> None:
    own(annotation, user).delete()
