"""A worker has loaded nothing that it did not need before: no page, and so no list."""

from __future__ import annotations

from tests.installation import Installation
from tests.migrated import copy_migrated

ROUND = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from pyroaring import BitMap
from cases.models import SavedView
from reviews.models import ViewAlert
from reviews.tasks import forget_notices, look_for_notices, send_mail

rosa = get_user_model().objects.create_user("rosa", "rosa@example.org")
rosa.groups.add(Group.objects.get(name="reviewer"))
view = SavedView.objects.create(owner=rosa, list="cases", name="All cases", query="")
ViewAlert.objects.create(
    view=view, person=rosa, every="now", query="", seen=BitMap().serialize()
)
call_command("synthesize", "5", verbosity=0)
look_for_notices()
send_mail()
forget_notices()
"""


def test_mail_is_a_file_unless_told_otherwise(tmp_path, django_db_setup):
    one = Installation(tmp_path / "var")
    one.folder.mkdir()
    copy_migrated(one.folder / "db.sqlite3")
    one.run(ROUND)
    [file] = (one.folder / "mail").iterdir()
    sent = file.read_text()
    assert "To: rosa@example.org" in sent
    assert "5 new cases in your view" in sent
    assert "http://127.0.0.1:8000/notifications/" in sent
