"""The second author's letters in the words of their eras. The fixed words are the formats' own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ..letters import Letter, forget
from ..prose import HOLE
from ..wording import Header, Para, Worded
from . import prose
from .cited import Cited

DISPUTED = (
    "The Final Determination was based on decisions for the disputed items/services set forth "
    "below:"
)
DISCLAIMER = "Disclaimer: The following was taken directly from the utilization review denial:"
SILENT = [
    "The {who} did not cite any medical evidence for its decision.",
    "The {who} did not cite any medical evidence for its decision",
    "The {who} did not cite any guideline.",
    "The {who} did not reference any evidence-based criteria.",
    "No guideline was cited.",
    "None cited.",
    "None.",
    "N/A",
    "The MTUS does not address this treatment.",
    "The MTUS is silent on this topic.",
    "The MTUS and ACOEM do not address this item.",
    "California MTUS guidelines do not address the requested item.",
    "The {who} did not base their decision on the MTUS.",
    "Decision not based on any guideline.",
]
SILENT_2014 = [
    "The {who} did not cite any medical evidence for its decision.",
    "The {who} did not cite a guideline.",
    "The {who} cited no guideline.",
    "The {who} based its decision on no specific guideline.",
    "The {who} found that no section of the MTUS was applicable.",
]


def lost(rng: Random, worded: Worded, rows: dict[str, str], noise: int) -> dict[str, str]:
    """Now and then a row is gone, or its value blanked out."""
    if rng.random() > (0, 0.12, 0.3)[noise]:
        return rows
    name = rng.choice([one for one in rows if one in worded.letter.dates or one == "priority"])
    worded.letter = forget(worded.letter, name)
    return {key: row for key, row in rows.items() if key != name}


def header(rng: Random, worded: Worded, labels: dict[str, str], noise: int) -> None:
    letter = worded.letter
    style = rng.choice([0, 0, 0, 1, 2, 3])
    values = {"case_number": letter.case_number, "priority": letter.priority}
    for name, day in letter.dates.items():
        values[name] = [
            f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day:%y}", f"{day:%m-%d-%Y}",
            f"{day:%B} {day.day}, {day.year}",
        ][style]  # fmt: skip
    names = list(lost(rng, worded, labels, noise))
    if noise and rng.random() < 0.4:
        rng.shuffle(names)
    rows = tuple((labels[name], values[name]) for name in names)
    worded.blocks.append(Header(rows, single=False))


def board_sentence(rng: Random, letter: Letter, who: str) -> str:
    joint = rng.choice([" and ", ", "]) if len(letter.specialties) == 2 else ", "
    boards = joint.join(letter.specialties)
    states = ", ".join(letter.licensed_states)
    if len(letter.licensed_states) == 2:
        states = " and ".join(letter.licensed_states)
    return rng.choice(
        [
            f"The {who} is Board Certified in {boards} and is licensed to practice in {states}.",
            f"The {who} is Board Certified in {boards}, and is licensed to practice in {states}.",
            f"The {who} is board certified in {boards} and licensed to practice in {states}.",
        ]
    )


def how_made(rng: Random, worded: Worded, who: str, named: bool) -> None:
    text = (
        f"MAXIMUS Federal Services sent the complete case file to an {who}. He/she has no "
        "affiliation with the employer, employee, providers or the claims administrator. "
    )
    if named:
        text += board_sentence(rng, worded.letter, who) + " "
    text += (
        "He/she has been in active clinical practice for more than five years and is currently "
        f"working at least 24 hours a week in active practice. The {who} was selected based on "
        "his/her clinical experience, education, background, and expertise in the same or similar "
        "specialties that evaluate and/or treat the medical condition and disputed items/services."
    )
    worded.add(text)


def add_summary(worded: Worded) -> None:
    for number, text in enumerate(worded.letter.summary):
        worded.add(text, part=("summary", number))


# -- final-2015 and final-2016 -----------------------------------------------------------------

LABELS = {
    "case_number": "Case Number:",
    "date_assigned": "Date Assigned:",
    "date_of_injury": "Date of Injury:",
    "decision_date": "Decision Date:",
    "ur_denial_date": "UR Denial Date:",
    "priority": "Priority:",
    "application_received": "Application Received:",
}


def labelled_side(rng: Random, who: str, cited: Sequence[Cited]) -> str:
    if not cited:
        return rng.choice(SILENT).format(who=who)
    together = len(cited) > 1 and rng.random() < 0.2
    if together and all(one.truth.source != "other" for one in cited[:-1]):
        text = "Decision based on " + "; ".join(one.labelled for one in cited)
    else:
        text = ". ".join(f"Decision based on {one.labelled}" for one in cited)
    if rng.random() < 0.15 and not any(one.mtus for one in cited):
        lead = rng.choice(
            [
                "The MTUS does not address this request.",
                f"The {who} did not base their decision on the MTUS.",
            ]
        )
        text = f"{lead} {text}"
    return text + rng.choice([".", ".", ""])


def word_modern(rng: Random, worded: Worded, sides: list, noise: int) -> None:
    letter = worded.letter
    if rng.random() < 0.3:
        worded.add(
            rng.choice(["MAXIMUS FEDERAL SERVICES, INC.", "IMR FINAL DETERMINATION"]), "letterhead"
        )
    header(rng, worded, LABELS, noise)
    heading = rng.choice(["{}", "{}", "{}:"])
    named = rng.random() < 0.5
    lines = not named and rng.random() < 0.85
    if not named and not lines:
        worded.letter = forget(worded.letter, "specialties", "licensed_states")
    worded.add(heading.format("HOW THE IMR FINAL DETERMINATION WAS MADE"), "heading")
    how_made(rng, worded, "expert reviewer", named)
    worded.add(heading.format("CLINICAL CASE SUMMARY"), "heading")
    intro = (
        "The expert reviewer developed the following clinical case summary based on a review of "
        "the case file, including all medical records:"
    )
    states = Para(
        (("State(s) of Licensure:", True), (", ".join(letter.licensed_states), False)), "line"
    )
    boards = Para(
        (("Certification(s)/Specialty:", True), (", ".join(letter.specialties), False)), "line"
    )
    if rng.random() < 0.5:
        worded.add(intro)
        worded.blocks += [states, boards] if lines else []
    else:
        worded.blocks += [states, boards] if lines else []
        worded.add(intro)
    add_summary(worded)
    worded.add(heading.format("IMR ISSUES, DECISIONS AND RATIONALES"), "heading")
    worded.add(DISPUTED)
    numbering = rng.choice(["", "", "{}. ", "{}) ", "{}."])
    shout = rng.choice([str.capitalize, str.capitalize, str.capitalize, str.upper, str.lower])
    alone = rng.random() < 0.12
    sep = rng.choice([": ", ": ", ":  ", ":", " : "])
    for index, (issue, (claims, maximus)) in enumerate(zip(letter.issues, sides, strict=True)):
        glued = numbering.endswith(".") and issue.request[0].isdigit()  # "1.6 visits" says nothing
        number = numbering.format(index + 1) + " " * glued
        verdict = shout(issue.decision)
        if alone:
            worded.add(f"{number}{issue.request}:", "issue")
            worded.add(verdict, "line")
        else:
            worded.add(f"{number}{issue.request}{sep}{verdict}", "issue")
        worded.labelled(
            "Claims Administrator guideline:",
            [labelled_side(rng, "Claims Administrator", claims)],
            None,
        )
        worded.labelled(
            "MAXIMUS guideline:", [labelled_side(rng, "Expert Reviewer", maximus)], None
        )
        worded.labelled("Decision rationale:", issue.rationale, ("rationale", index))


# -- final-2014 --------------------------------------------------------------------------------

LABELS_2014 = {
    "case_number": "Case Number:",
    "date_of_injury": "Date of Injury:",
    "ur_denial_date": "Date of UR Decision:",
    "application_received": "Application Received:",
    "date_assigned": "Date Assigned:",
    "decision_date": "Decision Date:",
    "priority": "Priority:",
}


def sentence_side(rng: Random, who: str, cited: Sequence[Cited]) -> str:
    their = "its" if who.startswith("Claims") else "his/her"
    if not cited:
        return rng.choice(SILENT_2014).format(who=who)
    parts = []
    for one in cited:
        verb = rng.choice(["is", "is", "is", "are"])
        part = rng.choice(["part", "part", "a part"])
        parts.append(f"{one.sentence}, which {verb} {'' if one.mtus else 'not '}{part} of the MTUS")
    text = rng.choice([" and ", ", and ", "; and "]).join(parts)
    lead = f"The {who} based {their} decision on "
    if rng.random() < 0.1 and not any(one.mtus for one in cited):
        lead = (
            f"The {who} found that no section of the MTUS was applicable and based {their} "
            "decision on "
        )
    return f"{lead}{text}."


def add_documents(rng: Random, worded: Worded) -> None:
    worded.add("The following were received and considered:")
    for name in rng.sample(
        ["IMR application", f"UR determination dated {prose.any_date(rng)}",
         f"Records of {HOLE}, {prose.any_date(rng)} to {prose.any_date(rng)}",
         "Chronic Pain Medical Treatment Guidelines, MTUS", "Employee's letter"], 3,
    ):  # fmt: skip
        worded.add(f"{rng.choice(['•', '-', 'o', ''])} {name}".strip(), "item")


def word_2014(rng: Random, worded: Worded, sides: list, noise: int) -> None:
    letter = worded.letter
    worded.add("MAXIMUS FEDERAL SERVICES, INC.", "letterhead")
    worded.add("Independent Medical Review", "letterhead")
    header(rng, worded, LABELS_2014, noise)
    who = rng.choice(["Physician Reviewer", "Expert Reviewer"])
    worded.add("HOW THE IMR FINAL DETERMINATION WAS MADE", "heading")
    how_made(rng, worded, who.lower(), True)
    worded.add("DOCUMENTS REVIEWED", "heading")
    add_documents(rng, worded)
    worded.add("CLINICAL CASE SUMMARY", "heading")
    if rng.random() < 0.8:
        worded.add(
            f"The {who.lower()} developed the following clinical case summary based on a review "
            "of the case file, including all medical records:"
        )
    add_summary(worded)
    worded.add("IMR DECISION(S) AND RATIONALE(S)", "heading")
    worded.add(DISPUTED)
    for index, (issue, (claims, maximus)) in enumerate(zip(letter.issues, sides, strict=True)):
        verb = "is" if issue.decision == "overturned" else "is not"
        worded.add(
            f"{index + 1}. {issue.request} {verb} medically necessary and appropriate.", "issue"
        )
        one, other = (
            sentence_side(rng, "Claims Administrator", claims),
            sentence_side(rng, who, maximus),
        )
        if rng.random() < 0.3:
            worded.add(f"{one} {other}")
        else:
            worded.add(one)
            worded.add(other)
        worded.labelled(
            f"The {who}'s decision rationale:",
            issue.rationale,
            ("rationale", index),
            rng.random() < 0.7,
        )


# -- notice-2013 -------------------------------------------------------------------------------


def word_notice(rng: Random, worded: Worded, sides: list, noise: int) -> None:
    worded.letter = forget(worded.letter, "priority")
    letter = worded.letter
    days = {name: f"{day.month}/{day.day}/{day.year}" for name, day in letter.dates.items()}
    if rng.random() < 0.5:
        worded.add("MAXIMUS FEDERAL SERVICES, INC. Independent Medical Review", "letterhead")
    worded.add("Notice of Independent Medical Review Determination", "title")
    worded.add(f"Dated: {days['decision_date']}", "line")
    worded.blocks.append(
        Header(
            (
                ("Employee:", HOLE), ("Claim Number:", str(rng.randint(10**6, 10**7))),
                ("Date of UR Decision:", days["ur_denial_date"]),
                ("Date of Injury:", days["date_of_injury"]),
                ("IMR Application Received:", days["application_received"]),
                ("MAXIMUS Case Number:", letter.case_number),
            )
        )
    )  # fmt: skip
    close = rng.choice([")", ")", "."])
    items = []
    for number, issue in enumerate(letter.issues, 1):
        verb = "is" if issue.decision == "overturned" else rng.choice(["is not", "is not", "isnot"])
        space = "" if verb != "is" and rng.random() < 0.15 else " "
        items.append(
            f"{number}{close} MAXIMUS Federal Services, Inc. has determined the request for "
            f"{issue.request} {verb}{space}medically necessary and appropriate."
        )
    for item in items:
        worded.add(item, "issue")
    worded.add("INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE", "heading")
    worded.add(
        f"An application for Independent Medical Review was filed on {days['application_received']}"
        f" disputing the Utilization Review Denial dated {days['ur_denial_date']}. A Notice of "
        "Assignment and Request for Information was provided to the above parties on "
        f"{days['date_assigned']}. A decision has been made for each of the treatment and/or "
        "services that were in dispute:"
    )
    for item in items:
        worded.add(item, "issue")
    worded.add("Medical Qualifications of the Expert Reviewer:", "heading")
    worded.add(
        "The Medical Doctor who made the decision has no affiliation with the employer. "
        + board_sentence(rng, letter, "physician reviewer")
        + " He/she has been in active clinical practice for more than five years."
    )
    worded.add("Case Summary:", "heading")
    if rng.random() < 0.3:
        worded.letter = replace(worded.letter, summary=(DISCLAIMER, *worded.letter.summary))
    add_summary(worded)
    worded.add("Documents Reviewed for Determination:", "heading")
    add_documents(rng, worded)
    for index, (issue, (claims, maximus)) in enumerate(zip(letter.issues, sides, strict=True)):
        worded.add(f"{index + 1}{close} Regarding the request for {issue.request}:", "issue")
        worded.add(
            "Medical Treatment Guideline(s) Relied Upon by the Expert Reviewer to Make His/Her "
            "Decision:",
            "label",
        )
        worded.add(sentence_side(rng, "Claims Administrator", claims))
        worded.add(sentence_side(rng, "Expert Reviewer", maximus))
        worded.labelled(
            "Rationale for the Decision:", issue.rationale, ("rationale", index), rng.random() < 0.4
        )


# -- professional-review-2013 ------------------------------------------------------------------

LABELS_PROFESSIONAL = {
    "case_number": "IMR Case Number:",
    "date_of_injury": "Date of Injury:",
    "ur_denial_date": "Date of UR Decision:",
    "application_received": "Application Received:",
    "date_assigned": "Date Assigned:",
    "decision_date": "Decision Date:",
}


def word_professional(rng: Random, worded: Worded, sides: list, noise: int) -> None:
    worded.letter = forget(worded.letter, "priority")
    worded.add(
        rng.choice(["MEDICAL PROFESSIONAL REVIEW", "MEDICAL PROFESSIONAL REVIEW REPORT"]), "title"
    )
    header(rng, worded, LABELS_PROFESSIONAL, noise)
    letter = worded.letter
    several = len(letter.issues) > 1
    worded.add("ISSUE AT DISPUTE:", "label")
    for number, issue in enumerate(letter.issues, 1):
        worded.add(f"{number}. {issue.request}" if several else issue.request, "line")
    worded.add("CASE SUMMARY:", "label")
    add_summary(worded)
    worded.add("DOCUMENTS REVIEWED FOR DETERMINATION:", "label")
    add_documents(rng, worded)
    for index, (issue, (_, maximus)) in enumerate(zip(letter.issues, sides, strict=True)):
        worded.add(
            "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:",
            "label",
        )
        lines = [f"{one.labelled.removeprefix('Non-MTUS Citation ')}" for one in maximus]
        lines = [
            line.removeprefix("Other Medical Treatment Guideline or Medical Evidence: ")
            for line in lines
        ]
        for line in lines or ["None were relied upon."]:
            worded.add(line + rng.choice(["", "."]), "line")
        verb = "IS" if issue.decision == "overturned" else "IS NOT"
        worded.labelled(
            f"RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE {verb} MEDICALLY NECESSARY:",
            issue.rationale, ("rationale", index), rng.random() < 0.3,
        )  # fmt: skip
    worded.add("MEDICAL REVIEWER QUALIFICATIONS:", "label")
    worded.add(board_sentence(rng, letter, "reviewer"))


WRITERS = {
    "final-2015": word_modern,
    "final-2016": word_modern,
    "final-2014": word_2014,
    "notice-2013": word_notice,
    "professional-review-2013": word_professional,
}
