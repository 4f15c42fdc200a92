"""Packets of findings, their acknowledgement, and what is found again after it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.views.signed_in import SignedInRequest
from reviews.findings import packets as writing
from reviews.findings.packet_paper import packet_pdf
from reviews.findings.packets import PacketError
from reviews.findings.repeats import find_repeats
from reviews.lists.findings import PICKED, finding_rows
from reviews.models import Finding, Label, Packet
from reviews.views.days import NotADay, day_in
from reviews.views.downloads import as_download

PAGE = 50


@require_safe
def packet_list(request: SignedInRequest) -> HttpResponse:
    rows = Packet.objects.annotate(count=Count("findings")).select_related("created_by")
    page = Paginator(rows.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/packets.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_packet(request: SignedInRequest) -> HttpResponse:
    """To whom the findings that were ticked go."""
    keys = request.session.get(PICKED, [])
    found = list(finding_rows().filter(pk__in=keys))
    if not found:
        messages.info(request, "Tick the findings that go into the packet first.")
        return redirect("findings")
    problem = ""
    if request.method == "POST":
        try:
            packet = writing.make_packet(keys, request.user, **told(request))
        except PacketError as error:
            problem = str(error)
        else:
            request.session.pop(PICKED, None)
            return redirect(packet)
    known = writing.recipients_in(found)
    context = {
        "findings": found,
        "known": known,
        "kinds": Packet.To.choices,
        "typed": request.POST or dict(zip(("to_kind", "to_name"), known[0], strict=True))
        if known or request.POST
        else {},
        "problem": problem,
    }
    return render(request, "reviews/packet_new.html", context, status=422 if problem else 200)


def told(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("to_kind", "to_name", "email", "note")}


@require_safe
def packet(request: SignedInRequest, pk: int) -> HttpResponse:
    return render_packet(request, get_object_or_404(Packet, pk=pk))


@require_POST
def act(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Packet, pk=pk)
    try:
        done = do(request, one, request.POST.get("action", ""))
    except (PacketError, NotADay) as problem:
        return render_packet(request, one, str(problem))
    messages.success(request, done)
    return redirect(one)


def do(request: SignedInRequest, one: Packet, action: str) -> str:
    """
    Raises:
        PacketError, NotADay: it can't be done.
    """
    if action == "save":
        writing.set_recipient(one, **told(request))
        return "Saved."
    if action == "send":
        path = reverse("packet-acknowledge", args=[writing.token_of(one)])
        writing.send_packet(
            one,
            request.user,
            link=request.build_absolute_uri(one.get_absolute_url()),
            acknowledge_link=request.build_absolute_uri(path),
        )
        return f"Sent to {one.email}." if one.email else "Marked as sent. Hand over the PDF."
    if action == "acknowledge":
        who = request.POST.get("who", "")
        writing.acknowledge(one, who=who, on=day_in(request), by=request.user)
        return "Acknowledged."
    raise BadRequest("There is no such action. Reload the page and choose one.")


def findings_of(one: Packet) -> QuerySet[Finding]:
    return finding_rows().filter(packet=one).order_by("issue__case__case_number", "pk")


def render_packet(request: SignedInRequest, one: Packet, problem: str = "") -> HttpResponse:
    one.refresh_from_db()
    context: dict[str, Any] = {
        "packet": one,
        "findings": findings_of(one),
        "labels": dict(Label.objects.values_list("slug", "name")),
        "kinds": Packet.To.choices,
        "typed": request.POST if problem else {},
        "problem": problem,
        "today": timezone.localdate(),
        "acknowledge_link": request.build_absolute_uri(
            reverse("packet-acknowledge", args=[writing.token_of(one)])
        )
        if one.sent_at
        else "",
    }
    return render(request, "reviews/packet.html", context, status=422 if problem else 200)


@require_safe
def pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Packet, pk=pk)
    return as_download(packet_pdf(one, findings_of(one)), f"imr-findings-{one.pk}.pdf")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link of the mail, without signing in: case numbers and no words."""
    one = writing.packet_of(token)
    if one is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            writing.acknowledge(one, who=request.POST.get("who", ""), on=timezone.localdate())
        except PacketError as error:
            problem = str(error)
        else:
            return redirect("packet-acknowledge", token)
    rows = Finding.objects.filter(packet=one).order_by("issue__case__case_number")
    context = {
        "packet": one,
        "numbers": list(rows.values_list("issue__case__case_number", flat=True).distinct()),
        "count": rows.count(),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "reviews/acknowledge.html", context, status=422 if problem else 200)


@require_safe
def repeats(request: SignedInRequest) -> HttpResponse:
    labels = dict(Label.objects.values_list("slug", "name"))
    patterns = find_repeats()
    again = {key for one in patterns for key in one.again}
    findings = dict(Finding.objects.filter(issue__in=again).values_list("issue", "pk"))
    context = {
        "rows": [
            {
                "pattern": one,
                "name": labels.get(one.name, one.name) if one.kind == "label" else one.name,
                "chosen": ",".join(str(findings[key]) for key in one.again),
            }
            for one in patterns
        ],
        "acknowledged": Packet.objects.filter(acknowledged_on__isnull=False).count(),
    }
    return render(request, "reviews/repeats.html", context)
