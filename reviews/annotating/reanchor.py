"""Annotations follow their words when a case is corrected or read again."""

from __future__ import annotations

from django.dispatch import receiver

from cases.models import Case
from cases.signals import case_changed
from reviews.annotating.anchors import Anchor, reanchor
from reviews.annotating.note_index import index_notes
from reviews.annotating.targets import Place, place_of
from reviews.models import Annotation, MarkedText


@receiver(case_changed, dispatch_uid="annotations follow their words")
def reanchor_case(case: Case, created: bool = False, **_: object) -> None:
    """In the transaction that changed the case: the anchors are never behind the text."""
    if created:
        return
    for kept in MarkedText.objects.filter(case=case).select_related("case", "issue"):
        place = place_of(kept)
        if kept.text != place.text:
            reanchor_text(kept, place)


def reanchor_text(kept: MarkedText, place: Place) -> None:
    """Deleted annotations too, since they can be restored."""
    notes = list(Annotation.objects.filter(**place.keys))
    for note in notes:
        reanchor_annotation(note, kept.text, place.text)
    Annotation.objects.bulk_update(
        notes, ["start", "end", "prefix", "suffix", "proposed_start", "proposed_end"]
    )
    index_notes(note.pk for note in notes)
    kept.text = place.text
    kept.save(update_fields=["text"])


def reanchor_annotation(note: Annotation, old: str, new: str) -> None:
    """Placed anew or unplaced. An unplaced one keeps the context it last stood in, and comes
    back by itself only to that."""
    anchor = Anchor(note.start or 0, note.end or 0, note.quote, note.prefix, note.suffix)
    found = reanchor(anchor, old if note.is_placed else None, new)
    note.start = note.end = note.proposed_start = note.proposed_end = None
    if found.anchor:
        note.start, note.end = found.anchor.start, found.anchor.end
        note.prefix, note.suffix = found.anchor.prefix, found.anchor.suffix
    elif found.proposal:
        note.proposed_start, note.proposed_end = found.proposal.start, found.proposal.end
