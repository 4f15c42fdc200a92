"""Saved views of lists."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list's query string under a name. Written by `cases.lists.saved_views`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    list = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["list", "shared"], name="saved_view_shared")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"],
                name="saved_view_name_unique",
                violation_error_message="You have another view of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
