"""People: invited by leads; each sets and changes a password of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from imrsite.accounts import invitation_path, invite, may_be_invited_by, roles_to_give

PER_PAGE = 50


class InvitationForm(forms.ModelForm):
    role = forms.ChoiceField()

    class Meta:
        model = get_user_model()
        fields = ["username", "email"]
        labels = {"username": "User name", "email": "E-mail"}
        help_texts = {"username": "Letters, digits and @ . + - _"}

    def __init__(self, *args, inviter, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, role.capitalize()) for role in roles_to_give(inviter)]


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, inviter=request.user)
    if request.method != "POST" or not form.is_valid():
        return page(request, form, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    path = invite(data["username"], data["email"], data["role"])
    fresh = InvitationForm(inviter=request.user)
    return page(request, fresh, link=request.build_absolute_uri(path), invited=data["username"])


@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Another link for somebody who has set no password yet."""
    user = get_object_or_404(get_user_model(), pk=pk, is_active=True)
    if not may_be_invited_by(user, request.user):
        raise PermissionDenied("Only an administrator may give a link to this account.")
    form = InvitationForm(inviter=request.user)
    if user.has_usable_password():
        messages.info(request, f"{user} has a password already.")
        return page(request, form)
    link = request.build_absolute_uri(invitation_path(user))
    return page(request, form, link=link, invited=user.get_username())


def page(
    request: HttpRequest, form: InvitationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    users = get_user_model().objects.prefetch_related("groups").order_by("username")
    found = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": found, **more}
    return render(request, "accounts/people.html", context, status=status)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Moves the end of the session (imrsite.accounts.SessionMiddleware does it at any request)."""
    request.session.modified = True
    return HttpResponse(status=204)


class Password(auth.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("inbox")
    extra_context = {"title": "Change your password"}

    def form_valid(self, form):
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class Invitation(auth.PasswordResetConfirmView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("inbox")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    extra_context = {"title": "Set your password"}
