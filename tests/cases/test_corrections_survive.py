"""A thousand corrections, then every letter is read anew and differently: none is lost."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from django.db import transaction

from cases.corrections.history import correction
from cases.corrections.snapshot import json_value, place_of_citation, place_of_issue, snapshot
from cases.intake import pipeline
from cases.intake.storing.store_reading import store_reading
from cases.models import Case, Category, Change, Citation, Decision, Issue, Priority, Source
from tests.factories import LETTERS, InProcess
from tests.people import person

pytestmark = pytest.mark.django_db
CORRECTIONS, A_SAVE = 1_000, 10


def words(rng: random.Random) -> str:
    return " ".join(rng.choices(["lumbar", "knee", "MRI", "Norco", "opined", "–", "ë"], k=4))


def day(rng: random.Random) -> dt.date:
    return dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(1500))


FIELDS = {
    Case: {
        "date_of_injury": day,
        "ur_denial_date": day,
        "decision_date": day,
        "priority": lambda rng: rng.choice(Priority.values),
        "specialties": lambda rng: [words(rng)],
        "clinical_summary": words,
    },
    Issue: {
        "treatment_request": words,
        "decision": lambda rng: rng.choice(Decision.values),
        "category": lambda rng: rng.choice(Category.values),
        "rationale": words,
    },
    Citation: {
        "source": lambda rng: rng.choice(Source.values),
        "guideline": words,
        "section": words,
        "pages": lambda rng: [[first := rng.randrange(1, 300), first + 2]],
    },
}


def places(case: Case) -> list[tuple[str, Case | Issue | Citation]]:
    issues = list(case.issues.all())
    cited = Citation.objects.filter(issue__case=case).exclude(side="rationale")
    return [
        ("case", case),
        *((place_of_issue(issue), issue) for issue in issues),
        *((place_of_citation(row.issue, row), row) for row in cited.select_related("issue")),
    ]


def read_differently(reading):
    """The same letters as another parser might read them."""

    def again(field):
        return replace(field, value=f"{field.value} Read anew.")

    def letter(one):
        issues = tuple(
            replace(issue, rationale=again(issue.rationale), category="other")
            for issue in one.issues
        )
        moved = replace(one.decision_date, value=dt.date(2020, 2, 2))
        summary = again(one.clinical_summary)
        return replace(one, issues=issues, decision_date=moved, clinical_summary=summary)

    return replace(reading, letters=tuple(letter(one) for one in reading.letters))


def test_none_of_a_thousand_corrections_is_lost_by_a_re_parse(db):
    rng, reader, mender = random.Random(7), InProcess(), person("data corrector", "mender")
    for file in [LETTERS / "CM14-0195168.pdf", *sorted(LETTERS.glob("facsimile-*.pdf"))[:5]]:
        received = pipeline.receive_file([file.read_bytes()], file.name, None)
        pipeline.read_document(received.document.pk, reader)
    cases = list(Case.objects.select_related("document"))
    assert len(cases) == 6

    read: dict[tuple[str, str, str], object] = {}
    expected: dict[tuple[str, str, str], object] = {}
    made = 0
    while made < CORRECTIONS:
        case = rng.choice(cases)
        with correction(case, mender, "Seen in the letter") as locked:
            for place, row in rng.choices(places(locked), k=A_SAVE):
                field, value = rng.choice(list(FIELDS[type(row)].items()))
                new = value(rng)
                read.setdefault((case.case_number, place, field), json_value(getattr(row, field)))
                type(row).objects.filter(pk=row.pk).update(**{field: new})
                expected[case.case_number, place, field] = json_value(new)
                made += 1
    changes = Change.objects.count()
    # What was set back to what the letter was read as is corrected no more.
    expected = {key: value for key, value in expected.items() if value != read[key]}

    from cases.files import storage

    for case in cases:
        with transaction.atomic():
            path = storage.path_of(case.document.sha256)
            store_reading(case.document, read_differently(reader.read(path)))

    lost = {}
    for case in cases:
        now = snapshot(Case.objects.get(case_number=case.case_number))
        for (number, place, field), value in expected.items():
            if number == case.case_number and now.get(place, {}).get(field) != value:
                lost[number, place, field] = value, now.get(place, {}).get(field)
    assert not lost
    assert Change.objects.count() >= changes, "and their history stays"
