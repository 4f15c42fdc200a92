from django.urls import path

from cases.lists.registry import CASES, CITATIONS, DOCUMENTS, ISSUES
from cases.views import saved_views
from cases.views.batches import batch_cancel, batch_detail, batch_list, batch_retry
from cases.views.by_hand import document_by_hand
from cases.views.claims import batch_letters, batch_receipt, case_claim
from cases.views.compare import compare_export, compare_filters, compare_page, compare_plot
from cases.views.documents import (
    document_detail,
    document_file,
    document_page,
    document_reparse,
    document_retry,
)
from cases.views.find import find
from cases.views.history import case_history, restore_claim, restore_value
from cases.views.lists import list_urls
from cases.views.page_words import document_words
from cases.views.precedents import issue_precedents, precedents
from cases.views.proposals import (
    proposal_accept,
    proposal_detail,
    proposal_keep,
    proposal_list,
)
from cases.views.upload import upload

urlpatterns = [
    path("find/", find, name="find"),
    path("upload/", upload, name="upload"),
    *list_urls(DOCUMENTS, "documents/"),
    path("batches/", batch_list, name="batches"),
    path("batches/<int:pk>/", batch_detail, name="batch"),
    path("batches/<int:pk>/retry", batch_retry, name="batch-retry"),
    path("batches/<int:pk>/cancel", batch_cancel, name="batch-cancel"),
    path("batches/<int:pk>/received", batch_receipt, name="batch-receipt"),
    path("batches/<int:pk>/letters", batch_letters, name="batch-letters"),
    path("documents/<int:pk>/", document_detail, name="document"),
    path("documents/<int:pk>/file", document_file, name="document-file"),
    path("documents/<int:pk>/pages/<int:number>.png", document_page, name="document-page"),
    path("documents/<int:pk>/pages/<int:number>.json", document_words, name="document-words"),
    path("documents/<int:pk>/retry", document_retry, name="document-retry"),
    path("documents/<int:pk>/by-hand", document_by_hand, name="document-by-hand"),
    path("documents/<int:pk>/reparse", document_reparse, name="document-reparse"),
    path("versions/", proposal_list, name="proposals"),
    path("versions/<int:pk>/", proposal_detail, name="proposal"),
    path("versions/<int:pk>/accept", proposal_accept, name="proposal-accept"),
    path("versions/<int:pk>/keep", proposal_keep, name="proposal-keep"),
    *list_urls(CASES, "cases/"),
    *list_urls(ISSUES, "issues/"),
    *list_urls(CITATIONS, "citations/"),
    path("views/", saved_views.create, name="view-create"),
    path("views/<int:pk>/edit/", saved_views.edit, name="view-edit"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view-delete"),
    path("cases/<str:case_number>/history/", case_history, name="case-history"),
    path("cases/<str:case_number>/history/<int:pk>/restore/", restore_value, name="value-restore"),
    path("cases/<str:case_number>/claim/", case_claim, name="case-claim"),
    path("cases/<str:case_number>/claim/<int:pk>/restore/", restore_claim, name="claim-restore"),
    path(
        "cases/<str:case_number>/issues/<int:position>/precedents/",
        issue_precedents,
        name="issue-precedents",
    ),
    path("compare/", compare_page, name="compare"),
    path("compare/filters", compare_filters, name="compare-filters"),
    path("compare/export.csv", compare_export, name="compare-export"),
    path("compare/plots/<slug:name>.svg", compare_plot, name="compare-plot"),
    path("precedents/", precedents, name="precedents"),
]
