from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.ingest import receive
from cases.models import Document
from cases.storage import TooLarge

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return take_in(request)
    context = progress(request) | {"most_mb": settings.IMR_MAX_UPLOAD_MB}
    if request.htmx.target == "progress":
        # Status 286 tells htmx to stop polling.
        status = 286 if context["done"] else 200
        return render(request, "cases/_progress.html", context, status=status)
    return render(request, "cases/upload.html", context)


def take_in(request: HttpRequest) -> HttpResponse:
    """Every file that can be taken is; the page after it tells of each, refused ones too."""
    files = request.FILES.getlist("files")
    if not files:
        context = {"most_mb": settings.IMR_MAX_UPLOAD_MB, "problem": "Choose at least one file."}
        return render(request, "cases/upload.html", context, status=422)
    taken, known, refused = [], [], []
    for file in files:
        outcome = take_one(file, request.user)
        if isinstance(outcome, Refused):
            refused.append(outcome)
        else:
            (known if outcome.duplicate else taken).append(outcome.document.pk)
    query = {
        "documents": ",".join(map(str, taken + known)),
        "known": ",".join(map(str, known)),
    }
    if not refused:
        return redirect(f"{reverse('upload')}?{urlencode({k: v for k, v in query.items() if v})}")
    documents = Document.objects.filter(pk__in=taken + known)
    context = lines(documents, set(known), urlencode(query)) | {
        "refused": refused,
        "most_mb": settings.IMR_MAX_UPLOAD_MB,
    }
    return render(request, "cases/upload.html", context, status=422)


def take_one(file: UploadedFile, user):
    try:
        return receive(file.chunks(), file.name or "", user)
    except TooLarge:
        return Refused(
            file.name,
            f"It is larger than {settings.IMR_MAX_UPLOAD_MB} MB. Split it, or save it with"
            " smaller images, and upload that.",
        )
    except OSError:
        return Refused(
            file.name, "It could not be stored: the disk is full or locked. Try again later."
        )


def ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.isdigit() and len(part) < 19][:MOST_SHOWN]


def progress(request: HttpRequest) -> dict:
    wanted = ids(request.GET.get("documents", ""))
    documents = Document.objects.filter(pk__in=wanted) if wanted else Document.objects.none()
    known = set(ids(request.GET.get("known", "")))
    return lines(documents, known, request.GET.urlencode())


def lines(documents, known: set[int], query: str) -> dict:
    rows = list(documents.order_by("pk").prefetch_related("readings__case"))
    for document in rows:
        document.was_known = document.pk in known
    ended = sum(document.has_ended for document in rows)
    return {
        "documents": rows,
        "ended": ended,
        "done": ended == len(rows),
        "query": query,
    }
