"""Correction of a case on its page in the admin, and the admin's lists."""

import datetime as dt

import pytest

from cases.models import Case, Revision
from imrsite.security.roles import Role
from tests.factories import annotated, stored_case
from tests.forms import form_data
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


@pytest.fixture
def corrector(client):
    client.user = person(Role.CORRECTOR, "mender")
    client.force_login(client.user)
    return client


def url_of(case):
    return f"/admin/cases/case/{case.pk}/change/"


def opened(client, case):
    """The form as a browser has it after opening the page."""
    return form_data(client.get(url_of(case)).content.decode(), "correct")


def save(client, case, data, **values):
    return client.post(url_of(case), data | {"then": "stay"} | values)


def test_the_page_holds_case_issues_and_citations(corrector, case):
    data = opened(corrector, case)
    assert data["case-ur_denial_date"] == "2014-11-08"
    assert data["issues-0-decision"] == "upheld"
    assert data["issues-0-citations-0-pages"] == "125-126"


def test_a_correction_is_saved_with_its_reason(corrector, case):
    data = opened(corrector, case)
    response = save(
        corrector, case, data, **{"case-ur_denial_date": "2014-11-07", "why": "Report of 11/7"}
    )
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.ur_denial_date == dt.date(2014, 11, 7)
    [revision] = case.revisions.all()
    assert (revision.who_name, revision.why) == ("mender", "Report of 11/7")
    [change] = revision.changes.all()
    assert (change.place, change.field, change.old, change.new) == (
        "case",
        "ur_denial_date",
        "2014-11-08",
        "2014-11-07",
    )


