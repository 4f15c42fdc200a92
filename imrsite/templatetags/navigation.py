"""The main navigation: one table of entries."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.urls import reverse

register = template.Library()

# URL name and words, in the order in which they stand.
ENTRIES = (
    ("inbox", "Inbox"),
    ("cases", "Cases"),
    ("documents", "Documents"),
    ("upload", "Upload"),
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
    ]
    if request.user.is_staff:
        entries.append(Entry(reverse("admin:index"), "Admin", current=False))
    return {"entries": entries}


def is_current(address: str, path: str) -> bool:
    """The page itself and those below it; the inbox, at the root, only itself."""
    return path == address or (address != "/" and path.startswith(address))
