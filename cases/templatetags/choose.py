"""`{% choose column.name %}{% when "flags" %}…{% otherwise %}…{% endchoose %}`: one of many parts.

A chain of `{% elif %}` compares the value with each name in turn; in the cells of a table, of which
a page has hundreds, that takes longer than what they show.
"""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token

register = template.Library()
PARTS = ("when", "otherwise", "endchoose")


class ChooseNode(Node):
    child_nodelists = ("all_nodes",)

    def __init__(
        self, value: FilterExpression, parts: Mapping[str, NodeList], otherwise: NodeList
    ) -> None:
        self.value, self.parts, self.otherwise = value, parts, otherwise
        self.all_nodes = NodeList([node for part in parts.values() for node in part] + otherwise)

    def render(self, context: template.Context) -> str:
        return self.parts.get(self.value.resolve(context), self.otherwise).render(context)


@register.tag
def choose(parser: Parser, token: Token) -> ChooseNode:
    _, value = token.split_contents()
    parts: dict[str, NodeList] = {}
    otherwise = NodeList()
    parser.parse(("when",))  # nothing but space stands before the first
    while (part := parser.next_token()).contents != "endchoose":
        kind, *names = part.split_contents()
        nodes = parser.parse(PARTS)
        if kind == "otherwise":
            otherwise = nodes
        parts.update({name.strip("\"'"): nodes for name in names})
    return ChooseNode(parser.compile_filter(value), parts, otherwise)
