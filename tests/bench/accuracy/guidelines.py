"""Guidelines as the two sides cite them: what stands in the letter, and what it means.

Each era writes the same citation its own way; `written_2014`, `written_2015` and `written_2016`
give the words, and the `Citation` itself is the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

Pages = tuple[tuple[int, int], ...]

CHAPTERS = {
    8: "Neck and Upper Back Complaints",
    9: "Shoulder Complaints",
    10: "Elbow Disorders",
    11: "Forearm, Wrist, and Hand Complaints",
    12: "Low Back Complaints",
    13: "Knee Complaints",
    14: "Ankle and Foot Complaints",
    15: "Stress Related Conditions",
    16: "Eye Complaints",
}
CHRONIC = "Chronic Pain Medical Treatment Guidelines"
POSTSURGICAL = "Postsurgical Treatment Guidelines"
ACUPUNCTURE = "Acupuncture Medical Treatment Guidelines"
APPROACHES = "General Approaches"
ODG = "Official Disability Guidelines"

CHAPTER_SECTIONS = [
    "Initial Care",
    "Special Studies",
    "Surgical Considerations",
    "Physical Methods",
    "Activity Alteration",
    "Special Studies and Diagnostic and Treatment Considerations",
    "Follow-up Visits",
    "Medications",
    "Diagnostic Criteria",
    "Work Activities",
    "Summary of Recommendations",
]
CHRONIC_SECTIONS = [
    "Opioids",
    "Opioids, criteria for use",
    "Physical Medicine",
    "Topical Analgesics",
    "Muscle relaxants (for pain)",
    "NSAIDs, GI symptoms & cardiovascular risk",
    "Epidural steroid injections (ESIs)",
    "TENS, chronic pain (transcutaneous electrical nerve stimulation)",
    "Antiepilepsy drugs (AEDs)",
    "Functional restoration programs (FRPs)",
    "Weaning of Medications",
    "Manual therapy & manipulation",
    "Behavioral interventions",
    "Drug testing",
    "Benzodiazepines",
    "Massage therapy",
    "Aquatic therapy",
    "Trigger point injections",
    "Carisoprodol (Soma)",
    "Gym memberships",
]
POSTSURGICAL_SECTIONS = ["Shoulder", "Knee", "Low Back", "Carpal Tunnel Syndrome", "Elbow"]
ODG_CHAPTERS = [
    "Low Back Chapter",
    "Knee & Leg Chapter",
    "Pain Chapter",
    "Shoulder Chapter",
    "Neck & Upper Back Chapter",
    "Forearm, Wrist, & Hand Chapter",
    "Mental Illness & Stress Chapter",
    "Ankle & Foot Chapter",
    "Carpal Tunnel Syndrome Chapter",
    "Hip & Pelvis Chapter",
    "Elbow Chapter",
    "Diabetes Chapter",
]
ODG_TOPICS = [
    "MRI's",
    "Compound drugs",
    "Proton pump inhibitors",
    "Opioids, specific drug list",
    "Facet joint diagnostic blocks (injections)",
    "Office visits",
    "Urine drug testing (UDT)",
    "Gym memberships",
    "Physical therapy",
    "Zolpidem (Ambien)",
    "Lumbar supports",
    "Cold/heat packs",
    "Criteria for knee joint replacement",
    "Nerve conduction studies (NCS)",
]
EVIDENCE = [
    "FDA label for ondansetron",
    "Cochrane Database Syst Rev. 2014; Issue 3: exercise for neck disorders",
    "http://www.drugs.com/pro/tizanidine.html",
    "AAOS clinical practice guideline on rotator cuff problems",
    "Bigos SJ, et al. Spine J. 2009; 9(2): high-quality controlled trials on preventing episodes",
    "American Academy of Family Physicians, Guidelines for the Outpatient Detoxification",
    "www.ncbi.nlm.nih.gov/pubmed/19713893",
    "Goodman and Gilman's The Pharmacological Basis of Therapeutics, 12th ed.",
    "Labor Code 4600(a)",
    "American Society of Interventional Pain Physicians practice statement",
    "Clin Orthop Relat Res. 2011 Jun; viscosupplementation for knee arthritis",
    "PDR.net, Lunesta",
    "Medscape reference on hypothyroidism",
    "Anthem Medical Policy SURG.00055, cervical disc procedures",
]

YEARS = {CHRONIC: 2009, POSTSURGICAL: 2009, ACUPUNCTURE: 2007, "Opioids": 2016}


@dataclass(frozen=True)
class Citation:
    """The truth of one citation, with the chapter number that some eras write."""

    source: str
    guideline: str
    section: str | None = None
    pages: Pages = ()
    chapter: int | None = None
    edition: str | None = None

    def record(self) -> dict:
        return {
            "source": self.source,
            "guideline": self.guideline,
            "edition": self.edition,
            "section": self.section,
            "pages": [list(pages) for pages in self.pages],
        }


def page_ranges(rng: Random) -> Pages:
    """One to three rising ranges, never touching: no reader could tell those apart from one."""
    ranges, low = [], rng.randint(5, 300)
    for _ in range(rng.choices([1, 2, 3], [6, 3, 1])[0]):
        high = low + (rng.randint(1, 6) if rng.random() < 0.6 else 0)
        ranges.append((low, high))
        low = high + rng.randint(2, 40)
    return tuple(ranges)


def table(rng: Random, chapter: int) -> str:
    return f"Table {chapter}-{rng.randint(1, 9)}"


def chapter_section(rng: Random, chapter: int) -> str | None:
    return rng.choices(
        [None, rng.choice(CHAPTER_SECTIONS), table(rng, chapter)], [3, 5, 1.5]
    )[0]  # fmt: skip


def some_pages(rng: Random, chance: float) -> Pages:
    return page_ranges(rng) if rng.random() < chance else ()


def cite_chapter(rng: Random, source: str, paged: float) -> Citation:
    chapter = rng.choices(list(CHAPTERS), [3, 4, 1, 3, 6, 4, 2, 1, 0.5])[0]
    section = chapter_section(rng, chapter)
    return Citation(source, CHAPTERS[chapter], section, some_pages(rng, paged), chapter)


def cite_topical(rng: Random, guideline: str, sections: list[str], paged: float) -> Citation:
    section = rng.choice(sections) if sections and rng.random() < 0.6 else None
    return Citation("MTUS", guideline, section, some_pages(rng, paged))


def cite_odg(rng: Random) -> Citation:
    if rng.random() < 0.2:
        return Citation("ODG", ODG)
    chapter = rng.choice(ODG_CHAPTERS)
    topic = f", {rng.choice(ODG_TOPICS)}" if rng.random() < 0.65 else ""
    return Citation("ODG", ODG, chapter + topic)


def cite(rng: Random, era: int) -> Citation:
    """One citation as letters of the era make them. In 2016 pages went out of use, and the name
    of each chapter of the MTUS is followed by its year."""
    cited = cite_any(rng, era)
    if era < 2016 or cited.source != "MTUS":
        return cited
    return replace(cited, edition=str(YEARS.get(cited.guideline, 2004)))


def cite_any(rng: Random, era: int) -> Citation:
    paged = 0.0 if era >= 2016 else 0.75
    kind = rng.choices(
        ["chapter", "chronic", "postsurgical", "acupuncture", "odg", "other", "acoem", "late"],
        [5, 6, 1, 1, 5, 1.5, 0.7, 0.8 if era >= 2016 else 0],
    )[0]
    if kind == "chapter":
        return cite_chapter(rng, "MTUS", paged)
    if kind == "acoem":
        return cite_chapter(rng, "ACOEM", 0.75)
    if kind == "chronic":
        return cite_topical(rng, CHRONIC, CHRONIC_SECTIONS, paged)
    if kind == "postsurgical":
        return cite_topical(rng, POSTSURGICAL, POSTSURGICAL_SECTIONS, paged)
    if kind == "acupuncture":
        return cite_topical(rng, ACUPUNCTURE, [], paged / 3)
    if kind == "odg":
        return cite_odg(rng)
    if kind == "late":
        return cite_topical(rng, rng.choice([APPROACHES, "Opioids"]), CHAPTER_SECTIONS[:1], 0)
    return Citation("other", rng.choice(EVIDENCE))


def written_range(rng: Random, first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}{rng.choices(['-', '–', ' - '], [8, 2, 0.6])[0]}{last}"


def written_pages(rng: Random, pages: Pages) -> str:
    """The page list in one of the ways letters write it: `74-80, 93`, `8 & 9`, `78 of 127`."""
    if len(pages) == 1 and pages[0][0] == pages[0][1] and rng.random() < 0.15:
        return f"{pages[0][0]} of {pages[0][1] + rng.randint(1, 90)}"
    parts = [written_range(rng, *one) for one in pages]
    if len(parts) == 2 and rng.random() < 0.3:
        return rng.choice([" & ", " and "]).join(parts)
    return ", ".join(parts)


def written_2015(rng: Random, cited: Citation) -> str:
    """`Decision based on …`, without the closing full stop."""
    section = cited.section or ""
    pages = f" Page(s): {written_pages(rng, cited.pages)}" if cited.pages else ""
    if cited.source == "ODG":
        return "Non-MTUS Citation " + written_odg(rng, section)
    if cited.source == "other":
        label = "Other Medical Treatment Guideline or Medical Evidence"
        return f"Non-MTUS Citation {label}: {cited.guideline}"
    if cited.source == "ACOEM":
        return f"Non-MTUS Citation {written_acoem(rng, cited)}"
    name = {
        CHRONIC: rng.choices(
            [
                "MTUS Chronic Pain Treatment Guidelines",
                "MTUS Chronic Pain Medical Treatment Guidelines",
                "MTUS: Chronic Pain Medical Treatment Guidelines",
            ],
            [5, 2, 1],
        )[0],
        POSTSURGICAL: "MTUS Postsurgical Treatment Guidelines",
        ACUPUNCTURE: f"MTUS Acupuncture {rng.choice(['', 'Medical '])}Treatment Guidelines",
    }.get(cited.guideline, f"MTUS ACOEM Chapter {cited.chapter} {cited.guideline}")
    if section and cited.guideline == CHRONIC and rng.random() < 0.3:
        section += " topic"
    comma = "," if section and rng.random() < 0.3 else ""
    return f"{name}{comma} {section}".strip() + pages


def written_odg(rng: Random, section: str) -> str:
    name = rng.choices([f"{ODG} (ODG)", ODG, "ODG"], [8, 1, 0.7])[0]
    if not section:
        return name
    return name + rng.choices([", ", " ", ": "], [7, 2, 1])[0] + section


def written_acoem(rng: Random, cited: Citation) -> str:
    """DOMAIN's form: `ACOEM Guidelines Chapter 9 Shoulder Complaints, Table 9-6, page 213`."""
    section = f", {cited.section}" if cited.section else ""
    return f"ACOEM Guidelines Chapter {cited.chapter} {cited.guideline}{section}" + lone_pages(
        rng, cited.pages
    )


