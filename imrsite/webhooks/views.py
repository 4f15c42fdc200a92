"""The page of webhooks: addresses that are told of events, and what became of each message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.views.signed_in import SignedInRequest
from imrsite.models import Access, Delivery, Webhook
from imrsite.security.audit import log_event
from imrsite.webhooks.addresses import AddressRefused, addresses_of, parse_target
from imrsite.webhooks.deliveries import resend
from imrsite.webhooks.events import EVENTS, TEST, add_message
from imrsite.webhooks.messages import ask_to_deliver
from imrsite.webhooks.signing import new_secret

PER_PAGE = 50
MOST_WEBHOOKS = 20


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://example.org/imr"}),
        help_text="Of the program that is to be told.",
    )
    events = forms.MultipleChoiceField(
        label="Is told when",
        choices=tuple(EVENTS.items()),
        initial=[*EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            target = parse_target(url, plain=settings.LOCAL)
            addresses_of(target, private=settings.IMR_WEBHOOKS_PRIVATE)
        except AddressRefused as problem:
            raise forms.ValidationError(str(problem).replace("%", "%%")) from problem
        return url

    def clean(self) -> None:
        if Webhook.objects.count() >= MOST_WEBHOOKS:
            raise forms.ValidationError(f"There are {MOST_WEBHOOKS} webhooks. Remove one first.")


@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: SignedInRequest) -> HttpResponse:
    """The secret of a new one is shown in the answer to its form, and never again."""
    form = WebhookForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render_webhooks(request, form, status=422 if form.is_bound else 200)
    site = request.build_absolute_uri("/").rstrip("/")
    hook = Webhook.objects.create(
        **form.cleaned_data, secret=new_secret(), site=site, created_by=request.user
    )
    log_event(request, Access.Action.CHANGED, f"new webhook {hook.url}")
    return render_webhooks(request, WebhookForm(), new=hook)


def render_webhooks(
    request: SignedInRequest, form: WebhookForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    deliveries = Delivery.objects.select_related("webhook").defer("body")
    context = {
        "form": form,
        "webhooks": Webhook.objects.select_related("created_by"),
        "event_words": EVENTS,
        "page": Paginator(deliveries, PER_PAGE).get_page(request.GET.get("page")),
        **more,
    }
    return render(request, "webhooks/webhooks.html", context, status=status)


@require_POST
def test(request: SignedInRequest, pk: int) -> HttpResponse:
    hook = get_object_or_404(Webhook, pk=pk)
    add_message(hook, TEST, {"sent_by": request.user.get_username()})
    Webhook.objects.filter(pk=pk).update(busy_until=None)
    messages.success(request, "A test message is on its way. Reload the page to see its outcome.")
    return redirect("webhooks")


@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    hook = get_object_or_404(Webhook, pk=pk)
    log_event(request, Access.Action.CHANGED, f"removal of webhook {hook.url}")
    hook.delete()
    messages.success(request, f"{hook.url} is removed and told of nothing more.")
    return redirect("webhooks")


@require_POST
def send_again(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    if resend(delivery):
        ask_to_deliver(delivery.webhook_id)
        messages.success(request, "The message is sent again.")
    else:
        messages.info(request, "The message waits to be sent already.")
    return redirect("webhooks")
