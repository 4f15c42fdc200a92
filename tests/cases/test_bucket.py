"""Documents in S3-compatible storage: every request goes over HTTP to a server that speaks S3."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from cases.backup import archive, restore
from cases.backup.files import referenced_files
from cases.data_checks.files import check_files
from cases.data_checks.registry import Options
from cases.files import bucket, storage
from cases.intake import batches, pipeline, purge
from cases.models import Document
from imrsite.security.roles import Role
from tests.factories import InProcess, stored_letter
from tests.people import person
from tests.product import free_port

pytestmark = pytest.mark.django_db
NAME = "determinations"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    one = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    one.start()
    yield "{}:{}".format(*one.get_host_and_port())
    one.stop()


@pytest.fixture
def s3(server, settings, tmp_path) -> Iterator[Any]:
    """A new bucket, which STORAGE_URL names, and an empty folder for copies."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGE_URL = f"s3+http://key:s%2Fcret@{server}/{NAME}/imr?region=us-east-1"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="s/cret",
    )
    client.create_bucket(Bucket=NAME)
    yield client
    for name in names(client):
        client.delete_object(Bucket=NAME, Key=name)
    client.delete_bucket(Bucket=NAME)


def names(client: Any) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket=NAME).get("Contents", ())]


def forget_copies() -> None:
    """As on a second machine, which has stored nothing itself."""
    shutil.rmtree(Path(django_settings.MEDIA_ROOT) / "documents")


def test_a_letter_taken_in_on_one_machine_is_read_and_shown_on_another(s3, client, letters):
    pdf = (letters / "CM14-0195168.pdf").read_bytes()
    document = pipeline.receive_file([pdf], "letter.pdf", None).document
    digest = document.sha256
    assert names(s3) == [f"imr/documents/{digest[:2]}/{digest[2:4]}/{digest}.pdf"]
    forget_copies()
    pipeline.read_document(document.pk, InProcess())
    assert document.cases.get().case_number == "CM14-0195168"

    forget_copies()
    client.force_login(person(Role.REVIEWER))
    shown = client.get(reverse("document-file", args=[document.pk]))
    assert b"".join(shown.streaming_content) == pdf


def test_what_the_bucket_does_not_take_was_not_taken_in(s3, settings, letters):
    settings.STORAGE_URL = settings.STORAGE_URL.replace(NAME, "no-such-bucket")
    with pytest.raises(storage.CannotStore, match=r"NoSuchBucket.*upload it again"):
        pipeline.receive_file([(letters / "CM14-0195168.pdf").read_bytes()], "letter.pdf", None)
    assert not Document.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_bucket_out_of_reach_fails_the_document_in_words_and_a_retry_reads_it(
    s3, client, settings, letters
):
    document = pipeline.receive_file(
        [(letters / "CM14-0195168.pdf").read_bytes()], "x.pdf", None
    ).document
    forget_copies()
    reachable = settings.STORAGE_URL
    settings.STORAGE_URL = reachable.replace(reachable.split("@")[1][:15], "127.0.0.1:1/det")
    pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Document.Status.FAILED
    assert "does not answer" in document.error_message
    assert "s%2Fcret" not in document.error_message
    client.force_login(person(Role.LEAD))
    page = client.get(reverse("document-file", args=[document.pk]))
    assert page.status_code == 503
    assert "does not answer" in page.content.decode()
    assert "Not found" not in page.content.decode()

    settings.STORAGE_URL = reachable
    client.post(reverse("document-retry", args=[document.pk]))
    pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Document.Status.PARSED


