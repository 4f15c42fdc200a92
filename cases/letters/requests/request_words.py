"""A treatment request → the words that say what is asked for, the same for all ways to say it.

"Norco 10/325mg #120 with 2 refills" and "Hydrocodone, qty 60" are one request: doses, counts,
pace and side are left out, brands and abbreviations stand for what they mean. Pure.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from cases.letters.requests.categories import is_drug_name

WORDS = tomllib.loads(Path(__file__).with_name("request_words.toml").read_text())
PASSED_OVER = frozenset(WORDS["passed_over"].split())
PROCEDURES = frozenset(WORDS["procedures"].split())
MINOR = frozenset(WORDS["minor"].split())
DRUGS = WORDS["drugs"]
PHRASES = WORDS["phrases"]
PHRASE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, PHRASES), key=len, reverse=True))})(?!\w)"
)
# Levels of the spine (L4-L5) say where as much as a joint does; other numbers say how much.
LEVEL = re.compile(r"\b([cltsCLTS]\d{1,2})(?:\s*[-/]\s*([cltsCLTS]?\d{1,2}))?\b")
WORD = re.compile(r"[a-z][a-z-]*[a-z]|[clts]\d{1,2}(?:-[clts]\d{1,2})?")
MOST_WORDS = 12
LONGEST = 40
DRUG_WEIGHT = 3.0
PROCEDURE_WEIGHT, MINOR_WEIGHT = 2.5, 0.25


def request_words(request: str) -> tuple[str, ...]:
    """The distinct words of a request in the order in which they stand."""
    text = " ".join(request[:2000].lower().replace("’", "'").split())
    text = PHRASE.sub(lambda match: PHRASES[match[0]], text)
    text = LEVEL.sub(level, text)
    text = re.sub(r"\b(post|pre)[- ]?operative\b", r"\1operative", text)
    found: dict[str, None] = {}
    for match in WORD.finditer(text):
        for word in parts(match[0]):
            word = DRUGS.get(word) or singular(word)
            if word not in PASSED_OVER:
                found[word[:LONGEST]] = None
    return tuple(found)[:MOST_WORDS]


def level(match: re.Match[str]) -> str:
    """ "L4-5" and "L4/L5" as "l4-l5"."""
    first, last = match[1].lower(), (match[2] or "").lower()
    if not last:
        return first
    return f"{first}-{last if last[0].isalpha() else first[0] + last}"


def parts(word: str) -> list[str]:
    return [word] if word[-1].isdigit() else [part for part in word.split("-") if len(part) > 1]


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word == "tens":  # the device
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def word_weight(word: str) -> float:
    """A drug's name says nearly everything about a request for it."""
    return DRUG_WEIGHT if is_drug_name(word) else 1.0


@lru_cache(maxsize=20_000)
def word_importance(word: str) -> float:
    """How much a word says about what is asked for: a drug or a procedure most, words that go with
    any request least."""
    if is_drug_name(word):
        return DRUG_WEIGHT
    if word in PROCEDURES:
        return PROCEDURE_WEIGHT
    return MINOR_WEIGHT if word in MINOR else 1.0
