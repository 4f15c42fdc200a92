"""The second author's letters: truth and words made together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from ..letters import CONTRADICTED, Issue, Letter, make_case_number, make_dates
from ..wording import Worded
from . import prose
from .cited import Cited, side
from .eras import WRITERS
from .requests import ask

YEARS = {"final-2015": 2015, "final-2016": 2016}
BOARDS = [
    ("Physical Medicine & Rehabilitation", "Pain Management"),
    ("Physical Medicine and Rehabilitation",),
    ("Family Practice", "Occupational Medicine"),
    ("Orthopedic Surgery",),
    ("Internal Medicine", "Rheumatology"),
    ("Anesthesiology", "Pain Medicine"),
    ("Emergency Medicine",),
    ("Psychiatry and Neurology", "Addiction Medicine"),
    ("Physical Medicine & Rehabilitation", "Pain Medicine", "Sports Medicine"),
    ("Chiropractic",),
]
PLACES = [
    "California",
    "New York",
    "Texas",
    "District of Columbia",
    "Ohio",
    "New Hampshire",
    "Utah",
]


Made = tuple[Issue, tuple[Cited, ...], tuple[Cited, ...]]


def make_issue(rng: Random, format_name: str, taken: Sequence[str], noise: int) -> Made:
    year = YEARS.get(format_name, 2014)
    request, category = ask(rng)
    while request in taken:
        request, category = ask(rng)
    decision = rng.choice(["upheld", "upheld", "overturned"])
    reasons = prose.rationale(
        rng, request, decision, traps=(0, 0.05, 0.15)[noise], most=(1, 2, 4)[noise]
    )
    claims = () if format_name.startswith("professional") else side(rng, year, 0.25)
    maximus = side(rng, year, 0.06)
    issue = Issue(
        request,
        decision,
        category,
        reasons,
        tuple(one.truth for one in claims),
        tuple(one.truth for one in maximus),
    )
    return issue, claims, maximus


def word_letter(rng: Random, format_name: str, *, noise: int) -> Worded:
    dates = make_dates(rng, format_name)
    made = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4, 5, rng.randint(6, 12)])):
        made.append(make_issue(rng, format_name, [one.request for one, *_ in made], noise))
    if format_name == "professional-review-2013":
        made = made[: rng.choice([1, 1, 1, 2, 3])]
    # Now and then the letter contradicts itself, as a flag should tell.
    told = {name: dates[name] for name in ("date_of_injury", "ur_denial_date")}
    slip = rng.choice(["", "", "", "", "", "", "ur_denial_date", "date_of_injury"])
    if slip:
        told[slip] -= dt.timedelta(days=rng.choice([1, 10, 365]))
    summary, mentioned = prose.summary(
        rng, *told.values(), traps=(0, 0.05, 0.15)[noise], most=(1, 2, 4)[noise]
    )
    contradictions = {field: code for code, field in CONTRADICTED.items()}
    letter = Letter(
        format=format_name,
        case_number=make_case_number(rng, dates["application_received"]),
        priority=rng.choice(["Standard", "Standard", "Expedited"]),
        dates=dates,
        specialties=rng.choice(BOARDS),
        licensed_states=tuple(rng.sample(PLACES, rng.choice([1, 1, 2, 3]))),
        summary=summary,
        issues=tuple(issue for issue, *_ in made),
        contradictions=(contradictions[slip],) if slip in mentioned else (),
    )  # fmt: skip
    sides = [(claims, maximus) for _, claims, maximus in made]
    worded = Worded(letter)
    WRITERS[format_name](rng, worded, sides, noise)
    return worded
