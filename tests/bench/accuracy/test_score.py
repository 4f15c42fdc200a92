"""The scorer finds each kind of damage, and only that."""

import copy

import pytest

from tests.bench.accuracy.package import make_package
from tests.bench.accuracy.score import Scores, score_file


@pytest.fixture
def truth(tmp_path):
    """A file of one final-2015 letter with two issues or more, all of them citing."""
    for seed in range(200):
        made = make_package(tmp_path / "x.pdf", str(seed), noise=0, formats=["final-2015"]).truth
        issues = made["letters"][0]["issues"]
        if len(issues) >= 2 and all(one["claims_citations"] for one in issues):
            return made
    raise AssertionError("no such letter")


@pytest.fixture
def given(truth):
    return copy.deepcopy(truth["letters"])


def wrong(truth, given):
    return sorted({check.field for check in score_file(truth, given) if not check.right})


def test_an_exact_reading_has_nothing_wrong(truth, given):
    assert wrong(truth, given) == []


def test_white_space_and_curly_quotes_are_forgiven(truth, given):
    given[0]["issues"][0]["rationale"] = given[0]["issues"][0]["rationale"].replace(" ", "  ")
    given[0]["clinical_summary"] = given[0]["clinical_summary"].replace("'", "’") + " "
    assert wrong(truth, given) == []


def test_lost_paragraphs_count_only_as_paragraphs(truth, given):
    truth["letters"][0]["clinical_summary"] = "One.\n\nTwo."
    given[0]["clinical_summary"] = "One. Two."
    assert wrong(truth, given) == ["clinical_summary paragraphs"]


@pytest.mark.parametrize("field", ["case_number", "format", "priority", "date_of_injury"])
def test_a_missing_value_is_wrong(truth, given, field):
    given[0][field] = None
    assert wrong(truth, given) == [field]


def test_a_value_where_the_truth_has_none_costs_precision(truth, given):
    truth["letters"][0]["priority"] = None
    scores = Scores()
    scores.add("x", list(score_file(truth, given)))
    tally = scores.tallies["priority"]
    assert (tally.truths, tally.given, tally.hits, tally.right) == (0, 1, 0, 0)


def test_a_lost_issue_is_counted_once_and_the_others_keep_their_pairs(truth, given):
    del given[0]["issues"][0]
    places = {check.where for check in score_file(truth, given) if not check.right}
    assert {"letter 1", "letter 1, issue 1", "letter 1, issue 1, claims"} <= places
    assert not [place for place in places if "issue 2" in place]


def test_an_extra_issue_is_wrong(truth, given):
    given[0]["issues"].append(
        {**given[0]["issues"][0], "treatment_request": "Other", "position": 9}
    )
    assert "issue count" in wrong(truth, given)
    assert "treatment_request" in wrong(truth, given)


def test_a_letter_not_found_is_wrong_in_all_it_says(truth):
    fields = wrong(truth, [])
    assert {"letters", "case_number", "clinical_summary", "rationale", "decision"} <= set(fields)


def test_letters_pair_by_case_number_whatever_their_order(truth, given):
    other = copy.deepcopy(truth["letters"][0])
    other.update(case_number="CM14-0000001", first_page=9, last_page=9)
    truth["letters"].append(other)
    assert wrong(truth, [copy.deepcopy(other), given[0]]) == []


def test_other_pages_of_a_citation_are_a_wrong_page_list_not_a_spurious_citation(truth, given):
    given[0]["issues"][0]["claims_citations"][0]["pages"] = [[998, 999]]
    assert wrong(truth, given) == ["citation pages", "claims_citations"]


def test_an_invented_citation_is_spurious(truth, given):
    invented = {"source": "other", "guideline": "Hearsay", "section": None, "pages": []}
    given[0]["issues"][0]["maximus_citations"].append(invented)
    assert wrong(truth, given) == ["maximus_citations", "spurious citations"]


def test_the_order_of_citations_is_forgiven(truth, given):
    for issue in given[0]["issues"]:
        issue["claims_citations"].reverse()
    assert wrong(truth, given) == []


def test_a_category_without_truth_is_not_judged(truth, given):
    truth["letters"][0]["issues"][0]["category"] = None
    given[0]["issues"][0]["category"] = "anything"
    assert wrong(truth, given) == []


@pytest.mark.parametrize(
    ("field", "value", "other"),
    [
        ("subcategory", "imaging", None),
        ("retrospective", True, False),
        ("body_parts", ["knee"], []),
        ("partial_authorization", {"requested": "12 visits", "authorized": "6"}, None),
    ],
)
def test_a_field_of_younger_letters_counts_where_the_truth_has_it(
    truth, given, field, value, other
):
    given[0]["issues"][0][field] = other
    assert wrong(truth, given) == []
    truth["letters"][0]["issues"][0][field] = value
    assert wrong(truth, given) == [field]


def test_body_parts_come_in_no_order(truth, given):
    truth["letters"][0]["issues"][0]["body_parts"] = ["neck", "knee"]
    given[0]["issues"][0]["body_parts"] = ["knee", "neck"]
    assert wrong(truth, given) == []


def test_the_edition_of_a_citation_counts_where_the_truth_has_one(truth, given):
    for cited in truth["letters"][0]["issues"][0]["claims_citations"]:
        cited["edition"] = "2009"
    assert wrong(truth, given) == ["citation edition", "claims_citations"]
    for cited in truth["letters"][0]["issues"][0]["claims_citations"]:
        del cited["edition"]
    given[0]["issues"][0]["claims_citations"][0]["edition"] = "2016"
    assert wrong(truth, given) == []
