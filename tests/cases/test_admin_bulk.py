"""A guideline's name everywhere, and corrections from a CSV."""

import csv
import io

import pytest

from cases.corrections.claim_facts import facts_of, set_claim_facts
from cases.models import Case, Citation, Revision
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.forms import form_data
from tests.people import person

pytestmark = pytest.mark.django_db
NAMES, IMPORT = "/admin/cases/case/guideline-names/", "/admin/cases/case/import/"
OLD = {"from_source": "ODG", "from_guideline": "Official Disability Guidelines"}
NEW = {"to_source": "MTUS", "to_guideline": "Chronic Pain Medical Treatment Guidelines"}


@pytest.fixture
def case(db):
    return stored_case()


@pytest.fixture
def corrector(client):
    client.force_login(person(Role.CORRECTOR, "mender"))
    return client


def test_the_preview_shows_what_changes_and_changes_nothing(corrector, case):
    page = corrector.get(NAMES, OLD | NEW).content.decode()
    assert "1 citation in 1 case" in page
    assert "CM14-0195168, issue 1" in page
    assert Citation.objects.filter(source="ODG").exists()


def test_a_name_is_given_everywhere_with_a_reason(corrector, case):
    assert corrector.post(NAMES, OLD | NEW).status_code == 422
    assert corrector.post(NAMES, OLD | NEW | {"why": "One guideline"}).status_code == 302
    assert not Citation.objects.filter(source="ODG").exists()
    revision = case.revisions.get()
    assert (revision.origin, revision.why) == ("bulk", "One guideline")
    case.refresh_from_db()
    assert "issue-1-claims-2" in case.corrected


def test_the_same_name_twice_is_refused(corrector, case):
    same = {"to_source": "ODG", "to_guideline": "Official Disability Guidelines"}
    assert "names are the same" in corrector.get(NAMES, OLD | same).content.decode()


# CSV


def exported(client, path, **changes):
    text = b"".join(client.get(path)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows[0] |= changes
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def upload(client, text):
    return client.post(IMPORT, {"file": io.BytesIO(text.encode("utf-8-sig"))})


def plan_of(response):
    page = response.content.decode()
    return page[page.index('name="plan" value="') + 19 :].split('"')[0]


def test_an_export_comes_back_unchanged(corrector, case):
    for path in ("/cases/export.csv", "/issues/export.csv"):
        found = upload(corrector, exported(corrector, path)).context["found"]
        assert (found.shown, found.mistakes) == ((), ())


def test_a_dry_run_shows_and_does_nothing_then_the_same_is_made(corrector, case):
    text = exported(corrector, "/cases/export.csv", ur_denial_date="2014-11-07")
    response = upload(corrector, text)
    [shown] = response.context["found"].shown
    assert (shown.field, shown.old, shown.new) == ("ur_denial_date", "2014-11-08", "2014-11-07")
    assert not Revision.objects.exists()
    made = corrector.post(IMPORT, {"plan": plan_of(response), "why": "Checked by hand"})
    assert made.status_code == 302
    case.refresh_from_db()
    assert case.ur_denial_date.isoformat() == "2014-11-07"
    assert case.revisions.get().origin == "import"


def test_an_issues_file_corrects_issues(corrector, case):
    text = exported(corrector, "/issues/export.csv", decision="overturned")
    corrector.post(IMPORT, {"plan": plan_of(upload(corrector, text)), "why": "Misread"})
    case.refresh_from_db()
    assert case.decision == "overturned"


def test_a_case_that_changed_since_the_preview_is_left_alone(corrector, case):
    text = exported(corrector, "/cases/export.csv", priority="Expedited")
    plan = plan_of(upload(corrector, text))
    data = form_data(
        corrector.get(f"/admin/cases/case/{case.pk}/change/").content.decode(), "correct"
    )
    data |= {"case-date_assigned": "2014-12-03", "why": "x", "then": "stay"}
    corrector.post(f"/admin/cases/case/{case.pk}/change/", data)
    page = corrector.post(IMPORT, {"plan": plan, "why": "x"}, follow=True).content.decode()
    assert "not imported: CM14-0195168" in page
    assert Case.objects.get().priority == "Standard"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("case_number,priority\nCM99-0000000,Standard\n", "is on file"),
        ("case_number,decision_date\nCM14-0195168,13/45/2015\n", "Enter the date"),
        ("case_number,position,decision\nCM14-0195168,7,upheld\n", "no issue"),
        ("case_number,position,decision\nCM14-0195168,1,maybe\n", "maybe"),
        ("number\n1\n", "including case_number"),
        ("", "including case_number"),
        ('case_number\n"CM14', "not a CSV file"),
    ],
)
def test_what_is_mistaken_is_said(corrector, case, text, words):
    assert words in upload(corrector, text).content.decode()


def test_a_plan_that_was_tampered_with_is_refused(corrector, case):
    assert corrector.post(IMPORT, {"plan": "forged", "why": "x"}).status_code == 422


