"""Where an annotation stands in a text, and where it stands once the text has changed.

Offsets count Unicode code points, as Python does. An anchor carries its words and what stands
around them besides, since offsets alone point at other words after the first correction. Pure:
text in, dataclasses out.

An anchor moves by itself only where there is no doubt. Its exact words must stand in the new
text, and what stands around them must single the place out, among all places of these words now
and all places they had before, so that the twin of a deleted sentence does not inherit its notes.
Anything less is a proposal, which a person accepts or doesn't.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 32  # code points kept on either side, as W3C prefix and suffix
COMPARED_CONTEXT = 2000  # code points compared on either side while both texts are known
EDGE_BONUS = 16  # standing at the very beginning or end counts as so many equal code points
MARGIN = 8  # by which the best place must beat the second
LEAST_MATCH = 28  # words and context together must amount to this many code points …
LEAST_CONTEXT = 8  # … of which so many are context
MAX_PLACES = 120  # of one quote that are compared
LEAST_LIKENESS = 0.6  # the least likeness worth proposing
WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """W3C TextPositionSelector (start, end) and TextQuoteSelector (the rest) in one."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an anchor stands now; or, if that is not certain, where it may. Or neither."""

    anchor: Anchor | None = None
    proposal: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under the same annotations; `ids` in the order they were given, `ends`
    those of them that end where it ends."""

    text: str
    ids: tuple[int, ...]
    ends: tuple[int, ...] = ()


def anchor_for(text: str, start: int, end: int) -> Anchor:
    """Raises ValueError when no words of the text stand there."""
    if not 0 <= start < end <= len(text):
        raise ValueError("These words are not in the text.")
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(start, end, text[start:end], prefix, suffix)


def find_quote(text: str, quote: str) -> list[int]:
    """Every place at which the quote begins, overlapping ones too."""
    places, at = [], text.find(quote) if quote else -1
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def reanchor(anchor: Anchor, old: str | None, new: str) -> Placement:
    """The anchor in the new text. `old` is the text its offsets count in, None if that is lost
    (as for an anchor that was unplaced before): then its whole prefix and suffix must stand
    there as well, once."""
    if old is not None and old[anchor.start : anchor.end] == anchor.quote:
        place = anchor.start if old == new else place_by_both_texts(anchor, old, new)
    else:
        place = place_by_own_context(anchor, new)
    if place is not None:
        return Placement(anchor_for(new, place, place + len(anchor.quote)))
    return Placement(proposal=most_similar(anchor, new))


def place_by_both_texts(anchor: Anchor, old: str, new: str) -> int | None:
    """The place that these words have in the best order-keeping match of all places of the quote
    in both texts, if the best match without it is clearly worse."""
    length = len(anchor.quote)
    places = nearest(find_quote(new, anchor.quote), anchor.start * len(new) // max(1, len(old)))
    before = nearest(find_quote(old, anchor.quote), anchor.start)
    if not places:
        return None
    scores = [[shared_context(old, at, new, place, length) for place in places] for at in before]
    here = before.index(anchor.start)
    head = best_matches(scores[:here], len(places))
    tail = best_matches([row[::-1] for row in scores[:here:-1]], len(places))[::-1]
    without = max(a + b for a, b in zip(head, tail, strict=True))
    totals = [head[j] + score + tail[j + 1] for j, score in enumerate(scores[here])]
    best = max(range(len(places)), key=totals.__getitem__)
    second = max([without, *totals[:best], *totals[best + 1 :]])
    if (
        scores[here][best] < max(LEAST_CONTEXT, LEAST_MATCH - length)
        or totals[best] - second < MARGIN
    ):
        return None
    return places[best]


def nearest(places: list[int], at: int) -> list[int]:
    """Of very many places those around `at`, so that a single letter costs no more than a word."""
    if len(places) <= MAX_PLACES:
        return places
    middle = bisect.bisect_left(places, at)
    first = min(max(0, middle - MAX_PLACES // 2), len(places) - MAX_PLACES)
    return places[first : first + MAX_PLACES]


def best_matches(scores: list[list[int]], count: int) -> list[int]:
    """The best total of an order-keeping match of these rows with the first 0, 1, … columns."""
    best = [0] * (count + 1)
    for row in scores:
        above, best = best, [0]
        for j, score in enumerate(row):
            best.append(max(above[j + 1], best[j], above[j] + score))
    return best


def place_by_own_context(anchor: Anchor, new: str) -> int | None:
    whole = anchor.prefix + anchor.quote + anchor.suffix
    places = find_quote(new, whole)
    if len(anchor.prefix) < CONTEXT:  # the text began there
        places = [at for at in places if at == 0]
    if len(anchor.suffix) < CONTEXT:
        places = [at for at in places if at + len(whole) == len(new)]
    return places[0] + len(anchor.prefix) if len(places) == 1 else None


def shared_context(old: str, at: int, new: str, place: int, length: int) -> int:
    """How many code points around the words are the same, counted outwards from them."""
    before, most = 0, min(at, place, COMPARED_CONTEXT)
    while before < most and old[at - before - 1] == new[place - before - 1]:
        before += 1
    old_end, new_end = at + length, place + length
    after, most = 0, min(len(old) - old_end, len(new) - new_end, COMPARED_CONTEXT)
    while after < most and old[old_end + after] == new[new_end + after]:
        after += 1
    score = before + after
    if before == at == place:
        score += EDGE_BONUS
    if after == len(old) - old_end == len(new) - new_end:
        score += EDGE_BONUS
    return score


def most_similar(anchor: Anchor, text: str) -> Anchor | None:
    """The stretch of whole words most like the quote and its surroundings, if any is like it."""
    words = list(WORD.finditer(text))
    wanted = anchor.quote.split()
    size = min(len(wanted), len(words))
    if not size:
        return None
    spans = [
        (words[i].start(), words[i + size - 1].end())
        for i in best_windows([word[0] for word in words], wanted, size)
    ]
    score, (start, end) = max((similarity(anchor, text, *span), span) for span in spans)
    return anchor_for(text, start, end) if score >= LEAST_LIKENESS else None


def best_windows(words: Sequence[str], wanted: Sequence[str], size: int) -> list[int]:
    """Where the few windows begin that share most words with the wanted ones."""
    needed = Counter(wanted)
    shared = 0
    held: Counter[str] = Counter()
    overlaps: list[tuple[int, int]] = []
    for i, word in enumerate(words):
        held[word] += 1
        shared += held[word] <= needed[word]
        if i >= size:
            gone = words[i - size]
            shared -= held[gone] <= needed[gone]
            held[gone] -= 1
        if i >= size - 1:
            overlaps.append((-shared, i - size + 1))
    return [at for _, at in sorted(overlaps)[:8]]


def similarity(anchor: Anchor, text: str, start: int, end: int) -> float:
    near = anchor_for(text, start, end)
    of_words = ratio(anchor.quote[:2000], near.quote[:2000])
    around = ratio(anchor.prefix, near.prefix) + ratio(anchor.suffix, near.suffix)
    return 0.7 * of_words + 0.15 * around


def ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def split_segments(text: str, ranges: Iterable[tuple[int, int, int]]) -> list[Segment]:
    """The text cut wherever an annotation (id, start, end) begins or ends."""
    ranges = [(id_, max(0, start), min(end, len(text))) for id_, start, end in ranges]
    cuts = {0, len(text)} | {edge for _, start, end in ranges for edge in (start, end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    return [
        Segment(
            text[a:b],
            tuple(id_ for id_, start, end in ranges if start <= a and b <= end),
            tuple(id_ for id_, start, end in ranges if start <= a and b == end),
        )
        for a, b in itertools.pairwise(edges)
        if a < b
    ]


def assign_lanes(ranges: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """A lane for each annotation (id, start, end), so that no two in one lane overlap."""
    free_from: list[int] = []
    found = {}
    for id_, start, end in sorted(ranges, key=lambda one: (one[1], -one[2])):
        lane = next((i for i, edge in enumerate(free_from) if edge <= start), len(free_from))
        free_from[lane : lane + 1] = [end]
        found[id_] = lane
    return found
