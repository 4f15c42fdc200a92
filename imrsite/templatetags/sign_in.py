"""What the pages of the second factor show."""

from __future__ import annotations

from xml.etree import ElementTree as xml

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr_code(svg: str) -> SafeString:
    """The QR code as a part of the page: our policy lets no image be written as `data:`."""
    xml.register_namespace("", "http://www.w3.org/2000/svg")
    drawing = xml.fromstring(svg)  # noqa: S314  (drawn by us, a moment ago)
    for size in ("width", "height"):
        drawing.attrib.pop(size, None)
    drawing.attrib |= {"role": "img", "aria-label": "QR code of the key below"}
    return mark_safe(xml.tostring(drawing, encoding="unicode"))  # noqa: S308  (no text of others)


@register.filter
def in_fours(text: str) -> str:
    """With a gap after every fourth character, as people read out keys."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
