"""The page for those who run the product: what it says is so, and what to do otherwise."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.management.commands.backup import remember
from cases.models import BackupRun, Document
from imrsite.models import Delivery, Webhook
from imrsite.operations import report as reports
from imrsite.running import heartbeat
from imrsite.running.heartbeat import WorkerFacts
from imrsite.security.roles import Role
from reviews.models import MailSettings, OutgoingMail
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    client.force_login(person(Role.LEAD))
    return client


@pytest.fixture(autouse=True)
def workers(broker, monkeypatch):
    """Lets workers be heard; at first there are none."""
    heartbeat.broker().delete(heartbeat.NAMES)

    def hear(name: str, *queues: str, busy: tuple[str, int] | None = None) -> None:
        facts = WorkerFacts(name, name.partition("@")[2], queues, 2, "1", 5, True)
        monkeypatch.setattr(heartbeat.Self, "facts", facts)
        heartbeat.broker().delete(heartbeat.busy_key(name))
        heartbeat.send_heartbeat()
        if busy:
            task = type("Task", (), {"name": f"cases.tasks.{busy[0]}", "request": None})
            task.request = type("Request", (), {"hostname": name})
            heartbeat.tell_busy(task=task, args=(busy[1],))

    yield hear
    heartbeat.broker().delete(heartbeat.NAMES)


def document(name: str, **fields) -> Document:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return Document.objects.create(name=name, sha256=sha256, size=1, **fields)


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def number_in_list(client, address: str) -> int:
    page = client.get(address).content.decode()
    return int(re.search(r"([\d,]+) documents?\b", page).group(1).replace(",", ""))


def test_counts_equal_the_lists_they_link_to(lead):
    document("a.pdf", status="queued", queued_at=timezone.now())
    document("b.pdf", status="received")
    for name in "cde":
        document(f"{name}.pdf", status="queued", bulk=True)
    document("f.pdf", status="failed", error_code="damaged", error_message="It is damaged.")
    document("g.pdf", status="failed", error_code="encrypted", error_message="It is locked.")
    old = document("h.pdf", status="failed", error_code="damaged")
    Document.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=8))

    page = lead.get("/operations/").content.decode()
    links = re.findall(r'id="((?:waiting|failed)-[a-z-]+)" href="([^"]+)">([\d,]+)<', page)
    assert {name: int(number) for name, _, number in links} == {
        "waiting-letters": 2,
        "waiting-bulk": 3,
        "failed-damaged": 1,
        "failed-encrypted": 1,
    }
    for _, address, number in links:
        assert number_in_list(lead, address.replace("&amp;", "&")) == int(number)


def test_what_nobody_serves_is_told_with_what_to_do(lead, workers):
    page = words_of(lead.get("/operations/"))
    assert "celery -A imrsite worker -Q bulk" in page
    workers("one@web-1", "letters", "upkeep", "bulk", "ocr")
    page = words_of(lead.get("/operations/"))
    assert "No worker serves it" not in page
    assert "one@web-1" in page


def test_a_worker_shows_the_document_it_reads(lead, workers):
    read = document("read.pdf", status="reading")
    workers("one@web-1", "letters", busy=("parse_document", read.pk))
    page = lead.get("/operations/").content.decode()
    assert f'href="/documents/{read.pk}/">read.pdf</a>' in page
    Document.objects.filter(pk=read.pk).update(status="parsed")  # its process was killed
    assert "read.pdf" not in lead.get("/operations/").content.decode()


def test_a_worker_that_went_without_a_word_is_shown_so(lead, workers):
    workers("one@web-1", "letters")
    heartbeat.broker().expire(heartbeat.worker_key("one@web-1"), heartbeat.KNOWN_SECONDS - 120)
    page = words_of(lead.get("/operations/"))
    assert "2 min ago" in page
    assert "It went without a word" in page


def test_letters_that_wait_for_long_are_told(lead, workers):
    workers("one@web-1", "letters", "upkeep", "bulk")
    late = document("late.pdf", status="queued", queued_at=timezone.now())
    Document.objects.filter(pk=late.pk).update(received_at=timezone.now() - timedelta(hours=3))
    page = words_of(lead.get("/operations/"))
    assert "3 h" in page
    assert "The oldest waits for long" in page


def row_of(client, words: str) -> list[str]:
    """The cells of the row that begins so."""
    page = client.get("/operations/").content.decode()
    row = re.search(rf'<th scope="row">{words}</th>(.*?)</tr>', page, re.DOTALL).group(1)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def waiting_mail(name: str, ago: timedelta, **fields) -> OutgoingMail:
    now = timezone.now()
    return OutgoingMail.objects.create(
        person=person(Role.REVIEWER, f"reader of {name}"),
        message_id=f"<{name}@imr.example.org>",
        created_at=now - ago,
        **{"next_try_at": now - ago} | fields,
    )


def test_mail_that_waits_is_told_with_what_the_server_said(lead):
    assert row_of(lead, "Mail to people") == ["0", "none", "0", "Nothing"]
    waiting_mail("new", timedelta(minutes=1))
    assert row_of(lead, "Mail to people") == ["1", "60 s", "0", "Nothing"]
    waiting_mail("old", timedelta(hours=3), problem="451 try again later")
    waiting_mail("sent", timedelta(hours=4), state=OutgoingMail.State.SENT)
    number, oldest, not_taken, advice = row_of(lead, "Mail to people")
    assert (number, oldest, not_taken) == ("2", "3 h", "0")
    assert "(“451 try again later”)" in advice
    assert "EMAIL_URL" in advice


def test_mail_that_nobody_sends_is_told(lead):
    waiting_mail("old", timedelta(minutes=11))
    assert "celery beat" in row_of(lead, "Mail to people")[-1]


def test_old_mail_that_is_due_only_now_is_not_said_to_be_sent_by_nobody(lead):
    """As it is when its person has another address at last."""
    waiting_mail("again", timedelta(days=3), next_try_at=timezone.now())
    assert row_of(lead, "Mail to people") == ["1", "3 days", "0", "Nothing"]


def test_addresses_that_are_refused_count_until_they_change(lead):
    refused = person(Role.REVIEWER)
    refused.email = "gone@example.org"
    refused.save()
    MailSettings.objects.create(person=refused, refused_address="gone@example.org")
    MailSettings.objects.create(person=person(Role.ADMIN))
    *_, not_taken, advice = row_of(lead, "Mail to people")
    assert not_taken == "1"
    assert "page People" in advice
    refused.email = "here@example.org"
    refused.save()
    assert row_of(lead, "Mail to people") == ["0", "none", "0", "Nothing"]


def test_messages_to_webhooks_that_wait_or_were_given_up_are_told(lead):
    now = timezone.now()
    hook = Webhook.objects.create(url="https://example.org/hook", secret="s", events=[])
    message = {"webhook": hook, "event": "case.read", "due_at": now, "retry_until": now}
    waits = Delivery.objects.create(message_id="1", problem="It answered 500.", **message)
    for name, days in (("2", 1), ("3", 8)):
        ended = {"ended_at": now - timedelta(days=days), "state": Delivery.State.FAILED}
        Delivery.objects.create(message_id=name, **ended, **message)
    number, _, not_taken, advice = row_of(lead, "Messages to webhooks")
    assert (number, not_taken) == ("1", "1")
    assert "(“It answered 500.”)" in advice
    waits.delete()
    assert "send them again" in row_of(lead, "Messages to webhooks")[-1]


def test_without_a_broker_the_page_says_so(lead, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = words_of(lead.get("/operations/"))
    assert "The broker does not answer" in page
    assert "Unknown, since the broker does not answer." in page


def test_a_document_parsed_again_waits_since_then(lead):
    again = document("again.pdf", status="queued", queued_at=timezone.now(), parser_version="1")
    Document.objects.filter(pk=again.pk).update(received_at=timezone.now() - timedelta(days=90))
    [letters, *_] = reports.queues.waiting_by_kind()
    assert letters.seconds < 60


def test_the_last_backup_is_told_and_none_is_too(lead, tmp_path):
    assert "None was made yet" in words_of(lead.get("/operations/"))
    remember(tmp_path / "one", size=5_000_000)
    page = words_of(lead.get("/operations/"))
    assert str(tmp_path / "one") in page
    assert "Yes, 4.8" in page
    BackupRun.objects.update(at=timezone.now() - timedelta(days=2))
    assert "more than a day old" in words_of(lead.get("/operations/"))


def test_a_backup_that_failed_is_told(lead, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path))
    assert "No. It failed." in words_of(lead.get("/operations/"))


def test_it_renews_itself_by_its_own_part(lead):
    whole = lead.get("/operations/").content.decode()
    part = lead.get("/operations/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 10s"' in part
    assert "<html" in whole
    assert "<html" not in part


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (3600, "1 h"), (90_000, "25 h")],
)
def test_durations(seconds, words):
    from imrsite.templatetags.operations import duration

    assert duration(seconds) == words


def test_the_page_asks_few_questions(lead, django_assert_max_num_queries):
    for n in range(20):
        document(f"{n}.pdf", status="failed", error_code="damaged")
    with django_assert_max_num_queries(24):
        lead.get("/operations/")
