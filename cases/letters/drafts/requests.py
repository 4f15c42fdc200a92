"""The treatment requests of a draft, by the forms in which drafts write them.

Lines of a request form, labels and lists, and sentences each give candidates. Where the draft
speaks of one request in several places, it is found once, with all of them as its mentions. A
text of none of these forms is a plain list, one request to a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from cases.letters.drafts import wording
from cases.letters.drafts.flow import flow, sentences
from cases.letters.drafts.form_rows import find_form_rows
from cases.letters.drafts.model import FoundRequest, Outcome
from cases.letters.requests.coding import Coding, code_request
from cases.letters.requests.request_words import MINOR_WEIGHT, request_words, word_importance

LONGEST = 500  # characters of a request
LONGEST_LINE = 250  # of a plain list
MOST = 40  # requests of a draft
STRENGTH = re.compile(r"\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?(?=\s*(?:mg|mcg|ml|%))", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?")
Joint = re.Pattern[str] | None
AND = re.compile(r"\s*;\s*(?:and\s+)?|\s+and\s+")
SERIES = re.compile(r"\s*;\s*(?:and\s+)?|\s*,\s*(?:and\s+)?(?!\d{3}\b)|\s+and\s+")
FIRST_ITEM = re.compile(r"\s*\(?1[.)]\s")
PERSONAL = re.compile(
    r"\s*(?:name|patient|employee|claimant|dob|date|doi|claim|employer|adjuster|physician|phone|fax"
    r"|address|re|to|from|attn|diagnos[ie]s|icd|dear|subject|sincerely)\b[^:]{0,30}:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request as one place of the draft gives it. Those of one `block` are told apart there, so
    that none of them is another's repetition."""

    text: str
    start: int
    end: int
    outcome: Outcome = ""
    block: int = -1


def find_requests(text: str) -> list[FoundRequest]:
    """In the order of the draft, at most `MOST`."""
    form = [Candidate(row.text, row.start, row.end, said_in(row.decision), 0)
            for row in find_form_rows(text)]  # fmt: skip
    flowing = flow(text)
    found = [*form, *find_listed(flowing, form), *find_in_sentences(flowing)]
    found = [one for one in map(cleaned, found) if is_treatment(one)]
    if not found:
        found = [one for one in map(cleaned, plain_lines(flowing)) if is_treatment(one)]
    return [with_mentions(flowing, one) for one in merged(found)[:MOST]]


def with_mentions(text: str, one: FoundRequest) -> FoundRequest:
    """With the places where the draft gives the same words again."""
    said = r"\s+".join(map(re.escape, one.text.split()))
    again = (match.start() for match in re.finditer(said, text, re.IGNORECASE))
    return replace(one, mentions=tuple(sorted({*one.mentions, *again})))


def said_in(decision: str) -> Outcome:
    said = wording.TAIL.match(f": {decision}") if decision else None
    return wording.outcome_of(said) if said else ""


# -- labels and lists ------------------------------------------------------------------------------


def find_listed(text: str, form: Sequence[Candidate]) -> Iterator[Candidate]:
    """What labels announce, in the same line or below, and the items of lists with a lead-in."""
    taken = [(row.start, row.end) for row in form]
    block, open_block, marked, count = 0, False, False, 0
    outcome: Outcome = ""
    last: Candidate | None = None
    for start, line in lines_of(text):
        if any(first <= start < end for first, end in taken):
            open_block = False
            continue
        label, item = wording.LABEL.match(line), wording.LIST_ITEM.match(line)
        if decided := wording.DECISION_LINE.match(line):
            if last:
                last = replace(last, outcome=last.outcome or wording.outcome_of(decided))
            continue
        if last and (detail := wording.DETAIL.match(line)):
            last = replace(last, text=f"{last.text}, {detail['value'].strip()}")
            continue
        if last:
            yield last
            last = None
        if label:
            block, outcome = block + 1, said_in(label["said"] or "")
            open_block = not outcome and not line[label.end() :].strip()
            count = 0
            plural = wording.PLURAL.search(label["label"]) is not None
            behind = line[label.end() :]
            parts = list(items_of(behind, start + label.end(), block, SERIES if plural else AND))
            parts = [replace(one, outcome=one.outcome or outcome) for one in parts]
            yield from parts[:-1]
            last = parts[-1] if parts else None
        elif line.rstrip().endswith(":") and is_lead_in(line):
            block, open_block, count = block + 1, True, 0
            said = wording.VERDICT.search(line)
            outcome = wording.outcome_of(said) if said else ""
        elif open_block and goes_on(line, item, marked=marked, count=count):
            marked, count = bool(item), count + 1
            begin = item.end() if item else 0
            parts = list(items_of(line[begin:], start + begin, block, None))
            parts = [replace(one, outcome=one.outcome or outcome) for one in parts]
            yield from parts[:-1]
            last = parts[-1] if parts else None
        elif item and (tail := decided_item(line, item.end())):
            yield Candidate(line[item.end() : tail.start()], start + item.end(),
                            start + tail.start(), wording.outcome_of(tail), block)  # fmt: skip
        elif line.strip():
            open_block = False
    if last:
        yield last


