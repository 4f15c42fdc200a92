"""What was read → rows: pages, readings, and a case for each letter with a new case number.

Runs inside the transaction of `cases.ingest.finish`.
"""

from __future__ import annotations

from cases.derived import refresh_case
from cases.letters import VERSION
from cases.letters.model import Citation as CitationRead
from cases.letters.model import Issue as IssueRead
from cases.letters.model import Letter
from cases.letters.model import Reading as ReadingOfFile
from cases.letters.record import dump_citation, dump_letter
from cases.models import Case, Citation, Document, DocumentPage, Flag, Issue, Reading

COPIED = (
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
)
SIDES = {
    Citation.Side.CLAIMS: "claims_citations",
    Citation.Side.MAXIMUS: "maximus_citations",
    Citation.Side.RATIONALE: "rationale_citations",
}


def record_reading(document: Document, reading: ReadingOfFile) -> None:
    document.page_set.all().delete()
    DocumentPage.objects.bulk_create(
        DocumentPage(
            document=document,
            number=page.number,
            width=page.width,
            height=page.height,
            text=page.text.replace("\x00", ""),
        )
        for page in reading.pages
    )
    for position, letter in enumerate(reading.letters, 1):
        record_letter(document, position, letter)
    document.readings.current().filter(position__gt=len(reading.letters)).update(superseded=True)


def record_letter(document: Document, position: int, letter: Letter) -> None:
    """Keeps the reading; a case number already on file keeps its case as it is."""
    number = letter.case_number.value or ""
    stored = keep_reading(document, position, number, dump_letter(letter))
    if number and not Case.objects.filter(case_number=number).exists():
        create_case(document, stored, letter)


def keep_reading(document: Document, position: int, number: str, record: dict) -> Reading:
    """The current reading of that letter: the one there is if it says the same, or a new one."""
    before = document.readings.current().filter(position=position).first()
    if before and before.record == record:
        return before
    document.readings.current().filter(position=position).update(superseded=True)
    return Reading.objects.create(
        document=document,
        position=position,
        parser_version=VERSION,
        case_number=number,
        record=record,
    )


def create_case(document: Document, reading: Reading, letter: Letter) -> Case:
    record = reading.record
    case = Case.objects.create(
        case_number=letter.case_number.value,
        document=document,
        reading=reading,
        format=letter.format,
        first_page=letter.first_page,
        last_page=letter.last_page,
        priority=letter.priority.value or "",
        **{name: getattr(letter, name).value for name in COPIED},
        specialties=list(letter.specialties.value),
        licensed_states=list(letter.licensed_states.value),
        clinical_summary=letter.clinical_summary.value or "",
        provenance=record["provenance"],
    )
    issues = {
        issue.position: create_issue(case, issue, record["issues"][i]["provenance"])
        for i, issue in enumerate(letter.issues)
    }
    Flag.objects.bulk_create(
        Flag(
            case=case,
            issue=issues.get(flag.issue),
            code=flag.code,
            field=flag.field,
            message=flag.message,
            level=flag.level,
        )
        for flag in letter.flags
    )
    refresh_case(case)
    return case


def create_issue(case: Case, read: IssueRead, provenance: dict) -> Issue:
    issue = Issue.objects.create(
        case=case,
        position=read.position,
        treatment_request=read.treatment_request.value,
        decision=read.decision.value or "",
        category=read.category,
        category_rule=read.category_rule[:120],
        rationale=read.rationale.value or "",
        claims_guideline=read.claims_guideline.value or "",
        maximus_guideline=read.maximus_guideline.value or "",
        provenance=provenance,
    )
    Citation.objects.bulk_create(
        citation_row(issue, side, position, citation)
        for side, name in SIDES.items()
        for position, citation in enumerate(getattr(read, name), 1)
    )
    return issue


def citation_row(issue: Issue, side: str, position: int, citation: CitationRead) -> Citation:
    record = dump_citation(citation)
    return Citation(
        issue=issue,
        side=side,
        position=position,
        source=record["source"],
        guideline=record["guideline"],
        section=record["section"] or "",
        pages=record["pages"],
        raw=record["raw"],
        spans=record["spans"],
    )
