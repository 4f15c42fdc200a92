"""The PDF in parts, as viewers ask for them."""

import pytest

from tests.factories import LETTERS, stored_case

pytestmark = pytest.mark.django_db
BYTES = (LETTERS / "CM14-0195168.pdf").read_bytes()
SIZE = len(BYTES)


@pytest.fixture
def url(db):
    return f"/documents/{stored_case().document_id}/file"


def body(response):
    return b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-50", SIZE - 50, SIZE - 1),
        (f"bytes=0-{SIZE * 9}", 0, SIZE - 1),
        (f"bytes=-{SIZE * 9}", 0, SIZE - 1),
        ("bytes=7-7", 7, 7),
    ],
)
def test_a_part_is_answered_with_206(reader, url, asked, first, last):
    response = reader.get(url, headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert int(response["Content-Length"]) == last - first + 1
    assert body(response) == BYTES[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", f"bytes={SIZE + 5}-{SIZE + 9}"])
def test_a_part_that_is_not_there_is_answered_with_416(reader, url, asked):
    response = reader.get(url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=-", "bytes=9-3", "bytes=0-1,4-5", "lines=0-9", "bytes=²-", "bytes=" + "9" * 99],
)
def test_what_is_no_single_range_is_answered_with_the_whole(reader, url, asked):
    response = reader.get(url, headers={"Range": asked})
    assert response.status_code == 200
    assert body(response) == BYTES


def test_a_part_of_another_version_is_answered_with_the_whole(reader, url):
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert reader.get(url, headers=headers).status_code == 200
    etag = reader.get(url)["ETag"]
    assert reader.get(url, headers=headers | {"If-Range": etag}).status_code == 206


def test_who_has_it_gets_nothing_twice(reader, url):
    etag = reader.get(url)["ETag"]
    assert reader.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_a_download_and_what_is_no_pdf_are_sandboxed(reader, url, tmp_path, monkeypatch):
    response = reader.get(f"{url}?download")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    page = tmp_path / "page.html"
    page.write_text("<script>alert(1)</script>")
    monkeypatch.setattr("cases.files.storage.path_of", lambda digest: page)
    response = reader.get(url)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
