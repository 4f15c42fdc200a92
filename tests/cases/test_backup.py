"""`manage.py backup` and `manage.py restore`."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from cases.backup import archive
from cases.backup.manifest import BackupError, digest_of, read_manifest
from tests.installation import Installation, wait_for
from tests.postgres import new_database

DATABASES = ("sqlite", "postgresql")

WRITE_ON = """
import itertools, os, pathlib
from django.core.management import call_command
from cases.intake import pipeline
from cases.models import Issue
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import find_place
from django.contrib.auth import get_user_model
from tests.factories import LETTERS, InProcess

folder = pathlib.Path("{folder}")
letter = (LETTERS / "CM14-0195168.pdf").read_bytes()
lead = get_user_model().objects.get(username="lead")
for number in itertools.count():
    if {makes_up}:
        call_command("synthesize", "1", verbosity=0)
    copy = letter + b"\\n%% copy %d by %d" % (number, os.getpid())
    received = pipeline.receive_file([copy], "c.pdf")
    pipeline.read_document(received.document.pk, InProcess())
    issue = Issue.objects.exclude(rationale="").order_by("-pk")[0]
    place = find_place(issue.case, "rationale", str(issue.position))
    create_annotation(place, lead, Selection(place.text[:9], 0), comment="Which?")
    (folder / "writing").touch()
    if (folder / "stop").exists():
        break
print("wrote", number + 1)
"""


CLAIMS = """
from cases.models import ClaimFacts
for row in ClaimFacts.objects.exclude(claim_number="").order_by("pk").values_list():
    print(row)
