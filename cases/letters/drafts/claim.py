"""The claim number that a draft gives."""

from __future__ import annotations

import re

CLAIM = re.compile(
    r"\bclaim\s*(?:number|no\.?|num\.?|#)\s*[:#.]?[ \t]*"
    r"(?P<number>[A-Z0-9][A-Z0-9/.-]{2,58}[A-Z0-9])",
    re.IGNORECASE,
)


def find_claim_number(text: str) -> str:
    """The first one, "" where there is none."""
    for match in CLAIM.finditer(text):
        if any(map(str.isdigit, match["number"])):
            return match["number"]
    return ""
