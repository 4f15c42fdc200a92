"""Removes a case for good: what was read, corrected and added, its history, and its letter's file.

Whatever points at the case goes with it, models of other apps too, without this app knowing them.
The access log stays: who saw what must be known even of a case that is gone; it has its own term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

from cases.files import storage
from cases.models import Batch, Case, Document, DocumentPage, Reading

KEEPS_ROW = (models.SET_NULL, models.SET_DEFAULT, models.DO_NOTHING)


@dataclass(slots=True)
class PurgedCase:
    """What was (or in a dry run would be) removed of one case."""

    case_number: str
    rows: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)

    def in_words(self) -> str:
        parts = sorted(count_in_words(label, count) for label, count in self.rows.items() if count)
        parts.append(f"{len(self.files)} file{'s' * (len(self.files) != 1)}")
        said = f"{self.case_number}: {', '.join(parts)}"
        if self.shared_with:
            said += (
                f". Its PDF stays, since it holds {', '.join(self.shared_with)} too; forget these"
                " as well to remove it"
            )
        return said


def count_in_words(label: str, count: int) -> str:
    """`cases.Citation`, 4 → 4 citations; what is no model says itself what it is."""
    if "." not in label:
        return f"{count} {label}"
    names = apps.get_model(label)._meta
    return f"{count} {names.verbose_name if count == 1 else names.verbose_name_plural}"


class DryRun(Exception):
    """Undoes the transaction."""


def purge_cases(case_numbers: Iterable[str], *, dry_run: bool = False) -> list[PurgedCase]:
    """All in one transaction; files go once it is committed.

    Raises:
        Case.DoesNotExist: nothing was removed.
    """
    done: list[PurgedCase] = []
    try:
        with transaction.atomic():
            done += [purge_case(number) for number in case_numbers]
            if dry_run:
                raise DryRun
            transaction.on_commit(lambda: remove_files(done))
    except DryRun:
        pass
    return done


def purge_case(case_number: str) -> PurgedCase:
    case = Case.objects.select_for_update().get(case_number=case_number)
    gone = PurgedCase(case_number)
    document, first, last = case.document, case.first_page, case.last_page
    delete_rows(Case, [case.pk], gone.rows)
    readings = Reading.objects.filter(document=document, case_number=case_number)
    delete_rows(Reading, list(readings.values_list("pk", flat=True)), gone.rows)
    others = document.cases.values_list("case_number", flat=True)
    nameless = document.readings.exclude(case_number=case_number).filter(case__isnull=True)
    gone.shared_with = sorted({*others, *nameless.values_list("case_number", flat=True)} - {""})
    if gone.shared_with or nameless.exists():
        pages = DocumentPage.objects.filter(document=document, number__range=(first, last))
        gone.rows["pages’ text"] += pages.update(text="")
    else:
        gone.files = files_of(document)
        batches = list(document.batch_lines.values_list("batch", flat=True))
        delete_rows(Document, [document.pk], gone.rows)
        # What was entered about the letters of an upload, when none of its letters is left.
        Batch.objects.filter(pk__in=batches, lines=None).update(claim_facts={})
    return gone


def delete_rows(model: type[models.Model], pks: list, counts: Counter[str]) -> None:
    """Deletes these rows after all that point at them, so that no protection stands in the way."""
    if not pks:
        return
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        if relation.on_delete in KEEPS_ROW:
            continue
        pointing = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": pks}
        )
        delete_rows(relation.related_model, list(pointing.values_list("pk", flat=True)), counts)
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=map(str, pks)
    ).delete()
    _, by_model = model._base_manager.filter(pk__in=pks).delete()
    for label, count in by_model.items():
        counts[label] += count


def files_of(document: Document) -> list[Path]:
    pages = settings.VAR_DIR / "pages" / document.sha256[:2]
    documents = [storage.path_of(document.sha256), storage.ocr_path_of(document.sha256)]
    return [
        *(place for place in documents if storage.is_available(place)),
        *pages.glob(f"{document.sha256}*"),
    ]


def remove_files(done: list[PurgedCase]) -> None:
    for one in done:
        for path in one.files:
            if path.is_relative_to(settings.MEDIA_ROOT):
                storage.remove_file(path)
            else:
                path.unlink(missing_ok=True)
