"""What people do about deadlines, and what is kept of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.corrections.claim_facts import set_claim_facts
from reviews.models import Evidence, Obligation
from reviews.obligations import keeping
from reviews.obligations.events import EvidenceError
from reviews.obligations.keeping import ObligationError
from tests.factories import stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
State = Obligation.State
MONDAY = dt.date(2025, 3, 3)


@pytest.fixture
def by():
    return person("uploader", "examiner")


@pytest.fixture
def one(by):
    """To authorize by Monday, March 10, 2025."""
    case = stored_letter("facsimile-001-final-2015").cases.get()
    set_claim_facts(case, {"received_on": MONDAY}, by)
    return case.obligations.get(kind="authorize")


def day(number):
    return dt.date(2025, 3, number)


def proof(name="sent.pdf", content=b"%PDF-1.4 authorization"):
    return SimpleUploadedFile(name, content)


def events(one):
    return list(one.events.values_list("kind", flat=True))


def test_done_in_time_with_evidence(one, by):
    keeping.mark_done(one, by, done_on=day(7), note="Faxed to the provider", files=[proof()])
    one.refresh_from_db()
    assert (one.state, one.done_on, one.was_late) == (State.DONE, day(7), False)
    kept = Evidence.objects.get(event__obligation=one)
    assert (kept.name, bytes(kept.content)) == ("sent.pdf", b"%PDF-1.4 authorization")
    assert kept.event.note == "Faxed to the provider"
    assert kept.event.by_name == "examiner"


def test_done_late_is_late(one, by):
    keeping.mark_done(one, by, done_on=day(11))
    assert one.was_late


def test_not_done_after_all(one, by):
    keeping.mark_done(one, by, done_on=day(7))
    with pytest.raises(ObligationError, match="Say why"):
        keeping.undo_done(one, by, note=" ")
    keeping.undo_done(one, by, note="The fax did not go through")
    one.refresh_from_db()
    assert (one.state, one.done_on, one.ended_on, one.due_on) == (State.OPEN, None, None, day(10))


def test_a_pause_moves_the_deadline_once_it_ends(one, by):
    keeping.pause(one, by, reason="appeal", start=day(5), note="ADJ1234567", files=[proof()])
    one.refresh_from_db()
    assert (one.state, one.due_on, one.is_overdue) == (State.PAUSED, day(10), False)
    keeping.resume(one, by, end=day(17))
    one.refresh_from_db()
    assert (one.state, one.due_on) == (State.OPEN, day(20))
    assert events(one)[-2:] == ["paused", "resumed"]


def test_a_receipt_corrected_in_a_pause_counts_when_it_ends(one, by):
    keeping.pause(one, by, reason="liability", start=day(5))
    set_claim_facts(one.case, {"received_on": day(4)}, by)
    one.refresh_from_db()
    assert (one.state, one.due_on) == (State.PAUSED, day(11))
    keeping.resume(one, by, end=day(17))
    one.refresh_from_db()
    assert one.due_on == day(21)


def test_no_pause_for_what_was_overdue_before(one, by):
    with pytest.raises(ObligationError, match="stays overdue"):
        keeping.pause(one, by, reason="appeal", start=day(11))
    one.refresh_from_db()
    assert one.state == State.OPEN


def test_a_pause_says_why(one, by):
    with pytest.raises(ObligationError, match="Choose why"):
        keeping.pause(one, by, reason="", start=day(5))
    with pytest.raises(ObligationError, match="Say why"):
        keeping.pause(one, by, reason="other", start=day(5))


def test_what_is_paused_can_be_done_and_the_pause_ends(one, by):
    keeping.pause(one, by, reason="appeal", start=day(5))
    keeping.mark_done(one, by, done_on=day(6))
    one.refresh_from_db()
    assert one.state == State.DONE
    assert not one.pauses.filter(end=None).exists()


@pytest.mark.parametrize("when", [dt.date(2012, 1, 1), dt.date(2999, 1, 1)])
def test_nothing_is_done_on_a_day_that_cannot_be(one, by, when):
    with pytest.raises(ObligationError, match="can’t lie"):
        keeping.mark_done(one, by, done_on=when)


def test_of_two_who_act_at_once_one_is_told(one, by):
    other = Obligation.objects.get(pk=one.pk)
    keeping.mark_done(one, by, done_on=day(7))
    with pytest.raises(ObligationError, match="Someone changed"):
        keeping.pause(other, by, reason="appeal", start=day(5))


def test_the_appeal_window_only_closes(one, by):
    window = one.case.obligations.get(kind="appeal")
    with pytest.raises(ObligationError, match="closes by itself"):
        keeping.mark_done(window, by, done_on=day(7))
    assert not window.is_overdue
    assert window.has_closed


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (proof("run.exe"), "not of a kind"),
        (proof("empty.pdf", b""), "empty"),
        (proof("large.pdf", b"x" * (10 * 2**20 + 1)), "larger than"),
    ],
)
def test_a_file_that_cannot_be_kept_leaves_nothing_half_done(one, by, file, problem):
    with pytest.raises(EvidenceError, match=problem):
        keeping.mark_done(one, by, done_on=day(7), files=[file])
    one.refresh_from_db()
    assert one.state == State.OPEN
    assert events(one) == ["opened", "moved"]
