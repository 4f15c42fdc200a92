"""What people add to a case is found by its lists too: the words of annotations, that there are
any, and how far the review is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F
from django.db.models.signals import post_save
from django.dispatch import receiver

from cases.index import rows
from cases.index.rows import CASE, ISSUE, Batches, CaseSelection, ordinal
from cases.index.texts import Contribution, contributors, index_case
from cases.models import Case
from reviews.annotating.note_index import index_notes
from reviews.models import Annotation, Assignment, Edit, Reply, Review, Settlement


def annotation_texts(cases: Sequence[Case]) -> dict[int, Contribution]:
    """Comments, replies and labels of annotations that stand, of the case and of each issue."""
    found: dict[int, dict[int | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    standing = Annotation.objects.filter(
        case__in=[case.pk for case in cases], deleted_at__isnull=True
    )
    for note in standing.select_related("label").prefetch_related("replies").order_by("pk"):
        words = [note.comment, note.label.name if note.label else ""]
        words += [reply.comment for reply in note.replies.all() if reply.deleted_at is None]
        found[note.case_id][note.issue_id] += filter(None, words)
    return {
        case: Contribution(
            tuple(texts.get(None, ())),
            {issue: tuple(words) for issue, words in texts.items() if issue is not None},
        )
        for case, texts in found.items()
    }


def read_annotations(within: CaseSelection, batches: Batches) -> None:
    """Which cases, and which issues, somebody annotated."""
    standing = Annotation.objects.filter(**within("case"), deleted_at__isnull=True)
    for case, issue in standing.order_by().values_list("case", "issue").distinct():
        batches[CASE].fact("annotated", "true", case)
        if issue is not None:
            batches[ISSUE].fact("annotated", "true", issue)


def read_reviews(within: CaseSelection, batches: Batches) -> None:
    """How far the review of each case is, when it is due, and who has it."""
    reviews = Review.objects.filter(**within("case")).order_by()
    for case, state, due in reviews.values_list("case", "state", "due_on"):
        batches[CASE].fact("review", state, case)
        batches[CASE].value("due", case, ordinal(due))
    people = Assignment.objects.filter(**within("review__case")).order_by()
    names = ("review__case", "reviewer", "submitted_at", "review__closed_at")
    for case, reviewer, submitted, closed in people.values_list(*names):
        batches[CASE].fact("reviewer", str(reviewer), case)
        if submitted:
            batches[CASE].fact("submitted_by", str(reviewer), case)
        elif not closed:
            batches[CASE].fact("waiting_for", str(reviewer), case)
    read_decided_otherwise(within, batches)


def read_decided_otherwise(within: CaseSelection, batches: Batches) -> None:
    """Than whom a lead decided an issue otherwise, of closed reviews."""
    settled = Settlement.objects.filter(
        **within("review__case"),
        review__closed_at__isnull=False,
        issue__review_verdicts__isnull=False,
    ).exclude(opinion=F("issue__review_verdicts__opinion"))
    people = settled.order_by().values_list(
        "review__case", "issue__review_verdicts__assignment__reviewer"
    )
    for case, reviewer in people.distinct():
        batches[CASE].fact("decided_otherwise", str(reviewer), case)


contributors.append(annotation_texts)
rows.sources.extend((read_annotations, read_reviews))


@receiver(post_save, sender=Annotation, dispatch_uid="a new annotation is found")
@receiver(post_save, sender=Reply, dispatch_uid="a new reply is found")
@receiver(post_save, sender=Edit, dispatch_uid="a changed annotation is found as it is now")
def index_case_of(instance: Annotation | Reply | Edit, **_: object) -> None:
    """Every change of an annotation ends with its entry in the history."""
    note = instance if isinstance(instance, Annotation) else instance.annotation
    index_notes([note.pk])
    index_case(note.case)
