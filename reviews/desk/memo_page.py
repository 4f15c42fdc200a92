"""A memo as its page, its print and its PDF show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from cases.analysis.rates import Interval
from cases.letters.drafts.flow import line_number, numbered_lines
from cases.lists.guideline_names import full_name
from cases.models import TURNED, Decision, Issue
from reviews.desk.outcome import Checked, Findings, NearIssue, Outcome, Tally, from_json
from reviews.models import Memo, MemoRequest

DECISIONS = dict(Decision.choices)


@dataclass(frozen=True, slots=True)
class NearShown:
    """A near issue with the address that marks its words in the letter."""

    near: NearIssue
    address: str

    @property
    def decision_words(self) -> str:
        return DECISIONS.get(self.near.decision, self.near.decision)

    @property
    def decided_on(self) -> dt.date | None:
        return dt.date.fromisoformat(self.near.decided_on) if self.near.decided_on else None


@dataclass(frozen=True, slots=True)
class CitedShare:
    """A guideline with how often MAXIMUS cited it on either side, in words and as a share."""

    name: str
    overturned: int
    upheld: int
    of_overturned: float | None
    of_upheld: float | None


@dataclass(frozen=True)
class RequestShown:
    row: MemoRequest
    outcome: Outcome
    upheld: tuple[NearShown, ...]
    overturned: tuple[NearShown, ...]

    @property
    def similar(self) -> Tally:
        return self.outcome.similar

    @property
    def line(self) -> int | None:
        start = self.row.start
        return None if start is None else line_number(self.row.memo.text, start)

    @property
    def rate(self) -> float | None:
        return self.similar.rate

    @property
    def interval(self) -> Interval | None:
        return self.similar.interval

    @cached_property
    def cited(self) -> list[CitedShare]:
        over, of = self.similar.overturned, self.similar.decided
        return [
            CitedShare(
                name_in_full(one.name),
                one.overturned,
                one.upheld,
                one.overturned / over if over else None,
                one.upheld / (of - over) if of - over else None,
            )
            for one in self.outcome.cited
        ]

    @property
    def issue(self) -> Issue | None:
        return self.row.issue

    @property
    def was_overturned(self) -> bool | None:
        """What became of it; None while nothing has."""
        if self.row.issue is None or not self.row.issue.decision:
            return None
        return self.row.issue.decision in TURNED


@dataclass(frozen=True)
class MemoShown:
    memo: Memo
    findings: Findings
    requests: tuple[RequestShown, ...]
    left_out: tuple[MemoRequest, ...]

    @property
    def problems(self) -> int:
        return self.count_of("problem")

    @property
    def notices(self) -> int:
        return self.count_of("notice")

    def count_of(self, level: str) -> int:
        return sum(one.level == level for each in self.findings.checked for one in each.findings)

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        return numbered_lines(self.memo.text)


def name_in_full(guideline: str) -> str:
    name = full_name(guideline)
    return name[:1].upper() + name[1:]


def shown_memo(memo: Memo) -> MemoShown:
    rows = list(memo.requests.select_related("issue__case").order_by("position"))
    for row in rows:
        row.memo = memo
    kept = [row for row in rows if not row.left_out]
    outcomes = [from_json(Outcome, row.outcome) for row in kept]
    words = rationales_of(near for one in outcomes for near in (*one.upheld, *one.overturned))
    return MemoShown(
        memo,
        from_json(Findings, memo.findings),
        tuple(shown_request(*pair, words) for pair in zip(kept, outcomes, strict=True)),
        tuple(row for row in rows if row.left_out and row.text),
    )


def shown_request(
    row: MemoRequest, outcome: Outcome, words: Mapping[tuple[str, int], str]
) -> RequestShown:
    return RequestShown(
        row,
        outcome,
        tuple(NearShown(one, address_of(one, words)) for one in outcome.upheld),
        tuple(NearShown(one, address_of(one, words)) for one in outcome.overturned),
    )


def rationales_of(near: Iterable[NearIssue]) -> dict[tuple[str, int], str]:
    """As they stand now, by case number and position; a case that is gone has none."""
    wanted = {(one.case_number, one.position) for one in near}
    numbers = {number for number, _ in wanted}
    rows = Issue.objects.filter(case__case_number__in=numbers).order_by()
    found = rows.values_list("case__case_number", "position", "rationale")
    return {(number, at): text for number, at, text in found if (number, at) in wanted}


def address_of(near: NearIssue, words: Mapping[tuple[str, int], str]) -> str:
    """Of the words in the letter while they stand as they did, else of the whole rationale."""
    text = words.get((near.case_number, near.position))
    if text is None:
        return ""
    said = near.reason or near.conclusion
    show = f"issue-{near.position}-rationale"
    if near.end > near.start and text[near.start : near.end].startswith(said):
        show = f"{show}-{near.start}-{near.end}"
    return f"{reverse('case', args=[near.case_number])}?show={show}#issue-{near.position}"


def marked_lines(memo: MemoShown) -> Iterator[tuple[int, str, bool]]:
    """The lines of the draft, and whether something was found on each."""
    found = {one.line for one in memo.findings.checked if is_found(one)}
    return ((number, line, number in found) for number, line in memo.lines)


def is_found(one: Checked) -> bool:
    return any(finding.level != "fine" for finding in one.findings)
