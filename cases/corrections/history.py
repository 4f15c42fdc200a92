"""Corrections: the one way in which a stored case is changed, and what is kept of it.

`correction` opens a transaction on one case, and when it ends well records every value that
differs, with who, when and why, and brings up to date what follows from the case's fields. So no
caller has to say what it changed, and none can change without a trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet, RestrictedError

from cases.corrections.missing_flags import delete_obsolete_flags, update_missing_flags
from cases.corrections.refresh import refresh_case
from cases.corrections.snapshot import CLAIM, Difference, differences, place_of_flag, snapshot
from cases.models import Case, Citation, Flag, Issue
from cases.models.history import Change, Revision
from cases.numbers import whole_number

Origin = Revision.Origin
LONGEST_REASON = 2000
ROW_REMOVED = "The row that this value belongs to was removed. Restore the row first."


class ReasonRequired(Exception):
    """Values were changed without saying why."""


class EditConflict(Exception):
    """Somebody saved the case after this editor opened it; `revisions` tell who and what."""

    def __init__(self, revisions: list[Revision]):
        super().__init__(
            "This case was changed since you opened this page, so nothing is saved. The newest"
            " changes stand here now; send it again if you still want it."
        )
        self.revisions = revisions


class CannotRestore(Exception):
    """Says in words why an earlier value can't come back."""


def version_of(case: Case) -> str:
    """A token for forms: another one as soon as a person or a new reading changed the case."""
    last = revisions_of(case).values_list("pk", flat=True).first()
    return f"{last or 0}.{case.reading_id or 0}"


def revisions_of(case: Case) -> QuerySet[Revision]:
    """Those of what the letter says: neither of annotations nor of claim facts."""
    claim = Exists(Change.objects.filter(revision=OuterRef("pk"), place=CLAIM))
    return Revision.objects.filter(case=case).exclude(origin=Origin.ANNOTATION).exclude(claim)


def revisions_since(case: Case, version: str) -> list[Revision]:
    seen = whole_number(version.partition(".")[0]) or 0
    later = revisions_of(case).prefetch_related("changes")
    return list(later.filter(pk__gt=seen))


@contextmanager
def correction(
    case: Case,
    who: User | None,
    why: str,
    *,
    origin: str = Origin.CORRECTION,
    seen: str | None = None,
) -> Iterator[Case]:
    """Context manager for changes of a case and its rows; `who` is None for the program.

    Args:
        seen: the `version_of` that the editor's form was made from; None to take what is there.

    Raises:
        EditConflict: the case is not as it was seen; nothing is written.
        ReasonRequired: something was changed by a person who gives no reason; nothing is written.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if seen is not None and seen != version_of(locked):
            raise EditConflict(revisions_since(locked, seen))
        before = snapshot(locked)
        yield locked
        update_missing_flags(Case.objects.get(pk=locked.pk), before)
        found = list(differences(before, snapshot(locked)))
        if not found:
            return
        if who is not None and not why.strip():
            raise ReasonRequired("Enter a reason for the change.")
        record_revision(locked, who, why, found, origin)
        refresh_case(Case.objects.get(pk=locked.pk))


def record_revision(
    case: Case,
    who: User | None,
    why: str,
    changes: Iterable[Difference],
    origin: str = Origin.CORRECTION,
) -> Revision:
    """Keeps changes that were made elsewhere in the same transaction (those of annotations)."""
    revision = Revision.objects.create(
        case=case,
        who=who,
        who_name=who.get_username() if who is not None else "",
        why=why.strip()[:LONGEST_REASON],
        origin=origin,
    )
    Change.objects.bulk_create(
        Change(revision=revision, place=one.place, field=one.field, old=one.old, new=one.new)
        for one in changes
    )
    return revision


def restore_change(change: Change, who: User | None, why: str, *, seen: str | None = None) -> None:
    """Restores the value from before the change, as a correction of its own.

    Raises:
        CannotRestore, EditConflict, ReasonRequired.
    """
    case = change.revision.case
    with correction(case, who, why, origin=Origin.RESTORE, seen=seen) as locked:
        if change.field:
            row = row_at(locked, change.place)
            now = getattr(row, change.field)
            setattr(row, change.field, change.old)
            row.full_clean(exclude=[f.name for f in row._meta.fields if f.name != change.field])
            if getattr(row, change.field) == now:
                raise CannotRestore("The case already has this value.")
            row.save(update_fields=[change.field])
        elif change.old is None:
            remove_row(row_at(locked, change.place))
        else:
            restore_row(locked, change.place, change.old)


def row_at(case: Case, place: str) -> Case | Issue | Citation | Flag:
    kind, *rest = place.split("-")
    try:
        if place == "case":
            return case
        if kind == "issue" and len(rest) == 1:
            return issue_at(case, rest[0])
        if kind == "issue":
            position, side, number = rest
            return Citation.objects.get(
                issue__case=case, issue__position=position, side=side, position=number
            )
        if kind == "flag":
            flags = case.flags.select_related("issue")
            return next(flag for flag in flags if place_of_flag(flag, flag.issue) == place)
    except (Citation.DoesNotExist, StopIteration) as error:
        raise CannotRestore(ROW_REMOVED) from error
    raise CannotRestore("Only values of the case itself can be restored here.")


def issue_at(case: Case, position: str) -> Issue:
    try:
        return Issue.objects.get(case=case, position=position)
    except Issue.DoesNotExist as error:
        raise CannotRestore(ROW_REMOVED) from error


def remove_row(row: Case | Issue | Citation | Flag) -> None:
    try:
        row.delete()
    except (ProtectedError, RestrictedError) as error:
        raise CannotRestore(
            "This issue has annotations, verdicts or deadlines that were met, so it can’t be"
            " removed."
        ) from error


def restore_row(case: Case, place: str, values: dict) -> None:
    kind, *rest = place.split("-")
    if kind == "flag":
        position = rest[-1] if len(rest) > 1 and rest[-2] == "issue" else None
        issue = Issue.objects.filter(case=case, position=position).first() if position else None
        flag = Flag.objects.create(case=case, issue=issue, **values)
        if flag not in delete_obsolete_flags(case, list(case.issues.all()), [flag]):
            raise CannotRestore("The value that this flag reported missing is now present.")
    elif len(rest) == 1:
        if Issue.objects.filter(case=case, position=rest[0]).exists():
            raise CannotRestore("There is already an issue at this position.")
        Issue.objects.create(case=case, position=rest[0], **values)
    else:
        parent = issue_at(case, rest[0])
        if parent.citations.filter(side=rest[1], position=rest[2]).exists():
            raise CannotRestore("There is already a citation at this position.")
        Citation.objects.create(issue=parent, side=rest[1], position=rest[2], **values)
