"""Treatment request → category and subcategory of DWC's taxonomy, with the rule that decided.

The rules stand in treatments/services.toml, whose top explains how they are tried, and the drugs
in treatments/drugs.toml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from cases.letters.requests.drugs import class_of, class_of_unknown
from cases.letters.requests.phrases import WORD, Match, singular
from cases.letters.requests.request_items import Item, split_items
from cases.letters.requests.treatment_rules import (
    DRUGS,
    INJECTED,
    RULES,
    SIGNALS,
    Entry,
    Rule,
    build_index,
)

LONGEST = 2000  # characters of a request that are looked at
LONGEST_RULE = 120
MOST_REQUESTS = 60  # requests of a letter that are looked at for an operation
ADJUNCT, CONSULT = "adjunct_surgical_services", "surgical_consult"
UNKNOWN_DRUG = next(rule for rule in RULES if rule.drugs == "unknown")
PLAIN = str.maketrans({"’": "'", "‘": "'", "\xa0": " ", "–": "-", "—": "-", "®": " ", "™": " "})
INDEX = build_index()

Mention = Match[Entry]
by_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Category:
    """`rule` is the rule's name and the words that it matched: "drug (opioids): norco"."""

    name: str
    subcategory: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the rules see it: lower case, its items, and all that is mentioned in it."""

    text: str
    items: tuple[Item, ...]
    mentions: tuple[Mention, ...]

    def within(self, item: Item) -> tuple[Mention, ...]:
        first = bisect_left(self.mentions, item.start, key=by_start)
        return self.mentions[first : bisect_left(self.mentions, item.end, lo=first, key=by_start)]

    def words(self, mention: Mention) -> str:
        return self.text[mention.start : mention.end]


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that decides and the category that follows from it."""

    rule: Rule
    category: Category


def categorise(request: str, other_requests: Sequence[str] = ()) -> Category:
    """The category of what is asked for; "other" when no rule knows it.

    Args:
        request: what is in dispute.
        other_requests: the other requests of the letter, which may ask for an operation.
    """
    text = plain(request)
    choice = choose(text)
    if choice is None:
        return Category("other", None, "")
    if choice.rule.before_surgery and (
        names_operation(text) or any(map(asks_for_operation, other_requests[:MOST_REQUESTS]))
    ):
        return category_of("surgery", ADJUNCT, f"before an operation, {choice.category.rule}")
    return choice.category


def plain(request: str) -> str:
    return " ".join(request[: 2 * LONGEST].translate(PLAIN).split())[:LONGEST].lower()


def category_of(name: str, subcategory: str | None, rule: str) -> Category:
    return Category(name, subcategory, rule[:LONGEST_RULE])


@lru_cache(maxsize=4096)
def asks_for_operation(request: str) -> bool:
    choice = choose(plain(request))
    return (
        choice is not None
        and choice.category.name == "surgery"
        and choice.category.subcategory != CONSULT
    )


def names_operation(text: str) -> bool:
    return any(one.value.rule.operation for one in read_request(text).mentions)


@lru_cache(maxsize=4096)
def choose(text: str) -> Choice | None:
    """What decides about a request taken alone."""
    request = read_request(text)
    return (
        anywhere(request)
        or in_parts(request, history=False)
        or general(request, history=False)
        or in_parts(request, history=True)
        or general(request, history=True)
    )


@lru_cache(maxsize=64)
def read_request(text: str) -> Request:
    holding: dict[str, bool] = {}

    def holds(signal: str) -> bool:
        if signal not in holding:
            holding[signal] = bool(SIGNALS[signal].search(text))
        return holding[signal]

    def accept(entry: Entry) -> bool:
        return all(map(holds, entry.rule.when)) and not any(map(holds, entry.rule.unless))

    return Request(text, tuple(split_items(text)), tuple(INDEX.find(text, accept)))


# -- The steps, in the order in which they are tried ----------------------------------------------


def anywhere(request: Request) -> Choice | None:
    """A rule whose words decide wherever they stand outside of the history."""
    told = [item for item in request.items if not item.history]
    found = [one for item in told for one in request.within(item) if one.value.rule.anywhere]
    return decided_by(request, first(found)) if found else None


