"""A seed and a number → a made-up Letter, always the same. Pure: no database, no Django.

What can be worked out is worked out as for real letters: the guidelines' names by the catalogue,
the category by its rules, the flags by the checks.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeVar

from cases.letters.checks import with_flags
from cases.letters.citations.find import find_citations
from cases.letters.citations.locators import range_in_words
from cases.letters.model import Citation, Decision, Field, Issue, Letter, PageRange
from cases.letters.record import PARTIAL
from cases.letters.requests.coding import code_request
from cases.synthetic.phrases import Phrase, capitalize_sentence, vocabulary

T = TypeVar("T")

FOLDER = Path(__file__).parent
WORDS = tomllib.loads((FOLDER / "prose.toml").read_text())
ASKED = tomllib.loads((FOLDER / "treatments.toml").read_text())
GUIDELINES = ASKED["guideline"]
CATEGORIES = ASKED["category"]
SHARES = tuple(accumulate(category["share"] for category in CATEGORIES))
REQUESTS = vocabulary(
    ASKED["words"] | {category["name"]: category["requests"] for category in CATEGORIES}
)
LISTS = {name: WORDS.pop(name) for name in ("specialties", "states")}
PROSE = vocabulary(WORDS)

FIRST_DAY, DAYS = dt.date(2013, 7, 1), 1640  # decisions from mid 2013 to the end of 2017
FIRST_NUMBER = 5_000_000  # real case numbers stay far below
COURSES = {
    "rehabilitation": (
        "Physical therapy for the lumbar spine",
        "Physical therapy for the right shoulder",
        "Acupuncture for the cervical spine",
        "Chiropractic treatment for the low back",
        "Occupational therapy for the left hand",
    ),
    "psychological": ("Individual psychotherapy", "Cognitive behavioral therapy"),
}
CLAIMS_SILENT = "The Claims Administrator did not cite any medical evidence for its decision."
MAXIMUS_SILENT = "The Expert Reviewer did not base their decision on the MTUS."


@dataclass(slots=True)
class Voice:
    """One letter's words: the phrases know its dates, and each issue's request."""

    rng: Random
    injury: str = ""
    denial: str = ""
    it: str = ""

    def say(self, name: str) -> str:
        words = PROSE[name](self.rng)
        if "\x00" in words:
            words = words.replace("\x00injury", self.injury).replace("\x00denial", self.denial)
            words = words.replace("\x00it", self.it)
        return capitalize_sentence(words)

    def sentences(self, name: str, count: int) -> str:
        said: dict[str, None] = {}
        while len(said) < count:
            said[self.say(name)] = None
        return " ".join(said)


def placeholder(name: str) -> Phrase:
    return lambda rng: f"\x00{name}"


PROSE |= {name: placeholder(name) for name in ("injury", "denial", "it")}


def make_letter(seed: int, number: int) -> Letter:
    rng = Random(f"{seed}:{number}")
    dates = make_dates(rng)
    told = dates["ur_denial_date"]
    if rng.random() < 0.05:  # the letter contradicts itself
        told -= dt.timedelta(days=rng.randint(1, 9))
    voice = Voice(rng, format_date(dates["date_of_injury"]), format_date(told))
    decided = dates["decision_date"]
    count = 1 + (rng.random() < 0.3) + (rng.random() < 0.15) + (rng.random() < 0.08)
    issues = tuple(make_issue(voice, position, decided.year) for position in range(1, count + 1))
    voice.it = issues[0].treatment_request.value
    summary = f"{voice.say('openings')} {voice.say('denials')} " + voice.sentences(
        "history", rng.randint(3, 9)
    )
    specialty = rng.choice(LISTS["specialties"])
    priority = "Expedited" if rng.random() < 0.03 else "Standard"
    form = format_of(decided, rng)
    letter = Letter(
        format=form,
        first_page=1,
        last_page=rng.randint(2, 5),
        case_number=found(case_number(decided, number)),
        priority=Field(None) if form == "notice-2013" else found(priority),
        date_of_injury=found(dates["date_of_injury"]),
        ur_denial_date=found(dates["ur_denial_date"]),
        application_received=found(dates["application_received"]),
        date_assigned=found(dates["date_assigned"]),
        decision_date=found(dates["decision_date"]),
        specialties=found((specialty,)),
        licensed_states=found((rng.choice(LISTS["states"]),)),
        clinical_summary=found(summary),
        issues=issues,
    )
    if rng.random() < 0.01:  # something was not to be found
        letter = replace(letter, application_received=Field(None))
    return with_flags(letter)


def make_letters(seed: int, numbers: range) -> list[Letter]:
    return [make_letter(seed, number) for number in numbers]


def case_number(decided: dt.date, number: int) -> str:
    return f"CM{decided.year % 100}-{(FIRST_NUMBER + number) % 10_000_000:07d}"


def found(value: T) -> Field[T]:
    return Field(value, "found")


def part(text: str) -> Field[str | None]:
    """A part of a request; "" where the letter has none."""
    return Field(text, "found") if text else Field(None)


def format_date(day: dt.date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


MONTHS = WORDS["month"]


def make_dates(rng: Random) -> dict[str, dt.date]:
    decided = FIRST_DAY + dt.timedelta(days=int(rng.random() * DAYS))
    assigned = decided - dt.timedelta(days=rng.randint(20, 60))
    received = assigned - dt.timedelta(days=rng.randint(4, 20))
    denied = received - dt.timedelta(days=rng.randint(5, 28))
    injured = denied - dt.timedelta(days=rng.randint(60, 3000))
    return {
        "date_of_injury": injured,
        "ur_denial_date": denied,
        "application_received": received,
        "date_assigned": assigned,
        "decision_date": decided,
    }


def format_of(decided: dt.date, rng: Random) -> str:
    if decided.year == 2013:
        return "notice-2013" if rng.random() < 0.7 else "final-2014"
    if decided.year == 2014:
        return "final-2014" if rng.random() < 0.7 else "final-2015"
    return "final-2015" if decided.year == 2015 else "final-2016"


def make_issue(voice: Voice, position: int, year: int) -> Issue:
    rng = voice.rng
    kind = pick_category(rng)
    asked = make_request(rng, kind["name"])
    request = asked.disputed
    voice.it = request
    decision: Decision = "overturned" if rng.random() < kind["overturned"] else "upheld"
    claims, maximus = make_sides(rng, kind["guidelines"], year)
    concluded = decision
    if rng.random() < 0.005:  # the rationale concludes otherwise
        concluded = "upheld" if decision == "overturned" else "overturned"
    rationale = f"{voice.sentences('reasoning', rng.randint(2, 7))} {voice.say(concluded)}"
    mentioned: tuple[Citation, ...] = ()
    if maximus and rng.random() < 0.2:
        mentioned = (replace(maximus[0], pages=()),)
        rationale = f"As noted in the {maximus[0].guideline}, criteria apply. {rationale}"
    coding = code_request(asked.printed)
    return Issue(
        position=position,
        treatment_request=found(asked.printed),
        **{name: part(text) for name, text in asked.parts.items()},
        retrospective=Field(True, "derived") if coding.retrospective else Field(False),
        body_parts=Field(coding.body_parts, "derived" if coding.body_parts else "missing"),
        decision=Field(None) if rng.random() < 0.004 else found(decision),
        rationale=found(rationale),
        category=coding.category,
        subcategory=coding.subcategory or None,
        category_rule=coding.rule,
        claims_guideline=found(statement(claims) or CLAIMS_SILENT),
        maximus_guideline=found(statement(maximus) or MAXIMUS_SILENT),
        claims_citations=claims,
        maximus_citations=maximus,
        rationale_citations=mentioned,
    )


@dataclass(frozen=True, slots=True)
class Request:
    """`printed` is the whole of it, `disputed` the part that is decided on."""

    printed: str
    disputed: str
    parts: dict[str, str]


def make_request(rng: Random, category: str) -> Request:
    """Some courses of therapy were authorized in part."""
    whole = capitalize_sentence(REQUESTS[category](rng))
    if category not in COURSES or rng.random() >= 0.2:
        return Request(whole, whole, dict.fromkeys(PARTIAL, ""))
    course, count = rng.choice(COURSES[category]), rng.choice((6, 8, 12, 18, 24))
    given = rng.choice([number for number in (2, 4, 6, 12) if number < count])
    requested, authorized, left = (
        f"{course}, {number} sessions" for number in (count, given, count - given)
    )
    printed = (
        f"{requested} was the original request. {authorized} was authorized by the Claims"
        f" Administrator. The remaining IMR eligible portion of the original request, {left}"
    )
    return Request(printed, left, dict(zip(PARTIAL, (requested, authorized, left), strict=True)))


def pick_category(rng: Random) -> dict:
    spot = rng.random()
    return next(c for c, upto in zip(CATEGORIES, SHARES, strict=True) if spot < upto)


def make_sides(
    rng: Random, fitting: list[int], year: int
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """About half the time MAXIMUS begins with the guideline that the claims administrator cited."""
    claims, maximus = [], []
    if rng.random() >= 0.12:
        claims = [cite(rng, rng.choice(fitting), year) for _ in range(1 + (rng.random() < 0.4))]
    if rng.random() >= 0.04:
        if claims and rng.random() < 0.55:
            maximus.append(claims[0] if rng.random() < 0.5 else with_other_pages(rng, claims[0]))
        while not maximus or rng.random() < 0.25:
            maximus.append(cite(rng, rng.choice(fitting), year))
    return tuple(claims), tuple(maximus)


def cite(rng: Random, number: int, year: int) -> Citation:
    entry = GUIDELINES[number - 1]
    section = rng.choice(entry["sections"])
    evidence = rng.choice(entry["evidence"]) if "evidence" in entry else ""
    edition = rng.choice(entry["editions"]) if year >= 2016 and "editions" in entry else ""
    written = f"{entry['chapter']} {edition}" if edition else entry["written"]
    rest = f"Section(s): {section}" if edition and section else section or evidence
    citation = parse_citation(written, rest)
    if year < 2016 and "pages" in entry and rng.random() < 0.75:
        return with_pages(citation, some_pages(rng, *entry["pages"]))
    return citation


@lru_cache(maxsize=1024)
def parse_citation(name: str, rest: str) -> Citation:
    """The citation that the reader of letters makes of these words."""
    gap = " " if not rest or name.endswith(":") else ", "
    raw = f"Decision based on {name}{gap}{rest}".strip()
    [one] = find_citations(raw + ".")
    return Citation(one.source, one.guideline, one.edition, one.section, one.pages, raw)


def some_pages(rng: Random, first: int, last: int) -> PageRange:
    low = first + int(rng.random() * (last - first + 1))
    return low, min(last, low + (rng.randint(1, 4) if rng.random() < 0.5 else 0))


def with_pages(citation: Citation, pages: PageRange) -> Citation:
    return replace(
        citation, pages=(pages,), raw=f"{citation.raw} Page(s): {range_in_words(*pages)}"
    )


def with_other_pages(rng: Random, citation: Citation) -> Citation:
    if not citation.pages:
        return citation
    low, _ = citation.pages[0]
    bare = replace(citation, raw=citation.raw.split(" Page(s):")[0])
    return with_pages(bare, (low, low))


def statement(citations: tuple[Citation, ...]) -> str:
    return " ".join(f"{citation.raw}." for citation in citations)
