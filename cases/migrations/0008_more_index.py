"""File names of documents and cited pages are in the index from here on; facets of cases under a
filter are counted by the summaries."""

from django.db import migrations

from cases.search.tables import index_cases_anew, index_table


def count_anew(apps, schema_editor):
    """Empty tallies are filled after `migrate`, from the stored facts (cases.summaries.retally)."""
    apps.get_model("cases", "Tally").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_index_dates")]

    operations = [
        index_table("document_index", ["name"]),
        *index_cases_anew(),
        migrations.RunPython(count_anew, count_anew),
    ]
