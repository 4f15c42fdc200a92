"""What holds for every list alike."""

import csv
import io
from dataclasses import replace
from itertools import groupby

import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.db import connection

from cases.corrections.refresh import refresh_case
from cases.lists.definition import LISTS
from cases.lists.facets import MOST_VALUES
from cases.models import Case, Citation, Document, Issue, SavedView
from tests.factories import stored_case

pytestmark = pytest.mark.django_db
NAMES = ["cases", "issues", "citations", "documents"]


@pytest.fixture
def three(db):
    return [
        stored_case(name)
        for name in ("CM14-0195168", "facsimile-001-final-2015", "facsimile-004-notice-2013")
    ]


def page(reader, name, query=""):
    return reader.get(f"{LISTS[name].url}?{query}").context["listing"]


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", NAMES)
def test_it_shows_every_column_it_has(reader, three, name):
    of = LISTS[name]
    asked = ",".join(column.name for column in of.columns)
    response = reader.get(f"{of.url}?columns={asked}")
    assert response.status_code == 200
    assert [c.name for c in response.context["listing"].columns] == [c.name for c in of.page_order]


@pytest.mark.parametrize("name", NAMES)
def test_it_sorts_by_every_column_that_says_so(reader, three, name):
    for head in page(reader, name).heads:
        if head.query:
            up = page(reader, name, head.query).rows
            down = page(reader, name, head.query.replace("=", "=-")).rows
            if (name, head.column.name) == ("issues", "decision_date"):
                assert as_in_the_letters(up) == as_in_the_letters(down)[::-1]
            else:
                assert [row.pk for row in up] == [row.pk for row in down][::-1], head.query


def as_in_the_letters(issues) -> list[list[int]]:
    """Issues by case: those of one follow one another as the letter has them, whatever the order
    of the cases."""
    cases = [list(rows) for _, rows in groupby(issues, lambda issue: issue.case_id)]
    for rows in cases:
        positions = [issue.position for issue in rows]
        assert positions == sorted(positions)
    return [[issue.pk for issue in rows] for rows in cases]


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_stands_in_the_drawer(name):
    of = LISTS[name].filterset
    offered = [name for group in of.groups for name in group.names]
    assert {*offered, "q", "order", "chosen"} == {*of.base_filters}
    assert len(offered) == len({*offered})


def test_citations_are_found_by_their_case(reader, three):
    def cases(query):
        return {row.issue.case.case_number for row in page(reader, "citations", query).rows}

    assert cases("flag=ur-date-disagrees") == {"CM14-0195168"}
    assert cases("priority=Standard&specialty=occupational") == {"CM14-0195168"}
    assert cases("date_of_injury_before=2013-09-26&format=final-2015") >= {"CM14-0195168"}
    assert cases("format=notice-2013&decision_date_after=2013-01-01") == {"CM13-0146674"}
    assert cases("needs_correction=true") == set()


def test_documents_are_found_by_who_uploaded_them_and_why_they_failed(reader, three):
    document = three[0].document
    Document.objects.filter(pk=document.pk).update(
        uploader=reader.user, error_code="damaged", read_by_ocr=True
    )
    for query in ("uploader=reader", "error_code=damaged", "read_by_ocr=true"):
        assert [row.pk for row in page(reader, "documents", query).rows] == [document.pk], query
    assert len(page(reader, "documents", "read_by_ocr=false").rows) == 2


def test_the_count_is_of_all_rows_however_few_are_shown(reader, three, monkeypatch):
    monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (1,))
    for name, query in (
        ("cases", "priority=Standard"),
        ("cases", "decision=upheld&decision=overturned&order=case_number"),
        ("cases", "decision=upheld&priority=Standard"),
        ("cases", "q=the&order=best"),
        ("cases", "needs_correction=false&decision_date_after=2010-01-01"),
        ("issues", "verdict=overlapping"),
        ("issues", "decision=upheld"),
        ("citations", "section=work+conditioning"),
        ("documents", "q=pdf"),
    ):
        rows = table(reader.get(f"{LISTS[name].export_url}?{query}"))[1:]
        assert page(reader, name, query).count == len(rows) > 0, query


