"""Labels of flags on pages. Their codes come from `cases.letters.checks`."""

from __future__ import annotations

FLAG_LABELS = {
    "ur-date-disagrees": "UR date disagrees",
    "injury-date-disagrees": "Injury date disagrees",
    "decision-disagrees": "Decision disagrees with the rationale",
    "dates-out-of-order": "Dates out of order",
    "issue-without-decision": "Issue without decision",
    "issue-without-rationale": "Issue without rationale",
    "unknown-format": "Unknown format",
    "missing-case-number": "Case number not found",
    "missing-priority": "Priority not found",
    "missing-date-of-injury": "Date of injury not found",
    "missing-ur-denial-date": "UR denial date not found",
    "missing-application-received": "Application received not found",
    "missing-date-assigned": "Date assigned not found",
    "missing-decision-date": "Decision date not found",
    "missing-clinical-summary": "Clinical case summary not found",
    "missing-specialties": "Specialty not found",
    "missing-licensed-states": "State of licensure not found",
    "missing-issues": "Disputed treatment not found",
    "guideline-too-long": "Guideline text too long to search",
}


def flag_label(code: str) -> str:
    return FLAG_LABELS.get(code) or code.replace("-", " ").capitalize()
