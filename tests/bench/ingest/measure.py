"""One run: letters taken in by a command or as an archive, until the last has its case."""

from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.ingest.installation import ENDED, PASSWORD, USER, Installation
from tests.bench.ingest.plain import Plain
from tests.faults.plant import Visitor

PATIENCE = 1800
POLL = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds from the first file to the last case, processor time by process, and the shares of
    the parts (role → wall, work, calls → part)."""

    database: str
    way: str
    processes: int
    letters: int
    parsed: int
    seconds: float
    processor: dict[str, float]
    shares: dict[str, dict[str, dict[str, float]]]
    plain: Plain
    load: float

    @property
    def times_as_fast(self) -> float:
        """As plain pdfplumber, on the clock."""
        return self.plain.seconds / self.seconds

    @property
    def of_the_processor(self) -> float:
        """How many times as much processor time plain pdfplumber takes."""
        return self.plain.processor / sum(self.processor.values())


def measure(
    installation: Installation, database: str, way: str, warm_up: Path, letters: Path, plain: Plain
) -> Run:
    count = len(list(letters.glob("*.pdf")))
    try:
        installation.start(web=way == "archive")
        finish_command(installation, warm_up)
        # What it takes to start is no part of what a letter takes.
        nothing = installation.folder / "nothing"
        nothing.mkdir()
        start_up = finish_command(installation, nothing)
        installation.start_clocks()
        before = installation.seconds()
        if way == "command":
            command = max(0.0, finish_command(installation, letters) - start_up)
        else:
            upload(installation, archive_of(letters, installation.folder))
            wait_until_ended(installation, count + len(list(warm_up.glob("*.pdf"))))
            command = 0.0
        after = installation.seconds()
        load = os.getloadavg()[0]
        ended = json.loads(installation.shell(ENDED))
        installation.stop()
    except BaseException:
        print((installation.folder / "log").read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        installation.kill()
    spent = {role: after[role] - before.get(role, 0.0) for role in after}
    spent["command"] = spent.get("command", 0.0) + command
    return Run(
        database,
        way,
        installation.processes,
        count,
        ended["parsed"],
        ended["seconds"],
        {role: seconds for role, seconds in spent.items() if seconds},
        installation.shares(),
        plain,
        load,
    )


def finish_command(installation: Installation, letters: Path) -> float:
    """Runs `manage.py ingest --wait`; the processor time that it took."""
    process = installation.ingest(letters)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"ingest ended with {process.returncode}"
    return used.ru_utime + used.ru_stime


def archive_of(letters: Path, folder: Path) -> Path:
    path = folder / "letters.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in sorted(letters.glob("*.pdf")):
            archive.write(letter, letter.name)
    return path


def upload(installation: Installation, archive: Path) -> None:
    visitor = Visitor(f"http://127.0.0.1:{installation.port}", USER, PASSWORD)
    status, page = visitor.upload({archive.name: archive.read_bytes()})
    assert status == 200, page


def wait_until_ended(installation: Installation, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while installation.ended() < count:
        assert time.monotonic() < deadline, f"{installation.ended()} of {count} after {PATIENCE} s"
        time.sleep(POLL)
