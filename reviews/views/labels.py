"""The labels: a page on which leads edit them, and the sheet that colours them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.views.signed_in import SignedInRequest
from reviews.annotating.annotate import LEAD
from reviews.annotating.label_forms import LabelForm
from reviews.models import Label


@require_safe
def label_list(request: SignedInRequest) -> HttpResponse:
    used = Count("annotations", filter=Q(annotations__deleted_at__isnull=True))
    context = {
        "labels": Label.objects.annotate(used=used),
        "may_edit": request.user.has_perm(LEAD),
    }
    return render(request, "reviews/labels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def label_edit(request: SignedInRequest, slug: str = "") -> HttpResponse:
    label = get_object_or_404(Label, slug=slug) if slug else None
    form = LabelForm(request.POST or None, instance=label)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, f"The label “{saved}” was saved.")
        return redirect("labels")
    status = 422 if form.errors else 200
    context = {"form": form, "label": label}
    return render(request, "reviews/label.html", context, status=status)


@require_safe
def labels_css(request: SignedInRequest) -> HttpResponse:
    """One class a label, so that pages carry no styles of their own."""
    rules = (
        f".label-{slug} {{ --label: {colour}; }}"
        for slug, colour in Label.objects.values_list("slug", "colour")
    )
    response = HttpResponse("\n".join(rules), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response
