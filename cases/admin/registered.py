"""The admin's lists. A case is corrected on a page of its own (`cases.admin.correct`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from cases.admin.actions import parse_again
from cases.admin.bulk import guideline_names, import_corrections
from cases.admin.correct import correct
from cases.admin.deleting import NeverDeleted
from cases.corrections.claim_facts import insert_claim_facts
from cases.corrections.history import record_revision
from cases.corrections.missing_flags import flag_missing_values
from cases.corrections.queue import reasons_of, with_reasons
from cases.corrections.refresh import refresh_case
from cases.corrections.snapshot import Difference, snapshot
from cases.forms.case import CaseForm
from cases.intake.storing.receipt import receipt_of
from cases.models import Case, Document, Issue, Reading, Revision
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest

Action = Callable[[admin.ModelAdmin, HttpRequest, QuerySet], None]
View = Callable[..., HttpResponse]


@admin.register(Case)
class CaseAdmin(NeverDeleted):
    list_display = ["case_number", "reasons", "decision", "decision_date", "format", "is_corrected"]
    list_filter = ["needs_correction", "flags__code", "decision", "priority", "format"]
    search_fields = ["case_number", "issues__treatment_request"]
    date_hierarchy = "decision_date"
    ordering = ["-pk"]
    raw_id_fields = ["document"]
    actions = [parse_again]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return with_reasons(super().get_queryset(request).defer("clinical_summary", "provenance"))

    @admin.display(description="why it needs correction")
    def reasons(self, case: Case) -> str:
        return " ".join(map(str, reasons_of(case))) or "–"

    @admin.display(description="corrected")
    def is_corrected(self, case: Case) -> str:
        return "yes" if case.corrected else "–"

    def get_urls(self) -> list[URLPattern]:
        def page(view: View) -> View:
            return self.admin_site.admin_view(self.only_correctors(view))

        return [
            path("guideline-names/", page(guideline_names), name="cases_case_names"),
            path("import/", page(import_corrections), name="cases_case_import"),
            *super().get_urls(),
        ]

    def only_correctors(self, view: View) -> View:
        def checked(request: HttpRequest) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied("Only people who can correct cases can do this.")
            return view(request)

        return checked

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        waits = request.GET.get("needs_correction__exact") == "1"
        title = {"title": "Cases that need correction" if waits else "Cases"}
        try:
            return super().changelist_view(request, title | (extra_context or {}))
        except (OverflowError, ValueError):  # a year that no calendar has
            return redirect(f"{request.path}?e=1")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if whole_number(object_id) is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_change_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        if not Case.objects.filter(pk=object_id).exists():
            return super().change_view(request, object_id, form_url, extra_context)
        return correct(cast("SignedInRequest", request), int(object_id))

    def get_form(
        self, request: HttpRequest, obj: Case | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Case]]:
        """Adds by hand what no letter could be read as; issues follow on the page after it."""
        return super().get_form(request, obj, change, **({"form": NewCaseForm} | kwargs))

    def save_model(self, request: HttpRequest, obj: Case, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        flag_missing_values(obj)
        insert_claim_facts(obj, receipt_of(obj.document))
        added = Difference("case", "", None, snapshot(obj)["case"])
        record_revision(obj, cast("User", request.user), "Added manually.", [added])
        refresh_case(obj)

    def response_add(
        self, request: HttpRequest, obj: Case, post_url_continue: str | None = None
    ) -> HttpResponse:
        return redirect("admin:cases_case_change", obj.pk)


class NewCaseForm(CaseForm):
    class Meta(CaseForm.Meta):
        fields: ClassVar[Collection[str]] = ("document", *CaseForm.Meta.fields)


class ReadOnlyAdmin(NeverDeleted):
    """Made by the program; people may look."""

    actions: Sequence[Action] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Issue)
class IssueAdmin(ReadOnlyAdmin):
    list_display = [
        "case",
        "position",
        "treatment_request",
        "decision",
        "category",
        "subcategory",
        "verdict",
    ]
    list_display_links = ["case", "treatment_request"]
    list_filter = ["decision", "category", "subcategory", "retrospective", "verdict"]
    list_select_related = ["case"]
    search_fields = ["case__case_number", "treatment_request", "rationale"]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An issue is corrected on its case's page."""
        issue = self.get_object(request, object_id)
        if issue is None or not request.user.has_perm("cases.change_case"):
            return super().change_view(request, object_id, form_url, extra_context)
        page = reverse("admin:cases_case_change", args=[issue.case_id])
        return HttpResponseRedirect(f"{page}#issue-{issue.position}")


class NamedValuesFilter(admin.AllValuesFieldListFilter):
    """The values that there are; the empty one has words too, so that its link can be read."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or "None"}


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    actions = [parse_again]
    list_display = ["name", "status", "pages", "uploader", "received_at", "parser_version"]
    list_filter = [
        "status",
        ("error_code", NamedValuesFilter),
        ("parser_version", NamedValuesFilter),
    ]
    list_select_related = ["uploader"]
    search_fields = ["name", "sha256", "readings__case_number"]
    date_hierarchy = "received_at"


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ["case_number", "document", "position", "parser_version", "read_at"]
    list_filter = ["parser_version"]
    list_select_related = ["document"]
    search_fields = ["case_number", "document__name"]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "case_link", "who_name", "origin", "why"]
    list_filter = ["origin", "at"]
    list_display_links = None
    list_select_related = ["case"]
    search_fields = ["case__case_number", "who_name", "why"]
    date_hierarchy = "at"

    @admin.display(description="case", ordering="case")
    def case_link(self, revision: Revision) -> str:
        link = reverse("case-history", args=[revision.case.case_number])
        return format_html('<a href="{}">{}</a>', link, revision.case.case_number)
