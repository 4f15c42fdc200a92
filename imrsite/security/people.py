"""Accounts of other people: who may change whose, and the changes themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from imrsite.models import ApiToken
from imrsite.security.roles import Role

ONESELF = "You can’t deactivate your own account. Another lead or administrator can."
LAST_ADMIN = "This is the only administrator left. Make someone else an administrator first."


class CannotDeactivate(Exception):
    """The message says why."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What the form about a person says; with an empty `role` theirs stays as it is."""

    first_name: str
    last_name: str
    email: str
    role: str = ""


def roles_to_give(user: User) -> list[Role]:
    """A lead invites to any role but admin, which only an admin gives."""
    if user.has_perm("auth.change_group"):
        return list(Role)
    return [role for role in Role if role != Role.ADMIN]


def may_be_changed_by(user: User, editor: User) -> bool:
    """Whoever sets the password has the account: nobody gives a link to more than they may give,
    or changes the email address by which such an account signs in."""
    if editor.has_perm("auth.change_group"):
        return True
    names = set(user.groups.values_list("name", flat=True))
    return not user.is_superuser and names <= set(roles_to_give(editor))


def roles_of(user: User) -> list[Role]:
    """Those of the product; groups of another name are no roles."""
    names = {group.name for group in user.groups.all()}
    return [role for role in Role if role in names]


@transaction.atomic
def create_invited_user(username: str, details: PersonDetails) -> str:
    """Makes an account without a password; returns the path at which its owner sets one."""
    user = get_user_model().objects.create_user(
        username, details.email, first_name=details.first_name, last_name=details.last_name
    )
    user.groups.add(Group.objects.get(name=details.role))
    return invitation_path(user)


def invitation_path(user: User) -> str:
    """Holds until a password is set or PASSWORD_RESET_TIMEOUT has passed."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("invitation", args=[uid, default_token_generator.make_token(user)])


@transaction.atomic
def edit_person(user: User, details: PersonDetails) -> list[str]:
    """Returns what changed, in words for the access log."""
    changed = []
    names = ("first_name", "last_name", "email")
    if any(getattr(user, name) != getattr(details, name) for name in names):
        for name in names:
            setattr(user, name, getattr(details, name))
        user.save(update_fields=names)
        changed.append(f"details of {user}")
    if details.role and [details.role] != roles_of(user):
        user.groups.remove(*Group.objects.filter(name__in=[*Role]))
        user.groups.add(Group.objects.get(name=details.role))
        changed.append(f"role of {user}: {details.role}")
    return changed


def active_admins() -> QuerySet[User]:
    admins = Q(is_superuser=True) | Q(groups__name=Role.ADMIN)
    return get_user_model().objects.filter(admins, is_active=True).distinct()


@transaction.atomic
def deactivate(user: User, by: User) -> None:
    """Ends the account, its sessions, API tokens and invitation; what the person wrote stays.

    Raises:
        CannotDeactivate
    """
    if user.pk == by.pk:
        raise CannotDeactivate(ONESELF)
    # Locked, so that two administrators who deactivate each other don't leave none.
    users = get_user_model().objects.select_for_update()
    left = {one.pk for one in users.filter(pk__in=active_admins().values("pk"))}
    if left == {user.pk}:
        raise CannotDeactivate(LAST_ADMIN)
    user.is_active = False
    if not user.has_usable_password():
        user.set_unusable_password()  # a new one: links that were given out stop working
    user.save(update_fields=["is_active", "password"])
    end_sessions(user)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def reactivate(user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])


def end_sessions(user: User) -> int:
    """Deletes them, so that none comes back with the account; returns how many there were."""
    key = str(user.pk)
    open_ones = Session.objects.filter(expire_date__gt=timezone.now())
    own = [
        session.pk
        for session in open_ones.iterator(chunk_size=500)
        if session.get_decoded().get("_auth_user_id") == key
    ]
    return Session.objects.filter(pk__in=own).delete()[0]
