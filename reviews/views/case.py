"""The case page: facts, issues with both sides, and the letter beside them, annotations on top.

It stands here and not in cases, which knows nothing of what people add.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.corrections.queue import needs_correction
from cases.files.letter_page import shown_letter
from cases.files.pictures_ahead import draw_later
from cases.letters.citations.catalogue import link_for
from cases.letters.model import Citation as CitationRead
from cases.lists.neighbours import trail_of
from cases.models import Case, Citation, Flag, Issue
from cases.models.field_names import PARTIAL_FIELDS, field_label
from cases.models.sides import citation_of, compare_rows, relation_label
from cases.views.claims import claim_context
from cases.views.signed_in import SignedInRequest
from reviews.annotating.marked import Marked, mark_text, with_threads
from reviews.annotating.targets import Place
from reviews.models import Annotation, Label, Memo, Review, Target
from reviews.obligations.sheet import obligations_in_brief
from reviews.reviewing.pages_ahead import pages_after
from reviews.reviewing.review_panel import panel_context
from reviews.reviewing.workflow import create_review

DATES = (
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
)
CONTRADICTIONS = ("ur-date-disagrees", "injury-date-disagrees")


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field of the header as shown. The flags in `told` speak of it here; those in `pointed`
    have a note of their own on the page."""

    name: str
    label: str
    value: Any
    told: tuple[Flag, ...] = ()
    pointed: tuple[Flag, ...] = ()

    @property
    def is_date(self) -> bool:
        return isinstance(self.value, dt.date)


@dataclass(frozen=True, slots=True)
class RequestPart:
    """One of the three parts of a partial authorization; `name` is where it stands."""

    name: str
    label: str
    text: str


# By the key of the issue, None for the case itself, and the target.
Texts = dict[tuple[int | None, str], Marked]

PARTS = dict(zip(PARTIAL_FIELDS, ("Requested", "Authorized", "In dispute"), strict=True))


@dataclass(frozen=True, slots=True)
class LinkedCitation:
    """A citation with the public text of its guideline, where there is one."""

    row: Citation
    link: str | None


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """One row of the two sides' citations."""

    claims: LinkedCitation | None
    maximus: LinkedCitation | None
    relation: str
    words: str


@require_safe
@vary_on_headers("HX-Request")
def case_page(request: SignedInRequest, case_number: str) -> HttpResponse:
    case = get_object_or_404(cases_in_full(), case_number=case_number)
    show = request.GET.get("show", "")
    letter = shown_letter(case, show, request.GET.get("page", ""))
    context: dict[str, Any] = {
        "case": case,
        "show": show,
        "letter": letter,
        "as_pdf": request.GET.get("view") == "pdf",
    }
    if request.htmx.target == "letter":
        return render(request, "cases/_letter.html", context)
    trail = None if "print" in request.GET else trail_of(request.GET, case)
    following = trail.following_case if trail else None
    draw_later(pages_after(case, letter.number, following=following, reviewer=request.user.pk))
    flags = list(case.flags.all())
    texts = marked_texts(case, request.user)
    context |= {
        "trail": trail,
        "facts": header_fields(case, flags),
        "errors": [flag for flag in flags if needs_correction(flag)],
        "contradictions": [flag for flag in flags if is_contradiction(flag)],
        "issues": [issue_context(issue, texts, flags) for issue in case.issues.all()],
        "summary": texts[None, Target.CLINICAL_SUMMARY],
        "labels": Label.objects.filter(retired=False),
        "obligations": obligations_in_brief(case),
        "memos": memos_of(case),
    }
    context |= claim_context(getattr(case, "claim_facts", None))
    context |= panel_context(review_of(case), request.user)
    template = "cases/brief.html" if "print" in request.GET else "cases/case.html"
    return render(request, template, context)


def review_of(case: Case) -> Review:
    return getattr(case, "review", None) or create_review(case)


def memos_of(case: Case) -> QuerySet[Memo]:
    """Those that it was joined to, looked for only where there are any."""
    if not getattr(case, "has_memos", False):
        return Memo.objects.none()
    return Memo.objects.made().filter(case=case).only("made_at").order_by("made_at")


def cases_in_full() -> QuerySet[Case]:
    """In orders of their own: those of the models lead through other tables."""
    citations = Prefetch("citations", Citation.objects.order_by("side", "position"))
    issues = Issue.objects.prefetch_related(citations)
    one_each = Case.objects.select_related("document", "claim_facts", "review__closed_by")
    one_each = one_each.annotate(has_memos=Exists(Memo.objects.filter(case=OuterRef("pk"))))
    return one_each.prefetch_related(
        Prefetch("issues", issues.order_by("position")),
        Prefetch("flags", Flag.objects.order_by("pk")),
        Prefetch("annotations", with_threads().order_by("pk")),
    )


