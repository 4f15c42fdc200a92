from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from cases.admin.deleting import DeletableWhileUnused, NeverDeleted
from reviews.annotating.label_forms import LabelForm
from reviews.models import Annotation, Label


@admin.register(Label)
class LabelAdmin(DeletableWhileUnused):
    form = LabelForm
    list_display = ["name", "shortcut", "colour", "position", "retired"]
    list_filter = ["retired"]


@admin.register(Annotation)
class AnnotationAdmin(NeverDeleted):
    """To look at; annotations are written and changed on the case page, which keeps a history."""

    list_display = ["quote_start", "label", "comment_start", "case", "author", "updated_at"]
    list_filter = ["label", "target", "updated_at", "author"]
    list_select_related = ["case", "author", "label"]
    search_fields = ["quote", "comment", "case__case_number"]

    @admin.display(description="words")
    def quote_start(self, annotation: Annotation) -> str:
        return annotation.quote[:80]

    @admin.display(description="comment")
    def comment_start(self, annotation: Annotation) -> str:
        return annotation.comment[:80]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
