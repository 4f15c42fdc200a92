"""Text recognition of scans by OCRmyPDF and Tesseract, where the machine has them.

The programs run behind walls of their own: they read the system's programs, libraries and fonts and
the one file, and write in one temporary folder.
"""

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
from functools import partial
from pathlib import Path

from django.conf import settings

from cases.letters.reading.child import die_with_parent
from cases.letters.walls import Walls, programs_walls, raise_walls, walls_available

MEMORY_BYTES = 4 << 30
FILE_BYTES = 1 << 30
POLL_SECONDS = 0.2
# No deskewing, no turning: words must stand where the page's picture shows them. Threads, because
# processes share semaphores in /dev/shm, which lies outside of the walls.
OPTIONS: tuple[str, ...] = ("--skip-text", "--output-type", "pdf", "--optimize", "0", "--quiet")
OPTIONS += ("--jobs", "1", "--use-threads")
PROGRAMS = ("ocrmypdf", "tesseract", "gs", "qpdf", "unpaper", "pngquant", "jbig2")
LOCKED, TIMED_OUT = 8, "timed out"

NOT_WALLED = (
    "This PDF has no text layer, and its text was not recognized: IMR_REQUIRE_WALLS asks for"
    " Landlock and seccomp, and this machine lacks at least one of them. Ask your administrator to"
    " run a Linux kernel with both (5.13 or newer), or to set IMR_REQUIRE_WALLS=false; then try"
    " again."
)

NOTHING_RECOGNISED = (
    "This PDF has no text layer, and no text could be recognized on its images. Scan the letter"
    " again, straighter or at 300 dpi, or enter the case manually."
)


class OcrFailed(Exception):
    """Says in words why no text was recognised and what to do."""


def is_available() -> bool:
    return bool(shutil.which("ocrmypdf") and shutil.which("tesseract"))


def has_workers() -> bool:
    """Whether scans are sent to workers: those of this machine, or of another one."""
    return settings.IMR_OCR_ELSEWHERE or is_available()


def add_text(
    source: Path, target: Path, *, seconds: int, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Writes the PDF with a layer of recognised text under its images, whole or not at all.

    Raises:
        OcrFailed: the programs failed or took longer than `seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="imr-ocr-") as folder:
        made = Path(folder) / "out.pdf"
        command = ("ocrmypdf", *OPTIONS, source, made)
        status = run_confined(
            command, walls_of(Path(folder), source), Path(folder), seconds, meanwhile
        )
        if status != 0 or not made.exists():
            raise OcrFailed(describe_failure(status, seconds))
        part = target.with_suffix(".part")
        shutil.copyfile(made, part)
        part.replace(target)


def walls_of(folder: Path, source: Path) -> Walls:
    found = [Path(program) for name in PROGRAMS if (program := shutil.which(name))]
    abi = walls_available().landlock_abi
    return programs_walls(folder, readable=[source], programs=found, abi=abi)


def run_confined(
    command: tuple, walls: Walls, folder: Path, seconds: int, meanwhile: Callable[[], None]
) -> int | str:
    process = start_process(command, walls, folder, seconds)
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


def start_process(
    command: tuple, walls: Walls, folder: Path, seconds: int
) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=kept | {"HOME": str(folder), "TMPDIR": str(folder), "OMP_THREAD_LIMIT": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(confine, walls, seconds, settings.IMR_REQUIRE_WALLS),
        )
    except subprocess.SubprocessError as problem:
        raise OcrFailed(NOT_WALLED) from problem


def confine(walls: Walls, seconds: int, require_walls: bool) -> None:
    """Limits and walls of the process that becomes OCRmyPDF; both are inherited."""
    die_with_parent()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CPU, seconds + 1),  # of each process; the clock holds for all
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if not raise_walls(walls).complete and require_walls:
        raise OSError(NOT_WALLED)


def describe_failure(status: int | str, seconds: int) -> str:
    if status == TIMED_OUT:
        return (
            f"This PDF has no text layer, and recognizing its text took more than {seconds}"
            " seconds. Split it and upload the parts, or enter the case manually."
        )
    if status == LOCKED:
        return "This PDF is locked with a password. Save it without one and upload it again."
    return NOTHING_RECOGNISED
