"""Every page that the product has, held against WCAG 2.2 AA by axe-core.

A new address is covered as soon as it has a row in imrsite/security/access.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import NoReverseMatch, reverse

from imrsite.security.access import RULES

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RUN = """async ([tags, only]) => {
  const options = only ? {runOnly: only} : {runOnly: tags};
  options.resultTypes = ["violations"];
  const {violations} = await axe.run(document, options);
  return violations.flatMap(({id, nodes}) => nodes.map(node =>
    `${id}: ${node.html.slice(0, 160)} (${node.failureSummary.split("\\n")[1].trim()})`));
}"""
# What sticks out of a page that scrolls sideways, or nothing.
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > width)
    .slice(-3).map(one => `sticks out: ${one.outerHTML.slice(0, 160)}`);
}"""
# Waits until what a page fetches after it loaded is in its place. What it fetches once it is seen
# begins with the next frames.
COMPLETE = """() => new Promise(tell => {
  const look = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
    ? setTimeout(look, 20) : tell();
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look)));
})"""
CORRECTORS = {
    "correct": "/admin/cases/case/1/change/",
    "guideline names": "/admin/cases/case/guideline-names/?from_source=ODG",
    "import": "/admin/cases/case/import/",
}
SAMPLES = (
    {},
    {"case_number": "CM14-0195168"},
    {"case_number": "CM14-0195168", "position": 1},
    {"slug": "follow-up"},
    {"pk": 1},
    {"pk": 1, "number": 1},
)
NOT_PAGES = (
    "export",
    "jsonld",
    *(f"api-{name}" for name in ("case", "issue", "citation", "annotation", "review", "document")),
    "file",
    "-css",
    "admin:",
    "healthz",
    "readyz",
    "document-page",
    "document-words",
    "-names",
    "find",
)


def pages() -> dict[str, str]:
    """Address by name of everything that answers GET with a page."""
    found = {}
    for name, rule in RULES.items():
        if not rule.get or any(part in name for part in NOT_PAGES):
            continue
        for sample in SAMPLES:
            try:
                found[name] = reverse(name, kwargs=sample)
                break
            except NoReverseMatch:
                continue
    return found | CORRECTORS


@pytest.fixture(scope="module")
def visitor(browser, live_product):
    """One signed-in page for them all."""
    context = browser.new_context(base_url=live_product.url)
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", live_product.user)
    page.fill("[name=password]", live_product.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/cases/CM14-0195168/")
    annotate_something(page)
    yield page
    context.close()


def annotate_something(page) -> None:
    """So that highlights and threads are among what is looked at."""
    text = page.locator("#text-rationale-1 [data-text]")
    for number, words in enumerate((3, 8)):
        text.focus()
        page.keyboard.press("ArrowRight")
        for _ in range(words):
            page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        page.keyboard.press("4")
        page.keyboard.type("Contradicts page 2, @demo.")
        page.keyboard.press("Control+Enter")
        page.locator("#annotate").wait_for(state="hidden")
        page.wait_for_selector(f".thread >> nth={number}")  # the text is put in place anew, too


@pytest.mark.parametrize(("name", "address"), pages().items(), ids=lambda value: value)
def test_no_page_has_a_barrier(visitor, name, address):
    page = visitor
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address)
    if "text/html" not in answer.headers.get("content-type", ""):
        pytest.skip("not a page")
    page.evaluate(COMPLETE)
    page.evaluate(AXE)
    barriers = {"1280 light": page.evaluate(RUN, [TAGS, None])}
    page.emulate_media(color_scheme="dark")
    barriers["1280 dark"] = page.evaluate(RUN, [TAGS, ["color-contrast"]])
    page.set_viewport_size({"width": 375, "height": 800})
    barriers["375 dark"] = page.evaluate(RUN, [TAGS, None])
    barriers["375 wide"] = page.evaluate(SIDEWAYS)
    page.emulate_media(color_scheme="light")
    barriers["375 light"] = page.evaluate(RUN, [TAGS, ["color-contrast"]])
    assert {where: what for where, what in barriers.items() if what} == {}


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "precedents are awaited"])
def test_the_form_beside_selected_words_has_none(visitor, loaded):
    page = visitor
    if not loaded:
        page.route("**/precedents/", lambda route: None)  # never answered
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cases/CM14-0195168/")
    page.locator("#text-clinical_summary [data-text]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#annotate:not([hidden])")
    if loaded:
        page.evaluate(COMPLETE)
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(RUN, [TAGS, None]) == []
    page.keyboard.press("Escape")
    page.unroute("**/precedents/")
