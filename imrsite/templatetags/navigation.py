"""The main navigation: one table of entries, of which each role sees those it may open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from imrsite.security.access import has_right, rule_for

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
class NavigationEntry:
    address: str
    words: str
    current: bool


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    request = context["request"]
    shown = tuple(
        name
        for name, _ in ENTRIES
        if (rule := rule_for(name)) and has_right(request.user, rule.get)
    )
    current = tuple(name for name in shown if is_current(reverse(name), request.path))
    return navigation_html(shown, current)


@lru_cache(maxsize=256)  # roles by entries
def navigation_html(shown: tuple[str, ...], current: tuple[str, ...]) -> SafeString:
    entries = [
        NavigationEntry(reverse(name), words, name in current)
        for name, words in ENTRIES
        if name in shown
    ]
    return render_to_string("_navigation.html", {"entries": entries})


def is_current(address: str, path: str) -> bool:
    """The page itself and those below it; the inbox, at the root, only itself."""
    return path == address or (address != "/" and path.startswith(address))
