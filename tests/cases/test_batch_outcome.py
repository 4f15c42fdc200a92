"""The page of an upload: what its letters say, and that each count leads to a list of as many."""

import re

import pytest

from cases.analysis.batch_outcome import batch_outcome
from cases.corrections.refresh import refresh_case
from cases.intake import batches, pipeline
from cases.intake.archives import Source
from cases.lists.definition import LISTS
from cases.models import Batch, Case, Document, Flag, Issue
from tests.factories import LETTERS, InProcess, stored_letter

pytestmark = pytest.mark.django_db
NAMES = ("CM14-0195168", "facsimile-001-final-2015", "facsimile-003-final-2014")


@pytest.fixture
def batch(reader):
    stored_letter(NAMES[0])  # on file before
    batch = batches.start_batch(Batch.Origin.UPLOAD, reader.user)
    for name in NAMES:
        data = (LETTERS / f"{name}.pdf").read_bytes()
        batches.add_file(batch, Source(f"{name}.pdf", [data]))
    for document in Document.objects.exclude(status="parsed"):
        pipeline.read_document(document.pk, InProcess())
    return batch


def rows(reader, link: str) -> int:
    return reader.get(link).context["listing"].count


def test_new_cases_are_counted_by_decision_and_each_count_is_that_of_its_list(reader, batch):
    outcome = batch_outcome(batch)
    assert outcome.cases == 2
    assert rows(reader, outcome.cases_link) == 2
    assert sum(one.count for one in outcome.decisions) + outcome.undecided == 2
    for one in outcome.decisions:
        assert rows(reader, one.link) == one.count


def test_overturned_issues_come_first_and_lead_to_their_place(reader, batch):
    new = Issue.objects.exclude(case__case_number=NAMES[0])
    new.update(decision="partially_overturned")
    Issue.objects.filter(pk=new.first().pk).update(decision="overturned")
    for case in Case.objects.all():
        refresh_case(case)
    outcome = batch_outcome(batch)
    assert outcome.reversed_issues.rows[0].decision == "overturned"
    assert outcome.reversed_issues.count == new.count()
    assert rows(reader, outcome.reversed_issues.link) == new.count()
    page = reader.get(batch.get_absolute_url()).content.decode()
    assert f'href="{outcome.reversed_issues.rows[0].get_absolute_url()}"' in page


def test_letters_to_look_at_are_named_with_the_reason(reader, batch):
    case = Case.objects.exclude(case_number=NAMES[0]).first()
    Flag.objects.create(case=case, code="ur-date-disagrees", message="The header says May 1.")
    Flag.objects.create(
        case=case, code="dates-out-of-order", message="Decided before it came.", level="error"
    )
    refresh_case(case)
    outcome = batch_outcome(batch)
    assert [one.case_number for one in outcome.contradictions.rows] == [case.case_number]
    assert rows(reader, outcome.contradictions.link) == outcome.contradictions.count
    assert rows(reader, outcome.to_correct.link) == outcome.to_correct.count == 1
    page = reader.get(batch.get_absolute_url()).content.decode()
    assert "The header says May 1." in page
    assert "Decided before it came." in page


def test_what_was_here_before_is_said_with_its_day_and_is_not_new(reader, batch):
    Document.objects.filter(name=f"{NAMES[0]}.pdf").update(received_at="2016-03-01T12:00:00Z")
    page = reader.get(f"{batch.get_absolute_url()}?show=known").content.decode()
    assert "Duplicate: already uploaded Mar 1, 2016" in page
    assert "Read 3" in re.sub(r"<[^>]+>", "", page).replace("\n", " ")
    assert NAMES[0] not in {case.case_number for case in batch_outcome(batch).contradictions.rows}


def test_a_batch_that_is_not_there_finds_nothing(reader, batch):
    assert rows(reader, "/cases/?batch=999999") == 0
    assert LISTS["cases"].filterset.base_filters["batch"].label == "Upload number"