def test_new_fields_are_imported(corrector, case):
    changes = {
        "category": "pharmaceuticals",
        "subcategory": "opioids",
        "body_parts": "knee; low_back",
        "retrospective": "yes",
        "requested": "Norco #60",
        "authorized": "Norco #40",
        "in_dispute": "Norco #20",
    }
    plan = plan_of(upload(corrector, exported(corrector, "/issues/export.csv", **changes)))
    assert corrector.post(IMPORT, {"plan": plan, "why": "Coded"}).status_code == 302
    issue = case.issues.get()
    assert (issue.category, issue.subcategory, issue.retrospective) == (
        "pharmaceuticals",
        "opioids",
        True,
    )
    assert (issue.body_parts, issue.in_dispute) == (["knee", "low_back"], "Norco #20")


def test_a_category_alone_takes_away_a_subcategory_that_does_not_fit(corrector, case):
    assert case.issues.get().subcategory
    text = "case_number,position,category\nCM14-0195168,1,programs\n"
    plan = plan_of(upload(corrector, text))
    corrector.post(IMPORT, {"plan": plan, "why": "Coded"})
    issue = case.issues.get()
    assert (issue.category, issue.subcategory) == ("programs", "")


def test_each_column_that_is_not_imported_is_named_with_the_reason(corrector, case):
    text = "case_number,priority,verdicts,decison_date,decision,mood\nCM14-0195168,Expedited,,,,\n"
    response = upload(corrector, text)
    page = response.content.decode()
    assert {one.name: one.why for one in response.context["found"].ignored} == {
        "verdicts": "It is computed from other values.",
        "decison_date": "No column has this name. Did you mean decision_date?",
        "decision": "It belongs to the issues: correct it in a CSV of issues.",
        "mood": "No column of the export has this name.",
    }
    assert "4 columns not imported" in page
    form = {"plan": plan_of(response), "why": ""}
    assert "4 columns not imported" in corrector.post(IMPORT, form).content.decode()
    after = corrector.post(IMPORT, form | {"why": "Seen."}, follow=True).content.decode()
    assert "1 line imported." in after
    assert "mood: No column of the export has this name." in after


# claim facts


def imported(client, text, why="From the claims system"):
    found = upload(client, text)
    return client.post(IMPORT, {"plan": plan_of(found), "why": why}, follow=True)


def test_claim_facts_come_from_a_file_of_case_numbers(corrector, case):
    header = "case_number,claim_number,claims_administrator,claims_unit,requesting_physician"
    text = (
        f"{header},ur_vendor,received_on\n"
        "CM14-0195168,WC-1,Sample Mutual,South,Dr. Sample,Sample Review,2015-02-02\n"
    )
    preview = upload(corrector, text)
    shown = {one.field: (one.old, one.new) for one in preview.context["found"].shown}
    assert shown["claim_number"] == ("", "WC-1")
    assert shown["received_on"][1] == "2015-02-02"
    assert shown["received_assumed"] == (True, False)
    assert "Feb 2, 2015" in preview.content.decode()
    assert not Revision.objects.exists(), "a preview changes nothing"
    imported(corrector, text)
    facts = facts_of(case)
    assert (facts.claim_number, facts.claims_unit, facts.ur_vendor) == (
        "WC-1",
        "South",
        "Sample Review",
    )
    assert (str(facts.received_on), facts.received_assumed) == ("2015-02-02", False)
    revision = case.revisions.get()
    assert (revision.origin, revision.why) == ("import", "From the claims system")


def test_an_export_does_not_confirm_the_days_that_are_assumed(corrector, case):
    assert upload(corrector, exported(corrector, "/cases/export.csv")).context["found"].shown == ()
    imported(corrector, exported(corrector, "/cases/export.csv", received_assumed="no"))
    assert not facts_of(case).received_assumed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("case_number,claim_number\nCM99-0000000,WC-1\n", "is on file"),
        ("case_number,received_on\nCM14-0195168,2999-01-01\n", "in the future"),
        ("case_number,received_on\nCM14-0195168,2015-01-01\n", "decided on Jan 16, 2015"),
        ("case_number,received_assumed\nCM14-0195168,perhaps\n", "yes or no"),
        ("case_number,claim_numbr\nCM14-0195168,WC-1\n", "Did you mean claim_number"),
        ("case_number,position,claim_number\nCM14-0195168,1,W\n", "in a CSV of cases"),
        ("case_number,claim_number\nCM14-0195168,1\nCM14-0195168,2\n", "more than once"),
    ],
)
def test_what_is_mistaken_in_claim_facts_is_said(corrector, case, text, words):
    assert words in upload(corrector, text).content.decode()
    assert facts_of(case).claim_number == ""


def test_claim_facts_that_changed_since_the_preview_are_left_alone(corrector, case):
    found = upload(corrector, "case_number,claim_number\nCM14-0195168,WC-1\n")
    set_claim_facts(case, {"claim_number": "WC-2"}, None)
    page = corrector.post(IMPORT, {"plan": plan_of(found), "why": "x"}, follow=True)
    assert "not imported: CM14-0195168" in page.content.decode()
    assert facts_of(case).claim_number == "WC-2"
