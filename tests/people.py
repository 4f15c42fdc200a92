"""Accounts with a role, as tests need them."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from imrsite.security.roles import Role

PASSWORD = "words-on-a-page"


def person(role: Role | str | None = Role.REVIEWER, name: str = ""):
    """A new user in the role's group; with None one without a role."""
    name = name or (f"a {role}" if role else "nobody")
    user = get_user_model().objects.create_user(name.replace(" ", "-"), password=PASSWORD)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user
