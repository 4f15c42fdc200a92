"""Guideline text → citations.

A side's text is cut into statements ("Decision based on …", "… based its decision on …"). In each
the guidelines known by name are found; between one and the next stand section and pages. Where
none is known the statement's own words are the guideline, with source "other".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .catalogue import BY_CHAPTER, GUIDELINES, Guideline
from .model import PageRange, Source
from .wording import loose


@dataclass(frozen=True, slots=True)
class Found:
    """A citation at text[start:end]."""

    start: int
    end: int
    source: Source
    guideline: str
    section: str | None
    pages: tuple[PageRange, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A guideline's name at [start, end); `guideline` None where only its kind is known."""

    start: int
    end: int
    source: Source
    name: str


OPENING = re.compile(
    loose(
        r"(?:the )?decision (?:was |is )?based (?:up)?on"
        r"|\bbased (?:its|his/her|his|her|their|the) (?:final )?decision (?:up)?on"
        r"|\b(?:relied|relies) (?:up)?on|\b(?:cited|cites|used|referenced)(?= the\b)"
    )
    + r"\s*:?\s*",
    re.IGNORECASE,
)
NEGATED = re.compile(r"\b(?:not|n[o’']t|no|never|nor|neither)\s*$", re.IGNORECASE)
CLOSING = re.compile(
    r",?\s*"
    + loose(r"(?:which|that) (?:is|are|was|were) (?P<no>not )?(?:a )?parts? of the MTUS")
    + r"\.?",
    re.IGNORECASE,
)
NON_MTUS = re.compile(loose(r"Non-? ?MTUS(?: Citations?)?") + r"\s*:?\s*", re.IGNORECASE)
OTHER = re.compile(
    loose(
        r"Other Medical Treatment Guidelines?(?: \( ?s ?\))?"
        r"(?: or Medical Evidence)?|Other Medical Evidence|Medical Evidence(?= ?:)"
    )
    + r"\s*[:,]?\s*",
    re.IGNORECASE,
)
MTUS = re.compile(r"(?<![\w-])MTUS\b\s*[:,]?\s*", re.IGNORECASE)
ACOEM = re.compile(
    loose(
        r"(?:the )?(?:American College of Occupational (?:and|&) Environmental Medicine"
        r"(?: ?\( ?ACOEM ?\))?|ACOEM)"
        r"(?: ?\( ?(?:2nd|3rd|Second|Third) Edition ?(?:,? \d{4})? ?\))?"
        r"(?: Occupational Medicine)?(?: Practice)?(?: Guidelines?)?"
        r"(?:,? (?:2nd|3rd|second|third) Edition)?(?: ?\( ?\d{4} ?\)|,? (?:19|20)\d\d)?"
    ),
    re.IGNORECASE,
)
CHAPTER = re.compile(r"\bChap(?:ter|\.)?\s*(\d{1,2})(?!\d)\s*[:,-]?\s*", re.IGNORECASE)
RANGE = r"\d{1,4}(?:\s*(?:-|–|—|‑|\bto\b|\bthrough\b)\s*\d{1,4})?(?:\s*of\s*\d{1,4})?"
LIST = rf"{RANGE}(?:\s*(?:,\s*and\b|,\s*&|,|;|&|\band\b)\s*{RANGE}(?![\w-]))*"
PAGES = re.compile(
    rf"[,;(]?\s*\b(?:pages?\s*(?:\(\s*s\s*\)|numbers?)?|pgs?|pp?)\s*[.:]?\s*:?\s*(?P<list>{LIST})\)?",
    re.IGNORECASE,
)
ONE_RANGE = re.compile(
    r"(\d{1,4})(?:\s*(?:-|–|—|‑|to|through)\s*(\d{1,4}))?(?:\s*of\s*\d{1,4})?", re.IGNORECASE
)
NO_SECTION = re.compile(
    r"\bSection\s*\(?\s*s?\s*\)?\s*:|(?<!\w)\(?(?:CA|California)?\s*8\s*C\.?\s*C\.?\s*R\.?\)?\s*§*\s*"
    r"[\d.]+\w?(?:\s*[-–]\s*[\d.]+)?\)?|\(\s*(?:19|20)\d\d\s*\)|\(\s*(?:effective|revised)[^)]*\)"
    r"|\(\s*(?:ODG|MTUS|ACOEM)\s*\)|,?\s*(?:2nd|3rd|second|third)\s+edition\b",
    re.IGNORECASE,
)
LEADING_YEAR = re.compile(r"^[\s,;:.(-]*(?:19|20)\d\d\b\)?")
TOPIC = re.compile(r"[\s,]*\btopics?\s*[.:]?\s*$", re.IGNORECASE)
JOINT = re.compile(r"(?:\s|,|;|\.|\band\b|&|\bthe\b|\bas well as\b|\balso\b)+$", re.IGNORECASE)
EDGE = " \t\n,;:.–—-"
SILENT = re.compile(
    loose(
        r"^(?:none|n/?a|not applicable|no(?:ne)? (?:guidelines?|citations?|evidence)"
        r"(?: (?:cited|given|provided|was cited|were cited))?)$"
    ),
    re.IGNORECASE,
)


