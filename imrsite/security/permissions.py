"""What a signed-in person may do, read in one query for each request.

Django's backend asks twice: for own permissions and for those of the groups. Nothing is kept
from one request to the next, so that a role which was taken away is gone at once.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import Q

CACHE = "_perm_cache"  # where ModelBackend looks first


def load_permissions(user: User | AnonymousUser) -> None:
    """Reads them for ModelBackend, which knows without a query about visitors, superusers and
    closed accounts."""
    if not user.is_authenticated or not user.is_active or user.is_superuser or hasattr(user, CACHE):
        return
    granted = Permission.objects.filter(Q(user=user) | Q(group__user=user)).order_by()
    names = granted.values_list("content_type__app_label", "codename")
    setattr(user, CACHE, {f"{app}.{name}" for app, name in names})
