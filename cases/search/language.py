"""The search language: text → a tree of what to look for. Pure: no Django, no database.

    lumbar epidural            both words, anywhere in the case
    "work conditioning"        these words one after another
    norco OR tramadol          either; NOT x, or -x, leaves out
    inject*                    words that start with this
    request:norco              a word of one field; request:(a OR b), request:"a b"
    decision:overturned        a fact

Words are compared without case and without accents. Words side by side must all be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

MOST_TERMS = 50
DEEPEST = 20
WORD = re.compile(r"[^\W_]+")


class FoldTable(dict):
    """Maps one character to one: lower case, without its accent."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0].lower()
        self[code] = base if len(base) == 1 else character
        return self[code]


FOLD_TABLE = FoldTable()


def normalize(text: str) -> str:
    """The text with ligatures and composed characters in one form, as offsets count in it."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """A normal text as it is compared; as long as the text itself."""
    return text.lower() if text.isascii() else text.translate(FOLD_TABLE)


def tokens(text: str) -> list[str]:
    return WORD.findall(fold(normalize(text)))


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several in a row; `prefix` lets the last one go on. In any of the columns.
    `exact` ones were put in quotation marks: they are found as they are written."""

    columns: tuple[str, ...]
    tokens: tuple[str, ...]
    prefix: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """A number of the row is within these bounds, both included; None is no bound. A row without
    one does not match."""

    column: str
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The rows of these keys, in the space (cases.index) that the question is put to."""

    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class NamedCitation:
    """A citation of "other" evidence of exactly this name, by one of the sides where some are
    given."""

    name: str
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnPage:
    """A citation of this page."""

    page: int


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Fact | Between | OneOf | NamedCitation | OnPage | And | Or | Not
EVERYTHING = And(())


@dataclass(frozen=True, slots=True)
class Scopes:
    """What can stand before a colon. `columns`: fields of text; `facts`: known values."""

    columns: Mapping[str, tuple[str, ...]]
    facts: dict[str, tuple[str, ...]]
    everywhere: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [*self.columns, *self.facts]


class QueryError(ValueError):
    """A query that can't be understood: why, and which characters of it are meant."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True)
class Lexeme:
    kind: str  # ( ) phrase word scope - AND OR NOT end
    text: str
    start: int
    end: int


LEXEMES = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\))
      | "(?P<phrase>[^"]*)(?P<closed>"?)(?P<star>\*?)
      | (?P<minus>-)(?=[^\s)])
      | (?P<scope>[A-Za-z_]{2,}):
      | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


def lexemes(query: str) -> list[Lexeme]:
    found, at = [], 0
    while match := LEXEMES.match(query, at):
        kind = match.lastgroup
        assert kind  # every alternative of LEXEMES is a named group
        if kind in ("closed", "star"):
            kind = "phrase"
        start, at = match.start(kind), match.end()
        text = match[kind]
        if kind == "phrase":
            start -= 1
            if not match["closed"]:
                raise QueryError("This quotation mark is not closed.", start, at)
            text += match["star"]
        elif kind == "word" and text in ("AND", "OR", "NOT"):
            kind = text
        found.append(Lexeme(kind, text, start, at))
    found.append(Lexeme("end", "", len(query), len(query)))
    return found


def parse(query: str, scopes: Scopes) -> Node | None:
    """What a query asks for; None for an empty one.

    Raises:
        QueryError: with the place.
    """
    return Parser(query, scopes).whole() if query.strip() else None


