"""The nearest issues to a request: what is asked for, then where, then what kind of treatment."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from cases.analysis.nearest import nearest_issues
from cases.analysis.precedents import request_of_text
from cases.corrections.refresh import refresh_case
from cases.index.changes import record_changes
from cases.letters.requests.coding import code_request
from cases.models import Case, Issue
from tests.factories import stored_letter

pytestmark = pytest.mark.django_db
REQUESTS = (
    ("facsimile-000-final-2015", "MRI of the lumbar spine without contrast", "upheld"),
    ("facsimile-001-final-2015", "MRI of the right knee", "overturned"),
    ("facsimile-002-final-2016", "Physical therapy 12 sessions for the lumbar spine", "overturned"),
    ("facsimile-003-final-2014", "EMG of the left upper extremity", "upheld"),
    ("facsimile-004-notice-2013", "EMG/NCV of the bilateral lower extremities", "overturned"),
    ("facsimile-005-final-2015", "Open MRI of the low back", "overturned"),
    ("facsimile-006-final-2015", "Norco 10/325mg #60", "upheld"),
)


@pytest.fixture
def asked():
    """Seven letters, each with one issue that asks for this."""
    for name, request, decision in REQUESTS:
        case = stored_letter(name).cases.get()
        issue = case.issues.order_by("position").first()
        case.issues.exclude(pk=issue.pk).delete()
        ask(issue, request, decision)


def ask(issue: Issue, request: str, decision: str) -> None:
    coding = code_request(request)
    for name, value in {
        "treatment_request": request, "decision": decision, "category": coding.category,
        "subcategory": coding.subcategory, "body_parts": list(coding.body_parts),
        "requested": "", "authorized": "", "in_dispute": "",
    }.items():  # fmt: skip
        setattr(issue, name, value)
    issue.save()
    refresh_case(Case.objects.get(pk=issue.case_id))
    record_changes([issue.case_id])


def nearest(text: str, limit: int = 3, **options) -> list[str]:
    found = nearest_issues(request_of_text(text), limit, **options)
    return [near.issue.treatment_request for near in found]


def test_the_same_test_of_the_same_place_comes_first(asked):
    first, second, third = nearest("MRI lumbar spine")
    assert {first, second} == {
        "MRI of the lumbar spine without contrast",
        "Open MRI of the low back",
    }
    assert third == "MRI of the right knee"


def test_what_is_asked_for_counts_more_than_where(asked):
    assert all("MRI" in one for one in nearest("MRI of the cervical spine", 3))
    assert nearest("Additional physical therapy for the right knee", 1) == [
        "Physical therapy 12 sessions for the lumbar spine"
    ]


def test_a_limb_is_told_from_the_other(asked):
    assert nearest("NCS/EMG RUE", 1) == ["EMG of the left upper extremity"]
    assert nearest("EMG/NCS of the lower extremities", 1) == [
        "EMG/NCV of the bilateral lower extremities"
    ]


def test_a_brand_is_what_is_in_it(asked):
    assert nearest("Vicodin 5/500", 1) == ["Norco 10/325mg #60"]


def test_only_those_decided_so(asked):
    assert nearest("MRI of the lumbar spine", 2, decisions=["overturned"]) == [
        "Open MRI of the low back",
        "MRI of the right knee",
    ]


def test_a_case_is_none_for_itself(asked):
    own = Issue.objects.get(treatment_request="MRI of the right knee")
    assert "MRI of the right knee" not in nearest("MRI of the right knee", 5, own_case=own.case_id)


def test_there_are_as_many_as_share_a_word(asked):
    assert len(nearest("Lumbar epidural steroid injection", 5)) == 3
    assert nearest("Hearing aids", 5) == []


def test_equal_ones_are_ordered_by_their_key(asked):
    both = nearest_issues(request_of_text("MRI of the lumbar spine"), 2)
    assert [near.score for near in both] == sorted((near.score for near in both), reverse=True)


def test_the_command_prints_json_as_other_programs_expect(asked):
    out = io.StringIO()
    call_command("precedents", "MRI of the lumbar spine", "--json", "--limit", "2", stdout=out)
    found = json.loads(out.getvalue())
    assert len(found) == 2
    assert set(found[0]) == {
        "case_number", "position", "treatment_request", "decision", "category", "subcategory",
        "body_parts", "score", "why",
    }  # fmt: skip
    assert found[0]["why"][:2] == ["mri", "lumbar"]
    assert "body part: low back" in found[0]["why"]


def test_the_command_tells_people_the_rate(asked):
    out = io.StringIO()
    call_command("precedents", "MRI of the lumbar spine", stdout=out)
    assert "overturned: " in out.getvalue()


@pytest.mark.parametrize("arguments", [(" ",), ("x" * 2001,), ("MRI", "--limit", "0")])
def test_the_command_explains_a_mistake(arguments):
    with pytest.raises(CommandError):
        call_command("precedents", *arguments)
