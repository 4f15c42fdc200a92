"""The rules of treatments/services.toml and the drugs of treatments/drugs.toml, loaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.letters.requests.phrases import PhraseIndex

FOLDER = Path(__file__).with_name("treatments")


@dataclass(frozen=True, slots=True)
class Rule:
    """One [[rule]]; `order` is its place in the file, the keys are explained at the file's top."""

    order: int
    name: str
    category: str
    subcategory: str | None
    tier: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    anywhere: bool
    before_surgery: bool
    operation: bool
    visits: bool
    drugs: str | None


@dataclass(frozen=True, slots=True)
class Drug:
    """A name of drugs.toml.

    `product`: a manufactured topical, whatever percentages are printed behind it. `group`: a word
    for the whole class.
    """

    name: str
    drug_class: str
    product: bool = False
    group: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase of the catalogue means: the rule it belongs to and, for a name, the drug."""

    rule: Rule
    drug: Drug | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending of drug names that tells the class of a name that the catalogue lacks."""

    letters: str
    drug_class: str


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text())


def load_rules(services: dict[str, Any]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            order=order,
            name=one["name"],
            category=one["category"],
            subcategory=one.get("subcategory"),
            tier=one.get("tier", "specific"),
            when=tuple(one.get("when", ())),
            unless=tuple(one.get("unless", ())),
            anywhere=one.get("scope") == "anywhere",
            before_surgery=one.get("before_surgery", False),
            operation=one.get("operation", False),
            visits=one.get("visits", False),
            drugs=one.get("drugs"),
        )
        for order, one in enumerate(services["rule"])
    )


def load_signals(services: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(forms)) for name, forms in services["signals"].items()}


def split_names(listed: str) -> Iterator[str]:
    """The names of a list: lines of "ingredient: brand, brand"."""
    for name in re.split(r"[,:\n]", listed):
        if name.strip():
            yield name.strip()


def load_drugs(classes: dict[str, Any]) -> Iterator[tuple[str, Drug]]:
    """Every drug, with the kind of rule (its `drugs`) that tries it."""
    for drug_class, table in classes.items():
        for key in ("names", "products", "group", "adjuncts"):
            for name in split_names(table.get(key, "")):
                drug = Drug(name, drug_class, product=key == "products", group=key == "group")
                yield ("adjuncts" if key == "adjuncts" else "names"), drug


SERVICES = read_toml("services.toml")
CLASSES = read_toml("drugs.toml")
TOPICAL = CLASSES.pop("topical")
INJECTED = frozenset(CLASSES.pop("injected")["classes"])
RULES = load_rules(SERVICES)
SIGNALS = load_signals(SERVICES)
DRUGS = tuple(load_drugs(CLASSES))
ENDINGS = tuple(
    Ending(letters, drug_class)
    for drug_class, table in CLASSES.items()
    for letters in table.get("endings", ())
)


def build_index() -> PhraseIndex[Entry]:
    """Every phrase of both catalogues; under one phrase the entries in the order of the rules."""
    by_key = {rule.drugs: rule for rule in RULES if rule.drugs}
    entries = [
        (phrase, Entry(rule))
        for rule, one in zip(RULES, SERVICES["rule"], strict=True)
        for phrase in one.get("words", ())
    ]
    entries += [(drug.name, Entry(by_key[key], drug)) for key, drug in DRUGS]
    index: PhraseIndex[Entry] = PhraseIndex()
    for phrase, entry in sorted(entries, key=lambda one: one[1].rule.order):
        index.add(phrase, entry)
    index.learn_spellings(frozenset(SERVICES["spelling"]["never"].split()))
    return index
