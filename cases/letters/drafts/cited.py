"""The guidelines that a draft cites, anywhere in its text, and the words that it quotes of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from cases.letters.citations.find import (
    OPENING,
    SOURCE,
    FoundCitation,
    find_citations,
    find_entries,
    own_words,
    read_part,
)
from cases.letters.drafts.editions import named_as_today
from cases.letters.drafts.flow import Range, flow, sentences
from cases.letters.drafts.model import DraftCitation, Quotation
from cases.letters.header.names import find_names

MOST = 200
FEWEST_QUOTED, MOST_QUOTED = 5, 150  # words
LONGEST_RAW = 300
REFERENCES = re.compile(
    r"\s*(?:references?|citations?|guidelines?(?:\s*/\s*\w+)?|(?:guidelines?|criteria|evidence)\s+"
    r"(?:used|cited|relied\s+(?:up)?on|utilized|applied|references?)|bibliography|sources?"
    r"|medical\s+treatment\s+guidelines?|clinical\s+guidelines?|evidence\s+citations?"
    r"|(?:references?|guidelines?)\s+(?:used|cited)\s+(?:in|for)\s+[\w\s]{3,40})"
    r"(?:\s*\(s\))?(?P<mark>\s*:\s*|\s*$)",
    re.IGNORECASE,
)
HEADING = re.compile(r"\s*[A-Z][\w/ ,()-]{2,50}:(?:\s|$)")
ITEM = re.compile(r"\s*(?:[•▪●◦‣·*–—-]\s+|\(?\d{1,2}[.)]\s+)")
QUOTED = re.compile(r"“([^“”]{15,1500})”|(?<!\w)\"([^\"“”]{15,1500})\"(?!\w)")
GOES_BY = re.compile(
    r"\b(?:based\s+(?:up)?on|according\s+to|per|pursuant\s+to|in\s+accordance\s+with"
    r"|as\s+(?:stated|noted)\s+(?:in|by))\s+(?:the\s+)?(?=[A-Z])",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r",\s+(?=[a-z])|;|\.$")
WORD = re.compile(r"[^\W_]+")
SILENCE = re.compile(
    r"\bMTUS\b[^.;\n]{0,80}\b(?:silent|(?:do|does|did)\s+not\s+(?:specifically\s+)?(?:address|discuss"
    r"|mention|cover)|not\s+addressed)|not\s+(?:specifically\s+)?(?:addressed|discussed|covered)\s+"
    r"(?:by|in)\s+(?:the\s+)?(?:CA\s+|California\s+)?MTUS|outside\s+of\s+the\s+MTUS",
    re.IGNORECASE,
)
SCHEDULE = re.compile(
    r"(?<![\w-])(?<!Non )(?<!outside of the )"
    r"(?:MTUS|Medical\s+Treatment\s+Utilization\s+Schedule)\b",
    re.IGNORECASE,
)


def find_draft_citations(text: str) -> list[DraftCitation]:
    """In the order of the draft, without those in words that it quotes.

    Evidence that is no guideline of the catalogue counts where the draft says that it relies on it,
    or lists it among its references.
    """
    flowing = flow(text)
    found: dict[int, DraftCitation] = {}
    lists = list(reference_lists(flowing))
    for start, end in lists:
        for one in cited_in_list(flowing, start, end):
            found.setdefault(one.start, one)
    for start, end in sentences(flowing):
        if any(first <= start < last for first, last in lists):
            continue
        for one in cited_in_sentence(flowing, start, end):
            found.setdefault(one.start, one)
    quoted = [match.span() for match in QUOTED.finditer(flowing)]
    own = (at for at in sorted(found) if not any(first < at < last for first, last in quoted))
    return [found[at] for at in own][:MOST]


def cited_in_sentence(text: str, start: int, end: int) -> Iterator[DraftCitation]:
    if label := REFERENCES.match(text[start:end]):
        start += label.end()
    sentence = text[start:end]
    names = find_names(sentence, 0, len(sentence))
    if OPENING.search(sentence):
        parts = find_citations(sentence) or (read_part(sentence, 0, len(sentence), None)
                                             if names else ())  # fmt: skip
    elif names:
        parts = read_part(sentence, 0, len(sentence), None)
    else:
        parts = find_dated_alone(sentence)
    for part in [*parts, *relied_on(sentence)]:
        if part.source != "other" or SOURCE.search(sentence[part.start : part.end]):
            yield citation(text, start, part, shared=False)


def relied_on(sentence: str) -> Iterator[FoundCitation]:
    """Evidence of no catalogue that a sentence says it goes by."""
    for lead in GOES_BY.finditer(sentence):
        end = CLAUSE_END.search(sentence, lead.end())
        stop = end.start() if end else len(sentence)
        if SOURCE.search(sentence[lead.end() : stop]) and not find_names(
            sentence, lead.end(), stop
        ):
            yield own_words(sentence, lead.end(), stop)


def find_dated_alone(sentence: str) -> Iterator[FoundCitation]:
    """Chapters of the MTUS by year, which only the schedule's name leads to."""
    if SCHEDULE.search(sentence) and re.search(r"(?:19|20)\d\d", sentence):
        parts = read_part(sentence, 0, len(sentence), None)
        yield from (part for part in parts if part.source != "other")


