"""The labels of a header block, found as words that follow each other: along the line, down the
column of a table's cell, or round a line's end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cases.letters.model import Word
from cases.letters.reading.lines import Line

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
BEGINNINGS = frozenset(label[:end] for label in LABELS for end in range(1, len(label) + 1))
# A word up to its colon, or up to a date that a full cell leaves no space before.
PIECE = re.compile(r"[^:]*?[A-Za-z](?=\d{1,2}/\d{1,2}/\d)|[^:]*:+|[^:]+")
NO_LETTER = re.compile(r"[^a-z]")
MOST_LABEL_WORDS = 7
NEAR = 1.2  # type sizes: no wider gap parts the words of one cell, unless it is set justified


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
        return letters_of(self.text)

    @property
    def size(self) -> float:
        return self.word.size or (self.word.bottom - self.word.top)


@dataclass(frozen=True, slots=True)
class Label:
    field: str
    tokens: tuple[Token, ...]

    @property
    def sure(self) -> bool:
        """Does it close with a colon, as the words do in no sentence?"""
        return self.tokens[-1].text.endswith(":")


@lru_cache(maxsize=4096)
def letters_of(text: str) -> str:
    return NO_LETTER.sub("", text.lower())


def count_labels(lines: Sequence[Line]) -> frozenset[str]:
    """The fields whose labels, colon included, stand in these lines."""
    return sure_fields(find_labels(split_tokens(lines)))


def sure_fields(labels: Iterable[Label]) -> frozenset[str]:
    return frozenset(label.field for label in labels if label.field and label.sure)


@lru_cache(maxsize=16)  # a header block is read to part letters, and to read its values
def read_labels(lines: tuple[Line, ...]) -> tuple[tuple[Token, ...], tuple[Label, ...]]:
    """The words of these lines, and the labels among them."""
    tokens = split_tokens(lines)
    return tuple(tokens), tuple(find_labels(tokens))


def split_tokens(lines: Sequence[Line]) -> list[Token]:
    tokens: list[Token] = []
    for number, line in enumerate(lines):
        at = line.start
        for word in line.words:
            offset = 0
            for piece in PIECE.findall(word.text):
                if piece.strip(":") or not tokens:
                    part = part_of(word, offset, offset + len(piece))
                    tokens.append(Token(part, number, len(tokens), line.page, at + offset))
                elif tokens[-1].line == number:  # a colon set apart from its label
                    last = tokens[-1]
                    marked = replace(last.word, text=last.text + piece, x1=word.x1)
                    tokens[-1] = replace(last, word=marked)
                offset += len(piece)
            at += len(word.text) + 1
    return tokens


def part_of(word: Word, start: int, end: int) -> Word:
    if end - start == len(word.text):
        return word
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
    found = [
        label
        for token in tokens
        if token.letters in BEGINNINGS
        for label in labels_from(token, tokens)
    ]
    found.sort(
        key=lambda label: (
            not label.sure,
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
    return text in BEGINNINGS


def ends_label(token: Token, text: str) -> bool:
    """A label ends in a colon; the long ones are known without it too, but not in prose."""
    return token.text.endswith(":") or (len(text) > 9 and token.text[-1].isalpha())


def followers(path: Sequence[Token], tokens: Sequence[Token]) -> Iterable[Token]:
    """Where the label may go on: along the line, below in its column, or on the next line."""
    last = path[-1]
    if last.index + 1 < len(tokens):
        after = tokens[last.index + 1]
        along = after.line == last.line
        if along and after.letters and begins_label(squeeze((*path, after))):
            yield after
            if after.word.x0 - last.word.x1 < NEAR * last.size:
                return  # the cell goes on: nothing wraps here
        if after.line == last.line + 1 and after.page == last.page:
            yield after
    below = cell_below(path, tokens[last.index + 1 :])
    if below:
        yield below


def cell_below(path: Sequence[Token], tokens: Sequence[Token]) -> Token | None:
    """The word that opens the next line of the cell that these words stand in."""
    last, edge = path[-1], min(token.word.x0 for token in path)
    for other in tokens:
        if other.line > last.line + 3 or other.page != last.page:
            break
        drop = other.word.top - last.word.top
        beside = abs(other.word.x0 - edge) <= 4
        if other.line > last.line and 0.3 * last.size < drop < 2.6 * last.size and beside:
            return other
    return None
