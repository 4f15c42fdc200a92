"""Days of a case and guidelines of its rationale are in the index from here on; lists of documents
find the failed ones, and those read by OCR, by an index."""

from django.conf import settings
from django.db import migrations, models


TABLES = ("case_index", "issue_index")


def empty_index(apps, schema_editor):
    """A case without a place counts as not indexed (cases.search.rows.index_missing). To fill an
    empty index takes a fraction of the time that replacing every row does."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"TRUNCATE {table}")
            continue
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
            (definition,) = cursor.fetchone()
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(definition)
    apps.get_model("cases", "Case").objects.update(place=0)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(empty_index, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['error_code', '-received_at', '-id'], name='document_error'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['read_by_ocr', '-received_at', '-id'], name='document_ocr'),
        ),
    ]
