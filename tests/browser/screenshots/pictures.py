"""What has pictures: every row of tests/browser/pages.py, and some pages in a state of interest.

For a new page, add a row there, then take its pictures:

    .venv/bin/python -m tests.browser.screenshots <name of the row>
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser.pages import PAGES, Known

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown, after what is done on it first."""

    path: Callable[[Known], str]
    as_visitor: bool = False
    status: int = 200
    first: Callable[[Page], object] | None = None


def open_filters(page: Page) -> None:
    page.click("[popovertarget=filters]:visible")
    page.wait_for_selector("#filters select, #filters input[type=checkbox]")


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.fill("#palette-q", "CM14")
    page.wait_for_selector("#palette-cases li")


def open_menu(page: Page) -> None:
    page.click("[popovertarget=account]")


def open_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")


def mark_words(page: Page) -> None:
    """By keyboard: marks four words and opens the form beside them."""
    page.locator("#text-rationale-1 [data-text]").focus()
    page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#annotate:not([hidden])")


def show_in_letter(page: Page) -> None:
    page.locator(".facts a.show, a.show").first.click()
    page.wait_for_selector("rect.mark", state="attached")


def to_review(page: Page) -> None:
    page.evaluate("document.querySelector('#review').scrollIntoView({block: 'start'})")


def open_assigned(page: Page) -> None:
    page.click("#attention .tasks.assigned a.button >> nth=0")
    page.wait_for_selector("#review")
    to_review(page)


def show_first_steps(page: Page) -> None:
    page.click("[popovertarget=account]")
    page.click("#account button[name=show]")
    page.wait_for_selector("#tour")


def to_matrix(page: Page) -> None:
    page.evaluate("document.querySelector('#matrix').scrollIntoView({block: 'start'})")


YEARS = (
    "/compare/?decision_date_after=2014-01-01&decision_date_before=2014-12-31"
    "&with-decision_date_after=2015-01-01&with-decision_date_before=2015-12-31"
)
STATES: dict[str, Picture] = {
    "palette": Picture(lambda _: "/", first=open_palette),
    "account-menu": Picture(lambda _: "/", first=open_menu),
    "keys": Picture(lambda known: f"/cases/{known.case}/", first=open_keys),
    "cases-drawer": Picture(lambda _: "/cases/?decision=overturned", first=open_filters),
    "case-letter": Picture(lambda known: f"/cases/{known.case}/", first=show_in_letter),
    "case-annotating": Picture(lambda known: f"/cases/{known.case}/", first=mark_words),
    "case-settling": Picture(lambda known: f"/cases/{known.in_review}/", first=to_review),
    "case-reviewing": Picture(lambda _: "/", first=open_assigned),
    "inbox-first-steps": Picture(lambda _: "/", first=show_first_steps),
    "reviews-closed": Picture(lambda _: "/reviews/?state=closed"),
    "compare-matrix": Picture(lambda _: "/compare/", first=to_matrix),
    "compare-years": Picture(lambda _: YEARS, first=to_matrix),
}
# Rows of pages.py without pictures, and why.
LISTS = (
    "issues",
    "citations",
    "compare",
    "annotations",
    "reviews",
    "obligations",
    "documents",
    "findings",
)
WITHOUT = {f"{name}-filters": "the page of cases-filters for another list" for name in LISTS}
PICTURES: dict[str, Picture] = {
    one.slug: Picture(one.path, as_visitor=one.role is None, status=one.status)
    for one in PAGES
    if one.slug not in WITHOUT
} | STATES
