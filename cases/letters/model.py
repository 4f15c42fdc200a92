"""What stands between the steps from PDF to record. Frozen, plain, free of Django.

Distances are PDF points from the page's top left corner; pages count from 1 within the file;
character offsets count Unicode code points, ends exclusive.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
PageRange = tuple[int, int]  # first and last page of a guideline, both included

Status = Literal["found", "derived", "missing"]
Decision = Literal["upheld", "overturned", "partially_overturned"]
Source = Literal["MTUS", "ACOEM", "ODG", "other"]
Level = Literal["error", "warning"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the PDF reader saw it. `size` is the type's size in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    font: str = ""
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """All words of one page, in no promised order. This is all that a PDF reader must give."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page as stored: every word, a line of the page per line of the text."""

    number: int
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where words stand: characters [start, end) of the text of a page, one box per line."""

    page: int
    start: int
    end: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A value read from a letter.

    found: stands in the letter as such; derived: worked out from other words (which `spans`
    then mark); missing: the letter does not give it, and `value` is None (or empty).
    """

    value: T
    status: Status = "missing"
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference to a guideline by one side.

    `guideline` is the catalogue's canonical name, or the letter's own words with source "other".
    `edition` is the year printed behind the name of a chapter of the MTUS ("2004"). `raw` is the
    citation as written, reflowed; `spans` mark the same words on the pages.
    """

    source: Source
    guideline: str
    edition: str | None
    section: str | None
    pages: tuple[PageRange, ...]
    raw: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """One disputed treatment.

    `requested`, `authorized` and `in_dispute` are the three parts of a partial authorization, all
    missing where there is none. `retrospective` and `body_parts` are derived: their spans mark the
    words that say so. `category_rule` names the rule that chose category and subcategory.
    """

    position: int
    treatment_request: Field[str]
    requested: Field[str | None]
    authorized: Field[str | None]
    in_dispute: Field[str | None]
    retrospective: Field[bool]
    body_parts: Field[tuple[str, ...]]
    decision: Field[Decision | None]
    rationale: Field[str | None]
    category: str
    subcategory: str | None
    category_rule: str
    claims_guideline: Field[str | None]
    maximus_guideline: Field[str | None]
    claims_citations: tuple[Citation, ...]
    maximus_citations: tuple[Citation, ...]
    rationale_citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at. `issue` is the issue's position, None for the letter."""

    code: str
    field: str
    message: str
    level: Level = "warning"
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One determination. `format` is an era's name of DOMAIN, or "unknown"."""

    format: str
    first_page: int
    last_page: int
    case_number: Field[str | None]
    priority: Field[str | None]
    date_assigned: Field[dt.date | None]
    date_of_injury: Field[dt.date | None]
    decision_date: Field[dt.date | None]
    ur_denial_date: Field[dt.date | None]
    application_received: Field[dt.date | None]
    specialties: Field[tuple[str, ...]]
    licensed_states: Field[tuple[str, ...]]
    clinical_summary: Field[str | None]
    issues: tuple[Issue, ...]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadError:
    """Why a file gave no letter. `code` is one of the contract's; `message` says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one PDF gave: its pages' text, its letters, or why there are none."""

    pages: tuple[PageText, ...] = ()
    letters: tuple[Letter, ...] = ()
    error: ReadError | None = None
    page_count: int | None = None
