"""Pages that readers stumble over, each drawn with reportlab on a canvas of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LINES = ("Case Number: CM16-0000017", "Skills: fill illicit bottles, 100 or 1000")
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

Draw = Callable[[Canvas], None]


def plain(canvas: Canvas) -> None:
    canvas.setFont("Times-Roman", 11)
    for row, line in enumerate(LINES):
        canvas.drawString(72, 750 - 15 * row, line)


def spaced_letters(canvas: Canvas) -> None:
    text = canvas.beginText(72, 700)
    text.setFont("Helvetica", 11)
    text.setCharSpace(0.7)
    text.setWordSpace(2.5)
    text.textLine("Character and word spacing")
    text.setCharSpace(2.2)
    text.textLine("SPACED OUT")
    text.setHorizScale(80)
    text.setCharSpace(-0.3)
    text.textLine("narrow and tight")
    canvas.drawText(text)


def without_spaces(canvas: Canvas) -> None:
    x = 72.0
    canvas.setFont("Times-Roman", 11)
    for word in ("Words", "set", "one", "by", "one"):
        canvas.drawString(x, 600, word)
        x += pdfmetrics.stringWidth(word, "Times-Roman", 11) + 2.6


def split_words(canvas: Canvas) -> None:
    x = 72.0
    canvas.setFont("Times-Roman", 11)
    for part in ("deter", "mina", "tion", " of", " the", " ", "case"):
        canvas.drawString(x, 580, part)
        x += pdfmetrics.stringWidth(part, "Times-Roman", 11)


def moved_lines(canvas: Canvas) -> None:
    text = canvas.beginText()
    text.setTextOrigin(72, 500)
    text.setFont("Courier", 10, leading=14)
    text.textLines("Lines that follow each other\nby leading\nand a rise")
    text.setRise(4)
    text.textOut("up")
    text.setRise(0)
    text.textOut(" down \\(not a paren\\) ( [ ] ) \\")
    canvas.drawText(text)


def accents(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 450, "naïve café – “quoted” • ½ § \u00ad soft-hyphen \u00a0 nbsp")


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(72, 430)
    text.setFont("Helvetica", 11)
    text.setTextRenderMode(3)
    text.textLine("The layer that text recognition lays under a picture")
    canvas.drawText(text)


def watermark(canvas: Canvas) -> None:
    plain(canvas)
    canvas.saveState()
    canvas.translate(250, 740)
    canvas.rotate(45)
    canvas.setFont("Helvetica-Bold", 60)
    canvas.drawCentredString(0, 0, "COPY")
    canvas.restoreState()


def level_watermark(canvas: Canvas) -> None:
    plain(canvas)
    canvas.setFont("Helvetica-Bold", 70)
    canvas.drawString(100, 740, "COPY")


def sideways(canvas: Canvas) -> None:
    plain(canvas)
    canvas.rotate(90)
    canvas.drawString(100, -30, "Along the edge")


def scaled(canvas: Canvas) -> None:
    canvas.scale(0.24, 0.24)
    canvas.setFont("Helvetica", 50)
    canvas.drawString(300, 3000, "Drawn at four times its size")


def in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("letterhead")
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(72, 760, "Maximus Federal Services")
    canvas.endForm()
    canvas.doForm("letterhead")
    plain(canvas)


def embedded_font(canvas: Canvas) -> None:
    if not DEJAVU.exists():
        return plain(canvas)
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    canvas.setFont("DejaVu", 11)
    canvas.drawString(72, 400, "Ligatures \ufb01lled \ufb02at \ufb03 and Ω ≤ ≥ é")
    return None


def struck_twice(canvas: Canvas) -> None:
    plain(canvas)
    canvas.drawString(72.4, 750, LINES[0])


def askew(canvas: Canvas) -> None:
    canvas.rotate(2)
    plain(canvas)


def overprinted(canvas: Canvas) -> None:
    plain(canvas)
    canvas.drawString(80, 750, "Another line over the first")


def nothing(canvas: Canvas) -> None:
    canvas.line(72, 72, 200, 200)


# What the fast reader reads itself, and what it leaves to the reference.
READ: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        plain,
        spaced_letters,
        without_spaces,
        split_words,
        moved_lines,
        accents,
        invisible,
        watermark,
        level_watermark,
        sideways,
        scaled,
        in_a_form,
        embedded_font,
        nothing,
    )
}
LEFT: dict[str, Draw] = {draw.__name__: draw for draw in (struck_twice, askew, overprinted)}


def draw_page(path: Path, draw: Draw, *, turned: int = 0, cropped: bool = False) -> Path:
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=1, pageCompression=0)
    if turned:
        canvas.setPageRotation(turned)
    if cropped:
        canvas.setCropBox((20, 30, 500, 780))
    draw(canvas)
    canvas.save()
    return path
