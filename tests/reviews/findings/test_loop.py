"""A finding goes out, is acknowledged, and its repeat is seen."""

from __future__ import annotations

import datetime as dt
import io

import pdfplumber
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.corrections.claim_facts import set_claim_facts
from imrsite.security.roles import Role
from reviews.findings.repeats import find_repeats
from reviews.models import Annotation, Finding, Label, Packet
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding as Verdict
from tests.factories import annotated, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    client.user = person(Role.LEAD, "lead")
    client.force_login(client.user)
    return client


@pytest.fixture
def ana():
    return person(Role.REVIEWER, "ana")


def denied_by(name, ana, lead, label=None):
    """A letter whose review Ana submitted and the lead closed, denied by Sample UR."""
    case = stored_letter(name).cases.get()
    set_claim_facts(case, {"ur_vendor": "Sample UR", "claims_unit": "North"}, lead)
    if label:
        note = annotated(case.issues.order_by("position").first(), ana, "An old edition")
        Annotation.objects.filter(pk=note.pk).update(label=label)
    close(case, ana, lead)
    return case


def close(case, ana, lead):
    assignment = workflow.assign_reviewer(case.review, ana, lead)
    said = {issue.pk: Verdict("disagree", "UR was right") for issue in case.issues.all()}
    workflow.save_findings(assignment, version=1, notes="", findings=said, submit=True)
    case.review.refresh_from_db()
    workflow.close_review(case.review, lead, version=case.review.version)


@pytest.fixture
def label():
    return Label.objects.order_by("pk").first()


def test_a_closed_review_makes_a_finding_of_each_overturned_issue(ana, lead, label):
    case = denied_by("facsimile-004-notice-2013", ana, lead.user, label)
    finding = Finding.objects.get()
    assert finding.issue == case.issues.get(decision="overturned")
    assert finding.labels == [label.slug]
    assert finding.quotes[0]["comment"] == "An old edition"
    assert finding.verdicts == [{"who": "ana", "opinion": "Disagree", "reason": "UR was right"}]
    cited = [str(one) for one in finding.issue.citations.filter(side="maximus")]
    assert finding.maximus_citations == cited


def test_an_upheld_case_makes_none(ana, lead):
    denied_by("CM14-0195168", ana, lead.user)
    assert not Finding.objects.exists()


def test_a_review_that_is_closed_again_says_what_it_says_now(ana, lead):
    case = denied_by("facsimile-001-final-2015", ana, lead.user)
    review = case.review
    review.refresh_from_db()
    workflow.reopen_review(review, version=review.version)
    workflow.withdraw_submission(review.assignments.get(), ana)
    assignment = review.assignments.get()
    said = {issue.pk: Verdict("agree") for issue in case.issues.all()}
    workflow.save_findings(
        assignment, version=assignment.version, notes="", findings=said, submit=True
    )
    review.refresh_from_db()
    workflow.close_review(review, lead.user, version=review.version)
    assert [one["opinion"] for one in Finding.objects.get().verdicts] == ["Agree with MAXIMUS"]


def make_packet(client, **told):
    keys = list(Finding.objects.filter(packet=None).values_list("pk", flat=True))
    client.post(reverse("findings-bulk"), {"action": "packet", "chosen": keys})
    told = {"to_kind": "vendor", "to_name": "Sample UR", "email": "ur@example.org"} | told
    return client.post(reverse("packet-new"), told, follow=True)


def send(client):
    packet = Packet.objects.get()
    return client.post(reverse("packet-act", args=[packet.pk]), {"action": "send"}, follow=True)


def test_the_whole_loop(ana, lead, label):
    denied_by("facsimile-001-final-2015", ana, lead.user, label)
    page = make_packet(lead, note="Please look at the editions.").content.decode()
    assert "Findings for Sample UR" in page
    assert "An old edition" in page
    assert "Sent to ur@example.org." in send(lead).content.decode()

    message = mail.outbox[0]
    case_number = Finding.objects.get().issue.case.case_number
    assert case_number in message.body
    assert "old edition" not in message.body
    link = next(line for line in message.body.splitlines() if "acknowledge/" in line)

    stranger = Client()
    path = link.split("testserver")[1]
    opened = stranger.get(path).content.decode()
    assert case_number in opened
    assert "old edition" not in opened
    assert stranger.post(path, {"who": " "}).status_code == 422
    assert "Thank you" in stranger.post(path, {"who": "Uma R."}, follow=True).content.decode()
    packet = Packet.objects.get()
    assert (packet.acknowledged_by, packet.recorded_by) == ("Uma R.", None)
    assert packet.acknowledged_on == timezone.localdate()

    assert all(one.after.hits == 0 for one in find_repeats())
    denied_by("facsimile-002-final-2016", ana, lead.user, label)
    again = next(one for one in find_repeats() if one.kind == "label")
    assert (again.recipient, again.name) == (("vendor", "Sample UR"), label.slug)
    assert (again.before.hits, again.before.of) == (1, 1)
    assert (again.after.hits, again.after.of) == (1, 1)
    page = lead.get(reverse("repeats")).content.decode()
    assert label.name in page
    finding = Finding.objects.get(packet=None)
    assert f"?chosen={finding.pk}" in page
    assert lead.get(f"{reverse('findings')}?chosen={finding.pk}").context["listing"].count == 1


