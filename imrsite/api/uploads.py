"""`POST /api/v1/documents/`: the upload page's way (cases.views.upload), answered file by file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from cases.forms.claim import UploadFactsForm
from cases.intake import batches
from cases.intake.upload_handler import StreamToStorage
from cases.models import Batch, BatchLine
from cases.views.trouble import Mistake, problem_response
from cases.views.upload import add_uploaded_file, with_retry_after
from imrsite.api.parameters import WrongParameters
from imrsite.models import Access
from imrsite.security.audit import log_event, person_of

FILES = "files"
# What a form may have besides its files, those of the upload page apart.
FIELDS = frozenset({"csrfmiddlewaretoken", *UploadFactsForm.base_fields})
NO_FILES = "Send at least one file, each under the name “files”: curl -F files=@letter.pdf …"
NO_NAME = "A file is sent with its name (filename=…). Nothing was stored."
NO_SUCH_FIELD = "There is no such field. Nothing was stored; leave it out."
NOT_ALL = "Not every file was accepted: “files” says which, and why. The others are stored."
NO_DATABASE = (
    "The database did not answer, so that not every file was accepted. Send them again in a moment;"
    " what is here already is not stored twice."
)


def prepare_upload(request: HttpRequest) -> None:
    """Files go to their final disk as they arrive; whoever reads the form first starts that."""
    if request.method == "POST":
        request.upload_handlers = [StreamToStorage(request)]


def receive_upload(request: Request) -> HttpResponseBase:
    """
    Raises:
        WrongParameters: nothing was stored.
    """
    sent, form = request.FILES, request.POST  # whichever is read first refuses other content types
    files = sent.getlist(FILES)
    mistakes = [Mistake(name, NO_FILES) for name in sent if name != FILES]
    fields = [name for name in form if name not in FIELDS]
    mistakes += [Mistake(n, NO_NAME if n == FILES else NO_SUCH_FIELD) for n in fields]
    entered = UploadFactsForm(form)
    facts = entered.facts
    mistakes += [Mistake(name, str(one)) for name, many in entered.errors.items() for one in many]
    if mistakes or not files:
        raise WrongParameters(mistakes or [Mistake(FILES, NO_FILES)])
    try:
        batch = batches.start_batch(
            Batch.Origin.UPLOAD, person_of(request._request), files=len(files), facts=facts
        )
        lines = [add_uploaded_file(batch, file) for file in files]
    except DatabaseError:
        return with_retry_after(problem_response(503, NO_DATABASE))
    log_event(request._request, Access.Action.CHANGED, f"batch {batch.pk}")
    outcome = describe_upload(request, batch, lines)
    refused = {line.problem_code for line in lines if line.problem}
    if "not-stored" in refused:
        return with_retry_after(problem_response(503, NOT_ALL, **outcome))
    if refused:
        return problem_response(422, NOT_ALL, **outcome)
    return Response(outcome, status=200 if all(line.duplicate for line in lines) else 201)


def describe_upload(request: Request, batch: Batch, lines: list[BatchLine]) -> dict[str, Any]:
    return {
        "upload": batch.pk,
        "html_url": request.build_absolute_uri(batch.get_absolute_url()),
        "files": list(describe_files(request, lines)),
    }


def describe_files(request: Request, lines: list[BatchLine]) -> Iterator[dict[str, Any]]:
    for line in lines:
        document = line.document
        error = {"code": line.problem_code, "message": line.problem} if line.problem else None
        yield {
            "file_name": line.name,
            "outcome": outcome_of(line),
            "document": document.pk if document else None,
            "url": request.build_absolute_uri(reverse("api-document", args=[document.pk]))
            if document
            else None,
            "html_url": request.build_absolute_uri(document.get_absolute_url())
            if document
            else None,
            "error": error,
        }


def outcome_of(line: BatchLine) -> str:
    if line.problem:
        return "refused"
    if line.archive:
        return "archive"  # its letters follow, as workers unpack it
    return "duplicate" if line.duplicate else "stored"
