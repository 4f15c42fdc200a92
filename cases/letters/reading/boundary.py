"""Where a rationale ends and the next treatment request begins, when no mark says so.

Nothing but spacing parts the two. Each line between them is weighed as the request's first: more
space above it, room left on the line before, a full stop before it, a change to bold, the number
due next. The last line that is sure enough wins, since requests are short.
"""

from __future__ import annotations

import bisect
import re

from cases.letters.reading.text import GOES_ON, Body, Break
from cases.letters.requests.partial import HEAD

SURE = 3
MOST_LINES = 60  # no request has as many
LONGEST_REQUEST = 6000  # characters
NUMBER = re.compile(r"\s*\(?(\d{1,2})\s?[.)](?!\d)\s*")
CONCLUSION = re.compile(
    r"medically\s*(?:necessary|unnecessary)|medical\s*necessity|not\s*(?:supported|established)",
    re.IGNORECASE,
)
ELIGIBLE = re.compile(r"\bIMR[\s-]*eligible\b", re.IGNORECASE)
STOP = re.compile(r"[.?!][\"'”’)\]]*$")
# A request is one phrase; where sentences or paragraphs end inside it, it began too early.
SENTENCE = re.compile(r"(?<![A-Z0-9])[a-z\d)\]%\"”’][.?!][\"”’)\]]*\s+(?=[A-Z\d])")


def find_request_start(body: Body, earliest: int, decided_at: int, position: int) -> int:
    """The offset at which the request begins whose decision stands at `decided_at`.

    `earliest` is where the rationale (or the chapter's opening sentence) before it begins.
    """
    decided_at = original_request_end(body, earliest, decided_at)
    last = body.line_at(decided_at)
    first = max(body.line_at(earliest), last - MOST_LINES)
    end = body.starts[last] + len(body.lines[last].text)
    stops = [stop.start() for stop in SENTENCE.finditer(body.text, body.starts[first], end)]
    best, best_weight = last, -99
    gaps = 0
    for i in range(last, first, -1):
        start = without_number(body, body.starts[i], end, position)
        sentences = len(stops) - bisect.bisect_left(stops, start)
        gaps += i < last and body.breaks[i] is Break.GAP
        weight = weigh(body, i, position) - 4 * (sentences + gaps)
        if weight > best_weight:
            best, best_weight = i, weight
        if best_weight >= SURE and weight < best_weight - 1:
            break
        if weight >= SURE + 3:
            break
    return max(body.starts[best], earliest)


def original_request_end(body: Body, earliest: int, decided_at: int) -> int:
    """Of a partial authorization, where its first phrase ends: the sentences behind it tell what
    was authorized, and belong to the request. Else `decided_at`."""
    i = last = body.line_at(decided_at)
    while i > 0 and last - i < MOST_LINES and body.breaks[i - 1] is not Break.GAP:
        i -= 1
    first = max(earliest, body.starts[i])
    heads = [head.start() for head in HEAD.finditer(body.text, first, decided_at)]
    if heads and ELIGIBLE.search(body.text, heads[-1], decided_at):
        return max(heads[-1] - 1, earliest)
    return decided_at


def count_sentences(body: Body, start: int, end: int, position: int) -> int:
    """Sentences that end inside what would be the request, whose own number's dot ends none."""
    start = without_number(body, start, end, position)
    return sum(1 for _ in SENTENCE.finditer(body.text, start, end))


def opens_with_request(body: Body, start: int, end: int, position: int) -> bool:
    """Is there nothing but the request between the chapter's opening words and the decision?"""
    return (
        position == 1
        and end - start < LONGEST_REQUEST
        and count_sentences(body, start, original_request_end(body, start, end), position) == 0
    )


def weigh(body: Body, i: int, position: int) -> int:
    """How likely line i opens a request, judged by it and the line before it."""
    line, before = body.lines[i], body.lines[i - 1]
    weight = {
        Break.GAP: 4,
        Break.INDENT: 2,
        Break.FORCED: 3,
        Break.PAGE: 0,
        Break.WRAP: -2,
    }[body.breaks[i - 1]]
    weight += 2 if STOP.search(before.text) else -8 if GOES_ON.search(before.text) else -3
    first = line.text[0]
    weight += 1 if first.isupper() or first.isdigit() or first in '([“"' else -3
    number = NUMBER.match(line.text)
    if number and int(number[1]) == position:
        weight += 4
    if is_bold(line.words[0].font) and not is_bold(before.words[-1].font):
        weight += 4
    last_words = " ".join(word.text for word in before.words[-8:])
    if CONCLUSION.search(last_words):
        weight += 2
    return weight


def is_bold(font: str) -> bool:
    return bool(re.search(r"bold|black|heavy|semibold", font, re.IGNORECASE))


def without_number(body: Body, start: int, end: int, position: int) -> int:
    """The request's start after its own number ("1. Norco …"), if it carries one."""
    number = NUMBER.match(body.text, start, end)
    if number and int(number[1]) == position and number.end() < end:
        return number.end()
    return start
