"""Who signed in, and opened, exported or downloaded what: a log to which the program can only add.

Triggers in the database refuse to change a row, and to delete one that is younger than the last
pruning says. `prune` is the one way to remove rows, by age alone, and leaves a row about itself.
What is logged is said beside who may do it, in `imrsite.access`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.models import Case
from imrsite.access import rule_for
from imrsite.client import address_of
from imrsite.models import Access, Pruning

SAME_VISIT = dt.timedelta(minutes=10)
LONGEST_QUERY = 500


class AuditMiddleware:
    """Logs before the answer leaves: what can't be logged is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if rule is None or not rule.logged or response.status_code not in (200, 206):
            return response
        if rule.logged == Access.Action.EXPORTED and response.streaming:
            response.streaming_content = counted(response.streaming_content, request)
        else:
            note(request, rule.logged)
        return response


def note(request: HttpRequest, action: str, *, rows: int | None = None) -> None:
    """Adds a line, unless this person did the same to the same within the last minutes."""
    what = subject(request)
    if rows is None and is_known(request, action, what):
        return
    Access.objects.create(
        who_id=request.user.pk,
        who_name=request.user.get_username(),
        action=action,
        what=what,
        query=request.GET.urlencode()[:LONGEST_QUERY],
        rows=rows,
        address=address_of(request),
    )


def note_about(request: HttpRequest, action: str, what: str, *, who=None) -> None:
    """Adds a line about what is no page: a sign-in, a second factor taken away."""
    who = who or request.user
    Access.objects.create(
        who_id=who.pk,
        who_name=who.get_username(),
        action=action,
        what=what[:80],
        address=address_of(request),
    )


def is_known(request: HttpRequest, action: str, what: str) -> bool:
    recent = Access.objects.filter(at__gt=timezone.now() - SAME_VISIT)
    return recent.filter(who_id=request.user.pk, action=action, what=what).exists()


def subject(request: HttpRequest) -> str:
    """The case number, the document's id, or the list."""
    match = request.resolver_match
    if number := match.kwargs.get("case_number"):
        return number
    if "pk" in match.kwargs:
        return f"document {match.kwargs['pk']}"
    if "object_id" in match.kwargs:  # the admin's page of a case
        found = Case.objects.filter(pk=match.kwargs["object_id"])
        return found.values_list("case_number", flat=True).first() or "case"
    return match.view_name.removesuffix("-export")


def counted(lines: Iterator[bytes], request: HttpRequest) -> Iterator[bytes]:
    """The same lines; when they end, or the reader goes away, it is known how many went out."""
    ends = 0
    try:
        for line in lines:
            yield line
            ends += line.count(b"\r\n")
    finally:
        note(request, Access.Action.EXPORTED, rows=max(0, ends - 1))  # one is the header


def prune(days: int) -> int:
    """Removes rows older than that; returns how many."""
    before = timezone.now() - dt.timedelta(days=days)
    with transaction.atomic():
        pruning = Pruning.objects.create(before=before)
        removed, _ = Access.objects.filter(at__lt=before).delete()
        Pruning.objects.filter(pk=pruning.pk).update(removed=removed)
    return removed
