"""The OpenAPI schema of the API, from the same declarations that the addresses answer by."""

from __future__ import annotations

from typing import Any, Protocol, cast

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from cases.forms.claim import LABELS, TEXT_FACTS, UploadFactsForm
from imrsite.api.parameters import NO_NUL, Described, describe_parameters
from imrsite.api.resources import Resource

PROBLEM = "application/problem+json"
JSON = "application/json"
NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**31}
CASE_NUMBER = {"type": "string", "pattern": r"^CM[0-9]{2}-[0-9]{7}$"}
ERRORS = {
    400: "A parameter is wrong: `errors` says which, and why.",
    401: "No token, or one that was revoked or has expired.",
    403: "The role of the person, or the scope of the token, does not include this.",
    404: "There is no such row.",
    406: "Only JSON is to be had.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    500: "A fault of this program.",
    503: "The database or the storage did not answer, or has no room. Try again later.",
}
UPLOAD_ERRORS = {
    413: "The form has too many files or fields.",
    415: "The body is no multipart/form-data.",
    422: "Not every file was accepted: `files` says which, and why.",
}
TOO_LONG = "The address is longer than the web server takes: use fewer filters."
EVERYWHERE = (400, 401, 403, 406, 429, 500, 503)


def text_fact(name: str) -> dict[str, Any]:
    longest = UploadFactsForm.base_fields[name].max_length  # type: ignore[attr-defined]
    words = f"{LABELS[name]}, of all these letters."
    schema = {"type": "string", "maxLength": longest, "pattern": NO_NUL, "description": words}
    return schema | {"example": ""}  # what the page to try it begins with


class MistakeSerializer(serializers.Serializer[Any]):
    parameter = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem Details for HTTP APIs (RFC 9457)."""

    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField(help_text="What happened, and what to do.")
    errors = MistakeSerializer(many=True)  # type: ignore[assignment]  # a declared field


class FileErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class UploadedFileSerializer(serializers.Serializer[Any]):
    file_name = serializers.CharField()
    outcome = serializers.ChoiceField(
        ["stored", "duplicate", "archive", "refused"],
        help_text="An archive is unpacked in the background; its letters follow in the upload.",
    )
    document = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(allow_null=True)
    html_url = serializers.URLField(allow_null=True)
    error = FileErrorSerializer(allow_null=True)


class UploadSerializer(serializers.Serializer[Any]):
    upload = serializers.IntegerField(help_text="Its number; /cases/?batch= takes it.")
    html_url = serializers.URLField()
    files = UploadedFileSerializer(many=True)


class RefusedUploadSerializer(ProblemSerializer):
    upload = serializers.IntegerField(required=False)
    html_url = serializers.URLField(required=False)
    files = UploadedFileSerializer(many=True, required=False)


DAY = "When the determinations were received; without it, the day of the upload is assumed."
DEADLINES = "Old letters: no deadlines are kept."
UPLOAD_FORM = {
    "type": "object",
    "properties": {
        "received_on": {"type": "string", "format": "date", "description": DAY, "example": ""},
        "without_obligations": {"type": "boolean", "description": DEADLINES},
        **{name: text_fact(name) for name in TEXT_FACTS},
        "files": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "format": "binary"},
        },
    },
    "required": ["files"],
    "additionalProperties": False,
}
LETTERS = {"files": {"contentType": "application/pdf, application/zip"}}


class DescribedView(Protocol):
    """A view of `imrsite.api.views`."""

    resource: Resource
    is_list: bool


class ApiSchema(AutoSchema):
    @property
    def shown(self) -> DescribedView:
        return cast("DescribedView", self.view)

    @property
    def noun(self) -> str:
        return self.shown.resource.of.noun

    @property
    def is_upload(self) -> bool:
        return self.method == "POST"

    def get_operation_id(self) -> str:
        what = "upload" if self.is_upload else "list" if self.shown.is_list else "retrieve"
        return f"{self.shown.resource.of.name}_{what}"

    def get_tags(self) -> list[str]:
        return [self.shown.resource.of.name]

    def get_summary(self) -> str:
        if self.is_upload:
            return "Upload letters"
        return f"List {self.noun}s" if self.shown.is_list else f"One {self.noun}"

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        if self.is_upload:
            return []
        if self.shown.is_list:
            return [parameter(one) for one in describe_parameters(self.shown.resource.of)]
        key = self.shown.resource.key
        schema = CASE_NUMBER if key == "case_number" else NUMBER
        return [OpenApiParameter(key.replace("pk", "id"), schema, OpenApiParameter.PATH)]

    def get_request_serializer(self) -> Any:
        if not self.is_upload:
            return None
        return {"multipart/form-data": OpenApiRequest(UPLOAD_FORM, encoding=LETTERS)}

    def get_response_serializers(self) -> Any:
        if self.is_upload:
            return self.upload_responses()
        good = self.page_serializer() if self.shown.is_list else self.shown.resource.serializer()
        errors = EVERYWHERE if self.shown.is_list else (*EVERYWHERE, 404)
        answers: dict[tuple[int, str], Any] = {(200, JSON): good}
        answers |= {(one, PROBLEM): problem(ERRORS[one]) for one in errors}
        if self.shown.is_list:
            answers[414, "text/html"] = OpenApiResponse(OpenApiTypes.STR, TOO_LONG)
        return answers

    def upload_responses(self) -> dict[tuple[int, str], Any]:
        refused = OpenApiResponse(RefusedUploadSerializer(), UPLOAD_ERRORS[422])
        told = {**ERRORS, **UPLOAD_ERRORS}
        return {
            (200, JSON): OpenApiResponse(UploadSerializer(), "All of them were here already."),
            (201, JSON): OpenApiResponse(UploadSerializer(), "Stored; at least one is new."),
            **{(one, PROBLEM): problem(told[one]) for one in (*EVERYWHERE, 413, 415)},
            (422, PROBLEM): refused,
            (503, PROBLEM): OpenApiResponse(RefusedUploadSerializer(), ERRORS[503]),
        }

    def page_serializer(self) -> serializers.Serializer[Any]:
        return inline_serializer(
            f"{self.noun.capitalize()}Page",
            {
                "count": serializers.IntegerField(help_text="Of all rows that match, now."),
                "next": serializers.URLField(
                    allow_null=True, help_text="The address of the next page; null on the last."
                ),
                "results": self.shown.resource.serializer(many=True),
            },
        )


def problem(words: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer(), words)


def parameter(one: Described) -> OpenApiParameter:
    several = one.many or one.listed
    array = {"type": "array", "items": one.schema, "minItems": 1}
    schema = array if several else one.schema
    return OpenApiParameter(
        one.name,
        schema,
        OpenApiParameter.QUERY,
        description=one.words,
        explode=one.many if several else None,
        style="form" if several else None,
    )
