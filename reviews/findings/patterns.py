"""What is found again after a packet was acknowledged: by recipient, guideline and label. Pure.

A pattern is a guideline that UR relied on where its denial was overturned, or a label that
reviewers gave. Its share is of all reviewed issues of the same recipient: before the day of the
first acknowledgement of a packet with that pattern, and after it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cases.analysis.rates import Interval, wilson_interval

Key = tuple[str, str]  # "guideline" or "label", and its name


@dataclass(frozen=True, slots=True)
class ReviewedIssue:
    """An issue of a closed review: whose denial it was, when its review was closed, when UR denied,
    and its patterns if it was overturned."""

    key: int
    recipients: tuple[Key, ...]  # ("vendor", "Sample UR"), …
    closed_on: dt.date
    denied_on: dt.date | None = None
    patterns: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A packet that was acknowledged, with the patterns of its findings and these themselves."""

    recipient: Key
    on: dt.date
    patterns: frozenset[Key]
    issues: frozenset[int]


@dataclass(frozen=True, slots=True)
class Share:
    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        return wilson_interval(self.hits, self.of)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`again` are the issues found after the acknowledgement; of these `denied_after` were denied
    after it too, so that UR knew."""

    recipient: Key
    kind: str
    name: str
    since: dt.date
    before: Share
    after: Share
    denied_after: int
    again: tuple[int, ...] = field(default=())


def patterns_after(
    acknowledged: Iterable[Acknowledged], issues: Iterable[ReviewedIssue]
) -> list[Pattern]:
    """Those found again most often first."""
    first: dict[tuple[Key, Key], dt.date] = {}
    told: dict[Key, set[int]] = defaultdict(set)
    for packet in acknowledged:
        told[packet.recipient] |= packet.issues
        for pattern in packet.patterns:
            at = (packet.recipient, pattern)
            first[at] = min(packet.on, first.get(at, packet.on))
    of_recipient: dict[Key, list[ReviewedIssue]] = defaultdict(list)
    for issue in issues:
        for recipient in issue.recipients:
            of_recipient[recipient].append(issue)
    found = [
        pattern_since(at, since, of_recipient[at[0]], told[at[0]]) for at, since in first.items()
    ]
    return sorted(found, key=lambda one: (-one.after.hits, one.recipient, one.kind, one.name))


def pattern_since(
    at: tuple[Key, Key], since: dt.date, issues: Iterable[ReviewedIssue], told: set[int]
) -> Pattern:
    recipient, (kind, name) = at
    before, after = split(issues, since, told)
    again = [issue for issue in after if (kind, name) in issue.patterns]
    return Pattern(
        recipient,
        kind,
        name,
        since,
        Share(sum((kind, name) in issue.patterns for issue in before), len(before)),
        Share(len(again), len(after)),
        sum(issue.denied_on is not None and issue.denied_on > since for issue in again),
        tuple(issue.key for issue in again),
    )


def split(
    issues: Iterable[ReviewedIssue], since: dt.date, told: set[int]
) -> tuple[list[ReviewedIssue], list[ReviewedIssue]]:
    """What was found until then, all that the packets told of included, and what came later."""
    before: list[ReviewedIssue] = []
    after: list[ReviewedIssue] = []
    for issue in issues:
        (before if issue.key in told or issue.closed_on < since else after).append(issue)
    return before, after


def names_of(kind: str, names: Iterable[str]) -> Iterator[Key]:
    return ((kind, name) for name in names)
