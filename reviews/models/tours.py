"""The first-run tour of the inbox: who put it away. Written by `reviews.reviewing.tour` only."""

from django.conf import settings
from django.db import models


class TourDismissal(models.Model):
    """Somebody has no more use for the tour. Without a row it is shown."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)
