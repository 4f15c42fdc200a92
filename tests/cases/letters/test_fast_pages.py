"""The fast reader gives what the reference gives, word for word and bit for bit."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfplumber.utils.text import LIGATURES

from cases.letters.reader import read_pdf
from cases.letters.reading.fast import glyphs
from cases.letters.reading.fast.document import LeanDocument
from cases.letters.reading.fast.pages import FastFile
from cases.letters.reading.fast.runs import Unsure
from cases.letters.reading.pages import read_pages, reference_pages
from cases.letters.reading.unreadable import Unreadable
from cases.letters.record import dump_reading
from tests.bench.accuracy.package import make_package
from tests.bench.accuracy.printed.package import make_printed
from tests.bench.accuracy.real import find_letters
from tests.cases.letters.odd_pages import LEFT, READ, draw_page

LETTERS = Path(__file__).resolve().parents[2] / "letters"
EXAMPLES = sorted(LETTERS.glob("*.pdf"))


def fast_pages(path: Path) -> list:
    """All pages by the fast reader alone; raises Unsure where it leaves one to the reference."""
    with path.open("rb") as file:
        fast = FastFile(file)
        return [fast.read_page(number) for number in range(1, len(fast.pages) + 1)]


def pages_by(reader: Any, path: Path) -> list:
    return list(reader(path, max_pages=500))


def assert_same_reading(path: Path) -> None:
    assert pages_by(read_pages, path) == pages_by(reference_pages, path)
    reference = read_pdf(path, max_pages=500, pages_of=reference_pages)
    assert dump_reading(read_pdf(path, max_pages=500)) == dump_reading(reference)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_sample_is_read_fast_and_alike(path):
    assert fast_pages(path) == pages_by(reference_pages, path)
    assert_same_reading(path)


@pytest.mark.parametrize("noise", [0, 1, 2])
@pytest.mark.parametrize("number", range(4))
def test_made_up_letters_are_read_alike(tmp_path, noise, number):
    make_package(tmp_path / "x.pdf", f"fast/{noise}/{number}", noise=noise)
    assert_same_reading(tmp_path / "x.pdf")


@pytest.mark.parametrize("noise", [0, 1, 2])
def test_letters_as_printed_are_read_alike(tmp_path, noise):
    make_printed(tmp_path / "x.pdf", f"fast/{noise}", noise=noise)
    assert_same_reading(tmp_path / "x.pdf")


def test_real_letters_are_read_fast_and_alike():
    folder = find_letters()
    if folder is None:
        pytest.skip("The real letters are missing: set IMR_REAL_LETTERS to their folder")
    for path in sorted(folder.glob("*.pdf")):
        assert fast_pages(path) == pages_by(reference_pages, path), path.name


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_odd_pages_are_read_fast_and_alike(tmp_path, name, turned):
    path = draw_page(tmp_path / "x.pdf", READ[name], turned=turned)
    assert fast_pages(path) == pages_by(reference_pages, path)


@pytest.mark.parametrize("name", LEFT)
def test_pages_that_hang_on_single_characters_are_left_to_the_reference(tmp_path, name):
    path = draw_page(tmp_path / "x.pdf", LEFT[name])
    with pytest.raises(Unsure):
        fast_pages(path)
    assert pages_by(read_pages, path) == pages_by(reference_pages, path)


def test_only_the_page_that_is_unsure_is_left_to_the_reference(tmp_path, monkeypatch):
    bundle = join(tmp_path, READ["plain"], LEFT["struck_twice"], READ["accents"])
    asked = []
    monkeypatch.setattr(
        "cases.letters.reading.plumber_pages.PlumberFile.read_page",
        lambda self, number: asked.append(number),
    )
    pages = pages_by(read_pages, bundle)
    assert asked == [2]
    assert [page and page.number for page in pages] == [1, None, 3]


def join(folder: Path, *draws: Any) -> Path:
    with pikepdf.new() as bundle:
        for number, draw in enumerate(draws):
            with pikepdf.open(draw_page(folder / f"{number}.pdf", draw)) as one:
                bundle.pages.extend(one.pages)
        bundle.save(folder / "bundle.pdf")
    return folder / "bundle.pdf"


def test_a_cropped_page_keeps_its_places(tmp_path):
    path = draw_page(tmp_path / "x.pdf", READ["plain"], cropped=True)
    assert fast_pages(path) == pages_by(reference_pages, path)


@pytest.mark.parametrize(
    "box", [[10, 20, 622, 812], [-5.5, -7.25, 606.5, 784.75], [612, 792, 0, 0]]
)
def test_a_media_box_that_begins_elsewhere(tmp_path, box):
    path = edited(tmp_path, lambda pdf: setattr(pdf.pages[0], "MediaBox", pikepdf.Array(box)))
    assert fast_pages(path) == pages_by(reference_pages, path)


def edited(folder: Path, edit: Any, **options: Any) -> Path:
    source = draw_page(folder / "source.pdf", READ["plain"])
    with pikepdf.open(source) as pdf:
        edit(pdf)
        pdf.save(folder / "edited.pdf", **options)
    return folder / "edited.pdf"


def with_content(folder: Path, content: str) -> Path:
    """A page with a content stream of its own and two simple fonts of reportlab's page."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pdf.make_stream(content.encode("latin-1"))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))

    return edited(folder, edit)


