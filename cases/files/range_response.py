"""A file as an answer, whole or in the part that was asked for (RFC 9110, ranges of bytes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
CHUNK = 64 * 1024


class RangeNotSatisfiable(Exception):
    """The range that was asked for has no byte of the file."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Both ends included."""

    first: int
    last: int


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
    try:
        part = requested_range(request, size, etag)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = (
        part_response(path, part, size, content_type)
        if part
        else FileResponse(path.open("rb"), content_type=content_type)
    )
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response


def part_response(path: Path, part: ByteRange, size: int, content_type: str) -> FileResponse:
    content = FilePart(path.open("rb"), part.first, part.last)
    response = FileResponse(content, content_type=content_type, status=206)
    response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response["Content-Length"] = str(part.last - part.first + 1)
    return response


def requested_range(request: HttpRequest, size: int, etag: str) -> ByteRange | None:
    """The range that is asked for; None for the whole file.

    Raises:
        RangeNotSatisfiable: no byte of the range is in the file.
    """
    header = request.headers.get("Range", "")
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    match = ONE_RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:  # the last so many bytes
        length = min(int(last), size)
        return clamp_range(size - length, size - 1, size)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return clamp_range(start, end, size)


def clamp_range(first: int, last: int, size: int) -> ByteRange:
    if first >= size:
        raise RangeNotSatisfiable
    return ByteRange(first, last)


class FilePart:
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
