"""The two sides of an issue, row by row, by guideline and edition."""

import pytest

from cases.corrections.refresh import refresh_case
from cases.letters.citations.comparison import compare_citations
from cases.letters.model import Citation
from cases.models import Issue
from cases.models.sides import relations_in_words
from tests.factories import stored_case

CHRONIC = "Chronic Pain Medical Treatment Guidelines"


def cite(edition=None, section=None, guideline=CHRONIC) -> Citation:
    return Citation("MTUS", guideline, edition, section, (), "")


def relations(claims, maximus):
    return [row.relation for row in compare_citations(claims, maximus).rows]


def test_one_guideline_in_two_editions_is_told_and_the_verdict_stays_by_guideline():
    comparison = compare_citations([cite("2009", "Opioids")], [cite("2016", "Opioids")])
    assert [row.relation for row in comparison.rows] == ["other_edition"]
    assert comparison.verdict == "same"


@pytest.mark.parametrize(("one", "other"), [("2009", "2009"), ("2009", None), (None, None)])
def test_an_edition_that_a_side_does_not_give_is_no_difference(one, other):
    assert relations([cite(one)], [cite(other)]) == ["same"]
    assert relations([cite(other)], [cite(one)]) == ["same"]


def test_equal_editions_are_paired_first():
    claims = [cite("2009", "Opioids"), cite("2016", "NSAIDs")]
    rows = compare_citations(claims, [cite("2016", "Opioids"), cite("2009", "NSAIDs")]).rows
    assert [(row.claims.edition, row.maximus.edition) for row in rows] == [
        ("2009", "2009"),
        ("2016", "2016"),
    ]
    rows = compare_citations([cite("2009")], [cite(None), cite("2009")]).rows
    assert rows[0].maximus == cite("2009")


@pytest.mark.django_db
def test_an_issue_knows_that_editions_differ_and_says_so_in_words():
    case = stored_case()
    issue = case.issues.get()
    assert not issue.other_edition
    issue.citations.filter(guideline=CHRONIC, side="claims").update(edition="2009")
    issue.citations.filter(guideline=CHRONIC, side="maximus").update(edition="2016")
    refresh_case(case)
    assert Issue.objects.get().other_edition
    words = relations_in_words(list(Issue.objects.get().citations.all()))
    assert words == "same guideline, other edition; only claims administrator"
