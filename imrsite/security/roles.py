"""The roles: groups of these names, with these permissions, in every database.

`migrate` brings the groups to what stands here, whatever was changed in them by hand; a mixture
of your own is a group of another name. Patterns are as in file names: `cases.view_*`.
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase

from django.apps import AppConfig

EVERYBODY = ("cases.view_*", "reviews.view_*")


class Role(StrEnum):
    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    LEAD = "lead"
    CORRECTOR = "data corrector"
    AUDITOR = "auditor"
    ADMIN = "admin"


UPLOADS = ("cases.add_document", "cases.change_document", "reviews.change_obligation")
MEMOS = ("reviews.add_memo",)
ANNOTATES = ("reviews.*_annotation",)
CORRECTS = ("imrsite.enter_admin", "cases.add_case", "cases.change_case")

ROLES: dict[Role, tuple[str, ...]] = {
    Role.UPLOADER: (*EVERYBODY, *UPLOADS, *MEMOS),
    Role.REVIEWER: (*EVERYBODY, *ANNOTATES, *MEMOS, "imrsite.export"),
    Role.LEAD: (
        *EVERYBODY,
        *UPLOADS,
        "reviews.*",
        "imrsite.export",
        "imrsite.read_audit",
        "imrsite.invite",
        "imrsite.webhooks",
    ),
    Role.CORRECTOR: (*EVERYBODY, *UPLOADS, *CORRECTS, *MEMOS, "imrsite.export"),
    Role.AUDITOR: (*EVERYBODY, "imrsite.export", "imrsite.read_audit"),
    Role.ADMIN: ("cases.*", "reviews.*", "imrsite.*", "auth.*"),
}


def grants(role: Role, permission: str) -> bool:
    """Whether the role has the permission, written as `app.codename`."""
    return any(fnmatchcase(permission, pattern) for pattern in ROLES[role])


def make_roles(sender: AppConfig, **_: object) -> None:
    """Gives the groups the permissions of one app; called for each app once `migrate` is done."""
    from django.contrib.auth.models import Group, Permission

    known = Permission.objects.filter(content_type__app_label=sender.label)
    if not (rights := list(known.values_list("pk", "codename"))):
        return
    for role in Role:
        wanted = {pk for pk, name in rights if grants(role, f"{sender.label}.{name}")}
        group = Group.objects.get_or_create(name=role)[0]
        had = set(group.permissions.filter(pk__in=known).values_list("pk", flat=True))
        group.permissions.add(*wanted - had)
        group.permissions.remove(*had - wanted)
