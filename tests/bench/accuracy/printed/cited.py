"""What the two sides cite: one of the form's three sentences, and the citations it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ..guidelines import ACUPUNCTURE, APPROACHES, CHRONIC, ODG, POSTSURGICAL

COMPLAINT_TOPICS = (
    "Special Studies",
    "Initial Care",
    "Inital Care",
    "Physical Methods",
    "Diagnostic Criteria",
    "Surgical Considerations",
    "Activity Alteration",
    "Follow-up Visits",
    "Work-Relatedness",
    "Medical History",
)
CHRONIC_TOPICS = (
    "Physical medicine treatment",
    "Muscle relaxants (for pain)",
    "NSAIDs, GI symptoms & cardiovascular risk",
    "NSAIDs (non-steroidal anti-inflammatory drugs)",
    "TENS, chronic pain (transcutaneous electrical nerve stimulation)",
    "Manual therapy & manipulation",
    "Topical analgesics",
    "Opioids, specific drug list",
    "Anxiety medications in chronic pain",
    "Functional improvement measures",
    "Ketoprofen, topical",
    "Weaning, 2 to 4 weeks",
)
OPIOID_TOPICS = (
    "1.3 Acute Pain: Short Courses",
    "2.4.1 Subacute Pain, Screening and Trial",
    "3.3.9 Long Courses: Maintenance, Visits 3 to 6",
    "3.4 Tapering: When and How",
    "Recommendations, 2.2",
)
CHAPTERS: tuple[tuple[str, str, str, tuple[str, ...], float], ...] = (
    # as printed, its canonical name, edition, topics, weight
    ("Low Back Complaints", "Low Back Complaints", "2004", COMPLAINT_TOPICS, 6),
    ("Neck and Upper Back Complaints", "Neck and Upper Back Complaints", "2004",
     COMPLAINT_TOPICS, 3),
    ("Shoulder Complaints", "Shoulder Complaints", "2004", COMPLAINT_TOPICS, 3),
    ("Elbow Complaints", "Elbow Disorders", "2007", COMPLAINT_TOPICS, 1),
    ("Forearm, Wrist, and Hand Complaints", "Forearm, Wrist, and Hand Complaints", "2004",
     COMPLAINT_TOPICS, 2),
    ("Knee Complaints", "Knee Complaints", "2004", COMPLAINT_TOPICS, 2),
    ("Ankle and Foot Complaints", "Ankle and Foot Complaints", "2004", COMPLAINT_TOPICS, 1),
    ("Stress-Related Conditions", "Stress Related Conditions", "2004", COMPLAINT_TOPICS, 0.5),
    ("General Approaches", APPROACHES, "2004", COMPLAINT_TOPICS, 1),
    ("Acupuncture Treatment", ACUPUNCTURE, "2007", (), 1),
    ("Postsurgical Treatment", POSTSURGICAL, "2009", ("Knee", "Shoulder", "Low Back"), 1),
    ("Chronic Pain Medical Treatment", CHRONIC, "2016", CHRONIC_TOPICS, 8),
    ("Chronic Pain Medical Treatment", CHRONIC, "2009", CHRONIC_TOPICS, 1.5),
    ("Opioid Treatment", "Opioids", "2016", OPIOID_TOPICS, 2),
)  # fmt: skip
ODG_CHAPTERS = (
    "Low Back",
    "Low Back - Lumbar & Thoracic (Acute & Chronic)",
    "Knee & Leg Chapter",
    "Pain (Chronic)",
    "Neck and Upper Back Chapter",
    "Forearm, Wrist, and Hand",
    "Head Chapter (updated 11/3/16)",
    "Shoulder (updated 10/30/2016)",
    "Hip & Pelvis Chapter (Online Version)",
)
ODG_TOPICS = (
    "Office visits",
    "MRI's (magnetic resonance imaging)",
    "Manipulation",
    "Compound drugs",
    "Radiography (x-rays)",
    "EMGs (electromyography)",
    "Criteria for cold packs, 7 days",
)
WORKS = (
    "Overview of knee braces. Topic 104, version 3.0, accessed 01/05/2017",
    "http://www.example.gov/coverage/lumbar-braces/0181.html",
    "Vasquez R, et al. Trials of home traction. J Invented Med 2014;12(3):41-49",
    "Medicare coverage decision 160.7, walking aids",
    "www.example.org/drugs/pain-creams",
)
MISSPELT = (
    ("Guidelines", "Guidlines"),
    ("Treatment", "Treament"),
    ("Chronic Pain", "Chonic Pain"),
    ("Official Disability", "Offical Disability"),
)
SIDES = {"claims": "The Claims Administrator", "maximus": "The Expert Reviewer"}
SILENT = "{} did not cite any medical evidence for its decision."
OUTSIDE = "{} based their decision on recommendation(s) outside of the MTUS Guidelines."


@dataclass(frozen=True)
class Cited:
    """One citation's truth."""

    source: str
    guideline: str
    edition: str | None = None
    section: str | None = None

    def record(self) -> dict:
        return {
            "source": self.source,
            "guideline": self.guideline,
            "edition": self.edition,
            "section": self.section,
            "pages": [],
        }


