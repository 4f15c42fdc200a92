"""A small template language: `{a|b}` picks one, `{3..9}` a number, `{@name}` a phrase of that name.

Templates are compiled once, since a hundred thousand letters take some millions of picks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

Part = str | Callable[[Random], str]
Phrase = Callable[[Random], str]

BRACE = re.compile(r"\{([^{}]*)\}")
NUMBERS = re.compile(r"(\d+)\.\.(\d+)")


def compile_template(template: str, named: Mapping[str, Phrase]) -> Phrase:
    """`named` may still be filling up: names are looked up when the phrase is spoken."""
    parts: list[Part] = []
    for i, piece in enumerate(BRACE.split(template)):
        if piece:
            parts.append(choice(piece, named) if i % 2 else piece)
    fixed = [part for part in parts if isinstance(part, str)]
    if len(fixed) == len(parts):
        whole = "".join(fixed)
        return lambda rng: whole
    return lambda rng: "".join([p if isinstance(p, str) else p(rng) for p in parts])


def choice(body: str, named: Mapping[str, Phrase]) -> Phrase:
    if body.startswith("@"):
        name = body[1:]
        return lambda rng: named[name](rng)
    if numbers := NUMBERS.fullmatch(body):
        low, span = int(numbers[1]), int(numbers[2]) - int(numbers[1]) + 1
        return lambda rng: str(low + int(rng.random() * span))
    return picker(body.split("|"))


def picker(options: Sequence[str]) -> Phrase:
    options, count = tuple(options), len(options)
    return lambda rng: options[int(rng.random() * count)]


def one_of(templates: Sequence[str], named: Mapping[str, Phrase]) -> Phrase:
    phrases = [compile_template(template, named) for template in templates]
    count = len(phrases)
    return lambda rng: phrases[int(rng.random() * count)](rng)


def vocabulary(lists: Mapping[str, Sequence[str]]) -> dict[str, Phrase]:
    """Each list of templates as a phrase of its name; they may use one another."""
    named: dict[str, Phrase] = {}
    for name, templates in lists.items():
        named[name] = one_of(templates, named)
    return named


def capitalize_sentence(sentence: str) -> str:
    """With a capital letter first and "an" before a vowel, which the templates can't know."""
    sentence = ARTICLE.sub(r"\1n ", sentence)
    return sentence[:1].upper() + sentence[1:]


ARTICLE = re.compile(r"\b([Aa]) (?=[aei]|8|1[18]\b)")
