"""Correction of what was read, in Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from cases.admin_forms import CaseForm, CitationForm
from cases.derived import refresh_case
from cases.models import Case, Citation, Document, Flag, Issue, Reading


class IssueInline(admin.StackedInline):
    model = Issue
    extra = 0
    show_change_link = True
    fields = ["position", "treatment_request", "decision", "category", "rationale"]


class FlagInline(admin.TabularInline):
    model = Flag
    extra = 0
    fields = ["code", "level", "field", "message"]


class CitationInline(admin.TabularInline):
    model = Citation
    form = CitationForm
    extra = 0


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    form = CaseForm
    list_display = [
        "case_number",
        "decision",
        "decision_date",
        "priority",
        "format",
        "needs_correction",
        "reasons",
    ]
    list_filter = ["needs_correction", "decision", "priority", "format", "flags__code"]
    search_fields = ["case_number", "issues__treatment_request"]
    date_hierarchy = "decision_date"
    inlines = [IssueInline, FlagInline]
    readonly_fields = ["decision", "needs_correction", "letter"]
    raw_id_fields = ["document"]
    exclude = ["provenance"]

    def get_queryset(self, request) -> QuerySet[Case]:
        errors = Flag.objects.filter(level=Flag.Level.ERROR)
        cases = super().get_queryset(request).select_related("document", "reading")
        return cases.prefetch_related(Prefetch("flags", errors, to_attr="error_flags"))

    @admin.display(description="why it needs correction")
    def reasons(self, case: Case) -> str:
        return " ".join(flag.message for flag in case.error_flags)

    @admin.display(description="letter")
    def letter(self, case: Case) -> str:
        if case.document_id is None:
            return "–"
        link = reverse("document-file", args=[case.document_id])
        return format_html('<a href="{}" target="_blank">Open the PDF</a>', link)

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        refresh_case(form.instance)


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin):
    list_display = ["case", "position", "treatment_request", "decision", "category", "verdict"]
    list_display_links = ["case", "treatment_request"]
    list_filter = ["decision", "category", "verdict"]
    list_select_related = ["case"]
    search_fields = ["case__case_number", "treatment_request", "rationale"]
    inlines = [CitationInline]
    raw_id_fields = ["case"]
    readonly_fields = ["verdict", "category_rule"]

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        refresh_case(form.instance.case)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Made by the program; people may look."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["name", "status", "pages", "uploader", "received_at", "parser_version"]
    list_filter = ["status", "error_code", "parser_version"]
    list_select_related = ["uploader"]
    search_fields = ["name", "sha256", "readings__case_number"]
    date_hierarchy = "received_at"


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ["case_number", "document", "position", "parser_version", "read_at"]
    list_filter = ["parser_version"]
    list_select_related = ["document"]
    search_fields = ["case_number", "document__name"]
