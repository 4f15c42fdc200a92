"""Takes in what waits in the mailbox, one message after another.

A message is marked as done only when all of its files are stored, so that whatever dies in between,
or a disk that is full, costs nothing but time: the next look goes on. What was taken in is known
again by its row, and files by their SHA-256, so that nothing is taken twice.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.files.storage import MB
from cases.forms.claim import FIRST_DAY
from cases.intake import batches
from cases.intake.archives import Source
from cases.intake.groups import TakenFile, add_group
from cases.intake.mailbox.connection import MailboxConnection, MailboxError, open_mailbox
from cases.intake.mailbox.letter_mail import LetterMail, MailedFile, read_letter_mail
from cases.intake.sealing import seal_member
from cases.intake.turns import note_end, turn_at
from cases.intake.workers import stop_order
from cases.models import Batch, BatchLine, MailboxMessage

log = logging.getLogger(__name__)
SLICE_SECONDS = 20.0
TURN_SECONDS = 120
NOT_STORED = "not-stored"
NAME = "mailbox"  # of the turns
TOO_LARGE = "This message is larger than {most} MB. Upload the letters that are attached to it."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies."""

    mailbox: str
    validity: int
    uid: int


def read_mailbox() -> int:
    """Looks into the mailbox once; returns how many messages are done."""
    with turn_at(NAME, seconds=TURN_SECONDS) as is_mine:
        if not is_mine:
            return 0
        try:
            with open_mailbox() as mailbox:
                done = take_waiting(mailbox)
        except MailboxError as problem:
            log.warning("The mailbox can't be read: %s", problem)
            note_end(NAME, str(problem))
            return 0
        note_end(NAME)
        return done


def take_waiting(mailbox: MailboxConnection) -> int:
    """The next look goes on where SLICE_SECONDS did not suffice, or the disk is full."""
    done, over_at = 0, time.monotonic() + SLICE_SECONDS
    for uid in mailbox.waiting():
        if time.monotonic() > over_at or stop_order.is_given or not take_in(mailbox, uid):
            break
        mailbox.mark_done(uid)
        done += 1
    return done


def take_in(mailbox: MailboxConnection, uid: int) -> bool:
    """Whether nothing of the message is left to be stored."""
    here = Place(mailbox.name, mailbox.validity, uid)
    if MailboxMessage.objects.filter(**asdict(here)).exclude(done_at=None).exists():
        return True
    letter = too_large(mailbox, uid) or read_content(mailbox, uid)
    if letter is None:
        return True
    message, batch = known_message(letter, here)
    if batch and message.done_at is None:
        if not store_files(batch, letter):
            return False
        message.done_at = timezone.now()
        message.save(update_fields=["done_at"])
    return True


def too_large(mailbox: MailboxConnection, uid: int) -> LetterMail | None:
    """A message that is not even fetched. Attached files take a third more room than they have."""
    most = 2 * settings.IMR_MAX_UPLOAD_MB
    if mailbox.size(uid) <= most * MB:
        return None
    words = TOO_LARGE.format(most=most)
    key = f"{mailbox.validity}-{uid}"
    return LetterMail(key, f"Message {uid}", None, (), "too-large", words)


def read_content(mailbox: MailboxConnection, uid: int) -> LetterMail | None:
    raw = mailbox.content(uid)
    return None if raw is None else read_letter_mail(raw)


@transaction.atomic
def known_message(letter: LetterMail, here: Place) -> tuple[MailboxMessage, Batch | None]:
    """Its row, with a batch of its own from the beginning. That of one that is done may be gone."""
    known = MailboxMessage.objects.filter(mailbox=here.mailbox, key=letter.key)
    message = known.select_related("batch").first() or MailboxMessage(
        **asdict(here), key=letter.key
    )
    if message.done_at is None and message.batch is None:
        origin, day = Batch.Origin.MAIL, day_received(letter)
        message.batch = Batch.objects.create(origin=origin, assumed_on=day)
        message.save()
    return message, message.batch


def day_received(letter: LetterMail) -> dt.date:
    """The day of the message, unless it can't be right."""
    today = timezone.localdate()
    sent_on = timezone.localdate(letter.sent_at) if letter.sent_at else today
    return sent_on if FIRST_DAY <= sent_on <= today else today


def store_files(batch: Batch, letter: LetterMail) -> bool:
    """Each file once, by its number in the message; whether all are stored or refused for good."""
    batch.lines.filter(parent=None, problem_code=NOT_STORED).delete()
    have = set(batch.lines.filter(parent=None).values_list("number", flat=True))
    if not letter.files and not have:
        batches.reject_file(batch, letter.title, letter.problem_code, letter.problem, number=1)
    for number, file in enumerate(letter.files, 1):
        if number not in have and add_line(batch, file, number).problem_code == NOT_STORED:
            return False
    return True


def add_line(batch: Batch, file: MailedFile, number: int) -> BatchLine:
    """A letter's document and its line come in one transaction."""
    source = Source(file.name, [file.content])
    if file.name.lower().endswith(".zip"):
        return batches.add_file(batch, source, number=number)
    try:
        [line] = add_group(batch, [TakenFile(file.name, seal_member(source), number)])
    except IntegrityError:  # the same bytes were uploaded at the same moment
        return batches.add_file(batch, source, number=number)
    return line
