"""What an earlier version left readable for others is tightened, and nothing else."""

from __future__ import annotations

import stat

import pytest

from imrsite.running.private import restrict_modes


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def var_dir(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    return folder


def test_what_the_program_wrote_is_its_user_s_alone(var_dir):
    letter = var_dir / "media" / "documents" / "ab" / "a.pdf"
    letter.parent.mkdir(parents=True)
    for path in (letter, var_dir / "db.sqlite3", var_dir / "db.sqlite3-wal"):
        path.write_text("-")
        path.chmod(0o644)
    restrict_modes(var_dir)
    assert {mode(path) for path in (letter, *var_dir.glob("db*"))} == {0o600}
    assert {mode(path) for path in (var_dir, *list(letter.parents)[:3])} == {0o700}


def test_what_somebody_else_laid_there_stays(var_dir):
    (var_dir / "notes.txt").write_text("-")
    (var_dir / "notes.txt").chmod(0o644)
    restrict_modes(var_dir)
    assert mode(var_dir / "notes.txt") == 0o644


def test_a_folder_that_many_share_stays_open_to_them(var_dir):
    var_dir.chmod(0o1777)
    restrict_modes(var_dir)
    assert mode(var_dir) == 0o1777


def test_a_link_leads_nowhere_else(var_dir, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("-")
    (outside / "file").chmod(0o644)
    (var_dir / "media").symlink_to(outside)
    restrict_modes(var_dir)
    assert mode(outside / "file") == 0o644
