"""Indexes of the documents that wait or ended lately."""

from django.db import migrations, models

from cases.schema.add_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0018_backup_runs")]

    operations = [
        AddIndexOnline(
            model_name="document",
            index=models.Index(
                condition=models.Q(("status__in", ["received", "queued", "reading", "needs_ocr"])),
                fields=["bulk", "status", "received_at"],
                name="document_waiting",
            ),
        ),
        AddIndexOnline(
            model_name="document",
            index=models.Index(
                fields=["-finished_at", "bulk", "read_by_ocr"], name="document_finished"
            ),
        ),
    ]
