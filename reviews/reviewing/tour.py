"""The first-run tour: a few steps for each role, ticked off by what the person did already."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Exists, F, Q, QuerySet
from django.urls import reverse

from cases.models import Case, Document, Revision
from reviews.annotating.annotate import LEAD
from reviews.models import Annotation, Assignment, TourDismissal
from reviews.reviewing.workflow import REVIEW

UPLOAD, CORRECT = "cases.add_document", "cases.change_case"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. `address` is the name of a page, with `query`; "case" is the newest case,
    and without one the step opens the command palette."""

    name: str
    title: str
    words: str
    action: str
    address: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step for one person; `done` only where rows tell."""

    step: Step
    address: str
    done: bool


STEPS = {
    step.name: step
    for step in (
        Step(
            "upload",
            "Upload a letter",
            "Choose PDFs or a ZIP, or drop them on any page. Each letter becomes a case.",
            "Upload",
            "upload",
        ),
        Step(
            "take",
            "Open a case and take it",
            "Open a case that nobody has. “Take it” stands under “Review”, at the end of the case.",
            "Free cases",
            "reviews",
            "state=unassigned",
        ),
        Step(
            "read",
            "Open a case",
            "Click a date or a citation: the page of the letter opens with its words marked.",
            "Newest case",
            "case",
        ),
        Step(
            "annotate",
            "Mark words and annotate",
            "Select words of a rationale on a case page, then write what you think of them.",
            "Newest case",
            "case",
        ),
        Step(
            "assign",
            "Share out reviews",
            "Choose how many reviews each person gets. It can be undone.",
            "Assign",
            "review-assign",
        ),
        Step(
            "correct",
            "Correct a value",
            "Open a case that needs correction; the letter follows the field that you are in.",
            "Cases to correct",
            "cases",
            "needs_correction=true",
        ),
        Step(
            "compare",
            "Compare the two sides",
            "See which guidelines each side cites for a treatment, and how IMR decided.",
            "Compare",
            "compare",
        ),
        Step(
            "palette",
            "Press Ctrl-K",
            "Type a case number or the name of a page, from anywhere.",
            "Try it",
        ),
    )
}
# What a person may do → the steps that fit; the first row counts of which they may do everything.
TOURS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((UPLOAD, REVIEW, CORRECT), ("upload", "take", "annotate", "compare", "palette")),
    ((LEAD,), ("upload", "assign", "annotate", "compare", "palette")),
    ((REVIEW,), ("take", "annotate", "compare", "palette")),
    ((CORRECT,), ("upload", "correct", "compare", "palette")),
    ((UPLOAD,), ("upload", "read", "compare", "palette")),
    ((), ("read", "compare", "palette")),
)


def tour_of(user: User, newest: Case | None) -> list[ShownStep]:
    """What the inbox shows; nothing once the person has put it away."""
    done = steps_done(user)
    if done["dismissed"]:
        return []
    return [
        ShownStep(step, address_of(step, newest), done.get(step.name, False))
        for step in steps_for(user)
    ]


def steps_for(user: User) -> list[Step]:
    names = next(names for rights, names in TOURS if user.has_perms(rights))
    return [STEPS[name] for name in names]


def address_of(step: Step, newest: Case | None) -> str:
    if step.address == "case":
        return newest.get_absolute_url() if newest else reverse("cases")
    if not step.address:
        return ""
    return reverse(step.address) + (f"?{step.query}" if step.query else "")


def steps_done(user: User) -> dict[str, bool]:
    """By the rows that the person wrote, in one query; and whether the tour was put away."""
    rows: dict[str, QuerySet] = {
        "dismissed": TourDismissal.objects.filter(user=user),
        "upload": Document.objects.filter(uploader=user),
        "take": Assignment.objects.filter(reviewer=user),
        "annotate": Annotation.objects.filter(author=user),
        "assign": Assignment.objects.filter(~Q(reviewer=F("assigned_by")), assigned_by=user),
        "correct": Revision.objects.filter(who=user, origin=Revision.Origin.CORRECTION),
    }
    known = {f"has_{name}": Exists(queryset) for name, queryset in rows.items()}
    found = User.objects.filter(pk=user.pk).annotate(**known).values_list(*known).get()
    return {name: bool(has) for name, has in zip(rows, found, strict=True)}


def dismiss_tour(user: User) -> None:
    TourDismissal.objects.get_or_create(user=user)


def show_tour(user: User) -> None:
    TourDismissal.objects.filter(user=user).delete()
