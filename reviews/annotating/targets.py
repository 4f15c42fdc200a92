"""Which text of a case an annotation is on."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import Case, Issue
from cases.numbers import whole_number
from reviews.models import Annotation, MarkedText, Target


@dataclass(frozen=True, slots=True)
class Place:
    """One text that can be annotated; `issue` is None for those of the case itself."""

    case: Case
    issue: Issue | None
    target: Target

    @property
    def text(self) -> str:
        return getattr(self.case if self.issue is None else self.issue, self.target)

    @property
    def id(self) -> str:
        """Of its element on the page."""
        return f"text-{self.target}" + (f"-{self.issue.position}" if self.issue else "")

    @property
    def name(self) -> str:
        label = Target(self.target).label
        return f"{label} of issue {self.issue.position}" if self.issue else label

    @property
    def keys(self) -> dict:
        """What its annotations and its kept text are found by."""
        return {"case": self.case, "issue": self.issue, "target": self.target}


def place_of(annotation: Annotation | MarkedText) -> Place:
    return Place(annotation.case, annotation.issue, Target(annotation.target))


def find_place(case: Case, target: str, position: str) -> Place | None:
    """The text that a form names by target and number of the issue, None if there is none."""
    if target not in Target.values:
        return None
    if target == Target.CLINICAL_SUMMARY:
        return Place(case, None, Target(target))
    number = whole_number(position, digits=5)
    if number is None:
        return None
    issue = case.issues.filter(position=number).first()
    return Place(case, issue, Target(target)) if issue else None
