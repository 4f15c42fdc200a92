"""The filters of a list: a drawer whose fields come when it is opened, or a page of their own."""

from __future__ import annotations

import re

import pytest

from imrsite.models import Access

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "filter-fields"}
PAGES = ["cases", "issues", "citations", "documents", "annotations", "reviews", "compare"]


@pytest.fixture
def fields(reader):
    """What the drawer gets under a query."""

    def fetched(name: str, query: str = "") -> str:
        return reader.get(f"/{name}/filters?{query}", headers=HTMX).content.decode()

    return fetched


def inputs(html: str, *, type_: str) -> list[tuple[str, str]]:
    found = re.findall(rf'<input type="{type_}" name="([^"]+)" value="([^"]*)"', html)
    return [pair for pair in found if pair[0] != "csrfmiddlewaretoken"]


def drawer_of(page: str) -> str:
    return page.split('<div id="filters"')[1].split("</form>")[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sent_without_the_fields_that_its_drawer_fetches(reader, fields, name):
    page = reader.get(f"/{name}/").content.decode()
    assert f'hx-get="/{name}/filters"' in page
    assert "filter-group" not in page
    assert "filter-group" in fields(name)


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_a_link_leads_to_the_filters_as_a_page(reader, name):
    page = reader.get(f"/{name}/?q=pain").content.decode()
    assert f'<a href="/{name}/filters?q=pain">' in page
    alone = reader.get(f"/{name}/filters?q=pain&order=source&page=3").content.decode()
    assert f'<form method="get" action="/{name}/"' in alone
    kept = inputs(alone.split('<form method="get"')[1], type_="hidden")
    assert kept == [("q", "pain"), ("order", "source")]


def test_a_closed_drawer_keeps_what_is_asked_in_the_form(reader):
    page = reader.get("/cases/?decision=upheld&decision=overturned&edition=2009&q=mri")
    carried = inputs(drawer_of(page.content.decode()), type_="hidden")
    assert carried == [("decision", "upheld"), ("decision", "overturned"), ("edition", "2009")]


def test_fields_stand_as_they_are_asked(fields):
    html = fields("cases", "decision=upheld&section=hardening&q=mri")
    assert re.search(r'value="upheld"[^>]*checked', html)
    assert re.search(r'name="section" value="hardening"', html)
    assert 'name="q"' not in html  # it has its place above the list


@pytest.mark.parametrize("name", ["cases", "compare"])
def test_a_filter_that_can_not_be_applied_is_shown_with_its_error_at_once(reader, fields, name):
    query = "decision_date_after=soon"
    page = reader.get(f"/{name}/?{query}")
    assert page.status_code == 422
    drawer = drawer_of(page.content.decode())
    assert 'value="soon"' in drawer
    assert "Enter the date as YYYY-MM-DD" in drawer
    assert "Enter the date as YYYY-MM-DD" in fields(name, query)


def test_unknown_values_are_told_as_before(reader):
    page = reader.get("/cases/?decision=perhaps")
    assert page.status_code == 422
    assert "perhaps" in drawer_of(page.content.decode())


def test_filters_alone_are_no_look_at_a_list(reader):
    before = Access.objects.count()
    reader.get("/cases/filters")
    assert Access.objects.count() == before
