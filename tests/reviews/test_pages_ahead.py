"""Opening a case has the pages drawn that its reader will look at next."""

from __future__ import annotations

import pytest

from cases.files.pictures_ahead import PageAhead
from cases.models import Case
from imrsite.security.roles import Role
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.pages_ahead import pages_after
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """A case of two pages and another one; whoever reviews."""
    first, second = stored_case(), stored_case("facsimile-002-final-2016")
    return first, second, person(Role.REVIEWER, "rita")


def pages(case: Case, shown: int, **options) -> list[PageAhead]:
    return list(pages_after(case, shown, **options)())


def test_the_next_pages_of_the_letter_and_the_first_of_the_next_case(two):
    case, following, rita = two
    expected = [
        PageAhead(case.document.sha256, number)
        for number in range(case.first_page + 1, min(case.last_page, case.first_page + 2) + 1)
    ]
    expected.append(PageAhead(following.document.sha256, following.first_page))
    assert pages(case, case.first_page, following=following.pk, reviewer=rita.pk) == expected


def test_without_a_list_the_next_case_is_the_one_that_waits_for_the_reviewer(two):
    case, waiting, rita = two
    assert pages(case, case.last_page, following=None, reviewer=rita.pk) == []
    for one in (case, waiting):
        workflow.assign_reviewer(Review.objects.get(case=one), rita, rita)
    [page] = pages(case, case.last_page, following=None, reviewer=rita.pk)
    assert page == PageAhead(waiting.document.sha256, waiting.first_page)


def test_the_page_of_a_case_asks_for_them(client, two, monkeypatch):
    *_, rita = two
    asked = []
    monkeypatch.setattr("reviews.views.case.draw_later", lambda find: asked.extend(find()))
    client.force_login(rita)
    listed = client.get("/cases/").context["listing"].rows
    client.get(listed[0].link)
    assert asked[-1] == PageAhead(listed[1].document.sha256, listed[1].first_page)