def find_citations(text: str) -> tuple[Found, ...]:
    """The citations in the reflowed guideline text of one side of one issue, in order."""
    return tuple(found for start, end in statements(text) for found in read(text, start, end))


def statements(text: str) -> Iterator[tuple[int, int]]:
    """The stretches that cite: what follows each opening. Text without one cites by itself only
    when it names a known guideline, for sentences of silence name none but the MTUS."""
    openings = list(OPENING.finditer(text))
    if not openings:
        if any(name.name for name in known_names(text, 0, len(text))) and not denies(text):
            yield 0, len(text)
        return
    for opening, following in zip(openings, [*openings[1:], None], strict=True):
        if NEGATED.search(text[: opening.start()]):
            continue
        end = sentence_start(text, following.start()) if following else len(text)
        yield opening.end(), max(end, opening.end())


def denies(text: str) -> bool:
    return bool(re.search(r"\b(?:not|no|none|nor)\b", text, re.IGNORECASE))


def sentence_start(text: str, offset: int) -> int:
    """Where the sentence that holds the next opening begins: "The Claims Administrator based …"."""
    before = text[:offset]
    subject = re.search(
        r"(?:The\s+)?(?:Claims\s*Administrator|(?:Expert|Physician|Medical|Professional)\s*Reviewer"
        r"|MAXIMUS|He/she|They)(?:\s+(?:also|then|has|have))*\s*$",
        before,
        re.IGNORECASE,
    )
    return subject.start() if subject else offset


def read(text: str, start: int, end: int) -> Iterator[Found]:
    """One statement's citations, closing by closing where the sentence style has them."""
    at = start
    for closing in CLOSING.finditer(text, start, end):
        yield from read_part(text, at, closing.start(), "MTUS" if not closing["no"] else "not MTUS")
        at = closing.end()
    if text[at:end].strip(EDGE) and not (at > start and no_citation(text[at:end])):
        yield from read_part(text, at, end, "")


def no_citation(rest: str) -> bool:
    """What follows the last closing: prose, unless it names a guideline."""
    return not any(one.form.search(rest) for one in GUIDELINES) and not NON_MTUS.search(rest)


def read_part(text: str, start: int, end: int, status: str) -> Iterator[Found]:
    """Citations of a stretch; `status` says whether a closing called them part of the MTUS."""
    start, end = trim(text, start, end)
    if start >= end or SILENT.match(text[start:end].strip(EDGE)):
        return
    names = list(names_in(text, start, end, status))
    if not names:
        bare = re.sub(MTUS, "", text[start:end]).strip(EDGE + "()")
        if bare and not re.fullmatch(r"(?:the|guidelines?|citations?|\s)*", bare, re.IGNORECASE):
            name = own_words(text, start, end)
            yield name
        return
    for name, following in zip(names, [*names[1:], None], strict=True):
        stop = following.start if following else end
        yield citation(text, name, stop)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    lead = re.compile(r"(?:\s|[,;:.]|\band\b|\bthe\b|&)+", re.IGNORECASE).match(text, start, end)
    start = lead.end() if lead else start
    while end > start and text[end - 1] in " \n":
        end -= 1
    return start, end


