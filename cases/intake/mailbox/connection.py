"""The mailbox itself: which messages wait there, their bytes, and the mark that they are done."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from imap_tools.mailbox import BaseMailBox

TIMEOUT = 20  # seconds for each step


class MailboxError(Exception):
    """The mailbox can't be read now; the message says why."""


@dataclass(frozen=True, slots=True)
class MailboxConnection:
    """An open mailbox. `name` tells it from others; `validity` holds for the uids."""

    box: BaseMailBox
    name: str
    validity: int

    def waiting(self) -> list[int]:
        """The uids of messages that are not done, the oldest first. Where these are moved away, all
        that are there; else those that are not marked as seen."""
        criteria = "ALL" if settings.IMAP_DONE_FOLDER else "UNSEEN"
        return sorted(map(int, self.box.uids(criteria)))

    def size(self, uid: int) -> int:
        """In bytes; 0 where the server does not say."""
        found = self.fetch(uid, "(RFC822.SIZE)")
        for one in found:
            line = one if isinstance(one, bytes) else b" ".join(one)
            _, mark, rest = line.partition(b"RFC822.SIZE ")
            if mark:
                return int(rest.split()[0].strip(b")"))
        return 0

    def content(self, uid: int) -> bytes | None:
        """None of one that is gone meanwhile. It stays unseen."""
        found = self.fetch(uid, "(BODY.PEEK[])")
        return next((one[1] for one in found if isinstance(one, tuple)), None)

    def fetch(self, uid: int, what: str) -> list[Any]:
        status, found = self.box.client.uid("fetch", str(uid), what)
        if status != "OK":
            raise MailboxError(f"message {uid} can't be fetched: {status}")
        return [one for one in found if one]

    def mark_done(self, uid: int) -> None:
        if folder := settings.IMAP_DONE_FOLDER:
            if not self.box.folder.exists(folder):
                self.box.folder.create(folder)
            self.box.move(str(uid), folder)
            return
        status, _ = self.box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        if status != "OK":
            raise MailboxError(f"message {uid} can't be marked as seen: {status}")


@contextmanager
def open_mailbox() -> Iterator[MailboxConnection]:
    """
    Raises:
        MailboxError
    """
    from imap_tools import MailBox, MailBoxUnencrypted  # only who reads a mailbox needs it
    from imap_tools.errors import ImapToolsError

    at = settings.IMAP_ADDRESS
    try:
        if at.tls:
            trust = ssl.create_default_context()
            box: BaseMailBox = MailBox(at.host, at.port, TIMEOUT, ssl_context=trust)
        else:
            box = MailBoxUnencrypted(at.host, at.port, TIMEOUT)
        try:
            box.login(at.user, at.password, initial_folder=at.folder)
            validity = int(box.folder.status(at.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            name = sha256(f"{at.user}@{at.host}/{at.folder}".encode()).hexdigest()
            yield MailboxConnection(box, name, validity)
        finally:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                box.logout()
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as problem:
        raise MailboxError(words_of(problem)) from problem


def words_of(problem: Exception) -> str:
    said = (isinstance(problem, OSError) and problem.strerror) or str(problem)
    return f"{said.rstrip('.') or type(problem).__name__}."
