"""Alerts from saved views: which rows are new, by case number, and why they are in the view."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.lists.saved_views import change_view, save_view
from cases.models import Case
from reviews.alerts import rounds
from reviews.alerts.saved_view_alerts import look_at_view, set_alert
from reviews.models import Notice, Review, ViewAlert
from reviews.reviewing import workflow
from tests.factories import stored_case
from tests.reviews.alerts.conftest import with_address
from tests.reviews.alerts.test_mail import address_in, text_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def view(person, query, of="cases", *, name="Mine", shared=False):
    return save_view(person, list_name=of, name=name, query=query, shared=shared)


def look_and_send(now=None):
    rounds.look(now)
    return rounds.send(now)


def monday():
    today = timezone.localtime().replace(hour=12)
    return today + (7 - today.weekday()) * DAY


def test_at_once_with_the_words_that_found_it(inbox, rosa):
    found = view(rosa, "q=conditioning+OR+norco+OR+decision:upheld&decision=upheld", name="Work")
    set_alert(found, rosa, "now")
    assert look_and_send() == 0
    stored_case()
    assert look_and_send() == 1
    [message] = inbox.messages
    text = text_of(message)
    assert "1 new case in your view “Work”" in text
    assert "CM14-0195168: conditioning, decision:upheld" in text
    assert "norco" not in text
    assert "Filters: Decision" in text
    assert f"https://imr.example.org/notifications/views/{found.pk}/" in text
    assert look_and_send() == 0


def test_what_was_there_before_is_known(inbox, rosa):
    stored_case()
    set_alert(view(rosa, "decision=upheld"), rosa, "now")
    assert look_and_send() == 0


def test_a_case_that_comes_into_the_view_later_is_new(inbox, rosa):
    case = stored_case()
    set_alert(view(rosa, "state=in_review", of="reviews"), rosa, "now")
    assert look_and_send() == 0
    workflow.claim_review(Review.objects.get(case=case), rosa)
    assert look_and_send() == 1
    assert "1 new review in your view" in text_of(inbox.messages[0])
    assert case.case_number in text_of(inbox.messages[0])


def test_every_list_can_be_an_alert(inbox, rosa):
    for of in ("cases", "issues", "citations", "documents", "reviews", "obligations"):
        set_alert(view(rosa, "", of=of, name=of), rosa, "now")
    case = stored_case()
    assert look_and_send() == 1
    text = text_of(inbox.messages[0])
    for words in ("new case ", "new issue", "new citations", "new document ", "new review "):
        assert words in text
    assert text.count(case.case_number) == 5


def test_daily_ones_come_with_the_digest(inbox, rosa):
    set_alert(view(rosa, ""), rosa, "day")
    stored_case()
    assert look_and_send(monday().replace(hour=7)) == 0
    assert look_and_send(monday()) == 1


def test_weekly_ones_on_monday(inbox, rosa):
    set_alert(view(rosa, ""), rosa, "week")
    start = monday()
    assert look_and_send(start) == 0
    stored_case()
    assert [look_and_send(start + n * DAY) for n in range(1, 9)] == [0, 0, 0, 0, 0, 0, 1, 0]


def test_workers_that_were_away_on_monday_look_later_in_the_week(inbox, rosa):
    set_alert(view(rosa, ""), rosa, "week")
    stored_case()
    assert look_and_send(monday() + 2 * DAY) == 1


def test_a_view_that_is_changed_begins_anew(inbox, rosa):
    mine = view(rosa, "decision=overturned")
    set_alert(mine, rosa, "now")
    stored_case()
    look_and_send()
    change_view(mine, rosa, name="Mine", query="decision=upheld", shared=False)
    assert look_and_send() == 0
    assert look_and_send() == 0


def test_of_a_view_that_others_share_no_words_leave(inbox, rosa, lead):
    shared = view(lead, "q=conditioning", name="Secret words", shared=True)
    set_alert(shared, rosa, "now")
    stored_case()
    assert look_and_send() == 1
    sent = inbox.messages[0].as_string() + text_of(inbox.messages[0])
    assert "Secret" not in sent
    assert "conditioning" not in sent
    assert "CM14-0195168" in sent


def test_a_view_that_is_shared_no_more_tells_nothing(inbox, rosa, lead):
    shared = view(lead, "", shared=True)
    set_alert(shared, rosa, "now")
    change_view(shared, lead, name="Mine", query="", shared=False)
    stored_case()
    assert look_and_send() == 0


def test_it_is_turned_on_and_off_at_the_view(client, rosa, lead):
    mine = view(rosa, "decision=upheld")
    client.force_login(rosa)
    address = f"/notifications/views/{mine.pk}/"
    assert address in client.get("/cases/").content.decode()
    assert client.get(address).status_code == 200
    client.post(address, {"every": "week"})
    assert ViewAlert.objects.get().every == "week"
    assert "Weekly" in client.get("/notifications/").content.decode()
    client.post(address, {"every": ""})
    assert not ViewAlert.objects.exists()


def test_nobody_follows_a_view_that_is_not_theirs_or_shared(client, rosa, lead):
    client.force_login(rosa)
    address = f"/notifications/views/{view(lead, '').pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"every": "now"}).status_code == 404


def test_the_link_in_the_mail_turns_off_this_alert_alone(inbox, client, rosa):
    set_alert(view(rosa, "", name="One"), rosa, "now")
    set_alert(view(rosa, "", of="obligations", name="Two"), rosa, "now")
    stored_case()
    look_and_send()
    address = address_in(inbox.messages[0])
    client.post(address)
    assert ViewAlert.objects.get().view.name == "Two"


def test_two_looks_at_once_tell_it_once(rosa):
    set_alert(view(rosa, ""), rosa, "now")
    one, other = ViewAlert.objects.get(), ViewAlert.objects.get()
    stored_case()
    look_at_view(one, timezone.localtime())
    look_at_view(other, timezone.localtime())
    assert Notice.objects.count() == 1


def test_many_new_rows_are_counted_and_some_named(inbox, rosa):
    set_alert(view(rosa, ""), rosa, "now")
    call_command("synthesize", "120", verbosity=0)
    assert look_and_send() == 1
    text = text_of(inbox.messages[0])
    assert "120 new cases" in text
    assert (
        sum(number in text for number in Case.objects.values_list("case_number", flat=True)) == 50
    )


def test_a_look_asks_few_queries_however_many_rows_there_are(rosa):
    call_command("synthesize", "600", verbosity=0)
    for of in ("cases", "issues", "obligations", "documents"):
        set_alert(view(rosa, "", of=of, name=of), rosa, "now")
    for alert in ViewAlert.objects.select_related("view", "person"):
        look_at_view(alert, timezone.localtime())
        with CaptureQueriesContext(connection) as asked:
            start = time.monotonic()
            look_at_view(alert, timezone.localtime())
        # On PostgreSQL the index reads the cases of this test's own transaction each time.
        assert len(asked) < 8 + 6 * (connection.vendor == "postgresql"), alert.view.list
        assert time.monotonic() - start < 1


def test_of_a_deactivated_person_nothing_is_looked_for(inbox):
    omar = with_address("reviewer", "omar")
    set_alert(view(omar, ""), omar, "now")
    omar.is_active = False
    omar.save()
    stored_case()
    assert look_and_send() == 0
    assert not Notice.objects.exists()


def test_a_case_that_is_forgotten_is_named_no_more(rosa):
    set_alert(view(rosa, ""), rosa, "now")
    stored_case()
    rounds.look()
    assert "CM14-0195168" in str(Notice.objects.get().facts)
    call_command("forget", "CM14-0195168")
    assert "CM14-0195168" not in str(Notice.objects.get().facts)
