"""Annotations and their threads. Written by `annotate`, `threads` and `reanchor` of
`reviews.annotating` only."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Case, Issue

colour_form = RegexValidator(r"^#[0-9a-fA-F]{6}$", "A color is # and six hexadecimal digits.")


class Target(models.TextChoices):
    """The texts of a case that can be annotated."""

    RATIONALE = "rationale", "Rationale"
    CLINICAL_SUMMARY = "clinical_summary", "Clinical case summary"
    CLAIMS_GUIDELINE = "claims_guideline", "Claims administrator guideline"
    MAXIMUS_GUIDELINE = "maximus_guideline", "MAXIMUS guideline"


def target_fits() -> Q:
    """The clinical summary is the case's, every other target an issue's."""
    of_issue = [target for target in Target.values if target != Target.CLINICAL_SUMMARY]
    return Q(target__in=of_issue, issue__isnull=False) | Q(
        target="clinical_summary", issue__isnull=True
    )


class Label(models.Model):
    """What an annotation says at a glance. Retired ones stay on what they mark."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, editable=False)
    colour = models.CharField(max_length=7, validators=[colour_form])
    shortcut = models.CharField(
        max_length=1,
        blank=True,
        validators=[RegexValidator(r"^[1-9]$", "A shortcut is a digit from 1 to 9.")],
        help_text="The digit that chooses this label while words are selected.",
    )
    meaning = models.TextField(help_text="When to use it, in a sentence.")
    retired = models.BooleanField(
        default=False, help_text="Kept on existing annotations, but no longer offered."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortcut"],
                condition=Q(retired=False) & ~Q(shortcut=""),
                name="label_shortcut_unique",
                violation_error_message="Another label has this shortcut.",
            ),
            models.CheckConstraint(
                condition=Q(colour__glob="#" + "[0-9a-fA-F]" * 6), name="label_colour_form"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MarkedText(models.Model):
    """An annotated text as its anchors know it: their offsets count in this, to the character.

    While it equals the text of the case, every anchor stands. When it doesn't,
    `reviews.annotating.reanchor` finds the anchors again, knowing both texts.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="marked_texts")
    issue = models.ForeignKey(
        Issue, models.CASCADE, related_name="marked_texts", null=True, blank=True
    )
    target = models.CharField(max_length=20, choices=Target)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "issue", "target"], name="marked_text_unique"),
            models.UniqueConstraint(
                fields=["case", "target"],
                condition=Q(issue__isnull=True),
                name="marked_text_of_case_unique",
            ),
            models.CheckConstraint(condition=target_fits(), name="marked_text_target_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()} of {self.case}"


class LiveQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(deleted_at__isnull=True)


class Written(models.Model):
    """What annotations and replies share: whose words, which version, deleted or not."""

    comment = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Made up by the form, so that one that is sent again doesn't say it twice.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # Counts the saves, so that a form knows whether it speaks of the latest one.
    version = models.PositiveIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = LiveQuerySet.as_manager()

    class Meta:
        abstract = True


class Annotation(Written):
    """A label and a comment on some words of a case.

    `start` and `end` count Unicode code points in the stored text of the target; quote, prefix
    and suffix (W3C TextQuoteSelector) find the words again when that text is changed. Without
    start and end it is unplaced: the words are not there any more, or not certainly.
    """

    Target = Target

    case = models.ForeignKey(Case, models.PROTECT, related_name="annotations")
    issue = models.ForeignKey(
        Issue, models.PROTECT, related_name="annotations", null=True, blank=True
    )
    target = models.CharField(max_length=20, choices=Target, default=Target.RATIONALE)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    # Of an unplaced one: where it may belong. A person accepts that, or doesn't.
    proposed_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    proposed_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    label = models.ForeignKey(
        Label, models.PROTECT, related_name="annotations", null=True, blank=True
    )
    # Of other rows, so that lists are sorted by an index (reviews.annotating.note_index); derived.
    case_number = models.CharField(max_length=12, blank=True, editable=False)
    author_name = models.CharField(max_length=150, blank=True, editable=False)
    label_position = models.IntegerField(default=-1, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["case", "issue", "start", "end", "pk"]
        permissions = [
            ("lead_reviews", "Can lead: assign and settle reviews, and change what others wrote")
        ]
        indexes = [
            models.Index(fields=["author", "-updated_at"], name="annotation_author"),
            models.Index(fields=["-created_at", "-id"], name="annotation_newest"),
            models.Index(fields=["label", "-created_at"], name="annotation_label"),
            *(
                models.Index(fields=[name, "id"], name=f"annotation_by_{name}")
                for name in ("case_number", "author_name", "label_position")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="annotation_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(proposed_start__isnull=True, proposed_end__isnull=True)
                | Q(start__isnull=True, proposed_end__gt=F("proposed_start")),
                name="annotation_proposal_of_unplaced",
            ),
            models.CheckConstraint(
                condition=~Q(comment="") | Q(label__isnull=False), name="annotation_says_something"
            ),
            models.CheckConstraint(condition=target_fits(), name="annotation_target_known"),
        ]

    def __str__(self) -> str:
        return f"“{self.quote[:60]}”: {self.comment[:60] or self.label}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#note-{self.pk}"

    @property
    def is_placed(self) -> bool:
        return self.start is not None


class Reply(Written):
    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="replies")

    class Meta:
        ordering = ["annotation", "pk"]
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(condition=~Q(comment=""), name="reply_says_something")
        ]

    def __str__(self) -> str:
        return self.comment[:60]


class Edit(models.Model):
    """What an annotation or a reply to it said before someone changed it."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="edits")
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="edits", null=True, blank=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=60)
    comment_before = models.TextField(blank=True)
    label_before = models.ForeignKey(Label, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["annotation", "pk"]

    def __str__(self) -> str:
        return f"{self.what} by {self.editor}"


class Mention(models.Model):
    """`@name` in a comment: waits on that colleague's inbox until it is seen."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="mentions")
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="mentions", null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "seen_at", "-at"], name="mention_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "user"],
                condition=Q(reply__isnull=True),
                name="mention_once_in_annotation",
            ),
            models.UniqueConstraint(
                fields=["reply", "user"],
                condition=Q(reply__isnull=False),
                name="mention_once_in_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.user} in {self.annotation}"

    def get_absolute_url(self) -> str:
        return reverse("mention", args=[self.pk])
