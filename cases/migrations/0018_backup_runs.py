"""What became of each run of `manage.py backup`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_turns")]

    operations = [
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("host", models.CharField(max_length=255)),
                ("folder", models.CharField(max_length=1000)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                ("problem", models.TextField(blank=True)),
            ],
            options={"ordering": ["-pk"]},
        ),
    ]
