"""Once wrote tables of the index anew on PostgreSQL; 0013 makes them again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_more_index")]

    operations = []
