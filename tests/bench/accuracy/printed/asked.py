"""What is asked for, by DWC's categories: requests, partial authorizations, surgical services."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ..grammar import expand

PARTS = {
    "lumbar spine": "low_back",
    "low back": "low_back",
    "cervical spine": "neck",
    "neck": "neck",
    "thoracic spine": "upper_back",
    "left knee": "knee",
    "right knee": "knee",
    "right shoulder": "shoulder",
    "left shoulder": "shoulder",
    "left elbow": "elbow",
    "right wrist": "wrist_hand",
    "left hand": "wrist_hand",
    "right hip": "hip_pelvis",
    "left ankle": "ankle_foot",
    "right foot": "ankle_foot",
}
RULES = {
    "pace": [
        "{2|3} times a week for {2|3|4|6} weeks",
        "two times a week times {2..4} weeks",
        "{1..2}-3 times weekly over {4|6} weeks",
    ],
    "qty": ["#{30|45|60|90|120}", "#{30|60}", "QTY: {30|60|90}", "#60, day supply: 30"],
    "dos": ["{10|11|12}/{10..28}/16", "{10|11|12}/{10..28}/2016", "12/{2..9}/16"],
    "level": ["L4-5", "L5-S1", "L4-L5 and L5-S1"],
}
Entry = tuple[str, str, str | None]

REQUESTS: list[Entry] = [
    ("MRI of the {@part} without contrast", "diagnostics", "imaging"),
    ("MRI of the {@part}", "diagnostics", "imaging"),
    ("X-rays of the {@part}, 3 views", "diagnostics", "imaging"),
    ("CT scan of the {@part}", "diagnostics", "imaging"),
    ("EMG/NCS of the bilateral {upper|lower} extremities", "diagnostics", "electrodiagnostic"),
    ("NCV of the {left|right} upper extremity", "diagnostics", "electrodiagnostic"),
    ("Urine drug screen: 12 panel, times 1", "diagnostics", "laboratory"),
    ("Functional capacity evaluation", "diagnostics", "other_diagnostic"),
    ("Physical therapy {@pace} for the {@part}", "rehabilitation", "physical_occupational_therapy"),
    ("Additional physical therapy, {@pace}, for the {@part} and {@part}", "rehabilitation",
     "physical_occupational_therapy"),
    ("Post-op physical therapy {@pace}", "rehabilitation", "physical_occupational_therapy"),
    ("Occupational therapy, {six|eight} sessions ({@part})", "rehabilitation",
     "physical_occupational_therapy"),
    ("Acupuncture {@pace}, {@part}", "rehabilitation", "acupuncture"),
    ("Chiropractic care for the {@part}; {six|eight|12} sessions", "rehabilitation",
     "chiropractic"),
    ("Infrared therapy {@pace}", "rehabilitation", "other_therapies"),
    ("Tramadol {50mg|ER 100mg} {@qty}", "pharmaceuticals", "opioids"),
    ("Norco {5|7.5|10}/325mg {@qty}", "pharmaceuticals", "opioids"),
    ("Cyclobenzaprine {5|7.5}mg {@qty}", "pharmaceuticals", "muscle_relaxants"),
    ("Naproxen {500|550}mg {@qty}", "pharmaceuticals", "nsaids"),
    ("Ibuprofen 800mg, one tablet three times a day with food, {@qty}", "pharmaceuticals",
     "nsaids"),
    ("Pantoprazole 20mg {@qty} with one refill", "pharmaceuticals", "proton_pump_inhibitors"),
    ("Famotidine 20mg {@qty}", "pharmaceuticals", "h2_blockers"),
    ("Gabapentin {300|600}mg {@qty}", "pharmaceuticals", "anti_epilepsy_drugs"),
    ("Lidocaine 5% patch {@qty}", "pharmaceuticals", "topical_analgesics"),
    ("Flurbiprofen 20%/Baclofen 5%/Menthol 2% in cream base, {120|240} grams", "pharmaceuticals",
     "topical_compounds"),
    ("Zolpidem 10mg {@qty}", "pharmaceuticals", "sedative_hypnotics"),
    ("Retrospective Cyclobenzaprine 5mg tab {@qty} DOS: {@dos}", "pharmaceuticals",
     "muscle_relaxants"),
    ("Retrospective CT scan of the {@part} (DOS {@dos})", "diagnostics", "imaging"),
    ("Retrospective TENS unit, purchase, {@part} (DOS {@dos})", "dmepos",
     "electrical_stimulation"),
    ("Naproxen 500mg {@qty}, DOS {@dos}", "pharmaceuticals", "nsaids"),
    ("TENS unit, 30-day rental", "dmepos", "electrical_stimulation"),
    ("Hospital bed, semi-electric: 30-day rental", "dmepos", "dme"),
    ("Brace for the {@part}", "dmepos", "prosthetics_orthotics"),
    ("Large gloves, {2|4} boxes", "dmepos", "supplies"),
    ("Epidural steroid injection at {@level} under fluoroscopy (lumbar spine)", "injections",
     "injection"),
    ("Follow-up office visit times {2..4}", "evaluation_management", "medical_specialties"),
    ("Consultation with a neurologist", "evaluation_management", "medical_specialties"),
    ("Cognitive behavioral therapy, {four|six} sessions", "psychological", "psych_therapy"),
    ("Functional restoration program, {10|20} days", "programs", None),
    ("Home health aide, {4|6} hours/day, {3|5} days/week", "home_health", None),
    ("Round-trip transportation to medical visits", "transportation", None),
]  # fmt: skip

# `#` is the number of which a part was authorized.
PARTIAL: list[Entry] = [
    ("Physical therapy for the {@part}, # sessions", "rehabilitation",
     "physical_occupational_therapy"),
    ("Chiropractic manipulation times #", "rehabilitation", "chiropractic"),
    ("Acupuncture, # visits ({@part})", "rehabilitation", "acupuncture"),
    ("Electrical stimulation times #", "rehabilitation", "other_therapies"),
    ("Baclofen 10mg ##", "pharmaceuticals", "muscle_relaxants"),
    ("Cyclobenzaprine 7.5mg ##", "pharmaceuticals", "muscle_relaxants"),
    ("Hydrocodone/APAP 10-325mg, QTY: #", "pharmaceuticals", "opioids"),
]  # fmt: skip

SURGERY: list[Entry] = [
    ("{Left|Right} shoulder arthroscopy with rotator cuff repair and decompression", "surgery",
     "arthroscopic"),
    ("{Left|Right} knee arthroscopy with partial medial meniscectomy", "surgery", "arthroscopic"),
    ("Lumbar laminectomy and fusion at {@level}", "surgery", "spine"),
    ("{Left|Right} wrist carpal tunnel release", "surgery", "non_arthroscopic"),
]  # fmt: skip
ADJUNCT = [
    "Associated surgical service: Cold therapy unit, {seven|14}-day rental",
    "Associated surgical service: Sling with abduction pillow",
    "Associated surgical service: Crutches",
    "Associated surgical service: Post-op physical therapy, 12 sessions",
    "Associated surgical service: Assistant surgeon",
    "Pre-op labs: CBC",
    "Pre-op labs: PT/PTT",
    "Pre-op EKG",
    "Labs to include: Chest X-ray",
    "Pre-op medical clearance",
    "PA assist",
]
SURGICAL_PARTS = {"shoulder": "shoulder", "knee": "knee", "lumbar": "low_back",
                  "wrist": "wrist_hand"}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A request as printed, and what it means. `body_parts`: None where it names none, since the
    letter may tell."""

    text: str
    category: str
    subcategory: str | None
    body_parts: tuple[str, ...] | None = None
    requested: str | None = None
    authorized: str | None = None
    in_dispute: str | None = None
    closing: str = ":"  # what parts it from the decision

    @property
    def disputed(self) -> str:
        return self.in_dispute or self.text

    @property
    def retrospective(self) -> bool:
        return "Retrospective" in self.text or "DOS" in self.text

    def record(self) -> dict:
        parts = {
            "requested": self.requested,
            "authorized": self.authorized,
            "in_dispute": self.in_dispute,
        }
        body = {} if self.body_parts is None else {"body_parts": list(self.body_parts)}
        return {
            "treatment_request": self.text,
            "partial_authorization": parts if self.requested else None,
            "retrospective": self.retrospective,
            "category": self.category,
            "subcategory": self.subcategory,
            **body,
        }


