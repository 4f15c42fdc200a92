"""When letters were received: entered at the upload, by a command, and on the upload's page."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from cases.corrections.claim_facts import set_claim_facts
from cases.intake import pipeline
from cases.intake.storing import receipt
from cases.models import Batch, BatchLine, Case, ClaimFacts, Document
from tests.factories import LETTERS, InProcess
from tests.forms import form_data

pytestmark = pytest.mark.django_db
NAMES = ("CM14-0195168", "facsimile-003-final-2014")


def letter(name):
    return SimpleUploadedFile(f"{name}.pdf", (LETTERS / f"{name}.pdf").read_bytes())


def post(client, *names, **values):
    return client.post("/upload/", {"files": [letter(name) for name in names], **values})


def read_all():
    for document in Document.objects.filter(status__in=Document.UNFINISHED):
        pipeline.read_document(document.pk, InProcess())


@pytest.fixture
def batch(reader):
    """Of two letters, which were read."""
    post(reader, *NAMES)
    read_all()
    return Batch.objects.get()


def page_of(reader, batch):
    return reader.get(batch.get_absolute_url()).content.decode()


def received(case_number="CM14-0195168"):
    facts = ClaimFacts.objects.get(case__case_number=case_number)
    return facts.received_on, facts.received_assumed


def all_letters(reader, batch, **values):
    return reader.post(f"/batches/{batch.pk}/received", values)


def each_letter(reader, batch, **values):
    data = form_data(page_of(reader, batch), "receipt-each")
    return reader.post(f"/batches/{batch.pk}/letters", data | values)


def key_of(case_number="CM14-0195168"):
    return f"case-{Case.objects.get(case_number=case_number).pk}"


# at the upload


def test_what_is_entered_at_the_upload_is_of_every_letter(reader):
    entered = {
        "received_on": "2015-02-02",
        "claims_administrator": "Sample Mutual",
        "claims_unit": "South",
        "ur_vendor": "Sample Review",
        "claim_number": "WC-1",
        "requesting_physician": "Dr. Sample",
    }
    post(reader, *NAMES, **entered)
    read_all()
    assert ClaimFacts.objects.count() == 2
    for facts in ClaimFacts.objects.all():
        assert {name: str(getattr(facts, name)) for name in entered} == entered
        assert not facts.received_assumed
        assert facts.with_obligations


def test_without_a_day_that_of_the_upload_is_assumed(batch):
    assert received() == (timezone.localdate(), True)


def test_old_letters_are_taken_in_without_deadlines(reader):
    post(reader, NAMES[0], without_obligations="on")
    read_all()
    assert not ClaimFacts.objects.get().with_obligations


def test_a_mistaken_field_costs_no_file_and_is_corrected_on_the_next_page(reader):
    response = post(reader, *NAMES, received_on="2999-01-01", ur_vendor="Sample Review")
    assert response.status_code == 302
    assert BatchLine.objects.filter(document__isnull=False).count() == 2
    batch = Batch.objects.get()
    assert (batch.received_on, batch.claim_facts) == (None, {"ur_vendor": "Sample Review"})
    page = page_of(reader, batch)
    assert "in the future" in page
    assert 'value="2999-01-01"' in page
    all_letters(reader, batch, received_on="2015-02-02")
    assert "in the future" not in page_of(reader, batch)
    read_all()
    assert received() == (dt.date(2015, 2, 2), False)


def test_without_files_what_was_typed_stays(reader):
    response = reader.post("/upload/", {"claims_administrator": "Sample Mutual"})
    assert response.status_code == 422
    assert 'value="Sample Mutual"' in response.content.decode()


def test_a_day_before_the_decision_is_left_to_be_confirmed(reader):
    post(reader, NAMES[0], received_on="2014-01-01")
    read_all()
    assert received() == (dt.date(2014, 1, 1), True)


def test_the_command_takes_the_day_and_may_keep_no_deadlines(db):
    path = str(LETTERS / f"{NAMES[0]}.pdf")
    call_command("ingest", path, "--received-on", "2015-02-02", "--without-obligations")
    assert received() == (dt.date(2015, 2, 2), False)
    assert not ClaimFacts.objects.get().with_obligations


def test_the_command_names_a_day_that_is_none(db):
    with pytest.raises(CommandError, match="in the future"):
        call_command("ingest", "x.pdf", "--received-on", "2999-01-01")
    assert not Batch.objects.exists()


# on the page of the upload


def test_the_page_says_how_many_days_are_assumed(reader, batch):
    assert "2 of 2 letters" in page_of(reader, batch)
    assert "Confirm for all 2 letters" in page_of(reader, batch)


def test_one_day_is_confirmed_for_all(reader, batch):
    response = all_letters(reader, batch, received_on="2015-02-02")
    assert response.url.endswith("#received")
    assert {received(case.case_number) for case in Case.objects.all()} == {
        (dt.date(2015, 2, 2), False)
    }
    assert "entered for all 2 letters" in page_of(reader, batch)
    assert Batch.objects.get().received_on == dt.date(2015, 2, 2)


def test_letters_that_are_still_to_be_read_take_the_day(reader):
    post(reader, *NAMES)
    batch = Batch.objects.get()
    all_letters(reader, batch, received_on="2015-02-02", claims_unit="South")
    read_all()
    assert received() == (dt.date(2015, 2, 2), False)
    assert set(ClaimFacts.objects.values_list("claims_unit", flat=True)) == {"South"}


def test_a_day_entered_for_one_letter_stays_and_that_of_all_can_be_changed(reader, batch):
    all_letters(reader, batch, received_on="2015-02-02")
    set_claim_facts(
        Case.objects.get(case_number=NAMES[0]), {"received_on": dt.date(2015, 3, 3)}, None
    )
    all_letters(reader, batch, received_on="2015-02-05", ur_vendor="Sample Review")
    other = Case.objects.exclude(case_number=NAMES[0]).get()
    assert received() == (dt.date(2015, 3, 3), False)
    assert received(other.case_number) == (dt.date(2015, 2, 5), False)
    assert set(ClaimFacts.objects.values_list("ur_vendor", flat=True)) == {"Sample Review"}


def test_what_is_left_empty_stays(reader, batch):
    all_letters(reader, batch, claims_unit="South")
    all_letters(reader, batch, claims_unit="", ur_vendor="Sample Review")
    facts = ClaimFacts.objects.first()
    assert (facts.claims_unit, facts.ur_vendor) == ("South", "Sample Review")
    assert facts.received_assumed


def test_letters_decided_after_the_day_keep_theirs(reader, batch):
    page = all_letters(reader, batch, received_on="2015-01-15").url
    said = reader.get(page).content.decode()
    assert "1 letter decided after this day" in said
    assert received() == (timezone.localdate(), True)


def test_more_letters_than_one_request_changes_are_told(reader, batch, monkeypatch):
    monkeypatch.setattr(receipt, "MOST_AT_ONCE", 1)
    page = all_letters(reader, batch, received_on="2015-02-02").url
    assert "1 letter left" in reader.get(page).content.decode()
    all_letters(reader, batch, received_on="2015-02-02")
    assert "entered for all 2" in page_of(reader, batch)


def test_each_letter_has_its_day_and_claim_number(reader, batch):
    key = key_of()
    values = {f"{key}-received_on": "2015-02-02", f"{key}-claim_number": "WC-1"}
    assert each_letter(reader, batch, **values).status_code == 302
    assert received() == (dt.date(2015, 2, 2), False)
    assert ClaimFacts.objects.get(claim_number="WC-1").case.case_number == NAMES[0]
    assert ClaimFacts.objects.filter(received_assumed=True).count() == 1, "the other is as it was"


def test_an_assumed_day_is_confirmed_by_a_tick(reader, batch):
    each_letter(reader, batch, **{f"{key_of()}-confirm": "on"})
    assert received() == (timezone.localdate(), False)


def test_one_mistaken_line_changes_nothing_and_keeps_all_lines(reader, batch):
    [first, second] = Case.objects.order_by("pk")
    values = {
        f"case-{first.pk}-claim_number": "WC-1",
        f"case-{second.pk}-received_on": "2999-01-01",
    }
    response = each_letter(reader, batch, **values)
    assert response.status_code == 422
    assert 'value="WC-1"' in response.content.decode()
    assert "in the future" in response.content.decode()
    assert not ClaimFacts.objects.exclude(claim_number="").exists()


def test_a_file_that_was_read_meanwhile_takes_its_day(reader):
    post(reader, NAMES[0])
    batch = Batch.objects.get()
    data = form_data(page_of(reader, batch), "receipt-each")
    [name] = [name for name in data if name.startswith("file-") and name.endswith("received_on")]
    read_all()
    reader.post(f"/batches/{batch.pk}/letters", data | {name: "2015-02-02"})
    assert received() == (dt.date(2015, 2, 2), False)


def test_letters_that_were_here_before_are_not_of_this_upload(reader, batch):
    post(reader, *NAMES)
    again = Batch.objects.first()
    assert again != batch
    assert "No new letters" in page_of(reader, again)
    all_letters(reader, again, received_on="2015-02-02")
    assert received() == (timezone.localdate(), True)


def test_the_part_comes_alone_to_htmx_and_is_offered_when_all_is_read(reader, batch):
    part = reader.get(f"/batches/{batch.pk}/received", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    headers = {"HX-Request": "true", "HX-Target": "progress"}
    assert reader.get(batch.get_absolute_url(), headers=headers)["HX-Trigger"] == (
        "letters-were-read"
    )
