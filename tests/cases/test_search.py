"""One language, one index, the same answers on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from cases.derived import refresh_case
from cases.facets import facets_of
from cases.filters import SCOPES
from cases.listing import LISTS
from cases.models import Case
from cases.search.index import ANY, CASES, DOCUMENTS, fact_word
from cases.search.language import Mistake, parse, tokens
from cases.search.rows import EPOCH, index_missing, place_of, place_of_day
from imrsite.roles import Role
from tests.factories import stored_case
from tests.people import person

NAMES = ("CM14-0195168", "facsimile-001-final-2015", "facsimile-004-notice-2013")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, db):
    """Everything in the test goes to this one."""
    if request.param == "postgresql":
        request.getfixturevalue("on_postgres")
    assert connection.vendor == request.param


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
    assert listing.count.number == len(listing.rows)
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


def test_many_matches_are_paged_and_sorted_all_the_same(reader, three, monkeypatch):
    monkeypatch.setattr("cases.finding.MOST_SORTED", 1)
    monkeypatch.setattr("cases.listing.PAGE_SIZES", (2,))
    monkeypatch.setattr("cases.finding.MOST_COUNTED", 1)
    for query, expected in (
        ("q=cm*", [ALL[:2], ALL[2:]]),
        ("q=cm*&order=case_number", [ALL[:0:-1], ALL[:1]]),
        ("q=cm*&order=-decision_date", [ALL[:2], ALL[2:]]),
        ("q=cm*&date_of_injury_after=1990-01-01", [ALL[:2], ALL[2:]]),
    ):
        pages = [reader.get(f"/cases/?{query}&page={n}").context["listing"] for n in (1, 2)]
        assert [[case.case_number for case in one.rows] for one in pages] == expected, query
        assert [one.count.exact for one in pages] == [False, False]
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
    CASES.delete([case.place])
    Case.objects.filter(pk=case.pk).update(place=0)
    assert found(reader, "conditioning") == []
    index_missing()
    assert found(reader, "conditioning") == ["CM14-0195168"]


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


def test_the_best_match_first(reader, three):
    for query in ("mri", "cervical OR conditioning"):
        newest = found(reader, query)
        best = found(reader, query, order="best")
        assert sorted(newest) == sorted(best)
    assert found(reader, "conditioning OR request:mri OR request:norco", order="best")[0] != ALL[2]


def test_of_many_matches_the_newest_are_ranked_and_it_says_so(reader, three, monkeypatch):
    monkeypatch.setattr("cases.finding.MOST_RANKED", 2)
    response = reader.get("/cases/?q=cm*&order=best")
    assert {c.case_number for c in response.context["listing"].rows} == set(ALL[:2])
    assert "of the 2 newest matches" in response.content.decode()


def test_facets_count_what_a_value_would_leave(reader, three):
    def facets(query):
        return {
            (one.label, value.words): value.number
            for one in facets_of(LISTS["cases"], QueryDict(query)).facets
            for value in one.values
        }

    unasked, asked = facets(""), facets("q=cm*")
    assert unasked == asked
    assert unasked["Decision", "Overturned"] == 1
    narrowed = facets("decision=upheld&decision_date_before=2015-12-31")
    assert narrowed["Treatment", "Rehabilitation"] == 1
    assert not any(label == "Decision" for label, _ in narrowed)
    ever = facets("date_of_injury_after=1990-01-01")
    assert ever["Decision", "Upheld"] == 1
    assert facets("chosen=1") == {}  # not a question that the index can answer
    headers = {"HX-Request": "true", "HX-Target": "facets"}
    content = reader.get("/cases/?decision=upheld", headers=headers).content.decode()
    assert "?decision=upheld&amp;category=rehabilitation" in content


@pytest.mark.parametrize("name", ["issues", "cases"])
def test_the_summaries_and_the_rows_count_alike(three, monkeypatch, name):
    of = LISTS[name]
    asked = [
        f"{scope}={value}"
        for scope in of.scopes
        for value, _ in of.filterset.base_filters[scope].extra["choices"]
    ]
    scoped = [facets_of(of, QueryDict(query)) for query in asked]
    assert sum(len(found.facets[-1].values) for found in scoped) >= 3
    monkeypatch.setattr("cases.facets.scope_of", lambda *_: None)
    assert scoped == [facets_of(of, QueryDict(query)) for query in asked]


def test_of_many_rows_the_newest_are_counted(reader, three, monkeypatch):
    monkeypatch.setattr("cases.facets.MOST_COUNTED", 2)
    found = facets_of(LISTS["cases"], QueryDict("q=cm*"))
    assert found.newest == 2
    assert [value.number for value in found.facets[0].values] == [1, 1]
    headers = {"HX-Request": "true", "HX-Target": "facets"}
    assert "in the newest 2" in reader.get("/cases/?q=cm*", headers=headers).content.decode()


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ('lumbar "work', (7, 12), "not closed"),
        ("(lumbar", (0, 1), "not closed"),
        ("lumbar)", (6, 7), "closes none"),
        ("lumbar OR", (9, 10), "missing at the end"),
        ("OR lumbar", (0, 2), "small letters"),
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
    with pytest.raises(Mistake, match=words.replace("?", r"\?")) as caught:
        parse(query, SCOPES)
    assert (caught.value.start, caught.value.end) == place


@given(st.text(st.sampled_from('ab "()*-:&ORNTrequsdcin½ßéﬁ\u0301'), max_size=40))
def test_any_text_is_a_question_or_a_mistake(query):
    try:
        node = parse(query, SCOPES)
    except Mistake as mistake:
        node, place = None, (mistake.start, mistake.end)
        assert 0 <= place[0] <= len(query)
        assert place[0] < place[1]
    if node is not None:
        CASES.condition(node)


@given(st.dates(), st.dates(), st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1))
def test_places_are_in_the_order_of_decisions(a, b, first, second):
    if min(a, b) > EPOCH and a != b:
        assert (place_of(a, first) < place_of(b, second)) == (a < b)
        assert place_of_day(a) < place_of(a, first)
    assert place_of(None, first) < place_of(a, second)


def test_facts_are_words_of_their_own():
    names = {fact_word("guideline", name) for name in ("Knee", "knee", "Knee!", "", "kne\u0301e")}
    assert len(names) == 5
    assert all(word.startswith("_guideline_") for word in names)


@pytest.mark.django_db
def test_what_lacks_in_the_index_is_made_after_a_flush_as_after_migrations():
    """Django tells of both in one way, of a flush without the state of a migration."""
    case = stored_case("CM14-0195168")
    DOCUMENTS.delete([case.document_id])
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert DOCUMENTS.newest(ANY, limit=5) == [case.document_id]
