"""`manage.py check_data` finds what is damaged, where it is, and says what mends it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from cases.data_checks import registry
from cases.data_checks.registry import Finding, Options, run_checks
from cases.files import storage
from cases.index.current import current_index, keeper
from cases.models import (
    Batch,
    BatchLine,
    Case,
    Citation,
    ClaimFacts,
    Document,
    DocumentPage,
    Flag,
    Issue,
    Reading,
)
from reviews.models import Annotation, MarkedText, Review
from tests.filled import fill
from tests.postgres import require_kept_index

NUMBER = "CM14-0195168"


@pytest.fixture
def sound(db, settings, tmp_path):
    """The case that tests damage, in an installation where nothing is wrong."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path / "var"
    yield filled()
    transaction.set_rollback(True)  # constraints that a test has broken are not checked again


@pytest.fixture
def sound_on_postgres(on_postgres, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path / "var"
    return filled()


def filled() -> Case:
    case = fill(made_up=3)
    keeper.forget()  # nothing but the rows is damaged where no index was read before
    return case


def found(*, read_files: bool = True) -> list[Finding]:
    return list(run_checks(Options(read_files=read_files)))


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def words_of(text: str) -> str:
    """The column of an index that holds the words of this text."""
    return "words" if connection.vendor == "postgresql" else text


def file_of(case: Case) -> Path:
    return storage.path_of(case.document.sha256)


# -- what can be damaged -------------------------------------------------------------------------


def lose_file(case: Case) -> None:
    file_of(case).unlink()


def change_file(case: Case) -> None:
    content = file_of(case).read_bytes()
    file_of(case).write_bytes(content[:-9] + b"?" + content[-8:])


def cut_file(case: Case) -> None:
    file_of(case).write_bytes(file_of(case).read_bytes()[:100])


def leave_file(case: Case) -> None:
    path = storage.path_of("0" * 64)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-")
    os.utime(path, (0, 0))


def lose_recognized_text(case: Case) -> None:
    Document.objects.filter(pk=case.document_id).update(read_by_ocr=True)


def lose_archive(case: Case) -> None:
    batch = Batch.objects.create(origin="upload")
    BatchLine.objects.create(batch=batch, name="letters.zip", archive="a" * 64)


def point_nowhere(case: Case) -> None:
    run("UPDATE cases_document SET uploader_id = 987654 WHERE id = %s", case.document_id)


def break_a_check(case: Case) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no switch for its checks")
    run("PRAGMA ignore_check_constraints=ON")
    run("UPDATE cases_flag SET level = 'fatal' WHERE case_id = %s", case.pk)
    run("PRAGMA ignore_check_constraints=OFF")


def lose_letters(case: Case) -> None:
    document = Document.objects.exclude(pk=case.document_id).exclude(page_set=None).get()
    Document.objects.filter(pk=document.pk).update(name="lost.pdf")
    run(
        "UPDATE cases_case SET document_id = %s WHERE document_id = %s",
        case.document_id,
        document.pk,
    )
    Reading.objects.filter(document=document).update(superseded=True)


def lose_a_page(case: Case) -> None:
    DocumentPage.objects.filter(document=case.document).latest("number").delete()


def forget_why(case: Case) -> None:
    Document.objects.create(sha256="b" * 64, name="odd.pdf", size=0, status="failed")
    store_empty(storage.path_of("b" * 64))


def store_empty(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()


def abandon(case: Case) -> None:
    Document.objects.filter(pk=case.document_id).update(
        status="reading", lease_token="t", lease_until=timezone.now() - timedelta(hours=1)
    )


def double_reading(case: Case) -> None:
    run("DROP INDEX reading_current_unique")
    reading = case.reading
    Reading.objects.create(
        document=reading.document,
        position=reading.position,
        parser_version="old",
        case_number=reading.case_number,
        record=reading.record,
    )


def read_under_another_number(case: Case) -> None:
    Reading.objects.filter(pk=case.reading_id).update(case_number="CM15-0000001")


def move_span(case: Case) -> None:
    case.provenance["decision_date"]["spans"][0]["end"] = 99_999
    Case.objects.filter(pk=case.pk).update(provenance=case.provenance)


def move_citation(case: Case) -> None:
    citation = Citation.objects.filter(issue__case=case, side="claims").first()
    citation.spans[0]["page"] = 77
    Citation.objects.filter(pk=citation.pk).update(spans=citation.spans)


def end_too_late(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(last_page=44)


def decide(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(decision="upheld")


def want_correction(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(needs_correction=True)


def forget_corrections(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(corrected={})


def judge(case: Case) -> None:
    Issue.objects.filter(case=case).update(verdict="same")


def flag_what_is_there(case: Case) -> None:
    Flag.objects.create(case=case, code="missing-specialties", message="None", level="warning")


def unindex_case(case: Case) -> None:
    run("DELETE FROM case_index WHERE rowid = %s", case.pk)


def garble_issue_index(case: Case) -> None:
    run(
        f"UPDATE issue_index SET {words_of('request')} = 'other words' WHERE rowid = %s",
        case.issues.get().pk,
    )


def lose_words_of_a_request(case: Case) -> None:
    run(f"UPDATE issue_index SET {words_of('asked')} = '' WHERE rowid = %s", case.issues.get().pk)


def unindex_citation(case: Case) -> None:
    run("DELETE FROM citation_index WHERE rowid = %s", case.issues.get().citations.first().pk)


def leave_index_row(case: Case) -> None:
    run(f"INSERT INTO case_index (rowid, {words_of('summary')}) VALUES (77, 'nothing')")


def leave_index_row_of_a_citation(case: Case) -> None:
    run("INSERT INTO citation_index (rowid, words) VALUES (7777777, 'nothing')")


def unindex_document(case: Case) -> None:
    run("DELETE FROM document_index WHERE rowid = %s", case.document_id)


def change_unnoticed(case: Case) -> None:
    """By hand in the database, which records no change, while an index is held."""
    read_index()
    Case.objects.filter(pk=case.pk).update(priority="Standard")


def cite_unnoticed(case: Case) -> None:
    read_index()
    Citation.objects.filter(issue__case=case, side="claims").update(edition="1999")


def enter_unnoticed(case: Case) -> None:
    read_index()
    ClaimFacts.objects.filter(case=case).update(ur_vendor="Another")


def read_index() -> None:
    require_kept_index()
    with current_index():
        pass


def lose_words(case: Case) -> None:
    Issue.objects.filter(case=case).update(asked="work")


def shift_annotation(case: Case) -> None:
    Annotation.objects.filter(case=case, target="rationale").update(start=11, end=61)


def change_annotated_text(case: Case) -> None:
    """By hand in the database, past everything that follows."""
    row = MarkedText.objects.get(case=case, issue=None)
    MarkedText.objects.filter(pk=row.pk).update(text=row.text + " More.")


def lose_annotated_text(case: Case) -> None:
    MarkedText.objects.filter(case=case, issue=None).delete()


def unindex_annotation(case: Case) -> None:
    run("DELETE FROM annotation_index WHERE rowid = %s", case.annotations.first().pk)


def sort_otherwise(case: Case) -> None:
    Annotation.objects.filter(case=case, issue=None).update(author_name="somebody")


def lose_review(case: Case) -> None:
    Review.objects.filter(case=case).delete()


def miscount_reviewers(case: Case) -> None:
    Review.objects.filter(case=case).update(taken=1)


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a case, and what has to be said of it. Where `mended`, doing what is
    advised leaves nothing to find."""

    do: Callable[[Case], None]
    place: str
    problem: str
    advice: str
    mended: bool = False
    count: int = 1


CASE, ISSUE, DOCUMENT = f"case {NUMBER}", f"case {NUMBER}, issue 1", "document "
REFRESH, ALL = f"Run: manage.py refresh {NUMBER}", "Run: manage.py refresh --all"
BACKUP = "Restore the file from a backup (files/documents/"
REPARSE = f"Run: manage.py reparse {NUMBER}"
READ_AGAIN = "Open the document's page and have it read again"
DAMAGES = [
    Damage(lose_file, DOCUMENT, "is missing", BACKUP),
    Damage(change_file, DOCUMENT, "has the digest", BACKUP),
    Damage(cut_file, DOCUMENT, "has 100 bytes instead of", BACKUP),
    Damage(leave_file, f"file documents/00/00/{'0' * 64}.pdf", "is named by no document", "Upload"),
    Damage(lose_recognized_text, DOCUMENT, "is missing", READ_AGAIN),
    Damage(lose_archive, "an archive to unpack", "is missing", "Restore the file from a backup"),
    Damage(point_nowhere, "document ", "points to user 987654", "Restore the last backup"),
    Damage(break_a_check, "database", "CHECK constraint failed", "Restore the last backup"),
    Damage(lose_letters, "document ", "no letter of it is on file", READ_AGAIN, count=3),
    Damage(lose_a_page, DOCUMENT, "has not the text of all its pages", READ_AGAIN, count=6),
    Damage(forget_why, DOCUMENT, "failed without a reason", READ_AGAIN, count=3),
    Damage(abandon, DOCUMENT, "a worker that stopped responding", "See that the scheduler"),
    Damage(double_reading, DOCUMENT, "has 2 current readings", READ_AGAIN),
    Damage(read_under_another_number, CASE, "under another case number", REPARSE),
    Damage(move_span, CASE, "99999 of page 1, which the page does not have", REPARSE),
    Damage(move_citation, f"{CASE}, citation ", "of page 77", REPARSE),
    Damage(end_too_late, CASE, "ends on page 44", REPARSE, count=2),
    Damage(decide, CASE, "decision is 'upheld', and its fields give 'overturned'", REFRESH, True),
    Damage(want_correction, CASE, "needs correction is True", REFRESH, True),
    Damage(forget_corrections, CASE, "corrected is {}", REFRESH, True),
    Damage(judge, ISSUE, "verdict is 'same'", REFRESH, True),
    Damage(
        flag_what_is_there, f"{CASE}, flag missing-specialties", "it is there", REFRESH, True, 2
    ),
    Damage(unindex_case, CASE, "is not found by what it says (index of it)", REFRESH, True),
    Damage(garble_issue_index, CASE, "(index of issue 1)", REFRESH, True),
    Damage(lose_words_of_a_request, CASE, "(index of issue 1)", REFRESH, True),
    Damage(unindex_citation, CASE, "(index of issue 1)", REFRESH, True),
    Damage(leave_index_row, "search index case_index, row 77", "of nothing", ALL, True),
    Damage(
        leave_index_row_of_a_citation, "search index citation_index, row 7777777", "", ALL, True
    ),
    Damage(unindex_document, DOCUMENT, "is not found by its name", ALL, True),
    Damage(change_unnoticed, "index of every case", "in priority Standard", ALL, False, 3),
    Damage(cite_unnoticed, "index of every citation", "in edition 1999", ALL, False, 9),
    Damage(enter_unnoticed, "index of every case", "in ur_vendor Another", ALL, False, 4),
    Damage(lose_words, ISSUE, "asked is 'work', and its fields give", REFRESH, True, 2),
    Damage(shift_annotation, "annotation ", "where its words are not found", "Restore the text"),
    Damage(change_annotated_text, f"{CASE}, Clinical case summary", "without its", REFRESH, True),
    Damage(lose_annotated_text, "annotation ", "would not follow its words", ALL, True),
    Damage(unindex_annotation, "annotation ", "is not found by what it says", ALL, True),
    Damage(sort_otherwise, "annotation ", "is sorted by old values", ALL, True),
    Damage(lose_review, CASE, "has no review", ALL, True),
    Damage(miscount_reviewers, f"review of {CASE}", "counts 1 reviewers and has 0", ALL, True),
]


def test_nothing_is_found_where_nothing_is_wrong(sound):
    assert found() == []


def test_nothing_is_found_on_postgresql_either(sound_on_postgres):
    assert found() == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.do.__name__)
def test_damage_is_found_at_its_place_with_what_to_do(sound, damage):
    damage.do(sound)
    findings = found()
    told = [str(one) for one in findings]
    assert any(
        one.place.startswith(damage.place)
        and damage.problem in one.problem
        and one.advice.startswith(damage.advice)
        for one in findings
    ), told
    assert len(findings) <= damage.count, told


@pytest.mark.parametrize(
    "damage", [one for one in DAMAGES if one.mended], ids=lambda damage: damage.do.__name__
)
def test_what_is_advised_mends_it(sound, damage, capsys):
    damage.do(sound)
    for advice in {one.advice for one in found()}:
        call_command(*advice.removeprefix("Run: manage.py ").split())
    assert found() == []


ON_POSTGRES = [
    decide,
    unindex_case,
    unindex_citation,
    unindex_document,
    unindex_annotation,
    lose_words,
]


@pytest.mark.parametrize("do", ON_POSTGRES, ids=lambda do: do.__name__)
def test_damage_is_found_on_postgresql_too(sound_on_postgres, do):
    do(sound_on_postgres)
    assert len(found()) == 1


def test_a_reference_to_nothing_is_found_on_postgresql(sound_on_postgres):
    run("SET LOCAL session_replication_role = replica")
    point_nowhere(sound_on_postgres)
    (finding,) = found()
    assert "points to user 987654" in finding.problem


def test_without_reading_files_a_changed_byte_is_not_found_and_a_lost_file_is(sound):
    change_file(sound)
    assert found(read_files=False) == []
    lose_file(sound)
    assert len(found(read_files=False)) == 1


def test_a_file_stored_just_now_is_not_yet_said_to_be_of_no_document(sound):
    leave_file(sound)
    os.utime(storage.path_of("0" * 64))
    assert found() == []


def test_the_command_says_a_line_a_finding_and_ends_with_1(sound):
    lose_file(sound)
    decide(sound)
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended, redirect_stdout(said):
        call_command("check_data")
    assert ended.value.code == 1
    lines = said.getvalue().splitlines()
    assert len(lines) == 3
    assert lines[-1] == "2 findings"


def test_the_command_ends_well_where_nothing_is_wrong(sound, capsys):
    call_command("check_data", "--no-files")
    assert capsys.readouterr().out == "nothing found in 5 cases and 5 documents\n"


def test_refreshing_names_what_is_not_on_file(sound):
    with pytest.raises(CommandError, match="Not on file: CM99-0000000"):
        call_command("refresh", NUMBER, "CM99-0000000")
    with pytest.raises(CommandError, match="Name case numbers, or pass --all"):
        call_command("refresh")


@pytest.mark.django_db(transaction=True)
def test_it_writes_nothing_and_sees_one_state(monkeypatch):
    seen = []

    def write(options):
        seen.append(connection.vendor)
        run("SAVEPOINT tried")
        with pytest.raises(Exception, match=r"read-?only"):
            run("UPDATE cases_case SET decision = ''")
        run("ROLLBACK TO SAVEPOINT tried")
        yield from ()

    monkeypatch.setattr(registry, "checks", [write])
    assert found() == []
    assert seen == [connection.vendor]
    run("UPDATE cases_case SET decision = ''")  # may be written again
