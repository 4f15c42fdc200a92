"""Whole numbers in text that came from outside: query strings, forms, addresses."""

from __future__ import annotations

DATABASE_DIGITS = 18  # always fit into a primary key


def whole_number(text: str, digits: int = DATABASE_DIGITS) -> int | None:
    """The number that ASCII digits write, at most so many of them; None for any other text."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if is_number else None
