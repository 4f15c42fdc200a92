from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.intake import batches
from cases.models import Batch, Reading
from cases.views.signed_in import SignedInRequest

LINES = 100
BATCHES = 25
SHOWN = {
    "": "All",
    "waiting": "Pending",
    "read": "Read",
    "failed": "Failed",
    "refused": "Rejected",
    "known": "Duplicate",
}


@require_safe
def batch_list(request: SignedInRequest) -> HttpResponse:
    found = Batch.objects.select_related("uploader")
    page = Paginator(found, BATCHES).get_page(request.GET.get("page"))
    rows = [{"batch": batch, "counts": batches.batch_counts(batch)} for batch in page]
    return render(request, "cases/batches.html", {"page": page, "rows": rows})


@require_safe
@vary_on_headers("HX-Request")
def batch_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    context = batch_context(request, get_object_or_404(Batch, pk=pk))
    if request.htmx.target == "progress":
        # Status 286 tells htmx to stop polling.
        status = 286 if context["counts"].done else 200
        return render(request, "cases/_progress.html", context, status=status)
    return render(request, "cases/batch.html", context)


def batch_context(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    lines = batches.batch_files(batch) if show else batch.lines.all()
    lines = lines.filter(batches.SHOWN[show]) if show else lines
    lines = lines.select_related("document", "parent").prefetch_related(
        Prefetch("document__readings", Reading.objects.current().select_related("case"))
    )
    counts = batches.batch_counts(batch)
    numbers = {
        "": counts.files,
        "waiting": counts.waiting,
        "read": counts.read,
        "failed": counts.failed,
        "refused": counts.refused,
        "known": counts.known,
    }
    return {
        "batch": batch,
        "counts": counts,
        "reasons": batches.failure_reasons(batch),
        "show": show,
        "tabs": [(name, label, numbers[name]) for name, label in SHOWN.items()],
        "page": Paginator(lines, LINES).get_page(request.GET.get("page")),
    }


@require_POST
def batch_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    count = batches.retry_failed(batch, request.user)
    messages.info(request, f"{count} document{'' if count == 1 else 's'} will be read again.")
    return redirect(batch)


@require_POST
def batch_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    count = batches.cancel_batch(batch, request.user)
    messages.info(
        request,
        f"{count} document{'' if count == 1 else 's'} canceled. Files already read are kept.",
    )
    return redirect(batch)
