"""One language, one index, the same answers on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.corrections.refresh import refresh_case
from cases.index.current import keeper
from cases.index.index import Index
from cases.index.rows import CASE
from cases.index.texts import index_missing
from cases.lists.definition import LISTS
from cases.lists.facets import build_facets
from cases.lists.filtersets import SCOPES
from cases.models import Citation, Issue
from cases.search.full_text import CASES, CITATIONS, DOCUMENTS, ISSUES
from cases.search.language import QueryError, parse, tokens
from cases.search.synonyms import with_synonyms
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.people import person

NAMES = ("CM14-0195168", "facsimile-001-final-2015", "facsimile-004-notice-2013")


@pytest.fixture
def database(either_database):
    assert connection.vendor == either_database


@pytest.fixture
def reader(database, client):
    client.force_login(person(Role.LEAD, "reader"))
    return client


@pytest.fixture
def three(database):
    return [stored_case(name) for name in NAMES]


def found(reader, query, name="cases", **more):
    listing = reader.get(LISTS[name].url, {"q": query} | more).context["listing"]
    assert not listing.filter.errors, listing.filter.errors
    assert listing.count == len(listing.rows)
    if name == "cases":
        return [case.case_number for case in listing.rows]
    return [f"{issue.case.case_number}#{issue.position}" for issue in listing.rows]


ALL = ["CM15-0021754", "CM14-0195168", "CM13-0146674"]


def test_questions(reader, three):
    for query, expected in (
        ("work conditioning", ["CM14-0195168"]),
        ("WORK Conditioning janitor", ["CM14-0195168"]),
        ('"work conditioning"', ["CM14-0195168"]),
        ('"hardening janitor"', []),
        ("conditioning OR arthroscopy", ["CM14-0195168", "CM13-0146674"]),
        ("mri -arthroscopy", ["CM15-0021754"]),
        ("-conditioning", ["CM15-0021754", "CM13-0146674"]),
        ("NOT (conditioning OR arthroscopy)", ["CM15-0021754"]),
        ("arthrosc*", ["CM13-0146674"]),
        ('"work condition*"', ["CM14-0195168"]),
        ("arthrosc", []),
        ("request:norco", ["CM13-0146674"]),
        ("request:(mri OR norco)", ["CM15-0021754", "CM13-0146674"]),
        ("request:janitor", []),
        ("decision:overturned", ["CM15-0021754"]),
        ("decision:partially_overturned OR conditioning", ["CM14-0195168", "CM13-0146674"]),
        ("decision:upheld mri", []),
        ("-decision:upheld", ["CM15-0021754", "CM13-0146674"]),
        ("(decision:upheld OR cervical) -flag:ur-date-disagrees", ["CM15-0021754"]),
        ("category:diagnostics", ["CM15-0021754"]),
        ("claims:odg", ["CM14-0195168"]),
        ("maximus:hardening", ["CM14-0195168"]),
        ("section:hardening", ["CM14-0195168"]),
        ("case:CM14-0195168", ["CM14-0195168"]),
        ("0195168", ["CM14-0195168"]),
        ("year:2015", ["CM15-0021754", "CM14-0195168"]),
        ("10/325mg", ["CM13-0146674"]),
        ("nosuchword", []),
        ("decision:upheld decision:overturned", []),
    ):
        assert found(reader, query) == expected, query


def test_issues_are_found_one_by_one(reader, three):
    assert found(reader, "request:norco", "issues") == ["CM13-0146674#2"]
    assert found(reader, "norco decision:upheld", "issues") in ([], ["CM13-0146674#2"])
    assert found(reader, "CM13", "issues") == ["CM13-0146674#1", "CM13-0146674#2"]


def test_filters_go_with_it(reader, three):
    assert found(reader, "mri OR conditioning", decision="upheld") == ["CM14-0195168"]
    assert found(reader, "cm*", decision_date_after="2015-02-01") == ["CM15-0021754"]
    assert found(reader, "cm*", decision_date_before="2015-01-16") == ALL[1:]
    assert found(reader, "cm*", ur_denial_date_before="2014-12-31", decision="upheld") == [ALL[1]]
    assert found(reader, "cm*", order="case_number") == ALL[::-1]
    assert found(reader, "", case_number="cm14") == [ALL[1]]


def test_matches_are_paged_in_every_order_and_counted_whole(reader, three, monkeypatch):
    monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (2,))
    for query, expected in (
        ("q=cm*&order=case_number", [ALL[:0:-1], ALL[:1]]),
        ("q=cm*&order=-decision_date", [ALL[:2], ALL[2:]]),
        ("q=case:cm*&order=decision_date", [ALL[:0:-1], ALL[:1]]),
        ("date_of_injury_after=1990-01-01", [ALL[:2], ALL[2:]]),
    ):
        pages = [reader.get(f"/cases/?{query}&page={n}").context["listing"] for n in (1, 2)]
        assert [[case.case_number for case in one.rows] for one in pages] == expected, query
        assert [one.count for one in pages] == [3, 3]
        assert pages[0].more
        assert not pages[1].more


def test_the_index_follows_the_case(reader, three):
    case = three[0]
    case.issues.update(treatment_request="Zebra therapy")
    case.clinical_summary = "A jánitor."
    case.decision_date = dt.date(2016, 1, 1)
    case.save()
    refresh_case(case)
    assert found(reader, "zebra") == ["CM14-0195168"]
    assert found(reader, "summary:JANITOR") == ["CM14-0195168"]
    assert found(reader, "") == ["CM14-0195168", "CM15-0021754", "CM13-0146674"]
    issue = case.issues.get()
    issue.delete()
    assert found(reader, "zebra", "issues") == []
    refresh_case(case)
    assert found(reader, "zebra") == []


def test_a_phrase_spans_no_two_issues(reader, three):
    requests = [i.treatment_request for i in three[2].issues.order_by("position")]
    last, first = tokens(requests[0])[-1], tokens(requests[1])[0]
    assert found(reader, f'request:"{last} {first}"') == []


def test_a_text_longer_than_positions_count_is_found_whole(reader, three):
    """PostgreSQL keeps 255 places of a word, and counts them as far as 16,383."""
    case = three[0]
    case.clinical_summary = "Zebra crossing. " + "again " * 20_000 + "platypus"
    case.save()
    refresh_case(case)
    for query in ('"zebra crossing"', "platypus", "summary:again"):
        assert found(reader, query) == ["CM14-0195168"], query


def test_cases_from_before_the_index_are_indexed(reader, three):
    case = three[0]
    issues = [issue.pk for issue in case.issues.all()]
    citations = [one.pk for issue in case.issues.all() for one in issue.citations.all()]
    for table, keys in ((CASES, [case.pk]), (ISSUES, issues), (CITATIONS, citations)):
        table.delete(keys)
    keeper.forget()
    assert found(reader, "conditioning") == []
    index_missing()
    assert found(reader, "conditioning") == ["CM14-0195168"]
    assert found(reader, "claims:odg") == ["CM14-0195168"]


def test_a_mistake_is_told_with_its_place(reader, three):
    response = reader.get("/cases/", {"q": "lumbar (norco OR"})
    assert response.status_code == 422
    content = response.content.decode()
    assert "missing at the end" in content
    assert "Search" in content


def test_excerpts_show_the_words_marked(reader, three):
    case = three[0]
    case.clinical_summary = "<b>Jánitor</b> " + "of a school " * 50
    case.save()
    refresh_case(case)
    content = reader.get("/cases/", {"q": "summary:janitor school*"}).content.decode()
    assert "&lt;b&gt;<mark>Jánitor</mark>&lt;/b&gt;" in content
    assert "<mark>school</mark>" in content
    assert "<b>" not in content


def test_the_best_match_comes_first_unless_another_order_is_asked_for(reader, three):
    query = "conditioning OR request:mri OR request:norco"
    for order in ({}, {"order": "best"}):
        assert found(reader, query, **order)[0] == "CM14-0195168"
        assert sorted(found(reader, query, **order)) == sorted(ALL)
    assert found(reader, query, order="-decision_date") == ALL
    content = reader.get("/cases/", {"q": query}).content.decode()
    assert '<option value="">Best match first</option>' in content
    assert '<option value="-decision_date">Decided, descending</option>' in content
    assert "Best match first" not in reader.get("/cases/?decision=upheld").content.decode()


def test_every_match_is_ranked(reader, three, monkeypatch):
    monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (1,))
    query = {"q": "mri OR conditioning OR arthroscopy"}
    pages = [reader.get("/cases/", query | {"page": n}).context["listing"] for n in (1, 2, 3)]
    assert [one.count for one in pages] == [3, 3, 3]
    monkeypatch.undo()
    assert [case.case_number for one in pages for case in one.rows] == found(reader, query["q"])


def test_facets_count_what_a_value_would_leave(reader, three):
    def facets(query):
        return {
            (one.label, value.words): value.number
            for one in build_facets(LISTS["cases"], QueryDict(query)).facets
            for value in one.values
        }

    unasked, asked = facets(""), facets("q=cm*")
    assert unasked == asked
    assert unasked["Decision", "Overturned"] == 1
    narrowed = facets("decision=upheld&decision_date_before=2015-12-31")
    assert narrowed["Treatment", "Rehabilitation"] == 1
    assert narrowed["Decision", "Upheld"] == 1  # it is asked for, and can be taken back
    ever = facets("date_of_injury_after=1990-01-01")
    assert ever["Decision", "Upheld"] == 1
    chosen = facets(f"chosen={three[0].pk}")
    assert (chosen["Decision", "Upheld"], chosen["Treatment", "Rehabilitation"]) == (1, 1)
    assert facets("decision_date_after=yesterday") == {}
    headers = {"HX-Request": "true", "HX-Target": "facets"}
    content = reader.get("/cases/?decision=upheld", headers=headers).content.decode()
    assert "?decision=upheld&amp;category=rehabilitation" in content


@pytest.mark.parametrize("name", ["issues", "cases"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=cm*",
        "needs_correction=false&q=mri OR conditioning",
        "decision=upheld&decision=overturned",
        "category=rehabilitation&source=MTUS",
        "body_part=none&subcategory=none",
    ],
)
def test_each_number_of_a_facet_is_how_many_rows_its_link_opens(reader, three, name, query):
    """Where a value is asked for beside others, how many more; where it is taken back, how many
    of the list have it."""
    first = three[0].issues.get()
    Issue.objects.filter(pk=first.pk).update(decision="", subcategory="", body_parts=[])
    first.citations.filter(side="claims").delete()
    refresh_case(three[0])

    def count(query):
        return reader.get(f"/{name}/?{query}").context["listing"].count

    facets = build_facets(LISTS[name], QueryDict(query)).facets
    values = [(facet.name, value) for facet in facets for value in facet.values]
    assert len(values) >= 4
    decided = [value.number for which, value in values if which == "decision" and value.active]
    assert sum(decided) == (count(query) if decided else 0)
    for _, value in values:
        if not value.active:
            before = count(query) if value.adds else 0
            assert count(value.query) - before == value.number > 0, value


def test_a_facet_offers_the_rows_that_have_no_value(reader, three):
    first = three[0].issues.get()
    Issue.objects.filter(pk=first.pk).update(decision="", subcategory="", body_parts=[])
    first.citations.filter(side="claims").delete()
    refresh_case(three[0])
    found = {
        (facet.name, value.words): value.number
        for facet in build_facets(LISTS["issues"], QueryDict("")).facets
        for value in facet.values
        if value.value == "none"
    }
    assert {*found} >= {
        ("decision", "No decision"),
        ("subcategory", "No subcategory"),
        ("body_part", "None named"),
        ("claims_guideline", "No citation"),
    }
    empty = Issue.objects.filter(decision="").count()
    assert reader.get("/issues/?decision=none").context["listing"].count == empty >= 1
    chips = reader.get("/cases/?body_part=none").context["listing"].chips
    assert [chip.value for chip in chips] == ["None named"]


def test_a_value_that_is_asked_for_is_ticked_and_its_link_takes_it_back(reader, three):
    facets = build_facets(LISTS["cases"], QueryDict("decision=upheld&decision=overturned")).facets
    [decision] = [facet for facet in facets if facet.name == "decision"]
    ticked = {value.value: value.query for value in decision.values if value.active}
    assert ticked == {"upheld": "decision=overturned", "overturned": "decision=upheld"}


def test_cases_say_how_many_issues_they_have(reader, three):
    counted = build_facets(LISTS["cases"], QueryDict("q=cm*"))
    issues = [case.issues.count() for case in three]
    assert (counted.cases, counted.issues) == (3, sum(issues))
    headers = {"HX-Request": "true", "HX-Target": "facets"}
    content = " ".join(reader.get("/cases/?q=cm*", headers=headers).content.decode().split())
    assert f"3 cases with {sum(issues)} issues." in content
    assert build_facets(LISTS["issues"], QueryDict("q=cm*")).issues is None


def test_issues_are_counted_by_each_sides_guidelines_and_by_part_of_the_body(three):
    facets = build_facets(LISTS["issues"], QueryDict("")).facets
    assert [facet.label for facet in facets] == [
        "Decision",
        "Treatment",
        "Subcategory",
        "Body part",
        "Claims administrator cites",
        "MAXIMUS cites",
        "Guideline match",
    ]
    assert all(facet.values for facet in facets)


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ('lumbar "work', (7, 12), "not closed"),
        ("(lumbar", (0, 1), "not closed"),
        ("lumbar)", (6, 7), "has no opening one"),
        ("lumbar OR", (9, 10), "missing at the end"),
        ("OR lumbar", (0, 2), "in lowercase"),
        ("NOT", (3, 4), "missing"),
        ("()", (1, 2), "missing"),
        ("reqest:norco", (0, 7), "Did you mean request:?"),
        ("request: norco", (0, 8), "right after"),
        ("decision:maybe", (9, 14), "upheld, overturned"),
        ("lum*bar", (0, 7), "end of a word"),
        ("& lumbar", (0, 1), "no letter or digit"),
        ("(" * 30 + "a" + ")" * 30, (20, 21), "too deep"),
        ("a " * 51, (100, 101), "at most 50 words"),
    ],
)
def test_mistakes(query, place, words):
    with pytest.raises(QueryError, match=words.replace("?", r"\?")) as caught:
        parse(query, SCOPES)
    assert (caught.value.start, caught.value.end) == place


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from('ab "()*-:&ORNTrequsdcin½ßéﬁ\u0301'), max_size=40))
def test_any_text_is_a_question_or_a_mistake(database, query):
    try:
        node = parse(query, SCOPES)
    except QueryError as mistake:
        node, place = None, (mistake.start, mistake.end)
        assert 0 <= place[0] <= len(query)
        assert place[0] < place[1]
    if node is not None:
        Index().matches(with_synonyms(node), CASE)


def test_guidelines_whose_names_hold_the_same_words_are_apart(reader, three):
    names = ("Knee", "knee", "Knee!", "kne\u0301e")
    rows = Citation.objects.filter(side="claims").order_by("pk")[:4]
    assert len(rows) == 4
    for row, name in zip(rows, names, strict=True):
        Citation.objects.filter(pk=row.pk).update(source="other", guideline=name)
        refresh_case(row.issue.case)
    for row, name in zip(rows, names, strict=True):
        response = reader.get("/citations/", {"guideline": name, "side": "claims"})
        assert [one.pk for one in response.context["listing"].rows] == [row.pk], name


@pytest.mark.django_db
def test_what_lacks_in_the_index_is_made_after_a_flush_as_after_migrations():
    """Django tells of both in one way, of a flush without the state of a migration."""
    case = stored_case("CM14-0195168")
    DOCUMENTS.delete([case.document_id])
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert DOCUMENTS.keys_with("name", ["pdf"], prefix=False) == [case.document_id]
