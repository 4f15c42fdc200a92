from django.urls import path

from reviews import views
from reviews.case_page import case_page

urlpatterns = [
    path("cases/<str:case_number>/", case_page, name="case"),
    path(
        "cases/<str:case_number>/issues/<int:position>/annotations/",
        views.create,
        name="annotation-create",
    ),
    path("annotations/<int:pk>/edit/", views.edit, name="annotation-edit"),
    path("annotations/<int:pk>/delete/", views.delete, name="annotation-delete"),
]
