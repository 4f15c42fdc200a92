"""Characters of a page that are no words of the letter."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from cases.letters.reading.pages import read_pages

LINES = ["Case Number: CM16-0000017", "Skills: fill illicit bottles 2 x 11, 100 or 1000"]


def words_of(path):
    (page,) = read_pages(path, max_pages=1)
    return " ".join(word.text for word in page.words)


def draw(path, *, strike=(0, 0), watermark=None):
    canvas = Canvas(str(path))
    if watermark:
        words, angle, size = watermark
        canvas.saveState()
        canvas.translate(250, 740)
        canvas.rotate(angle)
        canvas.setFont("Helvetica-Bold", size)
        canvas.drawCentredString(0, 0, words)
        canvas.restoreState()
    canvas.setFont("Times-Roman", 11)
    for row, line in enumerate(LINES):
        for x, y in {(0, 0), strike}:
            canvas.drawString(72 + x, 750 - 15 * row - y, line)
    canvas.save()
    return path


@pytest.mark.parametrize(
    "strike", [(0.2, 0), (0.4, 0), (0.7, 0), (1.2, 0), (0.3, 0.3), (0, 0.5), (0.5, -0.5)]
)
def test_type_struck_twice_to_look_bold_is_read_once(tmp_path, strike):
    assert words_of(draw(tmp_path / "x.pdf", strike=strike)) == " ".join(LINES)


@pytest.mark.parametrize(
    "watermark", [("COPY", 45, 80), ("COPY", 30, 60), ("COPY", -45, 30), ("COPY", 0, 70)]
)
def test_a_watermark_does_not_mix_with_the_text(tmp_path, watermark):
    assert words_of(draw(tmp_path / "x.pdf", watermark=watermark)) == " ".join(LINES)


def test_a_slant_as_of_a_page_scanned_askew_is_text(tmp_path):
    assert "COPY" in words_of(draw(tmp_path / "x.pdf", watermark=("COPY", 2, 12)))
