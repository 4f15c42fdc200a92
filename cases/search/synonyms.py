"""Synonyms: a word of a search also finds what means the same. Pure: no Django, no database.

A term is a word or several in a row. Abbreviations and the phrases they stand for find each other;
a drug's brand finds the substance, and the substance its brands, but not one brand another. The
terms come from the catalogue of requests and that of drugs; synonyms.toml adds what they lack.

What stands in quotation marks, ends in * or is left out (NOT x, -x) is taken as written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cases.letters.requests.request_words import DRUGS, PHRASES, singular
from cases.letters.requests.treatment_rules import CLASSES
from cases.search.language import And, Node, Or, Words, tokens

MOST_ALTERNATIVES = 12
NOT_WIDENED = frozenset({"number", "name", "reviewer"})
WHERE_AMBIGUOUS = "request"  # the column in which an ambiguous abbreviation is found
PLURAL = re.compile(r"[a-z]{3,}s")  # of an abbreviation: MRIs
LEAST_OPEN = 4  # letters of a phrase's last word that may go on, for the plural

Term = tuple[str, ...]  # its words as the index has them
Relations = dict[Term, dict[Term, None]]  # term → what it finds as well; a dict keeps the order


def term(text: str) -> Term:
    return tuple(tokens(text))


MORE = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text())
NOT_ALIKE = frozenset(map(term, MORE["not_alike"]))
LEFT_OUT = frozenset(map(term, MORE["left_out"]))
AMBIGUOUS = frozenset(map(term, MORE["ambiguous"]))


def is_part_of(one: Term, other: Term) -> bool:
    """Whether the words of one stand in the other: whatever finds the other finds that one."""
    return any(other[at : at + len(one)] == one for at in range(len(other) - len(one) + 1))


def relate(relations: Relations, one: Term, other: Term) -> None:
    """Lets `one` find `other`, unless one holds the other."""
    if not is_part_of(one, other) and not is_part_of(other, one):
        relations.setdefault(one, {})[other] = None


def synonym_groups(phrases: Mapping[str, str]) -> list[list[Term]]:
    """The terms that mean the same, each list with the meaning first."""
    found: dict[Term, dict[Term, None]] = {}
    for phrase, meaning in phrases.items():
        one, other = term(phrase), term(meaning)
        if other not in NOT_ALIKE and one not in LEFT_OUT and not is_part_of(other, one):
            found.setdefault(other, {other: None})[one] = None
    return [list(ring) for ring in found.values()]


def brands(listed: str) -> Iterator[tuple[Term, Term]]:
    """Pairs of substance and brand from lines of "substance: brand, brand"."""
    for line in listed.splitlines():
        substances, _, names = line.partition(":")
        substance = term(substances.rpartition(",")[2])
        for name in map(term, names.split(",")):
            if name and substance and name not in LEFT_OUT:
                yield substance, name


def all_brands() -> Iterator[tuple[Term, Term]]:
    """Of every drug; those that requests name most often come first."""
    for brand, substance in DRUGS.items():
        yield term(substance), term(brand)
    for substance, names in MORE["brands"].items():
        yield from ((term(substance), term(name)) for name in names)
    for table in CLASSES.values():
        for key in ("names", "adjuncts"):
            yield from brands(table.get(key, ""))


def build_relations() -> Relations:
    relations: Relations = {}
    for ring in synonym_groups(PHRASES | MORE["phrases"]):
        for one in ring:
            for other in ring:
                relate(relations, one, other)
    for wide, narrow in MORE["narrower"].items():
        for one in (term(wide), *relations.get(term(wide), ())):
            for other in narrow:
                relate(relations, one, term(other))
    for substance, brand in all_brands():
        relate(relations, substance, brand)
        relate(relations, brand, substance)
    return relations


def limit_alternatives(found: Iterable[Term]) -> tuple[Term, ...]:
    """At most so many, without those that another of them finds anyway."""
    terms = list(found)
    needed = [
        one for one in terms if not any(other != one and is_part_of(other, one) for other in terms)
    ]
    return tuple(needed[:MOST_ALTERNATIVES])


ALTERNATIVES = {one: limit_alternatives(found) for one, found in build_relations().items()}
LONGEST = max(map(len, ALTERNATIVES))


def known_form(words: Term) -> Term | None:
    """The term as it is known: itself, or its singular."""
    last = words[-1]
    for form in (last, singular(last), last[:-1] if PLURAL.fullmatch(last) else last):
        if (*words[:-1], form) in ALTERNATIVES:
            return (*words[:-1], form)
    return None


def alternatives(words: Term) -> tuple[Term, ...]:
    """What a term finds as well; none for a term without synonyms."""
    known = known_form(words)
    if known is None:
        return ()
    found = ALTERNATIVES[known]
    return found if known == words else (known, *found)[:MOST_ALTERNATIVES]


def with_synonyms(node: Node) -> Node:
    """The search with every term widened to an Or of itself and its alternatives.

    Whatever matches the node matches the result. What was widened is marked as exact, so a second
    time changes nothing.
    """
    match node:
        case Words():
            return widened_run((node,))
        case And(parts):
            return widened_all(parts, LONGEST)
        case Or(parts):
            return Or(tuple(map(with_synonyms, parts)))
    return node


def widened(node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each term of a search that has alternatives, with these: (("mri", ("magnetic …",)),)."""
    found: dict[str, tuple[str, ...]] = {}
    for run in known_runs(node):
        added = (" ".join(one.tokens) for one in alternative_words(run))
        found.setdefault(" ".join(term_of(run)), tuple(added))
    return tuple(found.items())


