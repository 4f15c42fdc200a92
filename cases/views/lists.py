"""Every list's page, CSV and bulk actions, from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.lists.base_filterset import ListFilter
from cases.lists.csv_export import CannotExport, csv_response
from cases.lists.definition import SHOWING, BulkAction, ListDefinition, listing, query_without
from cases.lists.facets import build_facets
from cases.lists.neighbours import add_trail_links
from cases.lists.saved_views import views_for
from cases.lists.selection import SelectionError, read_selection
from cases.views.signed_in import SignedInRequest

EMPTY: Mapping[str, Any] = MappingProxyType({})


def list_urls(of: ListDefinition, route: str) -> list[URLPattern]:
    """`route`, `route`filters, `route`export.csv and `route`selection."""

    @require_safe
    @vary_on_headers("HX-Request", "HX-Target")
    def page(request: SignedInRequest) -> HttpResponse:
        return list_page(request, of)

    @require_safe
    @vary_on_headers("HX-Request")
    def filters(request: SignedInRequest) -> HttpResponse:
        filterset = of.filterset(request.GET, of.rows())
        with filterset.of_one_state():
            facets = {} if request.htmx else facets_context(of, request.GET)
            return filters_page(request, filterset, of.title, of.url, facets)

    @require_safe
    def export(request: SignedInRequest) -> HttpResponseBase:
        return list_export(request, of)

    @require_POST
    def selection(request: SignedInRequest) -> HttpResponse:
        return list_selection(request, of)

    return [
        path(route, page, name=of.name),
        path(f"{route}filters", filters, name=f"{of.name}-filters"),
        path(f"{route}export.csv", export, name=f"{of.name}-export"),
        path(f"{route}selection", selection, name=f"{of.name}-bulk"),
    ]


def list_page(request: SignedInRequest, of: ListDefinition) -> HttpResponse:
    if request.htmx.target == "facets":
        return render(request, "lists/_facets.html", facets_context(of, request.GET))
    found = add_trail_links(listing(request.GET, of))
    context = {
        "listing": found,
        "actions": [action for action in of.actions if action.allowed(request.user)],
    }
    if request.htmx.target == "results":
        return render(request, "lists/_results.html", context)
    context["saved_views"] = views_for(request.user, of)
    context["look"] = list_look(request)
    status = 200 if found.filter.is_valid() else 422
    return render(request, "lists/page.html", context, status=status)


def filters_page(
    request: SignedInRequest,
    filterset: ListFilter,
    title: str,
    url: str,
    facets: Mapping[str, Any] = EMPTY,
) -> HttpResponse:
    """The fields of the filters: what HTMX puts into the drawer, or a page of their own, with
    the facets."""
    context = {"filter": filterset, "title": title, "url": url, **facets}
    template = "lists/_filter_fields.html" if request.htmx else "lists/filters.html"
    return render(request, template, context, status=200 if filterset.is_valid() else 422)


def list_look(request: SignedInRequest) -> dict[str, str]:
    """How this browser's user wants lists, as the page's script keeps it."""
    density = request.COOKIES.get("imr-density")
    facets = request.COOKIES.get("imr-facets")
    return {
        "density": "compact" if density == "compact" else "roomy",
        "facets": "folded" if facets == "folded" else "open",
    }


def facets_context(of: ListDefinition, query: QueryDict) -> dict[str, Any]:
    counted = build_facets(of, query)
    return {
        "facets": counted.facets,
        "list_url": of.url,
        "counted_cases": counted.cases,
        "counted_issues": counted.issues,
        "query": query_without(query, *SHOWING),
    }


def list_export(request: SignedInRequest, of: ListDefinition) -> HttpResponseBase:
    try:
        return csv_response(of, request.GET)
    except CannotExport as problem:
        return HttpResponse(
            f"The filter can’t be applied. {problem}\n", status=422, content_type="text/plain"
        )


def list_selection(request: SignedInRequest, of: ListDefinition) -> HttpResponse:
    """Does what the button says with the rows that were ticked, or with all that match."""
    back = f"{of.url}?{request.POST.get('back', '')}"
    try:
        selection = read_selection(of, request.POST)
        if request.POST.get("action") == "export":
            return redirect(selection.export_url(request.POST.get("columns", "")))
        action = allowed_action(request, of)
        selection.check_size(action)
    except SelectionError as problem:
        messages.info(request, str(problem))
        return redirect(back)
    done = action.run(request, selection.rows)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return redirect(back)


def allowed_action(request: SignedInRequest, of: ListDefinition) -> BulkAction:
    action = next((one for one in of.actions if one.name == request.POST.get("action")), None)
    if action is None:
        raise BadRequest("There is no such action. Reload the page and choose one.")
    if not action.allowed(request.user):
        raise PermissionDenied
    return action
