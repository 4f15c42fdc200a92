"""Changes that people make to made-up cases while a web process runs: its next page must count
them. For `manage.py shell`."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from cases.corrections.history import correction
from cases.models import Case, Citation, Document
from reviews.annotating.annotate import delete_comment, resolve_thread
from reviews.annotating.threads import create_reply
from reviews.models import Annotation, Review
from reviews.reviewing.workflow import assign_reviewer


def make_changes() -> None:
    person = get_user_model().objects.get(username="bench")
    for number, case in enumerate(Case.objects.order_by("pk")[:24]):
        with correction(case, person, "Seen on paper") as locked:
            change_case(locked, number)
    for number, note in enumerate(Annotation.objects.order_by("pk")[:24]):
        change_note(note, number, person)
    for review in Review.objects.filter(state=Review.State.UNASSIGNED).order_by("pk")[:6]:
        assign_reviewer(review, person, person)
    for number, status in enumerate(Document.Status.values):
        values = {
            "name": f"Pain_Medicine CM15-{number:07}.pdf",
            "size": 1,
            "status": status,
            "error_code": "damaged" if status == "failed" else "",
            "uploader": person,
            "read_by_ocr": status == "parsed",
        }
        Document.objects.get_or_create(sha256=f"{number:064x}", defaults=values)


def change_case(case: Case, number: int) -> None:
    issue = case.issues.first()
    cited = Citation.objects.filter(issue=issue)
    match number % 6:
        case 0:
            issue.decision, issue.category, issue.subcategory = "overturned", "surgery", "spine"
        case 1:
            case.decision_date, case.priority = None, "Expedited"
        case 2:
            case.specialties = ["Neurology", "Psychiatry"]
            case.clinical_summary += " Tramadol, Needle-work and naïve acupuncture."
        case 3:
            issue.rationale = "The physical therapy is medically necessary; see Opioids."
        case 4:
            cited.filter(side="claims").delete()
        case 5:
            cited.filter(side="maximus").update(guideline="Opioids", edition="2016")
    issue.save()
    case.save()


def change_note(note: Annotation, number: int, person) -> None:
    if number % 4 == 0:
        resolve_thread(note, person, resolved=True)
    if number % 4 == 1:
        delete_comment(note, person)
    if number % 3 == 1:
        create_reply(note, person, "A xylophone, and physical therapy.")
    if number % 6 == 4:
        create_reply(note, person, "Massage of the microscope")
        delete_comment(note.replies.last(), person)
