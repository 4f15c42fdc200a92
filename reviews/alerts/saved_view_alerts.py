"""New rows in saved views, for whoever wants to hear of them.

A look asks the list's own filter set for the keys of all rows that it finds, and compares them with
those that were told: a bitmap, which is small however many rows there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from pyroaring import BitMap

from cases.index.current import current_index
from cases.lists.base_filterset import IndexFilter, IndexResult, ListFilter
from cases.lists.definition import LISTS, SHOWING, ListDefinition, found_by
from cases.models import SavedView
from cases.search.language import And, Fact, Node, Not, Or, Words
from cases.search.synonyms import with_synonyms
from reviews.alerts.notices import Kind, add_notices, build_notice
from reviews.models import ViewAlert

MOST_TOLD = 50  # rows that one notice names; the rest are counted
Every = ViewAlert.Every


@dataclass(frozen=True, slots=True)
class NewRows:
    """What one look found: how many rows, and the case numbers of the first with their words."""

    count: int
    cases: tuple[tuple[str, tuple[str, ...]], ...]
    filters: tuple[str, ...]


def set_alert(view: SavedView, person: User, every: str) -> None:
    """What the view holds now is known; `every` "" turns the alert off."""
    mine = ViewAlert.objects.filter(view=view, person=person)
    if every not in Every.values:
        mine.delete()
        return
    alert, is_new = ViewAlert.objects.update_or_create(
        view=view, person=person, defaults={"every": every}
    )
    if is_new:
        begin_anew(alert, timezone.now())


def may_follow(alert: ViewAlert) -> bool:
    view = alert.view
    return view.list in LISTS and (view.shared or view.owner_id == alert.person_id)


def look_at_view(alert: ViewAlert, now: dt.datetime, told_from: dt.datetime | None = None) -> None:
    """Writes a notice of the rows that are new since the last look, and remembers them."""
    if not may_follow(alert):
        return
    if alert.query != alert.view.query:
        begin_anew(alert, now)
        return
    of = LISTS[alert.view.list]
    filterset = filterset_of(alert.view, of)
    if not filterset.is_valid():
        return
    with filterset.of_one_state():
        seen = BitMap.deserialize(bytes(alert.seen))
        if not (new := keys_of(filterset) - seen):
            ViewAlert.objects.filter(pk=alert.pk).update(looked_at=now)
            return
        found = describe(filterset, of, new)
    tell(alert, found, seen | new, now, told_from)


def filterset_of(view: SavedView, of: ListDefinition) -> ListFilter:
    return of.filterset(QueryDict(view.query), of.rows())


def keys_of(filterset: ListFilter) -> BitMap:
    """Of all rows that it finds, in no order."""
    found = found_by(filterset)
    return found.rows if isinstance(found, IndexResult) else BitMap(found.keys())


def begin_anew(alert: ViewAlert, now: dt.datetime) -> None:
    """All that the view finds now counts as told."""
    filterset = filterset_of(alert.view, LISTS[alert.view.list])
    seen = keys_of(filterset)
    ViewAlert.objects.filter(pk=alert.pk, version=alert.version).update(
        query=alert.view.query, seen=seen.serialize(), version=F("version") + 1, looked_at=now
    )


@transaction.atomic
def tell(
    alert: ViewAlert,
    found: NewRows,
    seen: BitMap,
    now: dt.datetime,
    told_from: dt.datetime | None,
) -> None:
    """Unless another worker looked meanwhile."""
    same = ViewAlert.objects.filter(pk=alert.pk, version=alert.version)
    if not same.update(
        seen=seen.serialize(), looks=F("looks") + 1, version=F("version") + 1, looked_at=now
    ):
        return
    is_own = alert.view.owner_id == alert.person_id
    noun = LISTS[alert.view.list].noun
    new = f"{found.count:,} new {noun}{'s'[: found.count != 1]}"
    # Names and words of others may say what no mail should.
    where = f"in your view “{alert.view.name}”" if is_own else "in a view that you follow"
    add_notices(
        [
            build_notice(
                alert.person_id,
                Kind.VIEW,
                alert.pk,
                words=f"{new} {where}",
                path=reverse("view-alert", args=[alert.view_id]),
                now=now,
                part=str(alert.looks + 1),
                told_from=told_from,
                urgent=alert.every == Every.NOW,
                facts={
                    "cases": [[number, words if is_own else []] for number, words in found.cases],
                    "filters": found.filters,
                },
            )
        ]
    )


# -- what the mail says of the new rows --------------------------------------------------------


def describe(filterset: ListFilter, of: ListDefinition, new: BitMap) -> NewRows:
    keys = list(islice(reversed(new), MOST_TOLD))
    fired = list(fired_words(filterset, new))
    cases: dict[str, dict[str, None]] = {}
    for row in filterset.rows(keys):
        key = getattr(row, filterset.key)
        words = dict.fromkeys(word for word, rows in fired if key in rows)
        for number in case_numbers(of, row):
            cases.setdefault(number, {}).update(words)
    told = tuple((number, tuple(words)) for number, words in cases.items())
    return NewRows(len(new), told, tuple(filter_labels(filterset)))


def case_numbers(of: ListDefinition, row: Model) -> list[str]:
    for name in ("case_number", "case_numbers"):
        column = of.by_name.get(name)
        if column and column.value:
            return [one.strip() for one in str(column.value(row) or "").split(";") if one.strip()]
    return []


def filter_labels(filterset: ListFilter) -> Iterator[str]:
    for name in filterset.active():
        if name not in (*SHOWING, "q"):
            yield str(filterset.filters[name].label)


def fired_words(filterset: ListFilter, new: BitMap) -> Iterator[tuple[str, BitMap]]:
    """Each term of the search line, as it is typed, with the new rows that it finds."""
    if not isinstance(filterset, IndexFilter):
        return
    with current_index() as index:
        for term in terms_of(filterset.asked.cleaned_data.get("q")):
            yield term_in_words(term), index.matches(with_synonyms(term), filterset.space) & new


def terms_of(node: Node | None) -> Iterator[Words | Fact]:
    """Those that a match may have; not what is left out."""
    match node:
        case Words() | Fact():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms_of(part)
        case Not():
            return


def term_in_words(term: Words | Fact) -> str:
    if isinstance(term, Fact):
        return f"{term.name}:{term.value}"
    words = " ".join(term.tokens) + "*" * term.prefix
    return f"“{words}”" if len(term.tokens) > 1 else words


# -- whose turn it is --------------------------------------------------------------------------


def alerts_at_once() -> Iterator[ViewAlert]:
    """The one looked at longest ago first."""
    rows = ViewAlert.objects.filter(every=Every.NOW, person__is_active=True)
    ordered = rows.order_by(F("looked_at").asc(nulls_first=True), "pk")
    yield from ordered.select_related("view", "person")


def alerts_for_digest(person: User, now: dt.datetime) -> Iterator[ViewAlert]:
    """Weekly ones on Monday, or on the first day after it on which there is a digest."""
    monday = now.date() - dt.timedelta(days=now.weekday())
    not_this_week = Q(looked_at__lt=dt.datetime.combine(monday, dt.time(0), now.tzinfo))
    due = Q(every=Every.DAY) | Q(not_this_week, every=Every.WEEK)
    yield from ViewAlert.objects.filter(due, person=person).select_related("view", "person")
