"""Making and changing annotations. Each action answers HTMX with the annotated text anew, a plain
form with the case page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from cases.models import Case
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.annotating import annotate
from reviews.annotating.annotate import AnnotationError, EditConflict, Selection, may_change
from reviews.annotating.marked import build_thread, load_marked, with_threads
from reviews.annotating.targets import Place, find_place, place_of
from reviews.models import Annotation, Label, Reply

DRAFT = ("target", "issue", "issue_key", "quote", "start", "comment", "label", "key")


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest, case_number: str) -> HttpResponse:
    case = get_object_or_404(Case, case_number=case_number)
    source = request.POST if request.method == "POST" else request.GET
    draft = {name: source.get(name, "") for name in DRAFT}
    place = find_place(case, draft["target"], draft["issue"])
    if place is None or not place.text:
        raise Http404("There is no such text in this case.")
    if request.method != "POST":
        return render(request, "reviews/create.html", form_context(place, draft))
    try:
        note = annotate.create_annotation(
            place,
            request.user,
            Selection(draft["quote"], whole_number(draft["start"], digits=8)),
            comment=draft["comment"],
            label=find_label(draft["label"]),
            key=parse_key(draft["key"]),
        )
    except AnnotationError as problem:
        context = form_context(place, draft) | problem_context(problem, place, draft["quote"])
        template = "reviews/_annotate_form.html" if request.htmx else "reviews/create.html"
        return render(request, template, context, status=422)
    return respond(request, place, focus=f"note-{note.pk}", saved=True)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One thread with its history; a deleted one can be restored here."""
    note = get_annotation(pk)
    if note.deleted_at and not may_change(note, request.user):
        raise Http404("This annotation was deleted.")
    leads = request.user.has_perm(annotate.LEAD)
    answers = request.user.has_perm("reviews.add_annotation")
    place = place_of(note)
    context = {
        "note": note,
        "place": place,
        "thread": build_thread(
            note, 1, request.user, leads=leads, answers=answers, text=place.text
        ),
        "edits": note.edits.select_related("editor", "reply__author", "label_before"),
    }
    return render(request, "reviews/annotation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_live_annotation(pk)
    annotate.check_author(note, request.user)
    comment = request.POST.get("comment", note.comment)
    label = request.POST.get("label", note.label.slug if note.label else "")
    context: dict[str, Any] = {"note": note, "comment": comment, "label": label}
    if request.method == "POST":
        try:
            annotate.edit_annotation(
                note,
                request.user,
                version=whole_number(request.POST.get("version", ""), digits=8) or 0,
                comment=comment,
                label=find_label(label),
            )
        except AnnotationError as problem:
            context |= {"problem": problem}
        except EditConflict as changed:
            context |= {"meanwhile": changed.current, "note": changed.current}
        else:
            return respond(request, place_of(note), focus=f"note-{note.pk}")
    return edit_form(request, "reviews/_edit_form.html", "Edit an annotation", context)


def edit_form(
    request: SignedInRequest, form: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    """The form alone for HTMX; 422 where it says what is wrong, 409 where another was quicker."""
    status = 409 if context.get("meanwhile") else 422 if context.get("problem") else 200
    context |= {"labels": labels(), "form_template": form, "title": title}
    if not request.htmx:
        return render(request, "reviews/edit.html", context, status=status)
    # A form's usual target may be more than itself; with a mistake it alone comes back.
    return retarget(render(request, form, context, status=status), "this")


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_live_annotation(pk)
    annotate.delete_comment(note, request.user)
    return respond(request, place_of(note), deleted=note)


@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_annotation(pk)
    annotate.restore_comment(note, request.user)
    return respond(request, place_of(note), focus=f"note-{note.pk}")


@require_POST
def resolve(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_live_annotation(pk)
    annotate.resolve_thread(note, request.user, resolved=request.POST.get("resolved") != "no")
    return respond(request, place_of(note), focus=f"note-{note.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Puts an unplaced annotation on its words: those proposed, selected or typed."""
    note = get_live_annotation(pk)
    annotate.check_may_place(note, request.user)
    where = place_of(note)
    quote = request.POST.get("quote", "")
    context: dict[str, Any] = {"note": note, "place": where, "quote": quote}
    if request.method == "POST":
        words = Selection(quote, whole_number(request.POST.get("start", ""), digits=8))
        try:
            annotate.place_manually(note, request.user, words)
        except AnnotationError as problem:
            if request.htmx:  # a proposal that does not hold any more: choose on the page for it
                return HttpResponseClientRedirect(request.path)
            context |= problem_context(problem, where, words.quote)
        else:
            return respond(request, where, focus=f"note-{note.pk}")
    status = 422 if context.get("problem") else 200
    return render(request, "reviews/place.html", context, status=status)


def respond(
    request: SignedInRequest,
    place: Place,
    *,
    focus: str = "",
    saved: bool = False,
    deleted: Annotation | None = None,
    deleted_reply: Reply | None = None,
) -> HttpResponse:
    """The annotated text as it stands now; `focus` names the element a reader should be at."""
    if not request.htmx:
        if deleted:
            messages.info(request, "The annotation was deleted. You can restore it on this page.")
            return redirect("annotation", deleted.pk)
        url = place.case.get_absolute_url()
        return redirect(f"{url}#{focus or place.id}")
    marked = load_marked(place, request.user)
    context = {"marked": marked, "deleted": deleted, "deleted_reply": deleted_reply}
    response = render(request, "reviews/_text.html", context)
    if saved:  # the form that asked is not the element to put it in
        response = reswap(retarget(response, f"#{place.id}"), "outerHTML")
    # With the swap, so that the page moves once and nothing moves under a pointer afterwards.
    trigger_client_event(response, "imr:focus", {"id": focus or place.id}, after="swap")
    return response


def form_context(place: Place, draft: dict[str, str]) -> dict:
    return {"case": place.case, "place": place, "draft": draft, "labels": labels()}


def problem_context(problem: AnnotationError, place: Place, quote: str) -> dict:
    length = len(quote.strip())
    around = [(at, place.text[max(0, at - 40) : at + length + 40]) for at in problem.places]
    return {"problem": problem, "places": around}


def get_annotation(pk: int) -> Annotation:
    notes = Annotation.objects.select_related("case", "issue", "author", "label", "deleted_by")
    return get_object_or_404(notes.prefetch_related("replies__author"), pk=pk)


def get_live_annotation(pk: int) -> Annotation:
    notes = with_threads().select_related("case", "issue")
    return get_object_or_404(notes, pk=pk)


def labels() -> QuerySet[Label]:
    return Label.objects.filter(retired=False)


def find_label(slug: str) -> Label | None:
    return Label.objects.filter(slug=slug).first() if slug else None


def parse_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
