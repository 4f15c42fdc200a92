"""File names of documents and cited pages are in the index from here on; facets of cases under a
filter are counted by the summaries."""

from django.db import migrations

from cases.search.tables import empty_index_table, index_table


def count_anew(apps, schema_editor):
    """Empty tallies are filled after `migrate`, from the stored facts (cases.summaries.retally)."""
    apps.get_model("cases", "Tally").objects.all().delete()


def forget_places(apps, schema_editor):
    """A case without a place counts as not indexed (cases.search.rows.index_missing)."""
    apps.get_model("cases", "Case").objects.update(place=0)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_index_dates")]

    operations = [
        index_table("document_index", ["name"]),
        empty_index_table("case_index"),
        empty_index_table("issue_index"),
        migrations.RunPython(forget_places, migrations.RunPython.noop),
        migrations.RunPython(count_anew, count_anew),
    ]
