"""The list of obligations, the page of one, its evidence, the proof of compliance."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.corrections.claim_facts import set_claim_facts
from imrsite.security.roles import Role
from reviews.models import Evidence, Obligation
from reviews.obligations import keeping
from tests.factories import stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2025, 3, 12)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def examiner(client):
    client.user = person(Role.UPLOADER, "examiner")
    client.force_login(client.user)
    return client


def received(name, day, by, **facts):
    case = stored_letter(name).cases.get()
    set_claim_facts(case, {"received_on": day, **facts}, by)
    return case


@pytest.fixture
def overdue(examiner):
    """Due on March 10, 2025."""
    facts = {"claim_number": "WC-2025-77", "claims_administrator": "Sample Mutual"}
    return received("facsimile-001-final-2015", dt.date(2025, 3, 3), examiner.user, **facts)


@pytest.fixture
def near(examiner):
    """Due on March 14, 2025."""
    return received("facsimile-002-final-2016", dt.date(2025, 3, 7), examiner.user)


def rows(client, query=""):
    answer = client.get(reverse("obligations-export") + query)
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def page_of(case, kind="authorize"):
    return case.obligations.get(kind=kind).get_absolute_url()


def test_what_is_overdue_stands_first_and_what_is_done_last(examiner, near, overdue):
    keeping.mark_done(near.obligations.get(kind="notify"), examiner.user, done_on=TODAY)
    page = examiner.get(reverse("obligations")).content.decode()
    assert page.index("2 days overdue") < page.index("due in 2 days") < page.index("Done Mar 12")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("?overdue=true", 2),
        ("?overdue=false", 4),
        ("?state=open&kind=authorize", 2),
        ("?due_before=2025-03-10", 2 + 1),  # with an appeal window long closed
        ("?q=WC-2025", 3),
        ("?claims_administrator=Sample Mutual", 3),
        ("?receipt_assumed=true", 0),
    ],
)
def test_filters_of_page_and_csv_are_the_same(lead, near, overdue, query, count):
    Obligation.objects.filter(kind="appeal", case=near).update(due_on=dt.date(2030, 1, 1))
    assert len(rows(lead, query)) == count
    assert lead.get(reverse("obligations") + query).context["listing"].count == count


@pytest.fixture
def lead(db):
    client = Client()
    client.force_login(person(Role.LEAD, "lead"))
    return client


def test_csv_says_what_was_done_and_whether_late(lead, overdue):
    one = overdue.obligations.get(kind="authorize")
    keeping.mark_done(one, person(Role.LEAD, "other"), done_on=TODAY)
    row = next(row for row in rows(lead) if row["kind"] == "authorize")
    assert (row["due"], row["done_on"], row["late"]) == ("2025-03-10", "2025-03-12", "yes")
    assert (row["claim_number"], row["received_on"]) == ("WC-2025-77", "2025-03-03")


def test_several_are_done_today_at_once(examiner, overdue):
    keys = list(overdue.obligations.values_list("pk", flat=True))
    answer = examiner.post(
        reverse("obligations-bulk"), {"action": "done", "chosen": keys}, follow=True
    )
    assert "2 marked as done today. 1 left as they are" in answer.content.decode()


def test_the_letters_words_stand_on_the_page_with_their_page_number(examiner, overdue):
    page = examiner.get(page_of(overdue)).content.decode()
    assert "of the determination</a>" in page
    assert "OVERTURN" in page.upper()


def test_done_with_a_file_that_can_be_taken_back_out(examiner, overdue):
    one = overdue.obligations.get(kind="authorize")
    sent = {
        "version": one.version,
        "action": "done",
        "day": "2025-03-11",
        "note": "Faxed",
        "files": SimpleUploadedFile("fax <1>.pdf", b"%PDF-1.4 sent"),
    }
    answer = examiner.post(reverse("obligation-act", args=[one.pk]), sent, follow=True)
    assert "Marked as done" in answer.content.decode()
    file = examiner.get(reverse("obligation-evidence", args=[Evidence.objects.get().pk]))
    assert file.content == b"%PDF-1.4 sent"
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")


def test_a_mistake_keeps_what_was_typed(examiner, overdue):
    one = overdue.obligations.get(kind="authorize")
    sent = {"version": one.version, "action": "pause", "day": "2025-03-05", "reason": "other"}
    answer = examiner.post(
        reverse("obligation-act", args=[one.pk]), sent | {"note": "", "all": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why the deadline is paused." in page
    assert 'value="2025-03-05"' in page


def test_a_day_that_is_none_is_said(examiner, overdue):
    one = overdue.obligations.get(kind="authorize")
    sent = {"version": one.version, "action": "done", "day": "soon"}
    answer = examiner.post(reverse("obligation-act", args=[one.pk]), sent)
    assert "Enter the date as YYYY-MM-DD" in answer.content.decode()


def test_all_open_deadlines_of_a_letter_are_paused_together(examiner, near):
    one = near.obligations.get(kind="authorize")
    sent = {
        "version": one.version,
        "action": "pause",
        "day": "2025-03-11",
        "reason": "appeal",
        "all": "true",
    }
    answer = examiner.post(reverse("obligation-act", args=[one.pk]), sent, follow=True)
    assert "2 deadlines are paused" in answer.content.decode()
    assert set(near.obligations.values_list("state", flat=True)) == {"open", "paused"}


def test_the_proof_has_all_that_was_done(examiner, overdue):
    one = overdue.obligations.get(kind="authorize")
    keeping.mark_done(one, examiner.user, done_on=TODAY, note="By fax, reference 4711")
    page = examiner.get(reverse("compliance", args=[overdue.case_number])).content.decode()
    for words in ("WC-2025-77", "Sample Mutual", "By fax, reference 4711", "8 CCR 9792.10.7",
                  "5 working days from Mar 3, 2025", "late", overdue.document.sha256):  # fmt: skip
        assert words in page


def test_the_proof_calls_no_paused_deadline_due(examiner, near):
    one = near.obligations.get(kind="authorize")
    keeping.pause(one, examiner.user, reason="appeal", start=dt.date(2025, 3, 11))
    page = examiner.get(reverse("compliance", args=[near.case_number])).content.decode()
    assert page.count("<dt>Would have been due</dt>") == 1
    assert page.count("<dt>Due</dt>") == near.obligations.count() - 1


def test_the_inbox_tells_of_what_is_near_and_past_as_its_list_counts(examiner, near, overdue):
    page = examiner.get(reverse("inbox"))
    group = next(g for g in page.context["attention"].groups if g.name == "deadlines")
    assert group.total == 4
    listed = examiner.get(group.more)
    assert listed.context["listing"].count == 4


def test_a_reviewer_reads_and_changes_nothing(client, overdue):
    client.force_login(person(Role.REVIEWER, "reviewer"))
    page = client.get(page_of(overdue)).content.decode()
    assert "Mark as done" not in page
    one = overdue.obligations.get(kind="authorize")
    assert client.post(reverse("obligation-act", args=[one.pk])).status_code == 403
