"""The header block, read by position.

Labels and values stand in two columns whose last rows wrap, so the order of the words on the
page is no guide. Labels are found as words that follow each other (along the line, down the
column, or round a line's end); each value then goes to the label that is nearest in the way
people read: to the right on the same line first, else just below or next in order. Every value is
given once, closest pairs first, so a label whose value was blanked out gets nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .dates import DATE, date_of
from .model import Field, Span, Word
from .text import Line

Kind = Literal["date", "case_number", "priority", "other"]

# Squeezed label (letters only) → the field it labels. Sources: the letters; DOMAIN's formats.
LABELS: dict[str, str] = {
    "casenumber": "case_number",
    "imrcasenumber": "case_number",
    "maximuscasenumber": "case_number",
    "imrcaseno": "case_number",
    "caseno": "case_number",
    "dateassigned": "date_assigned",
    "assigneddate": "date_assigned",
    "dateofassignment": "date_assigned",
    "dateofinjury": "date_of_injury",
    "injurydate": "date_of_injury",
    "decisiondate": "decision_date",
    "dateofdecision": "decision_date",
    "dateofdetermination": "decision_date",
    "determinationdate": "decision_date",
    "dated": "decision_date",
    "urdenialdate": "ur_denial_date",
    "urdecisiondate": "ur_denial_date",
    "dateofurdecision": "ur_denial_date",
    "dateofurdenial": "ur_denial_date",
    "utilizationreviewdenialdate": "ur_denial_date",
    "dateofutilizationreviewdecision": "ur_denial_date",
    "priority": "priority",
    "applicationreceived": "application_received",
    "imrapplicationreceived": "application_received",
    "applicationreceiveddate": "application_received",
    "dateapplicationreceived": "application_received",
    "dateofapplication": "application_received",
    "employee": "",
    "employer": "",
    "claimnumber": "",
    "claimsadministrator": "",
    "provider": "",
    "providername": "",
    "dateofbirth": "",
}
KINDS: dict[str, Kind] = {"case_number": "case_number", "priority": "priority", "": "other"}
PRIORITIES = {"standard": "Standard", "expedited": "Expedited", "regular": "Standard"}
CASE_NUMBER = re.compile(r"\bCM\s?(\d{2})\s?[-–]?\s?(\d{7})(?!\d)", re.IGNORECASE)
MOST_LABEL_WORDS = 7
FAR = 1e9


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or the part of one before or after a colon, with its place in the page's text."""

    word: Word
    line: int
    index: int  # in reading order
    page: int
    start: int

    @property
    def text(self) -> str:
        return self.word.text

    @property
    def letters(self) -> str:
        return re.sub(r"[^a-z]", "", self.text.lower())

    @property
    def size(self) -> float:
        return self.word.size or (self.word.bottom - self.word.top)


@dataclass(frozen=True, slots=True)
class Label:
    field: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    value: str | dt.date
    tokens: tuple[Token, ...]


def normal_case_number(match: re.Match[str]) -> str:
    return f"CM{match[1]}-{match[2]}"


def read_header(lines: Sequence[Line]) -> dict[str, Field]:
    """The labelled values of these lines; fields whose label or value is not there are absent."""
    tokens = split_tokens(lines)
    labels = find_labels(tokens)
    spoken_for = {token.index for label in labels for token in label.tokens}
    values = find_values([token for token in tokens if token.index not in spoken_for])
    fields: dict[str, Field] = {}
    for label, value in match_values(labels, values, tokens):
        if label.field and label.field not in fields:
            fields[label.field] = Field(value.value, "found", spans_of(value.tokens))
    return fields


def count_labels(lines: Sequence[Line]) -> frozenset[str]:
    """The fields whose labels, colon included, stand in these lines."""
    labels = find_labels(split_tokens(lines))
    return frozenset(
        label.field for label in labels if label.field and label.tokens[-1].text.endswith(":")
    )


def split_tokens(lines: Sequence[Line]) -> list[Token]:
    tokens: list[Token] = []
    for number, line in enumerate(lines):
        at = line.start
        for word in line.words:
            offset = 0
            for piece in re.findall(r"[^:]*:+|[^:]+", word.text):
                if piece.strip(":") or not tokens:
                    part = part_of(word, offset, offset + len(piece))
                    tokens.append(Token(part, number, len(tokens), line.page, at + offset))
                elif tokens[-1].line == number:  # a colon set apart from its label
                    last = tokens[-1]
                    marked = Word(
                        last.text + piece,
                        last.word.x0,
                        last.word.top,
                        word.x1,
                        last.word.bottom,
                        last.word.font,
                        last.word.size,
                    )
                    tokens[-1] = Token(marked, last.line, last.index, last.page, last.start)
                offset += len(piece)
            at += len(word.text) + 1
    return tokens


def part_of(word: Word, start: int, end: int) -> Word:
    width = (word.x1 - word.x0) / max(len(word.text), 1)
    return Word(
        word.text[start:end],
        word.x0 + start * width,
        word.top,
        word.x0 + end * width,
        word.bottom,
        word.font,
        word.size,
    )


