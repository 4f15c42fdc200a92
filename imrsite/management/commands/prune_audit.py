from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from imrsite.security.audit import prune_log


class Command(BaseCommand):
    help = "Removes lines of the access log that are older than IMR_AUDIT_DAYS."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        removed = prune_log(settings.IMR_AUDIT_DAYS)
        self.stdout.write(
            f"removed {removed:,} line{'s' * (removed != 1)} of the access log that were older than"
            f" {settings.IMR_AUDIT_DAYS:,} days (IMR_AUDIT_DAYS)"
        )
