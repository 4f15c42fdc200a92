"""The access log as a list, with its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters as filters
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lists.csv_export import csv_encode, csv_file
from imrsite.models import Access

PER_PAGE = 50
COLUMNS = ("at", "who", "action", "what", "query", "rows", "address")


def day(label: str, lookup: str) -> filters.DateFilter:
    picker = forms.DateInput(attrs={"type": "date"})
    return filters.DateFilter("at", lookup_expr=f"date__{lookup}", label=label, widget=picker)


class AccessFilter(filters.FilterSet):
    who = filters.CharFilter("who_name", lookup_expr="iexact", label="Who", max_length=150)
    what = filters.CharFilter("what", lookup_expr="iexact", label="Case, document or list")
    action = filters.ChoiceFilter(choices=Access.Action, label="Action", empty_label="any")
    since = day("From", "gte")
    until = day("To", "lte")

    class Meta:
        model = Access
        fields = ()


def filtered_log(request: HttpRequest) -> AccessFilter:
    return AccessFilter(request.GET, Access.objects.all())


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    filterset = filtered_log(request)
    is_valid = filterset.is_valid()
    rows = filterset.qs if is_valid else Access.objects.none()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter": filterset,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
    }
    return render(request, "audit/audit.html", context, status=200 if is_valid else 422)


@require_safe
def audit_export(request: HttpRequest) -> HttpResponseBase:
    filterset = filtered_log(request)
    rows = filterset.qs if filterset.is_valid() else Access.objects.none()
    return csv_file("access", csv_encode(COLUMNS, csv_cells(rows.iterator(chunk_size=500))))


def csv_cells(rows: Iterator[Access]) -> Iterator[list[Any]]:
    for row in rows:
        at = row.at.isoformat(timespec="seconds")
        yield [at, row.who_name, row.action, row.what, row.query, row.rows, row.address]
