"""`manage.py clear_copies`: removes what this host keeps of the bucket without using it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.files import bucket, storage


class Command(BaseCommand):
    help = (
        "Removes this host's copies of stored files that were not used for a week. Only where"
        " STORAGE_URL names the bucket that has them for good. The scheduler does so on the host"
        " of one worker; run it daily on every other host."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STORAGE_URL:
            self.stdout.write("STORAGE_URL is not set: these files are no copies, all stay.")
            return
        try:
            count = storage.clear_copies()
        except (storage.CannotStore, bucket.BucketUnavailable) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{count:,} {'copy' if count == 1 else 'copies'} removed")
