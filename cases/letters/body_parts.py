"""Treatment request → the parts of the body that it is for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of the body named by text[start:end]; `name` is one of CONTRACT's."""

    name: str
    start: int
    end: int


def find_body_parts(text: str) -> tuple[BodyPart, ...]:
    """The parts of the body that these words name, in order, each once."""
    return ()
