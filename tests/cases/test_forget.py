"""`manage.py forget` leaves nothing of a case but who saw it."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from cases.corrections.history import correction
from cases.files import storage
from cases.models import Batch, Case, Document
from tests.factories import annotated, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    case, mender = stored_case(), person("data corrector", "mender")
    annotated(case.issues.get(), mender)
    with correction(case, mender, "Seen") as locked:
        Case.objects.filter(pk=locked.pk).update(priority="Expedited")
    return case


def rows_about_cases():
    labels = ("cases", "reviews")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    counts = {model._meta.label: model._base_manager.count() for model in models}
    # The labels' list; keys of what changed, the deletion among them, and the database's own;
    # words, which belong to no case.
    kept = ("reviews.Label", "cases.CaseChange", "cases.SearchWord")
    return {label: n for label, n in counts.items() if n and label not in kept}


@pytest.fixture
def pictures(case, client, settings, tmp_path):
    """The folder of drawn pages: two of the case's letter, and one of another."""
    settings.VAR_DIR = tmp_path
    client.force_login(person("reviewer"))
    for number in (1, 2):
        assert client.get(f"/documents/{case.document_id}/pages/{number}.png").status_code == 200
    folder = tmp_path / "pages"
    (folder / case.document.sha256[:2] / "of-another-letter").touch()
    assert len(files_in(folder)) == 3
    return folder


def files_in(folder):
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_nothing_of_it_is_left(case, pictures, capsys, django_capture_on_commit_callbacks):
    path = storage.path_of(case.document.sha256)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("forget", "CM14-0195168")
    assert rows_about_cases() == {}
    assert not path.exists()
    said = capsys.readouterr().out
    assert said.startswith("removed CM14-0195168: ")
    for words in ("1 annotation,", "1 revision,", "1 case,", "4 citations,"):
        assert words in said
    assert said.endswith(", 3 files\n"), "the PDF, and the pictures of its pages"
    assert files_in(pictures) == ["of-another-letter"]


def test_what_was_entered_for_an_upload_goes_with_its_last_letter(case):
    batch = Batch.objects.create(origin="upload", claim_facts={"claim_number": "WC-1"})
    batch.lines.create(name="a.pdf", document=case.document)
    call_command("forget", "CM14-0195168")
    batch.refresh_from_db()
    assert batch.claim_facts == {}


def test_a_dry_run_says_the_same_and_removes_nothing(case, pictures, capsys):
    before = rows_about_cases()
    call_command("forget", "CM14-0195168", "--dry-run")
    said = capsys.readouterr().out
    assert said.startswith("would remove CM14-0195168: ")
    assert said.endswith(", 3 files\n")
    assert len(files_in(pictures)) == 3
    assert rows_about_cases() == before
    assert storage.path_of(case.document.sha256).exists()


def test_a_number_that_is_not_on_file_removes_nothing(case):
    with pytest.raises(CommandError, match="CM99-0000000"):
        call_command("forget", "CM14-0195168", "CM99-0000000")
    assert Case.objects.exists()


def test_a_pdf_that_holds_another_case_stays_and_this_is_said(case, capsys):
    Case.objects.create(
        case_number="CM13-0000001",
        document=case.document,
        format="unknown",
        first_page=3,
        last_page=3,
    )
    call_command("forget", "CM14-0195168")
    assert "holds CM13-0000001 too" in capsys.readouterr().out
    document = Document.objects.get()
    assert storage.path_of(document.sha256).exists()
    assert set(document.page_set.values_list("text", flat=True)) == {""}
