"""The page on which people choose what they hear of, alerts from saved views, and the way out of
mails without signing in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateformat import time_format
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.lists.definition import LISTS
from cases.models import SavedView
from cases.views.signed_in import SignedInRequest
from reviews.alerts.choices import (
    Choices,
    choices_in,
    kinds_for,
    save_choices,
    settings_of,
    turn_off,
)
from reviews.alerts.composing import is_refused
from reviews.alerts.links import read_token
from reviews.alerts.saved_view_alerts import set_alert
from reviews.alerts.sending import try_again
from reviews.models import Notice, OutgoingMail, ViewAlert

NO_SUCH_LINK = "This link is not complete. Copy all of it from the mail."
EXPLAINED = {
    Notice.Kind.OVERDUE: "And from the beginning, those of letters that nobody uploaded.",
    Notice.Kind.BATCH: "Once all files of the upload have ended.",
}
IN_SHORT = {"": "Off", "now": "At once", "day": "Daily", "week": "Weekly"}


class ChoicesForm(forms.Form):
    """A field for each kind of which this person may hear, and the hour of the digest."""

    def __init__(
        self, *args: Any, kinds: list[Notice.Kind], choices: Choices, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for kind in kinds:
            self.fields[kind] = forms.ChoiceField(
                label=kind.label,
                choices=Notice.How.choices,
                initial=choices.how(kind),
                help_text=EXPLAINED.get(kind, ""),
            )
        self.fields["digest_hour"] = forms.TypedChoiceField(
            label="The digest goes out at",
            coerce=int,
            choices=[(hour, time_format(dt.time(hour), "g:i a")) for hour in range(24)],
            initial=choices.digest_hour,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    person, row = request.user, settings_of(request.user)
    if request.method == "POST" and "again" in request.POST:
        try_again(person.pk, timezone.now())
        messages.success(request, "Mail is sent to your address again.")
        return redirect("notifications")
    form = ChoicesForm(request.POST or None, kinds=kinds_for(person), choices=choices_in(row))
    if request.method == "POST" and form.is_valid():
        hour = form.cleaned_data.pop("digest_hour")
        save_choices(person, form.cleaned_data, hour)
        messages.success(request, "Your choices are saved.")
        return redirect("notifications")
    context = {
        "form": form,
        "refused": row if is_refused(person, row) else None,
        "last": OutgoingMail.objects.filter(person=person, state=OutgoingMail.State.SENT).last(),
        "views": views_with_alerts(request),
        "city": settings.TIME_ZONE.rpartition("/")[2].replace("_", " "),
    }
    status = 422 if form.errors else 200
    return render(request, "notifications/notifications.html", context, status=status)


def views_with_alerts(request: SignedInRequest) -> list[tuple[SavedView, str]]:
    """Their own views, and those of others that they follow, each with how they hear of it."""
    followed = dict(ViewAlert.objects.filter(person=request.user).values_list("view", "every"))
    mine = Q(owner=request.user) | Q(pk__in=followed, shared=True)
    views = SavedView.objects.filter(mine, list__in=LISTS).select_related("owner")
    return [(view, IN_SHORT[followed.get(view.pk, "")]) for view in views]


@require_http_methods(["GET", "HEAD", "POST"])
def view_alert(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether, and how often, somebody hears of new rows in a saved view."""
    visible = Q(owner=request.user) | Q(shared=True)
    view = get_object_or_404(SavedView, visible, pk=pk, list__in=LISTS)
    if request.method == "POST":
        set_alert(view, request.user, request.POST.get("every", ""))
        messages.success(request, f"Your alert for “{view}” is saved.")
        return redirect("notifications")
    alert = ViewAlert.objects.filter(view=view, person=request.user).first()
    context = {
        "view": view,
        "of": LISTS[view.list],
        "every": alert.every if alert else "",
        "ways": [("", "Off"), *ViewAlert.Every.choices],
    }
    return render(request, "notifications/view_alert.html", context)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link of a mail, and for their mail program (RFC 8058)."""
    silence = read_token(token)
    if silence is None:
        raise Http404(NO_SUCH_LINK)
    if request.method == "POST":
        turn_off(silence)
    kinds = [Notice.Kind(kind).label for kind in silence.kinds if kind in Notice.Kind.values]
    kinds += ["Alerts from a saved view"] * bool(silence.alerts)
    context = {"kinds": kinds, "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
