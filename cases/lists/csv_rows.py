"""The rows of a CSV: read by the keys that its list finds, a chunk at a time, in as few queries as
the columns need and without a model instance."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db.models import (
    Field,
    ForeignObjectRel,
    JSONField,
    Model,
    Prefetch,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast

from cases.lists.columns import Column, freeze
from cases.lists.definition import ListDefinition

FIRST_CHUNK = 100  # so that the first rows come at once
CHUNK = 1000

Values = dict[str, Sequence[Any]]  # by path (cases.lists.columns), one for each row


def csv_rows(
    of: ListDefinition, keys: Iterable[int], columns: Sequence[Column]
) -> Iterator[tuple[Any, ...]]:
    """The cells of the rows with these keys (`ListFilter.key`), in the order of the keys. A row
    that was deleted meanwhile is left out."""
    values_of = [column.value for column in columns if column.value]
    paths = {path for value in values_of for path in value.paths}
    source = Source.of(of.rows_in_full().order_by(), of.filterset.key, paths)
    for chunk in chunks(keys):
        found, values = source.read(chunk)
        cells = zip(*(value.of_all(values) for value in values_of), strict=True)
        rows = dict(zip(found, cells, strict=True))
        yield from (rows[key] for key in chunk if key in rows)


def chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    rest, size = iter(keys), FIRST_CHUNK
    while chunk := list(islice(rest, size)):
        yield chunk
        size = CHUNK


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table that are found by `by`, and what to read of them.

    `joined` are the paths that give several fields as one tuple, each with these fields' paths.
    """

    rows: QuerySet
    by: str
    fields: tuple[str, ...]
    json_fields: frozenset[str]
    joined: dict[str, tuple[str, ...]]
    relations: tuple[Relation, ...]

    @classmethod
    def of(cls, rows: QuerySet, by: str, paths: Iterable[str]) -> Source:
        model, own, inner = rows.model, {}, defaultdict(list)
        for path in paths:
            if relation := to_many(model, path):
                inner[relation].append(path.removeprefix(f"{relation}."))
            else:
                own[path] = tuple_fields(path)
        relations = [Relation.of(rows, path, rest) for path, rest in inner.items()]
        fields = {*chain(*own.values()), *(relation.owner for relation in relations)}
        return cls(
            rows,
            by,
            tuple(fields),
            frozenset(path for path in fields if isinstance(field_at(model, path), JSONField)),
            {path: names for path, names in own.items() if len(names) > 1},
            tuple(relations),
        )

    def read(self, keys: Iterable[int]) -> tuple[Sequence[int], Values]:
        """Of the rows whose `by` is one of these keys: their `by`, and their values."""
        by, values = self.fields_read(keys)
        for path in self.json_fields:
            values[path] = list(map(decoded, values[path]))
        for path, names in self.joined.items():
            values[path] = list(zip(*(values[name] for name in names), strict=True))
        for relation in self.relations:
            values |= relation.read(values[relation.owner])
        return by, values

    def fields_read(self, keys: Iterable[int]) -> tuple[Sequence[int], Values]:
        found = self.rows.filter(**{f"{lookup(self.by)}__among": keys})
        rows = list(found.values_list(*map(self.expression, (self.by, *self.fields))))
        empty = ((),) * (1 + len(self.fields))
        by, *columns = zip(*rows, strict=True) if rows else empty
        return by, dict(zip(self.fields, columns, strict=True))

    def expression(self, path: str) -> str | Cast:
        """A JSON field as its text, of which each is decoded but once (`decoded`)."""
        name = lookup(path)
        return Cast(name, TextField()) if path in self.json_fields else name


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of which many belong to one row of a source, or to a row that this one leads to.

    `owner` is the path of the key that they belong to.
    """

    path: str
    owner: str
    inner: tuple[str, ...]  # the paths to read, from here on
    source: Source

    @classmethod
    def of(cls, rows: QuerySet, path: str, inner: Collection[str]) -> Relation:
        owner = path.rpartition(".")[0] or "pk"
        foreign_key = field_at(rows.model, path).remote_field
        assert foreign_key  # the path ends in a relation
        by = foreign_key.name
        return cls(path, owner, tuple(inner), Source.of(prefetch_queryset(rows, path), by, inner))

    def read(self, owners: Sequence[int | None]) -> Values:
        """By path from the owning row; for each owner the values of all that belongs to it."""
        belongs_to, values = self.source.read({one for one in owners if one is not None})
        return {
            f"{self.path}.{path}": group_by_owner(owners, belongs_to, values[path])
            for path in self.inner
        }


def group_by_owner(
    owners: Sequence[Any], belongs_to: Sequence[Any], values: Sequence[Any]
) -> list[Any]:
    """For each owner the values that belong to it."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for owner, value in zip(belongs_to, values, strict=True):
        found[owner].append(value)
    return [found.get(owner, ()) for owner in owners]


def prefetch_queryset(rows: QuerySet, path: str) -> QuerySet:
    """The related rows as the queryset prefetches them: which ones, and in which order."""
    lookups = rows._prefetch_related_lookups  # type: ignore[attr-defined]  # private to Django
    for one in lookups:
        if isinstance(one, Prefetch) and one.prefetch_through == lookup(path):
            assert one.queryset is not None
            return one.queryset
    return related_to(field_at(rows.model, path))._default_manager.all()


def to_many(model: type[Model], path: str) -> str:
    """The first part of the path, up to a relation to many rows; "" where it has none."""
    parts = tuple_fields(path)[0].split(".")
    steps = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return next((step for step in steps if field_at(model, step).one_to_many), "")


def field_at(model: type[Model], path: str) -> Field | ForeignObjectRel:
    first, _, rest = path.partition(".")
    field = model._meta.pk if first == "pk" else model._meta.get_field(first)
    return field_at(related_to(field), rest) if rest else field


def related_to(field: Field | ForeignObjectRel) -> type[Model]:
    """The model that a relation leads to."""
    model = field.related_model
    assert isinstance(model, type)
    return model


def tuple_fields(path: str) -> tuple[str, ...]:
    """The paths of the fields that a path gives as one: "label.name,slug"."""
    to_row, dot, names = path.rpartition(".")
    return tuple(f"{to_row}{dot}{name}" for name in names.split(","))


def lookup(path: str) -> str:
    """The path as Django's lookups write it."""
    return path.replace(".", "__")


# Lists of pages, specialties and states are few, and the same ones come again and again.
@lru_cache(10_000)
def decoded(text: str | None) -> Any:
    return freeze(json.loads(text or "null"))
