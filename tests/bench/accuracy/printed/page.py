"""A printed letter set on Letter pages: Arial header table under a logo, Times 12 below it.

Lines break at spaces and behind the hyphens and slashes inside words, pages anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ..prose import HOLE
from .faults import Fault
from .letters import Issue, Letter

WIDTH, HEIGHT = 612.0, 792.0
LEFT, RIGHT = 72.0, 540.0
TOP, BOTTOM = 72.0, 720.0  # of the text, from the page's top
SIZE, STEP = 12.0, 13.8
LABEL_SIZE, ROW = 11.04, 13.1
COLUMNS = (72.0, 179.4, 329.0, 426.9)
TABLE_TOP = 93.0
TEXT, BOLD = "Times-Roman", "Times-Bold"
SANS, SANS_BOLD = "Helvetica", "Helvetica-Bold"
BREAKS = re.compile(r"(?<=\w[-/])(?=\w)")

HOW_MADE = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. He/she has no"
    " affiliation with the employer, employee, providers or the claims administrator. He/she has"
    " been in active clinical practice for more than five years and is currently working at least"
    " 24 hours a week in active practice. The expert reviewer was selected based on his/her"
    " clinical experience, education, background, and expertise in the same or similar specialties"
    " that evaluate and/or treat the medical condition and disputed items/Service. He/she is"
    " familiar with governing laws and regulations, including the strength of evidence hierarchy"
    " that applies to Independent Medical Review determinations."
)
SUMMARY_INTRO = (
    "The expert reviewer developed the following clinical case summary based on a review of the"
    " case file, including all medical records:"
)
ISSUES_INTRO = (
    "The Final Determination was based on decisions for the disputed items/services set forth"
    " below:"
)
RUNNING_HEADS = (
    "Final Determination Letter for IMR Case Number {case} {page}",
    "Harbor Claims Services Claim Number 40-1177 Page {page}",
)
SERVICE = (
    ("PROOF OF SERVICE", True),
    ("I am over the age of eighteen and not a party to this matter. On the date below I placed a"
     " true copy of the enclosed determination in the mail, postage paid, addressed to:", False),
    (f"{HOLE} and {HOLE}", False),
    ("I declare under penalty of perjury that this is true. Executed at Sacramento, California.",
     False),
)  # fmt: skip

Run = tuple[str, bool]  # words, and whether they are bold
Piece = tuple[str, bool, bool]  # a stretch no line break may cut; bold; behind a space


@dataclass
class Printer:
    """Draws one letter, page by page; `page` counts from 1."""

    canvas: Canvas
    rng: Random
    faults: frozenset[Fault]
    case: str
    page: int = 0
    top: float = TOP
    marks: list[int] = field(default_factory=list)  # marked stretches of each page

    # -- pages --

    def new_page(self) -> None:
        if self.page:
            self.end_page()
        self.page += 1
        self.top = TOP
        self.marks.append(0)
        self.canvas.setPageSize((WIDTH, HEIGHT))
        if Fault.WATERMARK in self.faults:
            self.watermark()
        if head := self.running_head():
            self.put([(head, False, False)], LEFT)
            self.top += STEP

    def end_page(self) -> None:
        self.canvas.showPage()

    def running_head(self) -> str:
        if Fault.CASE_HEAD in self.faults and self.page > 1:
            return f"{self.case}   Page {self.page}"
        if Fault.RUNNING_HEAD in self.faults:
            known = int(self.case[-1]) % 2
            return RUNNING_HEADS[known].format(case=self.case, page=self.page)
        return ""

    def watermark(self) -> None:
        self.canvas.saveState()
        self.canvas.translate(WIDTH / 2, HEIGHT / 2)
        self.canvas.rotate(45)
        self.canvas.setFillGray(0.85)
        self.canvas.setFont(SANS_BOLD, 64)
        self.canvas.drawCentredString(0, 0, "CONFIDENTIAL")
        self.canvas.restoreState()

    def room(self) -> None:
        """A new page where the next line has no room on this one."""
        if self.top + SIZE > BOTTOM:
            self.new_page()

    # -- lines --

    def gap(self) -> None:
        """An empty line; behind a page's last line it is the first of the next page."""
        self.room()
        self.top += STEP

    def paragraph(self, runs: Sequence[Run], *, centered: bool = False) -> None:
        for line in broken(runs):
            self.room()
            self.put(line, LEFT + (RIGHT - LEFT - measured(line)) / 2 if centered else LEFT)
            self.top += STEP

    def put(self, line: Sequence[Piece], x: float) -> None:
        for text, bold in merged(line):
            font = BOLD if bold else TEXT
            if text != HOLE:
                self.draw(text, x, self.top, font, SIZE)
            x += width_of(text, font)

    def draw(self, text: str, x: float, top: float, font: str, size: float) -> None:
        """One marked stretch, struck twice where the fault says so."""
        number = self.marks[-1]
        self.marks[-1] += 1
        self.canvas._code.append(f"/P <</MCID {number}>> BDC")
        self.canvas.setFont(font, size)
        for shift in (0, 0.25) if Fault.DOUBLE_STRUCK in self.faults else (0,):
            self.canvas.drawString(x + shift, HEIGHT - top - 0.9 * size, text)
        self.canvas._code.append("EMC")

    # -- parts of the letter --

    def header(self, letter: Letter) -> None:
        """The logo and the table of two label and value columns."""
        self.canvas.drawImage(ImageReader(Image.new("L", (123, 30), 150)), 461, HEIGHT - 74)
        down = BOTTOM - 2.4 * ROW if Fault.SPLIT_HEADER in self.faults else TABLE_TOP
        for cells in header_rows(letter):
            if down + ROW > BOTTOM:
                self.new_page()
                down = self.top
            self.cells(cells, down)
            down += ROW
        self.top = down + ROW

    def cells(self, texts: Sequence[str], down: float) -> None:
        edges = (*(x - 5.2 for x in COLUMNS), 545.2)
        for place, (x, text) in enumerate(zip(COLUMNS, texts, strict=True)):
            label = place % 2 == 0
            self.canvas.setFillGray(0.875 if label else 1)
            self.canvas.rect(
                edges[place], HEIGHT - down - ROW, edges[place + 1] - edges[place], ROW, fill=1
            )
            self.canvas.setFillGray(0)
            if text:
                self.draw(text, x, down, SANS_BOLD if label else SANS, LABEL_SIZE)

    def heading(self, text: str) -> None:
        self.paragraph([(text, True)], centered=True)
        self.top += 5

    def credentials(self, letter: Letter) -> None:
        states, specialties = letter.commas
        self.gap()
        for line in (
            "The Expert Reviewer has the following credentials:",
            f"State(s) of Licensure: {states.join(letter.states)}",
            f"Certification(s)/Specialty: {specialties.join(letter.specialties)}",
        ):
            self.paragraph([(line, False)])

    def issue(self, issue: Issue) -> None:
        request = issue.request
        bold = self.rng.random() < 0.15
        verdict = issue.decision.capitalize()
        self.gap()
        self.paragraph([(request.text + request.closing, True), (verdict, bold)])
        sides = (("Claims Administrator guideline:", issue.claims.text),
                 ("MAXIMUS guideline:", issue.maximus.text))  # fmt: skip
        for label, text in sides:
            self.gap()
            self.paragraph([(label, True), (text, False)])
        for number, text in enumerate(issue.rationale):
            self.gap()
            label = [("Decision rationale:", True)] if number == 0 else []
            self.paragraph([*label, (text, False)])

    def letter(self, letter: Letter) -> None:
        self.new_page()
        self.header(letter)
        self.heading("HOW THE IMR FINAL DETERMINATION WAS MADE")
        self.paragraph([(HOW_MADE, False)])
        self.credentials(letter)
        self.gap()
        self.heading("CLINICAL CASE SUMMARY")
        self.paragraph([(SUMMARY_INTRO, False)])
        for text in letter.summary:
            self.gap()
            self.paragraph([(text, False)])
        self.gap()
        self.heading("IMR ISSUES, DECISIONS AND RATIONALES")
        self.paragraph([(ISSUES_INTRO, False)])
        for issue in letter.issues:
            self.issue(issue)

    def proof_of_service(self) -> None:
        self.new_page()
        for text, bold in SERVICE:
            self.paragraph([(text, bold)])
            self.gap()


