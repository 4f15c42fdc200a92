"""`manage.py parse`, as another program calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings


def parse(*arguments: object) -> tuple[int, list[dict]]:
    done = subprocess.run(
        [sys.executable, "manage.py", "parse", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def odd_files(tmp_path: Path, letters: Path) -> dict[str, Path]:
    whole = letters / "CM14-0195168.pdf"
    files = {name: tmp_path / f"{name}.pdf" for name in ("text", "empty", "locked", "cut")}
    files["text"].write_text("Dear sir, this is no PDF.")
    files["empty"].write_bytes(b"")
    files["cut"].write_bytes(whole.read_bytes()[:2500])
    with pikepdf.open(whole) as pdf:
        pdf.save(files["locked"], encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return files


def test_it_prints_one_object_a_file(letters):
    status, results = parse(letters / "CM14-0195168.pdf", letters / "facsimile-001-final-2015.pdf")
    assert status == 0
    assert [r["letters"][0]["case_number"] for r in results] == ["CM14-0195168", "CM15-0021754"]
    assert results[0]["pages"] == 3
    assert results[0]["error"] is None


def test_odd_files_get_a_code_and_a_message(odd_files, letters):
    status, results = parse(*odd_files.values(), letters / "scan-CM14-0195168.pdf", "missing.pdf")
    assert status == 2
    codes = [result["error"]["code"] for result in results]
    assert codes == ["not-a-pdf", "not-a-pdf", "encrypted", "damaged", "no-text-layer", "not-a-pdf"]
    assert all(result["letters"] == [] for result in results)
    assert "locked with a password" in results[2]["error"]["message"]


def test_a_pdf_that_is_no_determination_says_so(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "invoice.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "Invoice 17 for seven boxes of paper, due in thirty days")
    canvas.save()
    status, [result] = parse(path)
    assert status == 2
    assert result["error"]["code"] == "no-determination"
