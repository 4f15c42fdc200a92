"""Links in mails: full addresses of pages, and signed ones that turn things off without signing
in."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from reviews.alerts.choices import Silence
from reviews.models import Notice

SIGNER = signing.Signer(salt="reviews.alerts.unsubscribe")


def full_address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def mail_host() -> str:
    """What stands behind the @ of message ids."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def silence_of(person: int, notices: Iterable[Notice]) -> Silence:
    """All that these notices are of."""
    kinds = {one.kind for one in notices if one.kind != Notice.Kind.VIEW}
    alerts = {one.about for one in notices if one.kind == Notice.Kind.VIEW}
    return Silence(person, tuple(sorted(kinds)), tuple(sorted(alerts)))


def unsubscribe_address(silence: Silence) -> str:
    facts = [silence.person, list(silence.kinds), list(silence.alerts)]
    token = SIGNER.sign_object(facts)  # without the time: the same for the same mail
    return full_address(reverse("unsubscribe", args=[token]))


def read_token(token: str) -> Silence | None:
    """None of one that is not ours. It never expires: a mail may lie unread for long."""
    try:
        person, kinds, alerts = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Silence(person, tuple(kinds), tuple(alerts))
