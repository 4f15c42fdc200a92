"""Fields of the API's answers: absent values are null, links are whole addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class TextField(serializers.CharField):
    """Null where the column holds no text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return str(value) if value else None


class WordField(serializers.ChoiceField):
    """One of the words of CONTRACT; null where there is none."""

    def __init__(self, choices: type[TextChoices], *, null: bool = True, **kwargs: Any) -> None:
        super().__init__(choices=choices.values, allow_null=null, read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return str(value) if value else None


def words(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), read_only=True, **kwargs)


@extend_schema_field({"type": "string", "format": "uri"})
class LinkField(serializers.Field):
    """The address of a row in this API; `path` leads to what the address takes."""

    def __init__(self, name: str, path: str = "pk") -> None:
        self.name, self.path = name, path.split(".")
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> Any:
        for part in self.path:
            value = getattr(value, part)
        return f"{self.context['origin']}{reverse(self.name, args=[value])}"


@extend_schema_field({"type": "string", "format": "uri"})
class PageField(serializers.Field):
    """The address of the row's page for people."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> str:
        return f"{self.context['origin']}{value.get_absolute_url()}"


PAGE_RANGES = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "description": "Inclusive ranges: [[125, 126], [130, 130]].",
}


@extend_schema_field(PAGE_RANGES)
class PagesField(serializers.Field):
    def to_representation(self, value: Iterable[Iterable[int]]) -> list[list[int]]:
        return [list(pages) for pages in value]


@extend_schema_field({"type": "string", "format": "uri", "nullable": True})
class ReviewLinkField(LinkField):
    """Of a case; null while it has no review."""

    def __init__(self) -> None:
        super().__init__("api-review", "review.pk")

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) if hasattr(value, "review") else None