def test_a_long_csv_says_how_long_it_takes(reader, three, monkeypatch):
    assert "data-told" not in reader.get("/cases/").content.decode()
    monkeypatch.setitem(vars(LISTS["cases"]), "pace", 0.1)
    said = " ".join(reader.get("/cases/").content.decode().split())
    assert "3 rows, about 30 s" in said
    assert "Preparing the CSV: about 30 s." in said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "query",
    [
        "page=abc&page_size=7&columns=nosuch,,",
        "page=-1",
        "page=99999999999999999999",
        "order=bogus",
        "decision=nonsense&status=nonsense",
        "decision_date_after=yesterday&received_after=0000-00-00",
        "q=" + "x" * 10_000,
        "q=%00&section=%00&guideline=%00",
        "chosen=abc,,9999999999999999999999999",
        "chosen=1e400",
        "list=%FF%FE&case_number=%27%22%3C",
    ],
)
def test_no_query_string_breaks_it(reader, three, name, query):
    # Overlong values and NUL are refused before any list sees them (imrsite.security.limits).
    answers = (400,) if "%00" in query or len(query) > 5000 else (200, 422)
    assert reader.get(f"{LISTS[name].url}?{query}").status_code in answers
    assert reader.get(f"{LISTS[name].export_url}?{query}").status_code in answers


@pytest.mark.parametrize("name", NAMES)
def test_pages_follow_one_another_and_stop(reader, three, name, monkeypatch):
    monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (1, 2))
    found, query = [], "page=1"
    while True:
        one = page(reader, name, query)
        found += [row.pk for row in one.rows]
        if not one.more:
            break
        query = one.next_query
    assert len(found) == len(set(found)) == one.count
    assert page(reader, name, "page=999").page == one.page


def test_pages_go_on_to_the_last_row(reader, three, monkeypatch):
    monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (1,))
    rows = table(reader.get("/citations/export.csv?columns=case_number"))[1:]
    response = reader.get(f"/citations/?page={len(rows)}")
    [last] = response.context["listing"].rows
    assert last.issue.case.case_number == rows[-1][0]
    assert not response.context["listing"].more
    shown = " ".join(response.content.decode().split())
    assert f"{len(rows)}–{len(rows)} of {len(rows)}<" in shown


def test_the_columns_chosen_are_those_of_the_csv(reader, three):
    rows = table(reader.get("/cases/export.csv?columns=decision,case_number&order=case_number"))
    assert rows[0] == ["case_number", "decision"]
    assert rows[1] == ["CM13-0146674", "partially_overturned"]


@pytest.mark.parametrize("name", NAMES)
def test_the_header_of_the_csv_is_stable(reader, three, name):
    of = LISTS[name]
    rows = table(reader.get(of.export_url))
    assert rows[0] == [column.name for column in of.columns]
    assert len(rows) == 1 + page(reader, name).count


@pytest.mark.parametrize("name", ["cases", "issues", "citations"])
def test_the_command_writes_what_the_page_gives(reader, three, name, tmp_path):
    query = "decision=overturned&decision=upheld&columns=case_number"
    filters = [f"--filter={one}" for one in query.split("&")]
    call_command("export", name, *filters, "-o", str(tmp_path / "out.csv"))
    response = reader.get(f"{LISTS[name].export_url}?{query}")
    assert (tmp_path / "out.csv").read_bytes() == b"".join(response.streaming_content)


def test_the_command_explains_a_mistake(three):
    with pytest.raises(CommandError, match="There is no filter decison"):
        call_command("export", "cases", "--filter", "decison=upheld")
    with pytest.raises(CommandError, match="NAME=VALUE"):
        call_command("export", "cases", "--filter", "upheld")
    with pytest.raises(CommandError, match="Decision"):
        call_command("export", "cases", "--filter", "decision=up")


def test_ticked_rows_are_exported(reader, three):
    chosen = [three[0].pk, three[2].pk]
    sent = {"action": "export", "chosen": chosen, "columns": "case_number"}
    response = reader.post("/cases/selection", sent, follow=True)
    assert [row[0] for row in table(response)] == ["case_number", "CM14-0195168", "CM13-0146674"]


