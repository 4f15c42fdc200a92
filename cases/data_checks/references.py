"""The database's own soundness, and rows that point to rows that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from cases.data_checks.registry import Finding, Options, checks

SHOWN = 20  # of one kind
RESTORE = "Restore the last backup in which check_data found nothing"


def check_database(options: Options) -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA integrity_check({SHOWN})")
        for (line,) in cursor.fetchall():
            if line != "ok":
                yield Finding("database", line, RESTORE)


def check_references(options: Options) -> Iterator[Finding]:
    tables = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.db_table in tables:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.ForeignKey):
                    yield from dangling_references(model, field)


def dangling_references(model: type[models.Model], field: models.ForeignKey) -> Iterator[Finding]:
    quote, target = connection.ops.quote_name, field.related_model._meta
    table, key = quote(model._meta.db_table), quoted(model._meta.pk)
    column, to = quoted(field), quoted(field.target_field)
    sql = (
        f"SELECT a.{key}, a.{column} FROM {table} a LEFT JOIN {quote(target.db_table)} b"  # noqa: S608
        f" ON a.{column} = b.{to} WHERE a.{column} IS NOT NULL AND b.{to} IS NULL LIMIT {SHOWN}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for row, missing in cursor.fetchall():
            yield Finding(
                f"{model._meta.verbose_name} {row} (table {model._meta.db_table})",
                f"points to {target.verbose_name} {missing}, which does not exist",
                f"{RESTORE}, or delete the row",
            )


def quoted(field: models.Field) -> str:
    """The name of its column, as SQL takes it."""
    assert field.column  # the field is concrete
    return connection.ops.quote_name(field.column)


checks.extend((check_database, check_references))
