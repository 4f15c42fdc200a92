"""CHECK constraints that SQLite evaluates without functions of Django's."""

from django.db import migrations
from django.db.models import CheckConstraint, Q

import cases.models.lookups  # noqa: F401  makes the lookup known
from cases.schema.replace_constraint import ReplaceConstraint


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_move_stored")]

    operations = [
        ReplaceConstraint(
            "document",
            CheckConstraint(condition=Q(sha256__glob="[0-9a-f]" * 64), name="document_sha256_hex"),
        ),
        ReplaceConstraint(
            "case",
            CheckConstraint(
                condition=Q(case_number__glob="CM" + "[0-9]" * 2 + "-" + "[0-9]" * 7),
                name="case_number_form",
            ),
        ),
        ReplaceConstraint(
            "citation",
            CheckConstraint(
                condition=Q(edition="") | Q(edition__glob="[0-9]" * 4),
                name="citation_edition_form",
            ),
        ),
    ]
