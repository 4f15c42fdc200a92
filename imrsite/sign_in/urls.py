"""The addresses of what is switched on. allauth looks its pages up by these names."""

from django.conf import settings
from django.urls import path

from imrsite.security.sign_in_flow import has_second_factor, has_single_sign_on
from imrsite.views import accounts, people

urlpatterns = [path("login/", accounts.SignIn.as_view(), name="account_login")]

if has_single_sign_on():
    from imrsite.sign_in import views

    PROVIDER = {"provider_id": settings.OIDC_PROVIDER_ID}
    urlpatterns += [
        path("login/sso/", views.begin, name="single-sign-on"),
        path("login/sso/back/", views.back, PROVIDER, name="openid_connect_callback"),
    ]

if has_second_factor():
    from allauth.account.views import reauthenticate
    from allauth.mfa.base.views import authenticate, index
    from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
    from allauth.mfa.recovery_codes import views as recovery
    from allauth.mfa.totp import views as totp

    urlpatterns += [
        path("login/code/", authenticate, name="mfa_authenticate"),
        path("login/again/", reauthenticate, name="account_reauthenticate"),
        path("login/again/code/", reauthenticate_by_code, name="mfa_reauthenticate"),
        path("second-factor/", index, name="mfa_index"),
        path("second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
        path("second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
        path("second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
        path(
            "second-factor/codes/new/",
            recovery.generate_recovery_codes,
            name="mfa_generate_recovery_codes",
        ),
        path("people/<int:pk>/second-factor/", people.forget_factor, name="second-factor-forget"),
    ]
