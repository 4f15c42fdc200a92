import uuid

import pytest

from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.models import Annotation, Edit, Label, Target

pytestmark = pytest.mark.django_db
URL = "/cases/CM14-0195168/annotate/"
ON_RATIONALE = {"target": "rationale", "issue": "1"}


def post(client, **fields):
    return client.post(URL, ON_RATIONALE | fields)


def test_selected_words_are_stored_with_their_context(reader, issue):
    start = issue.rationale.index("cardinal criteria")
    response = post(reader, quote="cardinal criteria", start=start, comment="Which page?")
    note = Annotation.objects.get()
    assert response.url == f"/cases/CM14-0195168/#note-{note.pk}"
    assert issue.rationale[note.start : note.end] == note.quote == "cardinal criteria"
    assert note.prefix.endswith("one of the ")
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert f'data-note="{note.pk}">cardinal criteria</mark>' in page


def test_a_label_alone_is_enough(reader, issue):
    post(reader, quote="cardinal criteria", label="guideline-misapplied")
    assert Annotation.objects.get().label == Label.objects.get(shortcut="2")


def test_neither_label_nor_comment_is_too_little(reader, issue):
    response = post(reader, quote="cardinal criteria")
    assert response.status_code == 422
    assert "Choose a label or write a comment" in response.content.decode()


@pytest.mark.parametrize(
    ("target", "issue_number"),
    [("clinical_summary", ""), ("claims_guideline", "1"), ("maximus_guideline", "1")],
)
def test_every_text_of_a_case_can_be_annotated(reader, issue, target, issue_number):
    text = getattr(issue if issue_number else issue.case, target)
    fields = {"target": target, "issue": issue_number, "quote": text[:9], "start": 0}
    reader.post(URL, fields | {"comment": "Here"})
    note = Annotation.objects.get()
    assert (note.target, note.quote) == (target, text[:9])
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert f'data-note="{note.pk}"' in page


@pytest.mark.parametrize(
    "fields", [{"target": "password"}, {"issue": "7"}, {"issue": "one"}, {"target": ""}]
)
def test_a_text_that_is_not_there_cannot(reader, issue, fields):
    assert post(reader, quote="a", comment="b", **fields).status_code == 404


def test_typed_words_are_found(reader, issue):
    post(reader, quote="cardinal criteria", comment="Typed")
    assert Annotation.objects.get().start == issue.rationale.index("cardinal criteria")


def test_words_that_stand_twice_are_asked_about(reader, issue):
    response = post(reader, quote="work conditioning", comment="Keep me")
    page = response.content.decode()
    assert response.status_code == 422
    assert "more than once" in page
    assert "Keep me" in page
    assert page.count('name="start"') == issue.rationale.count("work conditioning")


def test_words_that_moved_are_refused_and_the_comment_is_kept(reader, issue):
    response = post(reader, quote="cardinal", start=3, comment="Keep me")
    assert response.status_code == 422
    assert "Keep me" in response.content.decode()
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "👩‍⚕️ e\u0301valué: the words.",
        "First.\r\n\r\nSecond 𝒲 the words.",
        "tab\tand\fform the words",
    ],
)
def test_what_stands_before_the_words_does_not_shift_them(reader, issue, text):
    issue.rationale = text
    issue.save()
    post(reader, quote="words", start=text.index("words"), comment="Here")
    assert Annotation.objects.get().quote == "words"


def test_line_ends_as_browsers_send_them_are_those_of_the_text(reader, issue):
    issue.rationale = "One.\n\nTwo.\r\nThree."
    issue.save()
    post(reader, quote="One.\r\n\r\nTwo.\r\nThree", start=0, comment="All")
    assert Annotation.objects.get().quote == "One.\n\nTwo.\r\nThree"


def test_a_form_that_is_sent_again_is_one_annotation(reader, issue):
    fields = {"quote": "cardinal criteria", "comment": "Once", "key": str(uuid.uuid4())}
    post(reader, **fields)
    post(reader, **fields)
    assert Annotation.objects.count() == 1


