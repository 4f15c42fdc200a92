"""The dates that a clinical summary gives for the UR decision and for the injury.

A date counts only where its own sentence leaves no doubt what it is the date of: flags of
contradiction rest on it.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from dataclasses import dataclass

from cases.letters.header.dates import find_dates

REACH = 300  # characters of a sentence on either side of a date
SENTENCE_START = re.compile(r"(?:[a-z\d)\]\"”’][.!?][\"”’)]*\s*|\n\n)(?=[A-Z])")
UR = r"(?:utilization\s+reviews?|UR)\b"
DENIED = r"(?:denied|non-?\s?certified|modified|not\s+certified|partially\s+(?:approved|certified))"
# What may stand between the name of a decision and its date.
BETWEEN = (
    r"(?:[\s,:;(]|\(?UR\)|\(?utilization\s+review(?:\s+board)?\)|\b(?:report|determination|decision"
    r"|denial|letter|notice|response|form|documentation|document|physician|board|(?:non-?)?certification"
    rf"|{DENIED}|the|a|an|request|matter|service|treatment|care|was|were|is|has|been|also|with"
    r"|decision\s+date|date|dated|issued|completed|rendered|made|signed|performed|of|on|from)\b){0,14}$"
)
UR_BEFORE = re.compile(rf"\b{UR}{BETWEEN}", re.IGNORECASE)
PRIOR_BEFORE = re.compile(
    r"\b(?:prior|previous|original|initial)\s+(?:review|determination|denial|decision)\b"
    rf"(?:\s+(?:of|for)\s+[^.;]{{0,60}}?\b(?=was|were|dated))?(?=[^.;]*(?:\bon|\bdated|\()\s*$)"
    rf"{BETWEEN}",
    re.IGNORECASE,
)
REQUEST_BEFORE = re.compile(
    r"(?<!prior\s)(?<!previous\s)(?<!earlier\s)(?<!another\s)(?<!other\s)(?<!first\s)"
    r"\b(?:requests?|case|treatments?|services?|surgery)\b[^.;]{0,60}?\b(?:was|were|has|have|had)\s+"
    r"(?:been\s+)?(?:also\s+)?"
    rf"(?:previously\s+(?:reviewed|{DENIED})(?:\s+and\s+{DENIED})?|{DENIED})"
    rf"(?:\s+by\s+(?:the\s+)?(?:{UR}(?:\s+\(UR\))?|claims\s+administrator))?\s+(?:on|dated)\s*$",
    re.IGNORECASE,
)
ON = re.compile(r"(?:^|[.;,(]\s*)\s*on\s*$", re.IGNORECASE)
UR_AFTER = re.compile(rf"\s*,?\s*(?:the\s+)?(?:original\s+|initial\s+)?{UR}", re.IGNORECASE)
REQUEST_AFTER = re.compile(
    rf"\s*,?\s*(?:the\s+|a\s+)?requests?\b(?:(?!\b(?:received|submitted|made)\b)[^;]){{0,200}}?\b(?:was|were)\s+{DENIED}\b[^;]{{0,40}}?\bby\s+"
    rf"(?:the\s+)?{UR}",
    re.IGNORECASE,
)
# Without these words a sentence speaks of neither; cheap to ask before the patterns are tried.
ABOUT_UR = re.compile(r"review|\bur\b|deni|certif|modif|determin|decision|approved", re.IGNORECASE)
ABOUT_INJURY = re.compile(r"injur|accident|\bdoi\b|claim|illness|incident", re.IGNORECASE)
INJURY_BEFORE = re.compile(
    r"\b(?:date\s+of\s+injury|injury|injured|accident|DOI|(?:occupational|industrial|work(?:ers[’']?)?)"
    r"[\s-]+(?:related\s+|compensation\s+)?(?:claim|illness|incident))(?:\s*\(DOI\))?"
    r"(?:\s+or\s+illness)?"
    r"(?:\s+(?:that|which|date|was|is|occurr\w+|sustained|suffered|reported))*"
    r"(?:\s+(?:to|of)\s+(?:the|his|her)\s+(?:\w+\s+){1,4}?(?=on\b))?"
    r"\s*(?:of|on|from|dated|is|was|:|,)?(?:\s*on)?(?:\s+or\s+about|\s+around|\s+approximately)?\s*$",
    re.IGNORECASE,
)
ANOTHER = re.compile(
    r"\b(?:prior|previous|earlier|old|former|another|other|second|separate|subsequent|new"
    r"|non-?industrial|unrelated|different)\s+(?:\w+\s+){0,2}$"
    # "The report reviewed by Utilization Review was dated …" gives another document's date.
    r"|\b(?:by|(?:submitted|sent|forwarded|referred)\s+to)\s+(?:the\s+)?$"
    r"|\b(?:report|form|notice)\s+of\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SummaryDate:
    """A date with what its sentence says before and behind it."""

    date: dt.date
    before: str
    after: str


def find_summary_dates(summary: str) -> list[SummaryDate]:
    """Each date of the summary within its own sentence."""
    dates = find_dates(summary)
    if not dates:
        return []
    starts = [0, *(start.end() for start in SENTENCE_START.finditer(summary)), len(summary)]
    found = []
    for start, end, date in dates:
        place = bisect.bisect_right(starts, start)
        before = summary[max(starts[place - 1], start - REACH) : start]
        after = summary[end : min(starts[place] if place < len(starts) else end, end + REACH)]
        found.append(SummaryDate(date, before, after))
    return found


def is_ur_date(one: SummaryDate) -> bool:
    if not ABOUT_UR.search(one.before) and not ABOUT_UR.search(one.after):
        return False
    found = UR_BEFORE.search(one.before)
    if found and not ANOTHER.search(one.before[: found.start()]):
        return True
    if PRIOR_BEFORE.search(one.before) or REQUEST_BEFORE.search(one.before):
        return True
    said = UR_AFTER.match(one.after) or REQUEST_AFTER.match(one.after)
    return said is not None and ON.search(one.before) is not None


def is_injury_date(one: SummaryDate) -> bool:
    if not ABOUT_INJURY.search(one.before):
        return False
    found = INJURY_BEFORE.search(one.before)
    return found is not None and ANOTHER.search(one.before[: found.start()]) is None
