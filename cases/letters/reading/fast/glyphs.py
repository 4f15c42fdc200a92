"""The glyphs of a PDF's fonts as pdfminer sees them, worked out once for each character code.

Text shown on a page is handled as strings of character codes (`chr(code)`), with MARK where a
number in the array of `TJ` moves the next glyph. Three tables turn such a string into what is
asked of it at once: what kind of glyph each is, its text, and how far it advances.
"""

from __future__ import annotations

from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}

MARK = "\0"
ZERO = "\U0010ffff"  # stands for the code 0, that MARK takes

# Kinds of glyphs, one character each, so that a string of kinds can be searched for words.
GLYPH, EMPTY, SPACE, UNSURE, MOVE = "x", "o", " ", "!", "."


class Kinds(dict[int, str]):
    """Code → kind. A glyph without width is EMPTY; one without text, or that moves the next one
    back, is UNSURE: how words are read from such is left to the reference reader."""

    def __init__(self, font: PDFFont) -> None:
        super().__init__({ord(MARK): MOVE})
        self.font = font

    def __missing__(self, code: int) -> str:
        text = glyph_text(self.font, code)
        width = glyph_width(self.font, code)
        if text.isspace():
            kind = SPACE
        elif text.split() != [text] or width < 0:
            kind = UNSURE
        else:
            kind = GLYPH if width else EMPTY
        self[code] = kind
        return kind


class Texts(dict[int, str]):
    """Code → text; ligatures as their letters."""

    def __init__(self, font: PDFFont) -> None:
        super().__init__({ord(MARK): MARK})
        self.font = font

    def __missing__(self, code: int) -> str:
        text = glyph_text(self.font, code)
        self[code] = text = LIGATURES.get(text, text)
        return text


class Advances(dict[str, float]):
    """Character (`chr(code)`) → how far its glyph moves the next one, before spacing."""

    def __init__(self, font: PDFFont, size: float, scaling: float) -> None:
        super().__init__({MARK: 0.0})
        self.font = font
        self.size = size
        self.scaling = scaling
        self.narrowest = float("inf")  # of the glyphs met so far

    def __missing__(self, char: str) -> float:
        advance = glyph_width(self.font, ord(char)) * self.size * self.scaling
        if advance > 0:
            self.narrowest = min(self.narrowest, advance)
        self[char] = advance
        return advance


class Glyphs:
    """The tables of one font."""

    def __init__(self, font: PDFFont) -> None:
        self.font = font
        self.kinds = Kinds(font)
        self.texts = Texts(font)
        self.multibyte = font.is_multibyte()
        self._advances: dict[tuple[float, float], Advances] = {}

    def advances(self, size: float, scaling: float) -> Advances:
        found = self._advances.get((size, scaling))
        if found is None:
            found = self._advances[size, scaling] = Advances(self.font, size, scaling)
        return found

    def codes(self, data: str) -> str:
        """The character codes of a string of the content stream (bytes read as Latin-1)."""
        codes = (
            "".join(map(chr, self.font.decode(data.encode("latin-1")))) if self.multibyte else data
        )
        return codes.replace(MARK, ZERO) if MARK in codes else codes


def glyph_width(font: PDFFont, code: int) -> float:
    return font.char_width(0 if code == ord(ZERO) else code)


def glyph_text(font: PDFFont, code: int) -> str:
    code = 0 if code == ord(ZERO) else code
    try:
        return font.to_unichr(code)
    except PDFUnicodeNotDefined:
        return f"(cid:{code})"
