"""Which documents were loaded in bulk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_claim_facts")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="bulk",
            field=models.BooleanField(
                db_default=False, editable=False, verbose_name="loaded in bulk"
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="bulk",
            field=models.BooleanField(db_default=False, editable=False),
        ),
    ]
