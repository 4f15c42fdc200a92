"""Who the reviewer is: board certifications and states of licensure.

Two places: the sentence "… is Board Certified in X and is licensed to practice in Y.", and the
lines `State(s) of Licensure: Y` / `Certification(s)/Specialty: X`.
"""

from __future__ import annotations

import re

from .model import Field
from .text import Body, Break
from .wording import loose

SENTENCE = re.compile(
    loose(
        r"(?:Board[- ]?Certified in|(?:is|are|was) (?:a |an )?(?:licensed|certified) in)"
        r" (?P<what>[^.]*?),? (?:and )?(?:(?:he/she|who) )?(?:(?:is|holds) )?(?:also )?"
        r"(?:licensed to practice|an? (?:active )?licen[sc]e to practice)"
    )
    + r"(?:\s*medicine)?\s*in\s*(?:the\s+state(?:s)?\s+of\s+)?(?P<where>[^.]*)",
    re.IGNORECASE,
)
CERTIFIED = re.compile(loose(r"Board[- ]?Certified in") + r"\s*(?P<what>[^.]+)", re.IGNORECASE)
LICENSED = re.compile(
    loose(r"licensed to practice") + r"(?:\s*medicine)?\s*in\s*(?P<where>[^.]*)", re.IGNORECASE
)
STATE_LINE = re.compile(loose(r"^[^\S\n]*State ?\(? ?s? ?\)? of Licensure :"), re.M | re.I)
SPECIALTY_LINE = re.compile(
    loose(r"^[^\S\n]*Certification ?\(? ?s? ?\)? ?/ ?Specialt(?:y|ies) :"), re.M | re.I
)
SUBSPECIALTY = re.compile(
    r",?\s*(?:and\s+)?(?:has|with|holds)\s+an?\s+sub-?specialty\s+(?:certification\s+)?in\s+", re.I
)
CERTIFIED_TOO = re.compile(
    r"\b(?:(?:he/she|who)\s+)?(?:is|holds)\s+(?:also\s+)?(?:board[- ]?)?"
    r"certifi(?:ed|cation)\s+in\s+",
    re.I,
)
LISTS_ON = re.compile(r"(?:[,&/;]|\b(?:and|of|or))\s*$", re.IGNORECASE)
FEW_WORDS = 3
# Board names that contain "and": the list of specialties is not parted there.
WITH_AND = (
    "physical medicine",
    "obstetrics",
    "psychiatry",
    "allergy",
    "plastic",
    "public health",
    "neurological",
    "foot",
    "hospice",
    "pulmonary",
    "endocrinology, diabetes",
    "oral",
    "reconstructive",
    "spine",
    "ear, nose",
    "head",
    "orthopedic foot",
    "child",
)


def read_reviewer(body: Body, start: int, end: int) -> dict[str, Field]:
    """`specialties` and `licensed_states`, as far as the text between the offsets gives them."""
    text = body.text[start:end]
    fields: dict[str, Field] = {}
    sentence = SENTENCE.search(text)
    what = sentence or CERTIFIED.search(text)
    where = sentence or LICENSED.search(text)
    if what:
        add(fields, "specialties", body, start + what.start("what"), start + what.end("what"))
    if where:
        add(
            fields,
            "licensed_states",
            body,
            start + where.start("where"),
            start + where.end("where"),
        )
    return fields


def read_licensure_lines(body: Body, start: int, end: int) -> tuple[dict[str, Field], int]:
    """The two lines at the head of a summary, and where the summary itself begins."""
    fields: dict[str, Field] = {}
    begin = start
    while True:
        at = begin + len(body.text[begin:end]) - len(body.text[begin:end].lstrip())
        for name, form in (("licensed_states", STATE_LINE), ("specialties", SPECIALTY_LINE)):
            label = form.match(body.text, at, end)
            if label and name not in fields:
                stop = end_of_entry(body, label.end(), end)
                add(fields, name, body, label.end(), stop)
                fields.setdefault(name, Field(()))
                begin = stop
                break
        else:
            return fields, begin


def end_of_entry(body: Body, start: int, end: int) -> int:
    """A label's value goes on to the next line only where its own line was full, or where
    nothing but a few words of a list stand there."""
    i = body.line_at(start)
    while i < len(body.breaks) and body.breaks[i] is not Break.GAP:
        upcoming = body.starts[i + 1]
        line = body.lines[i + 1].text
        if upcoming >= end or STATE_LINE.match(line) or SPECIALTY_LINE.match(line):
            break
        wrapped = body.breaks[i] in (Break.WRAP, Break.PAGE)
        listed = wrapped and LISTS_ON.search(body.lines[i].text)
        few = wrapped or len(body.lines[i + 1].words) <= FEW_WORDS
        if not listed and not (few and ends_entry(body, i + 1)):
            break
        i += 1
    return min(body.starts[i] + len(body.lines[i].text), end)


def ends_entry(body: Body, i: int) -> bool:
    """Is line i the short rest of a list, and not the first line of the prose below it?"""
    apart = i >= len(body.breaks) or body.breaks[i] not in (Break.WRAP, Break.PAGE)
    return apart and not re.search(r"[.;:?!]", body.lines[i].text)


def add(fields: dict[str, Field], name: str, body: Body, start: int, end: int) -> None:
    text = body.reflow(start, end).text.replace("\n\n", " ")
    split = split_specialties if name == "specialties" else split_states
    values = split(text)
    if values:
        fields[name] = Field(values, "found", body.spans(start, end))


def split_states(text: str) -> tuple[str, ...]:
    parts = (part.strip(" .") for part in re.split(r",|;|/|&|\band\b", text))
    return tuple(re.sub(r"(?i)^the\s+", "", part) for part in parts if part)


def split_specialties(text: str) -> tuple[str, ...]:
    text = CERTIFIED_TOO.sub("", SUBSPECIALTY.sub("; ", text))
    parts = [part for chunk in re.split(r";|,", text) for part in split_and(chunk)]
    return tuple(part.strip(" .,") for part in parts if part.strip(" .,"))


def split_and(chunk: str) -> list[str]:
    """Parts at "and" or a slash, but not inside a board's name ("Physical Medicine and
    Rehabilitation")."""
    first, *rest = re.split(r"(\s+and\s+|\s*/\s*)", re.sub(r"^\s*and\s+", "", chunk))
    parts = [first]
    for joint, piece in zip(rest[::2], rest[1::2], strict=True):
        if parts[-1].strip().lower() in WITH_AND:
            parts[-1] += joint + piece
        else:
            parts.append(piece)
    return parts