"""


def make_installation(kind, folder, request) -> Installation:
    """On SQLite, or on an empty database of a private PostgreSQL server."""
    if kind == "sqlite":
        return Installation(folder)
    return Installation(folder, new_database(request.getfixturevalue("postgres_server")))


@pytest.fixture(scope="module", params=DATABASES)
def original(request, tmp_path_factory):
    """A filled installation on either database; tests don't change it."""
    folder = tmp_path_factory.mktemp("original") / "var"
    if request.param == "sqlite":
        return Installation(folder).fill()
    with_tables = map(request.getfixturevalue, ("postgres_server", "migrated_postgres"))
    return Installation(folder, new_database(*with_tables)).fill()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The same on SQLite, for what both databases do alike, with its backup."""
    return Installation(tmp_path_factory.mktemp("small") / "var").fill()


@pytest.fixture(scope="module")
def backup(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backups") / "one"
    done = small.manage("backup", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(backup, tmp_path):
    """A copy of the backup that the test may damage."""
    return shutil.copytree(backup, tmp_path / "copy")


@pytest.fixture
def empty(tmp_path):
    return Installation(tmp_path / "empty")


def another(original, tmp_path, request) -> Installation:
    kind = "postgresql" if original.database else "sqlite"
    return make_installation(kind, tmp_path / "restored", request)


def change(folder, **values):
    """Another manifest with the right digest of itself."""
    data = json.loads((folder / "manifest.json").read_text()) | values
    del data["sha256"]
    data["sha256"] = digest_of(data)
    (folder / "manifest.json").write_text(json.dumps(data))


def is_empty(installation) -> bool:
    path = installation.folder / "db.sqlite3"
    if installation.files():
        return False
    with closing(sqlite3.connect(path)) as database:
        return not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


# -- whole ---------------------------------------------------------------------------------------


def test_what_is_restored_equals_the_original_in_every_export(original, tmp_path, request):
    before = original.exports()
    assert len(before) >= 11
    done = original.manage("backup", tmp_path / "backup")
    assert done.returncode == 0, done.stderr
    restored = another(original, tmp_path, request)
    back = restored.manage("restore", tmp_path / "backup")
    assert back.returncode == 0, back.stderr
    assert restored.exports() == before
    claims = original.run(CLAIMS)
    assert "SMP" in claims
    assert restored.run(CLAIMS) == claims
    assert restored.files() == original.files() != {}
    checked = restored.manage("check_data")
    assert checked.returncode == 0, checked.stdout


def test_a_backup_made_while_people_work_is_of_one_moment(original, tmp_path, request):
    source = another(original, tmp_path, request)
    original.manage("backup", tmp_path / "first")
    assert source.manage("restore", tmp_path / "first").returncode == 0
    writers = [
        source.start(WRITE_ON.format(folder=tmp_path, makes_up=makes_up))
        for makes_up in (True, False)
    ]
    wait_for(tmp_path / "writing")
    done = source.manage("backup", tmp_path / "second")
    (tmp_path / "stop").touch()
    for writer in writers:
        assert "wrote" in (said := writer.communicate()[0]), said
    assert done.returncode == 0, done.stderr
    place = tmp_path / "third"
    place.mkdir()
    restored = another(original, place, request)
    back = restored.manage("restore", tmp_path / "second")
    assert back.returncode == 0, back.stderr
    checked = restored.manage("check_data")
    assert checked.returncode == 0, checked.stdout
    first, second = (read_manifest(tmp_path / name) for name in ("first", "second"))
    assert second.counts["cases_case"] > first.counts["cases_case"]
    assert len(second.files) > len(first.files)


def test_a_backup_of_an_earlier_version_is_migrated(original, tmp_path, request):
    source = another(original, tmp_path, request)
    original.manage("backup", tmp_path / "now")
    assert source.manage("restore", tmp_path / "now").returncode == 0
    assert source.manage("migrate", "cases", "0011", "--verbosity=0").returncode == 0
    assert source.manage("backup", tmp_path / "earlier").returncode == 0
    applied = read_manifest(tmp_path / "earlier").migrations
    assert ("cases", "0012_plain_checks") not in applied
    place = tmp_path / "later"
    place.mkdir()
    restored = another(original, place, request)
    back = restored.manage("restore", tmp_path / "earlier")
    assert back.returncode == 0, back.stderr
    assert "No planned" in restored.manage("migrate", "--plan").stdout
    # What that version did not keep (claim facts, deadlines) is in neither.
    assert source.manage("migrate", "--verbosity=0").returncode == 0
    assert restored.exports() == source.exports()
    kept = ("cases_case", "cases_issue", "cases_citation", "reviews_annotation", "reviews_review")
    now = read_manifest(tmp_path / "now").counts
    assert [read_manifest(tmp_path / "earlier").counts[name] for name in kept] == [
        now[name] for name in kept
    ]


# -- a backup ------------------------------------------------------------------------------------


def test_it_says_what_it_holds_and_what_it_leaves_out(small, tmp_path):
    done = small.manage("backup", tmp_path / "new")
    assert "14 cases, 14 documents, 2 files" in done.stdout.splitlines()[-1]
    assert "The secret key is not in the backup" in done.stdout


def test_it_is_for_its_owner_alone(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    paths = list(backup.rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}


def test_every_file_stands_in_the_manifest_and_nothing_else_is_there(backup):
    manifest = read_manifest(backup)
    there = {p.relative_to(backup).as_posix() for p in backup.rglob("*") if p.is_file()}
    assert there == {entry.path for entry in manifest.entries} | {"manifest.json"}
    assert not manifest.missing


def test_a_folder_in_use_is_refused(small, backup, tmp_path):
    again = small.manage("backup", backup)
    assert again.returncode == 1
    assert "already holds a backup" in again.stderr
    (tmp_path / "notes.txt").touch()
    assert "is not empty" in small.manage("backup", tmp_path).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_secret_key_is_included_on_request(small, empty, tmp_path):
    done = small.manage("backup", tmp_path / "keyed", "--with-secret-key")
    assert "whoever can read it can sign in as anybody" in done.stdout
    keyless = Installation(empty.folder, env={"SECRET_KEY": ""})
    back = keyless.manage("restore", tmp_path / "keyed")
    assert back.returncode == 0, back.stderr
    assert "is now in use by `make run`" in back.stdout
    kept = empty.folder / "secret_key"
    assert kept.read_text().strip() == os.environ["SECRET_KEY"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_missing_file_makes_the_backup_incomplete_and_this_is_said(small, tmp_path, empty):
    (path,) = (small.folder / "media").rglob(f"{sorted(small.files())[0].rpartition('/')[2]}")
    path.rename(tmp_path / "away")
    try:
        done = small.manage("backup", tmp_path / "partial")
    finally:
        (tmp_path / "away").rename(path)
    assert done.returncode == 1
    assert f"{path.name} (document" in done.stderr
    assert "is missing" in done.stderr
    refused = empty.manage("restore", tmp_path / "partial")
    assert (refused.returncode, is_empty(empty)) == (1, True)
    assert "This backup is not whole" in refused.stderr
    assert empty.manage("restore", tmp_path / "partial", "--incomplete").returncode == 0
    checked = empty.manage("check_data")
    assert checked.returncode == 1
    assert checked.stdout.count("is missing") == 1


def test_a_damaged_file_is_not_taken_for_whole(small, tmp_path):
    (path,) = (small.folder / "media").rglob(f"{sorted(small.files())[0].rpartition('/')[2]}")
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + b"?")
    try:
        done = small.manage("backup", tmp_path / "partial")
    finally:
        path.write_bytes(sound)
    assert done.returncode == 1
    assert "has the digest" in done.stderr


FORGETS = """
from django.core.management import call_command
from cases.backup import archive

