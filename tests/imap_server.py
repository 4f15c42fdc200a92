"""A real IMAP server of the test's own (pymap), with one mailbox in memory."""

from __future__ import annotations

import io
import socket
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

from imap_tools import MailBoxUnencrypted

from tests.mail_server import make_certificate
from tests.product import free_port

USER, PASSWORD = "box", "pass-word"
PDF, ZIP = ("application", "pdf"), ("application", "zip")


class Mailbox:
    """What a person with a mail program sees and does."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def opened(self) -> Iterator[MailBoxUnencrypted]:
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=10) as box:
            yield box.login(USER, PASSWORD)

    def put(self, *messages: EmailMessage | bytes) -> None:
        with self.opened() as box:
            for one in messages:
                box.append(one if isinstance(one, bytes) else bytes(one))

    def unseen(self) -> int:
        with self.opened() as box:
            return len(box.uids("UNSEEN"))

    def count(self, folder: str = "INBOX") -> int:
        with self.opened() as box:
            return box.folder.status(folder)["MESSAGES"]


@contextmanager
def imap_server() -> Iterator[Mailbox]:
    port = free_port()
    program = Path(sys.executable).with_name("pymap")
    words = f"--host 127.0.0.1 --port {port} --no-tls dict --demo-user {USER}"
    command = [program, *words.split(), "--demo-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            yield Mailbox(port)
        finally:
            process.kill()


def wait_for_port(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port}")


def letter_message(number: int, *files: tuple[str, bytes], **headers: str) -> EmailMessage:
    """A message with PDFs and ZIP archives attached."""
    message = EmailMessage()
    message["From"] = "Mail Room <mailroom@example.org>"
    message["To"] = "imr@example.org"
    message["Subject"] = headers.get("subject", f"Determination {number}")
    message["Message-ID"] = headers.get("message_id", f"<{number}@example.org>")
    message["Date"] = headers.get("date", "Mon, 02 Nov 2026 09:30:00 -0800")
    message.set_content("Please find the determination attached.")
    for name, content in files:
        kind, subtype = ZIP if name.endswith(".zip") else PDF
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return message


def zip_of(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


@contextmanager
def behind_tls(port: int, folder: Path) -> Iterator[tuple[int, Path]]:
    """The same server by TLS: the port, and the certificate of whom to trust."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=forward_all, args=(listener, port, context), daemon=True).start()
        yield listener.getsockname()[1], certificate


def forward_all(listener: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listener.accept()
            with suppress(OSError):
                outer = context.wrap_socket(plain, server_side=True)
                inner = socket.create_connection(("127.0.0.1", port))
                for one, other in ((outer, inner), (inner, outer)):
                    threading.Thread(target=forward, args=(one, other), daemon=True).start()


def forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(1 << 16):
            target.sendall(content)
    with suppress(OSError):
        target.close()
