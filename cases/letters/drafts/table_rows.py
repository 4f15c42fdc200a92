"""Tables that a PDF draws: each row on one line, with tabs between its cells.

A block of lines whose cells name columns ("Service/Good Requested", "CPT/HCPCS Code") opens a
table; blocks belong to it while they have several cells side by side. The lines of a block are
one row, unless several of them have codes of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from cases.letters.drafts.codes import DIAGNOSIS_CODE, PROCEDURE_CODE

Cell = tuple[float, str]  # where it begins, in points, and its words

COLUMN = re.compile(
    r"\s*(?:diagnos[ie]s|icd|service|good|treatment|procedure|request|cpt|hcpcs|other\s+info"
    r"|frequency|decision|determination|outcome)",
    re.IGNORECASE,
)
HEAD_WORDS = re.compile(
    r"(?:diagnos[ie]s|icd|services?|goods?|treatments?|procedures?|request(?:s|ed)?|cpt|hcpcs"
    r"|codes?|others?|information|frequency|duration|quantity|facility|required|if|known|etc|s|or"
    r"|and|decision|determination|outcome|status|items?|number|no|[\W_]|10|9)+",
    re.IGNORECASE,
)
PARAGRAPH_GAP = 1.6  # of the height of a line, from top to top
NEAR = 8.0  # points by which cells of one column begin apart


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a page as the stretches that wide gaps part."""

    top: float
    height: float
    cells: tuple[Cell, ...]
    words: tuple[Cell, ...] = ()  # each with where it begins
    wraps: bool = False  # the next line goes on with what the line says

    @property
    def text(self) -> str:
        return "\t".join(words for _, words in self.cells)

    @property
    def is_head(self) -> bool:
        return all(HEAD_WORDS.fullmatch(words) for _, words in self.cells)

    @property
    def codes(self) -> int:
        found = (PROCEDURE_CODE.search(words) or DIAGNOSIS_CODE.search(words)
                 for _, words in self.cells)  # fmt: skip
        return sum(map(bool, found))


Block = Sequence[TableLine]


def text_of_lines(lines: Sequence[TableLine]) -> str:
    """The text of a page, with an empty line between paragraphs."""
    blocks = list(split_blocks(lines))
    parts: list[str] = []
    at = 0
    while at < len(blocks):
        head, rest = split_head(blocks[at])
        at += 1
        if not head:
            parts.append(plain_text(rest))
            continue
        table = [rest] if rest else []
        while at < len(blocks) and belongs(blocks[at]):
            table.append(blocks[at])
            at += 1
        parts.append("\n".join(table_text(head, table)))
    return "\n\n".join(parts)


def plain_text(block: Block) -> str:
    """Wrapped lines joined; a hyphen that ends one stays, as most belong to their word."""
    parts = []
    for line, following in zip_longest(block, block[1:]):
        joined = following and line.wraps and len(line.cells) == len(following.cells) == 1
        parts.append(line.text + (wrap_space(line.text) if joined else "\n"))
    return "".join(parts).rstrip("\n")


def wrap_space(text: str) -> str:
    return "" if text.endswith(("-", "/")) else " "


def split_blocks(lines: Sequence[TableLine]) -> Iterator[Block]:
    start = 0
    for i, (before, line) in enumerate(pairwise(lines), 1):
        if line.top - before.top > PARAGRAPH_GAP * max(before.height, 1.0):
            yield lines[start:i]
            start = i
    if lines:
        yield lines[start:]


def split_head(block: Block) -> tuple[Block, Block]:
    """The lines that name the columns of a table, and the rest of the block."""
    count = 0
    while count < len(block) and block[count].is_head:
        count += 1
    cells = [words for line in block[:count] for _, words in line.cells]
    named = sum(bool(COLUMN.match(words)) for words in cells)
    wide = any(len(line.cells) > 1 for line in block[:count])
    return (block[:count], block[count:]) if named >= 2 and wide else ((), block)


def belongs(block: Block) -> bool:
    return any(len(line.cells) > 1 for line in block) and not split_head(block)[0]


def table_text(head: Block, blocks: Sequence[Block]) -> Iterator[str]:
    body = [line for block in blocks for line in block]
    columns = column_starts(body)
    if len(columns) < 2 or not body:
        columns = column_starts(head)
    yield "\t".join(row_of(head, columns))
    for block in blocks:
        for lines in rows_in(block):
            yield "\t".join(row_of(lines, columns))


def column_starts(lines: Sequence[TableLine]) -> list[float]:
    starts: list[float] = []
    for x in sorted(x for line in lines for x, _ in line.cells):
        if not starts or x - starts[-1] > NEAR:
            starts.append(x)
    return starts


def rows_in(block: Block) -> Iterator[Block]:
    """One row, or one for each line that has codes."""
    first = [i for i, line in enumerate(block) if line.codes]
    if len(first) < 2:
        yield block
        return
    edges = [0, *first[1:], len(block)]
    for start, end in pairwise(edges):
        yield block[start:end]


def row_of(lines: Sequence[TableLine], columns: Sequence[float]) -> list[str]:
    """By where each word stands: a full cell may leave next to no gap before the next one."""
    row = [""] * len(columns)
    for line in lines:
        for x, word in line.words or line.cells:
            place = max(bisect_right(columns, x + NEAR / 2) - 1, 0)
            row[place] = f"{row[place]} {word}".strip()
    return row