copy, calls = archive.copy_database, []

def copy_and_forget(folder, say):
    made = copy(folder, say)
    if not calls:
        call_command("forget", "CM14-0195168")
    calls.append(1)
    return made

archive.copy_database = copy_and_forget
call_command("backup", "%s")
print(len(calls), "copies")
"""


def test_a_case_that_is_removed_for_good_meanwhile_is_not_in_it(backup, tmp_path, empty):
    assert empty.manage("restore", backup).returncode == 0
    said = empty.run(FORGETS % (tmp_path / "new"))
    assert "2 copies" in said
    manifest = read_manifest(tmp_path / "new")
    assert (manifest.counts["cases_case"], len(manifest.files), manifest.missing) == (13, 1, ())
    assert len(list((tmp_path / "new").rglob("*.pdf"))) == 1


def test_a_full_disk_is_said_before_anything_is_written(db, tmp_path, monkeypatch):
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(BackupError, match="has 1 MB free"):
        archive.back_up(tmp_path / "new", print)
    assert not (tmp_path / "new").exists()


def test_without_pg_dump_it_says_what_to_install(on_postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump was not found"):
        archive.back_up(tmp_path / "new", print)
    assert not (tmp_path / "new").exists()


# -- a restore -----------------------------------------------------------------------------------


def test_an_installation_in_use_is_refused_and_says_what_is_there(small, backup):
    before = small.files()
    done = small.manage("restore", backup)
    assert done.returncode == 1
    assert "This installation is not empty: it has " in done.stderr
    assert "14 cases" in done.stderr
    assert small.files() == before


def test_a_migrated_installation_without_rows_is_empty(backup, empty):
    assert empty.manage("migrate", "--verbosity=0").returncode == 0
    done = empty.manage("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "restored 14 cases" in done.stdout


def test_a_backup_that_broke_off_is_no_backup(copy, empty):
    (copy / "manifest.json").unlink()
    done = empty.manage("restore", copy)
    assert (done.returncode, is_empty(empty)) == (1, True)
    assert "holds no finished backup" in done.stderr


def test_a_changed_manifest_is_refused(copy, empty):
    path = copy / "manifest.json"
    path.write_text(path.read_text().replace('"cases_case": 14', '"cases_case": 13'))
    done = empty.manage("restore", copy)
    assert (done.returncode, is_empty(empty)) == (1, True)
    assert "was changed or is damaged" in done.stderr


@pytest.mark.parametrize("what", ["*.pdf", "database.sqlite3"])
def test_a_damaged_backup_is_refused_before_anything_is_written(copy, empty, what):
    path = next(copy.rglob(what))
    with path.open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    done = empty.manage("restore", copy)
    assert (done.returncode, is_empty(empty)) == (1, True)
    assert f"{path.name} is damaged" in done.stderr


def test_a_file_that_lies_outside_of_the_backup_is_refused(copy, empty):
    files = [{"path": "files/../../../etc/passwd", "sha256": "0" * 64, "size": 1}]
    change(copy, files=files)
    done = empty.manage("restore", copy)
    assert (done.returncode, is_empty(empty)) == (1, True)
    assert "lies outside of the backup" in done.stderr


def test_a_backup_of_a_later_version_is_refused(copy, empty):
    applied = [*read_manifest(copy).migrations, ("cases", "0999_of_the_future")]
    change(copy, migrations=applied, product="9.0")
    done = empty.manage("restore", copy)
    assert (done.returncode, is_empty(empty)) == (1, True)
    assert "made by a later version (9.0)" in done.stderr
    assert "cases 0999_of_the_future" in done.stderr


def test_a_later_format_is_refused(copy, empty):
    change(copy, format=2)
    assert "This backup has format 2" in empty.manage("restore", copy).stderr


def test_another_kind_of_database_is_refused(backup, tmp_path, postgres_server):
    other = Installation(tmp_path / "other", new_database(postgres_server))
    done = other.manage("restore", backup)
    assert done.returncode == 1
    assert "is of a SQLite database, and DATABASE_URL names a PostgreSQL one" in done.stderr


FAILS = """
from django.core.management import call_command
from cases.backup import restore

