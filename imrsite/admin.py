"""What allauth puts into the admin is taken out: secrets, tokens and client keys in plain view."""

from django.apps import apps
from django.contrib import admin

for label in ("account", "socialaccount", "mfa"):
    if apps.is_installed(f"allauth.{label}"):
        for model in apps.get_app_config(label).get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)
