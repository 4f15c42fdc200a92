"""What people are told by mail, and how they want it. Written by `reviews.alerts` only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Case, SavedView


class MailSettings(models.Model):
    """How one person gets mail; without a row, as `DIGEST_HOUR` and `Notice.USUAL` say.

    `digest_looked_on` is the last day on which their digest was due and looked for. The refusal is
    that of `refused_address`: with another address it counts no more.
    """

    DIGEST_HOUR = 8

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_settings"
    )
    digest_hour = models.PositiveSmallIntegerField(default=DIGEST_HOUR)
    choices = models.JSONField(default=dict, help_text="Kind of notice: off, now or digest.")
    digest_looked_on = models.DateField(null=True, blank=True)
    refused_address = models.CharField(max_length=254, blank=True)
    refused_words = models.CharField(max_length=300, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="mail_digest_hour"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class OutgoingMail(models.Model):
    """A set of notices that goes out as one mail.

    `message_id` follows from the notices' keys: a mail that is sent again because a worker died
    after the server took it is the same message for whoever receives it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"
        DROPPED = "dropped", "Dropped"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="outgoing_mails"
    )
    message_id = models.CharField(max_length=80, unique=True)
    digest_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=254, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "digest_on"],
                condition=Q(digest_on__isnull=False),
                name="mail_one_digest_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "refused", "dropped"]),
                name="mail_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Notice(models.Model):
    """One thing to tell one person. `key` is unique, so that nothing is told twice.

    `about` is the key of the row it speaks of: a mention, an assignment, an obligation, a batch, a
    ViewAlert. `told_from` is the moment that the digest goes by; `urgent` ones do not wait for it.
    `facts` holds the words of the mail: case numbers, dates, paths; nothing of a letter.
    """

    class Kind(models.TextChoices):
        MENTION = "mention", "Mentions of you"
        ASSIGNMENT = "assignment", "Reviews assigned to you"
        DEADLINE = "deadline", "Deadlines of letters that you uploaded"
        ALL_DEADLINES = "all_deadlines", "Deadlines of all letters"
        OVERDUE = "overdue", "Deadlines that have passed"
        BATCH = "batch", "Uploads of yours with failures"
        VIEW = "view", "Saved views"

    class How(models.TextChoices):
        OFF = "off", "Off"
        NOW = "now", "At once"
        DIGEST = "digest", "In the daily digest"

    DEADLINES = (Kind.DEADLINE, Kind.ALL_DEADLINES, Kind.OVERDUE)
    USUAL = dict.fromkeys(Kind, How.DIGEST) | {Kind.ALL_DEADLINES: How.OFF}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=120, unique=True)
    about = models.BigIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)  # of a deadline, as it was told
    stage = models.CharField(max_length=8, blank=True)  # of a deadline: near or past
    facts = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    told_from = models.DateTimeField()
    mail = models.ForeignKey(
        OutgoingMail, models.RESTRICT, null=True, blank=True, related_name="notices"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(mail=None, dropped_at=None), name="notice_waiting"
            ),
            models.Index(fields=["about", "person", "kind"], name="notice_about"),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return self.key


class ViewAlert(models.Model):
    """Somebody wants to hear of new rows in a saved view.

    `seen` holds the keys of all rows that were told, or that were there when the alert began, as a
    bitmap; they belong to `query`, and a view that is changed begins anew. `looks` counts the
    looks that found something.
    """

    class Every(models.TextChoices):
        NOW = "now", "At once"
        DAY = "day", "Daily, in the digest"
        WEEK = "week", "Weekly, in the digest of Monday"

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="alerts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="view_alerts")
    every = models.CharField(max_length=4, choices=Every)
    query = models.TextField(null=True, blank=True)  # noqa: DJ001  None: not looked at yet
    seen = models.BinaryField(default=bytes)
    looks = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["view", "person"], name="view_alert_once"),
            models.CheckConstraint(
                condition=Q(every__in=["now", "day", "week"]), name="view_alert_every_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view} for {self.person}"