def test_ticked_cases_are_parsed_again(reader, three):
    sent = {"action": "reparse", "chosen": [three[0].pk, three[1].pk], "back": "page_size=50"}
    response = reader.post("/cases/selection", sent)
    assert response.url == "/cases/?page_size=50"
    told = str(next(iter(get_messages(response.wsgi_request))))
    assert told == "2 documents will be parsed again."


def test_nothing_ticked_leads_back(reader, three):
    response = reader.post("/cases/selection", {"action": "export", "back": "decision=upheld"})
    assert response.url == "/cases/?decision=upheld"
    assert "Select the cases first" in str(next(iter(get_messages(response.wsgi_request))))


class TestAllThatMatch:
    """The box beside the actions: what is done is done with the list, not with what is shown."""

    def send(self, reader, *, matching: int, query: str = "priority=Standard", **more):
        sent = {"everything": "1", "matching": matching, "back": query, "action": "reparse"}
        return reader.post("/cases/selection", sent | more)

    def told(self, response) -> str:
        return str(next(iter(get_messages(response.wsgi_request))))

    def test_all_of_them_are_parsed_again(self, reader, three, monkeypatch):
        monkeypatch.setattr("cases.lists.definition.PAGE_SIZES", (1,))
        count = page(reader, "cases", "priority=Standard").count
        shown = reader.get("/cases/?priority=Standard").content.decode()
        assert f"Select all {count} that match" in shown
        response = self.send(reader, matching=count)
        assert self.told(response) == f"{count} documents will be parsed again."
        assert response.url == "/cases/?priority=Standard"

    def test_the_csv_of_all_is_that_of_the_list(self, reader, three):
        response = self.send(reader, matching=3, query="order=case_number", action="export")
        assert response.url == "/cases/export.csv?order=case_number"

    def test_nothing_is_done_when_others_match_than_was_said(self, reader, three):
        response = self.send(reader, matching=7, query="")
        assert "The list has changed meanwhile: 3 match now." in self.told(response)
        assert not Document.objects.exclude(status="parsed").exists()

    def test_an_action_says_how_many_it_takes_and_refuses_more(self, reader, three, monkeypatch):
        few = replace(LISTS["cases"].bulk[0], most=2)
        monkeypatch.setitem(vars(LISTS["cases"]), "bulk", (few,))
        assert "at most 2" in reader.get("/cases/").content.decode()
        assert "takes at most 2 cases at once" in self.told(self.send(reader, matching=3, query=""))
        assert not Document.objects.exclude(status="parsed").exists()

    def test_a_mistaken_filter_selects_nothing(self, reader, three):
        response = self.send(reader, matching=0, query="decision=nonsense")
        assert "Select the cases first" in self.told(response)


def test_the_chooser_ticks_what_is_shown(reader, three):
    def ticked(query=""):
        return [one.name for one, shown, _ in page(reader, "cases", query).chooser if shown]

    assert ticked() == [*LISTS["cases"].shown]
    assert ticked("columns=priority,decision") == ["decision", "priority"]


def test_the_default_columns_ticked_in_a_form_are_as_none(reader, three):
    """The CSV of that page has all columns then; one that names them has those alone."""
    query = "&".join(f"columns={name}" for name in LISTS["cases"].shown)
    assert page(reader, "cases", query).query == ""
    rows = table(reader.get(f"/cases/export.csv?{query}"))
    assert {*rows[0]} == {*LISTS["cases"].shown}


def test_the_server_knows_how_a_browser_shows_lists(reader, three):
    assert 'data-density="roomy" data-facets="open"' in reader.get("/cases/").content.decode()
    reader.cookies["imr-density"] = "compact"
    reader.cookies["imr-facets"] = "folded"
    assert 'data-density="compact" data-facets="folded"' in reader.get("/cases/").content.decode()
    reader.cookies["imr-density"] = '"><b>'
    assert 'data-density="roomy"' in reader.get("/cases/").content.decode()


def test_without_scripts_facets_stand_on_the_page_of_the_filters(reader, three):
    shown = reader.get("/cases/filters?decision=upheld").content.decode()
    assert 'href="/cases/?decision=upheld&amp;category=rehabilitation"' in shown
    assert 'href="/cases/filters?' in reader.get("/cases/").content.decode()


