"""Who the reviewer is: board certifications and states of licensure.

Two forms: the sentence "… is Board Certified in X and is licensed to practice in Y.", and the
lines `State(s) of Licensure: Y` / `Certification(s)/Specialty: X`, which stand under "The Expert
Reviewer has the following credentials:" or at the head of the summary.
"""

from __future__ import annotations

import re

from cases.letters.citations.wording import loose_pattern
from cases.letters.model import Field
from cases.letters.reading.text import Body, Break

SENTENCE = re.compile(
    loose_pattern(
        r"(?:Board[- ]?Certified in|(?:is|are|was) (?:a |an )?(?:licensed|certified) in)"
        r" (?P<what>(?:(?!certified)[^.]){0,300}?),? (?:and )?(?:(?:he/she|who) )?"
        r"(?:(?:is|holds) )?(?:also )?"
        r"(?:licensed to practice|an? (?:active )?licen[sc]e to practice)"
    )
    + r"(?:\s*medicine)?\s*in\s*(?:the\s+state(?:s)?\s+of\s+)?(?P<where>[^.]{0,400})",
    re.IGNORECASE,
)
CERTIFIED = re.compile(
    loose_pattern(r"Board[- ]?Certified in") + r"\s*(?P<what>[^.]{1,400})", re.IGNORECASE
)
LICENSED = re.compile(
    loose_pattern(r"licensed to practice") + r"(?:\s*medicine)?\s*in\s*(?P<where>[^.]{0,400})",
    re.IGNORECASE,
)
STATE_LINE = re.compile(loose_pattern(r"^[^\S\n]*State ?\(? ?s? ?\)? of Licensure :"), re.M | re.I)
SPECIALTY_LINE = re.compile(
    loose_pattern(r"^[^\S\n]*Certification ?\(? ?s? ?\)? ?/ ?Specialt(?:y|ies) :"), re.M | re.I
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
# Names of boards that hold an "and" or a comma: a list of specialties is not parted inside them.
WHOLE_NAME = re.compile(
    r"\b(?:"
    + "|".join(
        name.replace("AND", r"\s*(?:,?\s*\band\b|&|/)\s*").replace(" ", r"\s+")
        for name in (
            "physical medicineANDrehab",
            "obstetricsANDgyn",
            "psychiatryANDneurology",
            r"allergy(?:,\s*asthma)?ANDimmunology",
            "plasticANDreconstructive",
            "public healthANDgeneral",
            "hospiceANDpalliative",
            "footANDankle",
            "ankleANDfoot",
            r"pulmonary(?: disease| medicine)?ANDcritical",
            "oralANDmaxillofacial",
            "headANDneck",
            "childANDadolescent",
            "underseaANDhyperbaric",
            r"endocrinology,\s*diabetesANDmetab",
            r"ear,\s*nose(?:,|AND)\s*throat",
            r"(?:neurological|spine|spinal|hand|wrist|trauma|vascular)AND(?!\w+ medicine)\w+",
            "occupationalANDenvironmental",
            "reconstructiveAND\\w+",
            r"neuromusculoskeletal medicineAND",
        )
    )
    + ")",
    re.IGNORECASE,
)
PARTING = re.compile(r"\s*(?:;|,|/|\band\b)\s*(?:and\b\s*)?", re.IGNORECASE)


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


LABELS = (("licensed_states", STATE_LINE), ("specialties", SPECIALTY_LINE))


def read_credentials(body: Body, start: int, end: int) -> dict[str, Field]:
    """What the two labelled lines say, wherever they stand between the offsets. A list that wraps
    goes on to the next label or paragraph."""
    fields: dict[str, Field] = {}
    for name, form in LABELS:
        label = form.search(body.text, start, end)
        if label:
            ends = [
                other.start()
                for _, one in LABELS
                if (other := one.search(body.text, label.end(), end))
            ]
            paragraph = body.text.find("\n\n", label.end(), min(ends, default=end))
            stop = paragraph if paragraph >= 0 else min(ends, default=end)
            add(fields, name, body, label.end(), stop)
    return fields


def read_licensure_lines(body: Body, start: int, end: int) -> tuple[dict[str, Field], int]:
    """The two lines at the head of a summary, and where the summary itself begins."""
    fields: dict[str, Field] = {}
    begin = start
    while True:
        at = begin + len(body.text[begin:end]) - len(body.text[begin:end].lstrip())
        for name, form in LABELS:
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
    whole = [match.span() for match in WHOLE_NAME.finditer(text)]
    parts, start = [], 0
    for joint in PARTING.finditer(text):
        if any(first < joint.start() and joint.end() <= last for first, last in whole):
            continue
        parts.append(text[start : joint.start()])
        start = joint.end()
    parts.append(text[start:])
    return tuple(part.strip(" .,") for part in parts if part.strip(" .,"))
