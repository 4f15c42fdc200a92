"""What is found in a draft. Offsets count characters of the draft's text, ends exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cases.letters.model import PageRange, ReadError, Source

MOST_CHARACTERS = 200_000  # of a draft's text
# What the draft itself says becomes of a request; "" where it does not say.
Outcome = Literal["denied", "modified", "certified", ""]


@dataclass(frozen=True, slots=True)
class DraftFile:
    """The text of a draft that came as a file, or why there is none."""

    text: str = ""
    error: ReadError | None = None


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A treatment request, and the words text[start:end] that it was found in. `mentions` are the
    places where the draft speaks of it, that one included."""

    text: str
    start: int
    end: int
    outcome: Outcome = ""
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftCitation:
    """A guideline that the draft cites at text[start:end]. `shared` ones stand in a list of
    references, which is for all requests."""

    start: int
    end: int
    source: Source
    guideline: str
    edition: str | None
    section: str | None
    pages: tuple[PageRange, ...]
    raw: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks at text[start:end], in a sentence about a guideline."""

    start: int
    end: int
    words: str
