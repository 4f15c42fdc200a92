"""Three ways: whatever the letter is read as next, what a person did is not lost."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.corrections.three_way_merge import (
    CaseData,
    CitationData,
    IssueData,
    align,
    issue_likeness,
    merge,
)

SIDES = ("claims", "maximus")
WORDS = ["norco", "therapy", "lumbar", "spine", "knee", "mri", "weekly", "records", "opioid"]

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
pages = st.lists(st.tuples(st.integers(1, 9), st.integers(9, 20)), max_size=2).map(tuple)
citations = st.builds(
    CitationData,
    source=st.sampled_from(["MTUS", "ODG"]),
    guideline=texts,
    section=st.sampled_from(["", "Opioids"]),
    pages=pages,
    raw=texts,
)


@st.composite
def issues(draw):
    values = {
        "treatment_request": draw(texts),
        "decision": draw(st.sampled_from(["upheld", "overturned", ""])),
        "category": draw(st.sampled_from(["other", "surgery"])),
        "rationale": draw(st.one_of(texts, st.just(""))),
    }
    cited = {side: tuple(draw(st.lists(citations, max_size=3))) for side in SIDES}
    return IssueData(values, cited)


readings = st.builds(
    lambda date, summary, issues: CaseData({"date": date, "summary": summary}, tuple(issues)),
    st.sampled_from(["2015-01-16", "2015-02-01", None]),
    texts,
    st.lists(issues(), max_size=4),
)


def stored(told: CaseData) -> CaseData:
    """The case that a reading makes: the same, with keys of rows."""
    return replace(told, issues=tuple(with_keys(one, n) for n, one in enumerate(told.issues, 1)))


def with_keys(issue: IssueData, n: int) -> IssueData:
    cited = {
        side: tuple(replace(c, key=100 * n + 10 * s + i) for i, c in enumerate(cited))
        for s, (side, cited) in enumerate(issue.citations.items())
    }
    return replace(issue, key=n, citations=cited)


@st.composite
def corrected(draw, case: CaseData):
    """The case after a person: values and requests mended, decisions set, issues added."""
    values = dict(case.values)
    if draw(st.booleans()):
        values["date"] = "1999-09-09"
    issues = []
    for issue in case.issues:
        mended = dict(issue.values)
        what = draw(st.sampled_from(["nothing", "decision", "treatment_request", "citation"]))
        cited = issue.citations
        if what == "decision":
            mended["decision"] = "partially_overturned"
        elif what == "treatment_request":
            mended["treatment_request"] += " as a person mended it"
        elif what == "citation" and cited["claims"]:
            first = replace(cited["claims"][0], section="by a person")
            cited = {**cited, "claims": (first, *cited["claims"][1:])}
        issues.append(replace(issue, values=mended, citations=cited))
    if draw(st.booleans()):
        own = {"treatment_request": "added by hand", "decision": "", "category": "other"}
        nothing = dict.fromkeys(SIDES, ())
        issues.append(IssueData({**own, "rationale": ""}, nothing, key=99))
    return CaseData(values, tuple(issues))


def content(told: CaseData):
    """All that is said, whichever rows say it."""
    return told.values, sorted(repr(without_keys(issue)) for issue in told.issues)


def without_keys(issue: IssueData) -> IssueData:
    cited = {
        side: [replace(one, key=None) for one in cited] for side, cited in issue.citations.items()
    }
    return replace(issue, key=None, citations=cited)


@settings(max_examples=60, deadline=None)
@given(readings, st.data())
def test_the_same_reading_again_changes_nothing(base, data):
    mine = data.draw(corrected(stored(base)))
    merged = merge(base, mine, base)
    assert not merged.lost
    assert content(merged.data) == content(mine)
    assert {c.what for c in merged.changes} <= {"kept"}


@settings(max_examples=60, deadline=None)
@given(readings, readings)
def test_a_case_nobody_touched_follows_the_new_reading(base, theirs):
    assert content(merge(base, stored(base), theirs).data) == content(theirs)


@settings(max_examples=60, deadline=None)
@given(readings, readings, st.data())
def test_no_correction_is_lost(base, theirs, data):
    mine = data.draw(corrected(stored(base)))
    merged = merge(base, mine, theirs)
    after = {issue.key: issue for issue in merged.data.issues}
    if mine.values["date"] != base.values["date"]:
        assert merged.data.values["date"] == "1999-09-09"
    for read, issue in zip(base.issues, mine.issues, strict=False):
        for name in ("decision", "treatment_request"):
            if issue.values[name] != read.values[name]:
                assert after[issue.key].values[name] == issue.values[name]
        for was, now in zip(read.citations["claims"], issue.citations["claims"], strict=True):
            if was != now:
                kept = {cited.key: cited for cited in after[issue.key].citations["claims"]}
                assert kept[now.key].section == "by a person"
    if any(issue.key == 99 for issue in mine.issues):
        assert after[99].values["treatment_request"] == "added by hand"


@settings(max_examples=60, deadline=None)
@given(readings, readings, st.data())
def test_every_row_is_kept_once_or_told_as_lost(base, theirs, data):
    mine = data.draw(corrected(stored(base)))
    merged = merge(base, mine, theirs)
    kept = [issue.key for issue in merged.data.issues if issue.key]
    assert sorted([*kept, *merged.lost]) == sorted(issue.key for issue in mine.issues)
    rows = [c.key for i in merged.data.issues for side in i.citations.values() for c in side]
    rows = [key for key in rows if key]
    assert len(rows) == len(set(rows))


@settings(max_examples=60, deadline=None)
@given(readings, readings)
def test_what_people_worked_on_stays_even_if_the_letter_has_it_no_more(base, theirs):
    mine = stored(base)
    keys = frozenset(issue.key for issue in mine.issues)
    merged = merge(base, mine, theirs, worked_on=keys)
    assert not merged.lost
    assert keys == {issue.key for issue in merged.data.issues if issue.key}


@settings(max_examples=60, deadline=None)
@given(readings, readings)
def test_what_was_typed_in_is_all_a_person_s(mine, theirs):
    merged = merge(None, stored(mine), theirs)
    assert not merged.lost
    for name, value in mine.values.items():
        if value:
            assert merged.data.values[name] == value


def test_an_issue_keeps_its_row_when_its_neighbours_change():
    nothing = dict.fromkeys(SIDES, ())

    def issue(request, rationale="", key=None):
        values = {"treatment_request": request, "decision": "upheld", "category": "other"}
        return IssueData({**values, "rationale": rationale}, nothing, key=key)

    base = CaseData({}, (issue("norco 10 mg", "opioids"), issue("mri of the knee", "imaging")))
    mine = CaseData(
        {}, (issue("norco 10 mg", "opioids", 1), issue("mri of the knee", "imaging", 2))
    )
    theirs = CaseData(
        {},
        (
            issue("aquatic therapy", "pool"),
            issue("mri of the left knee", "imaging now"),
            issue("norco 10 mg", "opioids"),
        ),
    )
    assert [one.key for one in merge(base, mine, theirs).data.issues] == [None, 2, 1]


def test_twins_are_matched_in_order():
    nothing = dict.fromkeys(SIDES, ())
    twin = IssueData({"treatment_request": "norco", "rationale": "same"}, nothing)
    triples = align([twin, twin], [replace(twin), replace(twin)], [], issue_likeness)
    assert len(triples) == 2
    assert all(t.base is not None and t.mine is not None for t in triples)


def coded(category: str, subcategory: str) -> IssueData:
    values = {
        "treatment_request": "norco",
        "rationale": "records",
        "category": category,
        "subcategory": subcategory,
    }
    return IssueData(values, dict.fromkeys(SIDES, ()))


def test_who_corrects_a_category_or_a_subcategory_means_both():
    base, theirs = coded("surgery", "spine"), coded("injections", "injection")
    for mine in (coded("other", "spine"), coded("surgery", "arthroscopic")):
        merged = merge(
            CaseData({}, (base,)), CaseData({}, (replace(mine, key=1),)), CaseData({}, (theirs,))
        )
        [issue] = merged.data.issues
        assert issue.values["category"] == mine.values["category"]
        assert issue.values["subcategory"] == mine.values["subcategory"]
        told = {one.field: one.what for one in merged.changes}
        assert told.get("category", "kept") == told.get("subcategory", "kept") == "kept"


def test_a_value_that_the_base_could_not_know_follows_the_letter_until_a_person_sets_it():
    base = CaseData({"date": None}, ())
    for mine, now, expected in ((False, True, True), (True, False, True), ([], ["knee"], ["knee"])):
        merged = merge(
            base,
            CaseData({"date": None, "new": mine}, ()),
            CaseData({"date": None, "new": now}, ()),
        )
        assert merged.data.values["new"] == expected


def test_an_edition_follows_the_letter_beside_a_corrected_section():
    cite = CitationData("MTUS", "Knee", "", "Surgery", (), "Knee")
    mine = replace(cite, section="by a person", key=7)
    theirs = replace(cite, edition="2004")

    def told(one: CitationData) -> CaseData:
        issue = coded("other", "")
        return CaseData({}, (replace(issue, citations={"claims": (one,), "maximus": ()}, key=1),))

    [issue] = merge(told(cite), told(mine), told(theirs)).data.issues
    [merged] = issue.citations["claims"]
    assert (merged.section, merged.edition, merged.key) == ("by a person", "2004", 7)
