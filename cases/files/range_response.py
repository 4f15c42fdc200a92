"""A file as an answer, whole or in the part that was asked for (RFC 9110, ranges of bytes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
CHUNK = 64 * 1024


def file_response(
    request: HttpRequest, path: Path, *, etag: str, content_type: str
) -> HttpResponseBase:
    """200, 206 with the part, 304 for who has it, or 416 for a part that is not there.

    Several ranges at once, and ranges of a version that is not this one (If-Range), are answered
    with the whole, as the standard allows.
    """
    etag = f'"{etag}"'
    if answer := get_conditional_response(request, etag=etag):
        return answer
    size = path.stat().st_size
    asked = wanted_range(request, size, etag)
    if asked == ():
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    if asked is None:
        answer = FileResponse(path.open("rb"), content_type=content_type)
    else:
        first, last = asked
        answer = FileResponse(Part(path.open("rb"), first, last), content_type=content_type)
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
        answer["Content-Length"] = str(last - first + 1)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    return answer


def wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """First and last byte; None for the whole, () for a range that lies outside."""
    header = request.headers.get("Range", "")
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    match = ONE_RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:  # the last so many bytes
        length = min(int(last), size)
        return (size - length, size - 1) if length else ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end) if start < size else ()


class Part:
    """A stretch of an open file, which is closed with the answer."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        self.file, self.left = file, last - first + 1
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
