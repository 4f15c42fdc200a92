import io
import os
import subprocess
import sys
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from cases.files import storage
from cases.intake import batches, groups, pipeline
from cases.intake.archives import Source
from cases.letters.model import ReadError, Reading
from cases.models import Batch, BatchLine, Document
from tests.factories import LETTERS, InProcess

pytestmark = pytest.mark.django_db
LETTER = (LETTERS / "CM14-0195168.pdf").read_bytes()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def upload(client, data: bytes, name: str = "letters.zip") -> Batch:
    client.post("/upload/", {"files": SimpleUploadedFile(name, data)})
    return Batch.objects.get()


def pdf(text: str) -> bytes:
    return f"%PDF-1.4 {text}".encode()


def read(document: Document, error: ReadError | None) -> None:
    pipeline.finish_reading(document, pipeline.claim(document.pk), Reading(error=error))


def test_an_archive_is_stored_at_once_and_unpacked_by_a_worker(reader):
    batch = upload(reader, archive(**{"2015/a.pdf": LETTER, "notes.txt": b"-", "b.pdf": pdf("b")}))
    line = batch.lines.get()
    assert batches.batch_counts(batch).unpacking == 1
    batches.unpack_members(line.pk)
    assert [one.name for one in line.members.all()] == ["2015/a.pdf", "b.pdf"]
    assert {one.document.name for one in line.members.all()} == {"a.pdf", "b.pdf"}
    assert {d.uploader for d in Document.objects.all()} == {reader.user}
    assert batches.batch_counts(batch).files == 2
    assert not storage.archive_path_of(line.archive).exists()