def test_what_was_sent_stays_as_it_was(ana, lead):
    case = denied_by("facsimile-001-final-2015", ana, lead.user)
    make_packet(lead)
    send(lead)
    before = Finding.objects.get().verdicts
    review = case.review
    review.refresh_from_db()
    workflow.reopen_review(review, version=review.version)
    review.refresh_from_db()
    workflow.close_review(review, lead.user, version=review.version)
    assert Finding.objects.get().verdicts == before
    packet = Packet.objects.get()
    sent = {"action": "save", "to_kind": "vendor", "to_name": "Somebody else"}
    answer = lead.post(reverse("packet-act", args=[packet.pk]), sent)
    assert answer.status_code == 422
    assert "stays as it was" in answer.content.decode()


def test_a_mail_server_that_is_away_leaves_the_packet_unsent(ana, lead, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    denied_by("facsimile-001-final-2015", ana, lead.user)
    make_packet(lead)
    answer = send(lead)
    assert answer.status_code == 422
    assert "not marked as sent" in answer.content.decode()
    assert Packet.objects.get().sent_at is None


def test_without_an_address_the_pdf_is_handed_over_and_the_lead_writes_it_down(ana, lead):
    denied_by("facsimile-001-final-2015", ana, lead.user)
    make_packet(lead, email="")
    assert "Hand over the PDF" in send(lead).content.decode()
    assert not mail.outbox
    packet = Packet.objects.get()
    with pdfplumber.open(
        io.BytesIO(lead.get(reverse("packet-pdf", args=[packet.pk])).content)
    ) as file:
        words = " ".join(page.extract_text() for page in file.pages)
    assert "Findings for Sample UR" in words
    assert Finding.objects.get().issue.case.case_number in words
    sent = {"action": "acknowledge", "who": "Uma", "day": timezone.localdate().isoformat()}
    lead.post(reverse("packet-act", args=[packet.pk]), sent)
    packet.refresh_from_db()
    assert packet.recorded_by == lead.user


def test_a_wrong_address_keeps_what_was_typed(ana, lead):
    denied_by("facsimile-001-final-2015", ana, lead.user)
    answer = make_packet(lead, email="nobody", note="Words of mine")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is not an e-mail address" in page
    assert "Words of mine" in page


def test_an_acknowledgement_on_a_wrong_day_keeps_what_was_typed(ana, lead):
    denied_by("facsimile-001-final-2015", ana, lead.user)
    make_packet(lead)
    send(lead)
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    sent = {"action": "acknowledge", "who": "Uma", "day": tomorrow}
    answer = lead.post(reverse("packet-act", args=[Packet.objects.get().pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "from its sending up to today" in page
    assert f'value="{tomorrow}"' in page
    assert 'value="Uma"' in page


def test_a_link_that_was_changed_opens_nothing():
    assert Client().get(reverse("packet-acknowledge", args=["made-up"])).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=new", 1),
        ("?state=sent", 0),
        ("?ur_vendor=Sample UR", 1),
        ("?claims_unit=South", 0),
        ("?q=CM", 1),
    ],
)
def test_filters(ana, lead, query, count):
    denied_by("facsimile-001-final-2015", ana, lead.user)
    assert lead.get(reverse("findings") + query).context["listing"].count == count


def test_by_label_and_guideline(ana, lead, label):
    denied_by("facsimile-001-final-2015", ana, lead.user, label)
    finding = Finding.objects.get()
    asked = [f"?label={label.slug}", *(f"?guideline={name}" for name in finding.guidelines)]
    for query in asked:
        assert lead.get(reverse("findings") + query).context["listing"].count == 1
    assert lead.get(reverse("findings") + "?label=none-such").context["listing"].count == 0


def test_packets_are_listed_newest_first(lead):
    for name in ("First", "Second", "Third"):
        Packet.objects.create(to_kind="vendor", to_name=name, created_by=lead.user)
    page = lead.get(reverse("packets")).content.decode()
    assert sorted(("First", "Second", "Third"), key=page.index) == ["Third", "Second", "First"]
