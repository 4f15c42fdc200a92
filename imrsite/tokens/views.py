"""The page on which people make and revoke their API tokens."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.days import DayInput
from cases.views.signed_in import SignedInRequest
from imrsite.models import Access, ApiToken
from imrsite.security.access import INVITE, UPLOAD
from imrsite.security.audit import log_event
from imrsite.security.people import may_be_changed_by
from imrsite.tokens.tokens import (
    MOST_DAYS,
    MOST_TOKENS,
    USUAL_DAYS,
    create_token,
    revoke_token,
)

Scope = ApiToken.Scope


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=80, help_text="What it is for, such as “Nightly import”."
    )
    scope = forms.ChoiceField(
        label="May", choices=Scope, initial=Scope.READ, widget=forms.RadioSelect
    )
    expires_on = forms.DateField(label="Last day", widget=DayInput)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user
        self.fields["expires_on"].initial = timezone.localdate() + dt.timedelta(USUAL_DAYS)
        if not user.has_perm(UPLOAD):
            del self.fields["scope"]

    def clean_expires_on(self) -> dt.date:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if day < today:
            raise forms.ValidationError("Choose a day that is not over.")
        if day > today + dt.timedelta(MOST_DAYS):
            raise forms.ValidationError("A token works for a year at most.")
        return day

    def clean(self) -> None:
        if self.user.api_tokens.working().count() >= MOST_TOKENS:
            raise forms.ValidationError(
                f"You have {MOST_TOKENS} tokens. Revoke one that is no longer needed."
            )

    def create(self) -> tuple[ApiToken, str]:
        values = {"scope": Scope.READ, **self.cleaned_data}
        return create_token(self.user, **values)


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """A new token is shown in the answer to its form, and never again."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return render_tokens(request, form, status=422 if form.is_bound else 200)
    token, word = form.create()
    log_event(request, Access.Action.CHANGED, f"new API token {token.name}")
    return render_tokens(request, TokenForm(user=request.user), new=token, word=word)


def render_tokens(
    request: SignedInRequest, form: TokenForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"form": form, "tokens": request.user.api_tokens.all(), **more}
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own, or that of somebody whose account one may change."""
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk)
    own = token.user_id == request.user.pk
    if not own and not (
        request.user.has_perm(INVITE) and may_be_changed_by(token.user, request.user)
    ):
        raise Http404("There is no such token.")
    if revoke_token(token):
        whose = "" if own else f" of {token.user}"
        log_event(request, Access.Action.CHANGED, f"revocation of API token {token.name}{whose}")
        messages.success(request, f"“{token.name}” is revoked: it no longer works.")
    return redirect("tokens") if own else redirect("person", token.user_id)
