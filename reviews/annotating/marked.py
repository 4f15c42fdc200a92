"""A text with its highlights, and the threads that stand beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet

from reviews.annotating.anchors import Segment, assign_lanes, split_segments
from reviews.annotating.annotate import LEAD
from reviews.annotating.targets import Place
from reviews.models import Annotation, Reply

AROUND = 60
LANES = 4  # lines under words that can be told apart


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply as shown to one person."""

    reply: Reply
    may_change: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """An annotation with its replies as shown to one person; `number` is that of its mark."""

    note: Annotation
    number: int
    answers: tuple[ReplyView, ...]
    may_change: bool
    may_answer: bool
    proposal: tuple[str, str, str] | None = None  # words before, the words, words after


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text under the same threads, the outermost first, and those that end here."""

    text: str
    marks: tuple[tuple[Thread, int], ...]  # thread and lane
    ends: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    place: Place
    runs: tuple[TextRun, ...]
    threads: tuple[Thread, ...]
    unplaced: tuple[Thread, ...]

    @property
    def count(self) -> int:
        return len(self.threads) + len(self.unplaced)


def with_threads() -> QuerySet[Annotation]:
    """Live annotations with all that their threads show."""
    replies = Reply.objects.live().select_related("author")
    return (
        Annotation.objects.live()
        .select_related("author", "label", "resolved_by")
        .prefetch_related(Prefetch("replies", replies))
    )


def mark_text(
    place: Place, user: User, notes: Iterable[Annotation], first_number: int = 1
) -> Marked:
    """`notes` are those of this text, from `with_threads`."""
    notes = sorted(notes, key=lambda note: (note.start or 0, note.end or 0, note.pk))
    leads, answers = user.has_perm(LEAD), user.has_perm("reviews.add_annotation")
    threads = {
        note.pk: build_thread(note, number, user, leads=leads, answers=answers, text=place.text)
        for number, note in enumerate(notes, first_number)
    }
    placed = [note for note in notes if note.is_placed]
    ranges = [
        (note.pk, note.start, note.end)
        for note in notes
        if note.start is not None and note.end is not None
    ]
    lane = assign_lanes(ranges)
    return Marked(
        place,
        tuple(build_run(segment, threads, lane) for segment in split_segments(place.text, ranges)),
        tuple(threads[note.pk] for note in placed),
        tuple(threads[note.pk] for note in notes if not note.is_placed),
    )


def build_thread(
    note: Annotation, number: int, user: User, *, leads: bool, answers: bool, text: str
) -> Thread:
    return Thread(
        note,
        number,
        tuple(
            ReplyView(reply, leads or reply.author_id == user.pk) for reply in note.replies.all()
        ),
        may_change=leads or note.author_id == user.pk,
        may_answer=answers,
        proposal=proposed_words(note, text),
    )


def proposed_words(note: Annotation, text: str) -> tuple[str, str, str] | None:
    start, end = note.proposed_start, note.proposed_end
    if start is None or end is None:
        return None
    return text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND]


def build_run(segment: Segment, threads: dict[int, Thread], lane: dict[int, int]) -> TextRun:
    outermost_first = sorted(segment.ids, key=lambda pk: -lane[pk])
    return TextRun(
        segment.text,
        tuple((threads[pk], min(lane[pk], LANES - 1)) for pk in outermost_first),
        tuple(threads[pk] for pk in segment.ends),
    )


def load_marked(place: Place, user: User) -> Marked:
    """One text alone, as an answer to a change of its annotations."""
    return mark_text(place, user, with_threads().filter(**place.keys))
