from __future__ import annotations

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cases.files.page_pictures import PictureUnavailable
from cases.files.page_words import page_words
from cases.letters.reading.sandbox import CannotRender
from cases.views.documents import handles_bucket_errors, stored_file
from cases.views.signed_in import SignedInRequest
from cases.views.trouble import render_error


@require_safe
@handles_bucket_errors
def document_words(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """The words of one page with their places; 503 with Retry-After where there are none now."""
    document, path = stored_file(pk)
    try:
        kept = page_words(path, document.sha256, number)
    except PictureUnavailable as problem:
        response = render_error(request, 503, str(problem))
        response["Retry-After"] = str(problem.seconds)
        return response
    except CannotRender as problem:
        raise Http404(str(problem)) from problem
    shown = FileResponse(kept.open("rb"), content_type="application/json")
    shown["Cache-Control"] = "private, no-store"
    return shown
