"""A request of which the claims administrator authorized a part → its three parts.

Two wordings: "X was the original request. Y was authorized by the Claims Administrator. The
remaining IMR eligible portion of the original request, Z is", and "X was the original request. The
Claims Administrator authorized Y, leaving the original request IMR eligible. The original request,
X is", where all of X stays in dispute.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Range = tuple[int, int]

ORIGINAL = r"\s+(?:was|were|is)\s+the\s+original\s+requests?\s*[.,;]\s*"
AUTHORIZED_BY = (
    r"\s+(?:was|were)\s+authori[sz]ed\s+by\s+(?:the\s+)?Claims\s*Administrator\s*[.,;]\s*"
)
AUTHORIZED = r"(?:The\s+)?Claims\s*Administrator\s+authori[sz]ed\s+"
LEFT = (
    r"\s*[,.;]\s*(?:and\s+)?leaving\s+the\s+(?:entire\s+|remaining\s+|whole\s+)?(?:portion\s+of\s+the\s+)?"
    r"original\s+request\s+(?:as\s+)?IMR[\s-]*eligible\s*[.,;]\s*"
)
REMAINING = (
    r"(?:The\s+)?(?:remaining\s+)?IMR[\s-]*eligible\s+portions?\s+of\s+the\s+original\s+requests?"
)
REST = rf"(?:{REMAINING}|(?:The\s+)?original\s+requests?)\s*(?:,|:|\bis\b|\bare\b)\s*"
CLOSING = re.compile(r"[\s,]+(?:is|are)\s*[:;.]?\s*$", re.IGNORECASE)
HEAD = re.compile(ORIGINAL, re.IGNORECASE)
MIDDLES = (
    re.compile(rf"(?P<authorized>.+?){AUTHORIZED_BY}(?:{REST})", re.IGNORECASE | re.DOTALL),
    re.compile(rf"{AUTHORIZED}(?P<authorized>.+?){LEFT}(?:{REST})", re.IGNORECASE | re.DOTALL),
)
LONGEST = 4000  # characters; no request is as long


@dataclass(frozen=True, slots=True)
class Partial:
    """Where the three parts stand in the text of the request."""

    requested: Range
    authorized: Range
    in_dispute: Range


def find_partial(text: str) -> Partial | None:
    """The parts of a partial authorization; None for any other request."""
    head = HEAD.search(text, 0, LONGEST)
    if head is None or head.start() == 0:
        return None
    for form in MIDDLES:
        middle = form.match(text, head.end(), LONGEST)
        if middle and middle.end() < len(text):
            return Partial(
                (0, head.start()),
                middle.span("authorized"),
                (middle.end(), closing_start(text)),
            )
    return None


def closing_start(text: str) -> int:
    """Where the request ends before the "is" that led to its decision."""
    closing = CLOSING.search(text[:LONGEST]) if len(text) <= LONGEST else None
    return closing.start() if closing else len(text)
