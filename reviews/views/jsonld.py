"""Annotations as W3C Web Annotations (JSON-LD), under the same filters as their list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from cases.lists.csv_export import CountedResponse, RowCounter
from cases.views.signed_in import SignedInRequest
from reviews.lists.registry import ANNOTATIONS
from reviews.models import Annotation

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CHUNK = 500


@require_safe
def annotation_jsonld(request: SignedInRequest) -> HttpResponseBase:
    filterset = ANNOTATIONS.filterset(request.GET, ANNOTATIONS.rows_in_full())
    if not filterset.is_valid():
        problems = {str(label): error for label, error in filterset.mistakes()}
        return HttpResponse(json.dumps(problems), status=422, content_type="application/json")
    base = request.build_absolute_uri("/").rstrip("/")
    notes = filterset.qs.iterator(chunk_size=CHUNK)
    sent = RowCounter()
    response = CountedResponse(
        json_lines(notes, base, sent),
        sent,
        content_type=f'application/ld+json; profile="{CONTEXT}"',
    )
    response["Content-Disposition"] = 'attachment; filename="annotations.jsonld"'
    response["Cache-Control"] = "no-store"
    return response


def json_lines(notes: Iterable[Annotation], base: str, sent: RowCounter) -> Iterator[str]:
    """One array, written as it is read."""
    yield "["
    for i, note in enumerate(notes):
        yield (",\n" if i else "\n") + json.dumps(as_web_annotation(note, base), ensure_ascii=False)
        sent.number += 1
    yield "\n]\n"


def as_web_annotation(note: Annotation, base: str) -> dict:
    bodies = []
    if note.comment:
        bodies.append(text_body(note.comment, "commenting", note.author.username))
    if note.label:
        bodies.append(text_body(note.label.name, "tagging"))
    bodies += [
        text_body(reply.comment, "replying", reply.author.username) for reply in note.replies.all()
    ]
    where = note.target if note.issue is None else f"issue-{note.issue.position}-{note.target}"
    return {
        "@context": CONTEXT,
        "id": f"{base}/annotations/{note.pk}/",
        "type": "Annotation",
        "created": note.created_at.isoformat(timespec="seconds"),
        "modified": note.updated_at.isoformat(timespec="seconds"),
        "creator": {"type": "Person", "nickname": note.author.username},
        "body": bodies,
        "target": {
            "source": f"{base}{note.case.get_absolute_url()}#{where}",
            "selector": selectors(note),
        },
    }


def text_body(value: str, purpose: str, creator: str = "") -> dict:
    body = {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}
    return body | ({"creator": {"type": "Person", "nickname": creator}} if creator else {})


def selectors(note: Annotation) -> list[dict]:
    """The quote always; the position only while it is certain."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": note.quote,
        "prefix": note.prefix,
        "suffix": note.suffix,
    }
    if not note.is_placed:
        return [quote]
    return [{"type": "TextPositionSelector", "start": note.start, "end": note.end}, quote]
