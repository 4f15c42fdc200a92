"""Template tags and filters for annotated texts and comments."""

from __future__ import annotations

import re

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from reviews.annotating.marked import Marked, TextRun, Thread
from reviews.annotating.mentions import MENTION
from reviews.models import Label, Review
from reviews.reviewing.due_dates import due_in_words

register = template.Library()

# What HTML would turn into other characters, so that the page holds the stored text exactly.
KEPT = str.maketrans({"\r": "&#13;", "\x00": "\ufffd"})


def stored(text: str) -> SafeString:
    return mark_safe(escape(text).translate(KEPT))  # noqa: S308  (escaped in this very line)


@register.simple_tag
def highlighted(marked: Marked) -> SafeString:
    """The text and nothing else, in marks; the numbers between are links to the threads, which
    scripts leave out when they count (`data-not-text`)."""
    return mark_safe("".join(render_run(run) for run in marked.runs))  # noqa: S308  (made of safe parts)


def render_run(run: TextRun) -> str:
    html = stored(run.text)
    for thread, lane in reversed(run.marks):
        note = thread.note
        html = format_html(
            '<mark class="lane-{} {}" data-note="{}">{}</mark>',
            lane,
            label_class(note.label),
            note.pk,
            html,
        )
    return html + "".join(thread_link(thread) for thread in run.ends)


def thread_link(thread: Thread) -> SafeString:
    return format_html(
        '<a class="ref" id="mark-{}" href="#note-{}" data-not-text aria-label="{}">{}</a>',
        thread.note.pk,
        thread.note.pk,
        accessible_name(thread),
        thread.number,
    )


def accessible_name(thread: Thread) -> str:
    """A highlight's name for those who don't see it."""
    note = thread.note
    words = note.quote if len(note.quote) <= 80 else f"{note.quote[:40]} … {note.quote[-30:]}"
    label = f"{note.label}, " if note.label else ""
    state = ", resolved" if note.resolved_at else ""
    return f"Annotation {thread.number}: {label}by {note.author}, on “{words}”{state}"


@register.simple_tag
def label_class(label: Label | None) -> str:
    return f"label-{label.slug}" if label else "label-none"


@register.filter
def with_mentions(comment: str) -> SafeString:
    """Line ends kept, `@name` set apart."""
    html = re.sub(r"\r?\n", "<br>", conditional_escape(comment))
    return mark_safe(MENTION.sub(r'<strong class="mention">@\1</strong>', html))  # noqa: S308  (escaped above)


@register.filter
def due_words(review: Review) -> str:
    """ "due in 3 days", "2 days overdue"; nothing for what was submitted or closed."""
    return due_in_words(review.due_on, timezone.localdate()) if review.is_due else ""