def fail(*args, **options):
    raise RuntimeError("out of luck")

restore.{name} = fail
call_command("restore", "{folder}")
"""


@pytest.mark.parametrize("name", ["check_counts", "call_command", "restore_key"])
def test_a_restore_that_fails_leaves_the_installation_empty(backup, empty, name):
    done = empty.manage("shell", "-c", FAILS.format(name=name, folder=backup))
    assert done.returncode != 0
    assert "out of luck The installation is empty again." in done.stderr
    assert is_empty(empty)
    assert empty.manage("restore", backup).returncode == 0


@pytest.mark.parametrize("original", ["postgresql"], indirect=True)
def test_a_failed_restore_leaves_postgresql_empty_too(original, tmp_path, request):
    assert original.manage("backup", tmp_path / "new").returncode == 0
    restored = another(original, tmp_path, request)
    script = FAILS.format(name="check_counts", folder=tmp_path / "new")
    done = restored.manage("shell", "-c", script)
    assert "The installation is empty again." in done.stderr
    said = restored.run("from cases.backup import database; print('tables', database.has_tables())")
    assert "tables False" in said
    assert restored.files() == {}


KILLED = """
import os
from django.core.management import call_command
from cases.backup import restore

restore.database.database_engine = lambda: os._exit(9)
call_command("restore", "{folder}")
"""


def test_a_restore_that_was_killed_is_done_again(backup, empty):
    killed = empty.manage("shell", "-c", KILLED.format(folder=backup))
    assert (killed.returncode, len(empty.files())) == (9, 2)
    done = empty.manage("restore", backup)
    assert done.returncode == 0, done.stderr
    assert empty.manage("check_data").returncode == 0


def test_another_secret_key_is_told(backup, tmp_path):
    other = Installation(tmp_path / "other", env={"SECRET_KEY": "another" * 9})
    done = other.manage("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "is not in use here. Set it as SECRET_KEY" in done.stdout
    same = Installation(tmp_path / "same")
    assert "is not in use here" not in same.manage("restore", backup).stdout
