"""How values of a case stand on a page."""

from __future__ import annotations

from django import template

from cases.exports import pages_in_words

register = template.Library()

SHAPES = {"upheld": "●", "overturned": "○", "partially_overturned": "◐"}


@register.inclusion_tag("cases/_decision.html")
def decision(value: str, words: str) -> dict[str, str]:
    """A decision by word and shape: `{% decision case.decision case.get_decision_display %}`."""
    return {"value": value, "words": words or "No decision", "shape": SHAPES.get(value, "–")}


@register.filter
def page_ranges(pages: list[list[int]]) -> str:
    """[[125, 126], [130, 130]] → "pp. 125–126, 130"."""
    words = pages_in_words(pages).removeprefix(" p. ").replace("-", "–")
    if not words:
        return ""
    one = len(pages) == 1 and pages[0][0] == pages[0][1]
    return f"{'p.' if one else 'pp.'} {words}"
