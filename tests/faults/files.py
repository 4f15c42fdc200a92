"""Damaged, odd and hostile files: each is answered within its limits, and costs one child."""

from __future__ import annotations

import resource
import subprocess
import sys
import tarfile
import time
from collections import Counter
from pathlib import Path

from cases.letters.reading.sandbox import Limits, Sandbox
from tests.faults.letters import bombs, small_letter

LIMITS = Limits(seconds=10, memory_mb=512)
SLACK_SECONDS = 5.0
FLAT_MB = 60
LETTERS = Path(__file__).resolve().parent.parent / "letters"


class Reader:
    """Reads files one after another as a worker does, and remembers how each was answered."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.codes: Counter[str] = Counter()
        self.slowest = ("", 0.0)
        self.too_slow: list[str] = []
        self.silent: list[str] = []

    def read_all(self, files: dict[str, Path]) -> None:
        with Sandbox(self.limits) as sandbox:
            for name, path in files.items():
                began = time.monotonic()
                reading = sandbox.read(path)
                took = time.monotonic() - began
                self.codes[reading.error.code if reading.error else "read"] += 1
                self.slowest = max(self.slowest, (name, took), key=lambda one: one[1])
                if took > self.limits.seconds + SLACK_SECONDS:
                    self.too_slow.append(name)
                if reading.error is None and not reading.letters:
                    self.silent.append(name)
            again = sandbox.read(LETTERS / "CM14-0195168.pdf")
            assert again.letters, "after all that, a good letter is not read any more"

    @property
    def good(self) -> bool:
        return not self.too_slow and not self.silent


def own_memory_mb() -> float:
    """The most this process (which stands for a worker) has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def hurtful(folder: Path, *, pages: int = 3000) -> dict[str, Path]:
    """Bombs, and files that are too long, locked, cut short or no PDF at all."""
    import pikepdf

    folder.mkdir(parents=True, exist_ok=True)
    whole = LETTERS / "CM14-0195168.pdf"
    files = bombs() | {
        f"{pages} pages": small_letter(1, pages=pages),
        "cut short": whole.read_bytes()[:2500],
        "cut in the middle": small_letter(2)[:600] + b"\n%%EOF\n",
        "empty": b"",
        "text": b"Dear sir, this is no PDF.",
        "noise": b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"\nstartxref\n0\n%%EOF\n",
    }
    paths = {}
    for number, (name, data) in enumerate(files.items()):
        paths[name] = folder / f"{number}.pdf"
        paths[name].write_bytes(data)
    with pikepdf.open(whole) as pdf:
        paths["locked"] = folder / "locked.pdf"
        pdf.save(paths["locked"], encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return paths


def odd_pdfs(folder: Path) -> dict[str, Path]:
    """The PDFs that pikepdf's source distribution carries for its own tests; {} without network."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
    command += ["pikepdf", "--dest", str(folder), "pikepdf==10.18.0"]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    for archive in folder.glob("pikepdf-*.tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(folder / "pikepdf", filter="data")
    return {path.name: path for path in sorted(folder.glob("pikepdf/**/*.pdf"))}


def read_odd_pdfs(folder: Path) -> bool:
    files = odd_pdfs(folder)
    if not files:
        print("Odd PDFs: skipped, pikepdf's source distribution could not be fetched.")
        return True
    return read_and_tell("odd PDFs", files)


def read_bombs(folder: Path) -> bool:
    return read_and_tell("bombs and the like", hurtful(folder / "bombs"))


def read_and_tell(what: str, files: dict[str, Path]) -> bool:
    reader, before = Reader(), own_memory_mb()
    reader.read_all(files)
    grown = own_memory_mb() - before
    name, seconds = reader.slowest
    print(
        f"{len(files)} {what}: {dict(reader.codes)}; slowest {seconds:.1f} s ({name}); the reader's"
        f" own memory grew by {grown:.0f} MB"
    )
    for label, names in (("TOO SLOW", reader.too_slow), ("SILENT", reader.silent)):
        if names:
            print(f"  {label}: {', '.join(names)}")
    if grown > FLAT_MB:
        print(f"  FAIL the reader's memory grew by more than {FLAT_MB} MB")
    return reader.good and grown <= FLAT_MB
