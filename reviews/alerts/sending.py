"""Sends what was composed.

A worker holds a mail by a lease while it sends it, and marks it as sent when the server has taken
it. One that dies in between sends nothing twice but the same message, by its Message-ID. While the
server does not answer, pauses grow and nothing is lost; an address that the server refuses is shown
to its person, and written to no more until it changes.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import smtplib
import time
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet

from reviews.alerts.choices import READ
from reviews.alerts.message import build_message
from reviews.models import MailSettings, OutgoingMail

log = logging.getLogger(__name__)
State = OutgoingMail.State
LEASE = dt.timedelta(minutes=3)
MINUTE = dt.timedelta(minutes=1)
# Between the tries of one mail; the last one for all that follow.
PAUSES = tuple(minutes * MINUTE for minutes in (1, 3, 10, 30, 60, 120, 240))
PERMANENT = 500  # replies from here on say that trying again is of no use


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `refused`: for good; `server_away`: so it would be of any mail."""

    problem: str = ""
    refused: bool = False
    server_away: bool = False

    @property
    def is_sent(self) -> bool:
        return not self.problem


def send_due(now: dt.datetime, *, seconds: float = 60) -> int:
    """Sends what is due, the oldest first, until the time is over or the server is away; returns
    how many mails the server took."""
    sent, over_at = 0, time.monotonic() + seconds
    requeue_refused(now)
    for pk in list(due_mails(now).order_by("pk").values_list("pk", flat=True)[:1000]):
        if time.monotonic() > over_at:
            break
        mail = claim(pk, now)
        if mail is None:
            continue
        if not may_get(mail):
            end(mail, State.DROPPED, now)
            continue
        outcome = try_to_send(mail)
        record(mail, outcome, now)
        sent += outcome.is_sent
        if outcome.server_away:
            put_off_all(now, pause_after(mail.attempts))
            break
    return sent


def due_mails(now: dt.datetime) -> QuerySet[OutgoingMail]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return OutgoingMail.objects.filter(free, state=State.WAITING, next_try_at__lte=now)


def claim(pk: int, now: dt.datetime) -> OutgoingMail | None:
    """None where another worker has it."""
    token = secrets.token_hex(16)
    held = (
        due_mails(now)
        .filter(pk=pk)
        .update(lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1)
    )
    return OutgoingMail.objects.select_related("person").get(pk=pk) if held else None


def may_get(mail: OutgoingMail) -> bool:
    """Whether the person has an account still, and may still read cases."""
    person = mail.person
    return bool(
        person.is_active and person.email and person.has_perm(READ) and mail.notices.exists()
    )


def try_to_send(mail: OutgoingMail) -> Outcome:
    try:
        validate_email(mail.person.email)
        build_message(mail).send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()), (PERMANENT, b""))
        return Outcome(reply(code, words), refused=code >= PERMANENT)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as problem:
        return Outcome(reply(problem.smtp_code, problem.smtp_error), server_away=True)
    except smtplib.SMTPDataError as problem:
        code = problem.smtp_code
        return Outcome(reply(code, problem.smtp_error), refused=code >= PERMANENT)
    except (smtplib.SMTPException, OSError) as problem:
        return Outcome(f"{problem or type(problem).__name__}"[:300], server_away=True)
    except (ValidationError, ValueError):
        return Outcome("This is not an email address.", refused=True)
    return Outcome()


def reply(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]


def record(mail: OutgoingMail, outcome: Outcome, now: dt.datetime) -> None:
    if outcome.is_sent:
        end(mail, State.SENT, now)
        clear_refusal(mail.person_id)
    elif outcome.refused:
        log.warning("Mail %s was refused: %s", mail.pk, outcome.problem)
        end(mail, State.REFUSED, now, outcome.problem)
        note_refusal(mail, outcome.problem, now)
    else:
        log.warning("Mail %s waits: %s", mail.pk, outcome.problem)
        held(mail).update(
            problem=outcome.problem,
            next_try_at=now + pause_after(mail.attempts),
            lease_token="",
            lease_until=None,
        )


def pause_after(attempts: int) -> dt.timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def held(mail: OutgoingMail) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=mail.pk, lease_token=mail.lease_token)


def end(mail: OutgoingMail, state: str, now: dt.datetime, problem: str = "") -> None:
    held(mail).update(
        state=state,
        ended_at=now,
        problem=problem,
        address=mail.person.email,
        lease_token="",
        lease_until=None,
    )


def put_off_all(now: dt.datetime, pause: dt.timedelta) -> None:
    """A server that does not answer is asked for one mail only, and then for none for a while."""
    due_mails(now).update(next_try_at=now + pause)


# -- addresses that are refused ----------------------------------------------------------------


def note_refusal(mail: OutgoingMail, words: str, now: dt.datetime) -> None:
    MailSettings.objects.update_or_create(
        person=mail.person,
        defaults={
            "refused_address": mail.person.email,
            "refused_words": words,
            "refused_at": now,
        },
    )


def clear_refusal(person: int) -> None:
    refused = MailSettings.objects.filter(person=person).exclude(refused_address="")
    refused.update(refused_address="", refused_words="", refused_at=None)


def requeue_refused(now: dt.datetime) -> None:
    """What was refused goes out again once its person has another address."""
    requeue(OutgoingMail.objects.exclude(address=F("person__email")), now)


@transaction.atomic
def try_again(person: int, now: dt.datetime) -> None:
    """The person says that their address takes mail again."""
    clear_refusal(person)
    requeue(OutgoingMail.objects.filter(person=person), now)


def requeue(mails: QuerySet[OutgoingMail], now: dt.datetime) -> None:
    """Those that were refused."""
    mails.filter(state=State.REFUSED).update(
        state=State.WAITING, next_try_at=now, attempts=0, ended_at=None
    )
