"""Where a value that was not found would stand in a letter: by its label or its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.letters.header.labels import LABELS

NO_LETTER = re.compile(r"[^a-z]")
LABEL_WORDS = 48  # characters of a line that is shown as a label at most
# Fields that stand under a heading, with beginnings of its lines as letters alone; in words, where
# that is in a letter without the heading.
HEADINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "clinical_summary": (("clinicalcasesummary", "clinicalsummary"), "after the header"),
    "specialties": (("howtheimr", "howtheindependentmedical"), "where the reviewer is described"),
    "licensed_states": (
        ("howtheimr", "howtheindependentmedical"),
        "where the reviewer is described",
    ),
    "treatment_request": (("imrissues", "issuesindispute"), "where the decisions begin"),
    "decision": (("imrissues", "issuesindispute"), "beside the request"),
    "claims_guideline": (("theclaimsadministrator",), "under the request"),
    "maximus_guideline": (("themaximus", "themtus"), "under the request"),
    "rationale": (("rationaleforthedecision", "rationale"), "under the citations"),
}
PARTS_OF_REQUEST = ("requested", "authorized", "in_dispute", "body_parts", "retrospective")


@dataclass(frozen=True, slots=True)
class ExpectedPlace:
    """A page, and where on it in words."""

    page: int
    words: str

    def __str__(self) -> str:
        return f"would stand on page {self.page}, {self.words}"


Page = tuple[int, str]  # its number and its text


def squeeze(text: str) -> str:
    return NO_LETTER.sub("", text.lower())


def expected_place(field: str, pages: Sequence[Page]) -> ExpectedPlace | None:
    """Where a value of this field would stand; None for what is not in letters."""
    if not pages:
        return None
    if field in PARTS_OF_REQUEST:
        field = "treatment_request"
    if field in HEADINGS:
        return under_heading(*HEADINGS[field], pages)
    labels = [label for label, name in LABELS.items() if name == field]
    return beside_label(labels, pages) if labels else None


def under_heading(
    beginnings: Sequence[str], otherwise: str, pages: Sequence[Page]
) -> ExpectedPlace:
    for number, text in pages:
        for line in text.splitlines():
            if squeeze(line).startswith(tuple(beginnings)):
                return ExpectedPlace(number, f"under “{line.strip()[:LABEL_WORDS]}”")
    return ExpectedPlace(pages[0][0], otherwise)


def beside_label(labels: Sequence[str], pages: Sequence[Page]) -> ExpectedPlace:
    """The label may go on in the next line; only the header's own lines count."""
    number, text = pages[0]
    lines = text.splitlines()
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else ""
        for label in labels:
            if found := printed_label(label, f"{line}\n{below}", len(line)):
                return ExpectedPlace(number, f"in the header, line {index + 1}, beside “{found}”")
    return ExpectedPlace(number, "in the header")


def printed_label(label: str, text: str, end: int) -> str:
    """The label as it is printed, if it begins before `end` and closes with a colon."""
    letters = r"[\W\d_]*?".join(map(re.escape, label))
    found = re.search(rf"\b{letters}\s*:", text[:2000], re.IGNORECASE)
    return " ".join(found[0].split()) if found and found.start() < end else ""
