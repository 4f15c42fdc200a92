"""The guidelines known by name, from guidelines.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cases.letters.model import Source

FILE = Path(__file__).with_name("guidelines.toml")


@dataclass(frozen=True, slots=True)
class Guideline:
    """`forms` match the ways letters write its name; `bare` ones count only where a guideline
    is sure to be meant. `regulation` is the section of title 8 that adopts it. `adopted` names
    the guideline that the MTUS has on the matter of one it did not adopt."""

    name: str
    source: Source
    forms: str
    bare_forms: str
    chapters: tuple[int, ...]
    regulation: str | None
    adopted: str | None = None
    starts: tuple[str, ...] = ()  # the first three letters of its names

    @property
    def form(self) -> re.Pattern[str]:
        return compiled(self.forms)

    @property
    def bare(self) -> re.Pattern[str] | None:
        return compiled(self.bare_forms) if self.bare_forms else None

    def is_called(self, name: str) -> bool:
        """Is it the whole of one of its names, common words included?"""
        if name[:3].lower() not in self.starts:
            return False
        return bool(self.form.fullmatch(name) or (self.bare and self.bare.fullmatch(name)))

    @property
    def link(self) -> str | None:
        if self.regulation is None:
            return None
        return f"https://www.dir.ca.gov/t8/{self.regulation.replace('.', '_')}.html"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when a text first has a word that the pattern may begin with: one letter needs
    few of them."""
    return re.compile(pattern, re.IGNORECASE)


def pattern_of(forms: Sequence[str]) -> str:
    joined = "|".join(form.replace(" ", r"\s*") for form in forms)
    return rf"(?<![A-Za-z])(?:{joined})(?![A-Za-z])"


def guidelines_in(entries: Iterable[dict[str, Any]]) -> tuple[Guideline, ...]:
    return tuple(
        Guideline(
            entry["name"],
            entry.get("source", "MTUS"),
            pattern_of(entry["forms"]),
            pattern_of(entry["bare"]) if "bare" in entry else "",
            tuple(entry.get("chapter", ())),
            entry.get("regulation"),
            entry.get("adopted"),
            tuple(entry["starts"]),
        )
        for entry in entries
    )


def alternatives(guidelines: Iterable[Guideline]) -> str:
    """One pattern for all their names, common words included."""
    return "|".join(form for one in guidelines for form in (one.forms, one.bare_forms) if form)


TABLES = tomllib.loads(FILE.read_text())
GUIDELINES = guidelines_in(TABLES["guideline"])
CURRENT = guidelines_in(TABLES["current"])
GUIDELINE_NAMES = tuple(dict.fromkeys(guideline.name for guideline in GUIDELINES))
BY_NAME = {guideline.name: guideline for guideline in GUIDELINES}
BY_CHAPTER = {number: one for one in GUIDELINES for number in one.chapters}
BY_REGULATION = {one.regulation: one for one in GUIDELINES if one.regulation}


@cache
def link_for(name: str) -> str | None:
    """The public text of the regulation that holds this guideline, where there is one."""
    guideline = BY_NAME.get(name)
    return guideline.link if guideline else None