def names_in(text: str, start: int, end: int, status: str) -> Iterator[Name]:
    """Guideline names with their lead-in ("MTUS ACOEM Chapter 12 Low Back Complaints"), in order.

    Once "Other Medical Treatment Guideline" has been said, all the rest is its own words.
    """
    other = OTHER.search(text, start, end)
    outside = NON_MTUS.search(text, start, other.start() if other else end)
    limit = end
    if other:
        lead = NON_MTUS.search(text, start, other.start())
        between = lead and not text[lead.end() : other.start()].strip(EDGE)
        limit = lead.start() if between else other.start()
    for name in known_names(text, start, limit):
        yield settle(name, text, outside.start() if outside else None, status)
    if other:
        yield Name(limit, other.end(), "other", "")


def settle(name: Name, text: str, outside: int | None, status: str) -> Name:
    """ACOEM chapters belong to the MTUS unless the letter cites them outside it."""
    if name.source != "MTUS":
        return name
    is_outside = status == "not MTUS" or (
        status == "" and outside is not None and outside <= name.end
    )
    if (
        not is_outside
        and status == ""
        and not MTUS.search(text, entry_start(text, name.start), name.end)
    ):
        is_outside = ACOEM.search(text, name.start, name.end) is not None
    from_acoem = ACOEM.search(text, name.start, name.end) or CHAPTER.search(
        text, name.start, name.end
    )
    if is_outside and from_acoem:
        return Name(name.start, name.end, "ACOEM", name.name)
    return name


def entry_start(text: str, at: int) -> int:
    """Where the sentence or list entry begins that holds this offset."""
    return max(text.rfind("; ", 0, at), text.rfind(". ", 0, at), -1) + 1


def known_names(text: str, start: int, end: int) -> list[Name]:
    """Names of the catalogue, widened by the words that lead in to them; longest wins."""
    found: list[Name] = []
    for guideline in GUIDELINES:
        for form in filter(None, (guideline.form, guideline.bare)):
            found.extend(
                Name(match.start(), match.end(), guideline.source, guideline.name)
                for match in form.finditer(text, start, end)
                if plausible(text, guideline, match, start)
            )
    found.extend(acoem_chapters(text, start, end))
    found.sort(key=lambda name: (name.start, -(name.end - name.start)))
    kept: list[Name] = []
    for name in found:
        if kept and name.start < kept[-1].end:
            if name.end > kept[-1].end and name.name == kept[-1].name:
                kept[-1] = Name(kept[-1].start, name.end, name.source, name.name)
            continue
        kept.append(name)
    wide = [widen(text, name, kept[i - 1].end if i else start) for i, name in enumerate(kept)]
    return without_topics(text, merge_same(text, wide))


def plausible(text: str, guideline: Guideline, match: re.Match[str], start: int) -> bool:
    """ "ODG" within another name, or a guideline's topic named like a guideline, doesn't count."""
    before = text[start : match.start()]
    if guideline.name in ("Opioids", "Formulary", "General Approaches", "Eye Complaints"):
        # These are common words too: at the head of a statement, after the MTUS or a chapter.
        return bool(re.search(r"(?:^|MTUS|ACOEM|Guidelines?|\d|and|,)[\s:,]*$", before, re.I))
    return True


