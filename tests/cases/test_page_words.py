"""The address that gives the words of a page with their places."""

import json

import pytest
from django.urls import reverse

from cases.files import page_words
from cases.files.page_pictures import PictureUnavailable
from cases.letters.reading.sandbox import CannotRender
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.people import person


class Renderer:
    """In place of the process that reads."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def read_words(self, path, number):
        self.asked.append(number)
        if number > 3:
            raise CannotRender("There is no such page.")
        return [[0.1, 0.1, 0.2, 0.02, "Decision rationale:"]]


@pytest.fixture
def words(client, db, settings, monkeypatch, tmp_path):
    """Asks for the words of a page; `words.asked` are the pages that had to be read."""
    document = stored_case().document
    settings.VAR_DIR = tmp_path
    renderer = Renderer()
    monkeypatch.setattr(page_words, "running_renderer", lambda: renderer)
    monkeypatch.setattr("cases.views.documents.storage.is_available", lambda path: True)
    client.force_login(person(Role.REVIEWER))

    def ask(number: int):
        return client.get(reverse("document-words", args=[document.pk, number]))

    ask.asked = renderer.asked
    return ask


def test_they_are_read_once_and_kept(words):
    for _ in range(2):
        answer = words(2)
        assert json.loads(answer.getvalue()) == [[0.1, 0.1, 0.2, 0.02, "Decision rationale:"]]
        assert answer["Cache-Control"] == "private, no-store"
    assert words.asked == [2]


@pytest.mark.parametrize("number", [0, 4])
def test_there_are_none_of_a_page_that_is_not_there(words, number):
    assert words(number).status_code == 404


def test_who_asks_while_pages_are_drawn_is_told_to_come_back(words, monkeypatch):
    monkeypatch.setattr(page_words, "drawing_slot", busy)
    answer = words(1)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def busy():
    raise PictureUnavailable("Other pages are being drawn.", 5)
