"""The inbox: its tiles, whose numbers are those of the lists that they link to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cases.corrections.refresh import refresh_case
from cases.models import Document
from tests.factories import stored_case, stored_letter

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
TILE = re.compile(r'<li><a href="([^"]+)"><strong>([\d,]+)</strong>')


def tiles(client: Client) -> dict[str, int]:
    """Address → number of each tile."""
    page = client.get("/").content.decode()
    found = TILE.findall(page[page.index('<ul class="tiles">') :])
    return {url.replace("&amp;", "&"): int(number.replace(",", "")) for url, number in found}


@pytest.fixture
def _documents_in_every_state():
    """One that waits for OCR and a parsed one, as they are read; of the others, made-up rows."""
    stored_letter("scan-CM14-0195168")
    case = stored_case()
    case.flags.create(code="missing-decision", level="error", message="No decision was found.")
    refresh_case(case)
    for number, status in enumerate(("received", "queued", "queued", "reading", "failed")):
        Document.objects.create(sha256=f"{number:064x}", name="a.pdf", size=1, status=status)


@pytest.mark.usefixtures("_documents_in_every_state")
def test_the_number_of_each_tile_is_that_of_the_list_it_links_to(reader):
    shown = tiles(reader)
    assert sorted(shown.values()) == [1, 1, 2, 4]
    for url, number in shown.items():
        assert reader.get(url).context["listing"].count == number, url


def test_an_empty_inbox_links_to_empty_lists(reader):
    shown = tiles(reader)
    assert set(shown.values()) == {0}
    assert all(reader.get(url).context["listing"].count == 0 for url in shown)
