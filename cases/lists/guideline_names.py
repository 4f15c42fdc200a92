"""Guidelines by names that fit into a table."""

from __future__ import annotations

import re

from cases.index.rows import OTHER, SILENT

# "Low Back Disorders" is a chapter of today beside "Low Back Complaints", and keeps its name.
LENGTHY = re.compile(r"\s+(?:(?:Medical )?Treatment Guidelines?|Complaints|Related Conditions)$")
SHORT = {
    SILENT: "No citation",
    OTHER: "Other evidence",
    "Elbow Disorders": "Elbow",
    "Official Disability Guidelines": "ODG",
    "Forearm, Wrist, and Hand Complaints": "Forearm, Wrist, Hand",
}
FULL = {SILENT: "no citation", OTHER: "other evidence"}


def short_name(guideline: str) -> str:
    return SHORT.get(guideline) or LENGTHY.sub("", guideline)


def full_name(guideline: str) -> str:
    return FULL.get(guideline, guideline)


class ShortNames(dict):
    """The short name of any guideline."""

    def __missing__(self, guideline: str) -> str:
        return short_name(guideline)
