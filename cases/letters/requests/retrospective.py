"""Does a treatment request say that the treatment has already been rendered?"""

from __future__ import annotations

import datetime as dt
import re

from cases.letters.header.dates import DATE, MONTH, date_of

LONGEST = 2000  # characters of a request that are looked at
# "Retro" alone or before the word that it qualifies; "retro-patellar" is anatomy.
SAID = re.compile(
    r"(?<![\w-])(?:ret?r?os?pective(?:ly)?|restrospective(?:ly)?|retroactive(?:ly)?"
    r"|retro(?=[\s:,.;)]|$|-(?:auth|request|review|dos))|post-service\s+(?:review|request)"
    r"|already\s+(?:performed|rendered|dispensed|provided|completed|administered|received|given))"
    r"(?!\w)",
    re.IGNORECASE,
)
# Words that make the date behind them a date of service.
SERVED = re.compile(
    r"(?<!\w)(?:d\.?o\.?s\.?|date\(?s?\)?\s+of\s+services?|service\s+dates?|dispensed|performed"
    r"|rendered|administered|provided|given|collected|filled|services?\s+(?=on\b))(?!\w)[\s:#.(-]{0,4}(?:(?:on|was|were|is|of|from|between)\s+){0,2}",
    re.IGNORECASE,
)
# "PT after surgery performed on 10/1/2016": the date is not that of what is requested.
HISTORY = re.compile(r"\b(?:after|following|since|status\s+post|s/p)\b[^,;:()]*$", re.IGNORECASE)
MONTH_OF_YEAR = re.compile(rf"(?:{MONTH})\.?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE)


def find_retrospective(text: str, decided: dt.date | None = None) -> tuple[int, int] | None:
    """Where the request says that it is retrospective, or names a past date of service.

    Args:
        text: the request.
        decided: the letter's decision date; a date of service after it is planned, not past.
    """
    text = text[:LONGEST]
    if said := SAID.search(text):
        return said.span()
    for served in SERVED.finditer(text):
        end = end_of_past_date(text, served.end(), decided)
        if end is not None and not HISTORY.search(
            text[max(served.start() - 80, 0) : served.start()]
        ):
            return served.start(), end
    return None


def end_of_past_date(text: str, start: int, decided: dt.date | None) -> int | None:
    """The end of the date at text[start], if it is one and not after the decision."""
    if match := DATE.match(text, start):
        day = date_of(match)
        past = day is not None and (decided is None or day <= decided)
        return match.end() if past else None
    if match := MONTH_OF_YEAR.match(text, start):
        past = decided is None or int(match["year"]) <= decided.year
        return match.end() if past else None
    return None
