from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.analysis.batch_outcome import batch_outcome
from cases.intake import batches
from cases.intake.batches import BatchCounts
from cases.intake.turns import last_turn
from cases.models import Batch, Reading
from cases.views.claims import receipt_context
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


# How files can stand, each in one of them, as parts of a bar from left to right.
PARTS = ("read", "failed", "refused", "waiting")


@dataclass(frozen=True, slots=True)
class BarPart:
    """Files that stand one way: where their part of the bar begins and how wide it is, in files."""

    name: str
    label: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in a list of them."""

    batch: Batch
    counts: BatchCounts
    bar: list[BarPart]


def bar_parts(counts: BatchCounts) -> list[BarPart]:
    parts, start = [], 0
    for name in PARTS:
        count = getattr(counts, name)
        parts.append(BarPart(name, SHOWN[name], start, count))
        start += count
    return parts


@require_safe
def batch_list(request: SignedInRequest) -> HttpResponse:
    found = Batch.objects.select_related("uploader")
    page = Paginator(found, BATCHES).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "rows": batch_rows(page)}
    if settings.IMAP_URL:
        context["mailbox"] = last_turn("mailbox")
    return render(request, "cases/batches.html", context)


def batch_rows(found: Iterable[Batch]) -> list[BatchRow]:
    counted = [(batch, batches.batch_counts(batch)) for batch in found]
    return [BatchRow(batch, counts, bar_parts(counts)) for batch, counts in counted]


@require_safe
@vary_on_headers("HX-Request")
def batch_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    if request.htmx.target != "progress":
        return render(request, "cases/batch.html", whole_page(request, batch))
    context = batch_context(request, batch)
    if not context["counts"].done:
        return render(request, "cases/_progress.html", context)
    # Status 286 tells htmx to stop polling.
    response = render(request, "cases/_progress.html", context, status=286)
    response["HX-Trigger"] = "letters-were-read"
    return response


def batch_context(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    lines = batches.batch_files(batch) if show else batch.lines.all()
    lines = lines.filter(batches.SHOWN[show]) if show else lines
    lines = lines.select_related("document__uploader", "parent").prefetch_related(
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
        "bar": bar_parts(counts),
        "outcome": batch_outcome(batch),
        "reasons": batches.failure_reasons(batch),
        "show": show,
        "tabs": [(name, label, numbers[name]) for name, label in SHOWN.items()],
        "page": Paginator(lines, LINES).get_page(request.GET.get("page")),
    }


def whole_page(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    return batch_context(request, batch) | receipt_context(request, batch)


@require_POST
def batch_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    count = batches.retry_failed(batch, request.user)
    files = "1 file" if count == 1 else f"{count:,} files"
    messages.info(request, f"{files} will be read again.")
    return redirect(batch)


@require_POST
def batch_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    count = batches.cancel_batch(batch, request.user)
    messages.info(
        request,
        f"{count} file{'' if count == 1 else 's'} canceled. Files already read are kept.",
    )
    return redirect(batch)
