"""What people are called on pages: by their full name, those who have none by their user name."""

from __future__ import annotations

from django.contrib.auth.models import User


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def name_fields(path: str) -> tuple[str, str, str]:
    """What `name_from` takes, for a query without rows of people."""
    return f"{path}__first_name", f"{path}__last_name", f"{path}__username"


def name_from(first: str, last: str, username: str) -> str:
    return f"{first} {last}".strip() or username
