"""Admin actions that parse documents again."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from cases.intake import pipeline
from cases.models import Case, Document

MOST = 5000


@admin.action(description="Parse again (keeps corrections and annotations)", permissions=["view"])
def parse_again(modeladmin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
    if not request.user.has_perm("cases.change_document"):
        modeladmin.message_user(request, "Your role can’t parse documents.", messages.ERROR)
        return
    ids = rows.values("document") if rows.model is Case else rows.values("pk")
    documents = list(Document.objects.filter(pk__in=ids)[:MOST])
    count = pipeline.reparse_documents(documents, cast("User", request.user))
    modeladmin.message_user(
        request, f"{count} document{'' if count == 1 else 's'} will be parsed again."
    )
