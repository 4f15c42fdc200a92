"""Annotations have an index of their own, and keep what their lists are sorted by."""

from django.db import migrations, models

from cases.search.tables import index_table


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_more_index"), ("reviews", "0006_index_reviews")]

    operations = [
        migrations.AddField(
            "annotation",
            "case_number",
            models.CharField(blank=True, editable=False, max_length=12),
        ),
        migrations.AddField(
            "annotation",
            "author_name",
            models.CharField(blank=True, editable=False, max_length=150),
        ),
        migrations.AddField(
            "annotation",
            "label_position",
            models.IntegerField(default=-1, editable=False),
        ),
        *(
            migrations.AddIndex(
                "annotation", models.Index(fields=[name, "id"], name=f"annotation_by_{name}")
            )
            for name in ("case_number", "author_name", "label_position")
        ),
        # Filled after `migrate`, with the sort keys (reviews.annotating.note_index.index_missing_notes).
        index_table("annotation_index", ["number", "words", "comment", "reply"]),
    ]
