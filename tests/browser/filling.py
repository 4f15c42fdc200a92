"""Rows for the pages that need one of their own: a review on which two disagree, threads, a version
to decide, an upload with a failed file, a saved view, an invited colleague.

Runs inside an installation that holds the sample letters:
`manage.py shell -v0 -c "from tests.browser.filling import fill; fill()"` prints a line of JSON,
the fields of `tests.browser.pages.Known`. A second time makes nothing anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from cases.corrections.claim_facts import set_claim_facts
from cases.corrections.history import correction
from cases.corrections.refresh import refresh_case
from cases.intake.archives import Source
from cases.intake.batches import add_file, start_batch
from cases.lists.saved_views import save_view
from cases.models import Batch, Case, Document, Proposal, Revision, SavedView
from imrsite.security.people import PersonDetails, create_invited_user, invitation_path
from reviews.alerts.choices import Silence
from reviews.alerts.links import unsubscribe_address
from reviews.annotating import threads
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.desk import joining, keeping
from reviews.desk.taking import Taken
from reviews.findings import packets
from reviews.findings.packets import token_of
from reviews.models import Annotation, Label, Memo, Obligation, Packet, Reply, Review, Target
from reviews.models import Finding as FindingOfReview
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding
from tests.drafts.drafts import DRAFTS
from tests.drafts.making import text_of
from tests.factories import LETTERS

SAMPLE, IN_REVIEW, CLOSED = "CM14-0195168", "CM14-9100001", "CM14-9100002"
FAILED = "not-a-letter.pdf"
DRAFT = "draft-denial.txt"
PEOPLE = {"rosa": ("Rosa", "Marsh", "reviewer"), "omar": ("Omar", "Lund", "reviewer")}
REQUESTS = (
    "Twelve work conditioning sessions for the lumbar spine",
    "Norco 10/325 mg #60",
    "One MRI of the left knee without contrast",
)


def fill() -> None:
    """Makes what is missing and prints the keys."""
    import_module(settings.ROOT_URLCONF)  # the lists come with the addresses
    demo = get_user_model().objects.get(username="demo")
    case = Case.objects.filter(case_number=IN_REVIEW).first() or make_case(demo)
    if not case.obligations.exists():
        overturn_one(case, demo)
    packet = Packet.objects.order_by("pk").first() or make_packet(demo)
    if not SavedView.objects.filter(owner=demo).exists():
        overturned = {"name": "Overturned", "query": "decision=overturned"}
        save_view(demo, list_name="cases", shared=True, **overturned)
    batch = Batch.objects.filter(lines__name=FAILED).first() or make_batch(demo)
    guest = get_user_model().objects.filter(username="nora").first() or make_guest()
    invited = {"guest": guest.pk, "invitation": invitation_path(guest)}
    invited["unsubscribe"] = urlsplit(unsubscribe_address(Silence(demo.pk, ("mention",)))).path
    told = {
        "packet": packet.pk,
        "acknowledge": reverse("packet-acknowledge", args=[token_of(packet)]),
    }
    made, unmade = memos(demo)
    desk = {"memo": made.pk, "unmade_memo": unmade.pk}
    print(json.dumps(known(case, batch, demo) | invited | told | desk))


def memos(demo: Any) -> tuple[Memo, Memo]:
    """One that is made and joined to a case, and one whose requests are still to be mended."""
    made = Memo.objects.made().filter(file_name=DRAFT).first()
    if made is None:
        drafts = {draft.name: draft for draft in DRAFTS}
        text = text_of(drafts["quotations"]) + "\n" + text_of(drafts["page not in it"])
        made = keeping.make(keeping.take_in(Taken(text, "text", DRAFT), demo))
        joining.join(made, Case.objects.get(case_number=SAMPLE), demo)
    unmade = Memo.objects.filter(made_at=None, made_by=demo).first()
    return made, unmade or keeping.take_in(Taken(text_of(DRAFTS[0])), demo)


def known(case: Case, batch: Batch, demo: Any) -> dict[str, Any]:
    note = Annotation.objects.filter(case=case, author=demo).earliest("pk")
    return {
        "case": SAMPLE,
        "case_key": Case.objects.get(case_number=SAMPLE).pk,
        "in_review": IN_REVIEW,
        "document": Case.objects.get(case_number=SAMPLE).document_id,
        "failed_document": Document.objects.get(batch_lines__batch=batch, status="failed").pk,
        "batch": batch.pk,
        "proposal": Proposal.objects.get(case=case).pk,
        "annotation": note.pk,
        "reply": Reply.objects.filter(annotation=note, author=demo).earliest("pk").pk,
        "label": Label.objects.earliest("pk").slug,
        "view": SavedView.objects.filter(owner=demo).earliest("pk").pk,
        "person": get_user_model().objects.get(username="rosa").pk,
        "obligation": Obligation.objects.filter(case=case).earliest("pk").pk,
        "revision": Revision.objects.filter(case=case).latest("pk").pk,
        "group": Group.objects.earliest("pk").pk,
    }


def make_case(demo: Any) -> Case:
    """A copy of the sample with three issues, reviewed by two who disagree, not yet settled."""
    rosa, omar = (make_person(name) for name in PEOPLE)
    case = copy_sample(IN_REVIEW, REQUESTS)
    reading = Case.objects.get(case_number=SAMPLE).reading
    review = workflow.create_review(case)
    Review.objects.filter(pk=review.pk).update(wanted=2)
    for person, opinion in ((rosa, "agree"), (omar, "disagree")):
        submit_review(review, person, opinion, by=demo)
    annotate(case, demo, rosa)
    Proposal.objects.create(case=case, reading=reading, kind=Proposal.Kind.VERSION)
    with correction(case, demo, "Seen on paper") as locked:
        locked.priority = "Expedited"
        locked.save()
    return case


def copy_sample(number: str, requests: Sequence[str]) -> Case:
    """Of the sample letter's case, with these requests in place of its own."""
    source = Case.objects.get(case_number=SAMPLE)
    issue = source.issues.get()
    case = Case.objects.get(pk=source.pk)
    case.pk = case.reading_id = None
    case.case_number = number
    case.save()
    for position, request in enumerate(requests, start=1):
        issue.pk, issue.case, issue.position = None, case, position
        issue.treatment_request = request
        issue.save()
    refresh_case(case)
    return case


