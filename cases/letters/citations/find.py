"""Guideline text → citations.

A side's text is cut into statements ("Decision based on …", "… based its decision on …"). In each
the guidelines known by name are found; between one and the next stand section and pages. Where
none is known the statement's own words are the guideline, with source "other".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cases.letters.citations.chapters import find_dated
from cases.letters.citations.locators import EDGE, PAGES, balance_brackets, read_pages, read_section
from cases.letters.citations.wording import loose_pattern
from cases.letters.header.names import Name, by_closing, find_names
from cases.letters.model import PageRange, Source


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A citation at text[start:end]."""

    start: int
    end: int
    source: Source
    guideline: str
    edition: str | None
    section: str | None
    pages: tuple[PageRange, ...]


OPENING = re.compile(
    loose_pattern(
        r"(?:the )?decision (?:was |is )?based (?:up)?on"
        r"|\bbased (?:its|his ?/ ?her|his|her|their|the) (?:final )?decision (?:up)?on"
        r"|\b(?:relied|relies) (?:up)?on|\b(?:cited|cites|used|referenced)(?= the\b)"
    )
    + r"\s*:?\s*",
    re.IGNORECASE,
)
NEGATED = re.compile(r"\b(?:not|n[o’']t|no|never|nor|neither)\s*$", re.IGNORECASE)
SUBJECT = re.compile(
    r"(?:The\s+)?(?:Claims\s*Administrator|(?:Expert|Physician|Medical|Professional)\s*Reviewer"
    r"|MAXIMUS|He/she|They)(?:\s+(?:also|then|has|have)){0,3}\s*$",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r",?\s*"
    + loose_pattern(
        r"(?:which|that) (?:is|are|was|were) (?P<no>not )?(?:a )?parts?"
        r" of (?:the )?(?:California |CA )?MTUS"
    )
    + r"\.?",
    re.IGNORECASE,
)
JOINT = re.compile(
    r"(?:\s|,|;|\.|\band\b|&|\bthe\b|\bas well as\b|\balso\b|\bplus\b|\b(?:up)?on\b)+",
    re.IGNORECASE,
)
TRAILING_JOINT = re.compile(rf"{JOINT.pattern}$", re.IGNORECASE)
# Words that tell of a want of guidelines, or of grounds that are none.
SILENT = re.compile(
    r"^\W*(?:none\b|n/?a\b|not\b|no\b|any\b|nothing\b|unknown\b|unspecified\b"
    r"|(?:an?\s+|the\s+)?(?:lack|absence|insufficien\w*|inadequa\w*)\b)",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(?:not|no|none|nor|silent|neither|cannot)\b", re.IGNORECASE)
# A new sentence, unless it only goes on with pages, a table or a section.
SENTENCE_END = re.compile(
    r"(?<![A-Z]\.[A-Z])(?<!\b[A-Z])(?<![\s:,(]\d)(?<![\s:,(]\d\d)[.]\s+(?=[A-Z]|https?:|www\.)(?!(?:pages?|pgs?|pp?\.|tables?|sections?|chapters?|topics?)\b)",
)
GOES_ON = re.compile(r"(?:[&,/-]|\b(?:and|or|of|the|for|to|in|with))\s*$", re.IGNORECASE)
ENTRY_START = re.compile(r"[A-Z\"“(]|\d+\s[A-Z]|https?:|www\.")
ENTRY_END = re.compile(rf"{SENTENCE_END.pattern}|\s(?=https?://|www\.)")
# Names that works of no catalogue begin with, where only a comma or an "and" stands before them.
WORK = (
    r"(?:(?:https?://|www\.)(?!\S*(?:odg|worklossdata))|UpToDate|MedlinePlus|Medline|PubMed"
    r"|Medscape|WebMD|RxList|Drugs\.com|Epocrates|Cochrane|PDR\b|FDA\b|CMS\b|AAOS\b|AMA\b|JAMA\b"
    r"|BMJ\b|Physicians?[’']?s?[’']? Desk Reference|Food and Drug Administration|Medicare"
    r"|Centers for (?:Medicare|Disease)|Aetna|Cigna|Blue Cross|Anthem|Wheeless"
    r"|Goodman and Gilman|Mosby|Campbell[’']?s|Mayo Clinic|Merck Manual|StatPearls"
    r"|(?:California )?Labor Code|American (?!College of Occupational)(?:Academy|Association"
    r"|College|Society|Heart|Pain|Medical|Diabetes|Family)|National (?:Institutes?|Library"
    r"|Guidelines?|Center|Heart|Cancer|Sleep)|World Health|Washington State|Colorado Division"
    r"|New York Workers|U\.?S\.? (?:Food|National|Preventive)|(?:The )?Lancet"
    r"|N(?:ew)? Engl(?:and)? J)"
)
PART_END = re.compile(rf";\s+|{SENTENCE_END.pattern}")
WORK_START = re.compile(
    rf"{PART_END.pattern}|(?:,\s*|\s)(?:and\s+|as\s+well\s+as\s+|&\s+)?(?={WORK})"
)
SOURCE = re.compile(
    rf"{WORK}|(?i:\b(?:guidelines?|journal|label|textbook|et\s+al|press|abstract)\b)"
)
VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|should|would|may|might|will"
    r"|shall|must|recommends?|supports?|applies|because|since|I|[Ww]e)\b"
)
# Words that no topic of a chapter begins with: they lead to a work of its own.
LEADS_ON = re.compile(
    r"\b(?:MTUS|ACOEM|ODG|American\s+College|Official\s*Disability|Other\s*Medical)\b",
    re.IGNORECASE,
)
# "… based their decision on recommendation(s) outside of the MTUS Guidelines." is no citation.
OUTSIDE = re.compile(
    r"\s*(?:a\s+)?recommendations?\s*(?:\(\s*s\s*\))?\s+outside\s+(?:of\s+)?(?:the\s+)?MTUS"
    r"(?:\s*\w+delin\w*)?\s*\.?\s*",
    re.IGNORECASE,
)
YEAR_BEHIND = re.compile(r"\s*\(?((?:19|20)\d\d)\)?(?![\d/-])")
NEAR = 20  # characters
LONGEST_SUBJECT = 80
LONGEST_ENTRY = 40  # words
LEAD_IN = re.compile(
    r"^\W*(?:the\s+)?(?:Non\s?-?\s*MTUS(?:\s*Citations?)?|MTUS)\b[\s:,]*", re.IGNORECASE
)
NO_NAME = re.compile(r"(?:the|guidelines?|citations?|MTUS|California|\s|[()\[\],.:;])*", re.I)


