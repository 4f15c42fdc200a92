from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from cases import batches
from cases.models import Batch
from cases.uploads import StreamToStorage, Upload
from cases.views.batches import batch_context


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Looking for the CSRF token reads the files: they must find their way to the disk by then."""
    request.upload_handlers = [StreamToStorage(request)]
    return protected_upload(request)


@csrf_protect
def protected_upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return take_in(request)
    return render(request, "cases/upload.html", limits())


def limits() -> dict[str, int]:
    return {"most_mb": settings.IMR_MAX_UPLOAD_MB, "most_archive_mb": settings.IMR_MAX_ARCHIVE_MB}


def take_in(request: HttpRequest) -> HttpResponse:
    """Every file that can be taken is; the batch's page tells of each, refused ones too."""
    files: list[Upload] = [file for file in request.FILES.getlist("files") if not is_hidden(file)]
    if not files:
        context = limits() | {"problem": "Choose at least one file."}
        return render(request, "cases/upload.html", context, status=422)
    try:
        batch = batches.start(Batch.Origin.UPLOAD, request.user)
        refused = [file for file in files if take_one(batch, file).problem]
    except DatabaseError:
        context = limits() | {
            "problem": "The database did not answer, so not every file was taken in. Upload them"
            " once more in a moment; files that are here already are not stored twice."
        }
        return render(request, "cases/upload.html", context, status=503)
    if refused:
        return render(request, "cases/batch.html", batch_context(request, batch), status=422)
    return redirect(batch)


def is_hidden(file: Upload) -> bool:
    """What systems leave in folders (.DS_Store), which nobody means to upload."""
    return (file.name or "").startswith(".")


def take_one(batch: Batch, file: Upload):
    name = file.name or "unnamed.pdf"
    if file.sealed is None:
        return batches.refuse(batch, name, file.code, file.problem)
    return batches.take_sealed(batch, name, file.sealed)
