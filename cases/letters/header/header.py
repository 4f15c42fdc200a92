"""The header block, read by position.

Labels and values stand in two columns whose last rows wrap, so the order of the words on the
page is no guide. Each value goes to the label that is nearest in the way people read: to the right
on the same line first, else just below or next in order. Every value is given once, closest pairs
first, so a label whose value was blanked out gets nothing.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cases.letters.header.dates import DATE, MONTH, date_of
from cases.letters.header.labels import Label, Token, cell_below, read_labels
from cases.letters.model import Field, Span
from cases.letters.reading.lines import Line

Kind = Literal["date", "case_number", "priority", "other"]

KINDS: dict[str, Kind] = {"case_number": "case_number", "priority": "priority", "": "other"}
PRIORITIES = {"standard": "Standard", "expedited": "Expedited", "regular": "Standard"}
CASE_NUMBER = re.compile(r"\bCM\s?(\d{2})\s?[-–]?\s?(\d{7})(?!\d)", re.IGNORECASE)
# A case number, a date in figures or one that begins with its month.
VALUE_START = re.compile(rf"\W*(?:CM|\d|{MONTH})", re.IGNORECASE)
LOWEST = 3.2  # type sizes that a value stands below its label at most
MOST_VALUE_WORDS = 4
FAR = 1e9


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    value: str | dt.date
    tokens: tuple[Token, ...]


def normal_case_number(match: re.Match[str]) -> str:
    return f"CM{match[1]}-{match[2]}"


def read_header(lines: Sequence[Line]) -> dict[str, Field]:
    """The labelled values of these lines; fields whose label or value is not there are absent."""
    return read_labelled(*read_labels(tuple(lines)))


def read_labelled(tokens: Sequence[Token], labels: Sequence[Label]) -> dict[str, Field]:
    """`read_header` for words whose labels are known."""
    spoken_for = {token.index for label in labels for token in label.tokens}
    values = find_values([token for token in tokens if token.index not in spoken_for])
    fields: dict[str, Field] = {}
    # Where two labels of one kind have a value, prose may speak of another case's below the block.
    matched = match_values(labels, values, tokens)
    for label, value in sorted(
        matched, key=lambda pair: (not pair[0].sure, pair[0].tokens[0].index)
    ):
        if label.field and label.field not in fields:
            fields[label.field] = Field(value.value, "found", spans_of(value.tokens))
    return fields


def find_values(tokens: Sequence[Token]) -> list[Value]:
    values: list[Value] = []
    used: set[int] = set()
    for i, token in enumerate(tokens):
        if token.index in used:
            continue
        value = value_at(tokens, i)
        if value:
            values.append(value)
            used |= {one.index for one in value.tokens}
    return values


def value_at(tokens: Sequence[Token], i: int) -> Value | None:
    """The value that begins with token i: a case number, a date of up to 4 words, a priority."""
    word = tokens[i].text.strip(".,;:()").lower()
    if word in PRIORITIES:
        return Value("priority", PRIORITIES[word], (tokens[i],))
    if not VALUE_START.match(tokens[i].text):
        return None
    for run in runs_from(tokens, i):
        text = " ".join(token.text for token in run)
        number = CASE_NUMBER.match(text)
        if number:
            return Value("case_number", normal_case_number(number), run)
        date = DATE.match(text)
        if date and (value := date_of(date)) and len(text) - date.end() < 3:
            return Value("date", value, run)
    return None


def runs_from(tokens: Sequence[Token], i: int) -> Iterator[tuple[Token, ...]]:
    """The words from token i on that may be one value, one word more each time: along the line,
    however far its cell's words are set apart, or wrapped in the cell."""
    run = [tokens[i]]
    for place in range(i + 1, i + MOST_VALUE_WORDS + 1):
        yield tuple(run)
        following = tokens[place] if place < len(tokens) else None
        if following is None or not follows_on_line(run[-1], following):
            following = cell_below(run, tokens[place:])
        if following is None or following in run:
            return
        run.append(following)


def follows_on_line(token: Token, following: Token) -> bool:
    return following.index == token.index + 1 and following.line == token.line


