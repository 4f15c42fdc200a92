"""Who signed in, and opened, exported or downloaded what: a log to which the program can only add.

Triggers in the database refuse to change a row, and to delete one that is younger than the last
pruning says. `prune_log` is the only way to remove rows, by age alone; it adds a row about itself.
What is logged is said beside who may do it, in `imrsite.security.access`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch
from django.utils import timezone

from cases.lists.csv_export import CountedResponse, RowCounter
from cases.models import Case, Citation, Issue, Proposal
from cases.numbers import whole_number
from imrsite.models import Access, Pruning
from imrsite.security.access import rule_for
from imrsite.security.audit_lines import AuditLine, write_line
from imrsite.security.client import address_of
from imrsite.web.matched import match_of
from reviews.models import Annotation, Evidence, Obligation, Reply, Review

LOGGED_STATUSES = (200, 206, 304, 409, 422)  # also a form that comes back with a mistake
NOBODY = "unknown user"
# Pages of these are found under the case that they are about.
CASE_OF: dict[str, tuple[type[Model], str]] = {
    "annotation": (Annotation, "case__case_number"),
    "reply": (Reply, "annotation__case__case_number"),
    "proposal": (Proposal, "case__case_number"),
    "issue": (Issue, "case__case_number"),
    "citation": (Citation, "issue__case__case_number"),
    "review": (Review, "case__case_number"),
    "obligation": (Obligation, "case__case_number"),
    "evidence": (Evidence, "event__obligation__case__case_number"),
}
SAME_VISIT = dt.timedelta(minutes=10)
LONGEST_QUERY = 500


class AuditMiddleware:
    """Logs before the answer leaves: what can't be logged is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if is_change_in_admin(request, response):
            log_event(request, Access.Action.CHANGED, subject_of(request))
        if (
            rule is None
            or not rule.logged_for(request.method)
            or response.status_code not in LOGGED_STATUSES
        ):
            return response
        if rule.logged != Access.Action.EXPORTED:
            log_access(request, rule.logged, subject_of(request, rule.about))
        elif response.status_code == 200:
            log_export(request, response)
        return response


def is_change_in_admin(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A form of the admin that was taken: a correction, an account, somebody's password."""
    match = request.resolver_match
    taken = request.method == "POST" and response.status_code == 302
    of_admin = match is not None and match.namespace == "admin"
    return taken and request.user.is_authenticated and of_admin


def log_access(request: HttpRequest, action: str, what: str) -> None:
    """Adds a line, unless this person did the same to the same within the last minutes."""
    query = query_of(request) if action == Access.Action.LISTED else None
    token = token_name(request)
    if not is_logged_already(person_of(request).pk, action, what, query=query, token=token):
        write_line(line_of(request, action, what))


def log_export(request: HttpRequest, response: HttpResponseBase) -> None:
    """A line before the first byte leaves, and one after the last with the number of rows."""
    what = subject_of(request)
    write_line(line_of(request, Access.Action.EXPORTED, what))
    if isinstance(response, CountedResponse):
        parts = cast("Iterator[bytes]", response.streaming_content)  # never asynchronous ones
        response.streaming_content = count_sent_rows(parts, response.rows_sent, request, what)


def log_event(request: HttpRequest, action: str, what: str, *, who: User | None = None) -> None:
    """Adds a line about what is no page: a sign-in, a second factor taken away."""
    who = who or person_of(request)
    name, address, token = who.get_username(), address_of(request), token_name(request)
    write_line(AuditLine(who.pk, name, action, what[:80], address=address, token=token))


def log_failed_sign_in(request: HttpRequest, action: str, what: str, *, name: str) -> None:
    """Adds a line about a sign-in that failed. A name that nobody has may be a password typed into
    the wrong field, so it is not kept."""
    user = get_user_model().objects.filter(username=name).first()
    who_id, who_name = (user.pk, user.get_username()) if user else (0, NOBODY)
    write_line(AuditLine(who_id, who_name, action, what[:80], address=address_of(request)))


def line_of(request: HttpRequest, action: str, what: str, *, rows: int | None = None) -> AuditLine:
    person = person_of(request)
    return AuditLine(
        person.pk,
        person.get_username(),
        action,
        what[:80],
        query_of(request),
        rows,
        address_of(request),
        token_name(request),
    )


def token_name(request: HttpRequest) -> str | None:
    """Of the API token that the request came with (imrsite.tokens); None for a session."""
    token = getattr(request, "token", None)
    return token.name if token else None


def person_of(request: HttpRequest) -> User:
    """Whose request it is. What is logged by its address takes a permission, so that nobody else
    gets there."""
    assert isinstance(request.user, User)
    return request.user


def query_of(request: HttpRequest) -> str:
    return request.GET.urlencode()[:LONGEST_QUERY]


def is_logged_already(
    who_id: int, action: str, what: str, *, query: str | None = None, token: str | None = None
) -> bool:
    recent = Access.objects.filter(at__gt=timezone.now() - SAME_VISIT, token=token)
    recent = recent.filter(who_id=who_id, action=action, what=what)
    return (recent if query is None else recent.filter(query=query)).exists()


def subject_of(request: HttpRequest, about: str = "") -> str:
    """The case number, the document's id, or the list. One name for the page and the API."""
    match = match_of(request)
    if number := match.kwargs.get("case_number"):
        return number
    if match.namespace == "admin":
        return subject_in_admin(match)
    if "pk" not in match.kwargs:
        return match.view_name.removesuffix("-export").removeprefix("api-")
    if about in CASE_OF:
        model, path = CASE_OF[about]
        found = model._default_manager.filter(pk=match.kwargs["pk"]).values_list(path, flat=True)
        return found.first() or about
    return f"{about or 'document'} {match.kwargs['pk']}"


def subject_in_admin(match: ResolverMatch) -> str:
    """Of a case its number; of other records the model, and the id where there is one."""
    name = match.url_name or "admin"
    pk = match.kwargs.get("object_id") or match.kwargs.get("id", "")  # of an account "id"
    if name.startswith("cases_case_") and whole_number(pk) is not None:
        found = Case.objects.filter(pk=pk).values_list("case_number", flat=True)
        return found.first() or "case"
    return f"admin {name} {pk}".strip()


def count_sent_rows(
    parts: Iterator[bytes], sent: RowCounter, request: HttpRequest, what: str
) -> Iterator[bytes]:
    """The same parts; when they end, or the reader goes away, `sent` knows how many rows went."""
    try:
        yield from parts
    finally:
        write_line(line_of(request, Access.Action.SENT, what, rows=max(0, sent.number)))


def prune_log(days: int) -> int:
    """Removes rows older than that; returns how many."""
    before = timezone.now() - dt.timedelta(days=days)
    with transaction.atomic():
        pruning = Pruning.objects.create(before=before)
        removed, _ = Access.objects.filter(at__lt=before).delete()
        Pruning.objects.filter(pk=pruning.pk).update(removed=removed)
    return removed
