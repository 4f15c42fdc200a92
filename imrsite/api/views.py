"""Lists and rows, read only. Who may is said in imrsite.security.access, and logged from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.vary import vary_on_headers
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.lists.cursor import CursorError, keys_after
from cases.views.trouble import Mistake
from imrsite.api.authentication import SignedIn
from imrsite.api.parameters import WrongParameters, read_parameters
from imrsite.api.problems import handle_problem
from imrsite.api.resources import RESOURCES, Resource
from imrsite.api.schema import ApiSchema
from imrsite.api.throttle import RequestThrottle
from imrsite.api.uploads import prepare_upload, receive_upload

View = Callable[..., HttpResponseBase]


class ByAcceptHeader(DefaultContentNegotiation):
    """By nothing else: `format` is a filter of cases."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)  # type: ignore[assignment]


class ApiView(APIView):
    """What all addresses of the API share; nothing of it is configured in settings."""

    authentication_classes = (SignedIn,)
    permission_classes = ()
    content_negotiation_class: type[BaseContentNegotiation] = ByAcceptHeader
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = ()
    throttle_classes = (RequestThrottle,)
    http_method_names: Sequence[str] = ("get", "head", "post")

    def get_exception_handler(self) -> Callable[..., Any]:
        return handle_problem


class RowsView(ApiView):
    schema = ApiSchema()
    resource: Resource
    is_list = False

    def serialize(self, rows: Any, *, many: bool = False) -> Any:
        origin = self.request.build_absolute_uri("/").rstrip("/")
        return self.resource.serializer(rows, many=many, context={"origin": origin}).data


class ListView(RowsView):
    is_list = True

    def get(self, request: Request) -> Response:
        """One page of the list, in its order, and the address of the next."""
        of = self.resource.of
        asked = read_parameters(of, request.GET, self.resource.rows())
        with asked.filterset.of_one_state():
            try:
                page = keys_after(asked.filterset, asked.cursor, asked.size)
            except CursorError as problem:
                raise WrongParameters([Mistake("cursor", str(problem))]) from problem
        following = None
        if page.next:
            query = request.GET.copy()
            query["cursor"] = str(page.next)
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode(safe=',:')}")
        rows = self.serialize(asked.filterset.rows(page.keys), many=True)
        return Response({"count": page.count, "next": following, "results": rows})


class DocumentsView(ListView):
    parser_classes = (MultiPartParser,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        prepare_upload(request)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: Request) -> HttpResponseBase:
        """Upload letters (PDF) or archives of letters (ZIP): `curl -F files=@letter.pdf`.

        Each file is stored before this is answered, and read in the background. 201: at least one
        file is new; 200: all of them were here already. 422 and 503: at least one file was not
        accepted; `files` says which, and why; the others are stored, so that the same request can
        be sent again: what is here already is not stored twice.
        """
        return receive_upload(request)


class DetailView(RowsView):
    def get(self, request: Request, **key: Any) -> Response:
        """One row."""
        [value] = key.values()
        try:
            row = self.resource.rows().get(**{self.resource.key: value})
        except (ObjectDoesNotExist, OverflowError) as problem:
            raise Http404(f"There is no {self.resource.of.noun} {value}.") from problem
        return Response(self.serialize(row))


def list_view(name: str) -> View:
    return view_of(DocumentsView if name == "documents" else ListView, name)


def detail_view(name: str) -> View:
    return view_of(DetailView, name)


def view_of(view: type[RowsView], name: str) -> View:
    facts = {"resource": RESOURCES[name]}
    own: type[RowsView] = type(f"{name.capitalize()}{view.__name__}", (view,), facts)
    return vary_on_headers("Authorization")(own.as_view())
