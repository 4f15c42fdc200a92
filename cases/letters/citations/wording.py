"""The formats' own fixed words: titles, headings, labels. One file, so that an era's wording is
changed in one place. Spaces in `loose` patterns match any space or none, since letters lose and
gain them ("notmedically")."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


def loose(pattern: str) -> str:
    """A pattern in which each space stands for any run of spaces and line ends, or none."""
    return pattern.replace(" ", r"\s*")


# What the headings below begin with, each at the start of a line.
HEADING_START = re.compile(
    loose(
        r"^[^\S\n]*(?=HOW THE|DOCUMENTS? REVIEWED|CLINICAL CASE|IMR (?:ISSUE|DECISION)|NOTICE OF"
        r"|INDEPENDENT MEDICAL|(?:MEDICAL )?QUALIFICATION|CASE SUMMARY|RATIONALE FOR"
        r"|MEDICAL (?:PROFESSIONAL|TREATMENT|REVIEWER)|(?:\d{1,2} [).] )?(?:TREATMENT )?ISSUE"
        r"|\d{1,2} [).] Regarding|(?:Claims Administrator|MAXIMUS) guideline|Decision rationale"
        r"|The (?:Expert|Physician) Reviewer)"
    ),
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Heading:
    """A heading's pattern, which is tried only where a line may begin one: few places of a text,
    found once for all headings."""

    form: re.Pattern[str]

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return next(self.finditer(text, start, end), None)

    def finditer(
        self, text: str, start: int = 0, end: int | None = None
    ) -> Iterator[re.Match[str]]:
        """As a pattern's own, which a heading that begins between the offsets may match."""
        if end is None:
            places, end = places_of(self, text), len(text)
        else:
            places = heading_places(text)
        for i in range(bisect_left(places, start), bisect_left(places, end)):
            if places[i] >= start and (match := self.form.match(text, places[i], end)):
                yield match
                start = match.end()

    def is_in(self, text: str) -> bool:
        return bool(places_of(self, text))

    def opens(self, line: str) -> bool:
        return self.form.match(line) is not None


@lru_cache(maxsize=16)
def heading_places(text: str) -> tuple[int, ...]:
    """Where lines begin that may be headings."""
    return tuple(match.start() for match in HEADING_START.finditer(text))


@lru_cache(maxsize=128)
def places_of(heading: Heading, text: str) -> tuple[int, ...]:
    """Where lines begin that are this heading."""
    return tuple(place for place in heading_places(text) if heading.form.match(text, place))


def may_be_heading(line: str) -> bool:
    """Cheap to ask of every line before the headings are tried."""
    return HEADING_START.match(line) is not None


def heading(pattern: str, flags: int = re.IGNORECASE) -> Heading:
    return Heading(re.compile(rf"^[^\S\n]*{pattern}", re.MULTILINE | flags))


def line_form(pattern: str, end: str = r"\s*:?\s*$") -> Heading:
    """A heading alone on its line (or lines)."""
    return heading(loose(pattern) + end)


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
REGARDING = heading(loose(r"(?P<number>\d{1,2}) [).] Regarding the request(?: for)? "))

REVIEW_TITLE = heading(loose("MEDICAL PROFESSIONAL REVIEW(?!ER)") + r"[^\n]*$", flags=0)
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
    loose(
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
    "claims": heading(loose("Claims Administrator guideline :")),
    "maximus": heading(loose("MAXIMUS guideline :")),
    "rationale": heading(loose("(?:The (?:Expert|Physician) Reviewer[’']s )?Decision rationale :")),
}

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
