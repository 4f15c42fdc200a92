"""Named views of the lists: a query string that one person keeps, or shares with all."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from cases.lists.definition import LISTS, ListDefinition, query_without
from cases.models import SavedView

LONGEST_QUERY = 2000


def views_for(user: User, of: ListDefinition) -> QuerySet[SavedView]:
    """Their own and the shared ones, by name."""
    own_or_shared = Q(owner=user) | Q(shared=True)
    return SavedView.objects.filter(own_or_shared, list=of.name).select_related("owner")


def save_view(user: User, *, list_name: str, name: str, query: str, shared: bool) -> SavedView:
    """Keeps a view under a name; one of theirs that has this name takes the new query.

    Raises:
        ValidationError: with the words to tell.
    """
    if list_name not in LISTS:
        raise ValidationError("There is no such list.")
    view, _ = SavedView.objects.update_or_create(
        owner=user,
        list=list_name,
        name=checked_name(name),
        defaults={"query": checked_query(query), "shared": shared},
    )
    return view


def change_view(view: SavedView, user: User, *, name: str, query: str, shared: bool) -> None:
    check_owner(view, user)
    view.name, view.query, view.shared = checked_name(name), checked_query(query), shared
    view.validate_constraints()
    view.save()


def delete_view(view: SavedView, user: User) -> None:
    check_owner(view, user).delete()


def check_owner(view: SavedView, user: User) -> SavedView:
    if view.owner_id != user.pk:
        raise PermissionDenied("Only its owner can change a saved view.")
    return view


def checked_name(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise ValidationError("Enter a name for the view.")
    if len(name) > 80:
        raise ValidationError("The name of a view has at most 80 characters.")
    return name


def checked_query(query: str) -> str:
    """The state of a list but the page, from a query string with or without its question mark."""
    kept = query_without(QueryDict(query.replace("\x00", "").lstrip("?")[: LONGEST_QUERY + 1]))
    if len(kept) > LONGEST_QUERY:
        raise ValidationError("This view is too long to be saved. Remove some of its filters.")
    return kept
