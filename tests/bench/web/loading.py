"""How a page loads in Chromium with an empty cache: its first paint, what moves, what it weighs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

SIZES = {"1280": {"width": 1280, "height": 900}, "375": {"width": 375, "height": 800}}
AFTER_LOAD_MS = 2000
# Notes each shift with what moved. Shifts after input count too: there is no input here.
WATCH = """() => {
  window.seenShifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      const moved = shift.sources.map(({node}) => {
        const one = node instanceof Element ? node : node?.parentElement;
        return one ? one.outerHTML.slice(0, 90) : "gone";
      });
      window.seenShifts.push([shift.value, moved]);
    }
  }).observe({type: "layout-shift", buffered: true});
}"""
PAINTED = """performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null"""


@dataclass(slots=True)
class Loaded:
    """One load of one page. `weights` are bytes as they came, compressed, by path."""

    paint_ms: float
    shift: float
    moved: list[str]
    errors: list[str]
    weights: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.weights.values())


def load(browser: Browser, address: str, size: str, signed_in: Any = None) -> Loaded:
    """Opens the page in a context of its own; `signed_in` is the storage state of somebody."""
    context = browser.new_context(viewport=SIZES[size], storage_state=signed_in)
    try:
        page = context.new_page()
        with weighed(context, page) as weights, heard(page) as errors:
            page.add_init_script(f"({WATCH})()")
            page.goto(address)
            page.wait_for_timeout(AFTER_LOAD_MS)
            shifts = page.evaluate("window.seenShifts")
            painted = page.evaluate(PAINTED)
        moved = [f"{value:.4f} {', '.join(what)}" for value, what in shifts if value >= 0.001]
        return Loaded(painted, sum(value for value, _ in shifts), moved, errors, weights)
    finally:
        context.close()


@contextmanager
def heard(page: Page) -> Iterator[list[str]]:
    """What the console calls an error, and what a script throws; a page that says 404 is none."""
    errors: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "error" and page.url != message.location.get("url"):
            errors.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield errors


@contextmanager
def weighed(context: BrowserContext, page: Page) -> Iterator[dict[str, int]]:
    """Bytes of each script and style sheet as the server sent them."""
    session: CDPSession = context.new_cdp_session(page)
    paths: dict[str, str] = {}
    weights: dict[str, int] = {}

    def receive(event: dict[str, Any]) -> None:
        if event["type"] in ("Script", "Stylesheet"):
            paths[event["requestId"]] = urlsplit(event["response"]["url"]).path

    def finish(event: dict[str, Any]) -> None:
        if path := paths.get(event["requestId"]):
            weights[path] = event["encodedDataLength"]

    session.send("Network.enable")
    session.on("Network.responseReceived", receive)
    session.on("Network.loadingFinished", finish)
    yield weights
