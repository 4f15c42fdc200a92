"""Made-up letters as records, with what follows from each. Pure: another process makes them while
this one stores those before."""

from __future__ import annotations

from dataclasses import dataclass

from cases.letters.checks import overall_decision
from cases.letters.comparison import compare_citations
from cases.letters.model import Letter
from cases.letters.record import Json, dump_letter
from cases.synthetic.letters import make_letters


@dataclass(frozen=True, slots=True)
class Draft:
    """`record` as a reading stores it; `verdicts` are of its issues."""

    number: int
    record: Json
    decision: str
    verdicts: tuple[str, ...]


def make_drafts(seed: int, numbers: range) -> list[Draft]:
    letters = make_letters(seed, numbers)
    return [draft_of(number, letter) for number, letter in zip(numbers, letters, strict=True)]


def draft_of(number: int, letter: Letter) -> Draft:
    return Draft(
        number=number,
        record=dump_letter(letter),
        decision=overall_decision([issue.decision.value for issue in letter.issues]) or "",
        verdicts=tuple(
            compare_citations(issue.claims_citations, issue.maximus_citations).verdict
            for issue in letter.issues
        ),
    )
