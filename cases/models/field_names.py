"""The fields that a letter gives a case and its issues, in the order in which people see them."""

from __future__ import annotations

from django.db.models import Field, Model

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
PARTIAL_FIELDS = ("requested", "authorized", "in_dispute")  # of a partial authorization
ISSUE_FIELDS = (
    "treatment_request",
    *PARTIAL_FIELDS,
    "decision",
    "category",
    "subcategory",
    "body_parts",
    "retrospective",
    "rationale",
    "claims_guideline",
    "maximus_guideline",
)
CITATION_FIELDS = ("source", "guideline", "edition", "section", "pages", "raw")


def field_label(model: type[Model], name: str) -> str:
    """The verbose name of a field of the model itself, not of a relation to it."""
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.verbose_name)
