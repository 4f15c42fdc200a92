"""The database of an installation, whichever it is, as backup and restore see it."""

from __future__ import annotations

from types import ModuleType

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from cases.backup import postgres, sqlite
from cases.backup.manifest import BackupError

ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}
# What `migrate` itself puts into an empty database.
FILLED_BY_MIGRATE = {
    "auth.Group",
    "auth.Permission",
    "cases.CaseChange",
    "contenttypes.ContentType",
    "reviews.Label",
}


def database_engine() -> ModuleType:
    """The module that copies and loads the database in use."""
    if connection.vendor not in ENGINES:
        raise BackupError(f"There is no backup of a {connection.display_name} database.")
    return ENGINES[connection.vendor]


def row_counts(of: BaseDatabaseWrapper) -> dict[str, int]:
    """Table → number of rows."""
    with of.cursor() as cursor:
        found = {}
        for table in sorted(of.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {of.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def applied_migrations(of: BaseDatabaseWrapper) -> tuple[tuple[str, str], ...]:
    with of.cursor() as cursor:
        cursor.execute("SELECT DISTINCT app, name FROM django_migrations ORDER BY app, name")
        return tuple(cursor.fetchall())


def unknown_migrations(applied: tuple[tuple[str, str], ...]) -> list[str]:
    """Of these migrations those that an app of this installation does not have."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    installed = {config.label for config in apps.get_app_configs()}
    return [
        f"{app} {name}" for app, name in applied if app in installed and (app, name) not in known
    ]


def uninstalled_apps(applied: tuple[tuple[str, str], ...]) -> list[str]:
    """Apps that have migrations there and are not installed here."""
    installed = {config.label for config in apps.get_app_configs()}
    return sorted({app for app, _ in applied} - installed)


def has_tables() -> bool:
    return bool(connection.introspection.table_names())


def describe_contents() -> list[str]:
    """What stands in the database besides what `migrate` puts there, in words."""
    tables = set(connection.introspection.table_names())
    found = []
    for model in apps.get_models():
        names = model._meta
        if not names.managed or names.label in FILLED_BY_MIGRATE or names.db_table not in tables:
            continue
        if count := model._base_manager.count():
            found.append(
                f"{count:,} {names.verbose_name if count == 1 else names.verbose_name_plural}"
            )
    return found
