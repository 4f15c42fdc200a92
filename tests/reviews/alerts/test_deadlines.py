"""Every deadline is told in time, once, to whom it concerns."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command

from cases.corrections.claim_facts import set_claim_facts
from cases.models import Case, Document, Issue
from reviews.alerts import rounds
from reviews.alerts.choices import How, Kind, choices_of, save_choices
from reviews.alerts.deadlines import told_until
from reviews.models import Notice, Obligation
from reviews.obligations import keeping
from reviews.obligations.working_days import WorkingCalendar
from tests.factories import stored_letter
from tests.reviews.alerts.conftest import at, with_address

pytestmark = pytest.mark.django_db
LINE = re.compile(
    r"^- ([A-Z][\w ]+): (CM\d\d-\d{7}(?:, issue \d+)?), (was due|due) (\w+ \d+, \d{4})$",
    re.MULTILINE,
)


@pytest.fixture
def omar(db):
    """Who uploads letters."""
    return with_address("uploader", "omar")


@pytest.fixture
def case(omar):
    """To authorize and to tell by Monday, March 10, 2025."""
    found = stored_letter("facsimile-001-final-2015", omar).cases.get()
    set_claim_facts(found, {"received_on": dt.date(2025, 3, 3)}, omar)
    return found


def told(message):
    return LINE.findall(message.get_body(("plain",)).get_content().replace("\r\n", "\n"))


def send_at(day, hour=8):
    now = at(day, hour)
    rounds.look(now)
    return rounds.send(now)


NEAR = [
    ("2025-03-03", "2025-03-06"),  # Monday to Thursday
    ("2025-03-05", "2025-03-10"),  # Wednesday: over the weekend
    ("2025-03-07", "2025-03-12"),
    ("2025-03-08", "2025-03-12"),  # Saturday
    ("2025-11-07", "2025-11-13"),  # over Veterans Day
    ("2025-11-24", "2025-12-01"),  # over Thanksgiving and the day after
    ("2025-12-23", "2025-12-29"),  # over Christmas
]


@pytest.mark.parametrize(("today", "until"), NEAR)
def test_a_deadline_is_near_three_working_days_ahead(today, until):
    day = dt.date.fromisoformat
    assert told_until(day(today), 3, WorkingCalendar()) == day(until)


def test_the_uploader_hears_of_it_once_before_and_once_after(inbox, case, omar):
    assert send_at("2025-03-04") == 0
    assert send_at("2025-03-05") == 1
    number = case.case_number
    due = [("Authorize", f"{number}, issue 1", "due", "Mar 10, 2025")]
    due += [("Tell employee and provider", number, "due", "Mar 10, 2025")]
    assert sorted(told(inbox.messages[0])) == due
    assert [send_at(f"2025-03-{day:02}") for day in (6, 7, 8, 9, 10)] == [0] * 5
    assert send_at("2025-03-11") == 1
    assert {one[2] for one in told(inbox.messages[1])} == {"was due"}
    assert [send_at(f"2025-03-{day:02}") for day in (12, 13, 14)] == [0] * 3


def test_what_is_done_or_paused_is_not_told(inbox, case, omar):
    authorize, notify = case.obligations.filter(kind__in=["authorize", "notify"])
    keeping.mark_done(authorize, omar, done_on=dt.date(2025, 3, 4))
    keeping.pause(notify, omar, reason="appeal", start=dt.date(2025, 3, 4))
    assert send_at("2025-03-06") == 0


def test_a_deadline_that_moved_is_told_again(inbox, case, omar):
    send_at("2025-03-05")
    set_claim_facts(case, {"received_on": dt.date(2025, 3, 10)}, omar)
    assert send_at("2025-03-13") == 1
    assert {one[3] for one in told(inbox.messages[1])} == {"Mar 17, 2025"}


def test_leads_hear_when_it_has_passed(inbox, case, omar, lead):
    send_at("2025-03-05")
    assert not inbox.to("lena@example.org")
    send_at("2025-03-11")
    assert len(told(inbox.to("lena@example.org")[0])) == 2


def test_leads_hear_from_the_beginning_of_letters_that_nobody_has(inbox, case, omar, lead):
    omar.is_active = False
    omar.save()
    assert send_at("2025-03-05") == 1
    assert len(told(inbox.to("lena@example.org")[0])) == 2


def test_who_chose_all_letters_hears_of_them(inbox, case, omar):
    other = with_address("uploader", "nora")
    assert send_at("2025-03-05") == 1
    save_choices(other, {Kind.ALL_DEADLINES: How.DIGEST}, 8)
    assert send_at("2025-03-06") == 1
    assert len(told(inbox.to("nora@example.org")[0])) == 2


def test_who_may_not_change_deadlines_is_not_asked(inbox, case, rosa):
    save_choices(rosa, {Kind.ALL_DEADLINES: How.DIGEST}, 8)
    send_at("2025-03-05")
    assert not inbox.to("rosa@example.org")


def test_at_once_for_who_wants_it(inbox, case, omar):
    save_choices(omar, {Kind.DEADLINE: How.NOW}, 8)
    assert send_at("2025-03-05", 1) == 1
    assert send_at("2025-03-05", 9) == 0


def test_what_comes_up_on_its_last_day_does_not_wait_for_the_next_digest(inbox, omar):
    assert send_at("2025-03-10") == 0
    case = stored_letter("facsimile-001-final-2015", omar).cases.get()
    set_claim_facts(case, {"received_on": dt.date(2025, 3, 3)}, omar)
    assert send_at("2025-03-10", 15) == 1
    assert {one[2] for one in told(inbox.messages[0])} == {"due"}
    assert send_at("2025-03-10", 16) == 0


def test_workers_that_were_away_at_the_hour_tell_it_later_that_day(inbox, case):
    assert send_at("2025-03-10", 17) == 1
    assert len(told(inbox.messages[0])) == 2


def test_the_words_of_the_request_stay_here(inbox, case):
    send_at("2025-03-05")
    sent = inbox.messages[0].as_string()
    for issue in case.issues.all():
        assert issue.treatment_request[:12] not in sent


def test_open_ones_are_not_forgotten_and_not_told_again(inbox, case):
    send_at("2025-03-05")
    send_at("2025-03-11")
    rounds.forget_old(at("2025-07-01"))
    assert send_at("2025-07-01") == 0
    assert Notice.objects.count() == 4


def test_what_is_near_stands_before_a_heap_of_what_has_passed(inbox, case, omar):
    many = [
        Obligation(case=made, kind="notify", starts_on=at("2024-01-01"), due_on=at("2024-01-08"))
        for made in made_up(omar, 230)
    ]
    Obligation.objects.bulk_create(many)
    assert send_at("2025-03-05") == 1
    lines = told(inbox.messages[0])
    assert [one[2] for one in lines[:3]] == ["due", "due", "was due"]
    text = inbox.messages[0].get_body(("plain",)).get_content()
    assert f"- and {len(many) + 2 - 200} more" in text


def made_up(uploader, count):
    call_command("synthesize", str(count), verbosity=0)
    Obligation.objects.exclude(case__document__uploader=uploader).delete()
    made = Document.objects.filter(parser_version="made-up")
    made.update(uploader=uploader)
    return Case.objects.filter(document__in=made)


# -- a month -----------------------------------------------------------------------------------

FIRST_DAY, DAYS = dt.date(2025, 11, 3), 40
HOLIDAYS = {dt.date(2025, 11, 11), dt.date(2025, 11, 27), dt.date(2025, 11, 28)}
ONE_DAY = dt.timedelta(days=1)


def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


@pytest.fixture
def forty(omar):
    """Letters that come in over the month, two uploaders, some of nobody."""
    call_command("synthesize", "40", verbosity=0)
    nora = with_address("uploader", "nora")
    Obligation.objects.all().delete()
    Issue.objects.update(decision="overturned")
    cases = list(Case.objects.order_by("pk"))
    for number, case in enumerate(cases):
        uploader = (omar, nora, omar, nora, None)[number % 5]
        Document.objects.filter(pk=case.document_id).update(uploader=uploader)
    return cases


def test_forty_letters_in_a_month(inbox, forty, omar, lead):
    done_in_time = set()
    for offset in range(DAYS):
        day = FIRST_DAY + offset * ONE_DAY
        send_at(day.isoformat())
        for case in forty[offset::DAYS]:  # a letter a day, after the digest
            values = {"received_on": day, "with_obligations": True}
            set_claim_facts(case, values, omar)
        for one in Obligation.objects.filter(state="open", due_on=day + ONE_DAY):
            if one.pk % 3 and one.kind != "appeal":
                keeping.mark_done(one, omar, done_on=day)
                done_in_time.add(one.pk)
    expected = expected_mails(done_in_time)
    found = set()
    for message in inbox.messages:
        sent = dt.datetime.strptime(message["Date"], "%a, %d %b %Y %H:%M:%S %z")
        day = sent.astimezone(at("2025-11-03").tzinfo).date()
        for kind, number, verb, due in told(message):
            key = (message["To"].split("@")[0], kind, number, verb, due)
            assert (day, key) not in found
            found.add((day, key))
    assert len(expected) > 100
    assert found == expected
    days = [(one["To"], one["Date"][:16]) for one in inbox.messages]
    assert len(days) == len(set(days))  # one mail a day for each person
    assert choices_of(omar).digest_hour == 8


def expected_mails(done):
    """(day, (who, kind, number, verb, date)) of each line that has to arrive, in the month."""
    last = FIRST_DAY + (DAYS - 1) * ONE_DAY
    wanted = set()
    rows = Obligation.objects.exclude(kind="appeal")
    for one in rows.select_related("case__document__uploader", "issue"):
        arrived = one.starts_on + ONE_DAY  # the digest after it
        uploader = one.case.document.uploader
        where = f", issue {one.issue.position}" if one.issue else ""
        words = (one.get_kind_display(), f"{one.case.case_number}{where}")
        date = f"{one.due_on:%b} {one.due_on.day}, {one.due_on.year}"
        near = max(arrived, three_working_days_before(one.due_on))
        if near <= last:
            who = uploader.username if uploader else "lena"
            wanted.add((near, (who, *words, "due", date)))
        past = one.due_on + ONE_DAY
        if one.pk not in done and past <= last:
            for who in {uploader.username if uploader else "lena", "lena"}:
                wanted.add((past, (who, *words, "was due", date)))
    return wanted


def three_working_days_before(due):
    """The first day after which no more than three working days come up to the deadline."""
    day = due
    while working_days_after(day - ONE_DAY, due) <= 3:
        day -= ONE_DAY
    return day


def working_days_after(day, due):
    return sum(works(day + n * ONE_DAY) for n in range(1, (due - day).days + 1))
