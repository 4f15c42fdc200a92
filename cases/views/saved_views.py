from __future__ import annotations

from dataclasses import asdict, dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.lists import saved_views
from cases.lists.definition import LISTS
from cases.models import SavedView
from cases.views.signed_in import SignedInRequest


@dataclass(frozen=True, slots=True)
class ViewFormData:
    """What the form of a view was sent with, or holds at first."""

    name: str
    query: str
    shared: bool


def read_form(request: SignedInRequest) -> ViewFormData:
    sent = request.POST
    return ViewFormData(sent.get("name", ""), sent.get("query", ""), "shared" in sent)


@require_POST
def create(request: SignedInRequest) -> HttpResponse:
    list_name, typed = request.POST.get("list", ""), read_form(request)
    if list_name not in LISTS:
        messages.error(request, "There is no such list.")
        return redirect("/")
    try:
        view = saved_views.save_view(request.user, list_name=list_name, **asdict(typed))
    except ValidationError as error:
        of = LISTS[list_name]
        context = {"of": of, "typed": typed, "back": f"{of.url}?{typed.query}"}
        context["problem"] = " ".join(error.messages)
        return render(request, "lists/new_view.html", context, status=422)
    messages.success(request, f"Saved as “{view}”.")
    return redirect(view_url(view))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, list__in=LISTS)
    saved_views.check_owner(view, request.user)
    typed, problem, back = ViewFormData(view.name, view.query, view.shared), "", view_url(view)
    if request.method == "POST":
        typed = read_form(request)
        try:
            saved_views.change_view(view, request.user, **asdict(typed))
        except ValidationError as error:
            problem = " ".join(error.messages)
            view.refresh_from_db()
        else:
            return redirect(view_url(view))
    context = {"view": view, "of": LISTS[view.list], "typed": typed, "problem": problem}
    status = 422 if problem else 200
    return render(request, "lists/edit_view.html", context | {"back": back}, status=status)


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, list__in=LISTS)
    saved_views.delete_view(view, request.user)
    messages.success(request, f"The view “{view}” is deleted.")
    return redirect(LISTS[view.list].url)


def view_url(view: SavedView) -> str:
    return f"{LISTS[view.list].url}?{view.query}"
