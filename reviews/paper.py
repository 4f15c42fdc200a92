"""Plain PDFs: headings, paragraphs, quotations and tables of facts, on letter paper."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

MARGIN = 54  # points


@dataclass(slots=True)
class Paper:
    """Made from top to bottom; `title` stands in the file's properties and at the foot."""

    title: str
    parts: list[tuple[str, Any]] = field(default_factory=list)

    def heading(self, text: str, level: int = 1) -> None:
        self.parts.append((f"heading{level}", text))

    def text(self, text: str) -> None:
        self.parts.extend(("text", one) for one in text.split("\n") if one.strip())

    def quote(self, text: str) -> None:
        self.parts.append(("quote", text))

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        self.parts.append(("facts", [(name, value) for name, value in rows if value]))

    def as_pdf(self) -> bytes:
        # Takes a while to import, and few requests need it.
        from reportlab.lib.pagesizes import letter
        from reportlab.platypus import SimpleDocTemplate

        file = io.BytesIO()
        document = SimpleDocTemplate(
            file, pagesize=letter, title=self.title, author="IMR Case Review",
            leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        )  # fmt: skip
        styles = make_styles()
        document.build(
            [flowable(kind, content, styles) for kind, content in self.parts],
            onFirstPage=self.foot,
            onLaterPages=self.foot,
        )
        return file.getvalue()

    def foot(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Vera", 8)
        canvas.drawString(MARGIN, MARGIN / 2, self.title[:100])
        canvas.drawRightString(document.pagesize[0] - MARGIN, MARGIN / 2, f"Page {document.page}")
        canvas.restoreState()


def make_styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    # These come with reportlab, and have more letters than the fonts of every PDF reader.
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf"), ("VeraIt", "VeraIt.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    text = ParagraphStyle("text", fontName="Vera", fontSize=9.5, leading=13, spaceAfter=4)
    return {
        "text": text,
        "heading1": ParagraphStyle(
            "heading1", text, fontName="VeraBd", fontSize=15, leading=19, spaceAfter=8
        ),
        "heading2": ParagraphStyle(
            "heading2", text, fontName="VeraBd", fontSize=11, leading=14, spaceBefore=10
        ),
        "heading3": ParagraphStyle("heading3", text, fontName="VeraBd", spaceBefore=4),
        "quote": ParagraphStyle(
            "quote", text, fontName="VeraIt", leftIndent=12, borderPadding=2, spaceBefore=2
        ),
    }


def flowable(kind: str, content: Any, styles: dict[str, Any]) -> Any:
    from reportlab.platypus import Paragraph, Table, TableStyle

    if kind != "facts":
        return Paragraph(escape(content), styles[kind])
    rows = [[Paragraph(escape(one), styles["text"]) for one in row] for row in content]
    table = Table(rows, colWidths=[130, None], hAlign="LEFT")
    table.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    )
    return table
