"""What `make run` adds so that a newcomer can look around: a key, a login, sample letters.

Only the run command calls this. No migration and no setting makes a login.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.utils import get_random_secret_key

from cases.models import Document

USERNAME = "demo"
LETTERS = settings.BASE_DIR / "tests" / "letters"


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """The text of a file that only this user may read; made and written when it isn't there."""
    if path.exists() and (text := path.read_text().strip()):
        return text
    text = make()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    return text


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept, so that a restart signs nobody out."""
    if not settings.SECRET_KEY_IS_MADE_UP:
        return settings.SECRET_KEY
    return read_or_create(settings.VAR_DIR / "secret_key", get_random_secret_key)


def password() -> str:
    """DEMO_PASSWORD, or one made once and kept, so that every start can print it."""
    if settings.DEMO_PASSWORD:
        return settings.DEMO_PASSWORD
    return read_or_create(settings.VAR_DIR / "demo_password", lambda: secrets.token_urlsafe(9))


def ensure_login() -> str:
    """Sees to it that `demo` can sign in, to the admin as well, and returns its password."""
    user, _ = get_user_model().objects.get_or_create(
        username=USERNAME, defaults={"is_staff": True, "is_superuser": True}
    )
    wanted = password()
    if not user.check_password(wanted):
        user.set_password(wanted)
        user.save()
    return wanted


def missing_samples() -> list[Path]:
    """The sample letters that the database doesn't hold yet, the real one first."""
    letters = [*sorted(LETTERS.glob("CM*.pdf")), *sorted(LETTERS.glob("facsimile-*.pdf"))]
    digests = {hashlib.sha256(letter.read_bytes()).hexdigest(): letter for letter in letters}
    known = Document.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
    return [letter for digest, letter in digests.items() if digest not in set(known)]
