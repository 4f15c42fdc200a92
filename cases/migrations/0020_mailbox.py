"""Letters that come by mail: what was taken in, and the day of a message."""

from django.db import migrations, models
from django.db.models import CheckConstraint, Q

from cases.schema.replace_constraint import ReplaceConstraint


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_document_indexes")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="assumed_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="batch",
            name="origin",
            field=models.CharField(
                choices=[
                    ("upload", "Upload"),
                    ("command", "manage.py ingest"),
                    ("watch", "Watched folder"),
                    ("mail", "Mailbox"),
                ],
                max_length=16,
            ),
        ),
        ReplaceConstraint(
            "batch",
            CheckConstraint(
                condition=Q(origin__in=["upload", "command", "watch", "mail"]),
                name="batch_origin_known",
            ),
        ),
        migrations.CreateModel(
            name="MailboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mailbox", models.CharField(max_length=64)),
                ("validity", models.BigIntegerField(verbose_name="UIDVALIDITY")),
                ("uid", models.BigIntegerField(verbose_name="UID")),
                ("key", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField(auto_now_add=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.deletion.SET_NULL,
                        related_name="mailbox_messages",
                        to="cases.batch",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["mailbox", "validity", "uid"], name="mailbox_message_place"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "key"), name="mailbox_message_once")
                ],
            },
        ),
    ]
