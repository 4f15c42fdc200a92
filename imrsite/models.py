from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone


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
            ("webhooks", "Can register addresses that are told of events"),
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
    # The name of the API token that it was done with. Nullable, since SQLite would rebuild the
    # table, and drop its triggers, for a column that is not.
    token = models.CharField(max_length=80, null=True)  # noqa: DJ001

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


class ApiTokenQuerySet(models.QuerySet):
    def working(self) -> Self:
        today = timezone.localdate()
        return self.filter(revoked_at=None, expires_on__gte=today, user__is_active=True)


class ApiToken(models.Model):
    """What a program of somebody signs in with, to do what they may (imrsite.tokens)."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        UPLOAD = "upload", "Read and upload"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256: the token itself is not kept
    hint = models.CharField(max_length=4)  # its last characters
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()  # the last day on which it works
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "upload"]), name="api_token_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_expired(self) -> bool:
        return self.expires_on < timezone.localdate()

    @property
    def works(self) -> bool:
        return self.revoked_at is None and not self.has_expired


class Webhook(models.Model):
    """An address outside that is told of events (imrsite.webhooks)."""

    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    # Needed to sign with, so that no digest would do.
    secret = models.CharField(max_length=80)
    site = models.CharField(max_length=200)  # where our pages are, for links: https://host
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Until then one worker sends, or nobody does, since the address has not answered.
    busy_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one webhook: written in the transaction that the event is of, sent later."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True)
    event = models.CharField(max_length=40)
    case_number = models.CharField(max_length=12, blank=True)
    body = models.TextField()  # as it is signed and sent
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # not before
    retry_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["webhook", "due_at"],
                condition=models.Q(state="waiting"),
                name="delivery_waiting",
            ),
            models.Index(fields=["state", "ended_at"], name="delivery_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "delivered", "failed"]),
                name="delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"
