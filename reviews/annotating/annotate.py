"""The writer of annotations: making, changing, deleting, restoring and placing them.

Each function says in its exception what a person should do next. What was saved meanwhile by
somebody else is never overwritten: a form carries the version it was opened with, the save is one
conditional UPDATE, and whoever comes second gets `EditConflict` with what stands there now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cases.files.shown_text import visible_text
from reviews.annotating import mentions
from reviews.annotating.anchors import Anchor, anchor_for, find_quote
from reviews.annotating.reanchor import reanchor_text
from reviews.annotating.targets import Place, place_of
from reviews.models import Annotation, Edit, Label, MarkedText, Reply

LONGEST_COMMENT = 10_000
LEAD = "reviews.lead_reviews"


class AnnotationError(Exception):
    """The annotation can't be saved; the message says why.

    `places` are the starts to choose from when the words occur more than once.
    """

    def __init__(self, message: str, places: tuple[int, ...] = ()):
        super().__init__(message)
        self.places = places


class EditConflict(Exception):
    """Somebody saved it since the form was opened; `current` is what stands there now."""

    def __init__(self, current: Annotation | Reply):
        super().__init__("This was changed while you were editing.")
        self.current = current


@dataclass(frozen=True, slots=True)
class Selection:
    """The words a person chose: the quote, and where it starts if that is known."""

    quote: str
    start: int | None = None


@transaction.atomic
def create_annotation(
    place: Place,
    author: User,
    words: Selection,
    *,
    comment: str = "",
    label: Label | None = None,
    key: UUID | None = None,
) -> Annotation:
    """Marks the words at their start, or where they stand alone.

    A form that is sent twice with one `key` (its answer was lost on the way) is one annotation,
    which says what was sent last.
    """
    comment = checked_comment(comment, needed=label is None)
    known = Annotation.objects.filter(key=key, author=author).first() if key else None
    if known and visible_text(known.quote) == visible_text(words.quote):
        return update_resent(known, author, comment, label)
    key = None if known else key
    anchor = place_words(place.text, words)
    store_marked_text(place)
    try:
        with transaction.atomic():
            note = Annotation.objects.create(
                **place.keys,
                **anchor_fields(anchor),
                comment=comment,
                label=label,
                author=author,
                key=key,
            )
    except IntegrityError:  # the same form arrived twice at once
        return Annotation.objects.get(key=key, author=author)
    mentions.store_mentions(note, author)
    return note


def update_resent(note: Annotation, author: User, comment: str, label: Label | None) -> Annotation:
    if (note.comment, note.label) != (comment, label):
        edit_annotation(note, author, version=note.version, comment=comment, label=label)
    return note


def place_words(text: str, words: Selection) -> Anchor:
    """Line ends may come as browsers send them in forms."""
    quote = words.quote.replace("\r\n", "\n").replace("\r", "\n")
    if not quote.strip():
        raise AnnotationError("Select the words to highlight, or type them exactly as in the text.")
    if words.start is not None:
        stored = find_stored(text, quote, words.start)
        if stored is None:
            raise AnnotationError(
                "This text was changed since the page was opened, so these words are not there"
                " any more. Reload the page and select them again; your comment is kept."
            )
        return anchor_for(text, words.start, words.start + stored)
    quote = quote.strip()
    places = find_quote(visible_text(text), visible_text(quote))
    if not places:
        raise AnnotationError("These words are not in this text. Copy them exactly.")
    if len(places) > 1:
        raise AnnotationError(
            "These words occur more than once: choose which occurrence you mean.", tuple(places)
        )
    return anchor_for(text, places[0], places[0] + len(quote))


def find_stored(text: str, quote: str, start: int) -> int | None:
    """How long the quote is in the text at this start, where a line end may be two characters."""
    length = 0
    for character in quote:
        if text[start + length : start + length + 2] == "\r\n" and character == "\n":
            length += 2
        elif as_displayed(text[start + length : start + length + 1]) == as_displayed(character):
            length += 1
        else:
            return None
    return length


def as_displayed(character: str) -> str:
    """What the page that the words were selected on had for it."""
    return visible_text(character).replace("\r", "\n")


def store_marked_text(place: Place) -> None:
    """The text that the anchor's offsets count in, for when the case is corrected."""
    kept, _ = MarkedText.objects.get_or_create(**place.keys, defaults={"text": place.text})
    if kept.text != place.text:
        reanchor_text(kept, place)


