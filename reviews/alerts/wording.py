"""The words of a mail: what stands in it, in which order. No database in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MOST_LINES = 200  # of one section; the rest are counted
TITLES = {
    "mention": "Mentions of you",
    "assignment": "Reviews assigned to you",
    "deadline": "Deadlines of letters that you uploaded",
    "all_deadlines": "Deadlines of all letters",
    "overdue": "Deadlines for leads",
    "batch": "Uploads with failures",
    "view": "Saved views",
}
ONE, MANY = (
    {
        "mention": "mention",
        "assignment": "review to read",
        "deadline": "deadline",
        "all_deadlines": "deadline",
        "overdue": "deadline",
        "batch": "upload with failures",
        "view": "saved view with new rows",
    },
    {
        "mention": "mentions",
        "assignment": "reviews to read",
        "deadline": "deadlines",
        "all_deadlines": "deadlines",
        "overdue": "deadlines",
        "batch": "uploads with failures",
        "view": "saved views with new rows",
    },
)
# Where the rest of a section is to be found.
PLACES = {
    "mention": "/",
    "assignment": "/",
    "deadline": "/obligations/",
    "all_deadlines": "/obligations/",
    "overdue": "/obligations/",
    "batch": "/batches/",
    "view": "/notifications/",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, where to read it, and more of it beneath."""

    words: str
    address: str
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]
    more: int  # that have no line
    place: str  # where these are
    off: str  # the address that turns this kind off


@dataclass(frozen=True, slots=True)
class MailWords:
    subject: str
    sections: tuple[Section, ...]
    choices: str  # the address of the page on which the person chooses
    site: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, as far as its words go."""

    kind: str
    facts: dict[str, Any]


def words_of_mail(
    told: Sequence[Told], *, link: Callable[[str], str], off: Callable[[str], str]
) -> MailWords:
    """`link` makes an address of a path, `off` that which turns a kind off."""
    kinds = [kind for kind in TITLES if any(one.kind == kind for one in told)]
    sections = tuple(
        section_of(kind, [one for one in told if one.kind == kind], link=link, off=off(kind))
        for kind in kinds
    )
    return MailWords(subject_of(told), sections, link("/notifications/"), link("/"))


def section_of(kind: str, told: Sequence[Told], *, link: Callable[[str], str], off: str) -> Section:
    lines = tuple(
        Line(one.facts["words"], link(one.facts["path"]), tuple(under_line(one.facts)))
        for one in told[:MOST_LINES]
    )
    more = max(0, len(told) - MOST_LINES)
    return Section(TITLES[kind], lines, more, link(PLACES[kind]), off)


def under_line(facts: dict[str, Any]) -> Iterable[str]:
    """Of a saved view: the cases with the words that they were found by, and the filters."""
    for number, words in facts.get("cases", ()):
        yield f"{number}: {', '.join(words)}" if words else number
    if filters := facts.get("filters"):
        yield f"Filters: {', '.join(filters)}"


def subject_of(told: Sequence[Told]) -> str:
    """The one thing itself, or how many there are of each kind."""
    if len(told) == 1 and told[0].kind != "view":
        return str(told[0].facts["words"])
    counts: dict[tuple[str, str], int] = {}
    for one in told:
        words = ONE[one.kind], MANY[one.kind]
        counts[words] = counts.get(words, 0) + 1
    parts = [f"{number:,} {one if number == 1 else many}" for (one, many), number in counts.items()]
    return "IMR: " + ", ".join(parts)
