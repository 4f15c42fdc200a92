"""A rationale → the sentence that decides, and the one that gives its reason.

The last sentence about medical necessity concludes; where none speaks of it, the last sentence
does. The sentence before it gives the reason, unless that one concludes as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.letters.drafts.flow import Range, sentences

CONCLUSION = re.compile(
    r"\bmedical(?:ly)?\s*(?:necess|appropriate)"
    r"|\b(?:is|are|was|were|been|be)\s+(?:not\s+)?(?:medically\s+)?(?:supported|established"
    r"|certified|authorized|indicated|warranted|appropriate|recommended|justified)\b"
    r"|\bnecessity\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Ranges of the rationale."""

    conclusion: Range
    reason: Range | None = None


def find_deciding(rationale: str) -> Deciding | None:
    """None for a rationale without a sentence."""
    parts = sentences(rationale)
    if not parts:
        return None
    concluding = [i for i, one in enumerate(parts) if CONCLUSION.search(rationale[slice(*one)])]
    place = concluding[-1] if concluding else len(parts) - 1
    before = [i for i in range(place) if i not in concluding[-1:]]
    reasons = [i for i in before if i not in concluding] or before
    return Deciding(parts[place], parts[reasons[-1]] if reasons else None)
