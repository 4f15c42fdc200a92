"""Blocks set on PDF pages, line by line, as word processors and printers' drivers leave them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from .header import header_cells
from .letters import Part
from .noise import BUILT_IN, TRUETYPE, Style
from .prose import HOLE
from .wording import Block, Header, Para

LIGATURES = [("ffi", "ﬃ"), ("fi", "ﬁ"), ("fl", "ﬂ")]
ENDING = re.compile(r"([A-Za-z]{4,})((?:tions?|ments?|ness|sary|ically|ances?|ities)[.,;:]?)")
HOLE_WIDTH = 60
Draw = Callable[[], None]


def has_glyph(font: str, character: str) -> bool:
    return ord(character) in pdfmetrics.getFont(font).face.charToGlyph


@dataclass(frozen=True)
class Token:
    """A stretch of text that no line break may cut; `glued` to the one before, or after a space."""

    text: str
    bold: bool
    glued: bool = False
    broken: bool = False  # goes on in the next token, with a hyphen if that is on the next line


@dataclass
class Sheet:
    """One page while it fills: what to draw, kept back until its order is known."""

    draws: list[Draw] = field(default_factory=list)


@dataclass
class Typesetter:
    """Sets one letter (or cover) on pages of its own."""

    canvas: Canvas
    style: Style
    rng: Random
    case: str
    sheets: list[Sheet] = field(default_factory=list)
    run_on: set[Part] = field(default_factory=set)
    y: float = 0
    fill: float = 0  # how full the last line of text was, 0 to 1

    # -- the page --

    @property
    def left(self) -> float:
        return self.style.margins[0]

    @property
    def width(self) -> float:
        return self.style.page[0] - self.style.margins[0] - self.style.margins[2]

    @property
    def at_top(self) -> bool:
        return self.y >= self.style.page[1] - self.style.margins[1]

    def new_page(self) -> None:
        self.sheets.append(Sheet())
        self.y = self.style.page[1] - self.style.margins[1]

    def room(self, height: float) -> None:
        if self.y - height < self.style.margins[3]:
            self.new_page()

    def set_blocks(self, blocks: Sequence[Block]) -> None:
        self.new_page()
        for block in blocks:
            if isinstance(block, Header):
                self.set_header(block)
            else:
                self.set_para(block)

    def finish(self, first_number: int = 1) -> int:
        """Draw every page with its running heads and feet; the number of pages."""
        for number, sheet in enumerate(self.sheets, first_number):
            self.canvas.setPageSize(self.style.page)
            running = self.running(number, first_number)
            for draw in running if self.style.foot_first else []:
                draw()
            for draw in sheet.draws:
                draw()
            for draw in [] if self.style.foot_first else running:
                draw()
            self.canvas.showPage()
        return len(self.sheets)

    def running(self, number: int, first: int) -> list[Draw]:
        total = first + len(self.sheets) - 1
        height = self.style.page[1]
        spots = [(self.style.head, height - self.style.margins[1] / 2)]
        spots.append((self.style.foot, self.style.margins[3] / 2))
        if self.style.keep_head_off_first and number == first:
            spots = spots[1:]
        draws: list[Draw] = []
        for text, y in spots:
            for n, line in enumerate(text.split("\n") if text else ()):
                words = line.format(case=self.case, page=number, pages=total)
                down = y + 8 - n * 1.15 * self.style.running_size
                draws.append(lambda words=words, y=down: self.run_along(words, y))
        return draws

    def run_along(self, words: str, y: float) -> None:
        self.canvas.setFont(self.style.font(False), self.style.running_size)
        if self.style.running_align == "left":
            self.canvas.drawString(self.left, y, words)
        elif self.style.running_align == "right":
            self.canvas.drawRightString(self.left + self.width, y, words)
        else:
            self.canvas.drawCentredString(self.style.page[0] / 2, y, words)

    # -- paragraphs --

    def set_para(self, para: Para) -> None:
        style = self.style
        is_heading = para.role in ("heading", "title")
        indent = style.indent if para.role == "body" else 20 if para.role == "item" else 0
        tokens = self.tokens(para, bold=is_heading and style.bold_headings)
        if not self.at_top:
            self.y -= self.space_before(para.role)
        self.room(style.line)
        marked = bool(indent) or (bool(style.gap) and not self.at_top)
        if para.part and not marked and not self.ended_early(tokens[0]):
            self.run_on.add(para.part)
        lines = self.break_lines(tokens, indent)
        for number, line in enumerate(lines):
            self.room(style.line)
            x = self.left + (indent if number == 0 or para.role == "item" else 0)
            self.put_line(line, x, last=number == len(lines) - 1)
            if is_heading and style.underlined:
                self.underline(x, self.measure(line))

    def ended_early(self, following: Token) -> bool:
        """Whether the last line stops where the next word would have fitted: a paragraph's end."""
        room = self.width * (1 - self.fill)
        return room > self.advance(following) + self.space

    def space_before(self, role: str) -> float:
        if role in ("letterhead", "item", "line"):
            return 0
        return self.style.gap * self.style.line

    def underline(self, x: float, width: float) -> None:
        y = self.y - 2
        self.sheets[-1].draws.append(lambda: self.canvas.line(x, y, x + width, y))

    def tokens(self, para: Para, bold: bool) -> list[Token]:
        tokens: list[Token] = []
        for text, label in para.runs:
            for word in text.split():
                pieces = self.pieces(word)
                weight = bold or (label and self.style.bold_labels)
                ending = ENDING.fullmatch(word) if self.style.broken_words else None
                if ending and len(pieces) == 1:
                    tokens.append(Token(ending[1], weight, broken=True))
                    tokens.append(Token(self.typography(ending[2]), weight, glued=True))
                    continue
                tokens += [
                    Token(self.typography(piece), weight, glued=number > 0)
                    for number, piece in enumerate(pieces)
                ]
        return tokens

    def pieces(self, word: str) -> list[str]:
        """A word at its holes, and at the hyphens where a word processor would break it."""
        if HOLE in word:
            return [piece for piece in re.split(f"({HOLE})", word) if piece]
        if not self.style.break_hyphens or "-" not in word or "://" in word:
            return [word]
        parts = word.split("-")
        if any(not part or not part[-1].isalnum() for part in parts[:-1]) or not parts[-1]:
            return [word]
        return [part + "-" for part in parts[:-1]] + parts[-1:]

    def typography(self, text: str) -> str:
        if self.style.curly:
            text = text.replace("'", "’")
        if self.style.ligatures and self.style.family in TRUETYPE:
            for plain, ligature in LIGATURES:
                if has_glyph(self.style.font(False), ligature):
                    text = text.replace(plain, ligature)
        return text

    def break_lines(self, tokens: list[Token], indent: float) -> list[list[Token]]:
        lines: list[list[Token]] = [[]]
        room = self.width - indent
        for token in tokens:
            if lines[-1] and self.measure([*lines[-1], token]) > room:
                before = lines[-1][-1]
                if before.broken:
                    lines[-1][-1] = replace(before, text=before.text + "-")
                lines.append([])
                room = self.width
            lines[-1].append(token)
        return lines

    def advance(self, token: Token) -> float:
        if token.text == HOLE:
            return HOLE_WIDTH
        return stringWidth(token.text, self.style.font(token.bold), self.style.size) + (
            self.tracking * len(token.text)
        )

    @property
    def tracking(self) -> float:
        return 0.15 if self.style.drawing == "spaced" else 0

    @property
    def space(self) -> float:
        return stringWidth(" ", self.style.font(False), self.style.size) + self.tracking

    def measure(self, line: Sequence[Token]) -> float:
        spaces = sum(1 for token in line[1:] if not token.glued)
        return sum(map(self.advance, line)) + spaces * self.space

    # -- lines --

    def put_line(self, line: list[Token], x: float, last: bool) -> None:
        baseline = self.y - self.style.size
        self.fill = self.measure(line) / self.width
        spread = 0.0
        gaps = sum(1 for token in line[1:] if not token.glued)
        if self.style.justified and not last and gaps:
            spread = max(0.0, self.width - (x - self.left) - self.measure(line)) / gaps
        stretches = self.stretches(line, x, spread)
        self.sheets[-1].draws.append(lambda: self.draw(stretches, baseline, spread))
        self.y -= self.style.line

    def stretches(
        self, line: list[Token], x: float, spread: float
    ) -> list[tuple[float, str, bool]]:
        """The line as strings at their places, split as the style's way of drawing has it."""
        out: list[tuple[float, str, bool]] = []
        by_spaces = spread and self.style.family in BUILT_IN
        whole = self.style.drawing in ("line", "spaced") and (not spread or by_spaces)
        for number, token in enumerate(line):
            if number and not token.glued:
                gap = self.gap_after(line[number - 1])
                if whole and out and out[-1][1] and out[-1][2] == token.bold:
                    start, text, bold = out[-1]
                    out[-1] = (start, text + gap, bold)
                x += (self.space + (spread if by_spaces else 0)) * len(gap)
                x += 0 if by_spaces else spread
            x = self.place(out, token, x, whole)
        return out

    def gap_after(self, token: Token) -> str:
        style, chance = self.style, self.rng.random()
        ends = token.text.endswith((".", ":"))
        if (ends and chance < style.double_spaces) or chance < style.lone_spaces:
            return "  "
        return "\xa0" if self.rng.random() < style.hard_spaces else " "

    def place(
        self, out: list[tuple[float, str, bool]], token: Token, x: float, whole: bool
    ) -> float:
        """Put one token after the others; where the next may start."""
        end = x + self.advance(token)
        if token.text == HOLE:
            out.append((end, "", token.bold))
        elif self.style.drawing == "pieces" and len(token.text) > 3 and self.rng.random() < 0.4:
            cut = self.rng.randint(1, len(token.text) - 1)
            head = token.text[:cut]
            out.append((x, head, token.bold))
            beyond = x + stringWidth(head, self.style.font(token.bold), self.style.size)
            out.append((beyond + self.rng.uniform(-0.15, 0.15), token.text[cut:], token.bold))
        elif whole and out and out[-1][1] and out[-1][2] == token.bold:
            start, text, bold = out[-1]
            out[-1] = (start, text + token.text, bold)
        else:
            out.append((x, token.text, token.bold))
        return end

    def draw(
        self, stretches: Sequence[tuple[float, str, bool]], y: float, spread: float = 0.0
    ) -> None:
        for x, text, bold in stretches:
            if text.strip():
                words = self.canvas.beginText(x, y)
                words.setFont(self.style.font(bold), self.style.size)
                words.setCharSpace(self.tracking)
                words.setWordSpace(spread)
                words.textOut(text)
                self.canvas.drawText(words)

    # -- the header --

    def set_header(self, header: Header) -> None:
        cells, height, rules = header_cells(
            header.rows, header.single, self.style, self.rng, self.width
        )
        top = self.y - 4
        for cell in cells:
            stretch = [(self.left + cell.x, self.typography(cell.text), cell.bold)]
            baseline = top - cell.down - self.style.size
            self.sheets[-1].draws.append(
                lambda stretch=stretch, baseline=baseline: self.draw(stretch, baseline)
            )
        for x0, down0, x1, down1 in rules:
            box = (self.left + x0, top - down0, self.left + x1, top - down1)
            self.sheets[-1].draws.append(lambda box=box: self.canvas.line(*box))
        self.y = top - height - self.style.line * 0.8
