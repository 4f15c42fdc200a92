"""API tokens: made by a person, good for what that person may do, until revoked or expired.

A token is shown once. What is stored is its SHA-256 digest: a token is 256 random bits, so that no
slower digest is needed, and a copy of the database signs nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from imrsite.models import ApiToken

PREFIX = "imr_"  # by which scanners for leaked secrets know one
USUAL_DAYS = 90
MOST_DAYS = 366
MOST_TOKENS = 20  # of one person, at one time
SAME_USE = dt.timedelta(minutes=1)
UNKNOWN = (
    "The Authorization header is no token of this site. It reads: Authorization: Bearer imr_…;"
    " make a token at /tokens/."
)


class TokenRefused(Exception):
    """The message says why, and what to do."""


def create_token(user: User, *, name: str, scope: str, expires_on: dt.date) -> tuple[ApiToken, str]:
    """The row, and the token itself, which nobody will see again."""
    word = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        expires_on=expires_on,
        digest=digest_of(word),
        hint=word[-4:],
    )
    return token, word


def digest_of(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def authenticate(header: str) -> ApiToken:
    """The token that an Authorization header carries, with its person; its use is noted.

    Raises:
        TokenRefused
    """
    _, _, word = header.partition(" ")
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(word.strip())).first()
    if token is None:
        raise TokenRefused(UNKNOWN)
    if not token.user.is_active:
        raise TokenRefused("The account of this token is deactivated.")
    if token.revoked_at:
        raise TokenRefused("This token was revoked. Make another at /tokens/.")
    if token.has_expired:
        raise TokenRefused(f"This token expired on {token.expires_on}. Make another at /tokens/.")
    note_use(token)
    return token


def note_use(token: ApiToken) -> None:
    """Once a minute is enough, and costs a reading program nothing."""
    now = timezone.now()
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - SAME_USE)
    if token.last_used_at is None or token.last_used_at < now - SAME_USE:
        ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now)


def revoke_token(token: ApiToken) -> bool:
    """False where it was revoked before."""
    left = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    return bool(left.update(revoked_at=timezone.now()))