def cited_in_list(text: str, start: int, end: int) -> Iterator[DraftCitation]:
    at = start
    for line in text[start:end].split("\n"):
        item = ITEM.match(line)
        begin = item.end() if item else 0
        if line[begin:].strip():
            for part in find_entries(line[begin:], [0]):
                yield citation(text, at + begin, part, shared=True)
        at += len(line) + 1


def reference_lists(text: str) -> Iterator[Range]:
    """What stands behind a heading such as "References:", to the next empty line or heading."""
    at, begin = 0, -1
    for line in text.split("\n"):
        head = REFERENCES.match(line)
        if begin >= 0 and (head or (at > begin and not line.strip()) or HEADING.match(line)):
            yield begin, at
            begin = -1
        if head and (head["mark"].strip() or head.end() == len(line)):
            begin = at + head.end()
            if not line[head.end() :].strip():
                begin = at + len(line) + 1
        at += len(line) + 1
    if 0 <= begin < len(text):
        yield begin, len(text)


def citation(text: str, offset: int, part: FoundCitation, *, shared: bool) -> DraftCitation:
    start, end = offset + part.start, offset + part.end
    raw = " ".join(text[start:end].split())[:LONGEST_RAW]
    found = DraftCitation(
        start=start,
        end=end,
        source=part.source,
        guideline=part.guideline,
        edition=part.edition,
        section=part.section,
        pages=part.pages,
        raw=raw,
        shared=shared,
    )
    return named_as_today(found)


def find_quotations(text: str) -> list[Quotation]:
    """Words in quotation marks in a sentence about a guideline, or in the one behind it."""
    flowing = flow(text)
    parts = sentences(flowing)
    starts = [start for start, _ in parts]
    about = [bool(find_names(flowing, *one)) or bool(SCHEDULE.search(flowing, *one))
             for one in parts]  # fmt: skip
    found = []
    for match in QUOTED.finditer(flowing):
        place = max(bisect_right(starts, match.start()) - 1, 0)
        words = match[1] or match[2]
        near = any(about[max(place - 1, 0) : place + 1])
        if near and FEWEST_QUOTED <= len(WORD.findall(words)) <= MOST_QUOTED:
            group = 1 if match[1] else 2
            found.append(Quotation(match.start(group), match.end(group), " ".join(words.split())))
    return found


def says_mtus_is_silent(text: str) -> bool:
    return SILENCE.search(text) is not None


def relies_on_mtus(text: str) -> bool:
    """The schedule is named, other than to say that it has nothing."""
    return SCHEDULE.search(SILENCE.sub(" ", text)) is not None
