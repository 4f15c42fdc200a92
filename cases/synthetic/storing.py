"""Letters → rows, in bulk: the same rows that a reading makes one by one.

The document's file does not exist; `MADE_UP` in place of a parser's version says so.
"""

from __future__ import annotations

import gc
import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cases.bulk import insert, number
from cases.derived import CaseRows, derive_new
from cases.letters.checks import overall_decision
from cases.letters.comparison import compare_citations
from cases.letters.model import Citation as CitationRead
from cases.letters.model import Issue as IssueRead
from cases.letters.model import Letter
from cases.letters.record import DATES, dump_citation, dump_letter
from cases.models import MADE_UP, Case, Citation, Document, Flag, Issue, Reading
from cases.search.documents import document_row as index_row
from cases.search.index import DOCUMENTS
from cases.search.rows import index_new, place_of_issue, set_places
from cases.signals import cases_synthesized
from cases.summaries import fold
from cases.synthetic.letters import make_letters
from cases.told import SIDES

BATCH = 2000
ENOUGH_FOR_A_PROCESS = 3  # batches
AHEAD = 3


def synthesize(count: int, seed: int) -> Iterator[int]:
    """Makes `count` cases more and yields how many are there after each batch.

    Numbers go on where an earlier run ended, so twice a thousand are the same as two thousand.
    """
    first, done = next_number(), 0
    batches = [
        range(start, min(start + BATCH, first + count))
        for start in range(first, first + count, BATCH)
    ]
    for numbers, letters in made_batches(seed, batches):
        store([*zip(numbers, letters, strict=True)], seed)
        done += len(numbers)
        yield done
    while fold():
        pass


def made_batches(seed: int, batches: Sequence[range]) -> Iterator[tuple[range, Sequence[Letter]]]:
    """Each batch with its letters, made by another process while this one stores."""
    if len(batches) < ENOUGH_FOR_A_PROCESS:
        for numbers in batches:
            yield numbers, make_letters(seed, numbers)
        return
    # Letters hold no cycles; to look for some takes an eighth of the time.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=gc.disable) as maker:
        ahead: deque[tuple[range, Future]] = deque()
        for numbers in batches:
            ahead.append((numbers, maker.submit(make_letters, seed, numbers)))
            if len(ahead) > AHEAD:
                numbers, letters = ahead.popleft()
                yield numbers, letters.result()
        for numbers, letters in ahead:
            yield numbers, letters.result()


def next_number() -> int:
    last = Document.objects.filter(parser_version=MADE_UP).aggregate(last=Max("name"))["last"]
    return int(last.removeprefix("made-up-").removesuffix(".pdf")) + 1 if last else 0


@transaction.atomic
def store(letters: Sequence[tuple[int, Letter]], seed: int) -> None:
    documents = inserted(document_row(n, seed, one) for n, one in letters)
    records = [dump_letter(letter) for _, letter in letters]
    readings = inserted(
        Reading(
            document=document,
            position=1,
            parser_version=MADE_UP,
            case_number=record["case_number"],
            record=record,
        )
        for document, record in zip(documents, records, strict=True)
    )
    cases = [case_row(reading, one) for reading, (_, one) in zip(readings, letters, strict=True)]
    number(cases)
    for case in cases:
        set_places(case, ())
    insert(cases)
    made = [CaseRows(case) for case in cases]
    add_issues(made, [letter for _, letter in letters])
    add_flags(made, [letter for _, letter in letters])
    derive_new(made)
    cases_synthesized.send(Case, made=made, seed=seed)
    index_new([(one.case, one.issues, one.citations, one.flags) for one in made])
    DOCUMENTS.insert([index_row(document) for document in documents])


def inserted(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    insert(made)
    return made


def document_row(number: int, seed: int, letter: Letter) -> Document:
    now = timezone.now()
    return Document(
        sha256=hashlib.sha256(f"made-up {seed} {number}".encode()).hexdigest(),
        name=f"made-up-{number:09d}.pdf",
        size=40_000 + 12_000 * letter.last_page,
        pages=letter.last_page,
        status=Document.Status.PARSED,
        parser_version=MADE_UP,
        attempts=1,
        queued_at=now,
        started_at=now,
        finished_at=now,
    )


def case_row(reading: Reading, letter: Letter) -> Case:
    return Case(
        case_number=reading.case_number,
        document=reading.document,
        reading=reading,
        format=letter.format,
        first_page=letter.first_page,
        last_page=letter.last_page,
        priority=letter.priority.value or "",
        **{name: getattr(letter, name).value for name in DATES},
        specialties=list(letter.specialties.value),
        licensed_states=list(letter.licensed_states.value),
        clinical_summary=letter.clinical_summary.value or "",
        provenance=reading.record["provenance"],
        decision=overall_decision([issue.decision.value for issue in letter.issues]) or "",
        needs_correction=any(flag.level == Flag.Level.ERROR for flag in letter.flags),
    )


def add_issues(made: Sequence[CaseRows], letters: Sequence[Letter]) -> None:
    pairs = [(rows, read) for rows, one in zip(made, letters, strict=True) for read in one.issues]
    issues = inserted(issue_row(rows.case, read) for rows, read in pairs)
    for (rows, _), issue in zip(pairs, issues, strict=True):
        rows.issues.append(issue)
    citations = inserted(
        citation_row(issue, side, position, citation)
        for issue, (_, read) in zip(issues, pairs, strict=True)
        for side, name in SIDES.items()
        for position, citation in enumerate(getattr(read, name), 1)
    )
    owners = {issue.pk: rows for issue, (rows, _) in zip(issues, pairs, strict=True)}
    for citation in citations:
        owners[citation.issue_id].citations.append(citation)


def citation_row(issue: Issue, side: str, position: int, citation: CitationRead) -> Citation:
    record = dump_citation(citation)
    return Citation(
        issue_id=issue.pk,
        side=side,
        position=position,
        source=record["source"],
        guideline=record["guideline"],
        section=record["section"] or "",
        pages=record["pages"],
        raw=record["raw"],
        spans=record["spans"],
    )


def issue_row(case: Case, read: IssueRead) -> Issue:
    return Issue(
        case=case,
        position=read.position,
        treatment_request=read.treatment_request.value,
        decision=read.decision.value or "",
        category=read.category,
        category_rule=read.category_rule[:120],
        rationale=read.rationale.value or "",
        claims_guideline=read.claims_guideline.value or "",
        maximus_guideline=read.maximus_guideline.value or "",
        verdict=compare_citations(read.claims_citations, read.maximus_citations).verdict,
        place=place_of_issue(case.place, read.position),
    )


def add_flags(made: Sequence[CaseRows], letters: Sequence[Letter]) -> None:
    flags = inserted(flag_rows(made, letters))
    owners = {rows.case.pk: rows for rows in made}
    for flag in flags:
        owners[flag.case_id].flags.append(flag)


def flag_rows(made: Sequence[CaseRows], letters: Sequence[Letter]) -> Iterable[Flag]:
    for rows, letter in zip(made, letters, strict=True):
        issues = {issue.position: issue for issue in rows.issues}
        for flag in letter.flags:
            yield Flag(
                case=rows.case,
                issue=issues.get(flag.issue),
                code=flag.code,
                field=flag.field,
                message=flag.message,
                level=flag.level,
            )
