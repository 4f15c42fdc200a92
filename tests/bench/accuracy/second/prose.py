"""What the second author's reviewers write. Traps are part of the ordinary run of sentences."""

from __future__ import annotations

import datetime as dt
from random import Random

from ..grammar import expand
from ..prose import HOLE


def written_date(rng: Random, day: dt.date) -> str:
    return rng.choice(
        [
            f"{day:%m/%d/%Y}",
            f"{day.month}/{day.day}/{day:%y}",
            f"{day:%m-%d-%Y}",
            f"{day:%B} {day.day}, {day.year}",
            f"{day:%m/%d/%y}",
        ]
    )


def any_date(rng: Random) -> str:
    return written_date(rng, dt.date(2011, 6, 1) + dt.timedelta(days=rng.randint(0, 1500)))


RULES = {
    "date": any_date,
    "name": lambda rng: HOLE,
    "case": lambda rng: f"CM{rng.randint(13, 16)}-{rng.randint(1, 260000):07d}",
    "age": lambda rng: str(rng.randint(24, 66)),
    "n": lambda rng: str(rng.randint(2, 30)),
    "body": ["lumbar region", "cervical region", "right wrist", "left hip", "both feet", "dorsum"],
    "drug": ["Ultram", "Anaprox", "Neurontin", "Zanaflex", "Vicodin", "Cymbalta"],
    "trade": ["plumber", "teacher's aide", "bus operator", "packer", "nurse", "deputy sheriff"],
    "exam": [
        "spasm and guarding",
        "a negative Hoffmann sign",
        "decreased sensation at C6 (left)",
        "reflexes of 2+ throughout",
        "a painful arc from 60-120 degrees",
        "joint-line tenderness",
        "Tinel's and Phalen's signs",
    ],
}

OPENINGS = [
    "{@age} y/o {male|female} {@trade} with a date of injury of {@injury}. Mechanism: struck by a "
    "pallet-jack.",
    "This is a {@age}-year-old who sustained an industrial injury on {@injury} while lifting.",
    "The patient is a {@age} year old {@trade} with {@body} pain since an injury on {@injury}.",
    "The claimant, a {@name} {@trade}, was injured on {@injury}; the {@body} is accepted.",
    "Injured on {@injury}, the member has been treated for the {@body} ever since.",
]
REPORTS = [
    "The UR determination of {@denial} non-certified the service.",
    "In a utilization review report dated {@denial}, the request was denied.",
    "UR denied the matter on {@denial} for want of documentation.",
    "Per the Utilization Review letter of {@denial}, a modification was offered.",
]
FACTS = [
    "PR-2 of {@date}: subjective complaints unchanged; objective - {@exam}, {@exam}.",
    "Diagnoses: 1) lumbar sprain/strain; 2) myofascitis; 3) insomnia, NOS.",
    "Meds at that visit were {@drug}, {@drug} and a topical cream (b.i.d.).",
    "An MRI from {@date} shows a broad-based 3-mm disc bulge, L4-L5, abutting the thecal sac.",
    "VAS was {2|3|4}/10 with and {7|8|9}/10 without {@drug}.",
    "PT x {@n} visits, chiro x {@n}, and acupuncture have been tried with partial relief.",
    "On exam there were {@exam} and {@exam}.",
    "The injury was treated on {@date} with rest.",
    "UR based its denial, in part, on a note of {@date}.",
    "Dr. {@name} saw the worker {@date} and asked for authorization.",
    "Work status: TTD until {@date}.",
    "The QME (report of {@date}) found {@n}% whole-person impairment.",
    "EMG/NCS of {@date} was positive for left L5 radiculopathy.",
    "Comorbidities include GERD, HTN, and type-2 diabetes; BMI is 3{1|2|3}.{1|5}.",
    "A urine screen of {@date} was positive for opiates, as expected.",
    "The RFA lists quantities but no duration - see page {@n} of the submission.",
    "Surgery took place on {@date} (left-sided microdiscectomy at L5-S1).",
    "Adverse effects: none. ADLs: dressing, cooking, driving.",
    "The member lives with {@name}, is right-hand dominant and does not smoke.",
    "Current complaints: pain, numbness/tingling, and poor sleep.",
    "Straight-leg raising was to 45° bilaterally; Lasègue's test was equivocal.",
]
REASONS = [
    "A time-limited trial would need clear endpoints, which the file lacks.",
    "Guideline criteria call for failure of at least one first-line agent.",
    "There is a {2|3}-month window in which this modality has shown any effect.",
    "Here, {@exam} were recorded on {@date}, and conservative care has been exhausted.",
    "Opioids should be stopped when function does not improve (see the section on weaning).",
    "The literature is mixed: two RCTs favor it; one does not.",
    "Routine use is discouraged; exceptions include fracture, tumor, or infection.",
    "Of the {@n} sessions approved before, {@n} were used, with strength up from 3/5 to 4/5.",
    "Quantity matters: #{30|60|90} exceeds a month's supply at the stated frequency.",
    "Objective improvement is defined in 8 CCR 9792.20(e) and is not shown here.",
    "Page {@n} of the treatment schedule speaks to this directly.",
    "According to Table 13-6, plain films come first.",
    "The treating physician's narrative does identify red-flag symptoms.",
    "Sleep hygiene, CBT and tapering have not been attempted.",
    "Both the ODG and the manufacturer advise against long-term use.",
    "Compounding offers no advantage over an FDA-approved product.",
    "The patient met the criteria: failed NSAIDs, corroborating imaging, and intact motivation.",
    "No peer-reviewed support was supplied by {@name} or found on search.",
    "Prior care was denied on {@date}; that decision is not at issue here.",
    "Its cost is not a ground; the test is medical necessity under Labor Code 4610.5(c)(2).",
]
TRAPS = [
    "In {@case}, a similar item was Overturned.",
    "The earlier appeal (Case Number: {@case}) ended with the denial: Upheld",
    "The utilization reviewer's conclusion, that the item is not medically necessary, was vague.",
    "Whether it is medically necessary and appropriate depends on two points.",
    "The record is {@n} pages long; page 2 of 4 of the RFA is illegible.",
    "As the claims administrator guideline section shows, the MTUS was consulted.",
    "The Decision Date of the prior review was {@date}.",
    "If modified, the request might be considered medically necessary.",
    "A letter, dated {@date}, from the employer mentions a prior injury of {@date}.",
    "Documents reviewed by UR did not include the operative note.",
    "The MTUS Chronic Pain Guidelines (pages {@n}-9{1|2|3}) do not say otherwise.",
    "Page {@n}",
]
FINISHES = {
    "upheld": [
        "Thus, this is not medically necessary.",
        "The requested service is not medically necessary.",
        "Accordingly, {@it} is not medically necessary.",
        "Hence the denial should stand.",
        "Without those data the item can't be endorsed.",
        "Medical necessity is not established.",
        "Given the above, the request for {@it} is not medically necessary and appropriate.",
    ],
    "overturned": [
        "Thus, this is medically necessary.",
        "The requested service is medically necessary.",
        "Accordingly, {@it} is medically necessary.",
        "Hence the item should be authorized.",
        "All conditions being satisfied, approval is appropriate.",
        "Medical necessity is established.",
        "Given the above, the request for {@it} is medically necessary and appropriate.",
    ],
}


