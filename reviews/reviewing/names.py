"""What people are called on pages."""

from __future__ import annotations

from django.contrib.auth.models import User


def name_of(person: User) -> str:
    """The full name; the user name of those who have none."""
    return person.get_full_name() or person.get_username()
