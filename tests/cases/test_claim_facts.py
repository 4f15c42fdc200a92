"""What staff enter about a case that its letter does not say: on its page, and its history."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.corrections.claim_facts import facts_of, set_claim_facts
from cases.corrections.history import version_of
from cases.models import ClaimFacts
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.forms import form_data
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE, CLAIM = "/cases/CM14-0195168/", "/cases/CM14-0195168/claim/"


@pytest.fixture
def case(db):
    return stored_case()


def html(client, path, **query):
    return client.get(path, query).content.decode()


def edit(client, **values):
    return client.post(CLAIM, form_data(html(client, CLAIM), "edit-claim") | values)


def today_in_words():
    day = timezone.localdate()
    return f"{day:%b} {day.day}, {day.year}"


def test_a_new_case_has_the_day_of_the_upload_as_assumed(reader, case):
    page = html(reader, PAGE)
    assert f"{today_in_words()}, assumed, not confirmed" in page
    assert f"Confirm {today_in_words()}" in page


def test_one_button_confirms_the_day(reader, case):
    day = timezone.localdate().isoformat()
    assert reader.post(CLAIM, {"confirm": day}).status_code == 302
    assert facts_of(case).received_assumed is False
    page = html(reader, PAGE)
    assert "assumed, not confirmed" not in page
    assert "Confirm " + today_in_words() not in page


def test_what_is_entered_stands_on_the_page_and_in_the_brief(reader, case):
    entered = {"claim_number": "  WC-2014  0042 ", "ur_vendor": "Sample Review, Inc."}
    assert edit(reader, received_on="2015-01-20", **entered).status_code == 302
    for page in (html(reader, PAGE), html(reader, PAGE, print="")):
        assert "WC-2014 0042" in page
        assert "Sample Review, Inc." in page
        assert "Jan 20, 2015" in page


def test_htmx_swaps_the_panel_and_puts_the_form_in_its_place(reader, case):
    headers = {"HX-Request": "true", "HX-Target": "claim-facts"}
    form = reader.get(CLAIM, headers=headers).content.decode()
    assert "<html" not in form
    data = form_data(form, "edit-claim") | {"claim_number": "A1"}
    panel = reader.post(CLAIM, data, headers=headers).content.decode()
    assert "A1" in panel
    assert "Saved" in panel
    assert "A1" in reader.get(f"{CLAIM}?panel", headers=headers).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"received_on": "2999-01-01"}, "in the future"),
        ({"received_on": "2012-12-31"}, "older than 2013"),
        ({"received_on": "2015-01-15"}, "decided on Jan 16, 2015"),
        ({"received_on": "soon"}, "YYYY-MM-DD"),
        ({"ur_vendor": "None"}, "Leave this empty"),
        ({"claim_number": "9" * 61}, "at most 60"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_is_kept(reader, case, values, words):
    response = edit(reader, requesting_physician="Dr. Sample", **values)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Dr. Sample" in page
    assert facts_of(case).requesting_physician == ""


def test_two_editors_of_different_facts_both_keep_their_work(reader, case):
    seen = form_data(html(reader, CLAIM), "edit-claim")
    edit(reader, claims_unit="South")
    reader.post(CLAIM, seen | {"ur_vendor": "Sample Review"})
    facts = facts_of(case)
    assert (facts.claims_unit, facts.ur_vendor) == ("South", "Sample Review")


def test_the_history_says_it_in_words_and_restores_it(reader, case):
    edit(reader, claim_number="A1")
    edit(reader, claim_number="B2", received_on="2015-02-02")
    history = html(reader, f"{PAGE}history/")
    assert "Claim facts entered" in history
    assert "Claim number" in history
    assert "Determination received on" in history
    assert "Feb 2, 2015" in history
    change = case.revisions.first().changes.get(field="claim_number")
    restore = f"{CLAIM}{change.pk}/restore/"
    assert restore in history
    assert reader.post(restore, {"why": "Typing error"}).status_code == 302
    assert facts_of(case).claim_number == "A1"
    assert case.revisions.first().origin == "restore"
    again = reader.post(restore, {"why": "Again"})
    assert again.status_code == 422
    assert "already has this value" in again.content.decode()


def test_a_day_comes_back_as_a_day(reader, case):
    edit(reader, received_on="2015-01-20")
    edit(reader, received_on="2015-01-21")
    change = case.revisions.first().changes.get(field="received_on")
    reader.post(f"{CLAIM}{change.pk}/restore/", {"why": "It was the 20th"})
    assert facts_of(case).received_on == dt.date(2015, 1, 20)


def test_a_value_of_the_letter_is_not_restored_as_a_claim_fact(reader, case):
    assert reader.post(f"{CLAIM}0/restore/", {"why": "x"}).status_code == 404


def test_claim_facts_do_not_make_a_correction_late(reader, case):
    before = version_of(case)
    edit(reader, claim_number="A1")
    change = case.revisions.first().changes.get()
    reader.post(f"{CLAIM}{change.pk}/restore/", {"why": "x"})
    assert version_of(case) == before


def test_a_case_from_before_has_an_empty_panel_and_can_be_filled(reader, case):
    ClaimFacts.objects.all().delete()
    assert "Nothing entered" in html(reader, PAGE)
    assert edit(reader, claim_number="A1").status_code == 302
    facts = facts_of(case)
    assert (facts.claim_number, facts.received_on, facts.with_obligations) == ("A1", None, False)


def test_who_may_not_upload_reads_and_does_not_change(client, case):
    client.force_login(person(Role.REVIEWER, "kim"))
    page = html(client, PAGE)
    assert "assumed, not confirmed" in page
    assert CLAIM not in page
    assert client.get(CLAIM).status_code == 403


def test_deadlines_of_an_old_letter_can_be_kept_after_all(reader, case):
    set_claim_facts(case, {"with_obligations": False}, None)
    assert "not kept: entered as an old letter" in html(reader, PAGE)
    edit(reader, with_obligations="on")
    assert facts_of(case).with_obligations
    data = form_data(html(reader, CLAIM), "edit-claim")
    del data["with_obligations"]
    reader.post(CLAIM, data)
    assert not facts_of(case).with_obligations


def test_names_on_file_are_suggested(reader, case):
    set_claim_facts(case, {"claims_administrator": "Sample <Mutual>"}, None)
    assert '<option value="Sample &lt;Mutual&gt;">' in html(reader, CLAIM)


def test_no_day_after_today_is_offered(reader, case):
    assert f'max="{timezone.localdate().isoformat()}"' in html(reader, CLAIM)


def test_only_what_differs_is_a_change(case):
    assert set_claim_facts(case, {"claim_number": ""}, None) == []
    assert not case.revisions.exists()
