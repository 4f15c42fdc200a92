"""On PostgreSQL, rows of the index hold their words elsewhere, so that matches lie close together.
Those of documents and annotations are short anyway."""

from django.db import migrations

from cases.search.tables import narrowed


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_more_index")]

    operations = [narrowed("case_index"), narrowed("issue_index")]
