"""Once indexed every case anew, as its review was in the index from here on; cases/0013 does."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_reviews_of_cases"), ("cases", "0006_search")]

    operations = []