def acoem_chapters(text: str, start: int, end: int) -> Iterator[Name]:
    """ "ACOEM … Chapter 12" names a chapter by its number alone; ACOEM without one is itself."""
    for match in ACOEM.finditer(text, start, end):
        chapter = CHAPTER.match(text, match.end() + len_of_gap(text, match.end()), end)
        if chapter and int(chapter[1]) in BY_CHAPTER:
            guideline = BY_CHAPTER[int(chapter[1])]
            named = guideline.form.match(text, chapter.end(), end)
            stop = named.end() if named else chapter.end()
            yield Name(match.start(), stop, "MTUS", guideline.name)
        elif not any(
            one.form.match(text, match.end() + len_of_gap(text, match.end()), end)
            for one in GUIDELINES
        ):
            yield Name(match.start(), match.end(), "ACOEM", "ACOEM Guidelines")
    for chapter in CHAPTER.finditer(text, start, end):
        guideline = BY_CHAPTER.get(int(chapter[1]))
        named = guideline and guideline.form.match(text, chapter.end(), end)
        if named:
            yield Name(chapter.start(), named.end(), "MTUS", guideline.name)


def len_of_gap(text: str, at: int) -> int:
    gap = re.compile(r"[\s,:;-]*").match(text, at)
    return gap.end() - at if gap else 0


def widen(text: str, name: Name, floor: int) -> Name:
    """The name with what leads in to it: "Non-MTUS Citation", "MTUS", "ACOEM", "Chapter 12"."""
    start = name.start
    while True:
        before = text[floor:start]
        lead = re.search(
            r"(?:Non-?\s*MTUS(?:\s*Citations?)?|(?<![\w-])MTUS|ACOEM(?:\s*Practice)?(?:\s*Guidelines?)?"
            r"|American College of Occupational (?:and|&) Environmental Medicine"
            r"(?:\s*\(\s*ACOEM\s*\))?(?:\s*(?:Practice\s*)?Guidelines?)?"
            r"(?:,?\s*(?:2nd|3rd)\s*Edition)?(?:,?\s*\(?\d{4}\)?)?"
            r"|Chapter\s*\d{1,2}|California|CA)\s*[:,]?\s*$",
            before,
            re.IGNORECASE,
        )
        if lead is None or not lead[0].strip():
            break
        start = floor + lead.start()
    return Name(start, name.end, name.source, name.name)


def merge_same(text: str, names: list[Name]) -> list[Name]:
    """One citation named twice in a row ("ACOEM Guidelines, Chapter 9 Shoulder Complaints") or a
    bare ACOEM before its chapter."""
    merged: list[Name] = []
    for name in names:
        last = merged[-1] if merged else None
        gap = text[last.end : name.start].strip(EDGE + "()") if last else "x"
        if (
            last
            and not gap
            and (last.name == name.name or last.name == "ACOEM Guidelines")
            and (name.source != "ODG" or last.source == "ODG")
        ):
            merged[-1] = Name(last.start, name.end, name.source, name.name)
        else:
            merged.append(name)
    return merged


def without_topics(text: str, names: list[Name]) -> list[Name]:
    """Without names that are the topic of the guideline before ("ODG, Low Back Complaints"): a
    citation of its own has its own lead-in, or follows pages or an "and"."""
    kept: list[Name] = []
    for name in names:
        between = text[kept[-1].end : name.start] if kept else ""
        if kept and not stands_alone(text, name, between, after_odg=kept[-1].source == "ODG"):
            continue
        kept.append(name)
    return kept


def stands_alone(text: str, name: Name, between: str, *, after_odg: bool) -> bool:
    if name.source == "ODG" or PAGES.search(between) or re.search(r"[.;]\s*$", between):
        return True
    own = text[name.start : name.end]
    if MTUS.search(own) or ACOEM.search(own):
        return True
    return not after_odg and bool(CHAPTER.search(own) or re.search(r"\band\b[\s,]*$", between))


def citation(text: str, name: Name, stop: int) -> Found:
    """A name with its section and pages, up to the next name."""
    if not name.name:
        return own_words(text, name.start, stop)
    rest = text[name.end : stop]
    end = name.end + len(rest[: len(rest) - len(joint(rest))])
    rest = text[name.end : end]
    pages, spots = read_pages(rest)
    section = read_section(rest, spots)
    return Found(name.start, end_of(text, name.start, end), name.source, name.name, section, pages)


