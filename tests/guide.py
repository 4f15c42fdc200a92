"""`python -m tests.guide`: makes the page of the user guide from docs/guide.md.

The product has no Markdown library, so the HTML is kept in templates/guide/_text.html.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from tests.product import ROOT

SOURCE = ROOT / "docs" / "guide.md"
TARGET = ROOT / "templates" / "guide" / "_text.html"
PICTURE = re.compile(r"screenshots/([-\w]+)-light\.webp")


def guide_html(text: str) -> str:
    """The contents, then the text: headings with ids, pictures in the theme of the reader."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    contents = [
        f'<li><a href="#{slug(inline.content)}">{escape(inline.content)}</a></li>'
        for heading, inline in pairwise(tokens)
        if heading.type == "heading_open" and heading.tag == "h2"
    ]
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag != "h1":
            heading.attrSet("id", slug(inline.content))
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                become_picture(child)
    body = markdown.renderer.render(tokens, markdown.options, {})
    body = body.replace("<table>", '<div class="scroll"><table class="grid">')
    body = body.replace("</table>", "</table></div>")
    return (
        "{# Made from docs/guide.md by `python -m tests.guide`. #}\n"
        f'<nav class="guide-contents" aria-label="Contents"><ul>{"".join(contents)}</ul></nav>\n'
        f'<article class="guide">\n{body}</article>\n'
    )


def slug(heading: str) -> str:
    return re.sub(r"\W+", "-", heading.lower()).strip("-")


def become_picture(image: Token) -> None:
    """An `<img>` with its size, which shows the dark picture in the dark theme."""
    source = str(image.attrs["src"])
    found = PICTURE.fullmatch(source)
    assert found, f"{source} is not a light picture of docs/screenshots"
    name = found[1]
    with Image.open(SOURCE.parent / source) as opened:
        width, height = opened.size
    light, dark = (f"{{% url 'guide-picture' '{name}-{theme}' %}}" for theme in ("light", "dark"))
    image.type = "html_inline"
    image.content = (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img src="{light}" width="{width}" height="{height}" loading="lazy"'
        f' alt="{escape(image.content)}"></picture>'
    )


if __name__ == "__main__":
    TARGET.write_text(guide_html(SOURCE.read_text()))
    print(TARGET.relative_to(ROOT))
