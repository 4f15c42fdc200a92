"""Characters that turn the direction of text round are shown as what they are.

In a file's name, a quote or a comment they make a page read otherwise than what is stored: a file
`exe.pdf` that is `fdp.exe`. Each is replaced on the way out by one visible character, so that
positions in a text stay what they are; what is stored is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cases.files.shown_text import CONTROLS, STAND_IN

IN_UTF8 = re.compile("|".join(CONTROLS).encode())


class BidiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith(("text/html", "image/svg"))
        if is_page and not response.streaming and IN_UTF8.search(response.content):
            response.content = IN_UTF8.sub(STAND_IN.encode(), response.content)
        return response
