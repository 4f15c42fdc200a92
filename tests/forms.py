"""What a browser would send for a form of a page."""

from __future__ import annotations

from html.parser import HTMLParser


def form_data(page: str, form_id: str) -> dict[str, str | list[str]]:
    """The names and values of the form with this id, as they stand on the page."""
    reader = FormReader(form_id)
    reader.feed(page)
    assert reader.found, f"no form {form_id!r} on the page"
    return {name: vs[0] if len(vs) == 1 else vs for name, vs in reader.values.items()}


class FormReader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.found, self.inside = form_id, False, False
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""
        self.first_option: str | None = None
        self.text = ""

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.inside = a.get("id") == self.form_id
            self.found |= self.inside
        elif not self.inside:
            return
        elif tag == "input" and a.get("name"):
            unchecked = a.get("type") in ("checkbox", "radio") and "checked" not in a
            if not unchecked and a.get("type") not in ("submit", "file"):
                self.add(a["name"], a.get("value", "on" if "checked" in a else "") or "")
        elif tag == "textarea":
            self.textarea, self.text = a.get("name", ""), ""
        elif tag == "select":
            self.select, self.first_option = a.get("name", ""), None
        elif tag == "option" and self.select:
            if self.first_option is None:
                self.first_option = a.get("value") or ""
            if "selected" in a:
                self.add(self.select, a.get("value") or "")

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            self.add(self.textarea, self.text.removeprefix("\n"))
            self.textarea = ""
        elif tag == "select" and self.select:
            if self.select not in self.values and self.first_option is not None:
                self.add(self.select, self.first_option)
            self.select = ""

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)
