from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.annotating import annotate, mentions, threads
from reviews.annotating.annotate import AnnotationError, EditConflict
from reviews.annotating.targets import place_of
from reviews.models import Mention, Reply
from reviews.views.annotations import edit_form, get_live_annotation, parse_key, respond


@require_POST
def create(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_live_annotation(pk)
    comment = request.POST.get("comment", "")
    try:
        reply = threads.create_reply(
            note, request.user, comment, parse_key(request.POST.get("key", ""))
        )
    except AnnotationError as problem:
        context = {"note": note, "reply": Reply(annotation=note), "problem": problem}
        return edit_form(
            request, "reviews/_reply_form.html", "Reply", context | {"comment": comment}
        )
    return respond(request, place_of(note), focus=f"reply-{reply.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    reply = get_reply(pk)
    annotate.check_author(reply, request.user)
    comment = request.POST.get("comment", reply.comment)
    context: dict[str, Any] = {"note": reply.annotation, "reply": reply, "comment": comment}
    if request.method == "POST":
        version = whole_number(request.POST.get("version", ""), digits=8) or 0
        try:
            threads.edit_reply(reply, request.user, version=version, comment=comment)
        except AnnotationError as problem:
            context |= {"problem": problem}
        except EditConflict as changed:
            context |= {"meanwhile": changed.current, "reply": changed.current}
        else:
            return respond(request, place_of(reply.annotation), focus=f"reply-{reply.pk}")
    return edit_form(request, "reviews/_reply_edit_form.html", "Edit a reply", context)


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    reply = get_reply(pk)
    annotate.delete_comment(reply, request.user)
    note = reply.annotation
    return respond(request, place_of(note), focus=f"note-{note.pk}", deleted_reply=reply)


@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    reply = get_reply(pk, deleted=True)
    annotate.restore_comment(reply, request.user)
    return respond(request, place_of(reply.annotation), focus=f"reply-{reply.pk}")


@require_safe
def names(request: SignedInRequest) -> HttpResponse:
    """The colleagues to choose from while `@…` is being typed, as a list box."""
    begun = request.GET.get("q", "")
    return render(
        request,
        "reviews/_names.html",
        {"people": mentions.matching_colleagues(begun, request.user)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mention(request: SignedInRequest, pk: int) -> HttpResponse:
    """To the thread in which somebody was mentioned, who by a POST says to have seen it."""
    one = get_object_or_404(
        Mention.objects.select_related("annotation__case"), pk=pk, user=request.user
    )
    if request.method == "POST":
        mentions.mark_seen(one)
    return redirect(one.annotation.get_absolute_url())


def get_reply(pk: int, *, deleted: bool = False) -> Reply:
    replies = Reply.objects.all() if deleted else Reply.objects.live()
    related = ("author", "annotation__case", "annotation__issue")
    return get_object_or_404(replies.select_related(*related), pk=pk)
