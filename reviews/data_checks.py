"""Checks of annotations and reviews, for `manage.py check_data`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, F

from cases.data_checks.registry import REFRESH_ALL, Finding, Options, checks, rebuilders
from cases.data_checks.registry import refresh as refresh_case
from cases.data_checks.search import differing_keys, extra_rows, extra_rows_of
from cases.models import Case
from reviews.annotating.annotate import store_marked_text
from reviews.annotating.note_index import ANNOTATIONS, index_notes, note_row, sort_keys
from reviews.annotating.targets import place_of
from reviews.models import Annotation, MarkedText, Review

BATCH = 300
PLACE_AGAIN = "Restore the text in the case's history, or write the annotation again on its words"


def check_annotations(options: Options) -> Iterator[Finding]:
    rows = Annotation.objects.select_related("case", "issue", "author", "label").order_by("pk")
    notes = rows.prefetch_related("replies").iterator(chunk_size=BATCH)
    while batch := list(islice(notes, BATCH)):
        yield from check_marked(batch)
        for note in batch:
            yield from check_annotation(note)
        yield from check_index(batch)
    yield from extra_rows(ANNOTATIONS)


def name_of(note: Annotation) -> str:
    return f"annotation {note.pk} in case {note.case.case_number}"


def check_annotation(note: Annotation) -> Iterator[Finding]:
    if note.issue and note.issue.case_id != note.case_id:
        yield Finding(name_of(note), "is on an issue of another case", PLACE_AGAIN)
    elif note.is_placed and place_of(note).text[note.start : note.end] != note.quote:
        yield Finding(
            name_of(note),
            f"marks characters {note.start} to {note.end}, where its words are not found",
            PLACE_AGAIN,
        )
    keys = sort_keys(note)
    if any(getattr(note, name) != value for name, value in keys.items()):
        for name, value in keys.items():
            setattr(note, name, value)
        problem = "is sorted by old values of its case, author or label"
        yield Finding(name_of(note), problem, REFRESH_ALL)


def check_marked(notes: list[Annotation]) -> Iterator[Finding]:
    """Annotations that stand have the text that their offsets count in."""
    kept = MarkedText.objects.filter(case__in={note.case_id for note in notes})
    known = set(kept.values_list("case", "issue", "target"))
    for note in notes:
        if note.is_placed and (note.case_id, note.issue_id, note.target) not in known:
            yield Finding(
                name_of(note),
                "would not follow its words when the text is corrected: the text is not kept",
                REFRESH_ALL,
            )


def check_index(notes: list[Annotation]) -> Iterator[Finding]:
    rows = [ANNOTATIONS.packed(note_row(note, note.replies.all())) for note in notes]
    wrong = differing_keys(ANNOTATIONS, rows)
    for note in notes:
        if note.pk in wrong:
            yield Finding(name_of(note), "is not found by what it says", REFRESH_ALL)


def check_marked_texts(options: Options) -> Iterator[Finding]:
    rows = MarkedText.objects.select_related("case", "issue").order_by("pk")
    for kept in rows.iterator(chunk_size=BATCH):
        place = place_of(kept)
        if kept.text != place.text:
            yield Finding(
                f"case {kept.case.case_number}, {place.name}",
                "was changed without its annotations following their words",
                refresh_case(kept.case.case_number),
            )


def check_reviews(options: Options) -> Iterator[Finding]:
    for number in Case.objects.filter(review=None).values_list("case_number", flat=True):
        yield Finding(f"case {number}", "has no review", REFRESH_ALL)
    counted = Review.objects.select_related("case").annotate(given=Count("assignments"))
    for review in counted.exclude(taken=F("given")).order_by("pk"):
        yield Finding(
            f"review of case {review.case.case_number}",
            f"counts {review.taken} reviewers and has {review.given}",
            REFRESH_ALL,
        )


def rebuild_derived() -> None:
    """Makes again what is derived of annotations and reviews."""
    keys = Annotation.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(keys, BATCH)):
        index_notes(batch)
    while extra := extra_rows_of(ANNOTATIONS):
        ANNOTATIONS.delete(extra)
    for note in Annotation.objects.select_related("case", "issue").exclude(start=None):
        store_marked_text(place_of(note))
    for review in Review.objects.annotate(given=Count("assignments")).exclude(taken=F("given")):
        Review.objects.filter(pk=review.pk).update(taken=review.given)


checks.extend((check_annotations, check_marked_texts, check_reviews))
rebuilders.append(rebuild_derived)