def find_labels(tokens: Sequence[Token]) -> list[Label]:
    """Labels with their colon first, those on one line before wrapped ones, then the longest;
    no word in two of them."""
    found = [label for token in tokens for label in labels_from(token, tokens)]
    found.sort(
        key=lambda label: (
            not label.tokens[-1].text.endswith(":"),
            label.tokens[0].line != label.tokens[-1].line,
            -len(squeeze(label.tokens)),
            looseness(label),
        )
    )
    taken: set[int] = set()
    kept = []
    for label in found:
        indexes = {token.index for token in label.tokens}
        if not indexes & taken:
            taken |= indexes
            kept.append(label)
    return sorted(kept, key=lambda label: label.tokens[0].index)


def squeeze(tokens: Iterable[Token]) -> str:
    return "".join(token.letters for token in tokens)


def looseness(label: Label) -> float:
    """How far its words stand apart: of two ways to make a label the tighter one is meant."""
    return sum(
        abs(after.word.x0 - before.word.x1) + 10 * abs(after.word.top - before.word.top)
        for before, after in zip(label.tokens, label.tokens[1:], strict=False)
    )


def labels_from(token: Token, tokens: Sequence[Token]) -> list[Label]:
    """Every label that begins with this token."""
    found: list[Label] = []
    open_paths: list[tuple[Token, ...]] = [(token,)]
    while open_paths:
        path = open_paths.pop()
        text = squeeze(path)
        if not begins_label(text):
            continue
        if text in LABELS and ends_label(path[-1], text):
            found.append(Label(LABELS[text], path))
        if len(path) < MOST_LABEL_WORDS and not path[-1].text.endswith(":"):
            open_paths.extend((*path, following) for following in followers(path, tokens))
    return found


def begins_label(text: str) -> bool:
    return bool(text) and any(label.startswith(text) for label in LABELS)


def ends_label(token: Token, text: str) -> bool:
    """A label ends in a colon; the long ones are known without it too, but not in prose."""
    return token.text.endswith(":") or (len(text) > 9 and token.text[-1].isalpha())


def followers(path: Sequence[Token], tokens: Sequence[Token]) -> Iterable[Token]:
    """Where the label may go on: along the line, below in its column, or on the next line."""
    first, last = path[0], path[-1]
    if last.index + 1 < len(tokens):
        after = tokens[last.index + 1]
        gap = after.word.x0 - last.word.x1
        beside = after.line == last.line and gap < 1.2 * last.size
        if beside and after.letters and begins_label(squeeze((*path, after))):
            yield after  # the cell goes on: nothing wraps here
            return
        if after.line == last.line + 1 and after.page == last.page:
            yield after
    for other in tokens[last.index + 1 :]:
        if other.line > last.line + 3 or other.page != last.page:
            break
        drop = other.word.top - last.word.top
        beside = abs(other.word.x0 - column_edge(first, path)) <= 4
        if other.line > last.line and 0.3 * last.size < drop < 2.6 * last.size and beside:
            yield other
            return  # the cell's next line is the nearest one below


def column_edge(first: Token, path: Sequence[Token]) -> float:
    return min(token.word.x0 for token in path) if path else first.word.x0


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
    for count in (1, 2, 3, 4):
        run = neighbours(tokens, i, count)
        if run is None:
            return None
        text = " ".join(token.text for token in run)
        number = CASE_NUMBER.match(text)
        if number:
            return Value("case_number", normal_case_number(number), run)
        date = DATE.match(text)
        if date and (value := date_of(date)) and len(text) - date.end() < 3:
            return Value("date", value, run)
    return None


def neighbours(tokens: Sequence[Token], i: int, count: int) -> tuple[Token, ...] | None:
    """`count` tokens from the i-th on that stand close on one line, or wrapped in one column."""
    run = [tokens[i]]
    for token in tokens[i + 1 : i + count]:
        last = run[-1]
        along = token.line == last.line and token.word.x0 - last.word.x1 < 1.2 * last.size
        if not along:
            return None
        run.append(token)
    return tuple(run) if len(run) == count else None


def match_values(
    labels: Sequence[Label], values: Sequence[Value], tokens: Sequence[Token]
) -> list[tuple[Label, Value]]:
    """Each value to the label it is nearest to, closest pairs first, one to one."""
    label_of = {token.index: n for n, label in enumerate(labels) for token in label.tokens}
    pairs = sorted(
        (cost, n, m)
        for n, label in enumerate(labels)
        for m, value in enumerate(values)
        if KINDS.get(label.field, "date") == value.kind
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
    if first.page != label.tokens[0].page:
        return FAR
    beside = [token for token in label.tokens if same_row(token, first)]
    spread = label_rows(label)
    if beside or spread[0] < middle(first) < spread[1]:
        right = max(token.word.x1 for token in beside or label.tokens)
        gap = first.word.x0 - right
        if gap > -2:
            between = any(
                label_of.get(token.index, n) != n
                and same_row(token, first)
                and right - 2 < token.word.x0 < first.word.x0
                for token in tokens
            )
            return FAR if between else gap
    last = label.tokens[-1]
    drop = first.word.top - last.word.top
    if not 0 < drop < 3.2 * last.size:
        return FAR
    aligned = misalignment(label, value)
    if aligned < 12:
        return 1500 + drop + aligned
    in_order = first.index > last.index and all(
        label_of.get(token.index, n) == n and token.line <= first.line
        for token in tokens[last.index + 1 : first.index]
    )
    return 2000 + drop if in_order else FAR


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
    first, last = tokens[0], tokens[-1]
    box = (
        first.word.x0,
        min(token.word.top for token in tokens),
        last.word.x1,
        max(token.word.bottom for token in tokens),
    )
    return (Span(first.page, first.start, last.start + len(last.text), (box,)),)
