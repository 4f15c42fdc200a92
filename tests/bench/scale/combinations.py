"""Random combinations of filters and words, each with the rows that it selects.

Most values are taken from one row of the list, so that few combinations select nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

import numpy as np

from .terms import PHRASES, PREFIXES, WORDS, Terms
from .truth import LISTS, Truth, as_list, moment_as_ordinal

Drawn = tuple[list[tuple[str, str]], np.ndarray]
SHARES = {"cases": 32, "issues": 32, "citations": 14, "reviews": 8, "documents": 6}
SHARES["annotations"] = 8
SIDES = {"": ["claims", "maximus"]} | {one: [one] for one in ("claims", "maximus", "rationale")}
TRIES = 4
PAGES = (49, 51, 86, 91, 119, 120, 121, 301, 9999)
CASE, REQUEST = LISTS["filters"]["case"], LISTS["filters"]["request"]
SHARED = {"cases": CASE + REQUEST, "issues": CASE + REQUEST, "citations": CASE}
FILTERS = {
    of: {
        line.split()[0]: line.split()[1:]
        for line in (SHARED.get(of, "") + LISTS["filters"][of]).splitlines()
        if line
    }
    for of in SHARES
}
# The search line's scopes, and the filters whose values are facts.
BOTH = LISTS["scopes"]["both"]
SCOPES = {
    "cases": LISTS["scopes"]["cases"] | BOTH,
    "issues": LISTS["scopes"]["issues"] | BOTH,
    "annotations": LISTS["scopes"]["annotations"],
}
SAME = "decision category subcategory edition source verdict priority flag year annotated"
FACTS = {name: name for name in f"{SAME} review target resolved unplaced".split()}
FACTS["body"] = "body_part"
YEAR = {"year": ["one", "cases.year"]}  # a fact, but no filter


@dataclass(frozen=True, slots=True)
class Combination:
    of: str
    query: str
    selection: np.ndarray

    @property
    def number(self) -> int:
        return int(self.selection.sum())


@dataclass(slots=True)
class Draw:
    """The list that a combination is for, and the row of it that values are taken from."""

    truth: Truth
    terms: Terms
    rng: Random
    of: str
    row: int

    def filter(self, name: str) -> Drawn:
        """A random value of a filter: its parameters, and the rows that it selects, mostly the
        row among them."""
        kind, *looked_at = FILTERS[self.of][name]
        for _ in range(TRIES):
            pairs, rows = getattr(self, kind)(name, *looked_at)
            if rows[self.row]:
                break
        return pairs, rows

    def any(self, name: str, column: str, most: int = 2) -> Drawn:
        table = column.split(".")[0]
        values = {self.value(*column.split(".")) for _ in range(self.rng.randint(1, most))}
        rows = self.truth.having(*column.split("."), values)
        return [(name, one) for one in sorted(values)], self.carried(rows, table, name)

    def one(self, name: str, column: str) -> Drawn:
        return self.any(name, column, 1)

    def yes(self, name: str, column: str) -> Drawn:
        table, column = column.split(".")
        return self.yes_or_no(name, self.carried(self.truth.columns[table, column], table))

    def annotated(self, name: str) -> Drawn:
        every = np.ones(self.truth.length("annotations"), bool)
        return self.yes_or_no(name, self.truth.annotated(every, self.of))

    def overdue(self, name: str) -> Drawn:
        today = moment_as_ordinal(dt.datetime.now(dt.UTC))
        late = self.truth.columns["reviews", "due_on"] < today
        unread = self.truth.having("reviews", "state", ["unassigned", "in_review"])
        return self.yes_or_no(name, late & unread)

    def yes_or_no(self, name: str, rows: np.ndarray) -> Drawn:
        yes = self.rng.random() < 0.5
        return [(name, "true" if yes else "false")], rows if yes else ~rows

    def days(self, name: str, column: str) -> Drawn:
        table, column = column.split(".")
        dates = self.truth.columns[table, column]
        some = [int(dates[self.rng.randrange(len(dates))]) for _ in range(2)]
        low, high = (dt.date.fromordinal(day or 735_600) for day in sorted(some))
        ends = {"after": low, "before": high}
        for end in self.rng.choice(([], ["after"], ["before"])):
            del ends[end]
        rows = (dates > 0) & (dates >= ends.get("after", dt.date.min).toordinal())
        rows &= dates <= ends.get("before", dt.date.max).toordinal()
        pairs = [(f"{name}_{end}", day.isoformat()) for end, day in ends.items()]
        return pairs, self.carried(rows, table)

    def words(self, name: str, *fields: str) -> Drawn:
        whole, beginnings = map(str.split, LISTS["pools"][fields[0]])
        asked = self.rng.sample(whole, self.rng.choice((0, 0, 1)))
        asked.append(f"{self.rng.choice(beginnings)}*")
        rows = np.logical_and.reduce([self.with_term(fields, term, name) for term in asked])
        return [(name, " ".join(asked).removesuffix("*"))], rows

    def page(self, name: str) -> Drawn:
        page = self.rng.choice(PAGES)
        cited = self.truth.select("SELECT id, pages FROM cases_citation WHERE pages <> '[]'")
        keys = [key for key, ranges in cited if any(a <= page <= b for a, b in as_list(ranges))]
        return [(name, str(page))], np.isin(self.truth.columns["citations", "id"], keys)

    def search(self, name: str) -> Drawn:
        """Terms and facts side by side, or any of them."""
        either = self.rng.random() < 0.3
        text, rows = self.operand()
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            more, found = self.group() if self.rng.random() < 0.2 else self.operand()
            text += f" OR {more}" if either else f" {more}"
            rows = rows | found if either else rows & found
        return [(name, text)], rows

    def group(self) -> tuple[str, np.ndarray]:
        (one, rows), (other, more) = self.operand(), self.operand()
        return f"({one} OR {other})", rows | more

    def operand(self) -> tuple[str, np.ndarray]:
        text, rows = self.fact() if self.rng.random() < 0.2 else self.term()
        if self.rng.random() < 0.2:
            return f"{self.rng.choice(('-', 'NOT '))}{text}", ~rows
        return text, rows

    def term(self) -> tuple[str, np.ndarray]:
        scopes = SCOPES[self.of]
        scope = self.rng.choice([*scopes]) if self.rng.random() < 0.4 else "everywhere"
        kinds = (WORDS, WORDS, [f"{one}*" for one in PREFIXES], [f'"{one}"' for one in PHRASES])
        term = self.rng.choice(self.rng.choice(kinds))
        rows = self.with_term(scopes[scope].split(), term, scope)
        return f"{scope}:{term}".removeprefix("everywhere:"), rows

    def fact(self) -> tuple[str, np.ndarray]:
        """A value of one of the list's filters, as the search line has it."""
        filters = FILTERS[self.of] | YEAR if "flag" in FILTERS[self.of] else FILTERS[self.of]
        name = self.rng.choice([one for one in FACTS if FACTS[one] in filters])
        kind, *column = filters[FACTS[name]]
        pairs, rows = getattr(self, kind)(FACTS[name], *column)
        if len(pairs) > 1 or pairs[0][1] == "false":
            return self.fact()
        return f"{name}:{pairs[0][1]}", rows

    def with_term(self, fields: Sequence[str], term: str, name: str) -> np.ndarray:
        """Rows with a term in any of the fields."""
        found = np.zeros(self.truth.length(self.of), bool)
        for field in fields:
            table, rows = field.split(".")[0], self.terms.rows(field, term)
            if table == "annotations" and self.of in ("cases", "issues"):
                found |= self.truth.annotated(rows, self.of)
            else:
                found |= self.carried(rows, table, name)
        return found

    def carried(self, rows: np.ndarray, table: str, name: str = "") -> np.ndarray:
        """Rows of the list. Of citations those of one side, as the filter's name begins; those
        within a rationale count only where words are looked for anywhere."""
        if table == "citations" and self.of != "citations" and name != "everywhere":
            side = name.split("_")[0]
            rows = rows & self.truth.having(table, "side", SIDES[side if side in SIDES else ""])
        return self.truth.carry(rows, table, self.of)

    def value(self, table: str, column: str) -> str:
        """Mostly one that belongs to the row."""
        texts = self.truth.columns[table, column]
        mine = self.truth.selection(self.of, np.array([self.row]))
        rows = np.flatnonzero(self.truth.carry(mine, self.of, table))
        own = texts.codes[np.isin(texts.rows, rows)] if self.rng.random() < 0.8 else ()
        names = sorted({texts.names[code] for code in own} - {""})
        return self.rng.choice(names or [one for one in texts.names if one] or ["none"])


def combinations(truth: Truth, terms: Terms, seed: int, number: int) -> Iterator[Combination]:
    rng = Random(seed)
    for of in rng.choices([*SHARES], [*SHARES.values()], k=number):
        yield combined(Draw(truth, terms, rng, of, rng.randrange(truth.length(of))))


def combined(draw: Draw) -> Combination:
    """None to four filters, and where there is a search line, every second time one of words."""
    names = [name for name in FILTERS[draw.of] if name != "q"]
    chosen = draw.rng.sample(names, draw.rng.choice((0, 1, 1, 2, 2, 3, 4)))
    chosen += ["q"] * (draw.rng.random() < 0.5)
    selection = np.ones(draw.truth.length(draw.of), bool)
    if draw.of == "annotations" and "deleted" not in chosen:
        selection = ~draw.truth.columns["annotations", "deleted"]
    pairs = []
    for name in chosen:
        more, rows = draw.filter(name)
        pairs += more
        selection = selection & rows
    return Combination(draw.of, urlencode(pairs), selection)
