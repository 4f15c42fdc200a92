"""What a case adds to the summaries follows from its facts alone."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cases.facts import CaseFacts, Count, IssueFacts, Key, change, counts_of

GUIDELINES = ["Low Back Complaints", "Opioids", "other"]
DECISIONS = ["upheld", "overturned", "partially_overturned", ""]
some_guidelines = st.lists(st.sampled_from(GUIDELINES), unique=True).map(sorted).map(tuple)
issues = st.builds(
    IssueFacts,
    position=st.integers(1, 5),
    category=st.sampled_from(["surgery", "other"]),
    decision=st.sampled_from(DECISIONS),
    verdict=st.sampled_from(["same", "different"]),
    claims=some_guidelines,
    maximus=some_guidelines,
)
words = st.lists(st.sampled_from(["Neurology", "Pain"]), unique=True).map(tuple)
cases = st.builds(
    CaseFacts,
    decision=st.sampled_from(DECISIONS),
    priority=st.sampled_from(["Standard", ""]),
    format=st.just("final-2015"),
    year=st.sampled_from(["2014", "2015", ""]),
    needs_correction=st.booleans(),
    specialties=words,
    flags=words,
    sources=words,
    issues=st.lists(issues, max_size=3).map(tuple),
)


def one_issue(**given) -> CaseFacts:
    issue = IssueFacts(1, "surgery", "upheld", "different", ("Opioids",), ("other",))
    facts = CaseFacts("upheld", "Standard", "final-2015", "2015", False, (), (), (), (issue,))
    return replace(facts, **given)


def added(one: dict[Key, Count], other: dict[Key, Count]) -> dict[Key, Count]:
    sums = {
        key: Count(*map(sum, zip(one.get(key, Count()), other.get(key, Count()), strict=True)))
        for key in {**one, **other}
    }
    return {key: count for key, count in sums.items() if any(count)}


def test_an_issue_counts_in_each_cell_where_its_sides_meet():
    issue = IssueFacts(1, "surgery", "overturned", "overlapping", ("A", "B"), ("B",))
    counts = counts_of(one_issue(issues=(issue,)))
    cells = {key[2:] for key in counts if key[:2] == ("", "matrix")}
    assert cells == {("A", "B"), ("B", "B")}
    assert counts[Key("", "matrix", "A", "B")] == Count(1, overturned=1)
    assert counts[Key("", "issues")].total == 1


def test_a_silent_side_has_a_row_and_a_column_of_its_own():
    issue = IssueFacts(1, "surgery", "upheld", "both_silent", (), ())
    assert Key("", "matrix", "", "") in counts_of(one_issue(issues=(issue,)))


def test_each_filter_that_has_a_scope_counts_apart():
    scopes = {key.scope for key in counts_of(one_issue())}
    of_issues = {scope for scope in scopes if not scope.startswith("case.")}
    assert of_issues == {"", "category=surgery", "verdict=different", "year=2015"}


def test_a_case_counts_once_under_each_value_of_its_own():
    issues = tuple(
        IssueFacts(n, "surgery", decision, "different", ("A",), ("B",))
        for n, decision in ((1, "upheld"), (2, "overturned"))
    )
    counts = counts_of(one_issue(issues=issues, decision="partially_overturned"))
    assert counts[Key("case.category=surgery", "case.verdict", "different")].total == 1
    assert counts[Key("case.priority=Standard", "case.category", "surgery")].partially == 1
    assert Key("case.category=surgery", "case.format", "final-2015") not in counts


def test_the_rate_is_of_decided_issues_and_counts_partial_ones():
    assert Count(10, upheld=6, overturned=1, partially=1).rate == 0.25
    assert Count(3).rate is None


@given(cases, cases)
def test_what_changes_is_the_new_less_the_old(old, new):
    assert added(counts_of(old), change(old, new)) == counts_of(new)
    assert change(old, old) == {}
    assert added(change(None, new), change(new, None)) == {}


@given(cases)
def test_every_dimension_adds_up_to_the_issues_or_more(facts):
    counts = counts_of(facts)
    totals = Counter()
    for key, count in counts.items():
        if key.scope == "":
            totals[key.dimension] += count.total
    for name in ("category", "verdict", "year"):
        assert totals[name] == len(facts.issues)
    for name in ("matrix", "claims", "maximus", "specialty"):
        assert totals[name] >= len(facts.issues)


@given(cases)
def test_facts_survive_being_stored(facts):
    assert CaseFacts.of_json(json.loads(json.dumps(facts.as_json()))) == facts