def lone_pages(rng: Random, pages: Pages) -> str:
    if not pages:
        return ""
    one = len(pages) == 1 and pages[0][0] == pages[0][1]
    word = rng.choices(["page" if one else "pages", "pg." if one else "pgs."], [9, 0.7])[0]
    return f", {word} {written_pages(rng, pages)}"


def written_2016(rng: Random, cited: Citation) -> str:
    if cited.source != "MTUS":
        return written_2015(rng, cited)
    name = {
        CHRONIC: "Chronic Pain Medical Treatment",
        POSTSURGICAL: "Post-Surgical Treatment",
        ACUPUNCTURE: "Acupuncture Treatment",
    }.get(cited.guideline, cited.guideline)
    section = f", Section(s): {cited.section}" if cited.section else ""
    return f"MTUS {name} {cited.edition}{section}"


def written_2014(rng: Random, cited: Citation) -> str:
    """The citation in a sentence of 2013 and 2014, closed by whether it is part of the MTUS."""
    section = f", {cited.section}" if cited.section else ""
    pages = lone_pages(rng, cited.pages)
    if cited.source == "ODG":
        name = "the " + written_odg(rng, cited.section or "")
    elif cited.source == "other":
        label = rng.choice(["", "", "Other Medical Treatment Guideline or Medical Evidence: "])
        name = label + cited.guideline
    elif cited.chapter:
        edition = rng.choices([", 2nd Edition, 2004", ", 2nd Edition (2004)", ""], [7, 1, 2])[0]
        society = "American College of Occupational and Environmental Medicine (ACOEM) Guidelines"
        chapter = f", Chapter {cited.chapter} {cited.guideline}"
        name = f"the {society}{edition}{chapter}{section}{pages}"
    else:
        law = (
            ", 8 C.C.R. 9792.20 - 9792.26"
            if cited.guideline == CHRONIC and rng.random() < 0.3
            else ""
        )
        name = f"the {cited.guideline}{law}{section}{pages}"
    part = "part" if cited.source == "MTUS" else "not part"
    return f"{name}, which is {part} of the MTUS"


def written_plain(rng: Random, cited: Citation) -> str:
    """As a bare line, for the professional review's list of guidelines."""
    section = f", {cited.section}" if cited.section else ""
    pages = lone_pages(rng, cited.pages)
    if cited.source == "ODG":
        return written_odg(rng, cited.section or "")
    if cited.source == "other":
        return cited.guideline
    if cited.source == "ACOEM":
        return written_acoem(rng, cited)
    if cited.chapter:
        chapter = f"Chapter {cited.chapter} {cited.guideline}"
        return f"MTUS ACOEM {chapter}{section}{pages}"
    return f"MTUS {cited.guideline}{section}{pages}"
