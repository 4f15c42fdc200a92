"""Whether the nearest precedents ask for the same: precision at 5 over a folder of real letters.

`python -m tests.bench.precedents FOLDER` stores every letter of the folder in a database of its
own, asks for the five nearest issues of each issue in other cases, and counts those that ask for
the same procedure or substance and, where the request names a part of the body, for one of the
same parts. Only issues for which at least five such issues exist count. What a request asks for is
read here by a list of its own, so that the engine is not measured by its own words.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

# The first that fits names the procedure or substance.
PROCEDURES = [
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("cyclobenzaprine", r"cyclobenzaprine|flexeril|fexmid"),
        ("orphenadrine", r"orphenadrine|norflex"),
        ("baclofen", r"baclofen"),
        ("tizanidine", r"tizanidine|zanaflex"),
        ("tramadol", r"tramadol|ultram|ultracet"),
        ("hydrocodone", r"hydrocodone|norco|vicodin|lortab"),
        ("oxycodone", r"oxycodone|percocet|oxycontin"),
        ("naproxen", r"naproxen|anaprox|naprosyn"),
        ("ibuprofen", r"ibuprofen|motrin|advil"),
        ("diclofenac", r"diclofenac|voltaren"),
        ("meloxicam", r"meloxicam|mobic"),
        ("omeprazole", r"omeprazole|prilosec"),
        ("pantoprazole", r"pantoprazole|protonix"),
        ("gabapentin", r"gabapentin|neurontin"),
        ("lidocaine", r"lidocaine|lidoderm"),
        ("electrodiagnostics", r"\b(emg|ncs|ncv)\b|electromyo|nerve conduction|electrodiagnos"),
        ("mri", r"\bmri\b|magnetic resonance"),
        ("ct", r"\bct\b|computed tomography"),
        ("x-ray", r"x-?rays?\b|radiograph"),
        ("urine test", r"urine|urinalysis|drug (screen|test)"),
        ("epidural injection", r"epidural|\besi\b"),
        ("facet injection", r"facet|medial branch"),
        ("acupuncture", r"acupuncture"),
        ("chiropractic", r"chiro|manipulation"),
        ("physical therapy", r"physical therapy|physiotherapy|\bpt\b(?!/ptt)"),
        ("occupational therapy", r"occupational therapy|\bot\b"),
        ("arthroscopy", r"arthroscop"),
        ("clearance", r"clearance"),
        ("electrical stimulation", r"e-stim|electrical stim|\btens\b"),
        ("functional capacity evaluation", r"functional capacity|\bfce\b"),
        ("psychological testing", r"psycholog"),
    )
]
# A cream of several substances asks for none of them alone.
COMPOUND = re.compile(r"\d+(\.\d+)?\s?%.*\d+(\.\d+)?\s?%|compound", re.IGNORECASE)
BODY = [
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("neck", r"cervical|\bneck\b|\bc\d-"),
        ("upper back", r"thoracic|upper back"),
        ("low back", r"lumb|low back|lower back|\bl\d-"),
        ("shoulder", r"shoulder|rotator"),
        ("elbow", r"elbow"),
        ("wrist or hand", r"wrist|hand|finger|thumb"),
        ("hip", r"\bhip|pelvis"),
        ("knee", r"knee|menisc|\bacl\b"),
        ("ankle or foot", r"ankle|foot|feet"),
        ("head", r"\bhead\b|brain"),
        ("arms", r"upper extremit|\b[rlb]ue\b"),
        ("legs", r"lower extremit|\b[rlb]le\b"),
    )
]
GOAL, NEAREST = 0.92, 5


def procedure_of(request: str) -> str:
    if COMPOUND.search(request):
        return "compound cream"
    return next((name for name, pattern in PROCEDURES if pattern.search(request)), "")


def parts_of(request: str) -> frozenset[str]:
    return frozenset(name for name, pattern in BODY if pattern.search(request))


def asks_for_the_same(asked: str, other: str) -> bool:
    """Whether the other request is one that the first may be compared with."""
    parts = parts_of(asked)
    same = procedure_of(asked) == procedure_of(other)
    return same and (not parts or bool(parts & parts_of(other)))


def store_letters(folder: Path) -> None:
    from cases.intake import pipeline
    from tests.factories import InProcess

    for path in sorted(folder.glob("*.pdf")):
        received = pipeline.receive_file([path.read_bytes()], path.name)
        pipeline.read_document(received.document.pk, InProcess())


def measure() -> Iterator[tuple[str, list[str], list[bool]]]:
    """Each request that counts, with the nearest ones and whether they ask for the same."""
    from cases.analysis.nearest import nearest_issues
    from cases.analysis.precedents import request_of_text
    from cases.models import Issue

    issues = list(Issue.objects.select_related("case").order_by("case__case_number", "position"))
    for issue in issues:
        asked = issue.disputed
        if not procedure_of(asked):
            continue
        same = [
            one
            for one in issues
            if one.case_id != issue.case_id and asks_for_the_same(asked, one.disputed)
        ]
        if len(same) < NEAREST:
            continue
        found = nearest_issues(request_of_text(asked), NEAREST, own_case=issue.case_id)
        nearest = [one.issue.disputed for one in found]
        yield asked, nearest, [asks_for_the_same(asked, one) for one in nearest]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.precedents", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print what was not the same")
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-precedents-") as var:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "imrsite.settings", "IMR_VAR_DIR": var}
        os.environ |= {"IMR_LOCAL": "true", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        from django.core.management import call_command

        from cases.intake.messages import sending_paused

        call_command("migrate", verbosity=0)
        with sending_paused():
            store_letters(told.folder)
        found = list(measure())
    hits = sum(sum(same) for *_, same in found)
    precision = hits / (NEAREST * len(found)) if found else 0.0
    if told.misses:
        for asked, nearest, same in found:
            missed = [one for one, fits in zip(nearest, same, strict=True) if not fits]
            if missed or len(nearest) < NEAREST:
                print(f"{asked[:70]} | {sum(same)} of {len(nearest)} | {[m[:60] for m in missed]}")
    if told.json:
        print(json.dumps({"issues": len(found), "precision_at_5": round(precision, 4)}))
    else:
        print(f"{len(found)} issues with five others alike; precision at 5: {precision:.3f}")
    return 0 if precision >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
