"""Every case is indexed anew after the migrations: its review is in the index from here on."""

from django.db import migrations


def forget_places(apps, schema_editor):
    """A case without a place counts as not indexed (cases.search.rows.index_missing)."""
    apps.get_model("cases", "Case").objects.update(place=0)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_reviews_of_cases"), ("cases", "0006_search")]

    operations = [migrations.RunPython(forget_places, migrations.RunPython.noop)]
