"""What reviewers write: clinical case summaries and rationales, in words of our own.

`HOLE` stands where a name was blanked out; `without_holes` gives what a reader is left with.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from random import Random

from .grammar import expand

HOLE = "\ue000"


def without_holes(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(HOLE, " ")).strip()


def short_date(day: dt.date, padded: bool = True) -> str:
    return f"{day:%m/%d/%Y}" if padded else f"{day.month}/{day.day}/{day.year}"


def long_date(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def some_date(rng: Random) -> str:
    day = dt.date(2012, 1, 1) + dt.timedelta(days=rng.randint(0, 1300))
    return rng.choice([short_date(day), short_date(day, False), long_date(day)])


def other_case(rng: Random) -> str:
    return f"CM{rng.randint(13, 16)}-{rng.randint(0, 250000):07d}"


RULES = {
    "date": some_date,
    "case": other_case,
    "name": lambda rng: HOLE,
    "person": [
        "patient",
        "worker",
        "injured worker",
        "applicant",
        "claimant",
        "employee",
        "45-year-old man",
        "58 year old woman",
        "{29..64}-year-old {male|female}",
    ],
    "who": ["The patient", "The injured worker", "He", "She", "The applicant", "The employee"],
    "they": ["the patient", "the injured worker", "he", "she", "the applicant"],
    "job": [
        "warehouse picker",
        "school bus driver",
        "roofer",
        "data-entry clerk",
        "correctional officer",
        "line cook",
        "certified nursing assistant",
        "welder",
        "grocery stocker",
        "sheet-metal mechanic",
        "farm hand",
    ],
    "part": [
        "low back",
        "neck",
        "left knee",
        "right shoulder",
        "upper extremities",
        "right ankle",
        "mid-back",
        "left elbow",
        "hips",
    ],
    "how": [
        "lifting a crate of produce",
        "a fall from a loading dock",
        "repetitive keyboarding",
        "a rear-end motor-vehicle collision",
        "twisting while carrying a ladder",
        "slipping on a wet floor",
        "a cumulative trauma over several years",
    ],
    "doctor": [
        "the treating surgeon",
        "the primary treating provider",
        "the pain physician",
        "the chiropractor of record",
        "an agreed medical examiner",
        "Dr. {@name}",
        "the nurse practitioner",
        "the consulting neurologist",
    ],
    "sign": [
        "tenderness over the paraspinal muscles",
        "a positive straight-leg raise at {30..70} degrees",
        "grip strength of {20..40} kg",
        "flexion limited to {20..80} degrees",
        "a well-healed portal scar",
        "diminished light touch in the L5 dermatome",
        "a positive Spurling's maneuver",
        "4+/5 ankle dorsiflexion",
        "no effusion",
        "crepitus with range-of-motion testing",
    ],
    "drug": [
        "hydrocodone",
        "naproxen",
        "an anti-inflammatory",
        "gabapentin",
        "a muscle relaxant",
        "tramadol",
        "an opioid",
    ],
    "therapy": [
        "land-based therapy",
        "home exercises",
        "manual treatment",
        "acupuncture",
        "pool exercise",
        "a self-directed gym routine",
    ],
    "benefit": [
        "return to modified duty",
        "a lower visual-analog score",
        "better sleep",
        "less reliance on pills",
        "longer walking tolerance",
        "improved self-care",
    ],
}

OPENINGS = [
    "The {@person} is a {@job} whose {@part} became painful after {@how}.",
    "This {@person}, employed as a {@job}, sustained harm to the {@part} on {@injury}.",
    "Records describe a {@person} hurt on {@injury} by {@how}.",
    "The {@person} was hurt on {@injury}. The mechanism was {@how}.",
    "According to the file, on {@injury} the {@person} reported {@part} complaints from {@how}.",
    "The {@person} ({@name}) is a {@job} with a claim for injury of {@injury} to the {@part}.",
]

DENIALS = [
    "On {@denial} the utilization review physician declined to certify the care at issue.",
    "The adverse review is dated {@denial}; it is the subject of this appeal.",
    "A non-certification issued on {@denial}, citing a lack of objective gains.",
    "By report of {@denial}, the claims administrator refused authorization.",
]

HISTORY = [
    "Treatment to date has included {@drug}, {@therapy} and {rest|ice|bracing|two injections}.",
    "{@who} has completed {4..30} visits of {@therapy} with {little|some|no lasting} benefit.",
    "A note of {@date} lists {@sign} and {@sign}.",
    "On {@date}, {@doctor} recorded {@sign}, {@sign}, and {@sign}.",
    "Imaging dated {@date} showed a {2..6} mm protrusion at {L4-5|L5-S1|C5-6} with mild stenosis.",
    "{@who} rates the pain at {3..9}/10 without, and {1..3}/10 with, {@drug}.",
    "{@who} takes {@drug} {once|twice|three times} daily and denies side effects.",
    "Past history is notable for diabetes (type 2), hypertension, and a {2004|2007} appendectomy.",
    "The current diagnoses are: {cervicalgia|lumbago|internal derangement}, {sprain/strain|"
    "radiculitis}, and {depression|insomnia|myalgia}.",
    "As of {@date} {@they} was working with a {10..40}-lb. lifting restriction.",
    "{@who} was declared permanent and stationary on {@date} with {5..25}% impairment.",
    "Nerve testing from {@date} was {unremarkable|consistent with a mild L5 radiculopathy}.",
    "Toxicology results were {consistent|inconsistent} with what {@doctor} prescribes.",
    "{@who} underwent {arthroscopic debridement|a decompression|hardware removal} on {@date}.",
    "A handwritten, partly illegible form of {@date} requests the present care.",
    "{@who} also sees {@name} for anxiety related to the claim.",
    "An e-mail from {@name} to {@name} mentions that {@they} moved out of state in {2012|2013}.",
    "Height was 5'{2..11}\" and weight {130..280} lbs., for a body-mass index of {22..41}.{1..9}.",
    "There has been no emergency-department visit since {@date}.",
    "Follow-up was set for {4..8} weeks; self-care instructions were given.",
    "{@doctor} hopes for {@benefit} and {@benefit}.",
    "Symptoms are aggravated by {sitting|standing|overhead reaching} more than {10..45} minutes.",
    "Sleep is limited to {3..6} hours per night because of discomfort in the {@part}.",
    "A {@date} operative report is included; pathology was benign.",
]

REASONING = [
    "The guidance asks for objective gains before care of this kind is extended.",
    "Here the notes of {@date} and {@date} are nearly identical, word for word.",
    "No trial of {@therapy} has been documented in the {60..180} days before the request.",
    "Passive modalities lose value once the acute phase ends, roughly {4..12} weeks after onset.",
    "Per page {20..127} of the chronic pain guideline, use beyond {2..8} weeks is discouraged.",
    "Table 12-8 lists this intervention as optional for patients with {@sign}.",
    "Chapter {8..14} of ACOEM reserves such studies for red flags or surgical candidates.",
    "ODG recommends up to {6..24} visits over {4..12} weeks for this diagnosis.",
    "Four domains must be tracked: analgesia, activities, adverse effects and aberrant use.",
    "A signed pain contract was found, yet no pill count accompanies it.",
    "The daily dose works out to {30..220} mg of morphine equivalents.",
    "Risk factors for a gastrointestinal event (age over 65, anticoagulants, ulcer) are absent.",
    "{@doctor} has shown {@benefit}, which meets the criterion on continued use.",
    "The record does show {@benefit} and {@benefit} since {@date}.",
    "Exam findings on {@date}, namely {@sign} and {@sign}, correlate with the imaging.",
    "Conservative measures failed: {@therapy} ({4..18} visits), {@drug}, and bracing.",
    "Evidence for the compounded product rests on two small, short-term trials (n = {18..60}).",
    "Any compound holding at least one drug that is not recommended is itself not recommended.",
    "The quantity asked for exceeds the usual allotment by {2..20} visits.",
    "No home-exercise program was described, and none of the {6..40} pages mention self-care.",
    "It is unclear whether the equipment would be rented or bought; the form leaves this blank.",
    "A one-month, rather than open-ended, trial would be the customary first step.",
    "A diagnostic block must give at least {50..80}% relief for the anesthetic's duration.",
    "Radicular pain in a dermatomal pattern, corroborated by imaging, is plainly described.",
    "The surgeon's narrative of {@date} explains why non-operative care has run its course.",
    "Post-operative rules allow {12..48} visits over {8..26} weeks after this procedure.",
    "Weaning, not abrupt cessation, is advised for anyone on long-term therapy.",
    "Dosing frequency - every {4..8} hours - was left unchanged for over a year.",
    "Sedating drugs are a poor match for someone who drives for a living.",
    "{@who} remains off work; nothing in the file suggests functional restoration.",
    "The notes from {@name} are missing from the submission, as is the {@date} report.",
    "Repeat imaging is generally put off absent new trauma or a marked change in findings.",
    "Long-term effects are unknown, and cost-effectiveness has not been shown.",
    "Given a {2..9}-point drop in reported pain, the response can fairly be called meaningful.",
    "State law, i.e., Labor Code section 4600, speaks to cure or relief from the injury's effects.",
    "Multidisciplinary care, e.g., {@therapy} together with counselling, has better support.",
    "As the title of that section suggests, criteria for initiating and ending therapy differ.",
    "Under 8 CCR 9792.21, the schedule is presumed correct unless rebutted.",
]

TRAPS = [
    "Page {2..5} of {6..14} of the surgeon's report repeats the same complaint.",
    "Page {2..40} of the packet is blank.",
    "The clinical case summary states that prior care was declined twice.",
    "An earlier determination, {@case}, dealt with a different body part.",
    "Case number {@case} appears in the fax banner of two reports.",
    "That dispute, IMR Case Number {@case}, was Upheld; a later one was Overturned.",
    "A previous reviewer marked a like request: Upheld.",
    "The following were noted: numbness of two toes; normal reflexes; and an antalgic gait.",
    "Documents reviewed here include the {@date} consultation and {3..9} therapy notes.",
    "The text reads as follows: relief must last at least six weeks.",
    "A decision date for the operation was put off until {@date}.",
    "The date of injury in one note ({@date}) differs from that on the application.",
    "See also the Official Disability Guidelines, Pain Chapter, on this point.",
    "The MTUS Chronic Pain Medical Treatment Guidelines, pages {60..80}-{81..99}, agree.",
    "In his own decision rationale, {@doctor} relied on habit more than on trials.",
    "The administrator's guideline was not enclosed; the maximus letter of {@date} asked for it.",
    "Priority was given to sleep: a sleep log was started on {@date}.",
    "Had the fusion been approved, this request would be medically necessary and appropriate.",
    "For the reasons given under IMR issues above, the second opinion carries less weight.",
    "Utilization review wrote: “not medically necessary as submitted.”",
    "The state licensing lookup and specialty certification of {@name} were not provided.",
    "The final determination letter in {@case} is {2..6} pages long and off the point.",
]

LISTS = [
    ["Criteria taken from the text:", "1. Failure of lesser care for three months;",
     "2. Findings that fit the imaging;", "3. No untreated psychological barrier."],
    ["The record answers each point.", "1) Pain fell from {7..9}/10 to {3..5}/10.",
     "2) Walking rose from {5..10} to {20..40} minutes.", "3) No aberrant use was seen."],
    ["Three things are missing:", "(a) a dated treatment plan;", "(b) a baseline for function;",
     "(c) any word from {@doctor} on goals."],
]  # fmt: skip

CONCLUSIONS = {
    "upheld": [
        "Therefore, the request is not medically necessary.",
        "Therefore, the request for {@it} is not medically necessary.",
        "The request is therefore not supported.",
        "Medical necessity has not been established.",
        "For these reasons {@it} cannot be considered medically necessary at this time.",
        "As such, the care sought is not medically necessary and appropriate.",
        "On this record the denial was correct.",
        "Consequently the criteria are unmet.",
        "This request, as written, is not medically necessary.",
    ],
    "overturned": [
        "Therefore, the request is medically necessary.",
        "Therefore, the request for {@it} is medically necessary.",
        "Medical necessity has been established.",
        "For these reasons {@it} is considered medically necessary.",
        "As such, the care sought is medically necessary and appropriate.",
        "The criteria are met, and authorization is warranted.",
        "The request is thus supported.",
        "I find the care reasonable and needed.",
    ],
}


def sentences(rng: Random, bank: list[str], count: int, traps: float, rules: dict) -> list[str]:
    """`count` sentences of the bank without a repeat while it lasts, some of them traps."""
    chosen = rng.sample(bank, min(count, len(bank)))
    chosen = [rng.choice(TRAPS) if rng.random() < traps else one for one in chosen]
    return [polished(expand(one, rng, rules)) for one in chosen]


def polished(sentence: str) -> str:
    """With a capital letter first and "an" before a vowel, which the templates can't know."""
    sentence = re.sub(r"\b([Aa]) (?=[aei]|8|1[18]\b)", r"\1n ", sentence)
    return sentence[:1].upper() + sentence[1:]


