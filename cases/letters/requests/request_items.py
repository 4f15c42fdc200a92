"""A treatment request cut into its parts and their items, see treatments/services.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Words that open a part that tells the history.
HISTORY = (
    r"after|following|status\s+post|s/p|due\s+to|secondary\s+to|prior\s+to|related\s+to|from|since"
    r"|post(?=\s+(?!op|surg|procedur|injection)\w)"
)
# Words that open a part that describes what stands before it.
QUALIFIER = (
    r"for|without|with|w/|under(?!\s+(?:general\s+)?anesthesia)|of\s+the|to\s+the|per|via|by|using"
    r"|until|as|while|to\s+treat|to\s+address|in\s+order\s+to"
)
DIVIDER = r"and|plus|then|or|to\s+include|including|includes|versus|vs"
CUT = re.compile(
    rf"(?<![\w-])(?:(?P<history>{HISTORY})|(?P<qualifier>{QUALIFIER})|(?P<divider>{DIVIDER}))(?![\w-])"
    r"|(?P<mark>,(?!\d{3})|[;:()\[\]+&]|\s[-–]\s)"
)
# "Request for an MRI" asks for the MRI: here "for" opens no part.
JOINED = re.compile(
    r"(?:request|requested|prescription|prescriptions|authorization|referral|refer|order|rx|script"
    r"|refills?|trial|coverage|payment|reimbursement|dme|retro|retrospective)\s*(?:\(s\)\s*)?$"
)

# "Injection: ketorolac": a label and what it announces are one item.
LABEL = re.compile(r"\W*[\w-]+(?:\s+[\w-]+)?\s*")


@dataclass(frozen=True, slots=True)
class Item:
    """text[start:end] of a request. Items of one part have one number; `history` tells the past."""

    start: int
    end: int
    part: int
    history: bool


def split_items(text: str) -> list[Item]:
    """The items of a lower-case request in order; those of the history too."""
    items: list[Item] = []
    start, part, history = 0, 0, False
    for match in CUT.finditer(text):
        opens_part = match["history"] or match["qualifier"]
        if match["mark"] == ":" and LABEL.fullmatch(text[start : match.start()]):
            continue
        if opens_part and JOINED.search(text[max(start, match.start() - 20) : match.start()]):
            continue
        items.append(Item(start, match.end(), part, history))
        start = match.end()
        if opens_part:
            part += 1
            history = bool(match["history"])
    items.append(Item(start, len(text) + 1, part, history))
    return items
