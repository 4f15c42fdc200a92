"""The pipeline itself: a PDF → its pages' text and its letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from cases.letters import formats
from cases.letters.checks import LONGEST_CITED, with_flags
from cases.letters.citations.find import FoundCitation, find_citations, find_entries
from cases.letters.citations.mentions import find_mentions
from cases.letters.citations.wording import CHAPTERS, ENCLOSURE
from cases.letters.draft import IssueDraft, Range
from cases.letters.header.header import CASE_NUMBER, normal_case_number, read_header
from cases.letters.model import Citation, Field, Issue, Letter, Page, ReadError, Reading
from cases.letters.reading.lines import Line, page_lines, page_text
from cases.letters.reading.pages import PageReader, read_pages
from cases.letters.reading.running import EDGE_LINES, body_lines, names_letter
from cases.letters.reading.split import LABELLED, header_lines, split_letters
from cases.letters.reading.text import Body, Reflowed
from cases.letters.reading.unreadable import Unreadable
from cases.letters.record import PARTIAL
from cases.letters.requests.classify import classify
from cases.letters.requests.partial import closing_start, find_partial

NO_TEXT = ReadError(
    "no-text-layer",
    "This PDF has no text layer: its pages are images, as a scanner makes them. Run text"
    " recognition (OCR) on it and upload the result.",
)
NO_DETERMINATION = ReadError(
    "no-determination",
    "No IMR determination was found in this PDF. Check that it is the right file.",
)
LONGEST_TITLE = 9  # words
FEWEST_WORDS = 5  # stray marks of a scanner are no text layer


def read_pdf(
    source: Path | str | BinaryIO, *, max_pages: int, pages_of: PageReader = read_pages
) -> Reading:
    """Reads a whole file, in this process and without limits on time or memory.

    A file that gives no letter is no exception but a Reading with `error`.
    """
    pages: list[Page] = []
    try:
        file = Path(source) if isinstance(source, str) else source
        pages.extend(pages_of(file, max_pages=max_pages))
    except Unreadable as problem:
        return Reading(error=problem.error, page_count=len(pages) or None)
    return read_page_words(pages)


def read_page_words(pages: Sequence[Page]) -> Reading:
    """From pages of words on: whatever read them from the PDF."""
    lines = [page_lines(page) for page in pages]
    texts = tuple(page_text(page, one) for page, one in zip(pages, lines, strict=True))
    if sum(len(page.words) for page in pages) < FEWEST_WORDS:
        return Reading(texts, error=NO_TEXT, page_count=len(pages))
    letters = tuple(read_letter(lines[first : last + 1]) for first, last in split_letters(lines))
    error = None if letters else NO_DETERMINATION
    return Reading(texts, letters, error, len(pages))


def read_letter(pages: Sequence[Sequence[Line]]) -> Letter:
    """One determination from the lines of its pages."""
    facts = read_header(header_lines(pages))
    body = Body(without_enclosure(body_lines(pages)))
    if "case_number" not in facts:
        facts["case_number"] = case_number_in(pages)
    decided = facts["decision_date"].value if "decision_date" in facts else None
    name = formats.detect(body, facts["case_number"].value, decided and decided.year)
    draft = formats.READERS[name](body)
    facts = {**draft.facts, **facts}
    present = [page for page in pages if page]
    issues = [read_issue(body, issue, position) for position, issue in enumerate(draft.issues, 1)]
    requests = [trimmed(body, issue.request) for issue in draft.issues]
    letter = Letter(
        format=name,
        first_page=present[0][0].page,
        last_page=present[-1][0].page,
        case_number=facts["case_number"],
        priority=facts.get("priority", Field(None)),
        date_assigned=facts.get("date_assigned", Field(None)),
        date_of_injury=facts.get("date_of_injury", Field(None)),
        decision_date=facts.get("decision_date", Field(None)),
        ur_denial_date=facts.get("ur_denial_date", Field(None)),
        application_received=facts.get("application_received", Field(None)),
        specialties=facts.get("specialties", Field(())),
        licensed_states=facts.get("licensed_states", Field(())),
        clinical_summary=field_of(body, draft.summary),
        issues=classify(body, issues, requests, draft.summary, decided),
    )
    return with_flags(letter)


def case_number_in(pages: Sequence[Sequence[Line]]) -> Field[str | None]:
    """The case number that a title or a running line gives, when no label does.

    The letter's own: prose names those of other cases.
    """
    edges = [line for lines in pages for line in (*lines[:EDGE_LINES], *lines[-EDGE_LINES:])]
    titles = [line for line in header_lines(pages) if is_title(line)]
    for line in (*titles, *(line for line in edges if names_letter(line))):
        if match := CASE_NUMBER.search(line.text):
            return Field(normal_case_number(match), "derived", Body([line]).spans(*match.span()))
    return Field(None)


def is_title(line: Line) -> bool:
    """May a line above the first heading give the letter's number? Prose is longer, and ends."""
    short = len(line.words) <= LONGEST_TITLE and not line.text.endswith(".")
    return LABELLED.match(line.text) is not None or (short and not line.text.startswith("In "))


