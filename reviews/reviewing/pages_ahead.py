"""Which pages of letters whoever opened a case will look at next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cases.files.pictures_ahead import PageAhead
from cases.models import Case
from reviews.models import Assignment

MORE_PAGES = 2  # of the same letter, after the one that is shown


def pages_after(
    case: Case, shown: int, *, following: int | None, reviewer: int
) -> Callable[[], Iterator[PageAhead]]:
    """The next pages of the letter, and the first of the next case: the one that follows in the
    list it was opened from (`following`), else the next that waits for this reviewer."""
    sha256, last, opened = case.document.sha256, case.last_page, case.pk

    def find() -> Iterator[PageAhead]:
        for number in range(shown + 1, min(last, shown + MORE_PAGES) + 1):
            yield PageAhead(sha256, number)
        if pk := following or next_assigned(reviewer, opened):
            for first in Case.objects.filter(pk=pk).values_list("document__sha256", "first_page"):
                yield PageAhead(*first)

    return find


def next_assigned(reviewer: int, opened: int) -> int | None:
    """The most urgent case that waits for somebody's review, apart from the one they look at."""
    waiting = Assignment.objects.filter(
        reviewer=reviewer, submitted_at=None, review__closed_at=None
    ).exclude(review__case=opened)
    ordered = waiting.order_by("review__due_on", "pk")
    return ordered.values_list("review__case", flat=True).first()
