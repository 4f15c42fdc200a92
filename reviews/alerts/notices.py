"""Notices: written once for each thing that happened, and looked at again before they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from reviews.models import Assignment, Mention, Notice, Obligation, ViewAlert

Kind, How = Notice.Kind, Notice.How


def build_notice(
    person: int,
    kind: Notice.Kind,
    about: int,
    *,
    words: str,
    path: str,
    now: dt.datetime,
    part: str = "",
    facts: dict[str, Any] | None = None,
    told_from: dt.datetime | None = None,
    **fields: Any,
) -> Notice:
    """`words` and `path` are what the mail says and links to; `part` tells notices of one thing
    apart, and `fields` are others of the row."""
    subject = "deadline" if kind in Notice.DEADLINES else kind
    return Notice(
        person_id=person,
        kind=kind,
        about=about,
        key=":".join(filter(None, (subject, str(about), part, f"to-{person}"))),
        facts={"words": words, "path": path, **(facts or {})},
        created_at=now,
        told_from=told_from or now,
        **fields,
    )


def add_notices(notices: Iterable[Notice]) -> None:
    """Those that are there already stay as they are."""
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=200)


def waiting_notices(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, mail=None, dropped_at=None).order_by("pk")


def drop_notices(notices: Iterable[Notice], now: dt.datetime) -> None:
    Notice.objects.filter(pk__among=[one.pk for one in notices]).update(dropped_at=now)


def still_true(notices: Iterable[Notice]) -> set[int]:
    """The keys of those that are worth telling still: nobody has dealt with the matter."""
    by_kind: dict[str, list[Notice]] = {}
    for one in notices:
        kind = Kind.DEADLINE if one.kind in Notice.DEADLINES else one.kind
        by_kind.setdefault(kind, []).append(one)
    return {pk for kind, group in by_kind.items() for pk in still_true_of(kind, group)}


def still_true_of(kind: str, group: list[Notice]) -> Iterable[int]:
    about = [one.about for one in group]
    standing: set[Any]
    if kind == Kind.MENTION:
        standing = unseen_mentions(about)
    elif kind == Kind.ASSIGNMENT:
        standing = open_assignments(about)
    elif kind == Kind.VIEW:
        standing = keys_in(ViewAlert.objects.all(), about)
    elif kind == Kind.DEADLINE:
        due = open_deadlines(about)
        return [one.pk for one in group if due.get(one.about) == one.due_on]
    else:
        standing = set(about)
    return [one.pk for one in group if one.about in standing]


def keys_in(rows: QuerySet, keys: list[int]) -> set[int]:
    return set(rows.filter(pk__among=keys).values_list("pk", flat=True))


def unseen_mentions(keys: list[int]) -> set[int]:
    rows = Mention.objects.filter(seen_at=None, annotation__deleted_at=None)
    return keys_in(rows.exclude(reply__deleted_at__isnull=False), keys)


def open_assignments(keys: list[int]) -> set[int]:
    return keys_in(Assignment.objects.filter(submitted_at=None, review__closed_at=None), keys)


def open_deadlines(keys: list[int]) -> dict[int, dt.date]:
    """When each of them is due; those that nobody has to meet any more are missing."""
    rows = Obligation.objects.filter(pk__among=keys, state=Obligation.State.OPEN)
    return dict(rows.values_list("pk", "due_on"))
