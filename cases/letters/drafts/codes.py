"""Codes of diagnoses and of procedures, as forms give them."""

from __future__ import annotations

import re

DIAGNOSIS_CODE = re.compile(
    r"(?<![\w.#-])(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![\w.-])|\d{3}\.\d{1,2}(?![\w.%]))"
)
# CPT and HCPCS: five digits, or a letter and four; not a strength, a number of pieces or a year.
PROCEDURE_CODE = re.compile(
    r"(?<![\w.#/-])(?:\d{5}(?:-\d{2})?|[A-V]\d{4}|\d{4}T)(?![\w.%/-])(?!\s*(?:mg|ml|mcg|units?)\b)"
)