def test_without_a_reason_nothing_is_saved_and_nothing_typed_is_lost(corrector, case):
    response = save(corrector, case, opened(corrector, case), **{"case-priority": "Expedited"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Enter a reason" in page
    assert form_data(page, "correct")["case-priority"] == "Expedited"
    assert not Revision.objects.exists()


def test_saving_an_untouched_form_changes_nothing(corrector, case):
    before = Case.objects.values().get()
    save(corrector, case, opened(corrector, case))
    assert not Revision.objects.exists()
    assert Case.objects.values().get() == before


def test_a_corrected_decision_changes_the_case(corrector, case):
    data = opened(corrector, case)
    save(corrector, case, data, **{"issues-0-decision": "overturned", "why": "Misread"})
    case.refresh_from_db()
    assert case.decision == "overturned"
    assert case.corrected == {"issue-1-decision": "upheld"}


def test_pages_are_written_as_people_write_them(corrector, case):
    data = opened(corrector, case)
    response = save(corrector, case, data, **{"issues-0-citations-0-pages": "126-125", "why": "x"})
    assert "ends before it begins" in response.content.decode()
    save(corrector, case, data, **{"issues-0-citations-0-pages": "7, 9-10", "why": "x"})
    citations = case.issues.get().citations.all()
    assert [[7, 7], [9, 10]] in [citation.pages for citation in citations]


def test_line_ends_of_browsers_do_not_count_as_a_change(corrector, case):
    case.issues.update(rationale="One.\n\nTwo.")
    data = opened(corrector, case)
    name = "issues-0-rationale"
    sent = {name: "One.\r\n\r\nTwo.", f"initial-{name}": "One.\r\n\r\nTwo."}
    assert save(corrector, case, data, **sent).status_code == 302
    assert not Revision.objects.exists()
    assert case.issues.get().rationale == "One.\n\nTwo."


def test_a_citation_and_an_issue_can_be_added_and_removed(corrector, case):
    data = opened(corrector, case)
    with_row = corrector.post(url_of(case), data | {"add": "issues-0-citations"})
    data = form_data(with_row.content.decode(), "correct")
    n = int(data["issues-0-citations-TOTAL_FORMS"]) - 1
    new = f"issues-0-citations-{n}"
    data |= {f"{new}-side": "maximus", f"{new}-source": "ACOEM", f"{new}-guideline": "Opioids"}
    data |= {"issues-0-citations-0-DELETE": "on", "why": "As the letter has it"}
    assert save(corrector, case, data).status_code == 302
    issue = case.issues.get()
    assert issue.citations.filter(source="ACOEM", side="maximus", position=2).exists()
    assert not issue.citations.filter(side="claims", position=1).exists()

    with_issue = corrector.post(url_of(case), opened(corrector, case) | {"add": "issues"})
    data = form_data(with_issue.content.decode(), "correct")
    data |= {"issues-1-treatment_request": "Norco", "issues-1-decision": "overturned"}
    save(corrector, case, data, **{"issues-1-category": "pharmaceuticals", "why": "Overlooked"})
    case.refresh_from_db()
    assert case.decision == "partially_overturned"
    assert case.issues.get(position=2).treatment_request == "Norco"


def test_an_annotated_issue_stays(corrector, case):
    annotated(case.issues.get(), corrector.user)
    data = opened(corrector, case)
    response = save(corrector, case, data, **{"issues-0-DELETE": "on", "why": "x"})
    assert response.status_code == 422
    assert "has annotations" in response.content.decode()
    assert case.issues.exists()


def test_done_settles_the_flags_and_opens_the_next_case(corrector, case):
    for number in ("CM13-0000001", "CM13-0000002"):
        waiting = Case.objects.create(
            case_number=number, document=case.document, format="unknown", first_page=1, last_page=1
        )
        waiting.flags.create(code="unknown-format", message="Unknown format.", level="error")
        Case.objects.filter(pk=waiting.pk).update(needs_correction=True)
    response = save(corrector, waiting, opened(corrector, waiting), then="next")
    waiting.refresh_from_db()
    assert not waiting.needs_correction
    first = Case.objects.get(case_number="CM13-0000001")
    assert response.url == url_of(first)
    assert save(corrector, first, opened(corrector, first), then="next").url == "/admin/cases/case/"
    assert waiting.revisions.get().why == "Checked against the letter."


def test_a_value_that_was_missing_takes_its_flag_along(corrector, case):
    Case.objects.filter(pk=case.pk).update(priority="")
    case.flags.create(code="missing-priority", field="priority", message="…", level="error")
    data = opened(corrector, case)
    save(corrector, case, data, **{"case-priority": "Standard", "why": "Seen on page 1"})
    assert not case.flags.filter(code="missing-priority").exists()


def test_two_editors_of_different_fields_both_keep_their_work(corrector, case):
    first, second = opened(corrector, case), opened(corrector, case)
    save(corrector, case, first, **{"case-priority": "Expedited", "why": "one"})
    response = save(corrector, case, second, **{"case-date_assigned": "2014-12-03", "why": "two"})
    assert response.status_code == 302
    case.refresh_from_db()
    assert (case.priority, case.date_assigned) == ("Expedited", dt.date(2014, 12, 3))


def test_of_two_editors_of_one_field_the_second_sees_both_versions(corrector, case):
    first, second = opened(corrector, case), opened(corrector, case)
    save(corrector, case, first, **{"case-date_assigned": "2014-12-04", "why": "stamp"})
    mine = {"case-date_assigned": "2014-12-05", "case-priority": "Expedited", "why": "header"}
    response = save(corrector, case, second, **mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert all(text in page for text in ("2014-12-02", "2014-12-04", "2014-12-05", "stamp"))
    case.refresh_from_db()
    assert (case.date_assigned, case.priority) == (dt.date(2014, 12, 4), "Standard")

    again = save(corrector, case, form_data(page, "correct"))
    assert again.status_code == 302, "a second save is a choice made with both in sight"
    case.refresh_from_db()
    assert (case.date_assigned, case.priority) == (dt.date(2014, 12, 5), "Expedited")


def test_an_issue_of_another_case_is_not_taken(corrector, case):
    other = stored_case("facsimile-003-final-2014")
    foreign = other.issues.first()
    data = opened(corrector, case) | {"issues-0-id": str(foreign.pk), "why": "x"}
    data["issues-0-treatment_request"] = "Stolen"
    assert save(corrector, case, data).status_code == 422
    foreign.refresh_from_db()
    assert foreign.treatment_request != "Stolen"


def test_the_letter_beside_the_form_marks_the_field(corrector, case):
    response = corrector.get(
        f"{url_of(case)}?show=ur_denial_date",
        headers={"HX-Request": "true", "HX-Target": "letter"},
    )
    assert response.context["letter"].boxes


def test_what_was_read_stays_in_sight(corrector, case):
    data = opened(corrector, case)
    save(corrector, case, data, **{"case-ur_denial_date": "2014-11-07", "why": "x"})
    assert "read as: Nov 8, 2014" in corrector.get(url_of(case)).content.decode()
    page = corrector.get(case.get_absolute_url()).content.decode()
    assert "Nov 7, 2014" in page
    assert "Originally read as: Nov 8, 2014" in page


def test_a_case_can_be_added_by_hand(corrector, case):
    data = form_data(corrector.get("/admin/cases/case/add/").content.decode(), "case_form")
    data |= {"document": case.document_id, "case_number": "CM13-0000009", "format": "unknown"}
    response = corrector.post("/admin/cases/case/add/", data | {"first_page": 1, "last_page": 2})
    added = Case.objects.get(case_number="CM13-0000009")
    assert response.url == url_of(added)
    assert added.revisions.get().why == "Added manually."
    assert added.claim_facts.received_assumed, "the day of the upload, until it is confirmed"


@pytest.mark.parametrize("model", ["case", "issue", "document", "reading", "revision"])
def test_each_list_opens_and_searches(admin_client, case, model):
    assert admin_client.get(f"/admin/cases/{model}/?q=CM14").status_code == 200
    assert admin_client.get("/admin/reviews/annotation/?q=x").status_code == 200


def test_the_queue_lists_the_reasons(corrector, case):
    case.flags.create(code="missing-priority", message="No priority found.", level="error")
    Case.objects.update(needs_correction=True)
    page = corrector.get("/admin/cases/case/?needs_correction__exact=1").content.decode()
    assert "No priority found." in page


def test_new_fields_are_corrected_like_the_others(corrector, case):
    data = opened(corrector, case)
    issue = {
        "issues-0-requested": "Twelve sessions",
        "issues-0-authorized": "Four sessions",
        "issues-0-in_dispute": "Eight sessions",
        "issues-0-subcategory": "other_therapies",
        "issues-0-body_parts": "Low back, wrist and hand",
        "issues-0-retrospective": "yes",
        "issues-0-citations-0-edition": "2009",
    }
    response = save(corrector, case, data, **issue, why="Page 2")
    assert response.status_code == 302
    row = case.issues.get()
    assert (row.authorized, row.in_dispute) == ("Four sessions", "Eight sessions")
    assert (row.subcategory, row.retrospective) == ("other_therapies", True)
    assert row.body_parts == ["low_back", "wrist_hand"]
    assert row.citations.get(side="claims", position=1).edition == "2009"
    case.refresh_from_db()
    assert {"issue-1-in_dispute", "issue-1-body_parts", "issue-1-retrospective"} <= {
        *case.corrected
    }
    shown = opened(corrector, case)
    assert {name: shown[name] for name in issue} == issue | {
        "issues-0-body_parts": "Low back, Wrist and hand"
    }
    assert save(corrector, case, shown).status_code == 302
    assert case.revisions.count() == 1, "nothing changed, nothing is kept"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"issues-0-subcategory": "opioids"}, "does not belong to the category"),
        ({"issues-0-body_parts": "left pinky"}, "not a known body part"),
        ({"issues-0-in_dispute": "Eight sessions"}, "has three parts"),
        ({"issues-0-citations-0-edition": "04"}, "An edition is a year"),
    ],
)
def test_values_that_do_not_fit_are_explained(corrector, case, values, says):
    response = save(corrector, case, opened(corrector, case), **values, why="x")
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Revision.objects.exists()
