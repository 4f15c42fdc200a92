"""Memos as rows: taken in, mended, made. The only writer of `Memo` besides `joining`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.analysis.precedents import LONGEST_REQUEST, request_of_text
from cases.index.current import current_index
from cases.letters.drafts.claim import find_claim_number
from cases.letters.drafts.requests import find_requests
from cases.models import Case
from reviews.desk.checking import AskedFor, check_draft
from reviews.desk.outcome import Findings, Outcome, to_json
from reviews.desk.repeats import find_repeats
from reviews.desk.research import basis_now, research
from reviews.desk.taking import Taken
from reviews.models import Memo, MemoRequest
from reviews.names import name_of

LONGEST_CLAIM = 60
MOST_REQUESTS = 40


class CannotMake(Exception):
    """Why a memo can't be made, and what to do."""


def take_in(
    taken: Taken, by: User, *, claim_number: str = "", key: uuid.UUID | None = None
) -> Memo:
    """A draft with the requests that were found in it. A form sent twice takes it in once."""
    if key and (known := Memo.objects.filter(key=key, made_by=by).first()):
        return known
    memo = Memo(
        kind=taken.kind,
        file_name=taken.file_name,
        text=taken.text,
        claim_number=(claim_number or find_claim_number(taken.text)).strip()[:LONGEST_CLAIM],
        made_by=by,
        made_by_name=name_of(by),
        key=key,
    )
    try:
        with transaction.atomic():
            memo.save()
            MemoRequest.objects.bulk_create(found_requests(memo))
    except IntegrityError:
        if key is None:
            raise
        return Memo.objects.get(key=key, made_by=by)  # sent twice at once
    return memo


def found_requests(memo: Memo) -> list[MemoRequest]:
    return [
        MemoRequest(
            memo=memo,
            position=position,
            text=one.text,
            start=one.start,
            end=one.end,
            said=one.outcome,
            left_out=one.outcome == "certified",
        )
        for position, one in enumerate(find_requests(memo.text), 1)
    ]


@transaction.atomic
def mend(
    memo: Memo,
    texts: Mapping[int, str],
    left_out: set[int],
    added: Sequence[str],
    claim_number: str,
) -> list[str]:
    """What a person says the requests are; keys are those of the rows. Returns what was added
    beyond the most that a memo has, and is not kept.

    Raises:
        CannotMake: the memo was made meanwhile.
    """
    memo = Memo.objects.select_for_update().get(pk=memo.pk)
    if memo.made_at:
        raise CannotMake("This memo was made meanwhile, so that its requests stay as they are.")
    memo.claim_number = claim_number.strip()[:LONGEST_CLAIM]
    memo.save(update_fields=["claim_number"])
    rows = list(memo.requests.order_by("position"))
    for row in rows:
        row.text = " ".join(texts.get(row.pk, row.text).split())
        row.left_out = row.pk in left_out or not row.text
    MemoRequest.objects.bulk_update(rows, ["text", "left_out"])
    last = rows[-1].position if rows else 0
    new = [words for text in added if (words := " ".join(text.split()))]
    room = max(0, MOST_REQUESTS - len(rows))
    MemoRequest.objects.bulk_create(
        MemoRequest(memo=memo, position=last + i, text=words, **place_of(memo.text, words))
        for i, words in enumerate(new[:room], 1)
    )
    return new[room:]


def place_of(draft: str, words: str) -> dict[str, int]:
    """Where the draft has the words, if it has them."""
    start = draft.lower().find(words.lower())
    return {} if start < 0 else {"start": start, "end": start + len(words)}


@transaction.atomic
def make(memo: Memo) -> Memo:
    """Works the memo out and freezes it as of now.

    Raises:
        CannotMake: it has no request, or one that is too long.
    """
    memo = Memo.objects.select_for_update().get(pk=memo.pk)
    if memo.made_at:
        return memo
    rows = list(memo.requests.filter(left_out=False).order_by("position"))
    check_requests(rows)
    today = timezone.localdate()
    with current_index():  # all figures are of one state
        outcomes = [research(row.text) for row in rows]
        mentions = {one.start: one.mentions for one in find_requests(memo.text)}
        asked = [
            AskedFor(i, mentions_of(row, mentions), outcome)
            for i, (row, outcome) in enumerate(zip(rows, outcomes, strict=True), 1)
        ]
        repeats = [
            one
            for i, row in enumerate(rows, 1)
            for one in find_repeats(memo.claim_number, i, request_of_text(row.text), today)
        ]
        found = Findings(basis_now(), tuple(repeats), check_draft(memo.text, asked))
    freeze(memo, rows, outcomes, found)
    return memo


def check_requests(rows: Sequence[MemoRequest]) -> None:
    if not rows:
        raise CannotMake("Name at least one treatment request.")
    for row in rows:
        if len(row.text) > LONGEST_REQUEST:
            raise CannotMake(
                f"Request {row.position} has {len(row.text):,} characters; at most"
                f" {LONGEST_REQUEST:,} are read. Keep the treatment alone."
            )


def mentions_of(row: MemoRequest, found: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    if row.start is None:
        return ()
    return found.get(row.start, (row.start,))


def freeze(
    memo: Memo, rows: Sequence[MemoRequest], outcomes: Sequence[Outcome], found: Findings
) -> None:
    """Requests are numbered anew, those that were left out behind the others."""
    numbered = [*rows, *memo.requests.filter(left_out=True).order_by("position")]
    for shift in (10_000, 0):  # no two rows ever have one position
        for i, row in enumerate(numbered, 1):
            row.position = shift + i
        MemoRequest.objects.bulk_update(numbered, ["position"])
    for row, outcome in zip(rows, outcomes, strict=True):
        row.outcome = to_json(outcome)
        row.similar_decided = outcome.similar.decided
        row.similar_overturned = outcome.similar.overturned
    MemoRequest.objects.bulk_update(rows, ["outcome", "similar_decided", "similar_overturned"])
    memo.findings, memo.made_at = to_json(found), timezone.now()
    memo.save(update_fields=["findings", "made_at"])


def forget_quoted(case: Case) -> None:
    """A case that is removed for good takes its words out of memos as well."""
    number = case.case_number
    for row in MemoRequest.objects.filter(outcome__icontains=number):
        for kind in ("upheld", "overturned"):
            kept = [one for one in row.outcome.get(kind, ()) if one["case_number"] != number]
            row.outcome[kind] = kept
        row.save(update_fields=["outcome"])
    for memo in Memo.objects.filter(findings__icontains=number):
        repeats = memo.findings.get("repeats", ())
        memo.findings["repeats"] = [one for one in repeats if one["case_number"] != number]
        memo.save(update_fields=["findings"])
