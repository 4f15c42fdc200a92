"""Text as it may be shown, or given as the name of a download."""

from __future__ import annotations

import re

# Embeddings, overrides and isolates of the Unicode bidirectional algorithm.
CONTROLS = tuple("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
STAND_IN = "\ufffd"
TABLE = str.maketrans(dict.fromkeys(CONTROLS, STAND_IN))
UNSAFE = re.compile(r"[^\w .()\-]|_")
LONGEST_STEM = 100


def visible_text(text: str) -> str:
    """With a visible character, one for one, for each that turns the direction of text round."""
    return text.translate(TABLE)


def download_name(name: str) -> str:
    """A name of safe characters that ends in .pdf, whatever it was called."""
    stem = re.sub(r"(\.pdf)+$", "", name.strip(), flags=re.IGNORECASE)
    stem = UNSAFE.sub("_", stem)[:LONGEST_STEM].strip(" ._")
    return f"{stem or 'document'}.pdf"
