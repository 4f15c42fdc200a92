"""`{% choose %}` renders the part that its value names."""

from __future__ import annotations

import pytest
from django.template import Context, Template

SOURCE = """{% load choose %}{% choose name %}
{% when "one" %}1{% when "two" "both" %}{{ number }}{% otherwise %}other{% endchoose %}"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("one", "1"), ("two", "2"), ("both", "2"), ("three", "other"), (None, "other")],
)
def test_one_part_is_rendered(name, expected):
    assert Template(SOURCE).render(Context({"name": name, "number": 2})) == expected


def test_without_otherwise_the_rest_is_empty():
    template = Template("{% load choose %}{% choose name %}{% when 'a' %}A{% endchoose %}")
    assert template.render(Context({"name": "b"})) == ""
    assert template.render(Context({"name": "a"})) == "A"
