"""Precedents: the issues most like a request, why, and how they were decided."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cases.analysis.precedents import (
    guidelines_of,
    precedents_of_issue,
    precedents_of_request,
    request_features,
)
from cases.analysis.similarity import compute_similarity
from cases.corrections.refresh import refresh_case
from cases.models import Issue
from tests.factories import stored_case
from tests.postgres import require_kept_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def made_up(db):
    call_command("synthesize", "300", verbosity=0)


def test_the_most_similar_come_first_with_the_reason(made_up):
    found = precedents_of_request("Norco 10/325mg #60", guidelines=["Opioids"])
    assert (found.category, found.words) == ("pharmaceuticals", ("hydrocodone",))
    scores = [one.likeness.score for one in found.shown]
    assert scores == sorted(scores, reverse=True)
    assert all("hydrocodone" in one.likeness.words for one in found.shown)
    assert all(one.issue.category == "pharmaceuticals" for one in found.shown)


@pytest.mark.parametrize(
    ("text", "guidelines"),
    [
        ("MRI of the lumbar spine", ()),
        ("Physical therapy for the lumbar spine", ()),
        ("Norco 10/325mg #60", ("Opioids",)),
        ("12 sessions of acupuncture", ("Official Disability Guidelines",)),
    ],
)
def test_the_rate_is_that_of_all_similar_issues(made_up, text, guidelines):
    """Each issue of the category is looked at here, one after another."""
    found = precedents_of_request(text, guidelines=guidelines)
    alike = {one.pk: one for one in similar_to(found.request)}
    assert found.similar == len(alike) > 0
    assert {one.issue.pk for one in found.shown} <= alike.keys()
    decided = [one.decision for one in alike.values() if one.decision]
    assert found.decided == len(decided)
    assert found.overturned == len([one for one in decided if one != "upheld"])
    assert found.rate == found.overturned / found.decided
    assert found.interval.low <= found.rate <= found.interval.high


def similar_to(request):
    parts = set(request.body_parts)
    for issue in Issue.objects.filter(category=request.category):
        asked = request_features(issue, guidelines_of([issue])[issue.pk])
        same_part = not parts or parts & set(issue.body_parts)
        if same_part and compute_similarity(request.asked, asked).alike:
            yield issue


def test_a_case_is_no_precedent_for_itself():
    case = stored_case()
    issue = case.issues.get()
    assert precedents_of_issue(issue).similar == 0
    assert precedents_of_request(issue.treatment_request).similar == 1


def test_a_correction_is_found_at_once(made_up):
    issue = Issue.objects.filter(category="diagnostics").select_related("case").first()
    Issue.objects.filter(pk=issue.pk).update(
        treatment_request="Zebrafish endoscopy of the elbow", decision="overturned"
    )
    refresh_case(issue.case)
    found = precedents_of_request("endoscopy, zebrafish", category="diagnostics")
    assert [one.issue.pk for one in found.shown] == [issue.pk]
    assert (found.overturned, found.decided) == (1, 1)


def test_a_deleted_case_is_no_precedent():
    case = stored_case()
    case.delete()
    assert precedents_of_request("work conditioning, lumbar spine").similar == 0


def test_every_issue_that_shares_a_word_is_examined(made_up):
    found = precedents_of_request("Physical therapy, chiropractic", category="rehabilitation")
    assert found.request.body_parts == ()
    words = set(found.words)
    issues = Issue.objects.filter(category="rehabilitation")
    sharing = [issue for issue in issues if words & set(issue.asked.split())]
    assert found.examined == len(sharing) > found.similar > 0


def test_the_most_alike_is_found_behind_newer_ones(made_up):
    diagnostics = Issue.objects.filter(category="diagnostics").select_related("case")
    oldest = diagnostics.order_by("case__decision_date").first()
    Issue.objects.filter(pk=oldest.pk).update(treatment_request="MRI of the cervical spine")
    refresh_case(oldest.case)
    found = precedents_of_request("MRI of the cervical spine")
    assert found.shown[0].likeness.score == 1


def test_queries_are_few(made_up, django_assert_num_queries):
    """What changed, and the issues that are shown with what they cite; the index asks once for
    each word and keeps the answer."""
    require_kept_index()
    with django_assert_num_queries(3 + 2):
        precedents_of_request("MRI of the lumbar spine")
    with django_assert_num_queries(3):
        precedents_of_request("MRI of the lumbar spine")


def test_the_page_shows_them_and_its_address_holds_the_request(reader, made_up):
    response = reader.get("/precedents/?request=MRI+of+the+lumbar+spine&guideline=Opioids")
    page = response.content.decode()
    assert "overturned" in page
    assert "95% interval" in page
    assert "MRI of the lumbar spine</textarea>" in page
    assert 'value="Opioids" checked' in " ".join(page.split())


def test_without_a_request_it_asks_for_one(reader):
    response = reader.get("/precedents/")
    assert response.status_code == 200
    assert response.context["found"] is None


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("request=12+sessions", "not the treatment"),
        ("request=zebrafish+massage", "is similar to this one"),
        ("request=%3Cscript%3Ealert(1)%3C/script%3E", "is similar to this one"),
    ],
)
def test_finding_nothing_says_what_would_help(reader, query, says):
    response = reader.get(f"/precedents/?{query}")
    assert response.status_code == 200
    assert says in response.content.decode()
    assert "<script>alert" not in response.content.decode()


def test_a_mistake_is_explained(reader):
    response = reader.get("/precedents/?request=mri&category=nonsense")
    assert response.status_code == 422
    assert "error" in response.content.decode()


def test_a_request_that_is_too_long_is_told_so(reader):
    response = reader.get("/precedents/?request=" + "a+" * 1500)
    assert response.status_code == 400
    assert "too long" in response.content.decode().lower()


def test_the_case_page_fetches_them_by_issue(reader, made_up):
    case = stored_case()
    page = reader.get(case.get_absolute_url()).content.decode()
    url = f"/cases/{case.case_number}/issues/1/precedents/"
    assert f'hx-get="{url}"' in page
    part = reader.get(url, headers={"HX-Request": "true", "HX-Target": "precedents-1"})
    assert "<html" not in part.content.decode()
    assert "<h1>Precedents of issue 1" in reader.get(url).content.decode()


def test_no_such_issue(reader):
    assert reader.get("/cases/CM14-0195168/issues/7/precedents/").status_code == 404


@pytest.fixture
def three_mris(db):
    """The same test of three parts of the body, and of none."""
    cases = [stored_case(), stored_case("facsimile-001-final-2015")]
    issues = [case.issues.order_by("position").first() for case in cases]
    rows = {
        "MRI of the cervical spine": ["neck"],
        "MRI of the right shoulder": ["shoulder"],
        "MRI": [],
    }
    made = {}
    for number, (request, parts) in enumerate(rows.items(), 50):
        made[request] = cases[0].issues.create(
            position=number, treatment_request=request, category="diagnostics",
            subcategory="imaging", body_parts=parts, decision="upheld", rationale="x",
        )  # fmt: skip
    refresh_case(cases[0])
    own = issues[1]
    Issue.objects.filter(pk=own.pk).update(
        treatment_request="MRI of the left shoulder",
        category="diagnostics",
        subcategory="imaging",
        body_parts=["shoulder"],
    )
    refresh_case(cases[1])
    return made, Issue.objects.get(pk=own.pk)


def test_precedents_are_for_the_same_part_of_the_body(three_mris):
    made, own = three_mris
    expected = [made["MRI of the right shoulder"]]
    assert [one.issue for one in precedents_of_issue(own).shown] == expected
    asked = precedents_of_request("MRI of the shoulder")
    assert {one.issue for one in asked.shown} == {*expected, own}
    assert asked.request.body_parts == ("shoulder",)


def test_a_request_that_names_no_part_is_like_those_for_any(three_mris):
    made, own = three_mris
    assert {one.issue for one in precedents_of_request("MRI").shown} == {*made.values(), own}


def test_overlapping_parts_suffice(three_mris):
    made, _ = three_mris
    found = precedents_of_request("MRI of the neck and the knee", category="diagnostics")
    assert [one.issue for one in found.shown] == [made["MRI of the cervical spine"]]


def test_only_those_for_the_same_part_count(three_mris):
    made, _ = three_mris
    found = precedents_of_request("MRI of the neck", category="diagnostics")
    assert [one.issue for one in found.shown] == [made["MRI of the cervical spine"]]
    assert (found.examined, found.similar) == (1, 1)


def test_the_reason_names_body_part_and_subcategory(reader, three_mris):
    page = " ".join(reader.get("/precedents/?request=MRI+of+the+shoulder").content.decode().split())
    assert "Only issues for the same body part count: Shoulder." in page
    assert "for the same body part: Shoulder; same subcategory: Imaging." in page


def test_the_same_drug_class_is_a_reason_and_no_condition(made_up):
    found = precedents_of_request("Norco 10/325mg #60")
    assert found.request.subcategory == "opioids"
    assert {one.likeness.subcategory for one in found.shown} == {"opioids"}
    page = precedents_of_request("Omeprazole 20mg", category="pharmaceuticals")
    assert page.similar


def test_what_is_in_dispute_counts_and_not_what_was_authorized(three_mris):
    _, own = three_mris
    Issue.objects.filter(pk=own.pk).update(
        treatment_request="MRI and acupuncture was the original request.",
        requested="MRI and acupuncture",
        authorized="MRI",
        in_dispute="Acupuncture",
        category="rehabilitation",
        body_parts=[],
    )
    refresh_case(own.case)
    assert Issue.objects.get(pk=own.pk).asked == "acupuncture"
    assert own in [one.issue for one in precedents_of_request("Acupuncture").shown]
    assert own not in [one.issue for one in precedents_of_request("MRI").shown]
