"""The navigation: groups of pages in the bar, the pages of the current group under it, and a menu
for the rest. Each role sees what it may open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from imrsite.security.access import has_right, rule_for

register = template.Library()


@dataclass(frozen=True, slots=True)
class Page:
    """A page by the name of its address, with its words and its icon in static/icons."""

    name: str
    words: str
    icon: str

    @property
    def address(self) -> str:
        return reverse(self.name)


# In the order in which they stand.
GROUPS: dict[str, tuple[Page, ...]] = {
    "Inbox": (Page("inbox", "Inbox", "inbox"),),
    "Cases": (
        Page("cases", "Cases", "scale"),
        Page("issues", "Issues", "list"),
        Page("citations", "Citations", "quote"),
        Page("obligations", "Obligations", "calendar-clock"),
    ),
    "Reviews": (
        Page("reviews", "Queue", "clipboard-check"),
        Page("annotations", "Annotations", "message-square-text"),
        Page("team", "Team", "users"),
        Page("review-agreement", "Agreement", "scale"),
        Page("labels", "Labels", "tag"),
    ),
    "Analyze": (
        Page("compare", "Compare", "grid-2x2"),
        Page("precedents", "Precedents", "gavel"),
        Page("desk", "Desk", "file-text"),
        Page("memos", "Memos", "files"),
        Page("findings", "Findings", "flag"),
        Page("packets", "Packets", "files"),
        Page("repeats", "Found again", "rotate-cw"),
    ),
    "Documents": (
        Page("documents", "Documents", "file-text"),
        Page("upload", "Upload", "upload"),
        Page("batches", "Batches", "layers"),
        Page("proposals", "New readings", "rotate-cw"),
    ),
}
MENU = (
    Page("notifications", "Notifications", "bell"),
    Page("guide", "User guide", "book-open"),
    Page("people", "People", "users"),
    Page("audit", "Access log", "activity"),
    Page("operations", "Operations", "server"),
    Page("webhooks", "Webhooks", "webhook"),
    Page("tokens", "API tokens", "key"),
    Page("admin:index", "Admin", "settings"),
)
PAGES = (*(page for pages in GROUPS.values() for page in pages), *MENU)


@dataclass(frozen=True, slots=True)
class Navigation:
    """What base.html shows: HTML, made once for each role and place."""

    groups: SafeString
    tabs: SafeString
    menu: SafeString
    pages: SafeString  # all of them, for the command palette


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> Navigation:
    request: HttpRequest = context["request"]
    shown = tuple(
        page
        for page in PAGES
        if (rule := rule_for(page.name)) and has_right(request.user, rule.get)
    )
    return navigation_html(shown, current_page(shown, request.path))


def current_page(pages: tuple[Page, ...], path: str) -> Page | None:
    """The page itself or the nearest one above it; the inbox, at the root, only as itself."""
    above = [page for page in pages if page.address != "/" and path.startswith(page.address)]
    here = [page for page in pages if page.address == path]
    return max(here or above, key=lambda page: len(page.address), default=None)


@lru_cache(maxsize=256)  # roles by pages
def navigation_html(shown: tuple[Page, ...], current: Page | None) -> Navigation:
    groups = [
        {"words": words, "address": open_ones[0].address, "current": current in pages}
        for words, pages in GROUPS.items()
        if (open_ones := [page for page in pages if page in shown])
    ]
    tabs = next(([*pages] for pages in GROUPS.values() if current in pages), [])
    parts: dict[str, dict[str, Any]] = {
        "groups": {"groups": groups},
        "tabs": {"pages": [page for page in tabs if page in shown], "current": current},
        "menu": {"pages": [page for page in MENU if page in shown]},
        "pages": {"pages": shown},
    }
    html = {
        name: render_to_string(f"navigation/{name}.html", facts) for name, facts in parts.items()
    }
    return Navigation(**html)


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "search" %}`: one of static/icons, for the eye only: words stand beside it."""
    return icon_html(static("icons/icons.svg"), name)


@lru_cache(maxsize=256)
def icon_html(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name
    )
