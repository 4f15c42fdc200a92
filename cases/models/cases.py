"""Determinations as stored. Written by `cases.intake`, and by staff through the admin."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.letters.requests.partial_words import short_form
from cases.models.choices import Decision, Format, Priority, Source, Verdict
from cases.models.documents import Document, Reading
from cases.models.lookups import DIGIT
from cases.models.taxonomy import Category, Subcategory, body_parts_in_words


def one_of(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> Q:
    return Q(**{f"{field}__in": [*choices.values, ""] if blank else choices.values})


case_number_form = RegexValidator(
    r"^CM\d{2}-\d{7}$", "A case number is CM, two digits of the year, a dash and seven digits."
)


class Case(models.Model):
    """One determination: what the letter says, as corrected by staff."""

    case_number = models.CharField(max_length=12, unique=True, validators=[case_number_form])
    document = models.ForeignKey(Document, models.PROTECT, related_name="cases")
    reading = models.OneToOneField(
        Reading, models.PROTECT, related_name="case", null=True, blank=True, editable=False
    )
    format = models.CharField(max_length=32, choices=Format)
    first_page = models.PositiveIntegerField()
    last_page = models.PositiveIntegerField()
    priority = models.CharField(max_length=16, choices=Priority, blank=True)
    date_of_injury = models.DateField(null=True, blank=True)
    ur_denial_date = models.DateField("UR denial date", null=True, blank=True)
    application_received = models.DateField(null=True, blank=True)
    date_assigned = models.DateField(null=True, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    specialties = models.JSONField(default=list, blank=True)
    licensed_states = models.JSONField("states of licensure", default=list, blank=True)
    clinical_summary = models.TextField("clinical case summary", blank=True)
    # Of all issues together: derived, kept here so that lists can filter and sort on it.
    decision = models.CharField(max_length=24, choices=Decision, blank=True, editable=False)
    needs_correction = models.BooleanField(default=False, editable=False)
    # What people corrected, name -> value as read (corrections.corrected_fields); derived too.
    corrected = models.JSONField(default=dict, blank=True, editable=False)
    # field name -> {"status": found|derived|missing, "spans": [...]}, as in the record
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-decision_date", "-pk"]
        indexes = [
            models.Index(fields=["-decision_date", "-id"], name="case_newest"),
            models.Index(fields=["needs_correction", "-id"], name="case_needs_correction"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case_number__glob=f"CM{DIGIT * 2}-{DIGIT * 7}"),
                name="case_number_form",
            ),
            models.CheckConstraint(
                condition=Q(first_page__gte=1, last_page__gte=F("first_page")),
                name="case_page_range",
            ),
            models.CheckConstraint(condition=one_of("format", Format), name="case_format_known"),
            models.CheckConstraint(
                condition=one_of("priority", Priority, blank=True), name="case_priority_known"
            ),
            models.CheckConstraint(
                condition=one_of("decision", Decision, blank=True), name="case_decision_known"
            ),
        ]

    def __str__(self) -> str:
        return self.case_number

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.case_number])


class Issue(models.Model):
    """One disputed treatment of a case, with its decision and its rationale.

    `requested`, `authorized` and `in_dispute` are the parts of a request that the claims
    administrator authorized in part; all are empty where it authorized nothing.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="issues")
    position = models.PositiveIntegerField()
    treatment_request = models.TextField()
    requested = models.TextField("originally requested", blank=True)
    authorized = models.TextField("authorized by the claims administrator", blank=True)
    in_dispute = models.TextField("part in dispute", blank=True)
    decision = models.CharField(max_length=24, choices=Decision, blank=True)
    category = models.CharField(max_length=24, choices=Category, default=Category.OTHER)
    subcategory = models.CharField(max_length=32, choices=Subcategory, blank=True)
    body_parts = models.JSONField(default=list, blank=True, help_text="Slugs of BodyPart.")
    retrospective = models.BooleanField(default=False)
    category_rule = models.CharField(max_length=120, blank=True, editable=False)
    rationale = models.TextField(blank=True)
    claims_guideline = models.TextField("claims administrator guideline, as written", blank=True)
    maximus_guideline = models.TextField("MAXIMUS guideline, as written", blank=True)
    verdict = models.CharField(
        max_length=16, choices=Verdict, default=Verdict.BOTH_SILENT, editable=False
    )
    # Both sides cite one guideline by different editions; derived, as the verdict.
    other_edition = models.BooleanField(default=False, editable=False)
    # The words that precedents are found by (cases.letters.requests.request_words); derived.
    asked = models.TextField(blank=True, editable=False)
    provenance = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="issue_position_unique"),
            models.CheckConstraint(condition=Q(position__gte=1), name="issue_position_from_1"),
            models.CheckConstraint(
                condition=one_of("decision", Decision, blank=True), name="issue_decision_known"
            ),
            models.CheckConstraint(
                condition=one_of("category", Category), name="issue_category_known"
            ),
            models.CheckConstraint(
                condition=one_of("subcategory", Subcategory, blank=True),
                name="issue_subcategory_known",
            ),
            models.CheckConstraint(
                condition=one_of("verdict", Verdict), name="issue_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.disputed}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#issue-{self.position}"

    @property
    def is_partial(self) -> bool:
        """A part of the request was authorized, and the rest is in dispute."""
        return bool(self.in_dispute)

    @property
    def disputed(self) -> str:
        """The part of the request that is decided on."""
        return self.in_dispute or self.treatment_request

    @property
    def body_part_words(self) -> str:
        return body_parts_in_words(self.body_parts)

    @property
    def partial_words(self) -> str:
        return short_form(self.requested, self.authorized, self.in_dispute)


class Citation(models.Model):
    """One reference to a guideline, by one side of one issue (or within its rationale)."""

    class Side(models.TextChoices):
        CLAIMS = "claims", "Claims administrator"
        MAXIMUS = "maximus", "MAXIMUS"
        RATIONALE = "rationale", "In the rationale"

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="citations")
    side = models.CharField(max_length=12, choices=Side)
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=Source)
    guideline = models.TextField()
    edition = models.CharField(
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\d{4}\Z", "An edition is a year, such as 2004.")],
        help_text="The year behind the name of a chapter of the MTUS.",
    )
    section = models.TextField(blank=True)
    pages = models.JSONField(
        default=list, blank=True, help_text="Inclusive ranges: [[125, 126], [130, 130]]."
    )
    raw = models.TextField("as written", blank=True)
    spans = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ["issue", "side", "position"]
        indexes = [models.Index(fields=["source", "side"], name="citation_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "side", "position"], name="citation_position_unique"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="citation_position_from_1"),
            models.CheckConstraint(
                condition=Q(side__in=["claims", "maximus", "rationale"]), name="citation_side_known"
            ),
            models.CheckConstraint(
                condition=one_of("source", Source), name="citation_source_known"
            ),
            models.CheckConstraint(
                condition=Q(edition="") | Q(edition__glob=DIGIT * 4),
                name="citation_edition_form",
            ),
        ]

    def __str__(self) -> str:
        """As it is said wherever a citation stands in a line: "MTUS Low Back Complaints 2004,
        Imaging", "ODG, Knee Chapter, MRI’s"; evidence of no known source by its own name alone."""
        names = (self.edition_name, self.section)
        if self.source == Source.ODG:
            names = (Source.ODG, self.section)
        elif self.source != Source.OTHER and not self.guideline.startswith(self.source):
            names = (f"{self.source} {self.edition_name}", self.section)
        return ", ".join(filter(None, names)) or self.get_source_display()

    @property
    def edition_name(self) -> str:
        """The guideline with its edition: "Low Back Complaints 2004"."""
        return " ".join(filter(None, (self.guideline, self.edition)))


class Flag(models.Model):
    """Something in a case that a person should look at, found by cases.letters.checks."""

    class Level(models.TextChoices):
        ERROR = "error", "Error"
        WARNING = "warning", "Warning"

    case = models.ForeignKey(Case, models.CASCADE, related_name="flags")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="flags", null=True, blank=True)
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40, blank=True)
    message = models.TextField()
    level = models.CharField(max_length=8, choices=Level, default=Level.WARNING)

    class Meta:
        ordering = ["case", "pk"]
        indexes = [models.Index(fields=["code", "case"], name="flag_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["error", "warning"]), name="flag_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.message
