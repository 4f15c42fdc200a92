from django.urls import path

from cases.views.case_list import case_export, case_list
from cases.views.documents import (
    document_detail,
    document_export,
    document_file,
    document_list,
    document_page,
    document_retry,
)
from cases.views.inbox import inbox
from cases.views.upload import upload

urlpatterns = [
    path("", inbox, name="inbox"),
    path("upload/", upload, name="upload"),
    path("documents/", document_list, name="documents"),
    path("documents/export.csv", document_export, name="documents-export"),
    path("documents/<int:pk>/", document_detail, name="document"),
    path("documents/<int:pk>/file", document_file, name="document-file"),
    path("documents/<int:pk>/pages/<int:number>.png", document_page, name="document-page"),
    path("documents/<int:pk>/retry", document_retry, name="document-retry"),
    path("cases/", case_list, name="cases"),
    path("cases/export.csv", case_export, name="cases-export"),
]
