"""What the formats share: blocks of text, the header, the reviewer, the documents.

A `Worded` letter carries its truth, since a variant may leave out
a label, a value or the reviewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from .letters import Letter, Part, forget
from .prose import short_date

Run = tuple[str, bool]  # words, and whether they are a label


@dataclass(frozen=True)
class Para:
    """A paragraph: `role` tells how to set it, `part` which paragraph of the truth it is."""

    runs: tuple[Run, ...]
    role: str = "body"
    part: Part | None = None


@dataclass(frozen=True)
class Header:
    """Labels with their values, in the order of the format; `single` forbids two columns."""

    rows: tuple[tuple[str, str], ...]
    single: bool = False


Block = Para | Header


@dataclass
class Worded:
    letter: Letter
    blocks: list[Block] = field(default_factory=list)

    def add(self, text: str, role: str = "body", part: Part | None = None) -> None:
        self.blocks.append(Para(((text, False),), role, part))

    def labelled(
        self, label: str, paragraphs: Sequence[str], part: Part | None, inline: bool = True
    ) -> None:
        """Paragraphs after their label, on its line or below it."""
        texts = list(paragraphs)
        first = (*part, 0) if part else None
        if inline:
            opening = texts.pop(0)
            self.blocks.append(Para(((label, True), (opening, False)), "body", first))
        else:
            self.blocks.append(Para(((label, True),), "label"))
        for number, text in enumerate(texts, 1 if inline else 0):
            self.add(text, part=(*part, number) if part else None)


@dataclass(frozen=True)
class Variant:
    """The choices that hold for a whole letter."""

    reviewer: str  # expert or physician
    heading_colon: bool
    numbering: str  # "", "." or ")"
    padded_dates: bool
    inline_labels: bool


def choose_variant(rng: Random, format_name: str, noise: int) -> Variant:
    modern = format_name in ("final-2015", "final-2016")
    return Variant(
        reviewer=rng.choices(["expert", "physician"], [4, 1] if modern else [1, 3])[0],
        heading_colon=noise > 0 and rng.random() < 0.2,
        numbering=rng.choices(["", ".", ")"], [5, 2, 0.5 if noise else 0])[0] if modern else ".",
        padded_dates=rng.random() < (0.85 if format_name.startswith("final") else 0.25),
        inline_labels=noise == 0 or rng.random() < 0.8,
    )


def heading(worded: Worded, text: str, variant: Variant) -> None:
    worded.add(text + (":" if variant.heading_colon else ""), "heading")


# -- the header ------------------------------------------------------------------------------

LABELS = {
    "case_number": "Case Number:",
    "date_assigned": "Date Assigned:",
    "date_of_injury": "Date of Injury:",
    "decision_date": "Decision Date:",
    "ur_denial_date": "UR Denial Date:",
    "priority": "Priority:",
    "application_received": "Application Received:",
}


def header_rows(
    letter: Letter, labels: dict[str, str], variant: Variant
) -> list[tuple[str, str, str]]:
    values = {"case_number": letter.case_number, "priority": letter.priority or ""}
    for name, day in letter.dates.items():
        values[name] = short_date(day, variant.padded_dates) if day else ""
    return [(name, label, values[name]) for name, label in labels.items()]


def drop_some(
    rng: Random, worded: Worded, rows: list[tuple[str, str, str]], noise: int, kept: set[str]
) -> list[tuple[str, str, str]]:
    """Sometimes a label is missing or its value blanked out; the truth then forgets it."""
    if rng.random() > (0, 0.15, 0.35)[noise]:
        return rows
    [lost] = rng.sample([row for row in rows if row[0] not in ("case_number", *kept)], 1)
    worded.letter = forget(worded.letter, lost[0])
    if rng.random() < 0.5:
        return [row for row in rows if row != lost]
    return [(*row[:2], "") if row == lost else row for row in rows]


def add_header(
    rng: Random,
    worded: Worded,
    labels: dict[str, str],
    variant: Variant,
    noise: int,
    kept: set[str] = frozenset(),
    single: bool = False,
) -> None:
    rows = drop_some(rng, worded, header_rows(worded.letter, labels, variant), noise, kept)
    if noise and rng.random() < 0.3:
        head, *rest = rows
        rng.shuffle(rest)
        rows = [head, *rest]
    worded.blocks.append(Header(tuple((label, value) for _, label, value in rows), single))


# -- the reviewer ----------------------------------------------------------------------------


def board_sentence(rng: Random, letter: Letter, reviewer: str) -> str:
    specialties = letter.specialties
    where = ", ".join(letter.licensed_states)
    if len(letter.licensed_states) > 1 and rng.random() < 0.3:
        where = ", ".join(letter.licensed_states[:-1]) + " and " + letter.licensed_states[-1]
    board = specialties[0]
    extra = ""
    if len(specialties) > 1:
        extra = rng.choice([", has a subspecialty in ", "|"])
        extra, board = (
            ("", ", ".join(specialties)) if extra == "|" else (extra + specialties[1], board)
        )
    return (
        f"The {reviewer} reviewer is Board Certified in {board}{extra} and is licensed to "
        f"practice in {where}."
    )


def reviewer_paragraph(rng: Random, letter: Letter, reviewer: str, named: bool) -> str:
    article = "an" if reviewer == "expert" or rng.random() < 0.5 else "a"
    lines = [
        f"MAXIMUS Federal Services sent the complete case file to {article} {reviewer} reviewer. "
        "He/she has no affiliation with the employer, employee, providers or the claims "
        "administrator."
    ]
    if named:
        lines.append(board_sentence(rng, letter, reviewer))
    lines.append(
        "He/she has been in active clinical practice for more than five years and is currently "
        f"working at least 24 hours a week in active practice. The {reviewer} reviewer was "
        "selected based on his/her clinical experience, education, background, and expertise in "
        "the same or similar specialties that evaluate and/or treat the medical condition and "
        "disputed items/services."
    )
    if rng.random() < 0.5:
        lines.append(
            "He/she is familiar with governing laws and regulations, including the strength of "
            "evidence hierarchy that applies to Independent Medical Review determinations."
        )
    return " ".join(lines)


def summary_intro(reviewer: str) -> str:
    return (
        f"The {reviewer} reviewer developed the following clinical case summary based on a review "
        "of the case file, including all medical records:"
    )


def add_summary(worded: Worded) -> None:
    for number, text in enumerate(worded.letter.summary):
        worded.add(text, part=("summary", number))


DOCUMENTS = [
    "Application for Independent Medical Review",
    "Utilization Review Determination",
    "Medical Records from Claims Administrator",
    "Medical Records",
    "Medical Treatment Utilization Schedule (MTUS)",
    "Employee medical records from the provider",
]


def add_documents(rng: Random, worded: Worded) -> None:
    names = rng.sample(DOCUMENTS, rng.randint(2, 5))
    intro = "The following relevant documents received from the interested parties"
    if rng.random() < 0.5:
        worded.add(f"{intro} were reviewed: {'; '.join(names)}.")
        return
    worded.add(f"{intro} and the documents provided with the application were reviewed and "
               "considered. These documents included:")  # fmt: skip
    for name in names:
        worded.add(f"{rng.choice(['•', '-'])} {name}", "item")