CONTENTS = {
    "kerned": "BT /F1 11 Tf 72 700 Td [(W)80(ord)-20(s) -30(and)-278(gaps)3.5(x)]TJ ET",
    "tight": "BT /F1 11 Tf -1.5 Tc -2 Tw 72 700 Td (tight lines of words)Tj 0 -14 Td -9 Tw"
    " [(back by)20(spaces il)]TJ ET",
    "gaps by kerning": "BT /F1 11 Tf 72 700 Td [(one)-300(two)-160(thr)-140(ee)]TJ ET",
    "back by kerning": "BT /F1 11 Tf 72 700 Td [(over)2500(again)]TJ ET",
    "two moves": "BT /F1 11 Tf 72 700 Td [(one)-100 -100(two)50 -40(three)]TJ ET",
    "quotes": "BT /F1 11 Tf 14 TL 72 700 Td (one)' 2 1 (two words)\" T* (three)Tj ET",
    "escapes": r"BT /F1 11 Tf 72 700 Td (\(a\) \\ \101\102\7 \q x\
y)Tj <48 65 6C6c6F> Tj ET",
    "nested parentheses": "BT /F1 11 Tf 72 700 Td (a (b) c)Tj ET",
    "comment": "BT /F1 11 Tf % a comment (Tj)\n72 700 Td (text)Tj ET",
    "inline image": "q BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q BT /F1 11 Tf 72 700 Td (text)Tj ET",
    "marked": "/P <</MCID 0 /ActualText (a Tj b) /L <</X [1 2]>> >> BDC BT /F1 11 Tf 72 700 Td"
    " (text)Tj ET EMC /Span BMC EMC",
    "unknown operator": "BT /F1 11 Tf 72 700 Td (text)Tj foo (more)Tj ET",
    "too few operands": "BT /F1 11 Tf 72 700 Td 5 Tm 1 2 3 (text)Tj ET",
    "unknown font": "BT /F9 11 Tf 72 700 Td (text)Tj ET",
    "no font": "BT 72 700 Td (text)Tj ET",
    "without numbers": "BT /F1 11 Tf -.5 +3 Td .5 0 0 .5 72 700. Tm (text)Tj ET",
    "mirrored": "BT /F1 11 Tf 1 0 0 -1 72 700 Tm (text)Tj ET",
    "slanted": "BT /F1 11 Tf 1 0 .3 1 72 700 Tm (text)Tj ET",
    "negative size": "BT /F1 -11 Tf -1 0 0 -1 72 700 Tm (text)Tj ET",
    "saved states": "q 2 0 0 2 0 0 cm BT /F1 11 Tf 36 350 Td (a)Tj q /F1 5 Tf (b)Tj Q (c)Tj ET Q Q"
    " BT (d)Tj /F1 9 Tf 1 0 0 1 9 9 Tm (e)Tj ET",
    "odd codes": "BT /F1 11 Tf 72 700 Td (a\\177b \\200 \\000 c)Tj ET",
    "glued": "BT/F1 11 Tf 72 700 Td[(te)-20(xt)]TJ(more)Tj ET",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_streams_are_read_alike(tmp_path, name):
    path = with_content(tmp_path, CONTENTS[name])
    assert pages_by(read_pages, path) == pages_by(reference_pages, path)


@pytest.mark.parametrize("name", ["kerned", "gaps by kerning", "quotes", "escapes", "glued"])
def test_common_content_streams_are_read_fast(tmp_path, name):
    assert fast_pages(with_content(tmp_path, CONTENTS[name]))[0].words


def test_ligatures_are_those_of_the_reference():
    assert glyphs.LIGATURES == LIGATURES


# -- documents -----------------------------------------------------------------------------------


def contents(document: PDFDocument) -> dict[int, Any]:
    ids = {number for xref in document.xrefs for number in xref.get_objids()}
    return {number: comparable(document.getobj(number)) for number in sorted(ids)}


def comparable(value: Any) -> Any:
    if isinstance(value, PDFStream):
        return comparable(value.attrs), value.rawdata if value.data is None else value.data
    if isinstance(value, PDFObjRef):
        return "reference", value.objid
    if isinstance(value, dict):
        return {key: comparable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [comparable(one) for one in value]
    return type(value), value


SAVED = {
    "as it was": {},
    "object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    "classic": {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "linearize": True},
    "encrypted": {"encryption": pikepdf.Encryption(owner="secret", user="", R=4)},
    "encrypted with AES-256": {"encryption": pikepdf.Encryption(owner="secret", user="", R=6)},
    "encrypted with RC4": {
        "encryption": pikepdf.Encryption(owner="secret", user="", R=3, aes=False, metadata=False)
    },
}


@pytest.mark.parametrize("how", SAVED)
@pytest.mark.parametrize("path", EXAMPLES[:2], ids=lambda path: path.stem)
def test_objects_are_those_of_pdfminer(tmp_path, path, how):
    with pikepdf.open(path) as pdf:
        pdf.save(tmp_path / "x.pdf", **SAVED[how])
    data = (tmp_path / "x.pdf").read_bytes()
    assert contents(LeanDocument(data)) == contents(PDFDocument(PDFParser(BytesIO(data))))
    assert fast_pages(tmp_path / "x.pdf") == pages_by(reference_pages, tmp_path / "x.pdf")


# -- what is wrong with a file ---------------------------------------------------------------------


def error_by(reader: Any, path: Path, max_pages: int = 500) -> Any:
    with pytest.raises(Unreadable) as raised:
        list(reader(path, max_pages=max_pages))
    return raised.value.error


def drop_boxes(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].MediaBox


def drop_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]


BROKEN = {
    "no media box": (drop_boxes, {}),
    "no pages": (drop_pages, {}),
    "locked": (lambda pdf: None, {"encryption": pikepdf.Encryption(owner="a", user="b")}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_by_the_reference(tmp_path, name):
    edit, options = BROKEN[name]
    path = edited(tmp_path, edit, **options)
    assert error_by(read_pages, path) == error_by(reference_pages, path)


@pytest.mark.parametrize("mark", ["<</MCID q 2>>", "<</MCID>>", "<</MCID 1 (odd)>>"])
def test_a_broken_dictionary_between_the_text(tmp_path, mark):
    path = with_content(tmp_path, f"/P {mark} BDC BT /F1 11 Tf 72 700 Td (text)Tj ET EMC")
    assert error_by(read_pages, path) == error_by(reference_pages, path)


def test_a_stream_without_an_end_of_its_object(tmp_path):
    path = draw_page(tmp_path / "x.pdf", READ["plain"])
    path.write_bytes(path.read_bytes().replace(b"endstream\nendobj", b"endstream\nendo j"))
    assert pages_by(read_pages, path) == pages_by(reference_pages, path)


def test_a_file_cut_in_the_middle(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(EXAMPLES[0].read_bytes()[:600] + b"\n%%EOF\n")
    assert error_by(read_pages, path) == error_by(reference_pages, path)


def test_too_many_pages(tmp_path):
    path = join(tmp_path, READ["plain"], READ["plain"])
    assert error_by(read_pages, path, 1).code == "too-many-pages"