class Parser:
    def __init__(self, query: str, scopes: Scopes) -> None:
        self.scopes = scopes
        self.left = lexemes(query)[::-1]
        self.terms = self.depth = 0

    @property
    def now(self) -> Lexeme:
        return self.left[-1]

    def whole(self) -> Node:
        found = self.either(self.scopes.everywhere)
        if self.now.kind == "close":
            raise QueryError(
                "This closing parenthesis has no opening one.", self.now.start, self.now.end
            )
        return found

    def either(self, columns: tuple[str, ...]) -> Node:
        parts = [self.all(columns)]
        while self.now.kind == "OR":
            self.left.pop()
            parts.append(self.all(columns))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all(self, columns: tuple[str, ...]) -> Node:
        parts = [self.one(columns)]
        while self.now.kind not in ("OR", "close", "end"):
            if self.now.kind == "AND":
                self.left.pop()
            parts.append(self.one(columns))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self, columns: tuple[str, ...]) -> Node:
        lexeme = self.left.pop() if self.now.kind != "end" else self.now
        match lexeme.kind:
            case "minus" | "NOT":
                return Not(self.deeper(lexeme, self.one, columns))
            case "open":
                found = self.deeper(lexeme, self.either, columns)
                if self.now.kind != "close":
                    raise QueryError("This parenthesis is not closed.", lexeme.start, lexeme.end)
                self.left.pop()
                return found
            case "scope":
                return self.scoped(lexeme)
            case "word" | "phrase":
                return self.words(lexeme, columns)
        raise QueryError(self.missing(lexeme), lexeme.start, max(lexeme.end, lexeme.start + 1))

    def missing(self, lexeme: Lexeme) -> str:
        if lexeme.kind == "end":
            return "A search term is missing at the end."
        if lexeme.kind == "close":
            return "A search term is missing before this parenthesis."
        return (
            f"A search term is missing before {lexeme.text}. To find the word itself,"
            f" type it in lowercase."
        )

    def deeper(
        self, lexeme: Lexeme, step: Callable[[tuple[str, ...]], Node], columns: tuple[str, ...]
    ) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(
                "The search is nested too deeply. Use fewer parentheses.", lexeme.start, lexeme.end
            )
        found = step(columns)
        self.depth -= 1
        return found

    def scoped(self, scope: Lexeme) -> Node:
        name = scope.text.lower()
        if name not in self.scopes.names:
            near = get_close_matches(name, self.scopes.names, 1)
            hint = f" Did you mean {near[0]}:?" if near else ""
            raise QueryError(
                f"There is no field “{scope.text}”.{hint} Fields are"
                f" {', '.join(self.scopes.names)}. To find the words themselves, put them in"
                " quotation marks.",
                scope.start,
                scope.end,
            )
        if self.now.kind not in ("word", "phrase", "open") or self.now.start != scope.end:
            raise QueryError(
                f"Type the search term right after “{scope.text}:”.", scope.start, scope.end
            )
        if name in self.scopes.facts:
            return self.fact(name, self.left.pop())
        return self.one(self.scopes.columns[name])

    def fact(self, name: str, lexeme: Lexeme) -> Node:
        values = self.scopes.facts[name]
        by_plain = {"".join(tokens(value)): value for value in values}
        value = by_plain.get("".join(tokens(lexeme.text)))
        if lexeme.kind == "open" or value is None:
            raise QueryError(f"{name}: takes one of {', '.join(values)}.", lexeme.start, lexeme.end)
        self.counted(lexeme)
        return Fact(name, value)

    def words(self, lexeme: Lexeme, columns: tuple[str, ...]) -> Node:
        prefix = lexeme.text.endswith("*")
        text = lexeme.text.removesuffix("*")
        if "*" in text and lexeme.kind == "word":
            raise QueryError("A * can only be at the end of a word.", lexeme.start, lexeme.end)
        found = tuple(tokens(text))
        if not found:
            raise QueryError(
                f"There is no letter or digit to search for in “{lexeme.text}”.",
                lexeme.start,
                lexeme.end,
            )
        self.counted(lexeme, len(found))
        return Words(columns, found, prefix, exact=lexeme.kind == "phrase")

    def counted(self, lexeme: Lexeme, number: int = 1) -> None:
        self.terms += number
        if self.terms > MOST_TERMS:
            raise QueryError(
                f"A search has at most {MOST_TERMS} words. Leave out some.",
                lexeme.start,
                lexeme.end,
            )


def required_words(node: Node | None) -> list[Words]:
    """The words that a match has, those that are only left out excepted."""
    match node:
        case Words():
            return [node]
        case And(parts) | Or(parts):
            return [one for part in parts for one in required_words(part)]
    return []
