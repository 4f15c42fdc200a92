"""The guidelines known by name, from guidelines.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.letters.model import Source

FILE = Path(__file__).with_name("guidelines.toml")


@dataclass(frozen=True, slots=True)
class Guideline:
    """`form` matches the ways letters write its name; `bare` ones count only where a guideline
    is sure to be meant. `regulation` is the section of title 8 that adopts it. `adopted` names
    the guideline that the MTUS has on the matter of one it did not adopt."""

    name: str
    source: Source
    form: re.Pattern[str]
    bare: re.Pattern[str] | None
    chapters: tuple[int, ...]
    regulation: str | None
    adopted: str | None = None
    starts: tuple[str, ...] = ()  # the first three letters of its names

    def is_called(self, name: str) -> bool:
        """Is it the whole of one of its names, common words included?"""
        return bool(self.form.fullmatch(name) or (self.bare and self.bare.fullmatch(name)))

    @property
    def link(self) -> str | None:
        if self.regulation is None:
            return None
        return f"https://www.dir.ca.gov/t8/{self.regulation.replace('.', '_')}.html"


def pattern(forms: list[str]) -> re.Pattern[str]:
    joined = "|".join(form.replace(" ", r"\s*") for form in forms)
    return re.compile(rf"(?<![A-Za-z])(?:{joined})(?![A-Za-z])", re.IGNORECASE)


def load(table: str) -> tuple[Guideline, ...]:
    entries = tomllib.loads(FILE.read_text())[table]
    return tuple(
        Guideline(
            entry["name"],
            entry.get("source", "MTUS"),
            pattern(entry["forms"]),
            pattern(entry["bare"]) if "bare" in entry else None,
            tuple(entry.get("chapter", ())),
            entry.get("regulation"),
            entry.get("adopted"),
            tuple(entry.get("starts", ())),
        )
        for entry in entries
    )


def alternatives(guidelines: Iterable[Guideline]) -> str:
    """One pattern for all their names, common words included."""
    forms = [form for one in guidelines for form in (one.form, one.bare) if form]
    return "|".join(form.pattern for form in forms)


GUIDELINES = load("guideline")
CURRENT = load("current")
GUIDELINE_NAMES = tuple(dict.fromkeys(guideline.name for guideline in GUIDELINES))
BY_NAME = {guideline.name: guideline for guideline in GUIDELINES}
BY_CHAPTER = {number: one for one in GUIDELINES for number in one.chapters}
BY_REGULATION = {one.regulation: one for one in GUIDELINES if one.regulation}


@cache
def link_for(name: str) -> str | None:
    """The public text of the regulation that holds this guideline, where there is one."""
    guideline = BY_NAME.get(name)
    return guideline.link if guideline else None