def make_packet(demo: Any) -> Packet:
    """A finding of a closed review, in a packet that was sent and waits for its acknowledgement."""
    case = copy_sample(CLOSED, REQUESTS[:1])
    case.issues.update(decision="overturned")
    facts = {"ur_vendor": "Sample UR", "received_on": dt.date(2015, 2, 2)}
    set_claim_facts(case, facts | {"with_obligations": True}, demo)
    review, rosa = workflow.create_review(case), make_person("rosa")
    annotate(case, demo, rosa)
    submit_review(review, rosa, "disagree", by=demo)
    review.refresh_from_db()
    workflow.close_review(review, demo, version=review.version)
    finding = FindingOfReview.objects.get(issue__case=case)
    packet = packets.make_packet([finding.pk], demo, to_kind="vendor", to_name="Sample UR")
    packets.send_packet(packet, demo, link="", acknowledge_link="")
    return packet


def overturn_one(case: Case, demo: Any) -> None:
    """What a determination that was received today obliges to."""
    case.issues.filter(position=2).update(decision="overturned")
    received = {"received_on": dt.date.today(), "with_obligations": True}
    set_claim_facts(case, received | {"claim_number": "WC-2014-001122"}, demo)


def submit_review(review: Review, person: Any, opinion: str, *, by: Any) -> None:
    assignment = workflow.assign_reviewer(review, person, by)
    found = Finding(opinion, "" if opinion == "agree" else "The chapter is of another edition.")
    findings = {issue.pk: found for issue in review.case.issues.all()}
    workflow.save_findings(
        assignment, version=assignment.version, notes="", findings=findings, submit=True
    )


def annotate(case: Case, demo: Any, rosa: Any) -> None:
    """Two threads on one rationale, whose words overlap; the second asks the demo user."""
    first, second = Label.objects.order_by("pk")[:2]
    place = Place(case, case.issues.get(position=1), Target.RATIONALE)
    note = create_annotation(
        place, demo, Selection(place.text[10:80], 10), comment="Which edition?", label=first
    )
    threads.create_reply(note, rosa, "That of 2009.")
    threads.create_reply(note, demo, "Then page 125 is right.")
    words = Selection(place.text[60:140], 60)
    create_annotation(place, rosa, words, comment="Contradicts page 2, @demo.", label=second)


def make_batch(demo: Any) -> Batch:
    """One file that is no PDF and one that is there already."""
    batch = start_batch("upload", demo)
    add_file(batch, Source(FAILED, [b"These are no letter."]))
    add_file(batch, Source(f"{SAMPLE}.pdf", [(LETTERS / f"{SAMPLE}.pdf").read_bytes()]))
    return batch


def make_person(name: str) -> Any:
    first, last, role = PEOPLE[name]
    person, _ = get_user_model().objects.get_or_create(
        username=name, defaults={"first_name": first, "last_name": last}
    )
    person.groups.add(Group.objects.get(name=role))
    return person


def make_guest() -> Any:
    """Somebody whose invitation is still open."""
    details = PersonDetails("Nora", "Comer", "nora@example.org", "reviewer")
    create_invited_user("nora", details)
    return get_user_model().objects.get(username="nora")