def in_parts(request: Request, *, history: bool) -> Choice | None:
    """The first item that a rule knows; a visit waits for the rest of its part."""
    visit: Mention | None = None
    part = 0
    for item in request.items:
        if item.history != history:
            continue
        if visit and item.part != part:
            break
        part = item.part
        mentions = request.within(item)
        visits = of_tier(mentions, "visit")
        if known := of_tier(mentions, "specific"):
            return decide_item(request, item, first(known), visits)
        visit = visit or (first(visits) if visits else None)
    return about_visit(request, visit) if visit else None


def general(request: Request, *, history: bool) -> Choice | None:
    """The rules of words that say little, in their order, over all items."""
    items = [item for item in request.items if item.history == history]
    found = [one for item in items for one in of_tier(request.within(item), "general")]
    best = first(found) if found else None
    if best is None or best.value.rule.order > UNKNOWN_DRUG.order:
        text = " ".join(request.text[item.start : item.end] for item in items)
        if unknown := class_of_unknown(text):
            return drug_choice(UNKNOWN_DRUG, *unknown)
    return decided_by(request, best) if best else None


def of_tier(mentions: Iterable[Mention], tier: str) -> list[Mention]:
    return [one for one in mentions if one.value.rule.tier == tier]


def first(mentions: Iterable[Mention]) -> Mention:
    """The one whose rule is tried first; of one rule the one that stands first."""
    return min(mentions, key=lambda one: (one.value.rule.order, one.start))


# -- What follows from the mention that decides ---------------------------------------------------


def decide_item(request: Request, item: Item, best: Mention, visits: Sequence[Mention]) -> Choice:
    rule = best.value.rule
    if best.value.drug:
        return decided_by_drug(request, item, best)
    if request.words(best).startswith("inject") and (injected := self_injected(request, item)):
        return decided_by_drug(request, item, injected)
    if rule.operation and visits:
        return consultation(request, visits[0], best)
    return decided_by(request, best)


def self_injected(request: Request, item: Item) -> Mention | None:
    """A drug of the item that is always injected, so that "injection" names no procedure."""
    for mention in request.within(item):
        if mention.value.drug and mention.value.drug.drug_class in INJECTED:
            return mention
    return None


def decided_by(request: Request, mention: Mention) -> Choice:
    rule, words = mention.value.rule, request.words(mention)
    return Choice(rule, category_of(rule.category, rule.subcategory, f"{rule.name}: {words}"))


def decided_by_drug(request: Request, item: Item, mention: Mention) -> Choice:
    drugs = [one.value.drug for one in request.mentions if one.value.drug]
    text = request.text[item.start : item.end]
    assert mention.value.drug is not None
    drug_class = class_of(mention.value.drug, text, request.text, drugs)
    return drug_choice(mention.value.rule, drug_class, request.words(mention))


def drug_choice(rule: Rule, drug_class: str, words: str) -> Choice:
    category = category_of(rule.category, drug_class, f"{rule.name} ({drug_class}): {words}")
    return Choice(rule, category)


def consultation(request: Request, visit: Mention, about: Mention) -> Choice:
    words = f"{request.words(visit)}, {request.words(about)}"
    rule = f"consultation about an operation: {words}"
    return Choice(about.value.rule, category_of("surgery", CONSULT, rule))


def about_visit(request: Request, visit: Mention) -> Choice:
    """A visit belongs to what it is about: a therapy, an operation; else to a medical specialty."""
    told = [item for item in request.items if not item.history]
    subjects = [
        one
        for item in told
        for one in request.within(item)
        if one.value.rule.visits or one.value.rule.operation or surgical(one.value.rule)
    ]
    if not subjects:
        return decided_by(request, visit)
    subject = first(subjects)
    if subject.value.rule.visits:
        return decided_by(request, subject)
    return consultation(request, visit, subject)


def surgical(rule: Rule) -> bool:
    return rule.subcategory == CONSULT


# -- Drug names for other modules -----------------------------------------------------------------


def is_drug_name(word: str) -> bool:
    """Whether a single lower-case word is the name of a drug."""
    return word in drug_words()


@lru_cache(maxsize=1)
def drug_words() -> frozenset[str]:
    split = (WORD.findall(drug.name) for _, drug in DRUGS if not drug.group)
    single = {words[0] for words in split if len(words) == 1}
    return frozenset(single | {singular(word) for word in single})
