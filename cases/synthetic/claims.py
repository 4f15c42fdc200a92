"""A seed and a number → made-up claim facts, always the same. Pure.

Of their own random numbers, so that the letters of a seed are what they were without them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from cases.synthetic.letters import DAYS, FIRST_DAY

ADMINISTRATORS = (
    "Sample Mutual", "Example Casualty", "Specimen Insurance Fund", "Pattern Indemnity",
    "Model Claims Services", "Placeholder Risk Management", "Mockup Employers Group",
    "Template Assurance", "Prototype Self-Insurance Plan", "Facsimile Underwriters",
    "Stand-in Benefit Administrators", "Dummy County Schools JPA",
)  # fmt: skip
UNITS = ("Northern", "Central", "Southern", "Bay Area", "Complex claims")
VENDORS = (
    "Sample Utilization Review", "Example Medical Management", "Specimen Peer Review",
    "Model Care Review", "Pattern UR Partners",
)  # fmt: skip
FIRST_NAMES = ("Alex", "Casey", "Drew", "Jamie", "Jordan", "Morgan", "Riley", "Taylor")
LAST_NAMES = ("Beispiel", "Ejemplo", "Esempio", "Exemple", "Muster", "Primer", "Vorlage", "Wzor")
TOLD = 0.9  # of cases of which somebody entered whose claim it is
ASSUMED = 0.15  # of cases of which nobody confirmed the day of receipt
NEWEST = 0.03  # of the days of decision: of these cases deadlines are kept
KEPT_FROM = FIRST_DAY + dt.timedelta(days=round(DAYS * (1 - NEWEST)))


@dataclass(frozen=True, slots=True)
class MadeUpClaim:
    received_on: dt.date
    assumed: bool
    with_obligations: bool
    facts: dict[str, str] = field(default_factory=dict)


def make_claim(seed: int, number: int, decided: dt.date) -> MadeUpClaim:
    rng = Random(f"{seed}:{number}:claim")
    received = decided + dt.timedelta(days=rng.randint(2, 9))
    assumed = rng.random() < ASSUMED
    facts = make_facts(rng, decided) if rng.random() < TOLD else {}
    return MadeUpClaim(received, assumed, decided >= KEPT_FROM, facts)


def make_facts(rng: Random, decided: dt.date) -> dict[str, str]:
    """The first names of a list come more often than the last."""
    administrator = skewed(rng, len(ADMINISTRATORS))
    year, number = decided.year % 100, rng.randint(0, 999_999)
    facts = {
        "claim_number": f"SMP{administrator:02d}-{year}-{number:06d}",
        "claims_administrator": ADMINISTRATORS[administrator],
        "claims_unit": UNITS[skewed(rng, len(UNITS))] if rng.random() < 0.8 else "",
        "ur_vendor": VENDORS[(administrator + (rng.random() < 0.2)) % len(VENDORS)],
    }
    doctor = f"{FIRST_NAMES[skewed(rng, 8)]} {LAST_NAMES[rng.randint(0, 7)]}, MD"
    return facts | {"requesting_physician": doctor}


def skewed(rng: Random, count: int) -> int:
    return int(count * rng.random() ** 1.7)
