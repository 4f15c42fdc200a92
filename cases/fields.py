"""The fields that a letter gives a case and its issues, in the order in which people see them."""

from __future__ import annotations

CASE_FIELDS = (
    "case_number",
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
    "priority",
    "specialties",
    "licensed_states",
    "format",
    "first_page",
    "last_page",
    "clinical_summary",
)
ISSUE_FIELDS = (
    "treatment_request",
    "decision",
    "category",
    "rationale",
    "claims_guideline",
    "maximus_guideline",
)
