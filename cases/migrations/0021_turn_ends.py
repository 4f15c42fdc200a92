"""How the last turn at a work ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_mailbox")]

    operations = [
        migrations.AddField(
            model_name="taskturn",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taskturn",
            name="problem",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
