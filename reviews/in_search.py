"""What people add to a case is found by the search too: comments, that there are any, and how far
its review is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models.signals import post_save
from django.dispatch import receiver

from cases.models import Case
from cases.search.rows import Contribution, contributors, index_case
from reviews.models import Annotation, Assignment, Edit, Reply, Review
from reviews.note_index import index_notes

ANNOTATED = frozenset({("annotated", "true")})


def contribute(cases: Sequence[Case]) -> dict[int, Contribution]:
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
        case_id: Contribution(
            annotations=tuple(of_case.pop(None, ())),
            facts=ANNOTATED,
            of_issues={
                issue_id: Contribution(tuple(texts), ANNOTATED)
                for issue_id, texts in of_case.items()
            },
        )
        for case_id, of_case in found.items()
    }


def contribute_reviews(cases: Sequence[Case]) -> dict[int, Contribution]:
    """How far the review of each case is, and who has it. A case that is about to get its review
    has nobody yet."""
    keys = [case.pk for case in cases]
    states = dict(Review.objects.filter(case__in=keys).values_list("case", "state"))
    facts = {pk: {("review", states.get(pk, Review.State.UNASSIGNED))} for pk in keys}
    people = Assignment.objects.filter(review__case__in=keys)
    for pk, reviewer in people.values_list("review__case", "reviewer"):
        facts[pk].add(("reviewer", str(reviewer)))
    return {pk: Contribution(shared=frozenset(found)) for pk, found in facts.items()}


contributors.extend((contribute, contribute_reviews))


@receiver(post_save, sender=Annotation, dispatch_uid="a new annotation is found")
@receiver(post_save, sender=Reply, dispatch_uid="a new reply is found")
@receiver(post_save, sender=Edit, dispatch_uid="a changed annotation is found as it is now")
def index_its_case(instance: Annotation | Reply | Edit, **_: object) -> None:
    """Every change of an annotation ends with its entry in the history."""
    note = instance if isinstance(instance, Annotation) else instance.annotation
    index_notes([note.pk])
    index_case(note.case)
