"""How the second author's sides cite, each citation with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ..grammar import expand
from ..guidelines import ACUPUNCTURE, CHAPTERS, CHRONIC, ODG, POSTSURGICAL, Citation, Pages

TOPICS = [
    "Opioids, specific drug list",
    "NSAIDs (non-steroidal anti-inflammatory drugs)",
    "Salicylate topicals",
    "Chronic pain programs, opioids",
    "Lidoderm (lidocaine patch)",
    "Biofeedback",
    "H-wave stimulation (HWT)",
    "Opioids for chronic pain; Opioids, dosing",
    "Antidepressants for chronic pain",
    "Cannabinoids",
    "CRPS, treatment",
    "Interferential Current Stimulation (ICS)",
    "Introduction",
    "Education",
]
CHAPTER_TOPICS = [
    "Initial Assessment",
    "Physical Examination",
    "Diagnostic Testing",
    "Physical Treatment Methods",
    "Referral Issues and the IMR Process",
    "Ability to Return to Work",
]
DISABILITY_TOPICS = [
    "Pain (Chronic), Opioids for chronic pain",
    "Low Back - Lumbar & Thoracic (Acute & Chronic), Fusion (spinal)",
    "Knee & Leg (Acute & Chronic) Chapter, Walking aids (canes, crutches, braces)",
    "Neck and Upper Back (Acute & Chronic), Epidural steroid injection",
    "Shoulder (Acute & Chronic)",
    "Mental Illness & Stress, Eszopicolone (Lunesta)",
    "Ankle & Foot Chapter",
    "Forearm, Wrist, & Hand (Acute & Chronic), Splints",
    "Low Back Chapter, MRIs (magnetic resonance imaging)",
    "Pain Chapter, Weaning, opioids (specific guidelines)",
    "Fitness for Duty, Functional capacity evaluation",
    "Hernia Chapter, Surgery",
]
EVIDENCE = [
    "Chou R, et al. Nonpharmacologic therapies for acute and chronic low back pain. Ann Intern "
    "Med. 2007 Oct 2;147(7):492-504",
    "FDA prescribing information, Ambien",
    "California Labor Code section 4600(a)",
    "http://www.aaos.org/research/guidelines/CTSTreatmentGuideline.pdf",
    "Wheeless' Textbook of Orthopaedics, online",
    "UpToDate: Overview of the treatment of chronic insomnia",
    "Medicare National Coverage Determination 280.1",
    "www.rxlist.com, Fioricet",
    "Washington State Department of Labor and Industries, treatment guideline for knee surgery",
    "J Bone Joint Surg Am. 2010; 92 Suppl 2: 187-194",
    "Physicians' Desk Reference 2014, Zofran",
    "Mosby's Drug Consult",
    "8 CCR 9785(b)",
    "National Guideline Clearinghouse, preoperative evaluation",
]
TABLE = "Table {8|9|11|12}-{2|5|7|8}"


def ranges(rng: Random) -> Pages:
    found, low = [], rng.randint(8, 210)
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        high = low + rng.choice([0, 0, 1, 2, 7])
        found.append((low, high))
        low = high + rng.randint(2, 60)
    return tuple(found)


def page_list(rng: Random, pages: Pages) -> str:
    """8 & 9 · 8-9 · 76–80 · 125 to 126 · 43, 74-82 · 78 of 127 · 12, 15 and 17."""
    dash = rng.choice(["-", "-", "-", "–", "—", " - ", " – ", " to "])
    parts = [str(a) if a == b else f"{a}{dash}{b}" for a, b in pages]
    if rng.random() < 0.12:
        parts[-1] += f" of {pages[-1][1] + rng.randint(20, 90)}"
    if len(parts) == 1:
        return parts[0]
    last = rng.choice([", ", ", ", " & ", " and ", ", and ", "; "])
    return ", ".join(parts[:-1]) + last + parts[-1]


def paged(rng: Random, pages: Pages, labels: list[str]) -> str:
    return f"{rng.choice(labels)} {page_list(rng, pages)}" if pages else ""


@dataclass(frozen=True)
class Cited:
    """A citation and its words in each style; `mtus` says whether it is part of the MTUS."""

    truth: Citation
    labelled: str  # final-2015 and final-2016, behind "Decision based on"
    sentence: str  # final-2014 and notice-2013, behind "based its decision on"

    @property
    def mtus(self) -> bool:
        return self.truth.source == "MTUS"


def with_section(name: str, section: str | None, rng: Random) -> str:
    return name + (rng.choice([", ", ", ", " ", ": "]) + section if section else "")


def cite_mtus_topic(rng: Random, year: int) -> Cited:
    name, words = rng.choice(
        [
            (CHRONIC, ["Chronic Pain Treatment Guidelines", CHRONIC]),
            (CHRONIC, ["Chronic Pain Treatment Guidelines", CHRONIC]),
            (CHRONIC, ["Chronic Pain Treatment Guidelines"]),
            (POSTSURGICAL, [POSTSURGICAL, "Post-Surgical Treatment Guidelines"]),
            (ACUPUNCTURE, ["Acupuncture Treatment Guidelines"]),
        ]
    )  # fmt: skip
    topics = TOPICS if name == CHRONIC else [None]
    section = rng.choice([None, *topics]) if rng.random() < 0.9 else None
    if year >= 2016:
        plain = rng.choice(words).removesuffix(" Guidelines")
        tail = f", Section(s): {section}" if section else ""
        dated = "2007" if name == ACUPUNCTURE else "2009"
        truth = Citation("MTUS", name, section, edition=dated)
        return Cited(truth, f"MTUS {plain} {dated}{tail}", "")
    pages = ranges(rng) if rng.random() < 0.7 else ()
    truth = Citation("MTUS", name, section, pages)
    head = with_section(rng.choice(words), section, rng)
    topic = " topic" if section and rng.random() < 0.2 else ""
    mark = rng.choice(["MTUS ", "MTUS ", "MTUS: ", "MTUS, "])
    labelled = (
        mark + head + topic + paged(rng, pages, [" Page(s):", " Page(s)", ", page(s)", " Pages:"])
    )
    law = rng.choice(["", "", ", 8 C.C.R. 9792.20 - 9792.26", " (MTUS)"])
    words_2014 = f"{rng.choice(words)}{law}" + (f", {section}" if section else "")
    lead = rng.choice(["the ", "the ", "the MTUS ", "the California MTUS, "])
    tail = paged(rng, pages, [", pages", ", page", ", pg.", ", p.", ", pages:"])
    return Cited(truth, labelled, lead + words_2014 + tail)


def cite_chapter(rng: Random, year: int, source: str) -> Cited:
    number = rng.choice([8, 8, 9, 9, 10, 11, 11, 12, 12, 12, 13, 13, 14, 15, 16])
    name = CHAPTERS[number]
    if year >= 2016 and source == "MTUS":
        section = rng.choice([None, *CHAPTER_TOPICS])
        tail = f", Section(s): {section}" if section else ""
        dated = "2007" if number == 10 else "2004"
        truth = Citation("MTUS", name, section, edition=dated)
        return Cited(truth, f"MTUS {name} {dated}{tail}", "")
    section = rng.choice([None, None, expand(TABLE, rng, {}), *CHAPTER_TOPICS])
    pages = ranges(rng) if rng.random() < 0.7 else ()
    truth = Citation(source, name, section, pages, number)
    after = paged(rng, pages, [" Page(s):", ", page(s)", ", pages", " Page(s)"])
    if section and section.startswith("Table") and pages and rng.random() < 0.3:
        after, section_words = f"{after}, {section}", None
    else:
        section_words = section
    if source == "MTUS":
        labelled = f"MTUS ACOEM Chapter {number} " + with_section(name, section_words, rng) + after
    else:
        body = with_section(f"ACOEM Guidelines Chapter {number} {name}", section_words, rng)
        labelled = f"Non-MTUS Citation {body}{after}"
    edition = rng.choice([", 2nd Edition, 2004, ", " (2nd Edition, 2004), ", ", ", " "])
    college = rng.choice(
        [
            "American College of Occupational and Environmental Medicine (ACOEM) Guidelines",
            "ACOEM Practice Guidelines",
            "ACOEM Guidelines",
        ]
    )
    chapter = rng.choice(
        [f"Chapter {number} {name}", f"Chapter {number} ({name})", f"Chapter {number}, {name}"]
    )
    tail = (f", {section}" if section else "") + paged(
        rng, pages, [", pages", ", page", ", pg.", ", pgs."]
    )
    return Cited(truth, labelled, f"the {college}{edition}{chapter}{tail}")


def cite_odg(rng: Random) -> Cited:
    section = rng.choice([None, *DISABILITY_TOPICS])
    name = rng.choice([f"{ODG} (ODG)", f"{ODG} (ODG)", ODG, "ODG"])
    labelled = f"Non-MTUS Citation {with_section(name, section, rng)}"
    sentence = f"the {name}" + (f", {section}" if section else "")
    return Cited(Citation("ODG", ODG, section), labelled, sentence)


def cite_other(rng: Random) -> Cited:
    words = rng.choice(EVIDENCE)
    label = "Other Medical Treatment Guideline or Medical Evidence: "
    return Cited(Citation("other", words), f"Non-MTUS Citation {label}{words}", words)


def cite(rng: Random, year: int) -> Cited:
    kind = rng.choices(["topic", "chapter", "odg", "other", "acoem"], [6, 5, 5, 2, 1])[0]
    if kind == "topic":
        return cite_mtus_topic(rng, year)
    if kind in ("chapter", "acoem"):
        return cite_chapter(rng, year, "MTUS" if kind == "chapter" else "ACOEM")
    return cite_odg(rng) if kind == "odg" else cite_other(rng)


def side(rng: Random, year: int, silent: float) -> tuple[Cited, ...]:
    if rng.random() < silent:
        return ()
    return tuple(cite(rng, year) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])))
