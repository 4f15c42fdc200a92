"""Text recognition of scans by OCRmyPDF and Tesseract, where the machine has them."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cases.letters.child import die_with_parent

MEMORY_BYTES = 4 << 30
POLL_SECONDS = 0.2
# No deskewing, no turning: words must stand where the page's picture shows them.
OPTIONS = ("--skip-text", "--output-type", "pdf", "--optimize", "0", "--jobs", "1", "--quiet")
LOCKED, TIMED_OUT = 8, "timed out"


NOTHING_RECOGNISED = (
    "This PDF has no text layer, and no text could be recognised on its images. Scan the letter"
    " again, straighter or at 300 dpi, or type the case in by hand."
)


class CannotRecognise(Exception):
    """Says in words why no text was recognised and what to do."""


def is_available() -> bool:
    return bool(shutil.which("ocrmypdf") and shutil.which("tesseract"))


def add_text(
    source: Path, target: Path, *, seconds: int, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Writes the PDF with a layer of recognised text under its images, whole or not at all.

    Raises:
        CannotRecognise: the programs failed or took longer than `seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="imr-ocr-") as folder:
        made = Path(folder) / "out.pdf"
        status = run(("ocrmypdf", *OPTIONS, source, made), Path(folder), seconds, meanwhile)
        if status != 0 or not made.exists():
            raise CannotRecognise(explain(status, seconds))
        part = target.with_suffix(".part")
        shutil.copyfile(made, part)
        part.replace(target)


def run(command: tuple, folder: Path, seconds: int, meanwhile: Callable[[], None]) -> int | str:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=kept | {"HOME": str(folder), "TMPDIR": str(folder), "OMP_THREAD_LIMIT": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=confine,
    )
    deadline = time.monotonic() + seconds
    try:
        while (status := process.poll()) is None:
            if time.monotonic() > deadline:
                return TIMED_OUT
            meanwhile()
            time.sleep(POLL_SECONDS)
        return status
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def confine() -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def explain(status: int | str, seconds: int) -> str:
    if status == TIMED_OUT:
        return (
            f"This PDF has no text layer, and recognising its text took more than {seconds}"
            " seconds. Split it and upload the parts, or type the case in by hand."
        )
    if status == LOCKED:
        return "This PDF is locked with a password. Save it without one and upload it again."
    return NOTHING_RECOGNISED
