import pytest

from cases.intake import pipeline, watched_folder
from cases.models import Batch, Document
from tests.factories import LETTERS, InProcess

pytestmark = pytest.mark.django_db
LETTER = (LETTERS / "CM14-0195168.pdf").read_bytes()


@pytest.fixture
def folder(tmp_path, settings):
    settings.IMR_WATCH_DIR = str(tmp_path / "in")
    watched_folder.state_file().unlink(missing_ok=True)
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def read_all():
    for document in Document.objects.all():
        pipeline.read_document(document.pk, InProcess())


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_file_is_taken_when_it_has_stopped_growing(folder):
    path = folder / "2015" / "a.pdf"
    path.parent.mkdir()
    path.write_bytes(LETTER[:1000])
    assert watched_folder.scan_folder() == 0
    path.write_bytes(LETTER)
    assert watched_folder.scan_folder() == 0
    assert watched_folder.scan_folder() == 1
    document = Document.objects.get()
    assert names(folder) == [f"reading/{document.pk}/2015/a.pdf"]
    read_all()
    watched_folder.scan_folder()
    assert names(folder) == ["done/2015/a.pdf"]
    assert Batch.objects.get().origin == "watch"


def test_what_can_t_be_read_gets_a_reason_beside_it(folder):
    (folder / "notes.pdf").write_text("notes")
    (folder / "scan.pdf").write_bytes((LETTERS / "scan-CM14-0195168.pdf").read_bytes())
    watched_folder.scan_folder()
    watched_folder.scan_folder()
    read_all()
    watched_folder.scan_folder()
    assert names(folder) == [
        "failed/notes.pdf",
        "failed/notes.pdf.reason.txt",
        "failed/scan.pdf",
        "failed/scan.pdf.reason.txt",
    ]
    assert "not a PDF" in (folder / "failed" / "notes.pdf.reason.txt").read_text()


def test_a_second_file_of_a_name_overwrites_none(folder):
    for data in (LETTER, LETTER + b"\n"):
        (folder / "a.pdf").write_bytes(data)
        watched_folder.scan_folder()
        watched_folder.scan_folder()
        read_all()
        watched_folder.scan_folder()
    assert names(folder) == ["done/a (2).pdf", "done/a.pdf"]


def test_a_crash_between_storing_and_moving_doubles_nothing(folder, monkeypatch):
    (folder / "a.pdf").write_bytes(LETTER)
    watched_folder.scan_folder()
    monkeypatch.setattr(
        watched_folder, "move_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        watched_folder.scan_folder()
    monkeypatch.undo()
    watched_folder.scan_folder()
    watched_folder.scan_folder()
    assert Document.objects.count() == 1
    read_all()
    watched_folder.scan_folder()
    assert names(folder) == ["done/a.pdf"]


def test_a_full_disk_leaves_the_file_for_the_next_look(folder, monkeypatch):
    from cases.files import storage

    def full(*_):
        raise storage.CannotStore("It could not be stored: the disk is full.")

    (folder / "a.pdf").write_bytes(LETTER)
    watched_folder.scan_folder()
    monkeypatch.setattr(storage, "seal", full)
    watched_folder.scan_folder()
    assert names(folder) == ["a.pdf"]


def test_other_files_and_ours_are_left_alone(folder):
    (folder / "list.xlsx").write_bytes(b"-")
    (folder / ".part.pdf").write_bytes(LETTER)
    watched_folder.scan_folder()
    watched_folder.scan_folder()
    assert names(folder) == [".part.pdf", "list.xlsx"]
