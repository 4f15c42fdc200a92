"""The user guide: its page is that of docs/guide.md, and what it names is there."""

from __future__ import annotations

import re

import pytest

from imrsite.security.roles import Role
from tests.guide import PICTURE, SOURCE, TARGET, guide_html, slug
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(client):
    client.force_login(person(Role.AUDITOR))
    return client.get("/guide/").content.decode()


def test_the_page_is_made_of_the_text_as_it_is():
    assert TARGET.read_text() == guide_html(SOURCE.read_text()), (
        "Make it anew: .venv/bin/python -m tests.guide"
    )


def test_its_pictures_open_in_both_themes(client, guide):
    names = PICTURE.findall(SOURCE.read_text())
    assert names
    for name in names:
        for theme in ("light", "dark"):
            path = f"/guide/{name}-{theme}.webp"
            assert path in guide
            answer = client.get(path)
            assert answer.headers["Content-Type"] == "image/webp"
            assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert client.get("/guide/no-such-picture.webp").status_code == 404


def test_its_contents_lead_to_headings(guide):
    contents = guide.partition("guide-contents")[2].partition("</nav>")[0]
    targets = re.findall(r'href="#([^"]+)"', contents)
    headings = re.findall(r"^## (.+)$", SOURCE.read_text(), re.MULTILINE)
    assert targets == [slug(one) for one in headings]
    for target in targets:
        assert f'id="{target}"' in guide


@pytest.mark.parametrize("role", Role)
def test_everybody_finds_it_in_the_menu_and_the_palette(client, role):
    client.force_login(person(role))
    page = client.get("/").content.decode()
    assert page.count('href="/guide/"') >= 2
