"""What the word processor's export adds to the drawn pages: fonts that are not embedded, tags and
the encryption with an empty user password."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.pdfbase import pdfmetrics

FONTS = {
    "/Times-Roman": "/TimesNewRomanPSMT",
    "/Times-Bold": "/TimesNewRomanPS-BoldMT",
    "/Helvetica": "/ArialMT",
    "/Helvetica-Bold": "/Arial-BoldMT",
}
LOCK = pikepdf.Encryption(
    owner="made up", user="", R=4, allow=pikepdf.Permissions(extract=False)
)  # fmt: skip


def finish(drawn: bytes, path: Path, marks: Sequence[int]) -> None:
    """Writes the file; `marks` are the numbers of marked stretches on its pages."""
    with pikepdf.open(BytesIO(drawn)) as pdf:
        name_fonts(pdf)
        tag(pdf, marks)
        pdf.save(path, encryption=LOCK)


def name_fonts(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        known = isinstance(item, Dictionary) and str(item.get("/BaseFont", "")) in FONTS
        if known and "/Widths" not in item:
            drawn = str(item.BaseFont)
            widths = pdfmetrics.getFont(drawn[1:]).widths
            item.BaseFont = Name(FONTS[drawn])
            item.Subtype = Name.TrueType
            item.FirstChar, item.LastChar = 32, 255
            item.Widths = Array([round(width) for width in widths[32:256]])
            item.FontDescriptor = pdf.make_indirect(
                Dictionary(
                    Type=Name.FontDescriptor,
                    FontName=Name(FONTS[drawn]),
                    Flags=32,
                    FontBBox=[-568, -307, 2000, 1007],
                    ItalicAngle=0,
                    Ascent=891,
                    Descent=-216,
                    CapHeight=677,
                    StemV=42,
                )
            )


def tag(pdf: pikepdf.Pdf, marks: Sequence[int]) -> None:
    """A structure tree with a paragraph for each marked stretch."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    children, parents = [], []
    for number, (page, count) in enumerate(zip(pdf.pages, marks, strict=True)):
        page.obj.StructParents = number
        elements = [
            pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P, P=root, Pg=page.obj, K=mark)
            )
            for mark in range(count)
        ]
        children += elements
        parents += [number, pdf.make_indirect(Array(elements))]
    root.K = Array(children)
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(parents)))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = pikepdf.String("en-US")
