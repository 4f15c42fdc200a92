from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases import saved_views
from cases.listing import LISTS
from cases.models import SavedView


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    list_name = request.POST.get("list", "")
    query = request.POST.get("query", "")
    back = f"{LISTS[list_name].url}?{query}" if list_name in LISTS else "/"
    try:
        view = saved_views.save_view(
            request.user,
            list_name=list_name,
            name=request.POST.get("name", ""),
            query=query,
            shared="shared" in request.POST,
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(back)
    messages.success(request, f"Saved as “{view}”.")
    return redirect(address(view))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, list__in=LISTS)
    saved_views.own(view, request.user)
    problem = None
    if request.method == "POST":
        try:
            saved_views.change_view(
                view,
                request.user,
                name=request.POST.get("name", ""),
                query=request.POST.get("query", ""),
                shared="shared" in request.POST,
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return redirect(address(view))
    context = {"view": view, "of": LISTS[view.list], "problem": problem, "back": address(view)}
    return render(request, "lists/edit_view.html", context, status=422 if problem else 200)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, list__in=LISTS)
    saved_views.delete_view(view, request.user)
    messages.success(request, f"The view “{view}” is deleted.")
    return redirect(LISTS[view.list].url)


def address(view: SavedView) -> str:
    return f"{LISTS[view.list].url}?{view.query}"