@dataclass(frozen=True)
class Side:
    """The words behind one side's label, and their truth."""

    text: str
    citations: tuple[Cited, ...]


def cite_side(rng: Random, side: str, *, slips: float) -> Side:
    """`slips` is the chance of each kind of typing error that real letters have."""
    who = SIDES[side]
    silent, outside = (0.15, 0.2) if side == "claims" else (0.01, 0.3)
    kind = rng.random()
    if kind < silent:
        return Side(SILENT.format(who), ())
    if kind < silent + outside:
        words, cited = cite_beyond(rng, slips)
        return Side(f"{OUTSIDE.format(who)} {words}", cited)
    words, cited = cite_schedule(rng, slips)
    if rng.random() < 0.25:
        more, beyond = cite_beyond(rng, slips)
        return Side(f"{words} {more}", cited + beyond)
    return Side(words, cited)


def cite_schedule(rng: Random, slips: float) -> tuple[str, tuple[Cited, ...]]:
    """`Decision based on MTUS A 2004, Section(s): x, y, and B 2004.`"""
    count = rng.choices((1, 2, 3), (8, 2, 1))[0]
    parts = [cite_chapter(rng, slips) for _ in range(count)]
    while len({one.guideline for _, one in parts}) < count:
        parts = [cite_chapter(rng, slips) for _ in range(count)]
    words = ", and ".join(text for text, _ in parts)
    return f"Decision based on MTUS {words}.", tuple(one for _, one in parts)


def cite_chapter(rng: Random, slips: float) -> tuple[str, Cited]:
    printed, name, edition, topics, _ = rng.choices(CHAPTERS, [one[-1] for one in CHAPTERS])[0]
    section = None
    if topics and rng.random() < 0.8:
        section = ", ".join(rng.sample(topics, rng.choices((1, 2), (4, 1))[0]))
    words = f"{misspelt(rng, printed, slips)} {edition}"
    if name == CHRONIC and rng.random() < 0.1:
        words += " Guidelines"
    if section:
        comma = rng.choice((",", ",  ")) if rng.random() < slips else ", "
        words += f"{comma}Section(s): {section}"
    return words, Cited("MTUS", name, edition, section)


def cite_beyond(rng: Random, slips: float) -> tuple[str, tuple[Cited, ...]]:
    parts = [cite_work(rng, slips) if rng.random() < 0.12 else cite_odg(rng, slips)]
    if rng.random() < 0.1:
        parts.append(cite_work(rng, slips))
    words = " ".join(f"Decision based on {text}." for text, _ in parts)
    return words, tuple(one for _, one in parts)


def cite_odg(rng: Random, slips: float) -> tuple[str, Cited]:
    section = rng.choice(ODG_CHAPTERS)
    if rng.random() < 0.7:
        section += f", {rng.choice(ODG_TOPICS)}"
    name = rng.choices((f"{ODG} (ODG)", ODG, "ODG"), (6, 2, 1))[0]
    joint = rng.choices((", ", " ", ": ", " - "), (6, 3, 1, 0.5))[0]
    lead = "Non-MTUS Citation "
    if rng.random() < slips:
        lead = rng.choice(("NonMTUS Citation ", "Non-MTUS ", "Non-MTUS  Citation "))
    return f"{lead}{misspelt(rng, name, slips)}{joint}{section}", Cited("ODG", ODG, None, section)


def cite_work(rng: Random, slips: float) -> tuple[str, Cited]:
    work = rng.choice(WORKS)
    return f"Non-MTUS Citation {work}", Cited("other", work)


def misspelt(rng: Random, name: str, slips: float) -> str:
    if rng.random() >= slips:
        return name
    wrong: Sequence[tuple[str, str]] = [pair for pair in MISSPELT if pair[0] in name]
    return name.replace(*rng.choice(wrong)) if wrong else name
