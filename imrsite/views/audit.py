"""The access log as a list, with its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters as filters
from django import forms
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lists.csv_export import csv_encode, csv_file
from cases.models import Document
from imrsite.models import Access
from imrsite.security.audit_words import lines_in_words

PER_PAGE = 50
COLUMNS = ("at", "who", "action", "what", "query", "rows", "address", "token")


def about_case(rows: QuerySet[Access], name: str, number: str) -> QuerySet[Access]:
    """The lines about the case, and those about its letter's document."""
    number = number.strip().upper()
    documents = Document.objects.filter(cases__case_number=number).values_list("pk", flat=True)
    return rows.filter(what__in=[number, *(f"document {pk}" for pk in documents)])


def day(label: str, lookup: str) -> filters.DateFilter:
    picker = forms.DateInput(attrs={"type": "date"})
    return filters.DateFilter("at", lookup_expr=f"date__{lookup}", label=label, widget=picker)


class AccessFilter(filters.FilterSet):
    who = filters.CharFilter(
        "who_name",
        lookup_expr="iexact",
        label="Person",
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    action = filters.ChoiceFilter(choices=Access.Action, label="Action", empty_label="Any")
    case = filters.CharFilter(method=about_case, label="Case number", max_length=20)
    since = day("From", "gte")
    until = day("To", "lte")
    what = filters.CharFilter("what", lookup_expr="iexact", label="Document, list or account")

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
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": filterset,
        "page": page,
        "lines": lines_in_words(page.object_list),
        "people": get_user_model().objects.order_by("username").values_list("username", flat=True),
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
        cells = [at, row.who_name, row.action, row.what, row.query, row.rows, row.address]
        yield [*cells, row.token]
