import pytest

from cases.corrections.refresh import refresh_case
from reviews.annotating.annotate import create_annotation

pytestmark = pytest.mark.django_db


def correct(issue, text):
    """As the admin does: the field, then what follows from it."""
    issue.rationale = text
    issue.save()
    refresh_case(issue.case)


def test_a_note_follows_its_words(issue, note):
    correct(issue, "A new first sentence. " + issue.rationale)
    note.refresh_from_db()
    assert issue.rationale[note.start : note.end] == "cardinal criteria"


def test_a_note_whose_words_were_changed_is_unplaced_and_shown(reader, issue, note):
    correct(issue, issue.rationale.replace("cardinal criteria", "main criteria"))
    note.refresh_from_db()
    assert note.start is None
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert "Unplaced" in page
    assert "<mark>" in page  # the proposal


def test_an_accepted_proposal_places_it(reader, issue, note):
    correct(issue, issue.rationale.replace("cardinal criteria", "cardinal criterion"))
    note.refresh_from_db()
    start, end = note.proposed_start, note.proposed_end
    quote = issue.rationale[start:end]
    reader.post(f"/annotations/{note.pk}/place/", {"start": start, "quote": quote})
    note.refresh_from_db()
    assert (note.start, note.quote, note.proposed_start) == (start, quote, None)


def test_it_is_placed_by_hand_on_any_words(reader, issue, note):
    correct(issue, "Nothing like it is left. The end.")
    response = reader.post(f"/annotations/{note.pk}/place/", {"quote": "The end"})
    assert response.status_code == 302
    note.refresh_from_db()
    assert (note.start, note.quote) == (25, "The end")


def test_words_that_come_back_take_their_note_back(issue, note):
    before = issue.rationale
    correct(issue, "Gone.")
    correct(issue, before)
    note.refresh_from_db()
    assert before[note.start : note.end] == "cardinal criteria"


def test_deleted_notes_follow_too(reader, issue, note):
    reader.post(f"/annotations/{note.pk}/delete/")
    correct(issue, "New. " + issue.rationale)
    reader.post(f"/annotations/{note.pk}/restore/")
    note.refresh_from_db()
    assert issue.rationale[note.start : note.end] == "cardinal criteria"


def test_a_correction_that_told_nobody_is_caught_up_with(issue, note, rationale, ana):
    """Whoever writes around `refresh_case`: the next annotation finds the text changed."""
    issue.rationale = "New. " + issue.rationale
    issue.save()
    from reviews.annotating.annotate import Selection

    create_annotation(rationale, ana, Selection("New"), comment="Here")
    note.refresh_from_db()
    assert issue.rationale[note.start : note.end] == "cardinal criteria"
