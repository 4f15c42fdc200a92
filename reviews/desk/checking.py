"""The citations and quotations of a draft, each with what is known about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyroaring import BitMap

from cases.index.current import current_index
from cases.index.index import Index
from cases.index.rows import CASE, CITATION, ISSUE, guideline_name
from cases.index.space import Space
from cases.letters.citations.locators import ranges_in_words
from cases.letters.drafts.cited import (
    find_draft_citations,
    find_quotations,
    relies_on_mtus,
    says_mtus_is_silent,
)
from cases.letters.drafts.editions import (
    current_chapter,
    is_in_catalog,
    known_pages,
    pages_outside,
    superseded,
)
from cases.letters.drafts.flow import line_number
from cases.letters.drafts.model import DraftCitation, Quotation
from cases.letters.drafts.topics import chapter_on
from cases.search.language import And, NamedCitation, Words, tokens
from reviews.desk.outcome import FEW, Checked, Finding, Outcome

PROBLEM, NOTICE, FINE = "problem", "notice", "fine"
RUN = 6  # words of a quotation that are looked for together
ORDER = "The MTUS comes first in the order of evidence (8 CCR 9792.21.1)"


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request of the draft: where the draft speaks of it, and how it was decided before."""

    position: int
    mentions: tuple[int, ...]
    outcome: Outcome


def check_draft(text: str, requests: Sequence[AskedFor]) -> tuple[Checked, ...]:
    """In the order of the draft; all of one state of the data."""
    cited = find_draft_citations(text)
    with current_index() as index:
        passed = mtus_passed_over(text, cited, requests)
        checked = [
            checked_citation(text, one, [*findings_on(index, one), *passed.get(one.start, ())])
            for one in cited
        ]
        checked += [checked_quotation(index, text, one) for one in find_quotations(text)]
    return tuple(sorted(checked, key=lambda one: (one.start, one.is_quotation)))


def checked_citation(text: str, one: DraftCitation, found: list[Finding]) -> Checked:
    if not any(finding.level != FINE for finding in found):
        found = [*found, Finding("nothing-found", FINE, "Nothing wrong was found.")]
    line = line_number(text, one.start)
    return Checked(one.raw, name_of(one), line, one.start, one.end, tuple(found))


def name_of(one: DraftCitation) -> str:
    current = current_chapter(one)
    name = current.name if current else one.guideline
    source = "" if one.source in ("other", "ODG") else f"{one.source}: "
    return f"{source}{name}{f' {one.edition}' if one.edition else ''}"


# -- one citation ----------------------------------------------------------------------------------


def findings_on(index: Index, one: DraftCitation) -> Iterator[Finding]:
    if one.source == "other":
        yield unknown_evidence(index, one)
        return
    if one.source == "MTUS" and not is_in_catalog(one):
        yield unknown_chapter(index, one)
    if words := superseded(one):
        yield Finding("edition-superseded", PROBLEM, words)
    if one.pages and (found := page_finding(index, one)):
        yield found


def unknown_evidence(index: Index, one: DraftCitation) -> Finding:
    letters = len(index.matches(NamedCitation(one.guideline), CASE))
    if letters:
        words = f"Not in the catalog of guidelines; {letters:,} letters on file cite it."
        return Finding("not-in-catalog", FINE, words)
    words = "Not in the catalog of guidelines, and no letter on file cites it under this name."
    return Finding("unknown-guideline", NOTICE, words)


def unknown_chapter(index: Index, one: DraftCitation) -> Finding:
    space = index.spaces[CITATION]
    rows = space.holding("guideline", guideline_name(one.source, one.guideline))
    if letters := len(index.moved(rows.copy(), CITATION, CASE)):
        words = f"Not in the catalog of the MTUS’s chapters; {letters:,} letters on file cite it."
        return Finding("not-in-catalog", FINE, words)
    words = "The catalog has no chapter of the MTUS of this name, and no letter on file cites it."
    return Finding("unknown-guideline", NOTICE, words)


def page_finding(index: Index, one: DraftCitation) -> Finding | None:
    if known := known_pages(one):
        outside = pages_outside(one, known.first, known.last)
        if not outside:
            return None
        words = (
            f"Page {ranges_in_words(outside)} is not in it: the edition of {known.edition} has"
            f" pages {known.first} to {known.last} ({known.source})."
        )
        return Finding("page-outside", PROBLEM, words)
    count, last = pages_on_file(index, one)
    outside = pages_outside(one, 0, last)
    if count < FEW or not outside:
        return None
    words = (
        f"No letter on file cites a page of it beyond {last} ({count:,} citations with pages); the"
        f" draft cites page {ranges_in_words(outside)}."
    )
    return Finding("page-beyond-letters", NOTICE, words)


