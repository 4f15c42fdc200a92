"""Which documents were loaded in bulk, and indexes of the documents that wait or ended lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_claim_facts")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="bulk",
            field=models.BooleanField(db_default=False, editable=False),
        ),
        migrations.AddField(
            model_name="document",
            name="bulk",
            field=models.BooleanField(
                db_default=False, editable=False, verbose_name="loaded in bulk"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("status__in", ["received", "queued", "reading", "needs_ocr"])),
                fields=["bulk", "status", "received_at"],
                name="document_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["-finished_at", "bulk", "read_by_ocr"], name="document_finished"
            ),
        ),
    ]
