"""The three parts of a partial authorization → one short line, with numbers where they are sure.

Numbers are sure where each part names one amount and what was authorized and what is in dispute
add up to what was requested. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMBER_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty"""
NUMBERS = {word: number for number, word in enumerate(NUMBER_WORDS.split(), 1)}
NUMBERS |= {"thirty": 30, "once": 1, "twice": 2}
NUMBER = rf"(?:\d{{1,4}}|{'|'.join(NUMBERS)})"
# The units that amounts are given in, each by the forms it is written in.
UNITS = {
    "session": r"sessions?",
    "visit": r"visits?",
    "treatment": r"treatments?",
    "tablet": r"tablets?|tabs?",
    "capsule": r"capsules?|caps?",
    "pill": r"pills?",
    "patch": r"patch(?:es)?",
    "unit": r"units?",
    "injection": r"injections?",
    "hour": r"hours?|hrs?",
    "day": r"days?",
    "month": r"months?",
}
UNIT = "|".join(rf"(?P<{name}>{forms})" for name, forms in UNITS.items())
# Up to four words between number and unit: "Eight physical therapy sessions".
COUNTED = re.compile(
    rf"(?<![\w.#/-])(?P<number>{NUMBER})"
    rf"(?!\s*(?:mg|mcg|ml|gm?|%))\s+(?:[a-z/-]+\s+){{0,4}}?(?:{UNIT})(?!\w)",
    re.IGNORECASE,
)
BARE = re.compile(
    rf"(?:#\s*|\bqty[.:]?\s*|\bquantity[.:]?\s*)(?P<a>\d{{1,4}})(?![\d.])|\((?P<b>{NUMBER})\)",
    re.IGNORECASE,
)
TIMES = re.compile(
    rf"(?:\btimes|\bx)\s*(?P<number>{NUMBER})(?!\w)(?!\s*(?:weeks?|wks?))", re.IGNORECASE
)
SCHEDULE = re.compile(
    rf"(?<![\w-])(?P<a>{NUMBER})(?:\s*(?:times|x))?\s*(?:a|per|/|each|every)\s*(?:week|wk)\s*"
    rf"(?:for|times|x)\s*(?P<b>{NUMBER})\s*(?:weeks?|wks?)|"
    rf"(?<![\w-])(?P<c>{NUMBER})\s*(?:times|x)\s*(?P<d>{NUMBER})(?!\w)",
    re.IGNORECASE,
)
# "two to three times a week" and "6 to 12 sessions" name no one amount.
RANGE = re.compile(rf"(?<!\w){NUMBER}\s*(?:to|or|-|–)\s*{NUMBER}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many, and of what where the words say so ("" where they don't)."""

    number: int
    unit: str = ""


def short_form(requested: str, authorized: str, in_dispute: str) -> str:
    """ "6 of 12 sessions authorized; 6 in dispute", or the parts in their own words.

    "" where nothing is in dispute of what was authorized in part.
    """
    if not in_dispute:
        return ""
    asked, given, left = (read_amount(text) for text in (requested, authorized, in_dispute))
    if asked and given and left:
        unit = one_unit((asked, given, left))
        if unit is not None and given.number < asked.number:
            head = f"{given.number} of {plural(asked.number, unit)} authorized"
            if given.number + left.number == asked.number:
                return f"{head}; {left.number} in dispute"
            if same_amount(requested, in_dispute):
                return f"{head}; the whole request in dispute"
    parts = (("Authorized", authorized), ("In dispute", in_dispute))
    return " ".join(f"{name}: {text.rstrip(' .')}." for name, text in parts if text)


def read_amount(text: str) -> Amount | None:
    """The one amount that these words name; None where they name none or several."""
    text = RANGE.sub(" ", text)
    counted = {found_unit(match) for match in COUNTED.finditer(text)}
    if len(counted) > 1:
        return None
    bare = {number_of(match["a"] or match["b"]) for match in BARE.finditer(text)}
    if counted:
        [found] = counted
        return found if bare <= {found.number} else None
    return only(bare) or only(products(text)) or only(times(text))


def only(numbers: set[int]) -> Amount | None:
    if len(numbers) != 1:
        return None
    [number] = numbers
    return Amount(number)


def products(text: str) -> set[int]:
    """ "2 times a week for 6 weeks" → 12."""
    return {
        number_of(match["a"] or match["c"]) * number_of(match["b"] or match["d"])
        for match in SCHEDULE.finditer(text)
    }


def times(text: str) -> set[int]:
    return {number_of(match["number"]) for match in TIMES.finditer(text)}


def found_unit(match: re.Match[str]) -> Amount:
    unit = next(name for name in UNITS if match[name])
    return Amount(number_of(match["number"]), unit)


def number_of(words: str) -> int:
    return NUMBERS.get(words.lower()) or int(words)


def one_unit(amounts: Iterable[Amount]) -> str | None:
    """The unit of all: "" where none is named, None where they differ."""
    units = {one.unit for one in amounts if one.unit}
    if len(units) > 1:
        return None
    return units.pop() if units else ""


def plural(number: int, unit: str) -> str:
    if not unit:
        return str(number)
    ending = "" if number == 1 else "es" if unit == "patch" else "s"
    return f"{number} {unit}{ending}"


def same_amount(one: str, other: str) -> bool:
    return " ".join(one.lower().split()) == " ".join(other.lower().split())
