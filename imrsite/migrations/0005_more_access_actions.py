from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imrsite", "0004_access_actions")]

    operations = [
        migrations.AlterField(
            model_name="access",
            name="action",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("downloaded", "Downloaded"),
                    ("exported", "Exported"),
                    ("listed", "Listed"),
                    ("sent", "Export sent"),
                    ("signed in", "Signed in"),
                    ("failed", "Sign-in failed"),
                    ("locked out", "Locked out"),
                    ("changed", "Changed"),
                    ("reset", "Reset"),
                ],
                max_length=12,
            ),
        ),
    ]