def joint(rest: str) -> str:
    match = JOINT.search(rest)
    return match[0] if match else ""


def end_of(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in " \n,;":
        end -= 1
    return end


def read_pages(text: str) -> tuple[tuple[PageRange, ...], list[tuple[int, int]]]:
    """Page ranges as written, and where they stand. Years, tables and sections are none."""
    ranges: list[PageRange] = []
    spots: list[tuple[int, int]] = []
    for match in PAGES.finditer(text):
        spots.append(match.span())
        ranges.extend(page_range(one) for one in ONE_RANGE.finditer(match["list"]))
    return tuple(ranges), spots


def page_range(match: re.Match[str]) -> PageRange:
    first = int(match[1])
    if match[2] is None:
        return first, first
    last = int(match[2])
    if last < first and len(match[2]) < len(match[1]):  # "125-6" is 125-126
        last = int(match[1][: len(match[1]) - len(match[2])] + match[2])
    return (first, last) if last >= first else (first, first)


def read_section(rest: str, spots: list[tuple[int, int]]) -> str | None:
    """What stands beside the pages: the topic as written."""
    parts, at = [], 0
    for start, end in [*spots, (len(rest), len(rest))]:
        parts.append(rest[at:start])
        at = end
    kept = []
    for part in parts:
        part = (
            LEADING_YEAR.sub(" ", NO_SECTION.sub(" ", part))
            if not kept
            else NO_SECTION.sub(" ", part)
        )
        part = " ".join(part.split()).strip(EDGE)
        part = TOPIC.sub("", part).strip(EDGE)
        if part and part.lower() not in ("and", "the", "guidelines", "guideline", "citation"):
            kept.append(part)
    return balanced(", ".join(kept)) or None


def balanced(section: str) -> str:
    """Without a bracket that has lost its other half."""
    if section.count("(") != section.count(")"):
        if section.startswith((")", "(")):
            section = section[1:]
        elif section.endswith("("):
            section = section[:-1]
    return section.strip(EDGE)


def own_words(text: str, start: int, end: int) -> Found:
    """A guideline of no catalogue: its own words."""
    lead = re.compile(
        rf"(?:{NON_MTUS.pattern}|{OTHER.pattern}|{MTUS.pattern}|the\s+)*", re.IGNORECASE
    ).match(text, start, end)
    first = lead.end() if lead else start
    words = text[first:end].strip()
    pages, spots = read_pages(words)
    for spot in reversed(spots):
        if spot[1] >= len(words.rstrip(EDGE + ")")):
            words = words[: spot[0]]
    name = balanced(" ".join(words.split()).strip(EDGE)) or "Other medical treatment guideline"
    return Found(start, end_of(text, start, end), "other", name, None, pages)


PAGE_OF = re.compile(
    rf"\b(?:pages?|pp?\.|pgs?\.?)\s*(?P<list>{LIST})\s*(?:of|in|from)\s+(?:the\s+)?$", re.IGNORECASE
)


def find_mentions(text: str) -> tuple[Found, ...]:
    """Guidelines of the catalogue named in running text, with pages only where they adjoin."""
    mentions = []
    for name in known_names(text, 0, len(text)):
        start, end, pages = name.start, name.end, ()
        before = PAGE_OF.search(text[:start])
        after = PAGES.match(text, end)
        if before:
            pages = tuple(page_range(one) for one in ONE_RANGE.finditer(before["list"]))
            start = before.start()
        elif after:
            pages = tuple(page_range(one) for one in ONE_RANGE.finditer(after["list"]))
            end = after.end()
        name = settle(name, text, None, "" if MTUS.search(text[name.start : name.end]) else "MTUS")
        mentions.append(Found(start, end, name.source, name.name, None, pages))
    return tuple(mentions)
