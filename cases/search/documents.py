"""What of a document stands in the index: the words of its file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cases.models import Document
from cases.search.full_text import DOCUMENTS, Row

RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def document_row(document: Document) -> Row:
    """Names are often written without spaces: "ScanCM150021754" is found by each of its runs of
    letters and digits as well."""
    return Row(document.pk, {"name": [document.name, " ".join(RUN.findall(document.name))]})


def index_missing_documents(batch: int = 5000) -> None:
    """Those from before there was an index of them."""
    for missing in DOCUMENTS.lacking(batch):
        index_documents(Document.objects.in_bulk(missing).values())


def index_documents(documents: Iterable[Document]) -> None:
    """Documents that were inserted in bulk, of which nobody hears otherwise."""
    DOCUMENTS.insert([document_row(one) for one in documents])


@receiver(post_save, sender=Document, dispatch_uid="a new document is found")
def index_document(instance: Document, created: bool, **_: object) -> None:
    if created:
        DOCUMENTS.write([document_row(instance)])


@receiver(post_delete, sender=Document, dispatch_uid="a deleted document is found no more")
def forget_document(instance: Document, **_: object) -> None:
    DOCUMENTS.delete([instance.pk])
