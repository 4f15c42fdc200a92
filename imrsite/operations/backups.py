"""When the last backup was made, as `manage.py backup` has written down."""

from __future__ import annotations

from cases.models import BackupRun


def last_backup(*, whole: bool = False) -> BackupRun | None:
    runs = BackupRun.objects.order_by("-pk")
    return (runs.filter(problem="") if whole else runs).first()
