"""`/api/v1/schema/`: the schema as YAML or JSON; for a browser, a page on which to try it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.vary import vary_on_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from imrsite.api.try_files import release
from imrsite.api.views import ApiView
from imrsite.security.csp import HEADER, POLICY, header_value

# Swagger UI's sheet holds its icons as data: addresses. They are pictures, which run nothing.
PAGE_POLICY = POLICY | {"img-src": "'self' data:"}


class SchemaView(ApiView):
    schema = None  # it describes the others, not itself
    content_negotiation_class = DefaultContentNegotiation  # which knows ?format=json
    renderer_classes = (
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        StaticHTMLRenderer,
    )

    def get(self, request: Request, **_: Any) -> HttpResponseBase:
        if request.accepted_renderer.format == "html":
            return try_page(request)
        schema = SchemaGenerator().get_schema(request=request, public=True)
        return Response(schema)


def try_page(request: Request) -> HttpResponse:
    page = render(request._request, "api/try.html", {"release": release()})
    page[HEADER] = header_value(PAGE_POLICY)
    return page


def schema_view() -> Callable[..., HttpResponseBase]:
    return vary_on_headers("Accept", "Authorization")(SchemaView.as_view())
