"""The formats' own fixed words: titles, headings, labels. One file, so that an era's wording is
changed in one place. Spaces in loose patterns match any space or none, since letters lose and
gain them ("notmedically")."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


def loose_pattern(pattern: str) -> str:
    """A pattern in which each space stands for any run of spaces and line ends, or none."""
    return pattern.replace(" ", r"\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Heading:
    """A heading's pattern, which is tried only where a line begins as the heading does."""

    form: re.Pattern[str]

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return next(self.finditer(text, start, end), None)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        places = heading_places(text).get(self, ())
        for i in range(bisect_left(places, start), bisect_left(places, end)):
            if places[i] >= start and (match := self.form.match(text, places[i], end)):
                yield match
                start = match.end()

    def is_in(self, text: str) -> bool:
        return self.search(text) is not None

    def opens(self, line: str) -> bool:
        return self.form.match(line) is not None


def heading(pattern: str, flags: int = re.IGNORECASE) -> Heading:
    return Heading(re.compile(rf"^[^\S\n]*{pattern}", re.MULTILINE | flags))


def line_form(pattern: str, end: str = r"\s*:?\s*$") -> Heading:
    """A heading alone on its line (or lines)."""
    return heading(loose_pattern(pattern) + end)


# After a heading of the older letters the text may go on in the same line.
RUN_IN = r"\s*(?::|$)"

HOW_MADE = line_form(r"HOW THE (?:IMR )?(?:FINAL )?DETERMINATION WAS MADE")
DOCUMENTS = line_form(r"DOCUMENTS? REVIEWED(?: FOR DETERMINATION)?", RUN_IN)
SUMMARY = line_form(r"CLINICAL CASE SUMMARY")
ISSUES = line_form(r"IMR ISSUES?, DECISIONS? AND RATIONALES?")
DECISIONS_2014 = line_form(r"IMR DECISION(?: ?\( ?S ?\)|S)? AND RATIONALE(?: ?\( ?S ?\)|S)?")

NOTICE_TITLE = line_form(r"(?:NOTICE OF )INDEPENDENT MEDICAL REVIEW DETERMINATION")
NOTICE_DECISION = line_form(r"INDEPENDENT MEDICAL REVIEW DECISIONS? AND RATIONALES?")
QUALIFICATIONS = line_form(
    r"(?:MEDICAL )?QUALIFICATIONS OF THE (?:EXPERT|PHYSICIAN|MEDICAL|PROFESSIONAL) REVIEWER",
    RUN_IN,
)
CASE_SUMMARY = line_form(r"CASE SUMMARY", RUN_IN)
REGARDING = heading(loose_pattern(r"(?P<number>\d{1,2}) [).] Regarding the request(?: for)? "))

REVIEW_TITLE = heading(loose_pattern("MEDICAL PROFESSIONAL REVIEW(?!ER)") + r"[^\n]*$", flags=0)
AT_DISPUTE = line_form(
    r"(?:\d{1,2} [).] )?(?:TREATMENT )?ISSUES?(?: ?\( ?S ?\))? (?:AT|IN) DISPUTE", r"\s*(?::|$)"
)
RELIED_UPON = line_form(
    r"MEDICAL TREATMENT GUIDELINES?(?: ?\( ?S ?\))? RELIED UPON BY (?:THE )?"
    r"(?:PROFESSIONAL|EXPERT|PHYSICIAN|MEDICAL) REVIEWER"
    r"(?: AND WHY| TO MAKE (?:HIS ?/ ?HER|HIS|HER|THEIR|ITS) DECISION)?",
    r"\s*(?::|$)",
)
RATIONALE_WHY = heading(
    loose_pattern(
        r"RATIONALE FOR WHY THE REQUESTED (?:TREATMENT ?/ ?SERVICE|TREATMENTS?|SERVICES?)"
        r" (?P<verb>(?:IS|WAS|ARE|WERE)(?: ?/ ?(?:IS|WAS|ARE|WERE))?)"
        r" (?P<no>NOT )?MEDICALLY NECESSARY(?: AND APPROPRIATE)? :?"
    )
)
REVIEWER_QUALIFICATIONS = line_form(r"MEDICAL REVIEWER(?:'S|’S)? QUALIFICATIONS?", r"\s*(?::|$)")
RATIONALE_FOR_DECISION = line_form(r"RATIONALE FOR THE DECISION", r"\s*(?::|$)")