@lru_cache(maxsize=256)  # the two sides often cite alike, and one side does issue after issue
def find_citations(text: str) -> tuple[FoundCitation, ...]:
    """The citations in the reflowed guideline text of one side of one issue, in order."""
    return tuple(
        found for start, end in find_statements(text) for found in read_statement(text, start, end)
    )


def find_entries(text: str, starts: Sequence[int]) -> tuple[FoundCitation, ...]:
    """Those of a bare list: `starts` says where its lines begin anew."""
    if OPENING.search(text):
        return find_citations(text)
    found: list[FoundCitation] = []
    for start, end in entries(text, starts):
        if find_names(text, start, end):
            if not denies_citation(text[start:end]):
                found.extend(read_part(text, start, end, None))
        elif is_reference(text[start:end]):
            found.append(own_words(text, start, end))
    return tuple(found)


def entries(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """An entry goes to the next line that begins anew. Within a line sentences are entries of
    their own where a guideline known by name is in one of them; a journal's title, authors and
    volume are sentences, too, and are not."""
    lines = [0, *sorted(at for at in set(starts) if at > 0 and begins_entry(text, at)), len(text)]
    for first, last in itertools.pairwise(lines):
        edges = [first, *(m.end() for m in ENTRY_END.finditer(text, first, last)), last]
        parts = list(itertools.pairwise(edges))
        start = first
        for part, following in itertools.pairwise(parts):
            if find_names(text, *part) or find_names(text, *following):
                yield start, part[1]
                start = following[0]
        yield start, last


def begins_entry(text: str, at: int) -> bool:
    if GOES_ON.search(text[max(0, at - NEAR) : at]) or PAGES.match(text, at):
        return False
    return ENTRY_START.match(text, at) is not None


def is_reference(entry: str) -> bool:
    words = entry.split()
    return (
        2 <= len(words) <= LONGEST_ENTRY
        and not VERB.search(entry)
        and not SILENT.match(entry)
        and not NO_NAME.fullmatch(entry)
    ) or entry.strip().startswith(("http", "www."))


def find_statements(text: str) -> Iterator[tuple[int, int]]:
    """The stretches that cite: what follows each opening. Text without one cites by itself only
    when it names a known guideline, for sentences of silence name none but the MTUS."""
    openings = list(OPENING.finditer(text))
    if not openings:
        if not denies_citation(text) and find_names(text, 0, len(text)):
            yield 0, len(text)
        return
    for opening, following in itertools.zip_longest(openings, openings[1:]):
        if NEGATED.search(text[max(0, opening.start() - NEAR) : opening.start()]):
            continue
        end = sentence_start(text, following.start()) if following else len(text)
        outside = OUTSIDE.match(text, opening.end())
        start = outside.end() if outside else opening.end()
        if start < end or not outside:
            yield start, max(end, start)


def denies_citation(text: str) -> bool:
    return DENIAL.search(re.sub(r"(?i)non-?\s?MTUS", "", text)) is not None


def sentence_start(text: str, offset: int) -> int:
    """Where the sentence that holds the next opening begins: "The Claims Administrator based …"."""
    first = max(0, offset - LONGEST_SUBJECT)
    subject = SUBJECT.search(text[first:offset])
    return first + subject.start() if subject else offset


def read_statement(text: str, start: int, end: int) -> Iterator[FoundCitation]:
    """One statement's citations, closing by closing where the sentence style has them."""
    at = start
    for closing in CLOSING.finditer(text, start, end):
        yield from read_part(text, at, closing.start(), not closing["no"])
        at = closing.end()
    rest = text[at:end]
    if rest.strip(EDGE) and (
        at == start or (find_names(text, at, end) and not denies_citation(rest))
    ):
        yield from read_part(text, at, end, None)


def read_part(text: str, start: int, end: int, within: bool | None) -> Iterator[FoundCitation]:
    """Citations of a stretch; `within`: whether a closing called them part of the MTUS."""
    dated = find_dated(text, start, end)
    if not dated:
        yield from read_undated(text, start, end, within)
        return
    before = text[start : dated[0].start]
    if not NO_NAME.fullmatch(before):
        yield from read_undated(text, start, dated[0].start, within)
    for name, following in itertools.zip_longest(dated, dated[1:]):
        stop = following.start if following else end
        # Behind a chapter's topics another work may stand, with a lead-in of its own.
        others = [one for one in find_names(text, name.end, stop) if continues_list(text, one)]
        upto = lead_start(text, name.end, others[0].start) if others else stop
        yield make_citation(text, name, upto)
        if others:
            yield from read_undated(text, upto, stop, within)


def continues_list(text: str, name: Name) -> bool:
    """Is this a work of its own, and no topic of the chapter before it?"""
    words = text[name.start : name.end]
    if LEADS_ON.search(words):
        return True
    joined = re.search(r"(?:[.;]|\band)\s+(?:the\s+)?$", text[max(0, name.start - 12) : name.start])
    return joined is not None and "guideline" in words.lower()


def lead_start(text: str, start: int, end: int) -> int:
    joint = TRAILING_JOINT.search(text[start:end])
    return start + joint.start() if joint else end


def read_undated(text: str, start: int, end: int, within: bool | None) -> Iterator[FoundCitation]:
    lead = JOINT.match(text, start, end)
    start = lead.end() if lead else start
    if not text[start:end].strip(EDGE) or SILENT.match(text[start:end]):
        return
    names = find_names(text, start, end)
    if not names:
        if not NO_NAME.fullmatch(text[start:end]):
            yield own_words(text, start, end)
        return
    yield from work_before(text, start, names[0].start)
    for name, following in itertools.zip_longest(names, names[1:]):
        if within is not None:
            name = by_closing(name, within)
        stop = following.start if following else end
        others = list(unnamed_sources(text, name, stop))
        yield make_citation(text, name, others[0][0] if others else stop)
        for other in others:
            yield own_words(text, *other)


def work_before(text: str, start: int, end: int) -> Iterator[FoundCitation]:
    """A work of no catalogue that stands before the first known name, if it says that it is one."""
    words = LEAD_IN.sub("", text[start:end])
    joint = TRAILING_JOINT.search(words)
    words = words[: joint.start()] if joint else words
    if SOURCE.search(words) and not NO_NAME.fullmatch(words) and is_reference(words):
        yield own_words(text, start, end)


def unnamed_sources(text: str, name: Name, end: int) -> Iterator[tuple[int, int]]:
    """Sources of no catalogue that stand behind a known one, parted from it by a semicolon, a
    sentence's end or their own name. Only what says that it is a source counts: all else is a
    topic."""
    parting = WORK_START if name.name else PART_END
    edges = [name.end, *(part.end() for part in parting.finditer(text, name.end, end)), end]
    for first, last in itertools.pairwise(edges[1:]):
        if SOURCE.search(text[first:last]) and is_reference(JOINT.sub(" ", text[first:last], 1)):
            yield first, last


def make_citation(text: str, name: Name, stop: int) -> FoundCitation:
    """A name with its section and pages, up to the next name."""
    if not name.name:
        return own_words(text, name.start, stop, name.end)
    sentence = SENTENCE_END.search(text, name.end, stop)
    end = sentence.start() if sentence else stop
    joint = TRAILING_JOINT.search(text[name.end : end])
    end = name.end + joint.start() if joint else end
    edition, begin = edition_behind(text, name, end)
    rest = text[begin:end]
    pages, spots = read_pages(rest)
    section = read_section(rest, spots)
    return FoundCitation(
        name.start,
        entry_end(text, name.start, end),
        name.source,
        name.name,
        edition,
        section,
        pages,
    )


def edition_behind(text: str, name: Name, end: int) -> tuple[str | None, int]:
    """The year behind a chapter of the MTUS, and where what follows the name begins."""
    if name.edition or name.source != "MTUS":
        return name.edition, name.end
    year = YEAR_BEHIND.match(text, name.end, end)
    return (year[1], year.end()) if year else (None, name.end)


def entry_end(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in " \n,;":
        end -= 1
    return end


def own_words(text: str, start: int, end: int, begin: int | None = None) -> FoundCitation:
    """A guideline of no catalogue: its own words, from `begin` on."""
    end = entry_end(text, start, end)
    lead = JOINT.match(text, start, end)
    start = lead.end() if lead and lead.end() < end else start
    words = text[max(start, begin or start) : end]
    words = LEAD_IN.sub("", words)
    pages, spots = read_pages(words)
    for spot in reversed(spots):
        if spot[1] >= len(words.rstrip(EDGE + ")")):
            words = words[: spot[0]]
    joint = re.search(r"(?:[\s,;]+(?:and|as well as|plus))+\s*$", words, re.IGNORECASE)
    words = words[: joint.start()] if joint else words
    name = (
        balance_brackets(" ".join(words.split()).strip(EDGE)) or "Other medical treatment guideline"
    )
    return FoundCitation(start, end, "other", name, None, None, pages)
