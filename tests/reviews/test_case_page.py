import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imrsite.security.roles import Role
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.annotating.threads import create_reply
from reviews.models import Target
from reviews.reviewing.workflow import Finding, assign_reviewer, create_review, save_findings
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


def test_it_shows_both_sides_row_by_row(reader, case):
    [issue] = reader.get("/cases/CM14-0195168/").context["issues"]
    rows = [
        (r.claims and r.claims.row.source, r.maximus and r.maximus.row.source, r.relation)
        for r in issue["rows"]
    ]
    assert rows == [("MTUS", "MTUS", "same"), ("ODG", None, "claims_only")]


def test_a_flag_stands_at_its_field(reader, case):
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert "Nov 8, 2014, the summary says Nov 7, 2014" in page


@pytest.mark.parametrize(
    ("show", "page", "boxes"),
    [
        ("ur_denial_date", 1, 1),
        ("issue-1-treatment_request", 2, 1),
        ("issue-1-decision", 2, 1),
        ("issue-1-claims_guideline", 2, 2),
        ("issue-1-rationale", 2, 9),
    ],
)
def test_a_field_is_marked_on_its_page(reader, case, show, page, boxes):
    letter = reader.get(f"/cases/CM14-0195168/?show={show}").context["letter"]
    assert letter.number == page
    assert len(letter.boxes) >= boxes


def test_a_contradiction_has_a_note_that_shows_both_places(reader, case):
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert 'href="?show=both-ur_denial_date"' in page
    letter = reader.get("/cases/CM14-0195168/?show=both-ur_denial_date").context["letter"]
    assert [len(one.boxes) for one in letter.pages] == [2, 0, 0]  # a line each, on the first page


@pytest.mark.parametrize("show", ["both-", "both-priority", "both-nonsense"])
def test_both_places_of_what_is_no_date_are_none(reader, case, show):
    assert reader.get(f"/cases/CM14-0195168/?show={show}").status_code == 200


@pytest.mark.parametrize(
    ("section", "pages", "words"),
    [
        ("Work Conditioning", [[125, 125]], "Same"),
        ("Work Conditioning", [[7, 7]], "Different pages"),
        ("Acupuncture", [[125, 125]], "Different section"),
    ],
)
def test_the_match_says_what_differs(reader, case, section, pages, words):
    issue = case.issues.get()
    issue.citations.filter(source="MTUS").update(section="Work Conditioning", pages=[[125, 125]])
    issue.citations.filter(side="maximus").update(section=section, pages=pages)
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert f'<span class="match">{words}</span>' in page


def test_the_brief_holds_both_sides_the_rationale_and_its_annotations(reader, case, ana):
    place = Place(case, case.issues.get(), Target.RATIONALE)
    note = create_annotation(place, ana, Selection(place.text[:20], 0), comment="On page 125?")
    create_reply(note, reader.user, "Yes, there.")
    page = reader.get("/cases/CM14-0195168/?print").content.decode()
    for words in ("Upheld", "Nov 8, 2014", "pp. 125–126", "One side only", "the letter", "On page"):
        assert words.lower() in page.lower()
    assert "Yes, there." in page
    assert "<form" not in page
    assert 'id="letter"' not in page


def test_the_bar_of_the_review_is_for_its_reviewer_until_it_is_submitted(reader, case):
    assert "data-bar-count" not in reader.get(case.get_absolute_url()).content.decode()
    review = create_review(case)
    assignment = assign_reviewer(review, reader.user, reader.user)
    assert "data-bar-count" in reader.get(case.get_absolute_url()).content.decode()
    findings = {case.issues.get().pk: Finding("agree")}
    save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    assert "data-bar-count" not in reader.get(case.get_absolute_url()).content.decode()