def test_htmx_gets_the_text_anew_with_the_place_to_put_it(reader, issue):
    fields = ON_RATIONALE | {"quote": "cardinal criteria", "comment": "Here"}
    response = reader.post(URL, fields, headers={"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "#text-rationale-1"
    assert 'id="text-rationale-1"' in response.content.decode()


def test_only_its_author_or_a_lead_edits_and_deletes(client, note, ben, reader):
    reader.force_login(ben)
    for path in ("edit", "delete"):
        url = f"/annotations/{note.pk}/{path}/"
        assert reader.post(url, {"comment": "Mine now", "version": 1}).status_code == 403
    reader.force_login(note.author)
    reader.post(f"/annotations/{note.pk}/edit/", {"comment": "Better", "version": 1})
    note.refresh_from_db()
    assert note.comment == "Better"
    reader.force_login(reader.user)  # a lead
    reader.post(f"/annotations/{note.pk}/delete/")
    note.refresh_from_db()
    assert note.deleted_by == reader.user


def test_a_change_keeps_what_was_said_before(reader, note):
    reader.force_login(note.author)
    url = f"/annotations/{note.pk}/edit/"
    reader.post(url, {"comment": "Better", "label": "follow-up", "version": 1})
    before = Edit.objects.get()
    assert (before.comment_before, before.label_before) == ("Which page?", None)
    assert "Which page?" in reader.get(f"/annotations/{note.pk}/").content.decode()


def test_the_second_of_two_saves_sees_both_and_overwrites_nothing(reader, note):
    url = f"/annotations/{note.pk}/edit/"
    reader.post(url, {"comment": "First", "version": 1})
    response = reader.post(url, {"comment": "Second", "version": 1})
    page = response.content.decode()
    assert response.status_code == 409
    assert "First" in page
    assert "Second" in page
    note.refresh_from_db()
    assert note.comment == "First"
    reader.post(url, {"comment": "First and second", "version": 2})
    note.refresh_from_db()
    assert note.comment == "First and second"


def test_deleting_can_be_undone(reader, note):
    htmx = {"HX-Request": "true"}
    reader.force_login(note.author)
    page = reader.post(f"/annotations/{note.pk}/delete/", headers=htmx).content.decode()
    assert "cardinal criteria</mark>" not in page
    assert f"/annotations/{note.pk}/restore/" in page
    page = reader.post(f"/annotations/{note.pk}/restore/", headers=htmx).content.decode()
    assert "cardinal criteria</mark>" in page


def test_a_deleted_annotation_is_nobodys_business_but_its_authors_and_leads(client, note, ben):
    client.force_login(note.author)
    client.post(f"/annotations/{note.pk}/delete/")
    assert client.get(f"/annotations/{note.pk}/").status_code == 200
    client.force_login(ben)
    assert client.get(f"/annotations/{note.pk}/").status_code == 404
    assert client.post(f"/annotations/{note.pk}/restore/").status_code == 403


def test_a_thread_is_resolved_and_reopened(reader, note):
    reader.post(f"/annotations/{note.pk}/resolve/", {"resolved": "yes"})
    note.refresh_from_db()
    assert note.resolved_by == reader.user
    reader.post(f"/annotations/{note.pk}/resolve/", {"resolved": "no"})
    note.refresh_from_db()
    assert note.resolved_at is None
    assert [edit.what for edit in note.edits.all()] == ["resolved", "reopened"]


def test_the_page_holds_the_stored_text_and_nothing_else(reader, issue, ana):
    from html.parser import HTMLParser

    class Text(HTMLParser):
        inside, skipped, text = False, False, ""

        def handle_starttag(self, tag, attributes):
            self.inside = self.inside or (
                "data-text" in dict(attributes) and dict(attributes)["aria-label"].startswith("Rat")
            )
            self.skipped = "data-not-text" in dict(attributes)

        def handle_endtag(self, tag):
            self.skipped = False
            self.inside = self.inside and tag != "div"

        def handle_data(self, data):
            if self.inside and not self.skipped:
                self.text += data

    text = "  <b>1 & 2</b>\r\n\n 👩‍⚕️ «e\u0301»  "
    issue.rationale = text
    issue.save()
    for start, end in [(0, 8), (4, 12), (4, len(text))]:
        place = Place(issue.case, issue, Target.RATIONALE)
        create_annotation(place, ana, Selection(text[start:end], start), comment="Here")
    page = Text()
    page.feed(reader.get("/cases/CM14-0195168/").content.decode())
    assert page.text == text
