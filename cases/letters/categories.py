"""Treatment request → category, by the rules of categories.toml; the rule is told with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("categories.toml")
# What follows these words qualifies the treatment and does not name it.
QUALIFIER = re.compile(
    r"\s+(?:for|after|following|with|without|under(?!\s+anesthesia)|status\s+post|due\s+to|secondary\s+to|prior\s+to"
    r"|of\s+the|to\s+the|related\s+to|from)\s+|\s*[:;(]\s*",
    re.IGNORECASE,
)
TIMING = re.compile(
    r"^\W*(?:post|pre|peri|intra)[-\s]?(?:operative|op|surgical|surgery)\b[\s,:-]*", re.IGNORECASE
)
SERVICE = re.compile(r"^\W*associated\s+(?:surgical\s+)?services?\s*:?\s*", re.IGNORECASE)
COUNT = re.compile(
    r"^(?:(?:\d+|one|two|three|four|five|six|eight|ten|twelve|an?|the|additional|continued|outpatient"
    r"|retrospective|prospective|associated|request|service|\(\d+\))[\s,:]+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Category:
    """`rule` is the rule's name and the words it matched: "drug: norco"."""

    name: str
    subcategory: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    category: str
    form: re.Pattern[str]


def form(words: list[str]) -> re.Pattern[str]:
    forms = [re.sub(r"-\??$", r"\\w*", word) for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def load() -> tuple[Rule, ...]:
    data = tomllib.loads(FILE.read_text())
    drugs = Rule("drug", data["drugs"]["category"], form(data["drugs"]["names"].split()))
    rules = [Rule(one["name"], one["category"], form(one["words"])) for one in data["rule"]]
    return drugs, *rules


RULES = load()


def categorise(request: str, other_requests: tuple = ()) -> Category:
    """The category of what is asked for; "other" when no rule knows it."""
    text = SERVICE.sub("", " ".join(request.split())[:2000])
    text = TIMING.sub("", COUNT.sub("", text))
    head = QUALIFIER.split(text, maxsplit=1)[0]
    for part in (head, text):
        if found := first_match(part):
            return found
    return Category("other", None, "")


def first_match(text: str) -> Category | None:
    for rule in RULES:
        match = rule.form.search(text)
        if match and not (rule.name == "drug" and is_no_drug(text)):
            return Category(rule.category, None, f"{rule.name}: {match[0].strip().lower()}")
    return None


def is_no_drug(text: str) -> bool:
    """A drug injected or tested for is no prescription."""
    return bool(re.search(r"\binject|\bblock\b|\bepidural|\bscreen|\btest", text, re.IGNORECASE))
