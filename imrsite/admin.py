"""Accounts in the admin; and what allauth puts there is taken out: secrets, tokens and client keys
in plain view."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group

from cases.admin.deleting import DeletableWhileUnused
from cases.admin.lighter import LighterAdmin

admin.site.unregister([get_user_model(), Group])


@admin.register(get_user_model())
class AccountAdmin(DeletableWhileUnused, UserAdmin):
    """An account that has written something stays; make it inactive instead."""

    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()


@admin.register(Group)
class RoleAdmin(LighterAdmin, GroupAdmin):
    filter_horizontal = ()


for label in ("account", "socialaccount", "mfa"):
    if apps.is_installed(f"allauth.{label}"):
        for model in apps.get_app_config(label).get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)
