"""Facts of annotations are found by SQL from here on; their words come in after `migrate`."""

from django.db import migrations

from cases.search.tables import facts_leave

COLUMNS = ("number", "words", "comment", "reply")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0008_plain_checks"), ("cases", "0013_bitmaps")]

    operations = [*facts_leave("annotation_index", COLUMNS, COLUMNS)]
