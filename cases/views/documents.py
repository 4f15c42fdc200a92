from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from cases.files import bucket, storage
from cases.files.page_pictures import WIDTHS, PictureUnavailable, page_picture
from cases.files.range_response import file_response
from cases.files.shown_text import download_name
from cases.intake import pipeline
from cases.letters.reading.sandbox import CannotRender
from cases.lists.registry import documents
from cases.models import Batch, Case, Document, Proposal
from cases.views.signed_in import SignedInRequest
from cases.views.trouble import render_error

BATCHES = 5  # that a file came with; the same one may come many times


@require_safe
def document_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(documents().select_related("uploader"), pk=pk)
    readings = list(document.readings.all())
    numbers = [reading.case_number for reading in readings]
    on_file = Case.objects.select_related("document").in_bulk(numbers, field_name="case_number")
    proposed = Proposal.objects.filter(reading__document=document).select_related("case")
    context = {
        "document": document,
        "readings": [(reading, on_file.get(reading.case_number)) for reading in readings],
        "proposed": proposed,
        "events": document.events.select_related("by"),
        "batches": Batch.objects.filter(lines__document=document).distinct()[:BATCHES],
    }
    if request.htmx.target == "document":
        status = 286 if document.has_ended else 200
        return render(request, "cases/_document.html", context, status=status)
    return render(request, "cases/document.html", context)


@require_POST
def document_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document, pk=pk)
    if not pipeline.retry_document(document, request.user):
        messages.info(request, "Nothing to retry: this document is being read or has been read.")
    return redirect(return_url(request, document))


@require_POST
def document_reparse(request: SignedInRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document, pk=pk)
    if not pipeline.reparse_document(document, request.user):
        messages.info(request, "It is already being read, or has no file to read.")
    return redirect(document)


def return_url(request: SignedInRequest, document: Document) -> str:
    """The page of ours that the form stood on, or the document's."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else document.get_absolute_url()


def handles_bucket_errors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of a file; where the storage can't be reached it says so, for now."""

    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except bucket.BucketUnavailable as problem:
            response = render_error(request, 503, str(problem))
            response["Retry-After"] = "60"
            return response

    return wrapped


def stored_file(pk: int) -> tuple[Document, Path]:
    document = get_object_or_404(Document, pk=pk)
    path = storage.path_of(document.sha256)
    if not storage.is_available(path):
        raise Http404("The file of this document is no longer in storage.")
    return document, path


INLINE = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
SANDBOX = "default-src 'none'; frame-ancestors 'self'; sandbox"


@require_safe
@xframe_options_sameorigin
@handles_bucket_errors
def document_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file as uploaded, whole or the part that a PDF viewer asks for.

    What looks like a PDF is shown, under a policy that lets it run nothing; browsers refuse to
    show a PDF in a sandbox. All else, and with `?download`, is a download in a sandbox.
    """
    document, path = stored_file(pk)
    shown = "download" not in request.GET and looks_like_pdf(path)
    content_type = "application/pdf" if shown else "application/octet-stream"
    response = file_response(request, path, etag=document.sha256, content_type=content_type)
    disposition = content_disposition_header(not shown, download_name(document.name))
    assert disposition  # the name is never empty
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = INLINE if shown else SANDBOX
    return response


def looks_like_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


@require_safe
@handles_bucket_errors
def document_page(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """A picture of one page; 503 with Retry-After where there is none right now."""
    document, path = stored_file(pk)
    if document.pages and number > document.pages:
        raise Http404(f"This document has {document.pages} pages.")
    width = WIDTHS[1] if request.GET.get("width") == str(WIDTHS[1]) else WIDTHS[0]
    try:
        kept = page_picture(path, document.sha256, number, width)
    except PictureUnavailable as problem:
        response = render_error(request, 503, str(problem))
        response["Retry-After"] = str(problem.seconds)
        return response
    except CannotRender as problem:
        raise Http404(str(problem)) from problem
    shown = FileResponse(kept.open("rb"), content_type="image/png")
    shown["Cache-Control"] = "private, no-store"
    return shown
