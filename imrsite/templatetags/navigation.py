"""The main navigation: one table of entries, of which each role sees those it may open."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.urls import reverse

from imrsite.security.access import may, rule_for

register = template.Library()

# URL name and words, in the order in which they stand.
ENTRIES = (
    ("inbox", "Inbox"),
    ("cases", "Cases"),
    ("issues", "Issues"),
    ("citations", "Citations"),
    ("compare", "Compare"),
    ("precedents", "Precedents"),
    ("reviews", "Reviews"),
    ("annotations", "Annotations"),
    ("documents", "Documents"),
    ("upload", "Upload"),
    ("people", "People"),
    ("audit", "Access log"),
    ("admin:index", "Admin"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    words: str
    current: bool


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context) -> dict[str, list[Entry]]:
    request = context["request"]
    entries = [
        Entry(address := reverse(name), words, is_current(address, request.path))
        for name, words in ENTRIES
        if (rule := rule_for(name)) and may(request.user, rule.get)
    ]
    return {"entries": entries}


def is_current(address: str, path: str) -> bool:
    """The page itself and those below it; the inbox, at the root, only itself."""
    return path == address or (address != "/" and path.startswith(address))