def test_saving_tells_the_bar_and_the_head_too(reader, case):
    assign_reviewer(create_review(case), reader.user, reader.user)
    issue = case.issues.get()
    sent = {"action": "save", "version": 1, "issues": issue.pk, f"opinion-{issue.pk}": "agree"}
    answer = reader.post(
        f"{case.get_absolute_url()}review/", sent, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'aria-label="Your review at hand" hx-swap-oob="true"' in answer
    assert "<span data-bar-count>1 of 1</span>" in answer
    assert 'id="head-state" hx-swap-oob="true"' in answer


def test_the_decision_leads_to_its_words(reader, case):
    assert 'href="?show=issue-1-decision"' in reader.get("/cases/CM14-0195168/").content.decode()


def test_a_citation_is_marked_too(reader, case):
    citation = case.issues.get().citations.get(side="maximus")
    letter = reader.get(f"/cases/CM14-0195168/?show=citation-{citation.pk}").context["letter"]
    assert letter.boxes


@pytest.mark.parametrize("show", ["nonsense", "issue-9-rationale", "issue-x", "citation-0", ""])
def test_a_mistyped_show_shows_the_first_page(reader, case, show):
    letter = reader.get(f"/cases/CM14-0195168/?show={show}&page=99x").context["letter"]
    assert (letter.number, letter.boxes) == (1, ())


def test_htmx_gets_the_letter_alone(reader, case):
    response = reader.get(
        "/cases/CM14-0195168/?show=priority",
        headers={"HX-Request": "true", "HX-Target": "letter"},
    )
    assert response.content.decode().lstrip().startswith('<aside id="letter"')


def test_letter_text_is_escaped(reader, case):
    case.issues.update(rationale="<script>alert(1)</script>")
    assert "<script>alert" not in reader.get("/cases/CM14-0195168/").content.decode()


def test_no_such_case(reader, db):
    assert reader.get("/cases/CM99-0000000/").status_code == 404


def test_more_annotations_cost_no_more_queries(reader, case, ana):
    place = Place(case, case.issues.get(), Target.RATIONALE)

    def cost_after(starts: range) -> int:
        for start in starts:
            note = create_annotation(
                place, ana, Selection(place.text[start : start + 9], start), comment="Here"
            )
            create_reply(note, reader.user, "There")
        with CaptureQueriesContext(connection) as queries:
            reader.get("/cases/CM14-0195168/")
        return len(queries)

    reader.get("/cases/CM14-0195168/")  # what a session asks once
    few = cost_after(range(0, 4, 2))
    assert cost_after(range(4, 60, 2)) == few
    assert few <= 20


def test_it_leads_to_its_document_and_has_it_parsed_again_by_who_may(client, issue):
    case = issue.case
    reparse = reverse("document-reparse", args=[case.document_id])
    for role, may in ((Role.LEAD, True), (Role.REVIEWER, False)):
        client.force_login(person(role))
        page = client.get(case.get_absolute_url()).content.decode()
        assert f'href="{case.document.get_absolute_url()}"' in page
        assert (f'action="{reparse}"' in page) is may


@pytest.fixture
def partial(case):
    """The same case with an issue that was authorized in part."""
    issue = case.issues.get()
    span = {"page": 2, "start": 0, "end": 9, "boxes": [[72, 90, 200, 102]]}
    issue.provenance |= {
        name: {"status": "found", "spans": [span]}
        for name in ("requested", "authorized", "in_dispute", "body_parts")
    }
    issue.requested, issue.authorized, issue.in_dispute = "12 sessions", "6 sessions", "6 sessions"
    issue.subcategory, issue.body_parts, issue.retrospective = "opioids", ["low_back"], True
    issue.save()
    issue.citations.filter(side="claims").update(edition="2009")
    issue.citations.filter(side="maximus").update(edition="2016")
    return case


def test_a_partial_authorization_is_told_in_a_line_with_its_parts(reader, partial):
    page = reader.get(partial.get_absolute_url()).content.decode()
    assert "6 of 12 sessions authorized; 6 in dispute" in page
    for name in ("requested", "authorized", "in_dispute"):
        assert f'href="?show=issue-1-{name}"' in page


@pytest.mark.parametrize("name", ["requested", "authorized", "in_dispute", "body_parts"])
def test_its_parts_are_marked_on_the_page(reader, partial, name):
    letter = reader.get(f"{partial.get_absolute_url()}?show=issue-1-{name}").context["letter"]
    assert (letter.number, len(letter.boxes)) == (2, 1)


def test_subcategory_body_parts_and_edition_are_shown(reader, partial):
    page = reader.get(partial.get_absolute_url()).content.decode()
    for words in ("Opioids", "Low back", "Retrospective", "Medical Treatment Guidelines 2009"):
        assert words in page
    assert "Different edition" in page


def test_a_whole_request_has_no_parts(reader, case):
    page = reader.get(case.get_absolute_url()).content.decode()
    assert "partially authorized" not in page
    assert "issue-1-requested" not in page


def test_no_citation_is_not_told_as_the_letters_silence(reader, case):
    case.issues.get().citations.all().delete()
    case.issues.update(claims_guideline="", maximus_guideline="")
    page = reader.get(case.get_absolute_url()).content.decode()
    assert "no citation found" in page
    assert "The letter says nothing" not in page
