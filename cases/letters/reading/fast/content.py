"""A page's content stream → the runs of text that it shows.

Follows pdfminer operation by operation, in the same floating point arithmetic, so that a glyph
comes to stand at the very same place; but it cuts the stream with one regular expression and
handles a string at a time, not a character. What it does not know raises `Unsure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, stream_value
from pdfminer.psparser import PSLiteral
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from cases.letters.reading.fast.glyphs import MARK, SPACE, Advances, Glyphs
from cases.letters.reading.fast.runs import Face, Run, Sheet, Unsure, cut_runs

LONGEST_STREAM = 1_000_000  # characters; a page of text has some 20,000
DEEPEST_FORM = 8

NUMBERS = r"(?:[-+.\d]++\s++)*+"
NAME = r"/[^\s/\[\]()<>{}%]*+"
STRING = r"\([^()\\]*+(?:\\.[^()\\]*+)*+\)"
HEX = r"<[0-9A-Fa-f\s]*+>"
ARRAY = rf"\[(?:[-+.\d\s]++|{STRING}|{HEX})*+\]"
# A dictionary that pdfminer would not take makes it give up the file.
NUMBER = r"[-+]?\d++(?:\.\d++)?(?![^\s/>\]])"
KEY = r"/[^\s/\[\]()<>{}%]++\s*+"
VALUE = rf"(?:{KEY}|{NUMBER}|{STRING}|{HEX}|{ARRAY})\s*+"
INNER = rf"<<\s*+(?:{KEY}{VALUE})*+>>\s*+"
DICTIONARY = rf"<<\s*+(?:{KEY}(?:{VALUE}|{INNER}))*+>>"
# An operator with its operands.
OPERATION = re.compile(
    rf"""
    \s*+(?:
        (?P<numbers>{NUMBERS})
        (?: (?P<plain>[A-Za-z]++[01]?\*?)
          | (?P<string>{STRING}|{HEX}) \s*+ (?P<show>Tj|'|")
          | (?P<array>{ARRAY}) \s*+ (?P<after_array>TJ|(?:[-+.\d]++\s++)d)
          | (?P<name>{NAME}) \s*+ (?P<operand>{NUMBERS}|{NAME}\s*+|{DICTIONARY}\s*+)
            (?P<named>[A-Za-z]++)
        )(?![^\s/\[\](<%])
      | (?P<unknown>\S)
    )
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
PIECE = re.compile(rf"({STRING}|{HEX})|([-+.\d]+)", re.ASCII | re.DOTALL)
KERN = re.compile(r"\)\s*+([-+.\d]++)\s*+\(", re.ASCII)  # a number between two strings
ESCAPED_IN = re.compile(r"[\\<\0]").search  # what makes a string stand for another
ESCAPE = re.compile(r"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "(": "(", ")": ")", "\\": "\\"}

# Operators that move no text: paths, colors, clipping, marked content.
PLAIN = (
    "m l c v y h re S s f F f* B B* b b* n W W* w J j M i g G rg RG k K sc SC scn SCN d0 d1"
    " ET EMC BX EX"
)
NAMED = "gs cs CS sc SC scn SCN ri sh BMC BDC MP DP"


@dataclass(slots=True)
class TextState:
    """The text state and the text matrix; `x` is how far on its line text has come."""

    glyphs: Glyphs | None = None
    size: float = 0.0
    charspace: float = 0.0
    wordspace: float = 0.0
    scaling: float = 100.0
    leading: float = 0.0
    rise: float = 0.0
    matrix: Matrix = MATRIX_IDENTITY
    x: float = 0.0


class Canvas:
    """What the content streams of a page share: the runs shown, the fonts, the matrix in force.

    After a form, pdfminer goes on with the matrix that was in force at the form's end.
    """

    def __init__(
        self, resources: PDFResourceManager, glyphs: dict[PDFFont, Glyphs], sheet: Sheet
    ) -> None:
        self.resources = resources
        self.sheet = sheet
        self.glyphs = glyphs
        self.ctm: Matrix = MATRIX_IDENTITY
        self.runs: list[Run] = []

    def glyphs_of(self, font: PDFFont) -> Glyphs:
        found = self.glyphs.get(font)
        if found is None:
            if font.is_vertical():
                raise Unsure("vertical text")
            found = self.glyphs[font] = Glyphs(font)
        return found


class Interpreter:
    """Runs the content streams of a page or of a form."""

    def __init__(
        self, canvas: Canvas, resources: dict[Any, Any], ctm: Matrix, inside: frozenset[int]
    ) -> None:
        named = PDFPageInterpreter(canvas.resources, PDFDevice(canvas.resources))
        named.init_resources(resources)
        self.canvas = canvas
        self.resources = resources
        self.fonts = named.fontmap
        self.forms = named.xobjmap
        self.inside = inside  # ids of the streams that this one is shown in
        self.ctm = canvas.ctm = ctm
        self.text = TextState()
        self.saved: list[tuple[Matrix, TextState]] = []
        self.by_operator: dict[str, Callable[[list[float]], None]] = {
            "q": self.save,
            "Q": self.restore,
            "cm": self.transform,
            "BT": self.begin_text,
            "Tm": self.set_matrix,
            "Td": self.move,
            "TD": self.move_and_lead,
            "T*": self.next_line,
            "Tc": self.set_charspace,
            "Tw": self.set_wordspace,
            "Tz": self.set_scaling,
            "TL": self.set_leading,
            "Ts": self.set_rise,
            "Tr": self.set_nothing,
        }

    def run(self, streams: Iterable[object]) -> None:
        found = [stream_value(one) for one in streams]
        # pdfminer passes over streams that stand in no object of their own.
        kept = [one for one in found if one.objid is not None and one.objid not in self.inside]
        self.inside |= {one.objid for one in kept if one.objid is not None}
        self.execute(joined([decoded(one) for one in kept]))

    def execute(self, content: str) -> None:
        by_operator, plain = self.by_operator, frozenset(PLAIN.split())
        for found in OPERATION.findall(content):
            numbers, operator, string, show, array, shown, name, operand, named, unknown = found
            if operator:
                if operator in plain:
                    continue
                if operator not in by_operator:
                    raise Unsure(f"the operator {operator[:8]}")
                by_operator[operator](list(map(float, numbers.split())))
            elif shown == "TJ":
                self.show_array(array)
            elif show:
                self.show_string(show, numbers.split(), string)
            elif named:
                self.named(named, name, operand)
            elif unknown:
                raise Unsure(f"a content stream with {unknown!r}")

    # -- graphics state ------------------------------------------------------------------------

    def save(self, operands: list[float]) -> None:
        del operands
        self.saved.append((self.ctm, replace(self.text)))

    def restore(self, operands: list[float]) -> None:
        del operands
        if self.saved:
            self.ctm, self.text = self.saved.pop()
            self.canvas.ctm = self.ctm

    def transform(self, operands: list[float]) -> None:
        self.ctm = self.canvas.ctm = mult_matrix(as_matrix(operands), self.ctm)

    # -- text state ----------------------------------------------------------------------------

    def begin_text(self, operands: list[float]) -> None:
        del operands
        self.text.matrix = MATRIX_IDENTITY
        self.text.x = 0.0

    def set_matrix(self, operands: list[float]) -> None:
        self.text.matrix = as_matrix(operands)
        self.text.x = 0.0

    def move(self, operands: list[float]) -> None:
        x, y = operands
        a, b, c, d, e, f = self.text.matrix
        self.text.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
        self.text.x = 0.0

    def move_and_lead(self, operands: list[float]) -> None:
        self.move(operands)
        self.text.leading = operands[1]

    def next_line(self, operands: list[float]) -> None:
        del operands
        a, b, c, d, e, f = self.text.matrix
        leading = self.text.leading
        self.text.matrix = (a, b, c, d, leading * c + e, leading * d + f)
        self.text.x = 0.0

    def set_charspace(self, operands: list[float]) -> None:
        (self.text.charspace,) = operands

    def set_wordspace(self, operands: list[float]) -> None:
        (self.text.wordspace,) = operands

    def set_scaling(self, operands: list[float]) -> None:
        (self.text.scaling,) = operands

    def set_leading(self, operands: list[float]) -> None:
        (leading,) = operands
        self.text.leading = -leading

    def set_rise(self, operands: list[float]) -> None:
        (self.text.rise,) = operands

    def set_nothing(self, operands: list[float]) -> None:
        """The rendering mode: what is not painted, as the words of an OCR layer, is text too."""

    def named(self, operator: str, name: str, operand: str) -> None:
        if operator == "Tf":
            self.text.size = float(operand)
            font = self.fonts.get(name[1:])
            if font is None:
                raise Unsure("a font that the page does not name")
            self.text.glyphs = self.canvas.glyphs_of(font)
        elif operator == "Do":
            self.show_form(name[1:])
        elif operator not in NAMED.split():
            raise Unsure(f"the operator {operator[:8]}")

    # -- showing -------------------------------------------------------------------------------

    def show_form(self, name: str) -> None:
        form = stream_value(self.forms.get(name))
        subtype = form.get("Subtype")
        if not isinstance(subtype, PSLiteral) or subtype.name != "Form" or "BBox" not in form:
            return
        if len(self.inside) >= DEEPEST_FORM:
            raise Unsure("forms deep inside each other")
        matrix = as_matrix(list_value(form.get("Matrix", MATRIX_IDENTITY)))
        own = form.get("Resources")
        resources = dict_value(own) if own else dict(self.resources)
        inner = Interpreter(self.canvas, resources, mult_matrix(matrix, self.ctm), self.inside)
        inner.run([form])

    def show_string(self, operator: str, numbers: Sequence[str], string: str) -> None:
        if operator == '"':
            self.text.wordspace, self.text.charspace = map(float, numbers)
        elif operator == "'":  # pdfminer takes no new line for the other one, so neither is here
            self.next_line([])
        if self.text.glyphs is not None:
            self.show(self.text.glyphs.codes(string_value(string)), ())

    def show_array(self, array: str) -> None:
        glyphs = self.text.glyphs
        if glyphs is None:
            return
        inner = array[1:-1].strip()
        if inner[:1] == "(" and inner[-1:] == ")" and not (glyphs.multibyte or ESCAPED_IN(inner)):
            parts = KERN.split(inner[1:-1])
            codes, numbers = MARK.join(parts[0::2]), parts[1::2]
            if "(" not in codes:
                self.show(codes, list(map(float, numbers)))
                return
        pieces = PIECE.findall(array)
        codes = "".join(
            [MARK if number else glyphs.codes(string_value(string)) for string, number in pieces]
        )
        self.show(codes, [float(number) for _, number in pieces if number])

    def show(self, codes: str, kerns: Sequence[float]) -> None:
        """Shows glyphs: `codes` with a MARK for each of `kerns`."""
        if not codes:
            return
        text = self.text
        assert text.glyphs is not None
        scaling = text.scaling * 0.01
        advances = text.glyphs.advances(text.size, scaling)
        kern_scale = 0.001 * text.size * scaling
        moves = [-(kern * kern_scale) for kern in kerns]
        charspace = text.charspace * scaling
        wordspace = 0.0 if text.glyphs.multibyte else text.wordspace * scaling
        if wordspace and " " in codes and text.glyphs.kinds[32] != SPACE:
            raise Unsure("word spacing behind a glyph")
        if charspace or (wordspace and " " in codes):
            starts = spaced_starts(codes, advances, moves, text.x, charspace, wordspace)
        else:
            move = iter(moves)
            steps = [next(move) if code == MARK else advances[code] for code in codes]
            starts = list(accumulate(steps, initial=text.x))
        matrix = mult_matrix(text.matrix, self.canvas.ctm)
        face = Face(
            text.glyphs,
            advances,
            text.size,
            charspace,
            min(charspace, 0.0) + min(wordspace, 0.0),
            text.rise,
        )
        self.canvas.runs.extend(cut_runs(codes, starts, moves, face, matrix, self.canvas.sheet))
        text.x = starts[-1]


def spaced_starts(
    codes: str,
    advances: Advances,
    moves: Sequence[float],
    x: float,
    charspace: float,
    wordspace: float,
) -> list[float]:
    """Where each glyph starts, and where the last one ends, with character and word spacing.

    A glyph takes three steps: the spacing before it (but not before the first), its advance,
    and the spacing behind a space. A move takes the first of them.
    """
    move = iter(moves)
    before = [next(move) if code == MARK else charspace for code in codes]
    if codes[0] != MARK:
        before[0] = 0.0
    steps = [0.0] * (3 * len(codes))
    steps[0::3] = before
    steps[1::3] = map(advances.__getitem__, codes)
    if wordspace:
        steps[2::3] = [wordspace if code == " " else 0.0 for code in codes]
    reached = list(accumulate(steps, initial=x))
    return [*reached[1::3], reached[-1]]


def as_matrix(numbers: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, numbers)
    return (a, b, c, d, e, f)


def string_value(written: str) -> str:
    """The bytes (as Latin-1) of a string as a content stream writes it."""
    if written[0] == "<":
        digits = "".join(written[1:-1].split())
        if len(digits) % 2:
            raise Unsure("an odd number of hexadecimal digits")
        return bytes.fromhex(digits).decode("latin-1")
    inner = written[1:-1]
    return ESCAPE.sub(unescaped, inner) if "\\" in inner else inner


def unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "01234567":
        code = int(escape, 8)
        if code > 0xFF:
            raise Unsure("an octal number that is no byte")
        return chr(code)
    return ESCAPED.get(escape, "")


def joined(parts: Sequence[bytes]) -> str:
    """The parts of a page's content as one stream; no token goes over the end of a part."""
    if sum(map(len, parts)) > LONGEST_STREAM:
        raise Unsure("a very long content stream")
    return b"\n".join(parts).decode("latin-1")


def decoded(stream: PDFStream) -> bytes:
    """The stream's data, which pdfminer would keep beside the stream for as long as the file."""
    raw = stream.rawdata
    data = stream.get_data()
    if raw is not None:
        stream.rawdata, stream.data = raw, None
    return data