def test_an_archive_is_unpacked_where_it_was_not_received(s3, letters, tmp_path):
    shutil.make_archive(tmp_path / "all", "zip", letters, "CM14-0195168.pdf")
    batch = batches.Batch.objects.create(origin="upload")
    sealed = storage.seal([(tmp_path / "all.zip").read_bytes()], 1 << 30)
    line = batches.add_sealed_file(batch, "all.zip", sealed)
    assert any(name.startswith("imr/archives/") for name in names(s3))
    shutil.rmtree(Path(django_settings.MEDIA_ROOT))
    batches.unpack_members(line.pk)
    assert line.members.get().document.size == (letters / "CM14-0195168.pdf").stat().st_size
    assert not any(name.startswith("imr/archives/") for name in names(s3))


def test_what_is_forgotten_is_gone_from_the_bucket_too(s3, django_capture_on_commit_callbacks):
    stored_letter()
    forget_copies()
    with django_capture_on_commit_callbacks(execute=True):
        purge.purge_cases(["CM14-0195168"])
    assert names(s3) == []


def test_copies_unused_for_a_week_go_and_come_again(s3, letters):
    document = stored_letter()
    copy = storage.path_of(document.sha256)
    long_ago = time.time() - storage.COPY_SECONDS - 60
    os.utime(copy, (long_ago, long_ago))
    assert storage.is_available(copy), "which is a use of it"
    assert storage.clear_copies() == 0
    os.utime(copy, (long_ago, long_ago))
    assert storage.clear_copies() == 1
    assert not copy.exists()
    assert storage.is_available(copy)
    assert copy.read_bytes() == (letters / "CM14-0195168.pdf").read_bytes()


def test_what_the_bucket_lacks_is_given_to_it_before_its_copy_goes(s3, settings, letters):
    reachable, settings.STORAGE_URL = settings.STORAGE_URL, ""
    document = stored_letter()  # from before there was a bucket
    settings.STORAGE_URL = reachable
    copy = storage.path_of(document.sha256)
    long_ago = time.time() - storage.COPY_SECONDS - 60
    os.utime(copy, (long_ago, long_ago))
    assert names(s3) == []
    assert storage.clear_copies() == 1
    assert not copy.exists()
    assert storage.is_available(copy)
    assert copy.read_bytes() == (letters / "CM14-0195168.pdf").read_bytes()


