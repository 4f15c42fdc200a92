"""What lists of annotations are searched and sorted by: a row of the index each, and what is kept
of other rows beside the annotation. `index_notes` brings both up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cases.models import Case
from cases.search.full_text import FullText, Row
from cases.signals import case_changed
from reviews.models import Annotation, Label, Reply

ANNOTATIONS = FullText(
    "annotation_index",
    "reviews.Annotation",
    {"number": "n", "words": "w", "comment": "o", "reply": "p"},
)
NO_LABEL = -1


def sort_keys(note: Annotation) -> dict[str, str | int]:
    return {
        "case_number": note.case.case_number,
        "author_name": note.author.get_username(),
        "label_position": note.label.position if note.label else NO_LABEL,
    }


def note_row(note: Annotation, replies: Iterable[Reply] = ()) -> Row:
    texts = {
        "number": [note.case.case_number],
        "words": [note.quote],
        "comment": [note.comment],
        "reply": [reply.comment for reply in replies if reply.deleted_at is None],
    }
    return Row(note.pk, texts)


def index_notes(keys: Iterable[int]) -> None:
    """These annotations as they stand now."""
    rows = Annotation.objects.filter(pk__in=list(keys)).select_related("case", "author", "label")
    notes = list(rows.prefetch_related("replies"))
    for note in notes:
        Annotation.objects.filter(pk=note.pk).update(**sort_keys(note))
    ANNOTATIONS.write([note_row(note, note.replies.all()) for note in notes])


def index_new_notes(notes: Sequence[Annotation]) -> None:
    """Annotations without replies that were just inserted with their sort keys, in bulk."""
    ANNOTATIONS.insert([note_row(note) for note in notes])


def index_missing_notes(batch: int = 500) -> None:
    """Those from before there was an index of them."""
    for missing in ANNOTATIONS.lacking(batch):
        index_notes(missing)


@receiver(case_changed, dispatch_uid="annotations are found by the number of their case")
def update_case_number(case: Case, created: bool = False, **_: object) -> None:
    if created:
        return
    old = Annotation.objects.filter(case=case).exclude(case_number=case.case_number)
    index_notes(old.values_list("pk", flat=True))


@receiver(post_save, sender=get_user_model(), dispatch_uid="annotations sort by their author")
def update_author(instance: User, update_fields: Iterable[str] | None = None, **_: object) -> None:
    if update_fields is not None and instance.USERNAME_FIELD not in update_fields:
        return
    name = instance.get_username()
    instance.annotations.exclude(author_name=name).update(author_name=name)


@receiver(post_save, sender=Label, dispatch_uid="annotations sort by their label")
def update_label(instance: Label, **_: object) -> None:
    position = instance.position
    instance.annotations.exclude(label_position=position).update(label_position=position)


@receiver(post_delete, sender=Annotation, dispatch_uid="a forgotten annotation is found no more")
def forget_note(instance: Annotation, **_: object) -> None:
    ANNOTATIONS.delete([instance.pk])
