"""Summaries and rationales: the dates, the openings and the endings that real letters have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from ..grammar import expand
from ..prose import HISTORY, REASONING, RULES, polished

DENIALS = (
    "On {@denial}, utilization review determined that the request be non-certified.",
    "The original Utilization Review (UR) ({@denial}) denied the request.",
    "In a utilization review report dated {@denial}, the claims administrator denied it.",
    "The UR dated {@denial} non-certified the request.",
    "The request was non-certified by utilization review on {@denial}.",
    "The prior determination dated {@denial} found no objective gains.",
    "On {@denial}, Utilization Review modified the request.",
)
OPENINGS = (
    "A {29..64}-year-old {man|woman}, a {@job}, has an occupational claim from {@injury}. It is put"
    " down to {@how}.",
    "The injured worker sustained an industrial injury on {@injury}, from {@how}.",
    "The injured worker is a {29..64} year old {@job} whose date of injury was {@injury}.",
    "The applicant filed a claim for {@part} pain with an industrial injury of {@injury}.",
)
BROKEN = (
    "The plan called for medical-legal and pre-/post-operative records.",
    "Range of motion was 40-45 degrees; grip was 10/12/14 kg.",
    "A well-known, non-steroidal, over-the-counter drug gave short-term, self-reported relief.",
    "The work-related, cervical/thoracic/lumbar complaints are rated 6-7/10.",
)
PRIOR_CASE = (
    "A prior determination, {@case}, concerned another request.",
    "In IMR Case Number {@case} a like request was decided.",
    "Case Number: {@case} was closed before the present request.",
)
NUMBERED = (
    "The treating report lists: 1. Therapy is medically necessary. 2. Imaging is not medically"
    " necessary and appropriate. 3. Follow-up in six weeks.",
    "1. The request for a brace was withdrawn. 2. The request for therapy: Upheld by an earlier"
    " reviewer.",
    "Diagnoses: 1) sprain; 2) strain: lumbar. The plan: 1) medication, 2) rest.",
)
TRAPS = (
    "An MRI without contrast is medically necessary where red flags are found.",
    "The administrator held that the request was not medically necessary as submitted.",
)
ENDINGS = {
    "upheld": (
        "Therefore, the request for {@it} is not medically necessary.",
        "As such, the request is not medically necessary.",
        "The request is not medically appropriate.",
        "Therefore, medical necessity of the request is not established.",
        "On this basis the request cannot be considered medically necessary.",
        "Based on the above, this request is not medically necessary.",
    ),
    "overturned": (
        "Therefore, the request for {@it} is medically necessary.",
        "As such, the request is medically necessary.",
        "Medical necessity has been established.",
        "MRI without contrast is medically necessary.",
    ),
}
TAPERING = (
    "Tapering should be planned individually; weaning guidelines, and if necessary, other"
    " relevant guidelines, tell when it is medically necessary to go slowly."
)


def written_date(day: dt.date, rng: Random) -> str:
    """In the forms of real summaries, by their share there."""
    short = f"{day.month}-{day.day}-{day:%y}" if rng.random() < 0.5 else f"{day:%m-%d-%y}"
    dashed = rng.choice((short, f"{day.month}-{day.day}-{day.year}", f"{day:%m-%d-%Y}"))
    slashed = rng.choice((f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}"))
    if rng.random() < 0.03:
        slashed = f"{day:%m/%d}/ {day.year}"
    return rng.choices((dashed, slashed, f"{day:%B} {day.day}, {day.year}"), (58, 24, 18))[0]


def some_date(rng: Random) -> str:
    return written_date(dt.date(2016, 1, 4) + dt.timedelta(days=rng.randint(0, 320)), rng)


def summary(
    rng: Random, injury: dt.date, denial: dt.date, *, extra: Sequence[str] = ()
) -> list[str]:
    """Mostly one paragraph. `extra` are banks of which a sentence each is mixed in."""
    rules = {
        **RULES,
        "date": some_date,
        "injury": lambda rng: written_date(injury, rng),
        "denial": lambda rng: written_date(denial, rng),
    }
    middle = rng.sample(HISTORY, rng.randint(3, 14)) + list(extra)
    middle += rng.sample(BROKEN, rng.randint(0, 2))
    rng.shuffle(middle)
    lines = [rng.choice(OPENINGS), *middle, rng.choice(DENIALS)]
    lines = [polished(expand(line, rng, rules)) for line in lines]
    cut = rng.randint(2, len(lines) - 1) if rng.random() < 0.12 else len(lines)
    return [" ".join(part) for part in (lines[:cut], lines[cut:]) if part]


def rationale(rng: Random, request: str, decision: str, *, opioid: bool) -> list[str]:
    rules = {**RULES, "date": some_date, "it": lambda rng: request}
    body = rng.sample(REASONING + HISTORY[:10], rng.randint(2, 11))
    if rng.random() < 0.1:
        body.insert(rng.randint(0, len(body)), rng.choice(TRAPS))
    lines = [*body, rng.choice(ENDINGS[decision])]
    if opioid and decision == "upheld" and rng.random() < 0.5:
        lines.append(TAPERING)
    lines = [polished(expand(line, rng, rules)) for line in lines]
    cut = rng.randint(1, len(lines) - 1) if rng.random() < 0.1 else len(lines)
    return [" ".join(part) for part in (lines[:cut], lines[cut:]) if part]