def test_without_a_bucket_nothing_is_a_copy(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path / "media"
    document = stored_letter()
    long_ago = time.time() - storage.COPY_SECONDS - 60
    os.utime(storage.path_of(document.sha256), (long_ago, long_ago))
    assert storage.clear_copies() == 0
    assert storage.is_available(storage.path_of(document.sha256))


@pytest.mark.parametrize(
    ("url", "host", "bucket_name", "prefix", "tls"),
    [
        (
            "s3://k:s@s3.amazonaws.com/letters",
            "s3.amazonaws.com",
            "letters",
            "",
            True,
        ),
        ("s3+http://k:s@10.0.0.7:9000/letters/a/b/", "10.0.0.7:9000", "letters", "a/b/", False),
        ("s3://minio.example.org/letters", "minio.example.org", "letters", "", True),
    ],
)
def test_what_an_address_says(url, host, bucket_name, prefix, tls):
    address = bucket.parse_storage_url(url)
    assert (address.host, address.bucket, address.prefix, address.tls) == (
        host,
        bucket_name,
        prefix,
        tls,
    )


@pytest.mark.parametrize(
    ("url", "endpoint", "region"),
    [
        (
            "s3://k:s@s3.eu-west-1.amazonaws.com/b",
            "https://s3.eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
        ("s3://k:s@s3.us-gov-west-1.amazonaws.com/b", None, "us-gov-west-1"),
        ("s3://k:s@s3.amazonaws.com/b?region=us-west-2", None, "us-west-2"),
        ("s3://k:s@s3.amazonaws.com/b", "https://s3.amazonaws.com", ""),
        ("s3+http://k:s@10.0.0.7:9000/b", "http://10.0.0.7:9000", ""),
    ],
)
def test_the_region_is_the_one_named_or_that_of_the_host(url, endpoint, region):
    address = bucket.parse_storage_url(url)
    assert address.region == region
    assert endpoint in (None, address.endpoint)


def test_credentials_come_from_the_environment_where_the_address_has_none(
    s3, settings, tmp_path, monkeypatch
):
    settings.STORAGE_URL = settings.STORAGE_URL.replace("key:s%2Fcret@", "")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    place = storage.path_of("ab" * 32)
    with pytest.raises(bucket.BucketUnavailable, match="has no credentials"):
        bucket.Bucket(settings.STORAGE_URL).has(place)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s/cret")
    assert not bucket.Bucket(settings.STORAGE_URL).has(place)


def test_a_large_archive_goes_up_in_parts_and_comes_back_whole(s3, tmp_path):
    source, target = tmp_path / "large", tmp_path / "back"
    source.write_bytes(os.urandom(1 << 20) * 20)
    place = storage.archive_path_of("cd" * 32)
    bucket.bucket().put(source, place)
    (name,) = names(s3)
    assert "-" in s3.head_object(Bucket=NAME, Key=name)["ETag"], "the mark of several parts"
    assert bucket.bucket().get(place, target)
    assert target.read_bytes() == source.read_bytes()
    assert not bucket.bucket().get(storage.archive_path_of("ef" * 32), target)


def test_the_client_is_loaded_only_where_there_is_a_bucket():
    code = "import django, sys; django.setup(); import cases.tasks; print('boto3' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["False"], done.stderr


@pytest.mark.parametrize("url", ["https://host/bucket", "s3://host", "s3:///bucket", "bucket"])
def test_a_wrong_address_is_told_at_the_start(url):
    environment = os.environ | {"STORAGE_URL": url, "IMR_LOCAL": "true"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--settings=imrsite.settings"],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert "STORAGE_URL is not the address of a bucket" in done.stderr
    assert "s3://KEY:SECRET@" in done.stderr


def test_a_backup_copies_files_from_the_bucket_and_a_restore_puts_them_there(s3, tmp_path):
    document = stored_letter()
    pdf = storage.path_of(document.sha256).read_bytes()
    forget_copies()
    done = archive.Progress()
    for named in referenced_files(connection):
        archive.copy_file(tmp_path / "backup", named, done)
    (entry,) = done.copied.values()
    assert (tmp_path / "backup" / entry.path).read_bytes() == pdf
    assert not storage.path_of(document.sha256).exists(), "no copy is left beside the backup"

    storage.remove_file(storage.path_of(document.sha256))
    restored = restore.Restored(had_tables=True)
    restore.restore_file(tmp_path / "backup", entry, restored)
    key = f"imr/{entry.path.removeprefix('files/')}"
    assert names(s3) == [key]
    assert storage.path_of(document.sha256).read_bytes() == pdf
    restore.remove_restored(restored)
    assert names(s3) == []


def test_damage_in_the_bucket_is_found(s3, monkeypatch):
    document = stored_letter()
    forget_copies()
    assert list(check_files(Options())) == []
    s3.delete_object(Bucket=NAME, Key=names(s3)[0])
    monkeypatch.setattr("cases.data_checks.files.JUST_NOW", -60)
    s3.put_object(Bucket=NAME, Key="imr/documents/00/00/odd.pdf", Body=b"%PDF-")
    told = [str(one) for one in check_files(Options(read_files=False))]
    assert len(told) == 2
    assert told[0].startswith(f"document {document.pk}, file documents/")
    assert "is missing" in told[0]
    assert told[1].startswith("file documents/00/00/odd.pdf: is named by no document")


def test_each_host_clears_its_own_copies(s3, settings, capsys):
    copy = storage.path_of(stored_letter().sha256)
    long_ago = time.time() - storage.COPY_SECONDS - 60
    os.utime(copy, (long_ago, long_ago))
    call_command("clear_copies")
    assert capsys.readouterr().out == "1 copy removed\n"
    assert not copy.exists()
    settings.STORAGE_URL = ""
    call_command("clear_copies")
    assert "all stay" in capsys.readouterr().out
