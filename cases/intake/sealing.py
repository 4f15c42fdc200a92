"""From a source to a file on the disk, or to the reason why it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from cases.files import storage
from cases.intake import pipeline
from cases.intake.archives import NESTED_ARCHIVE, BrokenMember, Source, is_archive

NO_ARCHIVE = "This file is not a ZIP archive, despite its name."
PASSED_OVER = "This file is not a PDF and was skipped. Upload letters as PDFs."
BROKEN_MEMBER = "It is damaged inside its archive. Create the archive again, then upload it."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken; `code` counts refusals by their reason."""

    code: str
    problem: str


NESTED = Refusal("nested-archive", NESTED_ARCHIVE)


def too_large(name: str) -> str:
    if name.lower().endswith(".zip"):
        return (
            f"It is larger than {settings.IMR_MAX_ARCHIVE_MB} MB. Make several archives of it, and"
            " upload those."
        )
    return (
        f"It is larger than {settings.IMR_MAX_UPLOAD_MB} MB. Split it, or save it with smaller"
        " images, and upload that."
    )


def size_limit(name: str) -> int:
    is_zip = name.lower().endswith(".zip")
    return (settings.IMR_MAX_ARCHIVE_MB if is_zip else settings.IMR_MAX_UPLOAD_MB) * storage.MB


def seal_source(source: Source, *, sync: bool = True) -> storage.Sealed | Refusal:
    if source.problem:
        return Refusal(source.code, source.problem)
    seal = storage.seal if sync else storage.seal_unsynced
    try:
        return seal(source.chunks, size_limit(source.name))
    except storage.TooLarge:
        return Refusal("too-large", too_large(source.name))
    except storage.CannotStore as problem:
        return Refusal("not-stored", str(problem))
    except BrokenMember:
        return Refusal("damaged", BROKEN_MEMBER)


def refusal_of(name: str, stored: storage.Stored) -> Refusal | None:
    """Why a file of this name and content is not taken, if it isn't."""
    if name.lower().endswith(".zip") and not is_archive(name, stored.head):
        return Refusal("not-a-zip", NO_ARCHIVE)
    if not name.lower().endswith((".pdf", ".zip")) and pipeline.validate_file(stored) is not None:
        return Refusal("not-a-pdf", PASSED_OVER)
    return None


def seal_member(source: Source) -> storage.Sealed | Refusal:
    sealed = seal_source(source, sync=False)
    if isinstance(sealed, Refusal):
        return sealed
    refusal = refusal_of(source.name, sealed.stored)
    if is_archive(source.name, sealed.stored.head):
        refusal = NESTED
    if refusal:
        sealed.path.unlink(missing_ok=True)
    return refusal or sealed