def widened_all(parts: tuple[Node, ...], most: int) -> Node:
    found = tuple(widened_run(run) for run in runs(parts, most))
    return found[0] if len(found) == 1 else And(found)


def widened_run(run: tuple[Node, ...]) -> Node:
    """A run of words or one other node. Shorter terms within a run are widened too: of "lumbar
    epidural steroid injection" the last three."""
    if not isinstance(run[0], Words):
        return with_synonyms(run[0])
    added = alternative_words(run)
    if not added:
        return run[0]
    written = run[0] if len(run) == 1 else widened_all(run, len(run) - 1)
    return Or((as_written(written), *added))


def as_written(node: Node) -> Node:
    match node:
        case Words():
            return replace(node, exact=True)
        case And(parts) | Or(parts):
            return type(node)(tuple(map(as_written, parts)))
    return node


def known_runs(node: Node, most: int = LONGEST) -> Iterator[tuple[Node, ...]]:
    """The runs of words that have alternatives, from left to right."""
    match node:
        case Words() if is_known((node,)):
            yield (node,)
        case And(parts):
            for run in runs(parts, most):
                if len(run) == 1:
                    yield from known_runs(run[0])
                else:
                    yield run
                    yield from known_runs(And(run), len(run) - 1)
        case Or(parts):
            for part in parts:
                yield from known_runs(part)


def runs(parts: tuple[Node, ...], most: int) -> Iterator[tuple[Node, ...]]:
    """The parts of an And one by one, but those that make up a known term of at most so many
    parts together; the longest term wins."""
    at = 0
    while at < len(parts):
        sizes = range(min(most, len(parts) - at), 1, -1)
        size = next((n for n in sizes if is_known(parts[at : at + n])), 1)
        yield parts[at : at + size]
        at += size


def is_known(run: tuple[Node, ...]) -> bool:
    return bool(alternative_words(run))


def alternative_words(run: tuple[Node, ...]) -> tuple[Words, ...]:
    """What a run of words finds as well, in the same columns."""
    words = words_of(run)
    if not words:
        return ()
    columns = words[0].columns
    found = ((searched_in(columns, one), one) for one in alternatives(term_of(words)))
    return tuple(
        Words(places, one, prefix=allows_plural(one), exact=True) for places, one in found if places
    )


def words_of(run: tuple[Node, ...]) -> tuple[Words, ...]:
    """The run as words of the same columns that can be widened; empty if it is not that."""
    words = tuple(one for one in run if isinstance(one, Words) and can_widen(one))
    alike = len(words) == len(run) and len({one.columns for one in words}) == 1
    return words if alike else ()


def can_widen(words: Words) -> bool:
    return not (words.prefix or words.exact or NOT_WIDENED.issuperset(words.columns))


def term_of(run: Iterable[Node]) -> Term:
    return tuple(token for one in run if isinstance(one, Words) for token in one.tokens)


def searched_in(columns: tuple[str, ...], one: Term) -> tuple[str, ...]:
    if one not in AMBIGUOUS:
        return columns
    return tuple(name for name in columns if name == WHERE_AMBIGUOUS)


def allows_plural(one: Term) -> bool:
    """A phrase finds its plural too: "epidural steroid injections"."""
    return len(one) > 1 and len(one[-1]) >= LEAST_OPEN and one[-1].isalpha()
