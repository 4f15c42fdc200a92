from datetime import timedelta

from django.conf import settings
from django.db import migrations


def open_reviews(apps, schema_editor):
    """Every case has its review, also those that were there before."""
    Case = apps.get_model("cases", "Case")
    Review = apps.get_model("reviews", "Review")
    days = timedelta(days=settings.IMR_REVIEW_DAYS)
    cases = Case.objects.filter(review=None).only("pk", "decision_date", "created_at")
    Review.objects.bulk_create(
        (
            Review(case=case, due_on=(case.decision_date or case.created_at.date()) + days)
            for case in cases.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_reviews")]

    operations = [migrations.RunPython(open_reviews, migrations.RunPython.noop)]