def grouped(rng: Random, lines: list[str], most: int) -> list[str]:
    """The sentences as one to `most` paragraphs."""
    parts = rng.randint(1, max(1, min(most, len(lines) // 2)))
    cuts = sorted(rng.sample(range(1, len(lines)), parts - 1)) if parts > 1 else []
    edges = [0, *cuts, len(lines)]
    return [" ".join(lines[a:b]) for a, b in itertools.pairwise(edges)]


def clinical_summary(
    rng: Random, injury: dt.date, denial: dt.date, *, traps: float, paragraphs: int
) -> list[str]:
    days = {
        "injury": lambda rng: rng.choice([long_date, short_date])(injury),
        "denial": lambda rng: rng.choice([long_date, short_date])(denial),
    }
    rules = {**RULES, **days}
    lines = sentences(rng, OPENINGS, 1, 0, rules)
    if rng.random() < 0.8:
        lines += sentences(rng, DENIALS, 1, 0, rules)
    lines += sentences(rng, HISTORY, rng.randint(2, 14), traps, rules)
    return grouped(rng, lines, paragraphs)


def rationale(
    rng: Random, request: str, decision: str, *, traps: float, paragraphs: int, lists: float
) -> list[str]:
    rules = {**RULES, "it": lambda rng: request}
    body = sentences(rng, REASONING + HISTORY[:12], rng.randint(1, 12), traps, rules)
    parts = grouped(rng, body, paragraphs)
    if rng.random() < lists:
        parts += [polished(expand(line, rng, rules)) for line in rng.choice(LISTS)]
        parts.append("")
    conclusion = expand(rng.choice(CONCLUSIONS[decision]), rng, rules)
    parts[-1] = f"{parts[-1]} {conclusion}".strip()
    return parts