TITLES = (NOTICE_TITLE, REVIEW_TITLE)
OPENING = (HOW_MADE, NOTICE_TITLE, REVIEW_TITLE)

# What a determination has and a cover page has not.
CHAPTERS: dict[str, Heading] = {
    "how": HOW_MADE,
    "summary": SUMMARY,
    "issues": ISSUES,
    "decisions": DECISIONS_2014,
    "notice-decision": NOTICE_DECISION,
    "case-summary": CASE_SUMMARY,
    "qualifications": QUALIFICATIONS,
    "at-dispute": AT_DISPUTE,
    "relied-upon": RELIED_UPON,
    "rationale-why": RATIONALE_WHY,
    "rationale-decision": RATIONALE_FOR_DECISION,
    "claims": heading(loose_pattern("Claims Administrator guideline :")),
    "maximus": heading(loose_pattern("MAXIMUS guideline :")),
    "rationale": heading(
        loose_pattern("(?:The (?:Expert|Physician) Reviewer[’']s )?Decision rationale :")
    ),
}

# How the lines of headings begin, which is looked for once for all of them.
STARTS: dict[str, tuple[Heading, ...]] = {
    "HOW THE": (HOW_MADE,),
    "DOCUMENTS? REVIEWED": (DOCUMENTS,),
    "CLINICAL CASE": (SUMMARY,),
    "IMR (?:ISSUE|DECISION)": (ISSUES, DECISIONS_2014),
    "NOTICE OF": (NOTICE_TITLE,),
    "INDEPENDENT MEDICAL": (NOTICE_DECISION,),
    "(?:MEDICAL )?QUALIFICATION": (QUALIFICATIONS,),
    "CASE SUMMARY": (CASE_SUMMARY,),
    r"\d{1,2} [).] Regarding": (REGARDING,),
    r"(?:\d{1,2} [).] )?(?:TREATMENT )?ISSUE": (AT_DISPUTE,),
    "MEDICAL (?:PROFESSIONAL|TREATMENT|REVIEWER)": (
        REVIEW_TITLE,
        RELIED_UPON,
        REVIEWER_QUALIFICATIONS,
    ),
    "RATIONALE FOR": (RATIONALE_WHY, RATIONALE_FOR_DECISION),
    "Claims Administrator guideline": (CHAPTERS["claims"],),
    "MAXIMUS guideline": (CHAPTERS["maximus"],),
    "(?:The (?:Expert|Physician) Reviewer.s )?Decision rationale": (CHAPTERS["rationale"],),
}
HEADING_START = re.compile(
    rf"^[^\S\n]*(?={'|'.join(f'({loose_pattern(start)})' for start in STARTS)})",
    re.MULTILINE | re.IGNORECASE,
)
OF_START = ((), *STARTS.values())  # by the group of the pattern


def may_be_heading(line: str) -> bool:
    """Cheap to ask of every line before the headings are tried."""
    return HEADING_START.match(line) is not None


@lru_cache(maxsize=16)
def heading_places(text: str) -> dict[Heading, list[int]]:
    """Where lines begin that may be a heading, by heading."""
    places: dict[Heading, list[int]] = {}
    for start in HEADING_START.finditer(text):
        for one in OF_START[start.lastindex or 0]:
            places.setdefault(one, []).append(start.start())
    return places


# The heading of what is enclosed behind a letter.
ENCLOSURE = re.compile(
    r"\W*(?:declaration|proof|certificate|affidavit)\s+of\s+(?:service|mailing)"
    r"(?:\s+by\s+(?:(?:u\.?s\.?|first[- ]class)\s+)?mail)?\W*",
    re.IGNORECASE,
)
COVER_LINE = re.compile(
    r"\s*(?:dear\b|re\s*:|fax\b|facsimile|to\s*:|from\s*:|attn\b|attention\s*:|cover\b|subject\s*:"
    r"|proof\s+of\s+service|declaration\s+of|enclos|cc\s*:|sincerely|respectfully|very\s+truly"
    r"|yours\s+truly|i\s+declare|i,\s|via\s|mailing\s+list|number\s+of\s+pages|total\s+pages"
    r"|certificate\s+of)",
    re.IGNORECASE,
)
