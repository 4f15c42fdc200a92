"""`manage.py parse`, as another program calls it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from tests.measured import python


def parse(*arguments: object, **limits: object) -> tuple[int, list[dict]]:
    """`limits` are settings by their names in the environment."""
    done = subprocess.run(
        [*python(), "manage.py", "parse", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **{name: str(value) for name, value in limits.items()}},
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


def reading(result: dict) -> tuple[str, list]:
    return result["error"]["code"], result["letters"]


def test_a_file_above_the_limits_of_size_or_pages_says_which(tmp_path, letters):
    big = tmp_path / "big.pdf"
    big.write_bytes((letters / "CM14-0195168.pdf").read_bytes() + b"%" * 1_100_000)
    status, [result] = parse(big, IMR_MAX_UPLOAD_MB=1)
    assert (status, reading(result)) == (2, ("too-large", []))
    assert "1 MB" in result["error"]["message"]

    status, [result] = parse(letters / "CM14-0195168.pdf", IMR_MAX_PAGES=2)
    assert (status, reading(result)) == (2, ("too-many-pages", []))
    assert "2 pages" in result["error"]["message"]


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read(tmp_path, letters):
    slow = tmp_path / "slow.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"q Q " * 10_000_000)
        pdf.save(slow)
    started = time.monotonic()
    status, results = parse(slow, letters / "facsimile-001-final-2015.pdf", IMR_PARSE_SECONDS=4)
    assert time.monotonic() - started < 40
    assert status == 2
    assert reading(results[0]) == ("timed-out", [])
    assert results[1]["letters"][0]["case_number"] == "CM15-0021754"