def anchor_fields(anchor: Anchor) -> dict:
    return {
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.quote,
        "prefix": anchor.prefix,
        "suffix": anchor.suffix,
        "proposed_start": None,
        "proposed_end": None,
    }


def checked_comment(comment: str, *, needed: bool = True) -> str:
    comment = comment.replace("\r\n", "\n").replace("\x00", "").strip()
    if needed and not comment:
        raise AnnotationError("Choose a label or write a comment first.")
    if len(comment) > LONGEST_COMMENT:
        raise AnnotationError(f"A comment has at most {LONGEST_COMMENT:,} characters.")
    return comment


def may_change(written: Annotation | Reply, user: User) -> bool:
    """Its author, or a lead."""
    return written.author_id == user.pk or user.has_perm(LEAD)


def check_author(written: Annotation | Reply, user: User) -> None:
    if not may_change(written, user):
        raise PermissionDenied("Only its author or a lead can change this.")


def save_version(written: Annotation | Reply, version: int, **values: Any) -> None:
    """One conditional UPDATE; raises EditConflict when another save came first."""
    saved = (
        type(written)
        .objects.filter(pk=written.pk, version=version)
        .update(version=F("version") + 1, updated_at=timezone.now(), **values)
    )
    if not saved:
        raise EditConflict(type(written).objects.select_related("author").get(pk=written.pk))
    written.refresh_from_db()


@transaction.atomic
def edit_annotation(
    note: Annotation, user: User, *, version: int, comment: str, label: Label | None = None
) -> None:
    check_author(note, user)
    comment = checked_comment(comment, needed=label is None)
    before = Edit(
        annotation=note,
        editor=user,
        what="changed",
        comment_before=note.comment,
        label_before=note.label,
    )
    save_version(note, version, comment=comment, label=label)
    before.save()
    mentions.store_mentions(note, user)


@transaction.atomic
def delete_comment(written: Annotation | Reply, user: User) -> None:
    check_author(written, user)
    set_and_record(written, user, "deleted", deleted_at=timezone.now(), deleted_by=user)


@transaction.atomic
def restore_comment(written: Annotation | Reply, user: User) -> None:
    check_author(written, user)
    set_and_record(written, user, "restored", deleted_at=None, deleted_by=None)


@transaction.atomic
def resolve_thread(note: Annotation, user: User, *, resolved: bool) -> None:
    """Anybody who annotates may: a thread belongs to all who talk in it."""
    if resolved == bool(note.resolved_at):
        return
    now = timezone.now() if resolved else None
    set_and_record(
        note,
        user,
        "resolved" if resolved else "reopened",
        resolved_at=now,
        resolved_by=user if resolved else None,
    )


def set_and_record(written: Annotation | Reply, user: User, what: str, **values: Any) -> None:
    """Sets what has no rival version, and writes it in the history."""
    type(written).objects.filter(pk=written.pk).update(**values)
    written.refresh_from_db()
    note, reply = (
        (written, None) if isinstance(written, Annotation) else (written.annotation, written)
    )
    Edit.objects.create(annotation=note, reply=reply, editor=user, what=what)


def check_may_place(note: Annotation, user: User) -> None:
    if note.is_placed:
        check_author(note, user)


@transaction.atomic
def place_manually(note: Annotation, user: User, words: Selection) -> None:
    """Puts an annotation on these words of its text: a proposal accepted, or a place chosen.

    Anybody who annotates may place one that lost its words: its history says who did. Where it has
    its words, they are its author's.
    """
    note = Annotation.objects.select_for_update().get(pk=note.pk)
    check_may_place(note, user)
    place = place_of(note)
    anchor = place_words(place.text, words)
    store_marked_text(place)
    set_and_record(note, user, "placed", **anchor_fields(anchor))
