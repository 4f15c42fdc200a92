"""What is told by mail arrives at a real server: once, whatever fails on the way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from reviews.alerts import rounds, sending
from reviews.alerts.choices import How, Kind, choices_of, save_choices
from reviews.annotating.annotate import Selection, create_annotation, delete_comment
from reviews.annotating.mentions import mark_seen
from reviews.annotating.targets import Place
from reviews.models import MailSettings, Mention, Notice, OutgoingMail, Review, Target
from reviews.reviewing import workflow
from tests.factories import stored_case
from tests.reviews.alerts.conftest import with_address

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def case():
    return stored_case()


@pytest.fixture
def now():
    """Noon of tomorrow: after everybody's digest, and after all that a test does."""
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    return tomorrow.replace(hour=12, minute=0)


def mention(case, author, words="See this, @rosa"):
    issue = case.issues.first()
    place = Place(case, issue, Target.RATIONALE)
    quote = issue.rationale[:20]
    return create_annotation(place, author, Selection(quote, 0), comment=words)


def at_once(person, *kinds):
    save_choices(person, dict.fromkeys(kinds, How.NOW), choices_of(person).digest_hour)


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_a_mention_is_told_at_once(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    assert rounds.send() == 1
    [message] = inbox.to("rosa@example.org")
    assert message["Subject"] == "You were mentioned in CM14-0195168"
    found = Mention.objects.get()
    assert f"https://imr.example.org/mentions/{found.pk}/" in text_of(message)
    assert rounds.send() == 0


def test_without_a_choice_it_waits_for_the_digest(inbox, case, rosa, lead, now):
    mention(case, lead)
    workflow.assign_reviewer(Review.objects.get(case=case), rosa, lead)
    assert rounds.send() == 0
    assert rounds.send(now.replace(hour=7, minute=59)) == 0
    assert rounds.send(now.replace(hour=8)) == 1
    [message] = inbox.messages
    assert message["Subject"] == "IMR: 1 mention, 1 review to read"
    assert "The review of CM14-0195168 was assigned to you" in text_of(message)


def test_at_the_hour_that_the_person_chose(inbox, case, rosa, lead, now):
    save_choices(rosa, {}, 17)
    mention(case, lead)
    assert rounds.send(now) == 0
    assert rounds.send(now.replace(hour=17)) == 1


def test_one_digest_a_day(inbox, case, rosa, lead, now):
    mention(case, lead)
    assert rounds.send(now) == 1
    mention(case, lead, "And that, @rosa")
    Notice.objects.filter(mail=None).update(told_from=now + MINUTE)
    assert rounds.send(now + 5 * MINUTE) == 0
    assert rounds.send(now + dt.timedelta(days=1)) == 1


def test_no_words_of_letters_comments_or_people_leave(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead, "@rosa The lumbar MRI of Mr. Doe is in doubt")
    rounds.send()
    [message] = inbox.messages
    sent = message.as_string()
    issue = case.issues.first()
    for words in ("lumbar", "Doe", "lena", issue.treatment_request[:15], issue.rationale[:20]):
        assert words not in sent


def test_it_has_plain_text_html_and_headers(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    rounds.send()
    [message] = inbox.messages
    assert message.get_content_type() == "multipart/alternative"
    assert '<a href="https://imr.example.org/mentions/' in message.get_body(("html",)).get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["From"] == "IMR <imr@example.org>"
    assert message["Message-ID"].endswith("@imr.example.org>")


# -- what is not told --------------------------------------------------------------------------


def test_what_the_person_saw_meanwhile(inbox, case, rosa, lead, now):
    mention(case, lead)
    mark_seen(Mention.objects.get())
    assert rounds.send(now) == 0


def test_what_was_deleted_meanwhile(inbox, case, rosa, lead, now):
    delete_comment(mention(case, lead), lead)
    assert rounds.send(now) == 0


def test_a_review_that_was_taken_back(inbox, case, rosa, lead, now):
    workflow.unassign(workflow.assign_reviewer(Review.objects.get(case=case), rosa, lead))
    assert rounds.send(now) == 0


def test_a_review_that_somebody_took_themselves(inbox, case, rosa, now):
    workflow.claim_review(Review.objects.get(case=case), rosa)
    assert not Notice.objects.exists()


def test_nothing_to_who_turned_it_off(inbox, case, rosa, lead, now):
    save_choices(rosa, {Kind.MENTION: How.OFF}, 8)
    mention(case, lead)
    assert rounds.send(now) == 0


def test_nothing_to_a_deactivated_person(inbox, case, rosa, lead, now):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    rosa.is_active = False
    rosa.save()
    assert rounds.send(now) == 0
    assert not inbox.messages


def test_nothing_to_who_may_not_read_cases_any_more(inbox, case, rosa, lead, now):
    mention(case, lead)
    rosa.groups.clear()
    assert rounds.send(now) == 0
    assert not inbox.messages


def test_rights_are_looked_at_again_when_it_is_sent(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    inbox.busy = True
    rounds.send()
    inbox.busy = False
    rosa.groups.clear()
    assert rounds.send(timezone.localtime() + dt.timedelta(hours=1)) == 0
    assert OutgoingMail.objects.get().state == State.DROPPED


# -- servers that are difficult ----------------------------------------------------------------


def test_a_busy_server_is_asked_again_after_growing_pauses(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    inbox.busy = True
    start = timezone.localtime()
    tried = []
    for minute in range(60):
        before = OutgoingMail.objects.values_list("attempts", flat=True).first() or 0
        rounds.send(start + minute * MINUTE)
        if OutgoingMail.objects.get().attempts > before:
            tried.append(minute)
    assert tried == [0, 1, 4, 14, 44]
    inbox.busy = False
    assert rounds.send(start + 3 * 60 * MINUTE) == 1
    assert len(inbox.messages) == 1


def test_no_server_at_all_loses_nothing(inbox, case, rosa, lead, settings):
    at_once(rosa, Kind.MENTION)
    at_once(lead, Kind.MENTION)
    mention(case, lead)
    mention(case, rosa, "And you, @lena")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    start = timezone.localtime()
    assert rounds.send(start) == 0
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 1]
    settings.EMAIL_PORT = port
    assert rounds.send(start + MINUTE) == 2


def test_a_server_that_hangs_up_after_the_mail_gets_the_same_message_again(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    inbox.drops = 2
    start = timezone.localtime()
    for minute in range(30):
        rounds.send(start + minute * MINUTE)
    assert len(inbox.messages) == 3
    assert len(inbox.by_id) == 1
    assert len({(one["Date"], text_of(one)) for one in inbox.messages}) == 1
    assert OutgoingMail.objects.get().state == State.SENT


def test_a_worker_that_died_before_it_marked_the_mail(inbox, case, rosa, lead, monkeypatch):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)

    def die(*_):
        raise KeyboardInterrupt

    start = timezone.localtime()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "record", die)
        with pytest.raises(KeyboardInterrupt):
            rounds.send(start)
    assert len(inbox.messages) == 1
    assert rounds.send(start + MINUTE) == 0  # its lease holds still
    assert rounds.send(start + sending.LEASE) == 1
    assert len(inbox.by_id) == 1


def test_two_workers_send_one_mail(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    now = timezone.localtime()
    inbox.busy = True
    rounds.send(now)
    later = now + MINUTE
    [pk] = sending.due_mails(later).values_list("pk", flat=True)
    assert sending.claim(pk, later)
    assert sending.claim(pk, later) is None


def test_an_address_that_is_refused_is_shown_to_its_person(inbox, case, rosa, lead, client):
    at_once(rosa, Kind.MENTION)
    inbox.refused = {"rosa@example.org"}
    mention(case, lead)
    assert rounds.send() == 0
    assert OutgoingMail.objects.get().state == State.REFUSED
    client.force_login(rosa)
    page = client.get("/notifications/").content.decode()
    assert "550 5.1.1 No such mailbox here" in page
    client.force_login(lead)
    assert "The mail server refused rosa@example.org" in client.get(f"/people/{rosa.pk}/").text
    client.force_login(rosa)
    mention(case, lead, "Once more, @rosa")
    rounds.send()
    assert OutgoingMail.objects.count() == 1  # what comes later waits
    inbox.refused = set()
    client.post("/notifications/", {"again": "1"})
    assert rounds.send() == 2


def test_with_another_address_it_is_sent(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    inbox.refused = {"rosa@example.org"}
    mention(case, lead)
    rounds.send()
    rosa.email = "rosa.marsh@example.org"
    rosa.save()
    assert rounds.send() == 1
    assert MailSettings.objects.get(person=rosa).refused_address == ""


def test_an_address_that_is_none(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    rosa.email = "rosa at home"
    rosa.save()
    mention(case, lead)
    assert rounds.send() == 0
    assert MailSettings.objects.get(person=rosa).refused_words


# -- turning it off ----------------------------------------------------------------------------


def address_in(message):
    return re.search(r"<https://imr.example.org(/[^>]+)>", message["List-Unsubscribe"])[1]


def test_one_click_turns_it_off_without_signing_in(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    rounds.send()
    address = address_in(inbox.messages[0])
    visitor = Client(enforce_csrf_checks=True)
    assert "Turn off" in visitor.get(address).content.decode()
    assert choices_of(rosa).how(Kind.MENTION) == How.NOW  # a look changes nothing
    response = visitor.post(address, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    rosa.refresh_from_db()
    assert choices_of(rosa).how(Kind.MENTION) == How.OFF
    assert choices_of(rosa).how(Kind.ASSIGNMENT) == How.DIGEST


def test_it_works_for_who_is_deactivated_or_gone(inbox, case, rosa, lead):
    at_once(rosa, Kind.MENTION)
    mention(case, lead)
    rounds.send()
    address = address_in(inbox.messages[0])
    rosa.is_active = False
    rosa.save()
    assert Client().post(address).status_code == 200
    Mention.objects.all().delete()
    rosa.delete()
    assert Client().post(address).status_code == 200


def test_a_link_that_is_not_ours_is_none(db):
    assert Client().get("/notifications/off/WzEsW10sW11d:nope:nope/").status_code == 404


# -- the page ----------------------------------------------------------------------------------


def test_each_role_is_offered_what_it_may_hear_of(client, rosa, lead):
    client.force_login(rosa)
    page = client.get("/notifications/").content.decode()
    assert "Mentions of you" in page
    assert "Deadlines of all letters" not in page
    client.force_login(lead)
    assert "Deadlines of all letters" in client.get("/notifications/").content.decode()


def test_choices_are_saved(client, rosa):
    client.force_login(rosa)
    sent = {"mention": "now", "assignment": "off", "digest_hour": "17"}
    assert client.post("/notifications/", sent).status_code == 302
    choices = choices_of(type(rosa).objects.get(pk=rosa.pk))
    assert (choices.how(Kind.MENTION), choices.how(Kind.ASSIGNMENT)) == (How.NOW, How.OFF)
    assert choices.digest_hour == 17


def test_a_choice_that_is_none_is_refused(client, rosa):
    client.force_login(rosa)
    sent = {"mention": "hourly", "assignment": "off", "digest_hour": "17"}
    assert client.post("/notifications/", sent).status_code == 422


def test_what_was_told_long_ago_is_forgotten(inbox, case, rosa, lead, now):
    mention(case, lead)
    rounds.send(now)
    rounds.forget_old(now + dt.timedelta(days=80))
    assert Notice.objects.exists()
    rounds.forget_old(now + dt.timedelta(days=95))
    assert not Notice.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_nobody_without_an_address_keeps_a_round_from_its_end(inbox, case, lead, now):
    without = with_address("reviewer", "rosa")
    without.email = ""
    without.save()
    mention(case, lead)
    assert rounds.send(now) == 0
