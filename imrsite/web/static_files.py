"""Collects static files, but only when one of them has changed since the last time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> None:
    stamp = settings.STATIC_ROOT.with_suffix(".stamp")
    state = sources()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == state:
        return
    stamp.unlink(missing_ok=True)  # a run killed half-way must not look complete
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def sources() -> str:
    """A digest of every source file's name, size and time, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
