"""A real SMTP server of the test's own, which can be as difficult as servers are."""

from __future__ import annotations

import email
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.product import free_port

USER, PASSWORD = "mailer", "pass/word"


class Inbox:
    """What arrived, in order, and how the server behaves."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused: set[str] = set()
        self.busy = False  # answers every mail with 451
        self.drops = 0  # so many times it takes the mail and hangs up without an answer

    @property
    def by_id(self) -> dict[str, EmailMessage]:
        """As a mail program shows them: the same Message-ID once."""
        return {one["Message-ID"]: one for one in self.messages}

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.by_id.values() if one["To"] == address]

    # What aiosmtpd calls.
    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, *_: Any):
        if address in self.refused:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.busy:
            return "451 4.7.1 Greylisted, come back later"
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 OK"


class TlsController(Controller):
    """STARTTLS, and nothing without it and a password."""

    def __init__(self, inbox: Inbox, context: ssl.SSLContext) -> None:
        super().__init__(
            inbox,
            hostname="localhost",
            port=0,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=is_mailer,
        )


def is_mailer(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right)


@contextmanager
def smtp_server() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield inbox, controller.port
    finally:
        controller.stop()


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[Inbox, int, Path]]:
    """With the certificate of whom to trust."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    inbox = Inbox()
    controller = TlsController(inbox, context)
    controller.port = free_port()
    controller.start()
    try:
        yield inbox, controller.port, certificate
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "server.pem", folder / "server.key"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    words += " -addext subjectAltName=DNS:localhost"
    places = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words.split(), *places], check=True, capture_output=True)
    return certificate, key
