"""Every list's page, CSV and bulk actions, from its declaration."""

from __future__ import annotations

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
from cases.lists.definition import SHOWING, ListDefinition, listing, query_without
from cases.lists.facets import build_facets
from cases.lists.neighbours import add_trail_links
from cases.lists.saved_views import views_for
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest


def list_urls(of: ListDefinition, route: str) -> list[URLPattern]:
    """`route`, `route`filters, `route`export.csv and `route`selection."""

    @require_safe
    @vary_on_headers("HX-Request", "HX-Target")
    def page(request: SignedInRequest) -> HttpResponse:
        return list_page(request, of)

    @require_safe
    @vary_on_headers("HX-Request")
    def filters(request: SignedInRequest) -> HttpResponse:
        return filters_page(request, of.filterset(request.GET, of.rows()), of.title, of.url)

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
    status = 200 if found.filter.is_valid() else 422
    return render(request, "lists/page.html", context, status=status)


def filters_page(
    request: SignedInRequest, filterset: ListFilter, title: str, url: str
) -> HttpResponse:
    """The fields of the filters: what HTMX puts into the drawer, or a page of their own."""
    context = {"filter": filterset, "title": title, "url": url}
    template = "lists/_filter_fields.html" if request.htmx else "lists/filters.html"
    return render(request, template, context, status=200 if filterset.is_valid() else 422)


def facets_context(of: ListDefinition, query: QueryDict) -> dict[str, Any]:
    counted = build_facets(of, query)
    return {
        "facets": counted.facets,
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
    """Does what the button says with the rows that were ticked."""
    chosen = [one for one in request.POST.getlist("chosen") if whole_number(one) is not None]
    back = f"{of.url}?{request.POST.get('back', '')}"
    if not chosen:
        messages.info(request, f"Select the {of.noun}s first.")
        return redirect(back)
    if request.POST.get("action") == "export":
        columns = request.POST.get("columns", "")
        shown = f"&columns={columns}" if all(n in of.by_name for n in columns.split(",")) else ""
        return redirect(f"{of.export_url}?chosen={','.join(chosen)}{shown}")
    action = next((one for one in of.actions if one.name == request.POST.get("action")), None)
    if action is None:
        raise BadRequest("There is no such action. Reload the page and choose one.")
    if not action.allowed(request.user):
        raise PermissionDenied
    done = action.run(request, of.rows().filter(pk__in=chosen))
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return redirect(back)
