"""Inserts many new rows fast: COPY on PostgreSQL, one prepared statement on SQLite.

Several times as fast as `bulk_create`, for rows that our own code made whole: nothing is
validated, no signal is sent, and expressions are not understood.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

Convert = Callable[[Any], Any]


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Inserts unsaved instances of one model, in one transaction of the caller's; gives them
    their keys, where they have none yet."""
    if not rows:
        return
    model = type(rows[0])
    assign_keys(rows)
    fields = model._meta.concrete_fields
    set_timestamps(rows, fields)
    columns = [values(rows, field) for field in fields]
    names = [field.column for field in fields if field.column is not None]
    write_rows(model, names, zip(*columns, strict=True))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def assign_keys(rows: Sequence[models.Model]) -> None:
    """Gives unsaved instances of one model the keys that they will be inserted with, for what
    follows from a key."""
    unnumbered = [row for row in rows if row.pk is None]
    if unnumbered and isinstance(unnumbered[0]._meta.pk, models.AutoField):
        keys = reserve_keys(type(unnumbered[0]), len(unnumbered))
        for row, key in zip(unnumbered, keys, strict=True):
            row.pk = key


def set_timestamps(rows: Sequence[models.Model], fields: Sequence[models.Field]) -> None:
    """Sets what `auto_now` and `auto_now_add` would."""
    now = timezone.now()
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for row in rows:
                setattr(row, field.attname, now)


def values(rows: Sequence[models.Model], field: models.Field) -> list[Any]:
    if isinstance(field, models.ForeignKey):
        return [related_key(row, field) for row in rows]
    given = [given_value(row, field) for row in rows]
    convert = converter(field)
    return [one if one is None else convert(one) for one in given] if convert else given


def given_value(row: models.Model, field: models.Field) -> Any:
    """The row's own, or what the column would have by default: COPY names every column."""
    value = getattr(row, field.attname)
    if isinstance(value, DatabaseDefault):
        value = field.db_default
        setattr(row, field.attname, value)
    return value


def related_key(row: models.Model, field: models.ForeignKey) -> Any:
    """Of the row that it points to, which may have got its key since it was pointed to."""
    key = getattr(row, field.attname)
    if key is None and field.is_cached(row) and (related := getattr(row, field.name)):
        key = related.pk
        setattr(row, field.attname, key)
    return key


def converter(field: models.Field) -> Convert | None:
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return None


def reserve_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys that nobody else will take."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [number for (number,) in cursor.fetchall()]
        # SQLite has one writer at a time, and the transaction has begun as a writer's.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  our own names
                list(rows),
            )
