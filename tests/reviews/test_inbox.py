"""The inbox: its numbers are those of the lists they link to, and what it asks of each role."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.corrections.refresh import refresh_case
from cases.models import Case, Document
from imrsite.security.roles import Role
from reviews.models import Assignment, Review
from reviews.reviewing import workflow
from reviews.reviewing.inbox import overturned_lately
from tests.factories import stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<li>\s*<a href="([^"]+)"><strong>([\d,.%]+)</strong>')
GROUP = re.compile(r'<ul role="list" class="tasks (\w+)" data-total="(\d+)">(.*?)</ul>', re.DOTALL)
MORE = re.compile(r'<li class="more"><a href="([^"]+)">')


def shown(client) -> str:
    return client.get("/").content.decode()


def figures(client) -> dict[str, str]:
    """Address → number."""
    return {unescape(url): number.replace(",", "") for url, number in FIGURE.findall(shown(client))}


def groups(client) -> dict[str, tuple[int, str]]:
    """Kind of task → how many, and their HTML."""
    return {kind: (int(total), html) for kind, total, html in GROUP.findall(shown(client))}


def signed_in(client, role):
    client.force_login(person(role))
    return client


@pytest.fixture
def _documents_in_every_state():
    """One that waits for OCR and a parsed one, as they are read; of the others, made-up rows."""
    stored_letter("scan-CM14-0195168")
    case = stored_case()
    case.flags.create(code="missing-decision", level="error", message="No decision was found.")
    refresh_case(case)
    for number, status in enumerate(("received", "queued", "queued", "reading", "failed")):
        Document.objects.create(sha256=f"{number:064x}", name="a.pdf", size=1, status=status)


@pytest.mark.usefixtures("_documents_in_every_state")
def test_each_figure_is_the_count_of_the_list_it_links_to(reader):
    linked = {url: number for url, number in figures(reader).items() if url.startswith("/")}
    assert len(linked) == 3
    for url, number in linked.items():
        count = reader.get(url).context["listing"].count
        assert count == (0 if number == "0.0%" else int(number)), url


def test_an_empty_inbox_links_to_empty_lists(reader):
    linked = {url: number for url, number in figures(reader).items() if url.startswith("/")}
    assert set(linked.values()) == {"0"}
    assert all(reader.get(url).context["listing"].count == 0 for url in linked)
    page = shown(reader)
    assert "Nothing needs your attention right now." in page
    assert "no decision on file yet" in page


def test_what_needs_attention_adds_up_and_every_kind_leads_to_all_of_its_kind(client):
    lead = person(Role.LEAD, "lea")
    lead.groups.add(*person(Role.CORRECTOR, "cora").groups.all())
    client.force_login(lead)
    call_command("synthesize", "150", verbosity=0)
    for review in Review.objects.filter(state="unassigned")[:8]:
        workflow.assign_reviewer(review, lead, lead)
    for number in range(5):
        Document.objects.create(sha256=f"{number:064x}", name="a.pdf", size=1, status="failed")
    found = groups(client)
    assert set(found) >= {"assigned", "settle", "close", "correct", "failed", "take"}
    total = sum(number for kind, (number, _) in found.items() if kind != "take")
    assert figures(client)["#attention"] == str(total)
    for kind, (number, html) in found.items():
        if more := MORE.search(html):
            listing = client.get(unescape(more[1])).context["listing"]
            assert listing.count == number, kind
        else:
            assert html.count('class="task"') == number, kind


def test_each_role_is_asked_what_it_can_do(client):
    case = stored_case()
    case.flags.create(code="missing-decision", level="error", message="No decision was found.")
    refresh_case(case)
    Document.objects.create(sha256="0" * 64, name="a.pdf", size=1, status="failed")
    expected = {
        Role.REVIEWER: {"take"},
        Role.LEAD: {"take", "failed"},
        Role.CORRECTOR: {"correct", "failed"},
        Role.UPLOADER: {"failed"},
        Role.AUDITOR: set(),
    }
    assert {role: set(groups(signed_in(client, role))) for role in expected} == expected


def test_a_reviewer_is_told_what_waits_and_when_it_is_due(client, ana):
    review = Review.objects.get(case=stored_case())
    workflow.assign_reviewer(review, ana, person(Role.LEAD, "lea"))
    client.force_login(ana)
    page = " ".join(shown(client).split())
    assert "Review CM14-0195168" in page
    assert "1 issue · assigned by lea" in page
    assert "due in 30 days" in page
    assert 'href="/cases/CM14-0195168/">Start reading' in page
    Review.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    assert "2 days overdue" in shown(client)


def test_a_reviewer_sees_their_own_week_and_the_total(client, ana, ben):
    lead = person(Role.LEAD, "lea")
    review = Review.objects.get(case=stored_case())
    for one in (ana, ben):
        workflow.assign_reviewer(review, one, lead)
    Assignment.objects.filter(reviewer=ben).update(submitted_at=timezone.now())
    client.force_login(ana)
    page = " ".join(shown(client).split())
    assert "1 of 2 assigned reviews submitted" in page
    assert "0 of 1" in page
    assert ">ben<" not in page
    client.force_login(lead)
    page = " ".join(shown(client).split())
    assert ">ben<" in page


def test_new_letters_tell_how_many_issues_were_overturned(reader):
    case = stored_case("facsimile-000-final-2015")
    turned = sum(issue.decision != "upheld" for issue in case.issues.all())
    assert case.issues.count() == 2
    page = shown(reader)
    assert case.case_number in page
    assert (f"{turned} of 2 overturned" in page) == (turned > 0)


def test_the_share_overturned_is_of_the_latest_ninety_days_with_decisions(db):
    call_command("synthesize", "200", verbosity=0)
    share = overturned_lately(timezone.localdate())
    latest = Case.objects.filter(decision_date__lte=timezone.localdate()).latest("decision_date")
    assert share.last == latest.decision_date
    assert not share.up_to_now
    lately = Case.objects.filter(
        decision_date__range=(share.last - timedelta(days=89), share.last)
    ).exclude(decision="")
    assert share.decided == lately.count()
    assert share.turned == lately.exclude(decision="upheld").count()
    same_day = overturned_lately(share.last)
    assert same_day.up_to_now
    assert (same_day.turned, same_day.decided) == (share.turned, share.decided)
