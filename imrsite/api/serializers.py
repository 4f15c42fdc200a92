"""Rows as JSON, in the words that `manage.py parse` prints (its `letters`, `issues`, citations);
absent values are null, absent lists empty."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import (
    Case,
    Category,
    Citation,
    ClaimFacts,
    Decision,
    Document,
    Flag,
    Format,
    Issue,
    Priority,
    Source,
    Verdict,
)
from cases.models.taxonomy import BodyPart, Subcategory
from imrsite.api.fields import (
    LinkField,
    PageField,
    PagesField,
    ReviewLinkField,
    TextField,
    WordField,
    words,
)

Side = Citation.Side


class CitedSerializer(serializers.Serializer[Citation]):
    """A citation within its issue, as `parse` prints it."""

    source = WordField(Source, null=False)  # type: ignore[assignment]  # no option of the field
    guideline = serializers.CharField(read_only=True)
    edition = TextField()
    section = TextField()
    pages = PagesField(read_only=True)
    raw = serializers.CharField(read_only=True)


class PartialSerializer(serializers.Serializer[Issue]):
    requested = TextField()
    authorized = TextField()
    in_dispute = TextField()


class IssueFields(serializers.Serializer[Issue]):
    """An issue, as `parse` prints it, with its key and what was worked out."""

    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-issue")
    html_url = PageField()
    position = serializers.IntegerField(read_only=True)
    treatment_request = serializers.CharField(read_only=True)
    partial_authorization = serializers.SerializerMethodField()
    retrospective = serializers.BooleanField(read_only=True)
    body_parts = serializers.ListField(
        child=serializers.ChoiceField(BodyPart.values), read_only=True
    )
    decision = WordField(Decision)
    category = WordField(Category, null=False)
    subcategory = WordField(Subcategory)
    rationale = TextField()
    verdict = WordField(Verdict, null=False, help_text="How the guidelines of both sides compare.")
    other_edition = serializers.BooleanField(
        read_only=True, help_text="Both sides cite one guideline by different editions."
    )
    claims_citations = serializers.SerializerMethodField()
    maximus_citations = serializers.SerializerMethodField()

    @cached_property
    def parts(self) -> PartialSerializer:
        return PartialSerializer()

    @cached_property
    def cited(self) -> CitedSerializer:
        return CitedSerializer()

    @extend_schema_field(PartialSerializer(allow_null=True))
    def get_partial_authorization(self, issue: Issue) -> dict[str, Any] | None:
        return self.parts.to_representation(issue) if issue.requested else None

    @extend_schema_field(CitedSerializer(many=True))
    def get_claims_citations(self, issue: Issue) -> list[dict[str, Any]]:
        return self.cited_by(issue, Side.CLAIMS)

    @extend_schema_field(CitedSerializer(many=True))
    def get_maximus_citations(self, issue: Issue) -> list[dict[str, Any]]:
        return self.cited_by(issue, Side.MAXIMUS)

    def cited_by(self, issue: Issue, side: str) -> list[dict[str, Any]]:
        """Read from what was prefetched."""
        rows = (citation for citation in issue.citations.all() if citation.side == side)
        return [self.cited.to_representation(row) for row in rows]


class IssueSerializer(IssueFields):
    case_number = serializers.CharField(source="case.case_number", read_only=True)
    case_url = LinkField("api-case", "case.case_number")
    decision_date = serializers.DateField(
        source="case.decision_date", allow_null=True, read_only=True
    )


class CaseIssueSerializer(IssueFields):
    """The same within its case."""


class ReviewerSerializer(serializers.Serializer[Case]):
    specialties = words()
    licensed_states = words()


class FlagSerializer(serializers.Serializer[Flag]):
    code = serializers.CharField(read_only=True)
    field = TextField()
    issue = serializers.IntegerField(
        source="issue.position", default=None, allow_null=True, read_only=True
    )
    message = serializers.CharField(read_only=True)
    level = WordField(Flag.Level, null=False)


class ClaimSerializer(serializers.Serializer[ClaimFacts]):
    """What staff entered about the claim."""

    claim_number = TextField()
    claims_administrator = TextField()
    claims_unit = TextField()
    requesting_physician = TextField()
    ur_vendor = TextField()
    received_on = serializers.DateField(allow_null=True, read_only=True)
    received_assumed = serializers.BooleanField(
        read_only=True, help_text="The day of receipt is that of the upload; nobody confirmed it."
    )


class CaseSerializer(serializers.Serializer[Case]):
    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-case", "case_number")
    html_url = PageField()
    document_url = LinkField("api-document", "document_id")
    case_number = serializers.CharField(read_only=True)
    format = WordField(Format, null=False)
    first_page = serializers.IntegerField(read_only=True)
    last_page = serializers.IntegerField(read_only=True)
    priority = WordField(Priority)
    date_assigned = serializers.DateField(allow_null=True, read_only=True)
    date_of_injury = serializers.DateField(allow_null=True, read_only=True)
    decision_date = serializers.DateField(allow_null=True, read_only=True)
    ur_denial_date = serializers.DateField(allow_null=True, read_only=True)
    application_received = serializers.DateField(allow_null=True, read_only=True)
    reviewer = ReviewerSerializer(
        source="*", read_only=True, help_text="The physician who decided, as the letter says."
    )
    clinical_summary = TextField()
    decision = WordField(Decision, help_text="Of all issues together.")
    needs_correction = serializers.BooleanField(read_only=True)
    claim = serializers.SerializerMethodField()
    review_url = ReviewLinkField()
    issues = CaseIssueSerializer(many=True, read_only=True)
    flags = FlagSerializer(many=True, read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    @cached_property
    def claims(self) -> ClaimSerializer:
        return ClaimSerializer()

    @extend_schema_field(ClaimSerializer(allow_null=True))
    def get_claim(self, case: Case) -> dict[str, Any] | None:
        facts: ClaimFacts | None = getattr(case, "claim_facts", None)
        return self.claims.to_representation(facts) if facts else None


class CitationSerializer(CitedSerializer):
    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-citation")
    case_number = serializers.CharField(source="issue.case.case_number", read_only=True)
    case_url = LinkField("api-case", "issue.case.case_number")
    issue_position = serializers.IntegerField(source="issue.position", read_only=True)
    issue_url = LinkField("api-issue", "issue_id")
    side = WordField(Side, null=False)
    position = serializers.IntegerField(read_only=True, help_text="Within its side, from 1.")


class ErrorSerializer(serializers.Serializer[Document]):
    code = serializers.CharField(source="error_code", read_only=True)
    message = serializers.CharField(source="error_message", read_only=True)


class DocumentSerializer(serializers.Serializer[Document]):
    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-document")
    html_url = PageField()
    file_name = serializers.CharField(source="name", read_only=True)
    sha256 = serializers.CharField(read_only=True)
    bytes = serializers.IntegerField(source="size", read_only=True)
    pages = serializers.IntegerField(allow_null=True, read_only=True)
    status = WordField(Document.Status, null=False)
    error = serializers.SerializerMethodField()
    case_numbers = serializers.SerializerMethodField(
        help_text="Of the letters in it, in their order; null for one without a number."
    )
    read_by_ocr = serializers.BooleanField(read_only=True)
    parser_version = TextField()
    uploader = TextField(source="uploader.username", default=None)
    received_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(allow_null=True, read_only=True)

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, document: Document) -> dict[str, Any] | None:
        return self.errors_said.to_representation(document) if document.error_code else None

    @cached_property
    def errors_said(self) -> ErrorSerializer:
        return ErrorSerializer()

    @extend_schema_field({"type": "array", "items": {"type": "string", "nullable": True}})
    def get_case_numbers(self, document: Document) -> list[str | None]:
        return [reading.case_number or None for reading in document.readings.all()]
