"""One printed letter as a file, with its truth."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random

from reportlab.pdfgen.canvas import Canvas

from ..package import Facsimile
from .faults import SLIPS, Fault, choose_faults
from .finish import finish
from .letters import make_letter
from .page import Printer


def make_printed(
    path: Path, seed: str, *, noise: int, faults: frozenset[Fault] | None = None
) -> Facsimile:
    """Write the PDF that the seed stands for. The same seed gives the same pages and truth; the
    bytes differ, for encryption draws its own random numbers."""
    rng = Random(f"printed/{seed}")
    chosen = choose_faults(rng, noise)
    chosen = chosen if faults is None else faults
    letter = make_letter(rng, chosen, slips=SLIPS[noise])
    drawn = BytesIO()
    printer = Printer(Canvas(drawn, invariant=1), rng, chosen, letter.case_number)
    printer.letter(letter)
    last_page = printer.page
    if Fault.PROOF_OF_SERVICE in chosen:
        printer.proof_of_service()
    printer.end_page()
    printer.canvas.save()
    finish(drawn.getvalue(), path, printer.marks)
    looks = ", ".join(sorted(fault.value for fault in chosen)) or "as printed"
    return Facsimile({"letters": [letter.record(1, last_page)]}, looks)