def header_rows(letter: Letter) -> Iterable[tuple[str, str, str, str]]:
    day = {name: f"{date:%m/%d/%Y}" for name, date in letter.dates.items()}
    yield "Case Number:", letter.case_number, "", ""
    yield "Date Assigned:", day["date_assigned"], "Date of Injury:", day["date_of_injury"]
    yield "Decision Date:", day["decision_date"], "UR Denial Date:", day["ur_denial_date"]
    yield "Priority:", letter.priority, "Application", day["application_received"]
    yield "", "", "Received:", ""


def pieces(runs: Sequence[Run]) -> Iterable[Piece]:
    for text, bold in runs:
        for word in text.split():
            for number, part in enumerate(BREAKS.split(word)):
                yield part, bold, number == 0


def broken(runs: Sequence[Run]) -> list[list[Piece]]:
    """The paragraph's lines."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces(runs):
        if lines[-1] and measured([*lines[-1], piece]) > RIGHT - LEFT:
            lines.append([])
        lines[-1].append(piece)
    return lines


def merged(line: Sequence[Piece]) -> list[Run]:
    """The line's stretches of one weight, spaces included; a hole is a stretch of its own."""
    out: list[Run] = []
    for number, (text, bold, spaced) in enumerate(line):
        text = f" {text}" if spaced and number else text
        for part in re.split(f"({HOLE})", text):
            if out and out[-1][1] == bold and HOLE not in (part, out[-1][0]):
                out[-1] = (out[-1][0] + part, bold)
            elif part:
                out.append((part, bold))
    return out


def width_of(text: str, font: str) -> float:
    return 40.0 if text == HOLE else stringWidth(text, font, SIZE)


def measured(line: Sequence[Piece]) -> float:
    return sum(width_of(text, BOLD if bold else TEXT) for text, bold in merged(line))