def goes_on(line: str, item: re.Match[str] | None, *, marked: bool, count: int) -> bool:
    """Whether a line is one more entry of a list: marked as those before, not number 1 again."""
    if not line.strip() or "\t" in line or (wording.ANY_LABEL.match(line) and not item):
        return False
    return not count or (bool(item) == marked and not FIRST_ITEM.match(line))


def decided_item(line: str, start: int) -> re.Match[str] | None:
    """The decision behind an item of a list that nothing announced, if it asks for a treatment."""
    if tail := wording.TAIL.search(line, start):
        return tail
    said = wording.VERDICT.search(line, start)
    named = said is not None and code_request(line[start : said.start()]).category != "other"
    return said if named else None


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def is_lead_in(line: str) -> bool:
    return bool(wording.LEAD_IN.search(line)) and not wording.NO_LEAD_IN.search(line)


def items_of(value: str, start: int, block: int, joint: Joint) -> Iterator[Candidate]:
    """The requests of one line: numbered ones, those parted by semicolons, or one alone. Of a line
    that goes on with reasons, what stands before its decision or its first stop."""
    edges = [match.span() for match in wording.INLINE_ITEM.finditer(value)]
    spans = [(0, len(value))]
    if len(edges) > 1 or (edges and not value[: edges[0][0]].strip()):
        ends = [edge[0] for edge in edges[1:]] + [len(value)]
        spans = [(edge[1], end) for edge, end in zip(edges, ends, strict=True)]
    for first, end in spans:
        part = value[first:end]
        outcome: Outcome = ""
        if said := (wording.TAIL.search(part) or wording.VERDICT.search(part)):
            outcome, part = wording.outcome_of(said), part[: said.start()]
        elif len(ends_of := sentences(part)) > 1:
            part = part[: ends_of[0][1]]
        for text, at in series(part, joint):
            yield Candidate(
                text, start + first + at, start + first + at + len(text), outcome, block
            )


# -- sentences -------------------------------------------------------------------------------------


def find_in_sentences(text: str) -> Iterator[Candidate]:
    for start, end in sentences(text):
        sentence = text[start:end]
        for lead, first, last, outcome in stretches(sentence):
            if wording.EARLIER.search(sentence[:lead]):
                continue
            several = wording.PLURAL.search(sentence[lead:first]) or wording.ARE.match(
                sentence, last
            )
            for part, at in series(sentence[first:last], SERIES if several else AND):
                begin = start + first + at
                yield Candidate(part, begin, begin + len(part), outcome)


def stretches(sentence: str) -> Iterator[tuple[int, int, int, Outcome]]:
    """Where a lead-in begins, where the request behind it begins and ends, and its outcome."""
    verdict = wording.VERDICT.search(sentence)
    for form in (wording.REQUEST_FOR, wording.THE_REQUESTED):
        leads = list(form.finditer(sentence))
        for lead, following in zip_longest(leads, leads[1:]):
            end = following.start() if following else len(sentence)
            said = wording.VERDICT.search(sentence, lead.end(), end)
            if said:
                yield lead.start(), lead.end(), said.start(), wording.outcome_of(said)
            elif form is wording.REQUEST_FOR and not (verdict and verdict.start() < lead.start()):
                yield lead.start(), lead.end(), end, ""
    for lead in wording.REFUSING.finditer(sentence):
        yield lead.start(), lead.end(), len(sentence), wording.outcome_of(lead)
    for lead in wording.ASKED_BY.finditer(sentence):
        yield lead.start(), lead.end(), len(sentence), ""


def series(text: str, joint: Joint) -> Iterator[tuple[str, int]]:
    """The requests that numbers or a joint part: SERIES, where several are told of and each names
    a treatment of its own kind or for its own part of the body; AND, where one is told of and the
    categories differ. Else the text alone. With the offset of each."""
    spans = [match.span() for match in wording.INLINE_ITEM.finditer(text)]
    if len(spans) < 2:
        compound = text.count("%") > 1
        spans = [match.span() for match in joint.finditer(text)] if joint and not compound else []
    parts: list[tuple[int, int]] = []
    begin = 0
    for start, end in [*spans, (len(text), len(text))]:
        part = text[begin:start]
        if parts and not names_treatment(part):  # it says more of the one before
            parts[-1] = (parts[-1][0], start)
        elif part.strip():
            parts.append((begin, start))
        begin = end
    if len(parts) > 1 and are_apart([text[slice(*one)] for one in parts], joint):
        yield from ((text[slice(*one)], one[0]) for one in parts)
    else:
        yield text, 0


def names_treatment(part: str) -> bool:
    return code_request(part).category != "other" and bool(said_words(part))


