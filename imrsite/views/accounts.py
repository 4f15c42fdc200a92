"""People: invited by leads; each sets and changes a password of their own."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from cases.views.signed_in import SignedInRequest
from imrsite.models import Access
from imrsite.security import sign_in_flow
from imrsite.security.accounts import (
    create_invited_user,
    invitation_path,
    may_be_invited_by,
    roles_to_give,
)
from imrsite.security.audit import log_event

PER_PAGE = 50


class SignIn(auth.LoginView):
    """By user name and password; on to the second factor where the account has one."""

    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return sign_in_flow.sign_in(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = settings.OIDC_NAME if sign_in_flow.has_single_sign_on() else ""
        return super().get_context_data(**kwargs) | {"single_sign_on": name}


class InvitationForm(forms.ModelForm):
    role = forms.ChoiceField()

    class Meta:
        model = get_user_model()
        fields = ["username", "email"]
        labels = {"username": "Username", "email": "Email"}
        help_texts = {"username": "Letters, digits and @ . + - _"}

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role_field = self.fields["role"]
        assert isinstance(role_field, forms.ChoiceField)
        role_field.choices = [(role, role.capitalize()) for role in roles_to_give(inviter)]

    def clean_email(self) -> str:
        """Single sign-on finds people by it, so that two accounts with one would open neither."""
        email = self.cleaned_data["email"]
        owner = get_user_model().objects.filter(email__iexact=email).first() if email else None
        if owner:
            raise forms.ValidationError(f"{owner} already has this email address.")
        return email


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, inviter=request.user)
    if request.method != "POST" or not form.is_valid():
        return render_people(request, form, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    path = create_invited_user(data["username"], data["email"], data["role"])
    fresh = InvitationForm(inviter=request.user)
    return render_people(
        request, fresh, link=request.build_absolute_uri(path), invited=data["username"]
    )


@require_POST
def new_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another link for somebody who has never signed in, by a password or otherwise."""
    user = get_object_or_404(get_user_model(), pk=pk, is_active=True)
    if not may_be_invited_by(user, request.user):
        raise PermissionDenied("Only an administrator can create a link for this account.")
    form = InvitationForm(inviter=request.user)
    if user.has_usable_password() or user.last_login:
        words = "already has a password" if user.has_usable_password() else "has already signed in"
        messages.info(request, f"{user} {words}.")
        return render_people(request, form)
    link = request.build_absolute_uri(invitation_path(user))
    return render_people(request, form, link=link, invited=user.get_username())


def render_people(
    request: SignedInRequest, form: InvitationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    users = get_user_model().objects.prefetch_related("groups").order_by("username")
    found = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": found,
        "has_second_factor": sign_in_flow.has_second_factor(),
        "protected": sign_in_flow.users_with_second_factor(found.object_list),
        **more,
    }
    return render(request, "accounts/people.html", context, status=status)


@require_POST
def forget_factor(request: SignedInRequest, pk: int) -> HttpResponse:
    """For somebody who lost their phone and the codes: they sign in by password and set up anew."""
    user = get_object_or_404(get_user_model(), pk=pk)
    if not may_be_invited_by(user, request.user):
        raise PermissionDenied("Only an administrator can do this for this account.")
    if sign_in_flow.forget_second_factor(user):
        log_event(request, Access.Action.RESET, f"second factor of {user}")
        messages.success(request, f"{user} no longer has a second factor.")
    return redirect("people")


@require_POST
def extend_session(request: SignedInRequest) -> HttpResponse:
    """Moves the end of the session (`accounts.SessionMiddleware` does it at any request)."""
    request.session.modified = True
    return HttpResponse(status=204)


class PasswordRequest(SignedInRequest):
    """A request with the marks by which django-axes knows one that it refused."""

    axes_locked_out: bool
    axes_credentials: dict[str, str]


class OwnPasswordForm(PasswordChangeForm):
    """A wrong old password counts as a wrong password at the sign-in page does."""

    def __init__(self, *args: Any, request: PasswordRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        credentials = {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(self.request, credentials):
            self.request.axes_locked_out, self.request.axes_credentials = True, credentials
            raise forms.ValidationError(self.error_messages["password_incorrect"])
        try:
            return super().clean_old_password()
        except forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
            raise


class PasswordChange(auth.PasswordChangeView):
    request: PasswordRequest
    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("inbox")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": "Change your password",
            "has_password": self.request.user.has_usable_password(),
            "second_factor": sign_in_flow.has_second_factor(),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Your password has been changed.")
        log_event(self.request, Access.Action.CHANGED, "own password")
        return response


@method_decorator(login_not_required, name="dispatch")
class Invitation(auth.PasswordResetConfirmView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("inbox")
    extra_context = {"title": "Set your password", "has_password": True}

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Signed in by the one door that knows the second factor."""
        assert self.user  # whose link it is: the view shows no form without one
        super().form_valid(form)
        log_event(self.request, Access.Action.CHANGED, "own password", who=self.user)
        return sign_in_flow.sign_in(self.request, self.user, str(self.success_url))
