"""Lists of documents find the failed ones, and those read by OCR, by an index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['error_code', '-received_at', '-id'], name='document_error'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['read_by_ocr', '-received_at', '-id'], name='document_ocr'),
        ),
    ]