def draw(rng: Random, bank: list[str], count: int, traps: float, rules: dict) -> list[str]:
    lines = rng.sample(bank, min(count, len(bank)))
    lines = [rng.choice(TRAPS[:-1]) if rng.random() < traps else one for one in lines]
    return [expand(one, rng, rules) for one in lines]


def paragraphs(rng: Random, lines: list[str], most: int) -> tuple[str, ...]:
    """The lines in one to `most` paragraphs, each ended as a sentence is."""
    lines = [line if line.endswith((".", "?")) else f"{line}." for line in lines]
    size = -(-len(lines) // rng.randint(1, max(1, min(most, len(lines) // 2))))
    return tuple(" ".join(lines[i : i + size]) for i in range(0, len(lines), size))


def summary(
    rng: Random, injury: dt.date, denial: dt.date, *, traps: float, most: int
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Its paragraphs, and which of the header's dates they tell."""
    rules = {
        **RULES,
        "injury": lambda rng: written_date(rng, injury),
        "denial": lambda rng: written_date(rng, denial),
    }
    lines = draw(rng, OPENINGS, 1, 0, rules)
    mentioned = {"date_of_injury"}
    if rng.random() < 0.5:
        lines += draw(rng, REPORTS, 1, 0, rules)
        mentioned.add("ur_denial_date")
    lines += draw(rng, FACTS, rng.randint(2, 16), traps, rules)
    return paragraphs(rng, lines, most), frozenset(mentioned)


def rationale(
    rng: Random, request: str, decision: str, *, traps: float, most: int
) -> tuple[str, ...]:
    rules = {**RULES, "it": lambda rng: request}
    lines = draw(rng, REASONS + FACTS[:9], rng.randint(1, 13), traps, rules)
    lines += draw(rng, FINISHES[decision], 1, 0, rules)
    return paragraphs(rng, lines, most)
