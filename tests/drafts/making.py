"""The drafts as files: text, Word documents, and PDFs set by reportlab."""

from __future__ import annotations

import io
from html import escape

from tests.drafts.drafts import Draft


def text_of(draft: Draft, known: str = "") -> str:
    parts: list[str] = []
    for kind, content in draft.blocks:
        if kind == "text":
            parts.append(str(content))
        elif kind == "list":
            parts += [f"{i}. {item}" for i, item in enumerate(content, 1)]
        else:
            parts += ["\t".join(row) for row in content]
    return "\n".join(parts).replace("{known}", known)


def file_of(draft: Draft) -> bytes:
    return pdf_of(draft) if draft.kind == "pdf" else docx_of(draft)


def docx_of(draft: Draft) -> bytes:
    import docx

    document = docx.Document()
    for kind, content in draft.blocks:
        if kind == "text":
            document.add_paragraph(content)
        elif kind == "list":
            for item in content:
                document.add_paragraph(item, style="List Number")
        else:
            table = document.add_table(0, len(content[0]))
            for row in content:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(draft: Draft) -> bytes:
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    style = getSampleStyleSheet()["Normal"]

    def words(text: str) -> Paragraph:
        return Paragraph(escape(text), style)

    flowables: list = []
    for kind, content in draft.blocks:
        if kind == "text":
            flowables.append(words(content))
        elif kind == "list":
            flowables += [words(f"{i}. {item}") for i, item in enumerate(content, 1)]
        else:
            rows = [[words(cell) for cell in row] for row in content]
            table = Table(rows, colWidths=[115, 65, 140, 75, 110])
            table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"),
                                       ("GRID", (0, 0), (-1, -1), 0.5, "black")]))  # fmt: skip
            flowables.append(table)
        flowables.append(Spacer(1, 8))
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=letter).build(flowables)
    return file.getvalue()
