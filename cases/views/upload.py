from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from cases.forms.claim import UploadFactsForm
from cases.index.claims import names_on_file
from cases.intake import batches
from cases.intake.upload_handler import StreamedUpload, StreamToStorage
from cases.models import Batch, BatchLine
from cases.views.batches import batch_rows, whole_page
from cases.views.claims import keep_entered
from cases.views.signed_in import SignedInRequest
from cases.views.trouble import render_error

RETRY_SECONDS = "60"
RECENT = 5
NO_FILES = (
    "An upload is a form with files (multipart/form-data), and this was not one. Use the form on"
    " the upload page."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """Looking for the CSRF token reads the files: they must find their way to the disk by then."""
    if request.method == "POST" and request.content_type != "multipart/form-data":
        return render_error(request, 400, NO_FILES)
    request.upload_handlers = [StreamToStorage(request)]
    return protected_upload(request)


@csrf_protect
def protected_upload(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        return receive_upload(request)
    recent = Batch.objects.select_related("uploader")[:RECENT]
    context = upload_context(request) | {"recent": batch_rows(recent)}
    return render(request, "cases/upload.html", context)


def upload_context(request: SignedInRequest) -> dict[str, Any]:
    """`facts` is the form of what is entered about the letters, as it was sent."""
    return limits() | {"facts": UploadFactsForm(request.POST or None, names=names_on_file)}


def limits() -> dict[str, Any]:
    return {"most_mb": settings.IMR_MAX_UPLOAD_MB, "most_archive_mb": settings.IMR_MAX_ARCHIVE_MB}


def receive_upload(request: SignedInRequest) -> HttpResponse:
    """Every file that can be taken is; the batch's page tells of each, refused ones too.

    It is a page of its own, so that loading it again sends no file again. What was entered about
    the letters and is mistaken is corrected there, so that no file is sent twice for it. While
    there is no room, the answer is 503 for programs that try later; `Content-Location` names the
    batch's page.
    """
    files = [file for file in request.FILES.getlist("files") if not is_hidden(file)]
    form = UploadFactsForm(request.POST)
    if not files:
        context = upload_context(request) | {"problem": "Choose at least one file."}
        return render(request, "cases/upload.html", context, status=422)
    try:
        batch = batches.start_batch(
            Batch.Origin.UPLOAD, request.user, files=len(files), facts=form.facts
        )
        refused = [
            line for line in (add_uploaded_file(batch, file) for file in files) if line.problem
        ]
    except DatabaseError:
        context = upload_context(request) | {
            "problem": "The database did not answer, so not every file was accepted. Upload them"
            " once more in a moment; files that are here already are not stored twice."
        }
        return with_retry_after(render(request, "cases/upload.html", context, status=503))
    if form.errors:
        keep_entered(request, batch)
    if all(line.problem_code != "not-stored" for line in refused):
        return redirect(batch)
    page = render(request, "cases/batch.html", whole_page(request, batch), status=503)
    page["Content-Location"] = batch.get_absolute_url()
    return with_retry_after(page)


def with_retry_after(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = RETRY_SECONDS
    return response


def is_hidden(file: UploadedFile) -> bool:
    """What systems leave in folders (.DS_Store), which nobody means to upload."""
    return (file.name or "").startswith(".")


def add_uploaded_file(batch: Batch, file: UploadedFile) -> BatchLine:
    assert isinstance(file, StreamedUpload)  # the one upload handler makes no others
    name = file.name or "unnamed.pdf"
    if file.sealed is None:
        return batches.reject_file(batch, name, file.code, file.problem)
    return batches.add_sealed_file(batch, name, file.sealed)
