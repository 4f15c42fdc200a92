"""Moves what is stored to the taxonomy of today: categories that nobody corrected, subcategories,
body parts and retrospective requests, in readings and in the issues that follow them.

A batch is a transaction, and what was moved is not moved again, so it can be broken off and run
anew. What is kept beside the cases is made again after `migrate` (cases.apps).
"""

from django.db import connection, migrations, transaction

from cases.models.bulk_insert import values
from cases.letters.requests.coding import code_request, parts_in
from cases.letters.checks import missing
from cases.intake.storing.old_records import is_old, upgrade_record
from cases.models.sides import compare_rows, has_other_edition

BATCH = 500
CODED = ("category", "subcategory", "category_rule", "body_parts", "retrospective")
PARTIAL = ("requested", "authorized", "in_dispute")
SIDES = {
    "claims": "claims_citations",
    "maximus": "maximus_citations",
    "rationale": "rationale_citations",
}


def keys_in_batches(rows):
    """The keys first, since a reader and a writer at once don't get on in SQLite."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


def move_readings(apps, schema_editor):
    Reading = apps.get_model("cases", "Reading")
    for keys in keys_in_batches(Reading.objects.all()):
        with transaction.atomic():
            readings = list(Reading.objects.filter(pk__in=keys))
            fresh = [one for one in readings if is_old(one.record)]
            for one in readings:
                one.record = upgrade_record(one.record)
            store(Reading, fresh, ["record"])
            move_issues(apps, {one.pk: one.record for one in readings})


def store(model, rows, names):
    """Writes these fields of the rows: in a fifth of the time that `bulk_update` takes."""
    fields = [model._meta.get_field(name) for name in names]
    columns = [values(rows, field) for field in fields]
    marks = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {marks} WHERE id = %s",
            list(zip(*columns, (row.pk for row in rows), strict=True)),
        )


def move_issues(apps, records):
    """Issues of the cases that follow these readings, at the places of the issues that were read."""
    Issue = apps.get_model("cases", "Issue")
    issues = Issue.objects.filter(case__reading__in=records).select_related("case")
    changed = []
    for issue in issues.only("position", "case__reading", "case__corrected", *CODED):
        read = {one["position"]: one for one in records[issue.case.reading_id]["issues"]}
        if issue.position in read:
            take(issue, read[issue.position])
            changed.append(issue)
    store(Issue, changed, [*CODED, *PARTIAL])
    move_editions(apps, records)


def take(issue, read):
    for name in CODED:
        setattr(issue, name, read[name] if read[name] is not None else "")
    if f"issue-{issue.position}-category" in issue.case.corrected:
        issue.refresh_from_db(fields=["category", "category_rule", "subcategory"])
    for name in PARTIAL:
        setattr(issue, name, (read["partial_authorization"] or {}).get(name) or "")


def move_editions(apps, records):
    """Only records that were read with editions have some: those of an installation whose
    migrations were taken back."""
    with_some = [
        pk
        for pk, record in records.items()
        if any(one["edition"] for issue in record["issues"] for s in SIDES.values() for one in issue[s])
    ]
    Citation = apps.get_model("cases", "Citation")
    cited = Citation.objects.filter(issue__case__reading__in=with_some).select_related("issue__case")
    changed = []
    for row in cited:
        read = {one["position"]: one for one in records[row.issue.case.reading_id]["issues"]}
        side = read.get(row.issue.position, {}).get(SIDES[row.side], [])
        if row.position <= len(side) and side[row.position - 1]["raw"] == row.raw:
            row.edition = side[row.position - 1]["edition"] or ""
            changed.append(row)
    store(Citation, changed, ["edition"])
    compare_editions(apps, {row.issue_id for row in changed})


def compare_editions(apps, keys):
    Issue = apps.get_model("cases", "Issue")
    differing = [
        issue.pk
        for issue in Issue.objects.filter(pk__in=keys).prefetch_related("citations")
        if has_other_edition(compare_rows(list(issue.citations.all())))
    ]
    Issue.objects.filter(pk__in=differing).update(other_edition=True)


def move_typed_in(apps, schema_editor):
    """Issues of cases that no reading stands behind; the history knows what a person corrected."""
    Issue, Change = apps.get_model("cases", "Issue"), apps.get_model("cases", "Change")
    corrected = set(Change.objects.filter(field="category").values_list("revision__case", "place"))
    for keys in keys_in_batches(Issue.objects.filter(case__reading=None)):
        with transaction.atomic():
            issues = list(Issue.objects.filter(pk__in=keys))
            for issue in issues:
                values = code_request(issue.treatment_request).as_values()
                if (issue.case_id, f"issue-{issue.position}") in corrected:
                    values = {name: values[name] for name in ("body_parts", "retrospective")}
                for name, value in {**values, **parts_in(issue.treatment_request)}.items():
                    setattr(issue, name, value)
            store(Issue, issues, [*CODED, *PARTIAL])


def say_what_to_do(apps, schema_editor):
    """A flag of a value that was not found no longer says that the letter lacks it."""
    Flag, Case = apps.get_model("cases", "Flag"), apps.get_model("cases", "Case")
    flags = Flag.objects.filter(code__startswith="missing-").exclude(code="missing-issues").order_by()
    for name, page in set(flags.values_list("field", "case__first_page")):
        told = flags.filter(field=name, case__first_page=page)
        told.update(message=missing(name, "error", page).message)
    Case.objects.filter(needs_correction=False, pk__in=flags.values("case")).update(
        needs_correction=True
    )


def forget_transportation(apps, schema_editor):
    """The category did not exist before."""
    apps.get_model("cases", "Issue").objects.filter(category="transportation").update(
        category="other"
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0010_taxonomy")]

    operations = [
        migrations.RunPython(move_readings, forget_transportation),
        migrations.RunPython(move_typed_in, migrations.RunPython.noop),
        migrations.RunPython(say_what_to_do, migrations.RunPython.noop),
    ]
