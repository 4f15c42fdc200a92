"""How allauth signs people in: by the one backend that our accounts have."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from cases.views.trouble import render_error
from imrsite.security.client import address_of
from imrsite.security.sign_in_flow import BACKEND

CLOSED = "This account is closed. If it should not be, ask a lead or an administrator."


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account but by an invitation, or imrsite.sign_in.single_sign_on."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        login(request, user, backend=BACKEND)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return render_error(request, 403, CLOSED)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)
