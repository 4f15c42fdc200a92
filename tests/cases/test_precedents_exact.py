"""Precedents of all issues at once, against comparing the request with one issue after another."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cases.analysis.precedents import (
    MAX_SHOWN,
    Precedents,
    Request,
    guidelines_of,
    precedents_of_issue,
    precedents_of_request,
    request_features,
)
from cases.analysis.similarity import compute_similarity
from cases.corrections.refresh import refresh_case, request_text
from cases.index.counts import Count
from cases.models import Case, Issue

REQUESTS = [
    "Norco 10/325mg #60",
    "MRI of the lumbar spine without contrast",
    "Physical therapy 2x6 for the right knee",
    "Lumbar epidural steroid injection at L4-L5 and L5-S1",
    "Twelve sessions of acupuncture, left shoulder",
    "TENS unit, thirty day trial, with supplies",
    "Gabapentin 300mg and Flexeril 7.5mg",
    "Follow-up visit with a pain management specialist",
    "the of and",
    "A zebrafish",
]
GUIDELINES = [
    (),
    ("Opioids",),
    ("Chronic Pain Medical Treatment Guidelines", "Official Disability Guidelines"),
    ("Low Back Complaints", "other", "Opioids"),
]


@pytest.fixture
def made_up(either_database):
    call_command("synthesize", "300", verbosity=0)


def by_one_after_another(request: Request, own_case: int | None = None):
    """(score, key, decision) of the issues that are alike, the nearest first, and how many share a
    word."""
    issues = list(Issue.objects.filter(category=request.category).exclude(case=own_case))
    cited, found, examined = guidelines_of(issues), [], 0
    for issue in issues:
        if request.body_parts and not set(request.body_parts) & set(issue.body_parts):
            continue
        if not set(request.words) & set(request_text(issue).split()):
            continue
        examined += 1
        one = compute_similarity(request.asked, request_features(issue, cited[issue.pk]))
        if one.alike:
            found.append((-one.score, -issue.pk, issue.decision))
    return sorted(found), examined


def is_exact(found: Precedents, own_case: int | None = None) -> None:
    expected, examined = by_one_after_another(found.request, own_case)
    assert found.examined == examined
    assert found.count == count_of([decision for *_, decision in expected])
    nearest = [(score, key) for score, key, _ in expected[:MAX_SHOWN]]
    assert [(-one.likeness.score, -one.issue.pk) for one in found.shown] == nearest
    assert all(one.likeness.alike for one in found.shown)


def count_of(decisions: list[str]) -> Count:
    by = [decisions.count(one) for one in ("upheld", "overturned", "partially_overturned")]
    return Count(len(decisions), *by)


def test_of_any_request_they_are_exactly_those_that_are_alike(made_up):
    similar = 0
    for text in REQUESTS:
        for guidelines in GUIDELINES:
            found = precedents_of_request(text, guidelines=guidelines)
            is_exact(found)
            similar += found.similar
    assert similar > 100, "too few to show anything"


def test_of_every_tenth_issue_they_are_exactly_those_of_other_cases_that_are_alike(made_up):
    for issue in Issue.objects.order_by("pk")[::10]:
        found = precedents_of_issue(issue)
        is_exact(found, issue.case_id)
        assert all(one.issue.case_id != issue.case_id for one in found.shown)


def test_the_words_that_are_kept_of_an_issue_are_those_of_its_request(made_up):
    assert all(issue.asked == request_text(issue) for issue in Issue.objects.all())


def test_they_stay_exact_while_requests_and_decisions_change(made_up):
    for case in Case.objects.order_by("pk")[:20]:
        issue = case.issues.order_by("position").first()
        Issue.objects.filter(pk=issue.pk).update(
            treatment_request="MRI of the lumbar spine", decision="overturned", in_dispute="",
            category="diagnostics", body_parts=["low_back"],
        )  # fmt: skip
        refresh_case(case)
        is_exact(precedents_of_request("MRI of the lumbar spine"))
    Case.objects.filter(review__assignments=None).first().delete()
    is_exact(precedents_of_request("MRI of the lumbar spine"))


def test_in_a_category_that_is_chosen_they_are_of_that_one(made_up):
    found = precedents_of_request("Norco", category="surgery")
    is_exact(found)
    assert found.category == "surgery"
