"""The truth of one printed letter, before it is set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from ..letters import make_case_number
from ..prose import without_holes
from .asked import Request, ask, ask_surgery
from .cited import Side, cite_side
from .faults import Fault
from .prose import NUMBERED, PRIOR_CASE, rationale, summary

SPECIALTIES = (
    "Occupational Medicine",
    "Preventive Medicine",
    "Physical Medicine & Rehabilitation",
    "Pain Management",
    "Orthopedic Surgery",
    "Family Practice",
    "Internal Medicine",
    "Psychiatry",
    "Plastic Surgery",
    "Sports Medicine",
    "Chiropractor",
    "Emergency Medicine",
    "Anesthesiology",
    "Neurological Surgery",
)
STATES = (
    "California",
    "Texas",
    "New York",
    "New Jersey",
    "North Carolina",
    "Missouri",
    "Ohio",
    "Pennsylvania",
    "Maryland",
    "Florida",
    "District of Columbia",
    "Massachusetts",
)


@dataclass(frozen=True)
class Issue:
    request: Request
    decision: str
    claims: Side
    maximus: Side
    rationale: tuple[str, ...]

    def record(self, position: int) -> dict:
        return {
            "position": position,
            **self.request.record(),
            "decision": self.decision,
            "rationale": joined(self.rationale),
            "claims_citations": [one.record() for one in self.claims.citations],
            "maximus_citations": [one.record() for one in self.maximus.citations],
        }


@dataclass(frozen=True)
class Letter:
    case_number: str
    priority: str
    dates: dict[str, dt.date]
    specialties: tuple[str, ...]
    states: tuple[str, ...]
    commas: tuple[str, str]  # of states and of specialties
    summary: tuple[str, ...]
    issues: tuple[Issue, ...]
    contradictions: tuple[str, ...]

    def record(self, first_page: int, last_page: int) -> dict:
        return {
            "format": "final-2016",
            "first_page": first_page,
            "last_page": last_page,
            "case_number": self.case_number,
            "priority": self.priority,
            **{name: day.isoformat() for name, day in self.dates.items()},
            "reviewer": {
                "specialties": list(self.specialties),
                "licensed_states": list(self.states),
            },
            "clinical_summary": joined(self.summary),
            "contradictions": list(self.contradictions),
            "issues": [issue.record(n) for n, issue in enumerate(self.issues, 1)],
        }


def joined(paragraphs: tuple[str, ...]) -> str:
    return "\n\n".join(without_holes(one) for one in paragraphs)


def make_letter(rng: Random, faults: frozenset[Fault], *, slips: float) -> Letter:
    dates = make_dates(rng)
    denial = dates["ur_denial_date"]
    disagrees = rng.random() < 0.1
    told = denial - dt.timedelta(days=rng.randint(2, 9)) if disagrees else denial
    extra = []
    if Fault.PRIOR_CASE in faults:
        extra.append(rng.choice(PRIOR_CASE))
    if Fault.NUMBERED_SUMMARY in faults:
        extra.append(rng.choice(NUMBERED))
    return Letter(
        make_case_number(rng, dates["application_received"]),
        rng.choices(("Standard", "Expedited"), (9, 1))[0],
        dates,
        tuple(rng.sample(SPECIALTIES, rng.choices((1, 2, 3), (6, 3, 1))[0])),
        tuple(rng.sample(STATES, rng.choices((1, 2, 3, 8), (6, 3, 1, 0.7))[0])),
        (rng.choice((",", ", ")), rng.choice((", ", ", ", ","))),
        tuple(summary(rng, dates["date_of_injury"], told, extra=extra)),
        tuple(make_issues(rng, slips)),
        ("ur-date-disagrees",) if disagrees else (),
    )


def make_dates(rng: Random) -> dict[str, dt.date]:
    decision = dt.date(2016, 12, 5) + dt.timedelta(days=rng.randint(0, 115))
    assigned = decision - dt.timedelta(days=rng.randint(8, 35))
    received = assigned - dt.timedelta(days=rng.randint(2, 12))
    denial = received - dt.timedelta(days=rng.randint(1, 25))
    injury = denial - dt.timedelta(days=rng.randint(25, 900))
    return {
        "date_assigned": assigned,
        "date_of_injury": injury,
        "decision_date": decision,
        "ur_denial_date": denial,
        "application_received": received,
    }


def make_issues(rng: Random, slips: float) -> list[Issue]:
    count = rng.choices((1, 2, 3, 5, 9, 21), (7, 4, 3, 2, 1, 0.2))[0]
    requests: dict[str, Request] = {}
    if rng.random() < 0.15:
        requests = {one.text: one for one in ask_surgery(rng)}
    while not requests or len(requests) < count:
        if requests and next(iter(requests.values())).category == "surgery":
            break  # labs of another request would be of the operation, too
        request = ask(rng)
        requests[request.text] = request
    return [make_issue(rng, request, slips) for request in requests.values()]


def make_issue(rng: Random, request: Request, slips: float) -> Issue:
    decision = rng.choices(("upheld", "overturned"), (5, 1))[0]
    opioid = request.subcategory == "opioids"
    reasons = rationale(rng, request.disputed, decision, opioid=opioid)
    claims, maximus = (cite_side(rng, side, slips=slips) for side in ("claims", "maximus"))
    return Issue(request, decision, claims, maximus, tuple(reasons))
