"""The letters of the bench: printed ones that are made up, or copies of those in a folder."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

from tests.bench.accuracy.printed.package import make_printed

SEED = "ingest"


def write_letters(folder: Path, count: int, source: Path | None = None) -> list[Path]:
    """That many PDFs in the folder, no two with the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"letter-{number:05d}.pdf" for number in range(count)]
    if source is None:
        for number, path in enumerate(paths):
            make_printed(path, f"{SEED}/{number}", noise=0)
        return paths
    originals = sorted(source.glob("*.pdf"))
    assert originals, f"there are no PDFs in {source}"
    for number, (path, original) in enumerate(zip(paths, cycle(originals), strict=False)):
        # A comment after the end of a PDF changes its bytes, and nothing that is read.
        path.write_bytes(original.read_bytes() + b"\n%%%d\n" % number)
    return paths