def match_values(
    labels: Sequence[Label], values: Sequence[Value], tokens: Sequence[Token]
) -> list[tuple[Label, Value]]:
    """Each value to the label it is nearest to, closest pairs first, one to one."""
    label_of = {token.index: n for n, label in enumerate(labels) for token in label.tokens}
    pairs = sorted(
        (cost, n, m)
        for n, label in enumerate(labels)
        for reach in [reach_of(label)]
        for m, value in enumerate(values)
        if KINDS.get(label.field, "date") == value.kind
        and is_within(reach, value.tokens[0])
        and (cost := distance(label, n, value, tokens, label_of)) < FAR
    )
    taken_labels: set[int] = set()
    taken_values: set[int] = set()
    matched = []
    for _, n, m in pairs:
        if n not in taken_labels and m not in taken_values:
            taken_labels.add(n)
            taken_values.add(m)
            matched.append((labels[n], values[m]))
    return matched


def distance(
    label: Label, n: int, value: Value, tokens: Sequence[Token], label_of: dict[int, int]
) -> float:
    """Right on the same line: the gap. Below or next in order: farther than any such gap."""
    first = value.tokens[0]
    beside = [token for token in label.tokens if same_row(token, first)]
    spread = label_rows(label)
    if beside or spread[0] < middle(first) < spread[1]:
        right = max(token.word.x1 for token in beside or label.tokens)
        gap = first.word.x0 - right
        if gap > -2:
            between = any(
                label_of.get(token.index, n) != n and right - 2 < token.word.x0 < first.word.x0
                for token in line_before(tokens, first)
            )
            return FAR if between else gap
    last = label.tokens[-1]
    drop = first.word.top - last.word.top
    if not 0 < drop < LOWEST * last.size:
        return FAR
    aligned = misalignment(label, value)
    if aligned < 12:
        return 1500 + drop + aligned
    in_order = first.index > last.index and all(
        label_of.get(token.index, n) == n and token.line <= first.line
        for token in tokens[last.index + 1 : first.index]
    )
    return 2000 + drop if in_order else FAR


def line_before(tokens: Sequence[Token], last: Token) -> Iterator[Token]:
    """The words before this one on its line; tokens are in reading order."""
    for place in range(last.index - 1, -1, -1):
        if tokens[place].line != last.line:
            return
        yield tokens[place]


Reach = tuple[int, float, float]  # page, top, bottom


def reach_of(label: Label) -> Reach:
    """Where a value may stand to be this label's, however the two are aligned."""
    top, bottom = label_rows(label)
    return label.tokens[0].page, top, bottom + LOWEST * label.tokens[-1].size


def is_within(reach: Reach, first: Token) -> bool:
    page, top, bottom = reach
    return first.page == page and first.word.bottom >= top and first.word.top <= bottom


def misalignment(label: Label, value: Value) -> float:
    """How far a value stands from straight under its label, by left edges or by middles."""
    edges = [
        (min(one.word.x0 for one in tokens), max(one.word.x1 for one in tokens))
        for tokens in (label.tokens, value.tokens)
    ]
    (left, right), (value_left, value_right) = edges
    return min(abs(value_left - left), abs(value_left + value_right - left - right) / 2)


def same_row(one: Token, other: Token) -> bool:
    return abs(middle(one) - middle(other)) < 0.5 * min(
        one.word.bottom - one.word.top, other.word.bottom - other.word.top
    )


def middle(token: Token) -> float:
    return (token.word.top + token.word.bottom) / 2


def label_rows(label: Label) -> tuple[float, float]:
    return (
        min(token.word.top for token in label.tokens),
        max(token.word.bottom for token in label.tokens),
    )


def spans_of(tokens: Sequence[Token]) -> tuple[Span, ...]:
    """One a line, for between the lines of a cell stand those of other cells."""
    return tuple(span_of(list(row)) for _, row in itertools.groupby(tokens, lambda one: one.line))


def span_of(row: Sequence[Token]) -> Span:
    first, last = row[0], row[-1]
    box = (
        first.word.x0,
        min(token.word.top for token in row),
        last.word.x1,
        max(token.word.bottom for token in row),
    )
    return Span(first.page, first.start, last.start + len(last.text), (box,))
