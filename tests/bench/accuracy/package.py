"""A PDF file: one letter or several, with covers, proofs of service and blank pages around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from reportlab.pdfgen.canvas import Canvas

from .eras import word_letter
from .layout import Typesetter
from .letters import FORMATS, UNKNOWN, make_letter
from .noise import Style, choose_style
from .prose import short_date
from .second.letters import word_letter as word_second
from .wording import Block, Header, Para, Worded

SHARES = {**dict(zip(FORMATS, [3, 2, 2, 1.5, 1], strict=True)), UNKNOWN: 1}


@dataclass(frozen=True)
class Facsimile:
    """A file and its truth; `looks` says what was chosen, to find what goes wrong together."""

    truth: dict
    looks: str


def para(text: str, role: str = "body") -> Para:
    return Para(((text, False),), role)


def cover_letter(rng: Random, worded: Worded) -> list[Block]:
    """The mail letter that goes out before the determination."""
    letter = worded.letter
    decided = letter.dates["decision_date"]
    blocks: list[Block] = [
        para("MAXIMUS FEDERAL SERVICES, INC.", "letterhead"),
        para("Independent Medical Review", "letterhead"),
        para("P.O. Box 138009", "letterhead"),
        para("Sacramento, CA 95813-8009", "letterhead"),
    ]
    if decided:
        blocks.append(para(short_date(decided), "line"))
    if rng.random() < 0.6:
        rows = [("IMR Case Number:", letter.case_number)]
        labels = {"date_of_injury": "Date of Injury:", "ur_denial_date": "UR Denial Date:"}
        rows += [
            (label, short_date(letter.dates[name]))
            for name, label in labels.items()
            if letter.dates[name] and rng.random() < 0.7
        ]
        blocks.append(Header(tuple(rows), single=rng.random() < 0.6))
    blocks.append(para("Dear \ue000,"))
    blocks.append(
        para(
            "We have finished our look at the workers' compensation case named above. The pages "
            "that follow hold the outcome for each item you disputed and say how it was reached."
        )
    )
    if rng.random() < 0.4:
        upheld = all(issue.decision == "upheld" for issue in letter.issues)
        blocks.append(para(f"Final Determination: {'UPHOLD' if upheld else 'OVERTURN'}."))
    blocks.append(
        para(
            "The outcome is binding on all parties. An appeal may be filed within 30 days of the "
            "mailing of this letter; see Labor Code section 4610.6(h)."
        )
    )
    blocks += [para("Sincerely,"), para("\ue000 Medical Director", "line")]
    if rng.random() < 0.5:
        blocks.append(para("cc: Department of Industrial Relations, \ue000", "line"))
    return blocks


def fax_sheet(rng: Random, worded: Worded) -> list[Block]:
    rows = [("To:", ""), ("From:", "Claims desk"), ("Pages:", str(rng.randint(3, 12)))]
    if rng.random() < 0.5:
        rows.append(("Re:", worded.letter.case_number))
    return [
        para("FAX", "title"),
        Header(tuple(rows), single=True),
        para("This transmission is private. If it reached you in error, call the sender."),
    ]


def proof_of_service(rng: Random, worded: Worded) -> list[Block]:
    return [
        para("PROOF OF SERVICE", "title"),
        para(
            "I am over eighteen and not a party to this action. I placed a true copy of the "
            "enclosed in the mail, postage paid, addressed to:"
        ),
        para("\ue000 and \ue000"),
        para("Executed at Sacramento, California."),
    ]


@dataclass
class Package:
    canvas: Canvas
    rng: Random
    noise: int
    authors: Sequence[int] = (1, 2)
    pages: int = 0

    def set_blocks(self, blocks: Sequence[Block], style: Style, case: str) -> Typesetter:
        typesetter = Typesetter(self.canvas, style, self.rng, case)
        typesetter.set_blocks(blocks)
        self.pages += typesetter.finish()
        return typesetter

    def blank(self, style: Style) -> None:
        self.canvas.setPageSize(style.page)
        self.canvas.showPage()
        self.pages += 1

    def add_letter(self, format_name: str) -> tuple[dict, str]:
        if self.rng.choice(self.authors) == 1 or format_name == UNKNOWN:
            letter = make_letter(self.rng, format_name, noise=self.noise)
            worded = word_letter(self.rng, letter, self.noise)
        else:
            worded = word_second(self.rng, format_name, noise=self.noise)
        style = choose_style(self.rng, self.noise)
        self.before(worded, style)
        first = self.pages + 1
        case = worded.letter.case_number
        typesetter = self.set_blocks(worded.blocks, style, case)
        truth = worded.letter.record(first, self.pages, typesetter.run_on)
        self.after(worded, style)
        return truth, f"{format_name} {looks(style)}"

    def before(self, worded: Worded, style: Style) -> None:
        chance = self.rng.random()
        bare = Style(family=style.family, size=style.size, page=style.page, gap=0.6)
        if chance < (0, 0.15, 0.3)[self.noise]:
            self.set_blocks(cover_letter(self.rng, worded), bare, worded.letter.case_number)
        elif chance < (0, 0.2, 0.4)[self.noise]:
            self.set_blocks(fax_sheet(self.rng, worded), bare, "")

    def after(self, worded: Worded, style: Style) -> None:
        if self.rng.random() < (0, 0.04, 0.12)[self.noise]:
            bare = Style(family=style.family, size=style.size, page=style.page, gap=0.6)
            self.set_blocks(proof_of_service(self.rng, worded), bare, "")
        if self.rng.random() < (0, 0.04, 0.1)[self.noise]:
            self.blank(style)


def looks(style: Style) -> str:
    page = "A4" if style.page[0] < 600 else "Letter"
    return (
        f"{style.family} {style.size:g}pt x{style.leading:g} gap {style.gap:g} {page} "
        f"{style.drawing} header={style.header}/{style.header_order}/{style.align}"
    )


def make_package(
    path: Path,
    seed: str,
    *,
    noise: int,
    formats: Sequence[str] = FORMATS,
    authors: Sequence[int] = (1, 2),
) -> Facsimile:
    """Write the PDF that the seed stands for. The same seed gives the same bytes and truth."""
    rng = Random(seed)
    package = Package(Canvas(str(path), invariant=1), rng, noise, authors)
    bundle = rng.random() < (0, 0.12, 0.3)[noise]
    letters, seen = [], []
    for _ in range(rng.randint(2, 6) if bundle else 1):
        [format_name] = rng.choices(formats, [SHARES[name] for name in formats])
        truth, look = package.add_letter(format_name)
        letters.append(truth)
        seen.append(look)
    package.canvas.save()
    return Facsimile({"letters": letters}, " | ".join(seen))
