"""The addresses of the API. What answers them is imported with the first request: most processes
never get one, and Django REST framework takes longer to import than a command to run."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string

from imrsite.api.try_files import try_file

OF_VIEWS = ("cls", "initkwargs", "csrf_exempt")  # what Django and the schema ask a view for


class LazyView:
    """A view that is imported when it is first asked for something."""

    def __init__(self, place: str, *args: str) -> None:
        self.place, self.args = place, args
        self.__name__ = self.__qualname__ = place

    @cached_property
    def view(self) -> Any:
        return import_string(self.place)(*self.args)

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.view(request, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in OF_VIEWS:
            return getattr(self.view, name)
        raise AttributeError(name)


KEYS = {
    "cases": "<str:case_number>",
    "issues": "<int:pk>",
    "citations": "<int:pk>",
    "annotations": "<int:pk>",
    "reviews": "<int:pk>",
    "documents": "<int:pk>",
}
urlpatterns = [
    path("schema/", LazyView("imrsite.api.schema_page.schema_view"), name="api-schema"),
    path("schema/<str:release>/<str:name>", try_file, name="api-try-file"),
]
for name, key in KEYS.items():
    rows, row = LazyView("imrsite.api.views.list_view", name), f"api-{name.removesuffix('s')}"
    one = LazyView("imrsite.api.views.detail_view", name)
    urlpatterns += [
        path(f"{name}/", rows, name=f"api-{name}"),
        path(f"{name}/{key}/", one, name=row),
    ]