def header_fields(case: Case, flags: list[Flag]) -> list[HeaderField]:
    def fact(name: str, value: Any) -> HeaderField:
        label = field_label(Case, name)
        own = [flag for flag in flags if flag.field == name and flag.issue_id is None]
        noted = tuple(flag for flag in own if has_note(flag))
        told = tuple(flag for flag in own if not has_note(flag))
        return HeaderField(name, label[0].upper() + label[1:], value, told, noted)

    return [
        *(fact(name, getattr(case, name)) for name in DATES),
        fact("priority", case.get_priority_display()),
        fact("specialties", ", ".join(case.specialties)),
        fact("licensed_states", ", ".join(case.licensed_states)),
    ]


def has_note(flag: Flag) -> bool:
    return needs_correction(flag) or is_contradiction(flag)


def is_contradiction(flag: Flag) -> bool:
    """Whether the summary gives a date of the header otherwise."""
    return flag.issue_id is None and flag.code in CONTRADICTIONS


def marked_texts(case: Case, user: User) -> Texts:
    """Every text that can be annotated, by issue and target; the notes are numbered through."""
    notes: dict[tuple[int | None, str], list[Annotation]] = {}
    for note in case.annotations.all():
        notes.setdefault((note.issue_id, note.target), []).append(note)
    of_issues = [target for target in Target if target != Target.CLINICAL_SUMMARY]
    places = [Place(case, issue, target) for issue in case.issues.all() for target in of_issues]
    number = 1
    texts: Texts = {}
    for place in [*places, Place(case, None, Target.CLINICAL_SUMMARY)]:
        key = (place.issue.pk if place.issue else None, place.target)
        texts[key] = mark_text(place, user, notes.get(key, ()), number)
        number += texts[key].count
    return texts


def issue_context(issue: Issue, texts: Texts, flags: list[Flag]) -> dict[str, Any]:
    citations = list(issue.citations.all())
    return {
        "issue": issue,
        "names": {
            name: f"issue-{issue.position}-{name}"
            for name in (
                "treatment_request",
                "in_dispute",
                "body_parts",
                "retrospective",
                "decision",
                "claims_guideline",
                "maximus_guideline",
                "rationale",
            )
        },
        "parts": request_parts(issue),
        "rows": align_citations(citations),
        "begins": beginning_of(issue),
        "mentions": [c for c in citations if c.side == Citation.Side.RATIONALE],
        "flags": [flag for flag in flags if flag.issue_id == issue.pk],
        "rationale": texts[issue.pk, Target.RATIONALE],
        "as_written": [
            texts[issue.pk, target]
            for target in (Target.CLAIMS_GUIDELINE, Target.MAXIMUS_GUIDELINE)
        ],
    }


def beginning_of(issue: Issue) -> tuple[int, float] | None:
    """Page and height, in points, where its part of the letter begins, if the parser found it."""
    spans = issue.provenance.get("treatment_request", {}).get("spans", [])
    if not spans:
        return None
    boxes = spans[0]["boxes"]
    return spans[0]["page"], boxes[0][1] if boxes else 0.0


def request_parts(issue: Issue) -> list[RequestPart]:
    if not issue.is_partial:
        return []
    return [
        RequestPart(f"issue-{issue.position}-{name}", label, getattr(issue, name))
        for name, label in PARTS.items()
    ]


def align_citations(citations: list[Citation]) -> list[AlignedRow]:
    """The comparison's rows, with the stored citations in place of the compared ones."""
    claims = [row for row in citations if row.side == Citation.Side.CLAIMS]
    maximus = [row for row in citations if row.side == Citation.Side.MAXIMUS]
    comparison = compare_rows(citations)
    ours, theirs = RowMatcher(claims), RowMatcher(maximus)
    return [
        AlignedRow(
            ours.take(row.claims),
            theirs.take(row.maximus),
            row.relation,
            relation_label(row),
        )
        for row in comparison.rows
    ]


class RowMatcher:
    """Gives back the stored rows that compared citations were made of, each once."""

    def __init__(self, rows: list[Citation]):
        self.left = list(rows)

    def take(self, citation: CitationRead | None) -> LinkedCitation | None:
        if citation is None:
            return None
        for i, row in enumerate(self.left):
            if citation_of(row) == citation:
                del self.left[i]
                return LinkedCitation(row, link_for(row.guideline))
        return None
