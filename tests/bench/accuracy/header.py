"""The header block: labels and values by position, in the ways the letters have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from reportlab.pdfbase.pdfmetrics import stringWidth

from .noise import Style

Row = tuple[str, str]
Rule = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cell:
    """A string of the header, from the text's left edge and the header's top."""

    x: float
    down: float
    text: str
    bold: bool = False


def header_cells(
    rows: Sequence[Row], single: bool, style: Style, rng: Random, width: float
) -> tuple[list[Cell], float, list[Rule]]:
    """The header's strings in drawing order, its height, and its ruled lines."""
    if single or style.header == "lines":
        return *flowing([[row] for row in rows], style), []
    if style.header == "interleaved":
        return *interleaved(rows, style, rng), []
    if style.header == "stacked":
        return *stacked(rows, style, width), []
    if style.header == "tabs":
        return *tabbed(rows, style, rng, width), []
    return table(rows, style, rng, width)


def joined(row: Row, style: Style) -> str:
    return f"{row[0]}{style.colon_space}{row[1]}".rstrip()


def flowing(lines: Sequence[Sequence[Row]], style: Style) -> tuple[list[Cell], float]:
    cells = [
        Cell(0, number * style.line, "  ".join(joined(row, style) for row in line))
        for number, line in enumerate(lines)
    ]
    return cells, len(lines) * style.line


def interleaved(rows: Sequence[Row], style: Style, rng: Random) -> tuple[list[Cell], float]:
    """As the real letter's text: two to a line, a wrapped label going on at the left margin."""
    texts: list[str] = []
    rest = list(rows)
    if rng.random() < 0.5:
        texts.append(joined(rest.pop(0), style))
    while rest:
        first = rest.pop(0)
        if not rest:
            texts.append(joined(first, style))
            break
        second = rest.pop(0)
        words = second[0].split()
        if not rest and len(words) > 1 and second[1]:
            head, tail = " ".join(words[:-1]), words[-1]
            texts += [f"{joined(first, style)} {head}", tail, second[1]]
        else:
            texts.append(f"{joined(first, style)}  {joined(second, style)}")
    cells = [Cell(0, number * style.line, text) for number, text in enumerate(texts)]
    return cells, len(texts) * style.line


def stacked(rows: Sequence[Row], style: Style, width: float) -> tuple[list[Cell], float]:
    """Each label above its value, as many beside each other as there is room for."""
    bold = style.font(True)
    cell = max(stringWidth(text, bold, style.size) for row in rows for text in row) + 18
    across = max(1, int(width // cell))
    cells = [
        Cell(n % across * cell, (n // across * 2 + part) * style.line * 1.05, text, part == 0)
        for n, row in enumerate(rows)
        for part, text in enumerate(row)
        if text
    ]
    return cells, (-(-len(rows) // across) * 2) * style.line * 1.05


def pairs(rows: Sequence[Row], rng: Random) -> list[tuple[Row | None, Row | None]]:
    """Two columns: filled down or across, one of them maybe with a hole."""
    if rng.random() < 0.5:
        half = (len(rows) + 1) // 2
        left, right = list(rows[:half]), list(rows[half:])
    else:
        left, right = list(rows[::2]), list(rows[1::2])
    if len(left) != len(right) and rng.random() < 0.5:
        short = left if len(left) < len(right) else right
        short.insert(rng.randint(0, len(short)), None)
    return list(zip_longest(left, right))


def tabbed(
    rows: Sequence[Row], style: Style, rng: Random, width: float
) -> tuple[list[Cell], float]:
    """Label and value together, two to a line with a tab between; lines alone if they won't fit."""
    grid = pairs(rows, rng)
    font = style.font(style.bold_labels)

    def widest(column: Sequence[Row | None]) -> float:
        return max(stringWidth(joined(row, style), font, style.size) for row in column if row)

    left, right = zip(*grid, strict=True)
    middle = max(width * rng.uniform(0.48, 0.6), widest(left) + 14)
    if middle + widest(right) > width:
        return flowing([[row] for row in rows], style)
    cells = [
        Cell(x, number * style.line, joined(row, style), style.bold_labels)
        for number, couple in enumerate(grid)
        for x, row in zip((0, middle), couple, strict=True)
        if row
    ]
    return cells, len(grid) * style.line


def wrap(text: str, room: float, style: Style, bold: bool) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(longer, style.font(bold), style.size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def table(
    rows: Sequence[Row], style: Style, rng: Random, width: float
) -> tuple[list[Cell], float, list[Rule]]:
    """Label and value cells, twice over; a narrow label wraps and its value stands beside it."""
    grid = [(row, None) for row in rows] if style.one_column else pairs(rows, rng)
    label_width, value_width = column_widths(rows, style, width)
    half = label_width + value_width
    columns = [0, label_width, half, half + label_width]
    leading = style.size * min(style.leading, 1.3)
    pad = 0 if style.align == "top" and not style.ruled else 3
    cells: list[tuple[int, int, Cell]] = []
    edges, down = [0.0], 0.0
    for number, couple in enumerate(grid):
        texts = [part for row in couple for part in (row or ("", ""))]
        wrapped = [
            wrap(text, label_width - 6, style, style.bold_labels) if column % 2 == 0 else [text]
            for column, text in enumerate(texts)
        ]
        tallest = max(len(lines) for lines in wrapped)
        for column, lines in enumerate(wrapped):
            slack = (tallest - len(lines)) * leading
            drop = {"top": 0, "middle": slack / 2, "bottom": slack}[style.align]
            bold = style.bold_labels and column % 2 == 0
            cells += [
                (number, column, Cell(columns[column] + 3, down + drop + i * leading, line, bold))
                for i, line in enumerate(lines)
            ]
        down += tallest * leading + pad
        edges.append(down)
    rules = [(0, edge - 1, 2 * half, edge - 1) for edge in edges] if style.ruled else []
    return [cell for *_, cell in sorted(cells, key=ORDERS[style.header_order])], down, rules


def column_widths(rows: Sequence[Row], style: Style, width: float) -> tuple[float, float]:
    """Of a label and of a value: the style's own where every word fits, values never wrapped."""

    def widest(texts: Iterable[str]) -> float:
        return max(stringWidth(text, style.font(True), style.size) for text in texts)

    value_width = max(style.value_width, widest(value for _, value in rows) + 8)
    narrowest = widest(word for label, _ in rows for word in label.split()) + 6
    wanted = min(style.label_width * style.size / 12, (width - 2 * value_width) / 2)
    return max(wanted, narrowest), value_width


ORDERS = {
    "rows": lambda cell: (cell[0], cell[1]),
    "columns": lambda cell: (cell[1], cell[0]),
    "labels-first": lambda cell: (cell[1] % 2, cell[0]),
}