def are_apart(parts: Sequence[str], joint: Joint) -> bool:
    codings = [code_request(part) for part in parts]
    kinds = {
        (coding.category,) if joint is AND else kind_of(part, coding)
        for part, coding in zip(parts, codings, strict=True)
    }
    return len(kinds) == len(parts) and all(one.category != "other" for one in codings)


def kind_of(part: str, coding: Coding) -> tuple[str, ...]:
    if coding.category == "pharmaceuticals":
        return ("drug", *request_words(part))
    return (coding.category, coding.subcategory, *coding.body_parts)


def plain_lines(text: str) -> Iterator[Candidate]:
    """Lines that name a treatment; where no rule knows one, all of a text of one line or of a list
    most of which is known."""
    lines = [(start, line) for start, line in lines_of(text) if line.strip()]
    known = [is_known(line) for _, line in lines]
    is_list = len(lines) == 1 or 2 * sum(known) > len(lines)
    for (start, line), sure in zip(lines, known, strict=True):
        if not is_plain(line) or not (sure or is_list):
            continue
        item = wording.LIST_ITEM.match(line)
        begin = item.end() if item else 0
        tail = wording.TAIL.search(line, begin) or wording.VERDICT.search(line, begin)
        end = tail.start() if tail else len(line)
        outcome: Outcome = wording.outcome_of(tail) if tail else ""
        for part, at in series(line[begin:end], None):
            first = start + begin + at
            yield Candidate(part, first, first + len(part), outcome, 1)


def is_known(line: str) -> bool:
    return is_plain(line) and code_request(line).category != "other"


def is_plain(line: str) -> bool:
    return (
        len(line) <= LONGEST_LINE
        and not PERSONAL.match(line)
        and not wording.REQUEST_FOR.search(line)
        and len(sentences(line)) == 1
    )


# -- what is a request, and which are one ----------------------------------------------------------


def cleaned(one: Candidate) -> Candidate:
    """Without what leads to the request, and who sent it."""
    text = wording.SENDER.sub("", one.text)
    lead = wording.LEADING.match(text)
    shift = lead.end() if lead else 0
    kept = text[shift:].rstrip(" \t\n.,;:–—-(")
    if kept.count("(") > kept.count(")"):
        kept = f"{kept})" if ")" in one.text[shift + len(kept) :][:1] else kept
    kept = kept.strip("“”\"'")
    if one.block == 0:  # a form's row is put together from its cells
        return replace(one, text=" ".join(kept.split())[:LONGEST])
    start = one.start + shift
    return replace(one, text=" ".join(kept.split())[:LONGEST], start=start, end=start + len(kept))


def is_treatment(one: Candidate) -> bool:
    if len(one.text) < 3 or not re.search(r"[A-Za-z]{2}", one.text):
        return False
    if wording.NO_TREATMENT.fullmatch(one.text) or not request_words(one.text):
        return False
    if one.block > 0 and not wording.ANY_LABEL.match(one.text):
        return len(one.text.split()) <= 60
    return one.block == 0 or code_request(one.text).category != "other"


def merged(found: Iterable[Candidate]) -> list[FoundRequest]:
    """Repetitions of a request joined to where it is given best: in a form, a list, a sentence."""
    groups: list[list[Candidate]] = []
    for one in found:
        group = next((group for group in groups if is_repeated(one, group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    requests = [request_of(group) for group in groups]
    return sorted(requests, key=lambda one: (one.start, one.end))


def is_repeated(one: Candidate, group: Sequence[Candidate]) -> bool:
    return any(is_same(one, other) for other in group) and not any(
        other.block == one.block != -1 and not overlaps(one, other) and other.text != one.text
        for other in group
    )


def overlaps(one: Candidate, other: Candidate) -> bool:
    return one.start < other.end and other.start < one.end


def is_same(one: Candidate, other: Candidate) -> bool:
    if overlaps(one, other):
        return True
    words, others = said_words(one.text), said_words(other.text)
    if not words or not others or not (words <= others or others <= words):
        return False
    if any(differ(form, one.text, other.text) for form in (STRENGTH, NUMBER)):
        return False
    first, second = code_request(one.text), code_request(other.text)
    return first.category == second.category and first.subcategory == second.subcategory


def said_words(text: str) -> frozenset[str]:
    return frozenset(one for one in request_words(text) if word_importance(one) > MINOR_WEIGHT)


def differ(form: re.Pattern[str], one: str, other: str) -> bool:
    """Whether both give strengths (or numbers), and none in common."""
    first, second = set(form.findall(one)), set(form.findall(other))
    return bool(first) and bool(second) and not first & second


def request_of(group: Sequence[Candidate]) -> FoundRequest:
    best = max(group, key=lambda one: (one.block >= 0, len(said_words(one.text)), -one.start))
    outcomes = [one.outcome for one in group if one.outcome]
    mentions = tuple(sorted({one.start for one in group}))
    return FoundRequest(best.text, best.start, best.end, outcomes[-1] if outcomes else "", mentions)