def test_an_unknown_action_is_refused(reader, three):
    sent = {"action": "delete", "chosen": three[0].pk}
    assert reader.post("/cases/selection", sent).status_code == 400
    assert Case.objects.count() == 3


@pytest.mark.parametrize("name", ["cases", "issues", "citations", "documents"])
def test_the_number_of_queries_is_fixed(reader, three, name, django_assert_max_num_queries):
    for query in ("", "columns=" + ",".join(LISTS[name].by_name)):
        address = f"{LISTS[name].url}?{query}"
        reader.get(address)  # the first look writes the session and the access log
        # One for the access log; on PostgreSQL the cases of this test's own transaction, which the
        # index can't keep, are read each time.
        with django_assert_max_num_queries(13 + 6 * (connection.vendor == "postgresql")):
            reader.get(address)


class TestSavedViews:
    def save(self, reader, name="Overturned", query="decision=overturned", **more):
        return reader.post("/views/", {"list": "cases", "name": name, "query": query} | more)

    def test_a_view_is_kept_under_a_name(self, reader, three):
        response = self.save(reader, name="To contest", query="decision=overturned&page=3&q=")
        assert response.url == "/cases/?decision=overturned"
        assert "To contest" in reader.get("/cases/").content.decode()
        assert "To contest" not in reader.get("/issues/").content.decode()

    def test_the_same_name_takes_the_new_query(self, reader):
        self.save(reader)
        self.save(reader, query="decision=upheld")
        assert SavedView.objects.get().query == "decision=upheld"

    def test_others_see_shared_ones_and_may_not_change_them(self, reader, django_user_model):
        owner = django_user_model.objects.create_user("lead")
        for name, shared in (("Ours", True), ("Mine", False)):
            SavedView.objects.create(owner=owner, list="cases", name=name, shared=shared)
        page = reader.get("/cases/").content.decode()
        assert "Ours" in page
        assert "Mine" not in page
        for view in SavedView.objects.all():
            assert reader.get(f"/views/{view.pk}/edit/").status_code == 403
            assert reader.post(f"/views/{view.pk}/delete/").status_code == 403
        assert SavedView.objects.count() == 2

    def test_edit_and_delete(self, reader):
        self.save(reader)
        view = SavedView.objects.get()
        sent = {"name": "Expedited", "query": "?priority=Expedited", "shared": "on"}
        assert reader.post(f"/views/{view.pk}/edit/", sent).url == "/cases/?priority=Expedited"
        view.refresh_from_db()
        assert (view.name, view.query, view.shared) == ("Expedited", "priority=Expedited", True)
        reader.post(f"/views/{view.pk}/delete/")
        assert not SavedView.objects.exists()

    def test_mistakes_are_explained(self, reader):
        self.save(reader)
        self.save(reader, name="Another")
        view = SavedView.objects.get(name="Another")
        response = reader.post(f"/views/{view.pk}/edit/", {"name": "Overturned", "query": ""})
        assert response.status_code == 422
        assert "another view of this name" in response.content.decode()
        for name, query in ((" ", ""), ("x" * 81, ""), ("long", "q=" + "x" * 2001)):
            self.save(reader, name=name, query=query)
        assert SavedView.objects.count() == 2
        assert self.save(reader, list="nosuch").url == "/"


def test_it_says_how_to_search(reader, three):
    assert "How to search" in reader.get("/cases/").content.decode()
    assert "How to search" not in reader.get("/documents/").content.decode()


def test_citations_are_found_by_side_and_guideline(reader, three):
    query = "side=maximus&guideline=Chronic+Pain+Medical+Treatment+Guidelines"
    rows = page(reader, "citations", query).rows
    assert {(c.side, c.guideline) for c in rows} == {
        (Citation.Side.MAXIMUS, "Chronic Pain Medical Treatment Guidelines")
    }


# subcategories, body parts, partial authorizations, editions


@pytest.fixture
def coded(three):
    """The three letters' first issues, one of them authorized in part and by other editions."""
    first, second, third = (case.issues.first() for case in three)
    Issue.objects.filter(pk=first.pk).update(
        treatment_request="Norco #60 was the original request.",
        requested="Norco #60",
        authorized="Norco #40",
        in_dispute="Norco #20",
        category="pharmaceuticals",
        subcategory="opioids",
    )
    Issue.objects.filter(pk=second.pk).update(body_parts=["knee", "low_back"], retrospective=True)
    Citation.objects.filter(issue=third).update(edition="2004")
    for case in three:
        refresh_case(case)
    return [first, second, third]


