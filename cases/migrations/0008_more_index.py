"""File names of documents are in an index from here on."""

from django.db import migrations

from cases.search.tables import index_table


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_index_dates")]

    operations = [index_table("document_index", ["name"])]
