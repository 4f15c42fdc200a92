"""What flags are called on pages. Their codes come from `cases.letters.checks`."""

from __future__ import annotations

FLAG_WORDS = {
    "ur-date-disagrees": "UR date disagrees",
    "injury-date-disagrees": "Injury date disagrees",
    "decision-disagrees": "Decision disagrees with the rationale",
    "dates-out-of-order": "Dates out of order",
    "issue-without-decision": "Issue without decision",
    "issue-without-rationale": "Issue without rationale",
    "unknown-format": "Unknown format",
    "missing-case-number": "No case number",
    "missing-priority": "No priority",
    "missing-date-of-injury": "No date of injury",
    "missing-ur-denial-date": "No UR denial date",
    "missing-application-received": "No date of application",
    "missing-date-assigned": "No date assigned",
    "missing-decision-date": "No decision date",
    "missing-clinical-summary": "No clinical case summary",
    "missing-specialties": "No specialty",
    "missing-licensed-states": "No state of licensure",
    "missing-issues": "No issues",
}


def flag_words(code: str) -> str:
    return FLAG_WORDS.get(code) or code.replace("-", " ").capitalize()
