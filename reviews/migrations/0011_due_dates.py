from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import migrations
from django.db.models import Max
from django.utils import timezone

BATCH = 500


def count_from_receipt(apps, schema_editor):
    """Open reviews are due from when their case came in or was assigned, no longer from the
    decision; in short transactions of their own."""
    reviews = apps.get_model("reviews", "Review").objects.exclude(state="closed")
    rows = reviews.annotate(assigned=Max("assignments__assigned_at"))
    reviews_by_day = defaultdict(list)
    for pk, created, assigned in rows.values_list("pk", "case__created_at", "assigned"):
        start = assigned if settings.IMR_REVIEW_DUE_FROM == "assigned" and assigned else created
        due = timezone.localdate(start) + timedelta(days=settings.IMR_REVIEW_DAYS)
        reviews_by_day[due].append(pk)
    for day, keys in reviews_by_day.items():
        for first in range(0, len(keys), BATCH):
            reviews.filter(pk__in=keys[first : first + BATCH]).update(due_on=day)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reviews", "0010_words")]

    operations = [migrations.RunPython(count_from_receipt, migrations.RunPython.noop)]
