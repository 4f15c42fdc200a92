"""The CHECK constraint on colours, as SQLite evaluates it without functions of Django's."""

from django.db import migrations
from django.db.models import CheckConstraint, Q

from cases.schema.replace_constraint import ReplaceConstraint


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_plain_checks"), ("reviews", "0007_annotation_index")]

    operations = [
        ReplaceConstraint(
            "label",
            CheckConstraint(
                condition=Q(colour__glob="#" + "[0-9a-fA-F]" * 6), name="label_colour_form"
            ),
        ),
    ]