@pytest.mark.parametrize(
    ("query", "which"),
    [
        ("subcategory=opioids&partial=true", 0),
        ("partial=true", 0),
        ("body_part=knee&retrospective=true", 1),
        ("edition=2004", 2),
        ("q=edition:2004", 2),
        ("q=body:knee+-subcategory:opioids&retrospective=true", 1),
    ],
)
@pytest.mark.parametrize("name", ["issues", "cases"])
def test_new_fields_narrow_both_lists(reader, coded, name, query, which):
    expected = coded[which] if name == "issues" else coded[which].case
    assert [row.pk for row in page(reader, name, query).rows] == [expected.pk]


def test_citations_are_found_by_edition_and_subcategory(reader, coded):
    found = page(reader, "citations", "edition=2004").rows
    assert {row.issue_id for row in found} == {coded[2].pk}
    found = page(reader, "citations", "subcategory=opioids").rows
    assert coded[0].pk in {row.issue_id for row in found}


def test_editions_to_choose_from_are_those_cited(reader, coded):
    shown = reader.get("/citations/filters").content.decode()
    assert '<option value="2004">2004</option>' in shown
    assert '<option value="2016">' not in shown


def test_subcategories_stand_under_their_categories(reader, three):
    shown = " ".join(reader.get("/issues/filters").content.decode().split())
    pharmaceuticals = shown.split("<summary>Pharmaceuticals</summary>")[1]
    assert "Proton pump inhibitors" in pharmaceuticals.split("</details>")[0]
    assert '<details class="choice-group"><summary>Diagnostics</summary>' in shown
    ticked = " ".join(reader.get("/issues/filters?subcategory=imaging").content.decode().split())
    assert '<details class="choice-group" open><summary>Diagnostics</summary>' in ticked


@pytest.mark.parametrize("name", ["issues", "cases"])
def test_facets_count_subcategories(reader, coded, name):
    htmx = {"HX-Request": "true", "HX-Target": "facets"}
    shown = reader.get(f"/{name}/", headers=htmx).content.decode()
    assert "?subcategory=opioids" in shown
    narrowed = reader.get(f"/{name}/?partial=true", headers=htmx).content.decode()
    assert "Opioids" in narrowed
    assert "Physical and occupational therapy" not in narrowed


def test_a_facet_of_many_values_shows_the_commonest(db, reader):
    call_command("synthesize", "150", verbosity=0)
    htmx = {"HX-Request": "true", "HX-Target": "facets"}
    found = reader.get("/issues/", headers=htmx).context["facets"]
    [facet] = [one for one in found if one.label == "Subcategory"]
    shown = [one for one in facet.values if one.value != "none"]
    assert len(shown) == MOST_VALUES
    assert facet.more == Issue.objects.exclude(subcategory="").values(
        "subcategory"
    ).distinct().count() - len(shown)


def test_a_list_shows_the_part_in_dispute(reader, coded):
    for url in ("/issues/", "/cases/", "/"):
        shown = reader.get(url).content.decode()
        assert "Norco #20" in shown
        assert "was the original request" not in shown
        assert "partially authorized" in shown


def test_the_csv_has_the_new_columns_behind_the_old_ones(reader, coded):
    header, *rows = table(reader.get("/issues/export.csv?partial=true"))
    assert header[-14:-7] == [
        "subcategory",
        "body_parts",
        "retrospective",
        "requested",
        "authorized",
        "in_dispute",
        "relations",
    ]
    assert header[-7:] == [
        "claim_number",
        "claims_administrator",
        "claims_unit",
        "requesting_physician",
        "ur_vendor",
        "received_on",
        "received_assumed",
    ]
    assert [row[-14:-8] for row in rows] == [
        ["opioids", "low_back", "no", "Norco #60", "Norco #40", "Norco #20"]
    ]
    header, *rows = table(reader.get("/citations/export.csv?edition=2004"))
    assert header[-2:] == ["edition", "subcategory"]
    assert {row[-2] for row in rows} == {"2004"}
