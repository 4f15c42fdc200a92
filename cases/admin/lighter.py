"""What pages of the admin load and how they offer choices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple, Media, ModelMultipleChoiceField


class LighterAdmin(admin.ModelAdmin):
    """Without the scripts that fill fields from others, which no form here has: they weigh as much
    as all scripts of a case page. Several of many are check boxes: the two lists that Django's
    script makes of them move the page once they are there, and screen readers trip over them."""

    filter_horizontal = filter_vertical = ()

    @property
    def media(self) -> Media:
        jquery = "jquery.js" if settings.DEBUG else "jquery.min.js"
        names = ["jquery.init.js", "core.js", "admin/RelatedObjectLookups.js", "actions.js"]
        return Media(js=[f"admin/js/{name}" for name in (f"vendor/jquery/{jquery}", *names)])

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: Any = None, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        kwargs.setdefault("widget", CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
