"""Lines of a request form (DWC Form RFA): diagnosis, its code, service, its code, other facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cases.letters.drafts.codes import DIAGNOSIS_CODE, PROCEDURE_CODE

SERVICE_HEAD = re.compile(
    r"(?:services?|goods?|procedures?|treatments?)(?:\s*/\s*\w+)*(?:\s*\(s\))?\s+requested"
    r"|requested\s+(?:services?|procedures?|treatments?)"
    r"|(?:^|(?<=\t))\s*(?:requests?|treatments?|services?|items?)\s*(?=\t|$)",
    re.IGNORECASE,
)
DECISION_HEAD = re.compile(r"\b(?:decision|determination|outcome|status)\b", re.IGNORECASE)
CODE_HEAD = re.compile(r"\b(?:CPT|HCPCS)\b", re.IGNORECASE)
DIAGNOSIS_HEAD = re.compile(r"\bdiagnos[ie]s\b|\bICD\b", re.IGNORECASE)
HEAD_WORDS = re.compile(
    r"(?:\s|[:;,./()&\t-]|\b(?:diagnos[ie]s|required|icd(?:-?\s*(?:9|10))?|codes?|services?|goods?"
    r"|procedures?|treatments?|requested|cpt|hcpcs|if|known|other|information|frequency|duration"
    r"|quantity|facility|etc|s|9|10|no)\b)+",
    re.IGNORECASE,
)
# What stands below the lines of the form.
BELOW = re.compile(
    r"\s*(?:requesting\s+physician|physician\s+signature|signature|claims\s+administrator|approved\b"
    r"|denied\b|date\b|authori[sz]ation\s+number|name\s+of|treating|please|attach|phone|fax|dwc\b)",
    re.IGNORECASE,
)
CODE_ALONE = re.compile(rf"(?:\s|,|;|/|{PROCEDURE_CODE.pattern}|{DIAGNOSIS_CODE.pattern})*")
LEADING_CODES = re.compile(rf"(?:\s|,|;|/|&|and\b|{DIAGNOSIS_CODE.pattern})*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cell of a row is which, where cells are parted; None where they are not."""

    count: int
    service: int
    decision: int | None


@dataclass(frozen=True, slots=True)
class FormRow:
    """The row's service with frequency and quantity; `decision` is what a column says of it."""

    text: str
    start: int
    end: int
    decision: str = ""


def find_form_rows(text: str) -> Iterator[FormRow]:
    """The rows of forms and tables; one without a text for the line that names the columns."""
    columns: Columns | None = None
    in_form = False
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if is_head(line):
            in_form, columns = True, columns_of(line)
            yield FormRow("", start, start + len(line))
        elif not line.strip() or HEAD_WORDS.fullmatch(line):
            continue
        elif in_form and BELOW.match(line) and not DIAGNOSIS_CODE.search(line):
            in_form, columns = False, None
        elif row := read_row(line, columns, in_form):
            yield FormRow(row, start, start + len(line), decision_in(line, columns))


def decision_in(line: str, columns: Columns | None) -> str:
    cells = line.split("\t")
    if columns is None or columns.decision is None or len(cells) != columns.count:
        return ""
    return cells[columns.decision]


def is_head(line: str) -> bool:
    return bool(SERVICE_HEAD.search(line)) and bool(
        CODE_HEAD.search(line)
        or DIAGNOSIS_HEAD.search(line)
        or ("\t" in line and DECISION_HEAD.search(line) and not re.search(r"[.:]", line))
    )


def columns_of(line: str) -> Columns | None:
    cells = line.split("\t")
    service = place_of(SERVICE_HEAD, cells)
    if len(cells) < 2 or service is None:
        return None
    return Columns(len(cells), service, place_of(DECISION_HEAD, cells))


def place_of(head: re.Pattern[str], cells: list[str]) -> int | None:
    return next((i for i, cell in enumerate(cells) if head.search(cell)), None)


def read_row(line: str, columns: Columns | None, in_form: bool) -> str:
    cells = line.split("\t")
    if columns and len(cells) == columns.count:
        behind = [cell for i, cell in enumerate(cells) if i > columns.service
                  and i != columns.decision and not CODE_ALONE.fullmatch(cell)]  # fmt: skip
        return joined(cells[columns.service], *map(without_codes, behind))
    diagnosis, procedure = DIAGNOSIS_CODE.search(line), PROCEDURE_CODE.search(line)
    if diagnosis is None or not (in_form or (procedure and diagnosis.end() < procedure.start())):
        return ""
    begin = diagnosis.end()
    if rest := LEADING_CODES.match(line, begin):
        begin = rest.end()
    code = PROCEDURE_CODE.search(line, begin)
    if code is None:
        return joined(line[begin:])
    return joined(line[begin : code.start()], without_codes(line[code.end() :]))


def without_codes(text: str) -> str:
    return re.sub(rf"^(?:\s|,|;|/|{PROCEDURE_CODE.pattern})+", "", text)


def joined(*cells: str) -> str:
    """ "MRI lumbar spine" and "1 study" as "MRI lumbar spine, 1 study"."""
    parts = (" ".join(cell.split()).strip(" ,;:–—-") for cell in cells)
    return ", ".join(part for part in parts if part)
