"""Migrations since the last release let its processes go on, as CONTRIBUTING asks
("Migrations that don't lock")."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations import operations as of
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from cases.schema.add_fields import ChangeTable
from cases.schema.add_index import AddIndexOnline
from tests.released import LAST_RELEASE

REMOVING = (of.RemoveField, of.RenameField, of.DeleteModel, of.RenameModel, of.AlterModelTable)
# Migrations whose Python may run in their transaction, and why.
SHORT = {("reviews", "0013_tour"): "a row for each person, into a table that nobody uses yet"}


def new_migrations(graph: MigrationGraph) -> list[tuple[str, str]]:
    """Those since the last release, in the order in which they run."""
    old = {node for name in LAST_RELEASE.items() for node in graph.forwards_plan(name)}
    plan = [node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf)]
    return [node for node in dict.fromkeys(plan) if node not in old and node[0] in LAST_RELEASE]


def problems_of(
    migration: migrations.Migration, before: ProjectState, released: ProjectState
) -> Iterator[str]:
    """Why processes of the last release would fail or wait, beside the operation."""
    state, altered = before.clone(), []
    for operation in flat(migration.operations):
        after = state.clone()
        operation.state_forwards(migration.app_label, after)
        found = list(problems_with(operation, migration, state, after, released))
        table = (migration.app_label, getattr(operation, "model_name", "").lower())
        if isinstance(operation, of.AddField) and table in released.models:
            if migration.atomic and parents(released, table) & {*altered} - {table}:
                found.append(
                    "who writes locks a table before those that it refers to, as this must"
                )
            altered.append(table)
        for problem in found:
            yield f"{migration.app_label}.{migration.name}, {operation.describe()}: {problem}"
        state = after


def parents(state: ProjectState, table: tuple[str, str]) -> set[tuple[str, str]]:
    """The tables that this one refers to."""
    related = (one.related_model for one in state.apps.get_model(*table)._meta.fields)
    return {(one._meta.app_label, one._meta.model_name) for one in related if one}


def flat(operations: list[of.base.Operation]) -> Iterator[of.base.Operation]:
    for operation in operations:
        if isinstance(operation, ChangeTable):
            yield from operation.operations
        else:
            yield operation


def problems_with(
    operation: of.base.Operation,
    migration: migrations.Migration,
    before: ProjectState,
    after: ProjectState,
    released: ProjectState,
) -> Iterator[str]:
    name = getattr(operation, "model_name", getattr(operation, "name", "")) or ""
    in_use = (migration.app_label, name.lower()) in released.models
    if not operation.reversible:
        yield "it can't be reversed"
    data = isinstance(operation, of.RunPython | of.RunSQL)
    if data and migration.atomic and (migration.app_label, migration.name) not in SHORT:
        yield "data is changed in batches, in a migration with atomic = False"
    if isinstance(operation, AddIndexOnline) and migration.atomic:
        yield "it needs a migration with atomic = False"
    if not in_use:
        return
    if isinstance(operation, REMOVING):
        yield "what the last release uses is removed or renamed one release later"
    if isinstance(operation, of.AddIndex) and not isinstance(operation, AddIndexOnline):
        yield "writers wait for it: use AddIndexOnline"
    if isinstance(operation, of.AddConstraint):
        yield "it reads the whole table while writers wait"
    if isinstance(operation, of.AddField) and not takes_old_rows(operation.field):
        yield "an insert of the last release has no value for it: null=True or db_default"
    if isinstance(operation, of.AlterField):
        models_of = [one.apps.get_model(migration.app_label, name) for one in (before, after)]
        old, new = (model._meta.get_field(operation.name) for model in models_of)
        if rewrites(old, new):
            yield "the table is written or read anew while everybody waits"


def takes_old_rows(field: models.Field) -> bool:
    return field.many_to_many or field.null or field.has_db_default()


def rewrites(old: models.Field, new: models.Field) -> bool:
    def column(field: models.Field) -> tuple:
        kind = field.db_parameters(connection)["type"]
        return field.column, kind, field.null, field.unique, field.db_index

    if column(old) == column(new):
        return False
    longer = isinstance(old, models.CharField) and (new.max_length or 0) >= (old.max_length or 0)
    loosened = new.null >= old.null and new.unique <= old.unique and new.db_index <= old.db_index
    return not (longer and loosened and old.column == new.column)


def test_processes_of_the_last_release_go_on_while_migrations_run():
    loader = MigrationLoader(None)
    released = loader.project_state(list(LAST_RELEASE.items()))
    found = [
        problem
        for node in new_migrations(loader.graph)
        for problem in problems_of(
            loader.get_migration(*node), loader.project_state([node], at_end=False), released
        )
    ]
    assert found == []


def test_the_last_release_ended_with_migrations_that_there_are():
    graph = MigrationLoader(None).graph
    assert all(node in graph.nodes for node in LAST_RELEASE.items())


WORDS = models.CharField(max_length=20, default="")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (of.AddField("case", "words", WORDS), "null=True or db_default"),
        (of.AddIndex("case", models.Index(fields=["priority"], name="x")), "AddIndexOnline"),
        (of.RemoveField("case", "priority"), "one release later"),
        (of.RenameField("case", "priority", "speed"), "one release later"),
        (of.DeleteModel("SavedView"), "one release later"),
        (of.RunPython(migrations.RunPython.noop), "can't be reversed"),
        (
            of.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
            "in batches",
        ),
        (of.AlterField("case", "priority", models.TextField(null=True)), "written or read anew"),
        (ChangeTable("case", [of.AddField("case", "words", WORDS)]), "null=True or db_default"),
    ],
)
def test_what_would_hold_them_up_is_found(operation, words):
    loader = MigrationLoader(None)
    released = loader.project_state(list(LAST_RELEASE.items()))
    migration = migrations.Migration("0099_wrong", "cases")
    migration.operations = [operation]
    assert words in "\n".join(problems_of(migration, released, released))


def test_two_tables_are_changed_in_the_order_in_which_writers_lock_them():
    released = MigrationLoader(None).project_state(list(LAST_RELEASE.items()))
    words = models.TextField(null=True)
    adding = [of.AddField("batch", "words", words), of.AddField("batchline", "words", words)]
    migration = migrations.Migration("0099_two", "cases")
    migration.operations = adding
    assert "as this must" in "\n".join(problems_of(migration, released, released))
    migration.operations = adding[::-1]
    assert list(problems_of(migration, released, released)) == []


@pytest.mark.parametrize(
    "operation",
    [
        of.AddField("case", "words", models.TextField(db_default="")),
        of.AddField("case", "words", models.TextField(null=True)),
        of.AlterField("case", "priority", models.CharField(max_length=200, blank=True)),
        of.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
    ],
)
def test_what_holds_nobody_up_is_let_through(operation):
    loader = MigrationLoader(None)
    released = loader.project_state(list(LAST_RELEASE.items()))
    migration = migrations.Migration("0099_right", "cases")
    migration.operations = [operation]
    assert list(problems_of(migration, released, released)) == []
