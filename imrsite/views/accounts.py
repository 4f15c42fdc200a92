"""One's own account: signing in, and a password that each sets and changes."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from cases.views.signed_in import SignedInRequest
from imrsite.models import Access
from imrsite.security import sign_in_flow
from imrsite.security.audit import log_event


class SignIn(auth.LoginView):
    """By user name and password; on to the second factor where the account has one."""

    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return sign_in_flow.sign_in(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = settings.OIDC_NAME if sign_in_flow.has_single_sign_on() else ""
        return super().get_context_data(**kwargs) | {"single_sign_on": name}


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
