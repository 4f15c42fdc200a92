"""Memos: made from drafts, joined to the letters that follow, and scored."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.analysis.precedents import request_of_text
from cases.corrections.claim_facts import set_claim_facts
from cases.files.letter_page import shown_letter
from cases.intake import pipeline
from cases.models import Case, Document
from imrsite.security.roles import Role
from reviews.desk import joining, keeping
from reviews.desk.memo_page import shown_memo
from reviews.desk.repeats import find_repeats
from reviews.desk.taking import MOST_MB, CannotTake, take_file, take_text
from reviews.models import Annotation, Label, Memo
from tests.cases.test_nearest import ask
from tests.drafts.drafts import DRAFTS
from tests.drafts.making import file_of, text_of
from tests.factories import InProcess, stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
REQUEST = "Twelve work conditioning sessions for the lumbar spine"
TODAY = dt.date(2026, 11, 29)


@pytest.fixture
def ana():
    return person(Role.REVIEWER, "ana")


def made(text: str, by, claim_number: str = "") -> Memo:
    return keeping.make(keeping.take_in(take_text(text), by, claim_number=claim_number))


def found_in(memo: Memo) -> set[tuple[str, str]]:
    """(code, words) of all that a person should look at."""
    return {
        (finding.code, checked.raw)
        for checked in shown_memo(memo).findings.checked
        for finding in checked.findings
        if finding.level != "fine"
    }


@pytest.mark.parametrize("draft", DRAFTS, ids=str)
def test_each_planted_fault_is_named_and_nothing_else(draft, ana):
    known = " ".join(stored_case().issues.get().rationale.split()[5:17])
    if draft.kind == "text":
        taken = take_text(text_of(draft, known))
    else:
        name = f"draft.{draft.kind}"
        taken = take_file(SimpleUploadedFile(name, file_of(draft)))
    memo = keeping.make(keeping.take_in(taken, ana))
    assert [row.text for row in memo.requests.all()] == list(draft.requests)
    found = found_in(memo)
    for code, words in draft.faults:
        assert any(code == other and words in raw for other, raw in found), (code, found)
    assert len(found) == len(draft.faults), found


@pytest.mark.parametrize(
    ("cited", "code"),
    [
        ("MTUS Pelvic Floor Disorders 2021, Section(s): Imaging", "unknown-guideline"),
        ("the Journal of Odd Cases 2011, Smith et al", "unknown-guideline"),
        ("MTUS Low Back Complaints 2004, pages 512-514", "page-outside"),
        ("ODG, Pain Chapter, Muscle relaxants", "mtus-passed-over"),
        ("MTUS Chronic Pain 2017, Section(s): Muscle Relaxants", ""),
        ("MTUS Chronic Pain 2017, and ODG, Pain Chapter", ""),
        ("ACOEM Low Back Disorders, Muscle Relaxants", ""),
    ],
)
def test_what_is_found_about_one_citation(cited, code, ana):
    memo = made(f"Request: Cyclobenzaprine 7.5 mg #60\nDenied, based on {cited}.", ana)
    assert shown_memo(memo).findings.checked
    codes = {found for found, _ in found_in(memo)}
    assert codes >= {code} if code else not codes


def test_a_memo_tells_how_such_requests_were_decided(ana):
    case = stored_case()
    issue = case.issues.get()
    Annotation.objects.create(
        case=case, issue=issue, target="rationale", start=0, end=4, quote=issue.rationale[:4],
        label=Label.objects.first(), author=ana,
    )  # fmt: skip
    [request] = shown_memo(made(REQUEST, ana)).requests
    assert (request.similar.overturned, request.similar.decided) == (0, 1)
    assert request.similar.is_few
    assert [(one.label, one.decided) for one in request.outcome.years] == [("2015", 1)]
    [near] = request.upheld
    assert near.near.case_number == case.case_number
    assert "medically necessary" in near.near.conclusion
    assert near.address.startswith(f"/cases/{case}/?show=issue-1-rationale-")
    assert request.overturned == ()
    assert any(one.upheld == 1 for one in request.cited)
    assert [one.upheld for one in request.outcome.labels] == [1]


def test_the_words_are_marked_on_the_letter():
    case = stored_case()
    issue = case.issues.get()
    start = issue.rationale.rindex(". ") + 2
    whole = shown_letter(case, "issue-1-rationale", "")
    part = shown_letter(case, f"issue-1-rationale-{start}-{len(issue.rationale)}", "")
    marked, all_of_it = (sum(len(page.boxes) for page in one.pages) for one in (part, whole))
    assert 0 < marked < all_of_it
    odd = shown_letter(case, "issue-1-rationale-x-9", "")
    assert odd.pages == whole.pages


def test_the_same_form_sent_twice_makes_one_memo(ana):
    key = uuid.uuid4()
    one = keeping.take_in(take_text(REQUEST), ana, key=key)
    assert keeping.take_in(take_text(REQUEST), ana, key=key) == one
    assert Memo.objects.count() == 1


def test_what_is_mended_added_and_left_out(ana):
    memo = keeping.take_in(take_text("MRI lumbar spine\nNorco 10/325 mg #60"), ana)
    mri, norco = memo.requests.all()
    keeping.mend(memo, {mri.pk: "MRI of the  cervical spine"}, {norco.pk}, ["", "TENS unit"], "7-1")
    made_of = keeping.make(memo)
    kept = made_of.requests.filter(left_out=False)
    assert [row.text for row in kept] == ["MRI of the cervical spine", "TENS unit"]
    assert [row.text for row in shown_memo(made_of).left_out] == ["Norco 10/325 mg #60"]
    with pytest.raises(keeping.CannotMake):
        keeping.mend(memo, {}, set(), [], "")


def test_a_memo_needs_a_request(ana):
    memo = keeping.take_in(take_text("Dear Doctor:\nThank you."), ana)
    with pytest.raises(keeping.CannotMake):
        keeping.make(memo)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"x" * (MOST_MB * 1024 * 1024 + 1), "MB"),
        ("a.pdf", b"", "empty"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "Only PDF"),
        ("a.docx", b"PK\x03\x04nothing", "Word document"),
        ("a.pdf", b"%PDF-1.7 nothing", "PDF"),
        ("a.txt", b"   ", "Paste"),
    ],
)
def test_a_file_that_gives_no_text_says_what_to_do(name, content, words):
    with pytest.raises(CannotTake) as problem:
        take_file(SimpleUploadedFile(name, content))
    assert words in str(problem.value)


# -- the letter arrives --------------------------------------------------------------------------


def arrived(claim_number: str, by) -> Case:
    case = stored_case()
    set_claim_facts(case, {"claim_number": claim_number}, by)
    return case


def test_a_memo_is_joined_to_its_letter_and_scored(ana, client):
    memo = made(f"Claim Number: 24-7701\nTreatment requested: {REQUEST}", ana)
    other = made(f"Claim Number: 24-7702\nTreatment requested: {REQUEST}", ana)
    case = arrived("24-7701", ana)
    memo.refresh_from_db()
    assert memo.case == case
    assert memo.joined_by is None
    [request] = shown_memo(memo).requests
    assert request.issue == case.issues.get()
    assert request.was_overturned is False
    other.refresh_from_db()
    assert other.case is None
    client.force_login(ana)
    page = client.get(f"/desk/{memo.pk}/").content.decode()
    assert "Memo and decision" in page
    assert client.get(f"/desk/{memo.pk}/memo.pdf").content.startswith(b"%PDF-")
    assert "memo of" in client.get(f"/cases/{case}/").content.decode()
    # No rate was given, as nothing was on file: it is not scored.
    assert (
        "1 request of joined memos not scored" in client.get("/desk/calibration/").content.decode()
    )


def test_a_claim_number_entered_at_the_upload_joins_it(ana, client, letters):
    memo = made(f"Claim Number: 24-7701\nTreatment requested: {REQUEST}", ana)
    client.force_login(person(Role.LEAD, "lead"))
    file = SimpleUploadedFile("a.pdf", (letters / "CM14-0195168.pdf").read_bytes())
    client.post("/upload/", {"files": [file], "claim_number": "24-7701"})
    for document in Document.objects.filter(status__in=Document.UNFINISHED):
        pipeline.read_document(document.pk, InProcess())
    memo.refresh_from_db()
    assert memo.case == Case.objects.get()
    assert memo.requests.get().issue == memo.case.issues.get()


def test_a_rate_is_scored_when_the_letter_arrives(ana, client, letters):
    letter = json.loads((letters / "facsimile-001-final-2015.json").read_text())["letters"][0]
    request = letter["issues"][0]["treatment_request"]
    before = stored_letter("facsimile-000-final-2015").cases.get()
    issue = before.issues.order_by("position").first()
    before.issues.exclude(pk=issue.pk).delete()
    ask(issue, request, "overturned")
    memo = made(f"Claim # 5-50012\nTreatment requested: {request}", ana)
    assert memo.requests.get().similar_decided == 1
    case = stored_letter("facsimile-001-final-2015").cases.get()
    ask(case.issues.get(position=1), request, "upheld")
    set_claim_facts(case, {"claim_number": "5-50012"}, ana)
    client.force_login(ana)
    page = client.get("/desk/calibration/").content.decode()
    assert "<strong>1</strong> request of 1 joined memo scored" in page
    assert "Too few to judge by" in page
    assert "Brier score <strong>1.000" in page


def test_a_case_that_was_on_file_before_the_memo_is_not_joined_by_itself(ana):
    case = stored_case()
    memo = made(f"Claim Number: 24-7701\nTreatment requested: {REQUEST}", ana)
    set_claim_facts(case, {"claim_number": "24-7701"}, ana)
    memo.refresh_from_db()
    assert memo.case is None
    joining.join_by_number(memo, f" {case.case_number.lower()} ", ana)
    assert memo.case == case
    assert memo.joined_by == ana
    joining.separate(memo)
    assert memo.case is None
    with pytest.raises(joining.CannotJoin):
        joining.join_by_number(memo, "CM99-0000000", ana)


def test_a_letter_that_decides_something_else_is_not_joined(ana):
    memo = made("Claim Number: 24-7701\nTreatment requested: Cyclobenzaprine 7.5 mg #60", ana)
    arrived("24-7701", ana)
    memo.refresh_from_db()
    assert memo.case is None


def test_the_same_request_for_the_same_claim_is_named_for_twelve_months(ana):
    case = arrived("K-1200", ana)
    request = request_of_text(REQUEST)
    assert find_repeats("K-1200", 1, request, TODAY) == []  # decided in 2015
    day = case.decision_date
    [found] = find_repeats("k-1200", 1, request, day + dt.timedelta(days=360))
    assert (found.case_number, found.position) == (case.case_number, 1)
    assert find_repeats("K-1200", 1, request, day + dt.timedelta(days=370)) == []
    assert find_repeats("K-1200", 1, request_of_text("Norco #60"), day) == []
    assert find_repeats("", 1, request, day) == []


def test_a_removed_case_takes_its_words_out_of_memos(ana):
    case = stored_case()
    memo = made(REQUEST, ana)
    assert shown_memo(memo).requests[0].upheld
    Case.objects.get(pk=case.pk).delete()
    assert case.case_number not in str(Memo.objects.get().requests.get().outcome)


# -- pages ---------------------------------------------------------------------------------------


def test_the_desk_leads_from_a_draft_to_its_memo(ana, client):
    client.force_login(ana)
    sent = client.post("/desk/", {"text": "MRI lumbar spine\nNorco 10/325 mg #60", "key": "x"})
    memo = Memo.objects.get()
    assert sent.url == f"/desk/{memo.pk}/requests/"
    page = client.get(sent.url).content.decode()
    assert "MRI lumbar spine" in page
    mri, norco = memo.requests.all()
    typed = {f"request-{mri.pk}": "MRI lumbar spine", f"request-{norco.pk}": norco.text,
             f"drop-{norco.pk}": "on", "new": ["TENS unit", ""], "claim_number": "9"}  # fmt: skip
    assert client.post(sent.url, typed | {"action": "save"}).url == sent.url
    done = client.post(sent.url, typed | {"new": "", "action": "make"})
    assert done.url == f"/desk/{memo.pk}/"
    page = client.get(done.url).content.decode()
    assert "TENS unit" in page
    assert "Left out of the memo: Norco" in page
    assert client.get(f"{done.url}?print").status_code == 200
    pdf = client.get(f"{done.url}memo.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "MRI lumbar spine" in client.get("/desk/memos/").content.decode()


def test_a_mistake_brings_back_what_was_typed(ana, client):
    client.force_login(ana)
    bad = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    page = client.post("/desk/", {"text": "MRI lumbar spine", "claim_number": "77-1", "file": bad})
    assert page.status_code == 422
    assert "MRI lumbar spine" in page.content.decode()
    assert "77-1" in page.content.decode()


def test_a_request_beyond_the_most_of_a_memo_is_brought_back(ana, client):
    lines = "\n".join(f"Physical therapy {n} sessions" for n in range(1, keeping.MOST_REQUESTS + 1))
    memo = keeping.take_in(take_text(lines), ana)
    assert memo.requests.count() == keeping.MOST_REQUESTS
    client.force_login(ana)
    sent = {"new": ["TENS unit", "Norco 10/325 mg #60"], "claim_number": "77-1"}
    for action in ("save", "make"):
        answer = client.post(f"/desk/{memo.pk}/requests/", sent | {"action": action})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"at most {keeping.MOST_REQUESTS} requests" in page
        assert ">TENS unit</textarea>" in page
        assert ">Norco 10/325 mg #60</textarea>" in page
    memo.refresh_from_db()
    assert (memo.claim_number, memo.made_at) == ("77-1", None)


def test_a_file_and_pasted_words_are_both_read(ana, client):
    client.force_login(ana)
    file = SimpleUploadedFile("a.txt", b"MRI lumbar spine\nNorco 10/325 mg #60")
    client.post("/desk/", {"text": "TENS unit", "file": file})
    found = [row.text for row in Memo.objects.get().requests.all()]
    assert found == ["MRI lumbar spine", "Norco 10/325 mg #60", "TENS unit"]


def test_an_unfinished_memo_is_for_who_took_it_in(ana, client):
    memo = keeping.take_in(take_text(REQUEST), ana)
    client.force_login(person(Role.REVIEWER, "ben"))
    assert client.get(f"/desk/{memo.pk}/requests/").status_code == 404
    assert client.get(f"/desk/{memo.pk}/").status_code == 404
    assert "Not made yet" not in client.get("/desk/memos/").content.decode()
    client.force_login(ana)
    assert client.get(f"/desk/{memo.pk}/").url == f"/desk/{memo.pk}/requests/"


def test_joining_by_hand_on_the_page(ana, client):
    case, memo = stored_case(), made(REQUEST, ana)
    client.force_login(ana)
    page = client.post(f"/desk/{memo.pk}/join/", {"case_number": "CM99-1"})
    assert page.status_code == 422
    assert "CM99-1" in page.content.decode()
    client.post(f"/desk/{memo.pk}/join/", {"case_number": case.case_number})
    memo.refresh_from_db()
    assert memo.case == case
    client.post(f"/desk/{memo.pk}/join/", {"action": "separate"})
    memo.refresh_from_db()
    assert memo.case is None
