"""The same on PostgreSQL."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cases.corrections.claim_facts import set_claim_facts
from cases.intake.archives import Source
from cases.intake.batches import add_file, start_batch
from cases.models import Batch
from reviews.alerts import rounds
from reviews.alerts.choices import How, Kind, save_choices
from reviews.alerts.saved_view_alerts import set_alert
from tests.factories import stored_letter
from tests.reviews.alerts.conftest import with_address
from tests.reviews.alerts.test_mail import mention, text_of
from tests.reviews.alerts.test_saved_view_alerts import view


@pytest.mark.usefixtures("on_postgres")
def test_all_that_is_told(inbox):
    omar, lead = with_address("lead", "omar"), with_address("lead", "lena")
    save_choices(omar, {Kind.MENTION: How.NOW, Kind.BATCH: How.NOW}, 8)
    set_alert(view(omar, ""), omar, "now")
    case = stored_letter("facsimile-001-final-2015", omar).cases.get()
    set_claim_facts(case, {"received_on": dt.date(2025, 3, 3)}, omar)
    mention(case, lead, "See this, @omar")
    add_file(start_batch(Batch.Origin.UPLOAD, omar), Source("notes.txt", [b"words"]))
    tomorrow = timezone.localtime().replace(hour=12) + dt.timedelta(days=1)
    rounds.look(tomorrow)
    inbox.busy = True
    assert rounds.send(tomorrow) == 0
    inbox.busy = False
    assert rounds.send(tomorrow + dt.timedelta(minutes=2)) == 3
    now, digest = sorted(
        map(text_of, inbox.to("omar@example.org")), key=lambda text: "Deadlines" in text
    )
    for words in ("1 new case", "You were mentioned", "1 of 1 file of your upload"):
        assert words in now
    assert digest.count("was due Mar 10, 2025") == 2
    rounds.forget_old(tomorrow + dt.timedelta(days=100))
    inbox.refused = {"omar@example.org"}
    mention(case, lead, "And that, @omar")
    rounds.send(tomorrow + dt.timedelta(minutes=4))
    omar.email = "omar.lund@example.org"
    omar.save()
    assert rounds.send(tomorrow + dt.timedelta(minutes=5)) == 1
