from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Issue
from reviews import annotate
from reviews.annotate import CannotAnnotate
from reviews.case_page import rationale_context
from reviews.models import Annotation


@require_POST
def create(request: HttpRequest, case_number: str, position: int) -> HttpResponse:
    issue = get_object_or_404(
        Issue.objects.select_related("case"), case__case_number=case_number, position=position
    )
    draft = {name: request.POST.get(name, "") for name in ("quote", "comment", "start")}
    draft["quote"] = draft["quote"].replace("\r\n", "\n")  # as browsers send line ends in forms
    start = int(draft["start"]) if draft["start"].isdigit() and len(draft["start"]) < 9 else None
    try:
        annotate.annotate(
            issue, request.user, quote=draft["quote"], comment=draft["comment"], start=start
        )
    except CannotAnnotate as problem:
        return answer(request, issue, draft=draft, problem=problem)
    return answer(request, issue)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    annotation = find(pk)
    annotate.own(annotation, request.user)
    problem = None
    if request.method == "POST":
        try:
            annotate.edit(annotation, request.user, request.POST.get("comment", ""))
        except CannotAnnotate as error:
            problem = error
        else:
            return answer(request, annotation.issue)
    comment = request.POST.get("comment", annotation.comment)
    context = {"annotation": annotation, "comment": comment, "problem": problem}
    return render(request, "reviews/edit.html", context, status=422 if problem else 200)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    annotation = find(pk)
    issue = annotation.issue
    annotate.delete(annotation, request.user)
    return answer(request, issue)


def find(pk: int) -> Annotation:
    return get_object_or_404(Annotation.objects.select_related("issue__case", "author"), pk=pk)


def answer(
    request: HttpRequest, issue: Issue, *, draft: dict | None = None, problem=None
) -> HttpResponse:
    """The rationale anew for HTMX; for a plain form the case page, or the form again."""
    if not request.htmx and not problem:
        return redirect(issue)
    context = rationale_context(issue, request.user) | {"draft": draft, "problem": problem}
    if problem:
        quote = (draft or {}).get("quote", "").strip()
        context["places"] = [
            (at, issue.rationale[max(0, at - 40) : at + len(quote) + 40]) for at in problem.places
        ]
    template = "cases/_rationale.html" if request.htmx else "reviews/create.html"
    return render(request, template, context, status=422 if problem else 200)
