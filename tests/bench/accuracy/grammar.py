"""A very small template language: `{a|b}` picks one, `{3..9}` a number, `{@name}` a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

Rule = Sequence[str] | Callable[[Random], str]

INNERMOST = re.compile(r"\{([^{}]*)\}")
NUMBERS = re.compile(r"(\d+)\.\.(\d+)")


def expand(template: str, rng: Random, rules: Mapping[str, Rule]) -> str:
    """The template with every brace resolved, innermost and leftmost first."""

    def resolve(match: re.Match[str]) -> str:
        body = match[1]
        if body.startswith("@"):
            rule = rules[body[1:]]
            return rule(rng) if callable(rule) else rng.choice(rule)
        if numbers := NUMBERS.fullmatch(body):
            return str(rng.randint(int(numbers[1]), int(numbers[2])))
        return rng.choice(body.split("|"))

    while "{" in template:
        template = INNERMOST.sub(resolve, template, count=1)
    return template
