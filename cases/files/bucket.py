"""S3-compatible storage for documents, where STORAGE_URL names a bucket.

The bucket then has the files for good, each under the name that it has below MEDIA_ROOT, and that
folder holds copies of those used lately. So web servers and workers on several machines share one
store, and whoever is told that a file was taken in can count on the bucket.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from botocore.client import BaseClient as S3Client

SECONDS = 30  # without a byte, after which a try counts as failed
EXAMPLE = "s3://KEY:SECRET@s3.us-west-2.amazonaws.com/bucket?region=us-west-2"
CHUNK = 1 << 20
AMAZON = re.compile(r"s3[.-](?:dualstack\.)?(?:([a-z]+-[a-z-]+-\d+)\.)?amazonaws\.com")


class BucketUnavailable(Exception):
    """The bucket did not answer or refused; the message says which, and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The storage that STORAGE_URL names {what}. Tell your administrator.")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of STORAGE_URL; `key`, `secret` and `region` are "" where it has none."""

    host: str
    bucket: str
    prefix: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    region: str
    tls: bool

    @property
    def endpoint(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}"

    @property
    def is_amazon(self) -> bool:
        """Amazon wants the bucket in the host's name, most others in the path."""
        return AMAZON.fullmatch(self.host) is not None


def parse_storage_url(url: str) -> Address:
    """Parses STORAGE_URL.

    Raises:
        ValueError: it is not such an address.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme not in ("s3", "s3+http") or not parts.hostname or not bucket:
        raise ValueError(url)
    return Address(
        host=host,
        bucket=bucket,
        prefix=f"{prefix}/" if prefix else "",
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        region=parse_qs(parts.query).get("region", [region_of(host)])[0],
        tls=parts.scheme == "s3",
    )


def region_of(host: str) -> str:
    """The region that a host of Amazon's names: others have none, or say it in the address."""
    amazon = AMAZON.fullmatch(host)
    return (amazon[1] or "") if amazon else ""


def is_configured() -> bool:
    return bool(settings.STORAGE_URL)


class Bucket:
    def __init__(self, url: str) -> None:
        # Threads of one process share the client; a session of its own makes that safe.
        import boto3.session
        from boto3.s3.transfer import TransferConfig
        from botocore.config import Config

        address = parse_storage_url(url)
        self.name, self.prefix = address.bucket, address.prefix
        # A pool of threads for each transfer would cost more than a letter does.
        self.one_stream = TransferConfig(use_threads=False)
        # Without a key in the address: from the environment, or the role of the machine.
        self.client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region or None,
            aws_access_key_id=address.key or None,
            aws_secret_access_key=address.secret or None,
            config=Config(
                connect_timeout=5,
                read_timeout=SECONDS,
                retries={"total_max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "virtual" if address.is_amazon else "path"},
                # Of other servers not all know these; our digests tell damage anyway.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def key(self, path: Path) -> str:
        return self.prefix + path.relative_to(settings.MEDIA_ROOT).as_posix()

    def put(self, source: Path, place: Path) -> None:
        """Stores the bytes of `source` as the file that lies at `place`."""
        with bucket_errors(), source.open("rb") as file:
            self.client.upload_fileobj(file, self.name, self.key(place), Config=self.one_stream)

    def get(self, place: Path, target: Path) -> bool:
        """Writes the file that lies at `place` to `target`; False if the bucket has none."""
        with bucket_errors(), missing_is_none():
            found = self.client.get_object(Bucket=self.name, Key=self.key(place))
            with target.open("wb") as file:
                shutil.copyfileobj(found["Body"], file, CHUNK)
            return True
        return False

    def has(self, place: Path) -> bool:
        with bucket_errors(), missing_is_none():
            self.client.head_object(Bucket=self.name, Key=self.key(place))
            return True
        return False

    def remove(self, place: Path) -> None:
        with bucket_errors():
            self.client.delete_object(Bucket=self.name, Key=self.key(place))

    def paths(self, folder: str) -> Iterator[tuple[str, float]]:
        """The files below this folder of MEDIA_ROOT: path in MEDIA_ROOT, and when it was stored."""
        pages = self.client.get_paginator("list_objects_v2")
        with bucket_errors():
            for page in pages.paginate(Bucket=self.name, Prefix=f"{self.prefix}{folder}/"):
                for one in page.get("Contents", ()):
                    yield one["Key"].removeprefix(self.prefix), one["LastModified"].timestamp()


@contextmanager
def missing_is_none() -> Iterator[None]:
    """Leaves the block where the bucket has no such file; HEAD says so without a code."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
            raise


@contextmanager
def bucket_errors() -> Iterator[None]:
    """Translates the client's errors to BucketUnavailable, without secrets in the message."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except ClientError as error:
        raise BucketUnavailable(f"refuses ({error.response['Error']['Code']})") from error
    except NoCredentialsError as error:
        raise BucketUnavailable("has no credentials, in its address or on this machine") from error
    except (BotoCoreError, Boto3Error) as error:
        raise BucketUnavailable("does not answer") from error


@lru_cache(maxsize=2)
def bucket_at(url: str) -> Bucket:
    return Bucket(url)


def bucket() -> Bucket:
    return bucket_at(settings.STORAGE_URL)
