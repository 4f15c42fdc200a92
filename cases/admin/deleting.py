"""Delete permissions of the admin, checked in advance instead of failing during deletion.

What letters brought (documents, readings, cases) goes by `manage.py forget` alone, which takes the
files and the index along. A label or an account can be deleted until something refers to it; after
that it is retired, or made inactive.
"""

from __future__ import annotations

from typing import Any

from django.db.models import PROTECT, Model
from django.http import HttpRequest

from cases.admin.lighter import LighterAdmin


class NeverDeleted(LighterAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DeletableWhileUnused(LighterAdmin):
    """One by one: of several rows it can't be said beforehand which may go."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_referenced(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def is_referenced(row: Model) -> bool:
    """Whether a row that must stay refers to it."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
        if relation.on_delete is PROTECT
    )