def test_unpacking_that_broke_off_goes_on_where_it_was(reader, monkeypatch):
    batch = upload(reader, archive(**{f"{n}.pdf": pdf(str(n)) for n in range(5)}))
    line = batch.lines.get()
    monkeypatch.setattr(groups, "GROUP_FILES", 1)
    take, left = batches.add_group, iter(range(2))

    def dies(*args, **kwargs):
        next(left)
        return take(*args, **kwargs)

    monkeypatch.setattr(batches, "add_group", dies)
    with pytest.raises(StopIteration):
        batches.unpack_members(line.pk)
    monkeypatch.setattr(batches, "add_group", take)
    batches.unpack_members(line.pk)  # too early: the first one's lease still runs
    assert line.members.count() == 2
    BatchLine.objects.filter(pk=line.pk).update(lease_until=None)
    batches.unpack_members(line.pk)
    assert sorted(line.members.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    batches.unpack_members(line.pk)
    assert line.members.count() == 5


def test_a_damaged_archive_says_so(reader):
    batch = upload(reader, archive(**{"a.pdf": LETTER})[:-30])
    batches.unpack_members(batch.lines.get().pk)
    assert "ZIP archive is damaged" in batch.lines.get().problem
    assert batches.batch_counts(batch).refused == 1


def test_a_file_that_only_calls_itself_an_archive_is_refused(reader):
    batch = upload(reader, b"not an archive")
    assert "not a ZIP archive" in batch.lines.get().problem


def test_cancelling_ends_what_waits_and_leaves_what_was_read(reader):
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    first, second = (batches.add_file(batch, Source(f"{n}.pdf", [pdf(n)])) for n in "ab")
    read(first.document, None)
    reader.post(f"/batches/{batch.pk}/cancel")
    states = [document.status for document in Document.objects.order_by("pk")]
    assert states == ["parsed", "failed"]
    second.document.refresh_from_db()
    assert "Canceled" in second.document.error_message
    assert second.document.events.get().by == reader.user


def test_failures_are_counted_by_reason_and_tried_again_where_that_can_help(reader):
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    lines = [batches.add_file(batch, Source(f"{n}.pdf", [pdf(n)])) for n in "abc"]
    for line in lines[:2]:
        read(line.document, ReadError("timed-out", "Reading it took too long."))
    read(lines[2].document, ReadError("damaged", "This PDF is damaged."))
    batches.reject_file(batch, "big.pdf", "too-large", "It is larger than 50 MB.")
    found = [(reason.count, reason.code) for reason in batches.failure_reasons(batch)]
    assert found == [(2, "timed-out"), (1, "damaged"), (1, "too-large")]
    page = reader.get(batch.get_absolute_url()).content.decode()
    assert "Retry 2 failed files" in page
    assert page.count("Try again") == 2
    reader.post(f"/batches/{batch.pk}/retry")
    assert batches.batch_counts(batch).failed == 1
    history = [event.kind for event in lines[0].document.events.all()]
    assert history == ["failed", "retried"]
    assert "Reading it took too long" in lines[0].document.events.first().message
    assert not lines[2].document.events.filter(kind="retried").exists()


def test_a_newer_parser_may_read_what_an_older_one_could_not(reader):
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    line = batches.add_file(batch, Source("a.pdf", [pdf("a")]))
    read(line.document, ReadError("no-determination", "No determination found."))
    line.document.refresh_from_db()
    assert not line.document.can_retry
    assert batches.batch_counts(batch).retryable == 0
    Document.objects.update(parser_version="1")
    line.document.refresh_from_db()
    assert line.document.can_retry
    assert batches.batch_counts(batch).retryable == 1


def test_the_page_can_show_one_kind_and_stops_polling_when_all_have_ended(reader):
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    waits = batches.add_file(batch, Source("waits.pdf", [pdf("waits")]))
    batches.reject_file(batch, "big.pdf", "too-large", "It is larger than 50 MB.")
    url = f"{batch.get_absolute_url()}?show=refused"
    page = reader.get(url).content.decode()
    files = page[page.index('class="batch-files"') :]
    assert "big.pdf" in files
    assert "waits.pdf" not in files
    assert 'hx-trigger="every 1s"' in page
    read(waits.document, None)
    poll = reader.get(url, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert poll.status_code == 286
    assert reader.get(f"{batch.get_absolute_url()}?show=x&page=-3").status_code == 200


def test_the_list_of_uploads_counts_each(reader):
    upload(reader, LETTER, "a.pdf")
    page = reader.get("/batches/").content.decode()
    assert "Upload" in page
    assert str(reader.user) in page


def test_a_batch_of_the_command_is_kept_too(letters, tmp_path, monkeypatch):
    from django.core.management import call_command

    monkeypatch.setattr("cases.intake.workers.is_worker_running", lambda: True)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(LETTER)
    (tmp_path / "in" / "b.zip").write_bytes(archive(**{"x/b.pdf": pdf("b"), "../c.pdf": pdf("c")}))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("ingest", str(tmp_path / "in"), stdout=out)
    assert out.getvalue().strip() == "ingested 2, duplicate 0, failed 1"
    assert "points outside its archive" in BatchLine.objects.get(document=None).problem


def test_two_archives_that_hold_the_same_letter_give_one_document(reader):
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    for name in ("one.zip", "two.zip"):
        sealed = storage.seal([archive(**{f"{name}.pdf": LETTER})], 1 << 30)
        batches.add_sealed_file(batch, name, sealed)
    for line in batch.lines.exclude(archive=""):
        batches.unpack_members(line.pk)
    assert Document.objects.count() == 1
    assert batches.batch_counts(batch).known == 1
    pipeline.read_document(Document.objects.get().pk, InProcess())
    assert batches.batch_counts(batch).read == 2


def test_an_archive_for_which_there_is_no_room_is_refused_before_it_is_unpacked(reader, settings):
    batch = upload(reader, archive(**{"a.pdf": LETTER, "b.pdf": pdf("b")}))
    line = batch.lines.get()
    settings.IMR_DISK_RESERVE_MB = 1 << 30
    batches.unpack_members(line.pk)
    line.refresh_from_db()
    assert line.problem_code == "not-stored"
    assert "reserved for the database" in line.problem
    assert not line.members.exists()
    assert not storage.archive_path_of(line.archive).exists(), "it only takes the room that lacks"


def test_an_archive_that_unpacks_to_too_much_leaves_nothing(reader, settings):
    settings.IMR_MAX_UNPACKED_MB = 1
    batch = upload(reader, archive(**{f"{n}.pdf": bytes([n]) * 300_000 for n in range(5)}))
    line = batch.lines.get()
    batches.unpack_members(line.pk)
    line.refresh_from_db()
    assert line.problem_code == "unpacks-to-too-much"
    assert not Document.objects.exists()
    assert not storage.archive_path_of(line.archive).exists()


def test_a_file_that_no_row_came_to_name_is_cleared_away(reader, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("database is locked")

    sealed = storage.seal([pdf("never named")], 1 << 20)
    place = storage.path_of(sealed.stored.sha256)
    monkeypatch.setattr(pipeline, "add_document", locked)
    batch = batches.start_batch(Batch.Origin.UPLOAD)
    with pytest.raises(OperationalError):
        batches.add_sealed_file(batch, "a.pdf", sealed)
    assert place.exists()
    assert batches.clear_unreferenced() == 1
    assert not place.exists()
    assert batches.clear_unreferenced() == 0


def test_a_file_whose_row_came_after_all_stays(reader, monkeypatch):
    enter = pipeline.add_document

    def enters_and_dies(*told, **kind):
        enter(*told, **kind)
        raise RuntimeError("killed before the mark is taken away")

    monkeypatch.setattr(pipeline, "add_document", enters_and_dies)
    sealed = storage.seal([pdf("named")], 1 << 20)
    place = storage.path_of(sealed.stored.sha256)
    batch = batches.start_batch(Batch.Origin.UPLOAD)
    with pytest.raises(RuntimeError):
        batches.add_sealed_file(batch, "a.pdf", sealed)
    assert batches.clear_unreferenced() == 0
    assert place.exists()


def test_a_file_that_is_on_its_way_to_its_row_is_left_alone(reader):
    sealed = storage.seal([pdf("under way")], 1 << 20)
    place = storage.path_of(sealed.stored.sha256)
    with storage.marked_unreferenced(place):
        storage.put_in_place(sealed, place)
        assert batches.clear_unreferenced() == 0
        assert place.exists()


def test_what_a_killed_process_was_writing_is_cleared_away_at_once(reader, tmp_path):
    script = (
        "import django, os; django.setup()\n"
        "from cases.files import storage\n"
        "storage.Incoming(1 << 20).write(b'half of it')\n"
        "os._exit(9)"
    )
    own = storage.Incoming(1 << 20)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    killed = subprocess.run([sys.executable, "-c", script], env=env, check=False)
    assert killed.returncode == 9
    left = [one for one in storage.incoming_folder().iterdir() if storage.is_orphan(one)]
    assert len(left) == 1
    assert storage.clear_stale() == 1
    assert not left[0].exists()
    assert own.path.exists(), "what a living process writes stays"
    own.discard()
