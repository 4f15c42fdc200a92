"""A letter's truth in the words of its era. The fixed words are DOMAIN's."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .foreign import word_foreign
from .guidelines import Citation, written_2014, written_2015, written_2016, written_plain
from .letters import UNKNOWN, Issue, Letter, Part, forget
from .prose import short_date
from .wording import (
    LABELS,
    Header,
    Para,
    Variant,
    Worded,
    add_documents,
    add_header,
    add_summary,
    board_sentence,
    choose_variant,
    drop_some,
    heading,
    reviewer_paragraph,
    summary_intro,
)


def word_letter(rng: Random, letter: Letter, noise: int) -> Worded:
    variant = choose_variant(rng, letter.format, noise)
    writer = {
        "final-2015": word_modern,
        "final-2016": word_modern,
        "final-2014": word_2014,
        "notice-2013": word_notice,
        "professional-review-2013": word_professional,
        UNKNOWN: word_foreign,
    }[letter.format]
    return writer(rng, letter, variant, noise)


# -- final-2015 and final-2016 ---------------------------------------------------------------

DISPUTED = (
    "The Final Determination was based on decisions for the disputed items/services set forth "
    "below:"
)
NO_EVIDENCE = "The {} did not cite any medical evidence for its decision."
NOT_MTUS = "The {} did not base their decision on the MTUS."


def modern_side(rng: Random, letter: Letter, side: str, citations: Sequence[Citation]) -> str:
    write = written_2016 if letter.format == "final-2016" else written_2015
    lines = [f"Decision based on {write(rng, one)}." for one in citations]
    beyond = all(one.source != "MTUS" for one in citations)
    if letter.format == "final-2016" and beyond:
        if not lines or rng.random() < 0.5:
            lines.insert(0, NOT_MTUS.format(side))
    elif not lines:
        silent = [NO_EVIDENCE.format(side)] * 3 + ["The MTUS does not address this request."]
        lines = [rng.choice(silent)]
    text = " ".join(lines)
    return text[:-1] if citations and rng.random() < 0.15 else text


def word_modern(rng: Random, letter: Letter, variant: Variant, noise: int) -> Worded:
    worded = Worded(letter)
    if noise and rng.random() < 0.3:
        worded.add("MAXIMUS FEDERAL SERVICES, INC.", "letterhead")
        worded.add(rng.choice(["Independent Medical Review", "P.O. Box 138009"]), "letterhead")
    add_header(rng, worded, LABELS, variant, noise)
    named = rng.random() < (0.75 if letter.format == "final-2015" else 0.35)
    lines = not named and rng.random() < 0.9
    if not named and not lines:
        worded.letter = forget(worded.letter, "specialties", "licensed_states")
    heading(worded, "HOW THE IMR FINAL DETERMINATION WAS MADE", variant)
    worded.add(reviewer_paragraph(rng, letter, variant.reviewer, named))
    heading(worded, "CLINICAL CASE SUMMARY", variant)
    worded.add(summary_intro(variant.reviewer))
    if lines:
        states = ", ".join(letter.licensed_states)
        worded.blocks += [
            Para((("State(s) of Licensure:", True), (states, False)), "line"),
            Para(
                (("Certification(s)/Specialty:", True), (", ".join(letter.specialties), False)),
                "line",
            ),
        ]
    add_summary(worded)
    heading(worded, "IMR ISSUES, DECISIONS AND RATIONALES", variant)
    worded.add(DISPUTED)
    for index, issue in enumerate(letter.issues):
        add_modern_issue(rng, worded, index, issue, variant)
    return worded


def add_modern_issue(
    rng: Random, worded: Worded, index: int, issue: Issue, variant: Variant
) -> None:
    number = f"{index + 1}{variant.numbering} " if variant.numbering else ""
    verdict = issue.decision.capitalize()
    worded.add(f"{number}{issue.request}: {verdict}", "issue")
    expert = "Expert Reviewer" if variant.reviewer == "expert" else "Physician Reviewer"
    sides = [
        ("Claims Administrator guideline:", "Claims Administrator", issue.claims),
        ("MAXIMUS guideline:", expert, issue.maximus),
    ]
    for label, side, citations in sides:
        text = modern_side(rng, worded.letter, side, citations)
        worded.labelled(label, [text], None)
    worded.labelled(
        "Decision rationale:", issue.rationale, ("rationale", index), variant.inline_labels
    )


# -- final-2014 ------------------------------------------------------------------------------

LABELS_2014 = [
    {"case_number": "Case Number:", "ur_denial_date": "Date of UR Decision:",
     "date_of_injury": "Date of Injury:", "decision_date": "Decision Date:",
     "application_received": "Application Received:", "date_assigned": "Date Assigned:",
     "priority": "Priority:"},
    {"case_number": "Case Number:", "date_assigned": "Date Assigned:",
     "date_of_injury": "Date of Injury:", "decision_date": "Decision Date:",
     "ur_denial_date": "UR Denial Date:", "priority": "Priority:",
     "application_received": "Application Received:"},
    {"case_number": "IMR Case Number:", "date_of_injury": "Date of Injury:",
     "ur_denial_date": "Date of UR Decision:", "application_received": "Application Received:",
     "priority": "Priority:", "date_assigned": "Date Assigned:",
     "decision_date": "Decision Date:"},
]  # fmt: skip


def sentence_2014(rng: Random, who: str, pronoun: str, citations: Sequence[Citation]) -> str:
    """`The … based its decision on the …, which is part of the MTUS and the …`."""
    if not citations:
        return NO_EVIDENCE.format(who).replace("its", pronoun)
    joint = rng.choice([" and ", ", and ", " and on "])
    parts = joint.join(written_2014(rng, one) for one in citations)
    return f"The {who} based {pronoun} decision on {parts}."


def word_2014(rng: Random, letter: Letter, variant: Variant, noise: int) -> Worded:
    worded = Worded(letter)
    worded.add("MAXIMUS FEDERAL SERVICES, INC.", "letterhead")
    worded.add("Independent Medical Review", "letterhead")
    if rng.random() < 0.7:
        worded.add("P.O. Box 138009", "letterhead")
        worded.add("Sacramento, CA 95813-8009", "letterhead")
    add_header(rng, worded, rng.choice(LABELS_2014), variant, noise)
    heading(worded, "HOW THE IMR FINAL DETERMINATION WAS MADE", variant)
    worded.add(reviewer_paragraph(rng, letter, variant.reviewer, True))
    documents_first = rng.random() < 0.7
    if documents_first:
        heading(worded, "DOCUMENTS REVIEWED", variant)
        add_documents(rng, worded)
    heading(worded, "CLINICAL CASE SUMMARY", variant)
    worded.add(summary_intro(variant.reviewer))
    add_summary(worded)
    heading(worded, "IMR DECISION(S) AND RATIONALE(S)", variant)
    worded.add(DISPUTED)
    for index, issue in enumerate(letter.issues):
        add_2014_issue(rng, worded, index, issue, variant)
    return worded


def add_2014_issue(rng: Random, worded: Worded, index: int, issue: Issue, variant: Variant) -> None:
    verdict = "is" if issue.decision == "overturned" else "is not"
    worded.add(
        f"{index + 1}. {issue.request} {verdict} medically necessary and appropriate.", "issue"
    )
    reviewer = f"{variant.reviewer.capitalize()} Reviewer"
    worded.add(sentence_2014(rng, "Claims Administrator", "its", issue.claims))
    worded.add(sentence_2014(rng, reviewer, "his/her", issue.maximus))
    label = f"The {reviewer}'s decision rationale:"
    worded.labelled(label, issue.rationale, ("rationale", index), variant.inline_labels)


# -- notice-2013 -----------------------------------------------------------------------------


def word_notice(rng: Random, letter: Letter, variant: Variant, noise: int) -> Worded:
    worded = Worded(forget(letter, "priority"))
    dates = {name: short_date(day, variant.padded_dates) for name, day in letter.dates.items()}
    if rng.random() < 0.7:
        worded.add("MAXIMUS FEDERAL SERVICES, INC.", "letterhead")
    worded.add("Notice of Independent Medical Review Determination", "title")
    worded.add(f"Dated: {dates['decision_date']}", "line")
    rows = [
        ("ur_denial_date", "Date of UR Decision:", dates["ur_denial_date"]),
        ("date_of_injury", "Date of Injury:", dates["date_of_injury"]),
        ("application_received", "IMR Application Received:", dates["application_received"]),
        ("case_number", "MAXIMUS Case Number:", letter.case_number),
    ]
    # The two dates of the application sentence stay known though their label be blank.
    rows = drop_some(rng, worded, rows, noise, {"ur_denial_date", "application_received"})
    blank = [("", "Employee:", ""), ("", "Claim Number:", "")]
    rows = blank + rows if rng.random() < 0.8 else rows + blank
    worded.blocks.append(Header(tuple(row[1:] for row in rows), single=True))
    items = notice_items(rng, letter, noise)
    for item in items:
        worded.add(item, "issue")
    heading(worded, "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE", variant)
    worded.add(
        "An application for Independent Medical Review was filed on "
        f"{dates['application_received']} disputing the Utilization Review Denial dated "
        f"{dates['ur_denial_date']}. A Notice of Assignment and Request for Information was "
        f"provided to the above parties on {dates['date_assigned']}. A decision has been made for "
        "each of the treatment and/or services that were in dispute:"
    )
    for item in items:
        worded.add(item, "issue")
    add_notice_parts(rng, worded, variant)
    for index, issue in enumerate(letter.issues):
        add_notice_issue(rng, worded, index, issue, variant)
    return worded


def notice_items(rng: Random, letter: Letter, noise: int) -> list[str]:
    """The list of decisions; the PDF can lose the space after "not"."""
    items = []
    for number, issue in enumerate(letter.issues, 1):
        lost = noise and rng.random() < 0.2
        verdict = "is " if issue.decision == "overturned" else "is not" if lost else "is not "
        items.append(
            f"{number}) MAXIMUS Federal Services, Inc. has determined the request for "
            f"{issue.request} {verdict}medically necessary and appropriate."
        )
    return items


def add_notice_parts(rng: Random, worded: Worded, variant: Variant) -> None:
    def reviewer() -> None:
        worded.add("Medical Qualifications of the Expert Reviewer:", "heading")
        worded.add(
            "The independent Medical Doctor who made the decision has no affiliation with the "
            "employer, employee, providers or the claims administrator. "
            f"{board_sentence(rng, worded.letter, variant.reviewer)} He/she has been in active "
            "clinical practice for more than five years and is currently working at least 24 "
            "hours a week in active practice."
        )

    def summary() -> None:
        worded.add("Case Summary:", "heading")
        add_summary(worded)

    def documents() -> None:
        worded.add("Documents Reviewed for Determination:", "heading")
        add_documents(rng, worded)

    parts = [reviewer, summary, documents]
    for part in parts if rng.random() < 0.8 else [reviewer, documents, summary]:
        part()


def add_notice_issue(
    rng: Random, worded: Worded, index: int, issue: Issue, variant: Variant
) -> None:
    worded.add(f"{index + 1}) Regarding the request for {issue.request}:", "issue")
    worded.add(
        "Medical Treatment Guideline(s) Relied Upon by the Expert Reviewer to Make His/Her "
        "Decision:",
        "label",
    )
    worded.add(sentence_2014(rng, "Claims Administrator", "its", issue.claims))
    worded.add(sentence_2014(rng, "Expert Reviewer", "his/her", issue.maximus))
    worded.labelled(
        "Rationale for the Decision:",
        issue.rationale,
        ("rationale", index),
        variant.inline_labels and rng.random() < 0.4,
    )


# -- professional-review-2013 ----------------------------------------------------------------

TITLES = [
    "MEDICAL PROFESSIONAL REVIEW",
    "MEDICAL PROFESSIONAL REVIEW DETERMINATION",
    "MEDICAL PROFESSIONAL REVIEWER REPORT",
]
LABELS_PROFESSIONAL = {
    "case_number": "MAXIMUS Case Number:",
    "ur_denial_date": "Date of UR Decision:",
    "date_of_injury": "Date of Injury:",
    "application_received": "IMR Application Received:",
    "date_assigned": "Date Assigned:",
    "decision_date": "Decision Date:",
}


def word_professional(rng: Random, letter: Letter, variant: Variant, noise: int) -> Worded:
    worded = Worded(forget(letter, "priority"))
    [issue] = letter.issues
    worded.add(rng.choice(TITLES), "title")
    add_header(rng, worded, LABELS_PROFESSIONAL, variant, noise)
    inline = variant.inline_labels and rng.random() < 0.4

    def section(label: str, paragraphs: Sequence[str], part: Part | None = None) -> None:
        worded.labelled(label, paragraphs, part, inline)

    section("ISSUE AT DISPUTE:", [issue.request])
    section("CASE SUMMARY:", letter.summary, ("summary",))
    worded.add("DOCUMENTS REVIEWED FOR DETERMINATION:", "label")
    add_documents(rng, worded)
    cited = [written_plain(rng, one) for one in issue.maximus]
    lines = [line + "." for line in cited] or ["No guideline was relied upon."]
    section(
        "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:",
        lines if rng.random() < 0.6 else [" ".join(lines)],
    )
    tense = rng.choice(["IS", "WAS", "IS/WAS"])
    verdict = f"{tense} NOT" if issue.decision == "upheld" else tense
    section(
        f"RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE {verdict} MEDICALLY NECESSARY:",
        issue.rationale,
        ("rationale", 0),
    )
    section("MEDICAL REVIEWER QUALIFICATIONS:", [board_sentence(rng, letter, variant.reviewer)])
    return worded
