"""What a format's reader gives: the parts of a letter as ranges of its body."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.letters.model import Decision, Field

Range = tuple[int, int]


@dataclass(slots=True)
class IssueDraft:
    """Ranges of one issue's parts in the body; None where the letter has no such part."""

    request: Range | None = None
    decision: Decision | None = None
    decided_at: Range | None = None
    claims: Range | None = None
    maximus: Range | None = None
    rationale: Range | None = None
    listed: bool = False  # the guidelines stand as a bare list, not in statements that cite


@dataclass(slots=True)
class Draft:
    """A letter's parts before values are made of them. `facts` are read fields by name."""

    summary: Range | None = None
    reviewer: Range | None = None
    issues: list[IssueDraft] = field(default_factory=list)
    facts: dict[str, Field] = field(default_factory=dict)
