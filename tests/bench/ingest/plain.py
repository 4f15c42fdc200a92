"""Plain pdfplumber's extraction of the same letters, with the same number of processes."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pdfplumber


@dataclass(frozen=True, slots=True)
class Plain:
    """What it took: seconds on the clock and on the processor."""

    seconds: float
    processor: float


def extract_text(path: Path) -> float:
    """Processor time that it took."""
    began = time.process_time()
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()
    return time.process_time() - began


def extract_all(paths: Sequence[Path], processes: int) -> Plain:
    """By processes that have started and read a letter each before the clock does."""
    with multiprocessing.Pool(processes) as pool:
        pool.map(extract_text, [paths[0]] * processes, chunksize=1)
        began = time.monotonic()
        spent = sum(pool.imap_unordered(extract_text, paths, chunksize=1))
        return Plain(time.monotonic() - began, spent)
