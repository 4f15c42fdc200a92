"""Where the words of a fixed pool stand: every text of the tables is read once.

A term is a word (`opioids`), the beginning of one (`inject*`) or a phrase (`"work conditioning"`).
Words are compared without case and without accents.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache

import numpy as np

from .truth import LISTS, Truth, as_list

WORDS, PREFIXES = LISTS["terms"]["words"].split(), LISTS["terms"]["prefixes"].split()
PHRASES = LISTS["terms"]["phrases"]
TERMS = {
    **{word: f" {word} " for word in WORDS},
    **{f"{prefix}*": f" {prefix}" for prefix in PREFIXES},
    **{f'"{phrase}"': f" {phrase} " for phrase in PHRASES},
}
LISTED = ("cases.specialties", "cases.licensed_states")
SEPARATORS = re.compile(r"[\W_]+")


def spaced(text: str) -> str:
    """The words of a text with one space before and after each."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(one for one in parts if not unicodedata.combining(one))
    return f" {SEPARATORS.sub(' ', text.lower()).strip()} "


def terms_in(text: str) -> tuple[str, ...]:
    words = spaced(text)
    return tuple(term for term, needle in TERMS.items() if needle in words)


class Terms:
    """By field and term, the rows whose text has it."""

    def __init__(self, truth: Truth):
        self.truth = truth
        self.packed = {field: self.read(field, sql) for field, sql in LISTS["fields"].items()}

    def read(self, field: str, sql: str) -> dict[str, np.ndarray]:
        table, keys = field.split(".")[0], {term: array("q") for term in TERMS}
        look = lru_cache(20_000)(terms_in)  # requests and citations say the same again and again
        for key, text in self.truth.select(sql):
            for one in as_list(text) if field in LISTED else (text,):
                for term in look(one):
                    keys[term].append(key)
        known = self.truth.columns[table, "id"]
        return {
            term: np.packbits(self.truth.selection(table, np.searchsorted(known, found)))
            for term, found in keys.items()
        }

    def rows(self, field: str, term: str) -> np.ndarray:
        length = self.truth.length(field.split(".")[0])
        return np.unpackbits(self.packed[field][term], count=length).astype(bool)
