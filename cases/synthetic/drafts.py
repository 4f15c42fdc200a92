"""Made-up letters as records, with what follows from each. Pure: another process makes them while
this one stores those before."""

from __future__ import annotations

from dataclasses import dataclass

from cases.letters.checks import overall_decision
from cases.letters.citations.comparison import compare_citations
from cases.letters.model import Issue, Letter
from cases.letters.record import Json, dump_letter
from cases.synthetic.letters import make_letters


@dataclass(frozen=True, slots=True)
class Sides:
    """The comparison of an issue's two sides."""

    verdict: str
    other_edition: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """`record` as a reading stores it; `sides` are of its issues."""

    number: int
    record: Json
    decision: str
    sides: tuple[Sides, ...]


def make_drafts(seed: int, numbers: range) -> list[Draft]:
    letters = make_letters(seed, numbers)
    return [make_draft(number, letter) for number, letter in zip(numbers, letters, strict=True)]


def make_draft(number: int, letter: Letter) -> Draft:
    return Draft(
        number=number,
        record=dump_letter(letter),
        decision=overall_decision([issue.decision.value for issue in letter.issues]) or "",
        sides=tuple(map(compare_sides, letter.issues)),
    )


def compare_sides(issue: Issue) -> Sides:
    comparison = compare_citations(issue.claims_citations, issue.maximus_citations)
    differing = any(row.relation == "other_edition" for row in comparison.rows)
    return Sides(comparison.verdict, differing)
