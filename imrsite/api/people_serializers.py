"""What people add to cases, as JSON: annotations with their replies, and reviews."""

from __future__ import annotations

from rest_framework import serializers

from cases.models import Decision, Priority
from imrsite.api.fields import LinkField, PageField, TextField, WordField
from reviews.models import Annotation, Assignment, Reply, Review, Target


class ReplySerializer(serializers.Serializer[Reply]):
    id = serializers.IntegerField(source="pk", read_only=True)
    comment = serializers.CharField(read_only=True)
    author = serializers.CharField(source="author.username", read_only=True)
    created = serializers.DateTimeField(source="created_at", read_only=True)
    updated = serializers.DateTimeField(source="updated_at", read_only=True)


class AnnotationSerializer(serializers.Serializer[Annotation]):
    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-annotation")
    html_url = PageField()
    case_number = serializers.CharField(source="case.case_number", read_only=True)
    case_url = LinkField("api-case", "case.case_number")
    issue_position = serializers.IntegerField(
        source="issue.position", default=None, allow_null=True, read_only=True
    )
    target = WordField(Target, null=False)
    start = serializers.IntegerField(
        allow_null=True, read_only=True, help_text="In the text of the target; null if unplaced."
    )
    end = serializers.IntegerField(allow_null=True, read_only=True)
    quote = serializers.CharField(read_only=True)
    prefix = TextField()
    suffix = TextField()
    label = TextField(source="label.slug", default=None)  # type: ignore[assignment]
    comment = TextField()
    author = serializers.CharField(source="author.username", read_only=True)
    created = serializers.DateTimeField(source="created_at", read_only=True)
    updated = serializers.DateTimeField(source="updated_at", read_only=True)
    resolved = serializers.DateTimeField(source="resolved_at", allow_null=True, read_only=True)
    resolved_by = TextField(source="resolved_by.username", default=None)
    deleted = serializers.DateTimeField(source="deleted_at", allow_null=True, read_only=True)
    replies = ReplySerializer(many=True, read_only=True)


class AssignmentSerializer(serializers.Serializer[Assignment]):
    reviewer = serializers.CharField(source="reviewer.username", read_only=True)
    assigned_at = serializers.DateTimeField(read_only=True)
    submitted_at = serializers.DateTimeField(allow_null=True, read_only=True)


class ReviewSerializer(serializers.Serializer[Review]):
    id = serializers.IntegerField(source="pk", read_only=True)
    url = LinkField("api-review")
    html_url = PageField()
    case_number = serializers.CharField(source="case.case_number", read_only=True)
    case_url = LinkField("api-case", "case.case_number")
    state = WordField(Review.State, null=False)
    due = serializers.DateField(source="due_on", read_only=True)
    reviewers_required = serializers.IntegerField(source="wanted", read_only=True)
    reviewers = AssignmentSerializer(source="assignments", many=True, read_only=True)
    closed_at = serializers.DateTimeField(allow_null=True, read_only=True)
    closed_by = TextField(source="closed_by.username", default=None)
    decision = WordField(Decision, source="case.decision")
    decision_date = serializers.DateField(
        source="case.decision_date", allow_null=True, read_only=True
    )
    priority = WordField(Priority, source="case.priority")