def pages_on_file(index: Index, one: DraftCitation) -> tuple[int, int]:
    """How many citations of this guideline give pages, and the last page that any gives; of this
    edition, where enough do."""
    space = index.spaces[CITATION]
    named = space.holding("guideline", guideline_name(one.source, one.guideline))
    if one.edition:
        of_edition = pages_in(space, named & space.holding("edition", one.edition))
        if of_edition[0] >= FEW:
            return of_edition
    return pages_in(space, named)


def pages_in(space: Space, rows: BitMap) -> tuple[int, int]:
    with_pages, last = BitMap(), 0
    for page, citing in space.facts["page"].items():
        if rows.intersect(citing):
            with_pages |= rows & citing
            last = max(last, int(page))
    for pages, citing in space.facts["long_range"].items():
        if rows.intersect(citing):
            with_pages |= rows & citing
            last = max(last, int(pages.partition("-")[2]))
    return len(with_pages), last


# -- the MTUS passed over -------------------------------------------------------------------------


def mtus_passed_over(
    text: str, cited: Sequence[DraftCitation], requests: Sequence[AskedFor]
) -> dict[int, list[Finding]]:
    """By where a citation stands: that the MTUS has the topic, and the draft cites only others."""
    found: dict[int, list[Finding]] = {}
    for asked in requests:
        own = [one for one in cited if is_about(one, asked, requests)]
        parts = parts_about(text, asked, requests)
        if not own or any(map(is_of_mtus, own)) or any(map(relies_on_mtus, parts)):
            continue
        silent = any(map(says_mtus_is_silent, parts))
        if finding := passed_over(asked, len(requests), silent=silent):
            found.setdefault(own[0].start, []).append(finding)
    return found


def is_of_mtus(one: DraftCitation) -> bool:
    """Today's chapters of the ACOEM are the MTUS's own."""
    return one.source == "MTUS" or (one.source == "ACOEM" and current_chapter(one) is not None)


def passed_over(asked: AskedFor, of: int, *, silent: bool) -> Finding | None:
    outcome = asked.outcome
    chapter = chapter_on(outcome.category, outcome.subcategory, outcome.body_parts)
    decided = outcome.similar.decided
    by_letters = decided >= FEW and 2 * outcome.mtus >= decided
    if not by_letters and (chapter is None or silent):
        return None
    about = f"On request {asked.position}: " if of > 1 else ""
    has = f" and has “{chapter.name}” on this" if chapter and not silent else ""
    letters = ""
    if decided:
        letters = f" MAXIMUS cited the MTUS on {outcome.mtus:,} of {decided:,} similar issues."
    but = " The draft says that it has nothing on this." if silent else ""
    words = f"{about}{ORDER}{has}; the draft cites only other evidence.{but}{letters}"
    return Finding("mtus-passed-over", PROBLEM if has else NOTICE, words)


def is_about(one: DraftCitation, asked: AskedFor, requests: Sequence[AskedFor]) -> bool:
    """A citation is about the request that the draft spoke of last; one in a list of references,
    or before any request, about all."""
    if one.shared:
        return True
    last = spoken_of(one.start, requests)
    return last is None or last == asked.position


def spoken_of(offset: int, requests: Sequence[AskedFor]) -> int | None:
    places = sorted((at, one.position) for one in requests for at in one.mentions)
    i = bisect_right(places, (offset, 10**9)) - 1
    return places[i][1] if i >= 0 else None


def parts_about(text: str, asked: AskedFor, requests: Sequence[AskedFor]) -> list[str]:
    """What the draft says of a request: from each mention to the next of another, and what stands
    before any."""
    places = sorted((at, one.position) for one in requests for at in one.mentions)
    edges = [(0, None), *places, (len(text), None)]
    return [
        text[start:end]
        for (start, about), (end, _) in pairwise(edges)
        if about in (None, asked.position)
    ]


# -- quotations ------------------------------------------------------------------------------------


def checked_quotation(index: Index, text: str, one: Quotation) -> Checked:
    line = line_number(text, one.start)
    finding = quotation_finding(index, one)
    return Checked(one.words, "Quotation", line, one.start, one.end, (finding,), is_quotation=True)


def quotation_finding(index: Index, one: Quotation) -> Finding:
    words = tokens(one.words)
    runs = [tuple(words[i : i + RUN]) for i in range(0, max(len(words) - RUN, 0) + 1, RUN)]
    if len(words) > RUN and len(words) % RUN:
        runs.append(tuple(words[-RUN:]))
    asked = [Words(("rationale", "cited"), run) for run in runs]
    if letters := len(index.matches(And(tuple(asked)), ISSUE)):
        said = f"{letters:,} issues on file have" if letters > 1 else "1 issue on file has"
        return Finding("quotation-borne-out", FINE, f"{said} these words.")
    parts = [run for run, words_of in zip(runs, asked, strict=True)
             if index.matches(words_of, ISSUE)]  # fmt: skip
    if parts:
        shown = " ".join(parts[0])
        said = f"No letter on file has all of these words; some have “… {shown} …”."
        return Finding("quotation-in-part", NOTICE, said)
    return Finding("quotation-unknown", NOTICE, "No letter on file has these words.")
