"""Workers that are killed while they send: each mail arrives, as one message."""

from __future__ import annotations

from tests.installation import Installation
from tests.mail_server import smtp_server
from tests.migrated import copy_migrated

MADE = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from reviews.alerts.choices import How, Kind, save_choices
from reviews.alerts.notices import add_notices, build_notice

for number in range(12):
    one = get_user_model().objects.create_user(f"p{number}", f"p{number}@example.org")
    one.groups.add(Group.objects.get(name="reviewer"))
    save_choices(one, {Kind.BATCH: How.NOW, Kind.VIEW: How.NOW, Kind.ASSIGNMENT: How.NOW}, 8)
    add_notices(
        build_notice(
            one.pk, Kind.VIEW, number, words=f"Row {n}", path="/", now=timezone.now(),
            part=str(n), urgent=True,
        )
        for n in range(3)
    )
"""
SENT = """
import os, signal
from django.utils import timezone
from cases.models import TaskTurn
from reviews.alerts import notices, rounds, sending
from reviews.models import OutgoingMail

notices.keys_in = lambda rows, keys: set(keys)  # what the notices are about is made up
# What dead workers held is free again: their time is over.
TaskTurn.objects.all().delete()
OutgoingMail.objects.update(lease_until=None)
count, real = {count}, sending.try_to_send

def try_to_send(mail):
    global count
    count -= 1
    if {before} and not count:
        os.kill(os.getpid(), signal.SIGKILL)
    outcome = real(mail)
    if not count:
        os.kill(os.getpid(), signal.SIGKILL)
    return outcome

sending.try_to_send = try_to_send
rounds.send()
"""
ENDED = """
from reviews.models import Notice, OutgoingMail
states = OutgoingMail.objects.values_list("state", flat=True)
print(len(states), set(states), Notice.objects.filter(mail=None).count())
"""


def test_each_mail_arrives_as_one_message(tmp_path, django_db_setup):
    with smtp_server() as (inbox, port):
        one = Installation(tmp_path / "var", env={"EMAIL_URL": f"smtp://127.0.0.1:{port}"})
        one.folder.mkdir()
        copy_migrated(one.folder / "db.sqlite3")
        one.run(MADE)
        for count, before in [(1, False), (4, False), (2, True), (3, False)]:
            run = one.manage("shell", "-v0", "-c", SENT.format(count=count, before=before))
            assert run.returncode == -9, run.stdout + run.stderr
        one.run(SENT.format(count=0, before=False))
    assert one.run(ENDED).splitlines()[-1] == "12 {'sent'} 0"
    assert len(inbox.by_id) == 12
    assert len(inbox.messages) == 12 + 3  # three were taken by the server, and not noted
    assert sorted(one["To"] for one in inbox.by_id.values()) == sorted(
        f"p{number}@example.org" for number in range(12)
    )
