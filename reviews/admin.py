from django.contrib import admin

from reviews.models import Annotation


@admin.register(Annotation)
class AnnotationAdmin(admin.ModelAdmin):
    list_display = ["quote_start", "comment_start", "case", "author", "updated_at"]
    list_filter = ["target", "updated_at", "author"]
    list_select_related = ["case", "author"]
    search_fields = ["quote", "comment", "case__case_number"]
    readonly_fields = ["case", "issue", "target", "start", "end", "quote", "prefix", "suffix"]
    raw_id_fields = ["author"]

    @admin.display(description="words")
    def quote_start(self, annotation: Annotation) -> str:
        return annotation.quote[:80]

    @admin.display(description="comment")
    def comment_start(self, annotation: Annotation) -> str:
        return annotation.comment[:80]

    def has_add_permission(self, request) -> bool:
        return False  # an annotation is made by selecting words on the case page
