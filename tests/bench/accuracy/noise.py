"""How a letter looks: everything about the page that its reader has to see past."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TRUETYPE = {
    "LiberationSerif": ("liberation", "LiberationSerif-Regular", "LiberationSerif-Bold"),
    "LiberationSans": ("liberation", "LiberationSans-Regular", "LiberationSans-Bold"),
    "LiberationMono": ("liberation", "LiberationMono-Regular", "LiberationMono-Bold"),
    "DejaVuSerif": ("dejavu", "DejaVuSerif", "DejaVuSerif-Bold"),
    "DejaVuSans": ("dejavu", "DejaVuSans", "DejaVuSans-Bold"),
}
BUILT_IN = {
    "Times": ("Times-Roman", "Times-Bold"),
    "Helvetica": ("Helvetica", "Helvetica-Bold"),
    "Courier": ("Courier", "Courier-Bold"),
}


@functools.cache
def fonts() -> dict[str, tuple[str, str]]:
    """Families by name: PDF's own, and Debian's TrueType fonts as far as they are installed."""
    found = dict(BUILT_IN)
    for family, (folder, *names) in TRUETYPE.items():
        files = [Path(f"/usr/share/fonts/truetype/{folder}/{name}.ttf") for name in names]
        if not all(file.exists() for file in files):
            continue
        for name, file in zip(names, files, strict=True):
            pdfmetrics.registerFont(TTFont(name, str(file)))
        found[family] = (names[0], names[1])
    return found


@dataclass(frozen=True)
class Style:
    family: str = "Times"
    size: float = 12
    leading: float = 1.15  # of the size
    gap: float = 0.0  # space before a paragraph, of a line
    indent: float = 0  # of a paragraph's first line, in points
    page: tuple[float, float] = letter
    margins: tuple[float, float, float, float] = (72, 72, 72, 72)  # left, top, right, bottom
    justified: bool = False
    bold_headings: bool = False
    underlined: bool = False
    bold_labels: bool = False
    drawing: str = "line"  # line, words, pieces, spaced
    double_spaces: float = 0.0  # chance after a sentence
    lone_spaces: float = 0.0  # chance of a second space anywhere
    curly: bool = False
    ligatures: bool = False
    hard_spaces: float = 0.0  # chance of a non-breaking space
    break_hyphens: bool = False
    header: str = "table"  # table, lines, tabs, interleaved, stacked
    header_order: str = "rows"  # rows, columns, labels-first
    align: str = "top"  # where a value stands beside its wrapped label
    label_width: float = 90
    value_width: float = 85
    ruled: bool = False
    one_column: bool = False
    colon_space: str = " "
    head: str = ""
    foot: str = ""
    foot_first: bool = False  # drawn before the page's text
    keep_head_off_first: bool = False
    running_size: float = 9
    running_align: str = "centre"  # left, centre, right
    broken_words: bool = False  # at their endings, where the line is full

    @property
    def line(self) -> float:
        return self.size * self.leading

    def font(self, bold: bool) -> str:
        return fonts()[self.family][bold]


RUNNING = [
    "Final Determination Letter for IMR Case Number {case}    {page}",
    "Final Determination Letter for IMR Case Number {case} {page}",
    "Page {page} of {pages}",
    "{case}  Page {page}",
    "- {page} -",
    "{page}",
    "IMR Case Number: {case}    Page {page} of {pages}",
    "Final Determination Letter for IMR Case Number {case}",
    "MAXIMUS Federal Services | {case} | {page}",
    "State of California - Division of Workers' Compensation",
    "CONFIDENTIAL MEDICAL INFORMATION\nPage {page}",
    "Page {page}/{pages}",
    "{page} | Page",
    "IMR {case}",
    "Determination for {case} (continued)",
    "P.O. Box 138009, Sacramento, CA 95813 - Tel. 855-865-8873\n{page} of {pages}",
    "Case Number: {case}\nClaim Number: 40-1177    Page {page}",
]


def plain_style(rng: Random) -> Style:
    """Like the example letters."""
    return Style(
        size=rng.choice([11, 12]),
        leading=rng.choice([1.1, 1.2, 1.45, 2.0]),
        gap=rng.choice([0.0, 0.4, 0.8]),
        margins=(72, rng.choice([60, 72]), 72, 72),
        header=rng.choice(["table", "table", "lines"]),
        label_width=rng.uniform(88, 105),
        foot=rng.choice(["", RUNNING[0]]),
        break_hyphens=rng.random() < 0.5,
    )


def realistic_style(rng: Random) -> Style:
    side = rng.choice([54, 72, 72, 80, 90])
    return replace(
        plain_style(rng),
        family=rng.choices(
            list(fonts()), [8 if "Times" in name or "Serif" in name else 2 for name in fonts()]
        )[0],
        size=rng.choice([9.5, 10, 10.5, 11, 11, 12, 12, 12, 13]),
        leading=rng.choice([1.0, 1.05, 1.15, 1.15, 1.2, 1.38, 1.5, 2.0, 2.2]),
        gap=rng.choice([0.0, 0.0, 0.45, 0.6, 1.0]),
        indent=rng.choice([0, 0, 0, 0, 18, 36]),
        page=rng.choices([letter, A4], [4, 1])[0],
        margins=(side, rng.choice([54, 72, 90]), side, rng.choice([60, 72, 90])),
        justified=rng.random() < 0.25,
        bold_headings=rng.random() < 0.5,
        underlined=rng.random() < 0.1,
        bold_labels=rng.random() < 0.25,
        drawing=rng.choices(["line", "words", "pieces", "spaced"], [5, 3, 1.5, 1])[0],
        double_spaces=rng.choice([0, 0, 0.5, 1]),
        curly=rng.random() < 0.3,
        ligatures=rng.random() < 0.15,
        hard_spaces=rng.choice([0, 0, 0, 0.05]),
        break_hyphens=rng.random() < 0.7,
        header=rng.choices(["table", "lines", "tabs", "interleaved", "stacked"], [6, 2, 2, 1, 1])[
            0
        ],
        header_order=rng.choices(["rows", "columns", "labels-first"], [4, 2, 1])[0],
        align=rng.choice(["top", "top", "middle", "bottom"]),
        label_width=rng.choice([rng.uniform(55, 88), rng.uniform(88, 125), rng.uniform(88, 125)]),
        value_width=rng.uniform(84, 110),
        ruled=rng.random() < 0.2,
        one_column=rng.random() < 0.1,
        colon_space=rng.choice([" ", " ", "  ", "   "]),
        head=rng.choice(["", "", "", "", *RUNNING]),
        foot=rng.choice(["", "", *RUNNING]),
        foot_first=rng.random() < 0.3,
        keep_head_off_first=rng.random() < 0.4,
        running_size=rng.choice([8, 9, 9, 10, 12]),
        running_align=rng.choice(["left", "centre", "right"]),
        broken_words=rng.random() < 0.1,
    )


def nasty_style(rng: Random) -> Style:
    return replace(
        realistic_style(rng),
        size=rng.choice([9, 10, 11, 12, 13]),
        drawing=rng.choice(["line", "words", "pieces", "spaced"]),
        lone_spaces=rng.choice([0, 0.02, 0.08]),
        double_spaces=rng.choice([0, 0.5, 1]),
        curly=rng.random() < 0.5,
        ligatures=rng.random() < 0.35,
        hard_spaces=rng.choice([0, 0.05, 0.3]),
        header=rng.choice(["table", "tabs", "interleaved", "stacked"]),
        header_order=rng.choice(["rows", "columns", "labels-first"]),
        align=rng.choice(["top", "middle", "bottom"]),
        label_width=rng.uniform(45, 120),
        head=rng.choice(["", "", *RUNNING]),
        foot=rng.choice(RUNNING),
    )


def choose_style(rng: Random, noise: int) -> Style:
    return (plain_style, realistic_style, nasty_style)[noise](rng)
