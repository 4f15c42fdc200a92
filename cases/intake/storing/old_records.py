"""Records of readings from before subcategories, body parts and editions → records of today's form.

What follows from a request's words is worked out anew, and stands in the record as if it had been
read so: rows take the same values, and a new reading sets them without anybody having corrected
them. Where the words stand on the page, and editions, only a new reading of the letter knows. Pure.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.letters.requests.coding import Coding, code_request, parts_in

Json = dict[str, Any]
MISSING = {"status": "missing", "spans": []}
NEW_FIELDS = ("requested", "authorized", "in_dispute", "retrospective", "body_parts")
SIDES = ("claims_citations", "maximus_citations", "rationale_citations")


def is_old(record: Json) -> bool:
    return any("subcategory" not in issue for issue in record["issues"])


def upgrade_record(record: Json) -> Json:
    """The record with all keys of today; itself where it has them."""
    if not is_old(record):
        return record
    decided = record["decision_date"] and dt.date.fromisoformat(record["decision_date"])
    requests = [issue["treatment_request"] for issue in record["issues"]]
    issues = [
        upgrade_issue(issue, code_request(request, requests[:at] + requests[at + 1 :], decided))
        for at, (issue, request) in enumerate(zip(record["issues"], requests, strict=True))
    ]
    return {**record, "issues": issues}


def upgrade_issue(issue: Json, coding: Coding) -> Json:
    return {
        "partial_authorization": parts_in(issue["treatment_request"]) or None,
        **issue,
        **coding.as_values(),
        "subcategory": coding.subcategory or None,
        **{side: [{"edition": None, **one} for one in issue[side]] for side in SIDES},
        "provenance": dict.fromkeys(NEW_FIELDS, MISSING) | issue["provenance"],
    }
