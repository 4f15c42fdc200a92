"""The truth of one made-up letter, before it is worded and set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from .guidelines import Citation, cite
from .prose import clinical_summary, rationale, without_holes
from .treatments import ask

FORMATS = ("final-2015", "final-2016", "final-2014", "notice-2013", "professional-review-2013")
UNKNOWN = "unknown"  # see `foreign`
DATES = (
    "date_assigned",
    "date_of_injury",
    "decision_date",
    "ur_denial_date",
    "application_received",
)
ERAS = {"final-2015": 2015, "final-2016": 2016}

CONTRADICTED = {"ur-date-disagrees": "ur_denial_date", "injury-date-disagrees": "date_of_injury"}

SPECIALTIES = [
    "Occupational Medicine",
    "Orthopedic Surgery",
    "Physical Medicine and Rehabilitation",
    "Physical Medicine & Rehabilitation",
    "Anesthesiology",
    "Pain Management",
    "Family Practice",
    "Internal Medicine",
    "Psychiatry",
    "Neurological Surgery",
    "Emergency Medicine",
    "Preventive Medicine",
    "Chiropractic",
    "Acupuncture",
    "Plastic Surgery",
]
STATES = [
    "California",
    "Texas",
    "New York",
    "Florida",
    "Illinois",
    "North Carolina",
    "Washington",
    "New Jersey",
    "Pennsylvania",
    "West Virginia",
    "Arizona",
]

Part = tuple[str | int, ...]  # ("summary", 0), ("rationale", issue, paragraph)


@dataclass(frozen=True)
class Issue:
    request: str
    decision: str
    category: str | None
    rationale: tuple[str, ...]
    claims: tuple[Citation, ...]
    maximus: tuple[Citation, ...]


@dataclass(frozen=True)
class Letter:
    format: str
    case_number: str
    priority: str | None
    dates: dict[str, dt.date | None]
    specialties: tuple[str, ...]
    licensed_states: tuple[str, ...]
    summary: tuple[str, ...]
    issues: tuple[Issue, ...]
    contradictions: tuple[str, ...] = ()  # codes of the flags that its own words call for

    def record(
        self, first_page: int, last_page: int, run_on: Collection[Part] = frozenset()
    ) -> dict:
        """The letter in CONTRACT's form. `run_on` names paragraphs whose start no reader sees."""
        return {
            "format": self.format,
            "first_page": first_page,
            "last_page": last_page,
            "case_number": self.case_number,
            "priority": self.priority,
            **{name: day and day.isoformat() for name, day in self.dates.items()},
            "reviewer": {
                "specialties": list(self.specialties),
                "licensed_states": list(self.licensed_states),
            },
            "clinical_summary": joined(self.summary, ("summary",), run_on),
            "contradictions": list(self.contradictions),
            "issues": [
                {
                    "position": position,
                    "treatment_request": issue.request,
                    "decision": issue.decision,
                    "category": issue.category,
                    "rationale": joined(issue.rationale, ("rationale", position - 1), run_on),
                    "claims_citations": [one.record() for one in issue.claims],
                    "maximus_citations": [one.record() for one in issue.maximus],
                }
                for position, issue in enumerate(self.issues, 1)
            ],
        }


def joined(paragraphs: tuple[str, ...], part: Part, run_on: Collection[Part]) -> str:
    text = without_holes(paragraphs[0])
    for number, paragraph in enumerate(paragraphs[1:], 1):
        text += (" " if (*part, number) in run_on else "\n\n") + without_holes(paragraph)
    return text


def make_dates(rng: Random, format_name: str) -> dict[str, dt.date | None]:
    """In the order the law gives them, with the decision in the years of the format."""
    year, span = {
        "final-2015": (dt.date(2014, 12, 1), 390),
        "final-2016": (dt.date(2016, 2, 1), 900),
        "final-2014": (dt.date(2014, 1, 5), 320),
    }.get(format_name, (dt.date(2013, 8, 1), 140))
    decision = year + dt.timedelta(days=rng.randint(0, span))
    assigned = decision - dt.timedelta(days=rng.randint(5, 60))
    received = assigned - dt.timedelta(days=rng.randint(2, 40))
    denial = received - dt.timedelta(days=rng.randint(1, 30))
    injury = denial - dt.timedelta(days=rng.randint(60, 5000))
    return {
        "date_assigned": assigned,
        "date_of_injury": injury,
        "decision_date": decision,
        "ur_denial_date": denial,
        "application_received": received,
    }


def make_case_number(rng: Random, received: dt.date) -> str:
    return f"CM{received.year % 100}-{rng.randint(0, 260000):07d}"


def make_side(rng: Random, era: int, silent: float) -> tuple[Citation, ...]:
    if rng.random() < silent:
        return ()
    count = rng.choices([1, 2, 3, 4], [6, 4, 1.5, 0.7])[0]
    return tuple(cite(rng, era) for _ in range(count))


def make_issue(rng: Random, format_name: str, taken: Collection[str], *, noise: int) -> Issue:
    era = ERAS.get(format_name, 2014)
    request, category = ask(rng)
    while request in taken:
        request, category = ask(rng)
    decision = rng.choices(["upheld", "overturned"], [3, 2])[0]
    reasons = rationale(
        rng,
        request,
        decision,
        traps=(0, 0.05, 0.2)[noise],
        paragraphs=(1, 3, 4)[noise],
        lists=(0, 0.1, 0.2)[noise],
    )
    one_sided = format_name in ("professional-review-2013", UNKNOWN)
    claims = () if one_sided else make_side(rng, era, 0.2)
    maximus = make_side(rng, era, 0.03)
    return Issue(request, decision, category, tuple(reasons), claims, maximus)


def make_letter(rng: Random, format_name: str, *, noise: int) -> Letter:
    dates = make_dates(rng, format_name)
    count = rng.choices([1, 2, 3, 4, 6, 8], [8, 5, 3, 2, 1, 0.7])[0]
    if format_name in ("professional-review-2013", UNKNOWN):
        count = 1
    issues: list[Issue] = []
    for _ in range(count):
        taken = [issue.request for issue in issues]
        issues.append(make_issue(rng, format_name, taken, noise=noise))
    summary = clinical_summary(
        rng,
        dates["date_of_injury"],
        dates["ur_denial_date"],
        traps=(0, 0.06, 0.2)[noise],
        paragraphs=(1, 3, 4)[noise],
    )
    return Letter(
        format=format_name,
        case_number=make_case_number(rng, dates["application_received"]),
        priority=rng.choices(["Standard", "Expedited"], [7, 1])[0],
        dates=dates,
        specialties=tuple(rng.sample(SPECIALTIES, rng.choices([1, 2], [6, 1])[0])),
        licensed_states=tuple(rng.sample(STATES, rng.choices([1, 2, 3, 4], [6, 2, 1, 1])[0])),
        summary=tuple(summary),
        issues=tuple(issues),
    )


def forget(letter: Letter, *fields: str) -> Letter:
    """The truth of a letter that doesn't print these fields."""
    dates = {name: None if name in fields else day for name, day in letter.dates.items()}
    rest = {
        name: () if name in ("specialties", "licensed_states") else None
        for name in fields
        if name not in letter.dates
    }
    kept = tuple(code for code in letter.contradictions if CONTRADICTED[code] not in fields)
    return replace(letter, dates=dates, contradictions=kept, **rest)