def fill(rng: Random, template: str) -> tuple[str, tuple[str, ...] | None]:
    """The request's words and the body parts they name."""
    named: list[str] = []

    def part(rng: Random) -> str:
        taken = {PARTS[one] for one in named}
        named.append(rng.choice([one for one in PARTS if PARTS[one] not in taken]))
        return named[-1]

    text = expand(template, rng, {**RULES, "part": part})
    slugs = [PARTS[one] for one in named]
    slugs += [slug for word, slug in SURGICAL_PARTS.items() if word in text.lower()]
    return text, tuple(dict.fromkeys(slugs)) or None


def ask(rng: Random) -> Request:
    if rng.random() < 0.12:
        return ask_partial(rng)
    template, category, subcategory = rng.choice(REQUESTS)
    text, parts = fill(rng, template)
    return Request(text, category, subcategory, parts)


def ask_partial(rng: Random) -> Request:
    """In both wordings of the form; the " is" before the decision can be missing."""
    template, category, subcategory = rng.choice(PARTIAL)
    pattern, parts = fill(rng, template)
    whole = rng.choice((8, 12, 60, 90))
    granted = rng.choice((whole // 2, whole // 4, whole // 2 + 1))

    def counted(number: int) -> str:
        head, _, tail = pattern.rpartition("#")
        return f"{head}{number}{tail}"

    requested, authorized = counted(whole), counted(granted)
    if rng.random() < 0.6:
        left = counted(whole - granted)
        left = left[0].lower() + left[1:] if rng.random() < 0.2 else left
        text = (
            f"{requested} was the original request. {authorized} was authorized by the Claims"
            f" Administrator. The remaining IMR eligible portion of the original request, {left}"
        )
    else:
        left = requested
        text = (
            f"{requested} was the original request. The Claims Administrator authorized"
            f" {authorized}, leaving the original request IMR eligible. The original request,"
            f" {left}"
        )
    closing = rng.choices((" is:", ":"), (6, 1))[0]
    return Request(
        text, category, subcategory, parts, requested, authorized, left, closing
    )  # fmt: skip


def ask_surgery(rng: Random) -> list[Request]:
    """An operation and what goes with it."""
    template, category, subcategory = rng.choice(SURGERY)
    text, parts = fill(rng, template)
    requests = [Request(text, category, subcategory, parts)]
    for template in rng.sample(ADJUNCT, rng.randint(1, 6)):
        text = expand(template, rng, RULES)
        requests.append(Request(text, "surgery", "adjunct_surgical_services"))
    return requests
