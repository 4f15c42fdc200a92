from django.db import models


class Right(models.Model):
    """No table: permissions to do what is no change of a record."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("export", "Can take lists as CSV"),
            ("enter_admin", "Can enter the admin"),
            ("read_audit", "Can read who opened what"),
            ("invite", "Can invite people"),
        ]


class Access(models.Model):
    """Somebody opened, exported or downloaded something. Rows are only ever added
    (imrsite.security.audit).

    The person is kept by number and name, not by a key, so that an account can go and this stays.
    """

    class Action(models.TextChoices):
        OPENED = "opened", "Opened"
        DOWNLOADED = "downloaded", "Downloaded"
        EXPORTED = "exported", "Exported"
        LISTED = "listed", "Listed"
        SENT = "sent", "Export sent"  # follows "exported", once it is known how many rows went out
        SIGNED_IN = "signed in", "Signed in"
        FAILED = "failed", "Sign-in failed"
        LOCKED_OUT = "locked out", "Locked out"
        CHANGED = "changed", "Changed"
        RESET = "reset", "Reset"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who_id = models.BigIntegerField()
    who_name = models.CharField("who", max_length=150)
    action = models.CharField(max_length=12, choices=Action)
    what = models.CharField(max_length=80)
    query = models.CharField(max_length=500, blank=True)
    rows = models.PositiveIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["who_id", "action", "what", "-at"], name="access_visit"),
            models.Index(fields=["what", "-id"], name="access_what"),
        ]

    def __str__(self) -> str:
        return f"{self.who_name} {self.action} {self.what}"


class Pruning(models.Model):
    """Rows of the access log before this moment may be, and were, removed."""

    at = models.DateTimeField(auto_now_add=True)
    before = models.DateTimeField()
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"before {self.before:%Y-%m-%d}: {self.removed}"
