"""Which characters of a page are words of the letter, and where words part."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from statistics import median

# A gap wider than this share of the type size parts two words, in text set word by word without
# space characters too: a space is about a quarter of the size, loose letter spacing under a tenth.
WORD_GAP = 0.15
# Points within which a character is struck again to look bold, and the share of its own width.
STRIKE = 1.5
STRIKE_SHARE = 0.45
SLANT = 0.2  # rise a point of run; a watermark is set at 30 degrees or more
WATERMARK_SIZE = 30.0  # points; no heading of a letter is as large
WATERMARK_TIMES = 3.0


def readable(text: str) -> str:
    """Composed, without NULs; a code that a simple font leaves unused is its bullet (PDF 1.7, D.2),
    which pdfminer only numbers."""
    return unicodedata.normalize("NFC", text).replace("\x00", "").replace("(cid:127)", "•")


def largest_size(sizes: Iterable[float]) -> float:
    """The largest type that is the letter's, from the sizes of all level characters."""
    return max(WATERMARK_SIZE, WATERMARK_TIMES * median(sizes))


def is_level(matrix: Sequence[float]) -> bool:
    """Does the text run from left to right, up to the slant of a page scanned askew?"""
    a, b, *_ = matrix
    return a > 0 and abs(b) < SLANT * a
