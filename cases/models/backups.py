"""What became of each run of `manage.py backup`."""

from django.db import models


class BackupRun(models.Model):
    """One backup: whole, or with the reason why not."""

    at = models.DateTimeField(auto_now_add=True)
    host = models.CharField(max_length=255)
    folder = models.CharField(max_length=1000)
    size = models.PositiveBigIntegerField("bytes", default=0)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"backup of {self.at:%Y-%m-%d %H:%M}"
