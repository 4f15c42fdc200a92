"""What is kept of the running of the program: whose turn a work is, what became of backups."""

from __future__ import annotations

from django.db import models


class TaskTurn(models.Model):
    """Who has the turn for a work of this name, and until when. Written by `cases.intake.turns`."""

    name = models.CharField(max_length=60, primary_key=True)
    token = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # How the last turn ended, where somebody wants to know.
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


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