def without_enclosure(lines: Sequence[Line]) -> Sequence[Line]:
    """The letter's lines without a proof of service that begins below its last chapter."""
    places = [i for i, line in enumerate(lines) if i and ENCLOSURE.fullmatch(line.text.strip())]
    if not places:
        return lines
    text = "\n".join(line.text for line in lines)
    starts = (match.start() for form in CHAPTERS.values() for match in form.finditer(text))
    last = text.count("\n", 0, max(starts, default=0))
    return lines[: next((place for place in places if place > last), len(lines))]


def field_of(body: Body, part: Range | None) -> Field[str | None]:
    return body.field(*part) if part else Field(None)


def read_issue(body: Body, draft: IssueDraft, position: int) -> Issue:
    request = field_of(body, trimmed(body, draft.request))
    decided = body.spans(*draft.decided_at) if draft.decided_at else ()
    return Issue(
        position=position,
        treatment_request=(
            Field(request.value, request.status, request.spans) if request.value else Field("")
        ),
        **partial_fields(body, trimmed(body, draft.request)),
        retrospective=Field(False),
        body_parts=Field(()),
        decision=Field(draft.decision, "found", decided) if draft.decision else Field(None),
        rationale=field_of(body, draft.rationale),
        category="other",
        subcategory=None,
        category_rule="",
        claims_guideline=field_of(body, draft.claims),
        maximus_guideline=field_of(body, draft.maximus),
        claims_citations=cited_in(body, draft.claims),
        maximus_citations=(listed_in if draft.listed else cited_in)(body, draft.maximus),
        rationale_citations=citations_in(body, draft.rationale, find_mentions),
    )


def trimmed(body: Body, part: Range | None) -> Range | None:
    """A request without the colon, the stop or the "is" that parts it from its decision."""
    if part is None:
        return None
    start, end = part
    text = body.text[start:end].rstrip(" \n:;")
    return start, start + closing_start(text)


def partial_fields(body: Body, part: Range | None) -> dict[str, Field[str | None]]:
    """The three parts of a partial authorization, all missing where the request is none."""
    if part is None:
        return {name: Field(None) for name in PARTIAL}
    reflowed = body.reflow(*part)
    partial = find_partial(reflowed.text)
    return {
        name: field_of(body, reflowed.source(*getattr(partial, name))) if partial else Field(None)
        for name in PARTIAL
    }


def cited_in(body: Body, part: Range | None) -> tuple[Citation, ...]:
    return citations_in(body, part, find_citations)


def listed_in(body: Body, part: Range | None) -> tuple[Citation, ...]:
    """A list's entries begin with its lines, except those that only wrap."""
    if part is None:
        return ()
    reflowed = body.reflow(*part)
    starts = [reflowed.place(at) for at in body.fresh_lines(*part)]
    return citations_in(body, part, lambda text: find_entries(text, starts))


def citations_in(
    body: Body, part: Range | None, find: Callable[[str], Sequence[FoundCitation]]
) -> tuple[Citation, ...]:
    if part is None:
        return ()
    reflowed = body.reflow(*part)
    text = reflowed.text[:LONGEST_CITED]
    return tuple(place_citations(body, reflowed, one) for one in find(text))


def place_citations(body: Body, reflowed: Reflowed, found: FoundCitation) -> Citation:
    return Citation(
        source=found.source,
        guideline=found.guideline,
        edition=found.edition,
        section=found.section,
        pages=found.pages,
        raw=reflowed.text[found.start : found.end],
        spans=body.spans(*reflowed.source(found.start, found.end)),
    )
