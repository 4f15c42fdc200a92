"""S3-compatible storage for documents, where STORAGE_URL names a bucket.

The bucket then has the files for good, each under the name that it has below MEDIA_ROOT, and that
folder holds copies of those used lately. So web servers and workers on several machines share one
store, and whoever is told that a file was taken in can count on the bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from minio import Minio

SECONDS = 30  # without a byte, after which a try counts as failed
EXAMPLE = "s3://KEY:SECRET@s3.us-west-2.amazonaws.com/bucket?region=us-west-2"


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


def parse_storage_url(url: str) -> Address:
    """Parses STORAGE_URL.

    Raises:
        ValueError: it is not such an address.
    """
    parts = urlsplit(url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme not in ("s3", "s3+http") or not parts.hostname or not bucket:
        raise ValueError(url)
    return Address(
        host=parts.netloc.rpartition("@")[2],
        bucket=bucket,
        prefix=f"{prefix}/" if prefix else "",
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        region=parse_qs(parts.query).get("region", [""])[0],
        tls=parts.scheme == "s3",
    )


def is_configured() -> bool:
    return bool(settings.STORAGE_URL)


class Bucket:
    def __init__(self, url: str) -> None:
        import urllib3
        from minio import Minio, credentials

        address = parse_storage_url(url)
        # Without a key in the address: from the environment, or the role of the machine.
        found = (
            None
            if address.key
            else credentials.ChainedProvider(
                [credentials.EnvAWSProvider(), credentials.IamAwsProvider()]
            )
        )
        self.name, self.prefix = address.bucket, address.prefix
        self.client: Minio = Minio(
            address.host,
            access_key=address.key or None,
            secret_key=address.secret or None,
            region=address.region or None,
            secure=address.tls,
            credentials=found,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=5, read=SECONDS),
                retries=urllib3.Retry(total=2, backoff_factor=0.2),
            ),
        )

    def key(self, path: Path) -> str:
        return self.prefix + path.relative_to(settings.MEDIA_ROOT).as_posix()

    def put(self, source: Path, place: Path) -> None:
        """Stores the bytes of `source` as the file that lies at `place`."""
        with bucket_errors():
            self.client.fput_object(self.name, self.key(place), str(source))

    def get(self, place: Path, target: Path) -> bool:
        """Writes the file that lies at `place` to `target`; False if the bucket has none."""
        return self.unless_missing(
            lambda: self.client.fget_object(self.name, self.key(place), str(target))
        )

    def has(self, place: Path) -> bool:
        return self.unless_missing(lambda: self.client.stat_object(self.name, self.key(place)))

    def unless_missing(self, ask: Callable[[], object]) -> bool:
        from minio.error import S3Error

        with bucket_errors():
            try:
                ask()
            except S3Error as error:
                if error.code != "NoSuchKey":
                    raise
                return False
        return True

    def remove(self, place: Path) -> None:
        with bucket_errors():
            self.client.remove_object(self.name, self.key(place))


@contextmanager
def bucket_errors() -> Iterator[None]:
    """Translates the client's errors to BucketUnavailable, without secrets in the message."""
    from minio.error import MinioException, S3Error
    from urllib3.exceptions import HTTPError

    try:
        yield
    except S3Error as error:
        raise BucketUnavailable(f"refuses ({error.code})") from error
    except (HTTPError, MinioException) as error:
        raise BucketUnavailable("does not answer") from error


@lru_cache(maxsize=2)
def bucket_at(url: str) -> Bucket:
    return Bucket(url)


def bucket() -> Bucket:
    return bucket_at(settings.STORAGE_URL)
