"""Uploads are streamed to their final disk while they arrive, however large and however many."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from cases.files import storage
from cases.intake import sealing


class StreamedUpload(UploadedFile):
    """A file of a request: on the disk for good (`sealed`), or refused (`code`, `problem`)."""

    def __init__(self, name: str, sealed: storage.Sealed | None, code: str, problem: str):
        super().__init__(name=name, size=sealed.stored.size if sealed else 0)
        self.sealed, self.code, self.problem = sealed, code, problem

    def close(self) -> None:
        """At the request's end: what nobody has put in its place goes."""
        if self.sealed:
            self.sealed.path.unlink(missing_ok=True)


class StreamToStorage(FileUploadHandler):
    """Takes every file of a request; one that is refused is still told by name."""

    incoming: storage.Incoming | None = None

    @property
    def name(self) -> str:
        return self.file_name or ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.incoming = None
        self.code = self.problem = ""
        with self.refusing():
            self.incoming = storage.Incoming(sealing.size_limit(self.name))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self.refusing():
            if self.incoming:
                self.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> StreamedUpload:
        sealed = None
        with self.refusing():
            sealed = self.incoming.seal() if self.incoming else None
        self.incoming = None
        return StreamedUpload(self.name, sealed, self.code, self.problem)

    def upload_interrupted(self) -> None:
        if self.incoming:
            self.incoming.discard()

    def refusing(self) -> RefuseOnError:
        return RefuseOnError(self)


class RefuseOnError:
    """Turns what storage raises into the refusal of the file under way; the rest go on."""

    def __init__(self, handler: StreamToStorage):
        self.handler = handler

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(problem, storage.TooLarge):
            self.handler.code = "too-large"
            self.handler.problem = sealing.too_large(self.handler.name)
        elif isinstance(problem, storage.CannotStore):
            self.handler.code, self.handler.problem = "not-stored", str(problem)
        else:
            return False
        if self.handler.incoming:
            self.handler.incoming.discard()
        self.handler.incoming = None
        return True
