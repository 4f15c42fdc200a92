"""Pages that come next are drawn in the background, behind those that are asked for."""

from __future__ import annotations

import threading

import pytest

from cases.files import page_pictures, pictures_ahead
from cases.files.pictures_ahead import PageAhead, draw_later
from cases.letters.reading.sandbox import CannotRender


@pytest.fixture
def drawn(settings, monkeypatch, tmp_path):
    """What gets drawn, in place of the process that draws."""
    settings.DRAW_PICTURES_AHEAD = True
    settings.VAR_DIR = tmp_path
    pages = []

    def draw(path, number, width):
        pages.append(number)
        if number == 13:
            raise CannotRender("There is no such page.")
        return b"picture"

    monkeypatch.setattr(page_pictures, "draw_page", draw)
    monkeypatch.setattr(pictures_ahead, "HEAD_START_SECONDS", 0)
    monkeypatch.setattr(pictures_ahead.storage, "is_available", lambda path: True)
    return pages


def draw_and_wait(*numbers: int, sha256: str = "ab" * 32) -> None:
    done = threading.Event()

    def find():
        for number in numbers:
            yield PageAhead(sha256, number)
        done.set()

    draw_later(find)
    assert done.wait(10)


def test_pages_are_drawn_and_kept(drawn, tmp_path):
    draw_and_wait(2, 3)
    draw_and_wait(3, 4)
    assert drawn == [2, 3, 4]
    assert len(list((tmp_path / "pages" / "ab").glob("*-1400"))) == 3


def test_a_page_that_cannot_be_drawn_holds_up_no_other(drawn):
    draw_and_wait(13, 5)
    draw_and_wait(13)  # given up for a while
    assert drawn == [13, 5]


def test_a_failing_search_for_pages_does_not_end_the_thread(drawn):
    def fail():
        raise LookupError("no such case")

    draw_later(fail)
    draw_and_wait(6)
    assert drawn == [6]


def test_it_takes_no_slot_from_those_who_ask(drawn, tmp_path):
    with page_pictures.drawing:  # another page is being drawn
        done = threading.Event()

        def find():
            yield PageAhead("cd" * 32, 1)
            done.set()

        draw_later(find)
        assert not done.wait(0.2)
        for _ in range(page_pictures.SLOTS):
            assert page_pictures.drawing_slots.acquire(blocking=False)
        for _ in range(page_pictures.SLOTS):
            page_pictures.drawing_slots.release()
    assert done.wait(10)


def test_more_than_there_is_time_for_is_let_go(drawn):
    with page_pictures.drawing:
        for number in range(1, 3 * pictures_ahead.WAITING):
            draw_later(lambda number=number: iter([PageAhead("ef" * 32, number)]))
    draw_and_wait_when_free()
    assert len(drawn) <= pictures_ahead.WAITING + 2


def draw_and_wait_when_free() -> None:
    """After all that waits."""
    done = threading.Event()
    while not done.is_set():
        draw_later(lambda: done.set() or iter(()))
        done.wait(0.05)
