"""Drafts → rows, in bulk: the same rows that a reading makes one by one.

The document's file does not exist; `MADE_UP` in place of a parser's version says so.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cases.corrections.queue import is_reason
from cases.corrections.record_values import (
    SIDES,
    case_values,
    category_rule,
    citation_values,
    issue_values,
)
from cases.corrections.refresh import CaseRows, request_text
from cases.index.current import current_index
from cases.index.texts import index_new
from cases.letters.record import Json
from cases.models import MADE_UP, Case, Citation, ClaimFacts, Document, Flag, Issue, Reading
from cases.models.bulk_insert import insert_rows
from cases.search.documents import document_row as index_row
from cases.search.full_text import DOCUMENTS
from cases.signals import cases_synthesized
from cases.synthetic.claims import make_claim
from cases.synthetic.drafts import Draft, Sides, make_drafts

BATCH = 2000
ENOUGH_FOR_A_PROCESS = 3  # batches
AHEAD = 3


def synthesize(count: int, seed: int, batch: int = BATCH) -> Iterator[int]:
    """Makes `count` cases more and yields how many are there after each batch.

    Numbers go on where an earlier run ended, so twice a thousand are the same as two thousand.
    """
    first, done = next_number(), 0
    batches = [
        range(start, min(start + batch, first + count))
        for start in range(first, first + count, batch)
    ]
    for stored in store_batches(seed, batches):
        done += stored
        yield done
    with current_index():
        pass  # read into this machine's file, so that the next process starts at once


def store_batches(seed: int, batches: Sequence[range]) -> Iterator[int]:
    """Stores them, and yields how many cases each one was."""
    if len(batches) < ENOUGH_FOR_A_PROCESS:
        yield from (make_and_store(seed, numbers) for numbers in batches)
    elif connection.vendor == "postgresql":
        yield from store_in_parallel(seed, batches)
    else:
        yield from (store_drafts(drafts, seed) for drafts in drafts_made_ahead(seed, batches))


def store_in_parallel(seed: int, batches: Sequence[range]) -> Iterator[int]:
    """By a process for each processor, as PostgreSQL lets many write at once."""
    yield make_and_store(seed, batches[0])  # with the people that all others share
    processors = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(processors, get_context("spawn"), initializer=django.setup) as writers:
        yield from writers.map(make_and_store, repeat(seed), batches[1:])


def drafts_made_ahead(seed: int, batches: Sequence[range]) -> Iterator[list[Draft]]:
    """Made by another process while this one stores, as SQLite has one writer."""
    # Letters hold no cycles; to look for some takes an eighth of the time.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=gc.disable) as maker:
        ahead: deque[Future] = deque()
        for numbers in batches:
            ahead.append(maker.submit(make_drafts, seed, numbers))
            if len(ahead) > AHEAD:
                yield ahead.popleft().result()
        for drafts in ahead:
            yield drafts.result()


def next_number() -> int:
    last = Document.objects.filter(parser_version=MADE_UP).aggregate(last=Max("name"))["last"]
    return int(last.removeprefix("made-up-").removesuffix(".pdf")) + 1 if last else 0


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Without looks for cycles among rows that are all still needed, which take a tenth of the
    time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@garbage_collection_paused()
def make_and_store(seed: int, numbers: range) -> int:
    return store_drafts(make_drafts(seed, numbers), seed)


@garbage_collection_paused()
@transaction.atomic
def store_drafts(drafts: Sequence[Draft], seed: int) -> int:
    """How many cases it stored."""
    documents = inserted(document_row(seed, draft) for draft in drafts)
    readings = inserted(
        Reading(
            document=document,
            position=1,
            parser_version=MADE_UP,
            case_number=draft.record["case_number"],
            record=draft.record,
        )
        for document, draft in zip(documents, drafts, strict=True)
    )
    cases = [case_row(*one) for one in zip(readings, drafts, strict=True)]
    insert_rows(cases)
    insert_rows([claim_row(case, seed, draft) for case, draft in zip(cases, drafts, strict=True)])
    made = [CaseRows(case) for case in cases]
    add_issues(made, drafts)
    add_flags(made, drafts)
    cases_synthesized.send(Case, made=made, seed=seed)
    index_new([(one.case, one.issues, one.citations) for one in made])
    DOCUMENTS.insert([index_row(document) for document in documents])
    return len(cases)


def inserted(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    insert_rows(made)
    return made


def document_row(seed: int, draft: Draft) -> Document:
    now, pages = timezone.now(), draft.record["last_page"]
    return Document(
        sha256=hashlib.sha256(f"made-up {seed} {draft.number}".encode()).hexdigest(),
        name=f"made-up-{draft.number:09d}.pdf",
        size=40_000 + 12_000 * pages,
        pages=pages,
        status=Document.Status.PARSED,
        parser_version=MADE_UP,
        attempts=1,
        queued_at=now,
        started_at=now,
        finished_at=now,
    )


def case_row(reading: Reading, draft: Draft) -> Case:
    record = draft.record
    return Case(
        **case_values(record),
        document=reading.document,
        reading=reading,
        provenance=record["provenance"],
        decision=draft.decision,
        needs_correction=any(is_reason(flag["level"], flag["code"]) for flag in record["flags"]),
    )


def claim_row(case: Case, seed: int, draft: Draft) -> ClaimFacts:
    assert case.decision_date  # every made-up letter has one
    claim = make_claim(seed, draft.number, case.decision_date)
    case.claim_facts = ClaimFacts(
        case=case,
        received_on=claim.received_on,
        received_assumed=claim.assumed,
        with_obligations=claim.with_obligations,
        **claim.facts,
    )
    return case.claim_facts


def add_issues(made: Sequence[CaseRows], drafts: Sequence[Draft]) -> None:
    read = [
        (rows, record, sides)
        for rows, draft in zip(made, drafts, strict=True)
        for record, sides in zip(draft.record["issues"], draft.sides, strict=True)
    ]
    issues = inserted(issue_row(rows.case, record, sides) for rows, record, sides in read)
    for (rows, *_), issue in zip(read, issues, strict=True):
        rows.issues.append(issue)
    citations = inserted(
        citation_row(issue, side, position, citation)
        for issue, (_, record, _) in zip(issues, read, strict=True)
        for side, name in SIDES.items()
        for position, citation in enumerate(record[name], 1)
    )
    owners = {issue.pk: rows for issue, (rows, *_) in zip(issues, read, strict=True)}
    for citation in citations:
        owners[citation.issue_id].citations.append(citation)


def issue_row(case: Case, record: Json, sides: Sides) -> Issue:
    issue = Issue(
        case=case,
        position=record["position"],
        category_rule=category_rule(record),
        verdict=sides.verdict,
        other_edition=sides.other_edition,
        **issue_values(record),
    )
    issue.asked = request_text(issue)
    return issue


def citation_row(issue: Issue, side: str, position: int, record: Json) -> Citation:
    return Citation(
        issue_id=issue.pk,
        side=side,
        position=position,
        **citation_values(record),
    )


def add_flags(made: Sequence[CaseRows], drafts: Sequence[Draft]) -> None:
    flags = inserted(
        flag_row(rows, record)
        for rows, draft in zip(made, drafts, strict=True)
        for record in draft.record["flags"]
    )
    owners = {rows.case.pk: rows for rows in made}
    for flag in flags:
        owners[flag.case_id].flags.append(flag)


def flag_row(rows: CaseRows, record: Json) -> Flag:
    issues = {issue.position: issue for issue in rows.issues}
    return Flag(case=rows.case, **record | {"issue": issues.get(record["issue"])})
