"""Reads EMAIL_URL and IMAP_URL. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

EMAIL_EXAMPLE = (
    "smtps://user:password@mail.example.org or submission://… (STARTTLS), file:///folder"
)
IMAP_EXAMPLE = "imaps://user:password@mail.example.org/INBOX"
SMTP_TIMEOUT = 20
# Without TLS only to this machine.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class MailAddressError(ValueError):
    """The address is not one; the message says why."""


def email_settings(url: str) -> dict[str, Any]:
    """The EMAIL_* settings of an address.

    `smtps://` is TLS from the start, `submission://` and `smtp+starttls://` STARTTLS, `smtp://`
    neither.

    Raises:
        MailAddressError
    """
    parts = split(url)
    if parts.scheme == "file":
        if not unquote(parts.path).startswith("/"):
            raise MailAddressError("a file address looks like file:///folder")
        folder = unquote(parts.path)
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
            "EMAIL_TIMEOUT": SMTP_TIMEOUT,
        }
    import dj_email_url  # not needed for what `make run` and most commands have

    if parts.scheme == "smtps":
        port = "" if parts.port else ":465"
        query = f"{parts.query}&ssl=true".lstrip("&")
        parts = parts._replace(scheme="smtp", netloc=f"{parts.netloc}{port}", query=query)
    elif parts.scheme == "smtp+starttls":
        parts = parts._replace(scheme="submission")
    found: dict[str, Any] = dj_email_url.parse(parts.geturl())
    if "EMAIL_BACKEND" not in found:
        raise MailAddressError(f"it can't begin with {parts.scheme}://")
    found.pop("EMAIL_FILE_PATH")
    return found | {"EMAIL_TIMEOUT": found["EMAIL_TIMEOUT"] or SMTP_TIMEOUT}


@dataclass(frozen=True, slots=True)
class ImapAddress:
    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: bool


def imap_address(url: str) -> ImapAddress:
    """
    Raises:
        MailAddressError
    """
    parts = split(url)
    if parts.scheme not in ("imaps", "imap"):
        raise MailAddressError("it begins with imaps://")
    if not (parts.hostname and parts.username and parts.password):
        raise MailAddressError("it lacks the host, the user or the password")
    tls = parts.scheme == "imaps"
    if not tls and parts.hostname not in LOCAL_HOSTS:
        raise MailAddressError("without TLS only a server on this machine can be read")
    return ImapAddress(
        host=parts.hostname,
        port=parts.port or (993 if tls else 143),
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        tls=tls,
    )


def split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as problem:
        raise MailAddressError(str(problem)) from None
    return parts
