import json

import pytest

from reviews.annotating import annotate

pytestmark = pytest.mark.django_db


def test_it_is_searched_and_filtered(reader, note):
    assert "Which page?" in reader.get("/annotations/?q=which+cardinal").content.decode()
    assert "Which page?" in reader.get("/annotations/?author=ana&resolved=false").content.decode()
    assert "Which page?" not in reader.get("/annotations/?label=follow-up").content.decode()


def test_deleted_ones_are_shown_only_when_asked_for(reader, note):
    annotate.delete_comment(note, note.author)
    assert "Which page?" not in reader.get("/annotations/").content.decode()
    assert "Which page?" in reader.get("/annotations/?deleted=true").content.decode()


def test_its_csv_has_the_anchor(reader, note):
    rows = b"".join(reader.get("/annotations/export.csv").streaming_content).decode("utf-8-sig")
    header, row = rows.splitlines()
    assert header.startswith("id,case_number,issue_position,target,start,end,quote,prefix,suffix")
    assert f"{note.start},{note.end},cardinal criteria," in row


def test_its_json_is_of_web_annotations(reader, note):
    response = reader.get("/annotations/export.jsonld")
    [one] = json.loads(b"".join(response.streaming_content))
    position, quote = one["target"]["selector"]
    assert position == {"type": "TextPositionSelector", "start": note.start, "end": note.end}
    assert quote["exact"] == "cardinal criteria"
    assert one["body"][0]["value"] == "Which page?"


@pytest.mark.parametrize("query", ["created_after=never", "order=nonsense", "target=x"])
def test_a_mistaken_filter_is_told(reader, note, query):
    assert reader.get(f"/annotations/?{query}").status_code == 422
    assert reader.get(f"/annotations/export.jsonld?{query}").status_code == 422
