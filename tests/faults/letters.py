"""Small distinct letters, made in a millisecond, and files that are made to hurt."""

from __future__ import annotations

import io
import zlib

from reportlab.lib.pagesizes import letter as LETTER
from reportlab.pdfgen.canvas import Canvas

LINES = """\
Case Number: {number}          Date Assigned: 12/02/2014
Date of Injury: 09/26/2013          Decision Date: 01/16/2015
Priority: Standard          UR Denial Date: 11/08/2014
Application Received: 11/21/2014
HOW THE IMR FINAL DETERMINATION WAS MADE
The expert reviewer is Board Certified in Occupational Medicine and is licensed to practice in
California.
CLINICAL CASE SUMMARY
The applicant is a cook with an industrial injury of September 26, 2013.
IMR ISSUES, DECISIONS AND RATIONALES
Work conditioning, {count} sessions: Upheld
Claims Administrator guideline: Decision based on MTUS Chronic Pain Treatment Guidelines
Page(s): 125-126.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 125.
Decision rationale: The request for {count} sessions is not medically necessary.
"""


MORE = ["The records speak of the same complaints and of the same treatment again."] * 25


def number(n: int) -> str:
    return f"CM14-{n:07d}"


def small_letter(n: int, *, pages: int = 1) -> bytes:
    """A letter of one page, all its own; more pages go on with it, which takes time to read."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LETTER, pageCompression=1, invariant=1)
    for page in range(pages):
        canvas.setFont("Times-Roman", 12)
        lines = LINES.format(number=number(n), count=n).splitlines() if page == 0 else MORE
        for i, line in enumerate(lines):
            canvas.drawString(72, 700 - 22 * i, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(data), data)


def one_page(content: bytes, more: bytes = b"", form: bytes = b"null") -> bytes:
    return pdf(CATALOG, PAGES, PAGE, stream(content, more), FONT, form)


def squeezed(data: bytes, times: int) -> bytes:
    """`data` that many times over, compressed."""
    packer = zlib.compressobj(9)
    chunk = data * 10_000
    parts = [packer.compress(chunk) for _ in range(max(1, times // 10_000))]
    return b"".join(parts) + packer.flush()


FLATE = b"/Filter/FlateDecode"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"


def bombs() -> dict[str, bytes]:
    """Files of a few kilobytes that would take gigabytes, hours or the stack."""
    text = b"BT /F 12 Tf (aaaaaaaaaaaaaaaa) Tj ET "
    return {
        "a gigabyte of nothing": one_page(squeezed(b" " * 100, 10_000_000), FLATE),
        "a hundred million words": one_page(squeezed(text, 3_000_000), FLATE),
        "twice squeezed": one_page(
            zlib.compress(squeezed(b"\0" * 100, 10_000_000)), b"/Filter[/FlateDecode/FlateDecode]"
        ),
        "a form that draws itself": one_page(b"/X Do", form=stream(b"/X Do /X Do", FORM)),
        "brackets within brackets": one_page(b"[" * 200_000),
        "states within states": one_page(b"q " * 500_000 + b"Q " * 500_000),
        "pages that are their own parents": pdf(
            CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
        ),
        "a billion pages by its own word": pdf(
            CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>", PAGE, stream(b""), FONT,
            b"null",
        ),
        "a page as large as a country": one_page(b"1e30 0 0 1e30 0 0 cm " + text),
    }  # fmt: skip
