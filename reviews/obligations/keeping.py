"""What people do about obligations: done, paused, running again, proof attached.

Each is one conditional UPDATE by the version that the person saw, with an entry in the history, in
one transaction. Together with `reviews.obligations.opening` the only writer of obligations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from cases.corrections.claim_facts import facts_of
from cases.forms.claim import FIRST_DAY
from reviews.models import Obligation, ObligationEvent, ObligationPause
from reviews.obligations.events import record_event
from reviews.obligations.opening import duties_of_case, end_pauses, set_deadline

State, Happened = Obligation.State, ObligationEvent.Kind
Files = Iterable[UploadedFile]


class ObligationError(Exception):
    """The action is not possible; the message says why and what to do next."""


@transaction.atomic
def mark_done(
    obligation: Obligation, by: User, *, done_on: dt.date, note: str = "", files: Files = ()
) -> None:
    check_asked(obligation)
    check_past(done_on, "The day it was done")
    if obligation.state not in Obligation.UNDONE:
        raise ObligationError(f"This is {obligation.get_state_display().lower()} already.")
    change(obligation, state=State.DONE, done_on=done_on, ended_on=done_on)
    end_pauses(obligation)
    record_event(obligation, Happened.DONE, note, by, files)


@transaction.atomic
def undo_done(obligation: Obligation, by: User, *, note: str) -> None:
    if obligation.state != State.DONE:
        raise ObligationError("This is not marked as done.")
    if not note.strip():
        raise ObligationError("Say why it is not done after all.")
    change(obligation, state=State.OPEN, done_on=None, ended_on=None)
    record_event(obligation, Happened.UNDONE, note, by)
    recompute(obligation)


@transaction.atomic
def pause(
    obligation: Obligation,
    by: User,
    *,
    reason: str,
    start: dt.date,
    note: str = "",
    files: Files = (),
) -> None:
    check_asked(obligation)
    if obligation.state != State.OPEN:
        raise ObligationError("Only an open deadline can be paused.")
    if reason not in ObligationPause.Reason.values:
        raise ObligationError("Choose why the deadline is paused.")
    if reason == ObligationPause.Reason.OTHER and not note.strip():
        raise ObligationError("Say why the deadline is paused.")
    check_past(start, "The first day of the pause")
    if start < obligation.starts_on:
        raise ObligationError(
            f"The deadline runs from {date_format(obligation.starts_on)}; a pause can’t begin"
            " before."
        )
    if start > obligation.due_on:
        raise ObligationError(
            f"It was due on {date_format(obligation.due_on)}, before the pause began, and stays"
            " overdue. Mark it as done once it is."
        )
    change(obligation, state=State.PAUSED)
    made = ObligationPause(obligation=obligation, reason=reason, note=note.strip(), start=start)
    made.save()
    words = f"{made.get_reason_display()}, from {date_format(start)}. {note}"
    record_event(obligation, Happened.PAUSED, words, by, files)


@transaction.atomic
def pause_all(
    obligations: Iterable[Obligation],
    by: User,
    *,
    reason: str,
    start: dt.date,
    note: str = "",
    files: Files = (),
) -> None:
    """All or none; the files are kept once, with the first."""
    for obligation in obligations:
        pause(obligation, by, reason=reason, start=start, note=note, files=files)
        files = ()


@transaction.atomic
def resume(
    obligation: Obligation, by: User, *, end: dt.date, note: str = "", files: Files = ()
) -> None:
    running = obligation.pauses.filter(end=None).first()
    if obligation.state != State.PAUSED or running is None:
        raise ObligationError("This deadline is not paused.")
    check_past(end, "The day from which it runs again")
    if end < running.start:
        raise ObligationError(
            f"It was paused on {date_format(running.start)}; it can’t run again before."
        )
    change(obligation, state=State.OPEN)
    running.end = end
    running.save(update_fields=["end"])
    recompute(obligation)
    words = f"From {date_format(end)}, now due {date_format(obligation.due_on)}. {note}"
    record_event(obligation, Happened.RESUMED, words, by, files)


@transaction.atomic
def attach(obligation: Obligation, by: User, *, note: str = "", files: Files = ()) -> None:
    files = list(files)
    if not files:
        raise ObligationError("Choose at least one file.")
    record_event(obligation, Happened.EVIDENCE, note, by, files)


def check_asked(obligation: Obligation) -> None:
    if obligation.is_window:
        raise ObligationError("The appeal window closes by itself; there is nothing to do.")


def check_past(day: dt.date, what: str) -> None:
    if day > timezone.localdate():
        raise ObligationError(f"{what} can’t lie ahead.")
    if day < FIRST_DAY:
        raise ObligationError(f"{what} can’t lie before {date_format(FIRST_DAY)}.")


def change(obligation: Obligation, **values: Any) -> None:
    """
    Raises:
        ObligationError: somebody else changed it meanwhile.
    """
    same = Obligation.objects.filter(pk=obligation.pk, version=obligation.version)
    if not same.update(**values, version=F("version") + 1):
        raise ObligationError(
            "Someone changed this deadline since you opened it. Nothing was saved; look at it as it"
            " is now and send your entry again if you still want it."
        )
    obligation.refresh_from_db()


def recompute(obligation: Obligation) -> None:
    """After a change of what was done: the day it is due by the case as it stands."""
    for duty in duties_of_case(obligation.case, facts_of(obligation.case)):
        if (duty.kind, duty.issue) == (obligation.kind, obligation.issue_id):
            set_deadline(obligation, duty)
