"""The desk: a draft in, its requests mended, a memo out; memos and how good their rates were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.analysis.precedents import LONGEST_REQUEST
from cases.letters.drafts.flow import line_number, numbered_lines
from cases.models import TURNED
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.desk import joining, keeping
from reviews.desk.calibration import Scored, calibrate
from reviews.desk.memo_page import marked_lines, shown_memo
from reviews.desk.memo_paper import memo_pdf as pdf_of
from reviews.desk.taking import ACCEPTED, MOST_MB, CannotTake, take_all
from reviews.models import Memo, MemoRequest
from reviews.views.downloads import as_download

PAGE = 50
RECENT = 8
NEW_ROWS = 2  # empty ones, for requests that were not found
TOO_MANY = (
    f"A memo has at most {keeping.MOST_REQUESTS} requests. Put one of those below in the place of"
    " another, or make a second memo."
)


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest) -> HttpResponse:
    """The form; sent, the draft's requests on a page of their own. A mistake brings the form back
    with what was typed."""
    if request.method != "POST":
        return render_desk(request, "")
    try:
        taken = take_all(request.POST.get("text", ""), request.FILES.get("file"))
    except CannotTake as problem:
        return render_desk(request, str(problem), status=422)
    memo = keeping.take_in(
        taken,
        request.user,
        claim_number=request.POST.get("claim_number", ""),
        key=sent_key(request),
    )
    return redirect(memo)


def sent_key(request: SignedInRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def render_desk(request: SignedInRequest, problem: str, status: int = 200) -> HttpResponse:
    context = {
        "problem": problem,
        "typed": request.POST,
        "key": uuid.uuid4(),
        "accepted": ACCEPTED,
        "most_mb": MOST_MB,
        "recent": memos_of(request)[:RECENT],
    }
    return render(request, "desk/desk.html", context, status=status)


def memos_of(request: SignedInRequest) -> QuerySet[Memo]:
    """Those that are made, and one's own that are not yet."""
    visible = Q(made_at__isnull=False) | Q(made_by=request.user)
    requests = MemoRequest.objects.filter(left_out=False).defer("outcome").order_by("position")
    return (
        Memo.objects.filter(visible)
        .defer("text", "findings")
        .select_related("case")
        .prefetch_related(Prefetch("requests", requests))
        .order_by("-taken_at", "-pk")
    )


@require_safe
def memo_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(memos_of(request), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/memos.html", {"page": page})


# -- mending the requests --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def memo_requests(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was found, to be mended, added to and left out. Whatever the button, what was typed is
    kept."""
    memo = get_object_or_404(Memo, pk=pk, made_by=request.user)
    if request.method != "POST":
        return redirect(memo) if memo.made_at else render_requests(request, memo)
    try:
        if left := keep_typed(request, memo):
            return render_requests(request, memo, TOO_MANY, status=422, new=left)
        if request.POST.get("action") != "make":
            return redirect("memo-requests", memo.pk)
        return redirect(keeping.make(memo))
    except keeping.CannotMake as problem:
        memo.refresh_from_db()
        return render_requests(request, memo, str(problem), status=422)


def keep_typed(request: SignedInRequest, memo: Memo) -> list[str]:
    """Returns what had no place."""
    texts: dict[int, str] = {}
    left_out: set[int] = set()
    for name in request.POST:
        kind, _, rest = name.partition("-")
        key = whole_number(rest)
        if key is not None and kind == "request":
            texts[key] = request.POST.get(name, "")
        elif key is not None and kind == "drop":
            left_out.add(key)
    return keeping.mend(
        memo, texts, left_out, request.POST.getlist("new"), request.POST.get("claim_number", "")
    )


def render_requests(
    request: SignedInRequest,
    memo: Memo,
    problem: str = "",
    status: int = 200,
    new: Sequence[str] = ("",) * NEW_ROWS,
) -> HttpResponse:
    rows = [
        {
            "row": row,
            "words": "" if row.start is None else memo.text[row.start : row.end],
            "line": None if row.start is None else line_number(memo.text, row.start),
        }
        for row in memo.requests.order_by("position")
    ]
    context = {
        "memo": memo,
        "rows": rows,
        "problem": problem,
        "new": new,
        "lines": numbered_lines(memo.text),
        "longest": LONGEST_REQUEST,
    }
    return render(request, "desk/requests.html", context, status=status)


# -- the memo --------------------------------------------------------------------------------------


def made_memo(pk: int) -> Memo:
    return get_object_or_404(Memo.objects.made().select_related("case", "joined_by"), pk=pk)


@require_safe
def memo(request: SignedInRequest, pk: int) -> HttpResponse:
    if Memo.objects.filter(pk=pk, made_at=None, made_by=request.user).exists():
        return redirect("memo-requests", pk)
    template = "desk/memo_print.html" if "print" in request.GET else "desk/memo.html"
    return render(request, template, memo_context(made_memo(pk)))


def memo_context(memo: Memo, problem: str = "", typed: str = "") -> dict[str, Any]:
    shown = shown_memo(memo)
    return {
        "memo": memo,
        "shown": shown,
        "lines": list(marked_lines(shown)),
        "problem": problem,
        "typed": typed,
    }


@require_safe
def memo_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    memo = made_memo(pk)
    return as_download(pdf_of(shown_memo(memo)), f"memo-{memo.pk}.pdf")


@require_POST
def memo_join(request: SignedInRequest, pk: int) -> HttpResponse:
    """Joins a memo to a case by hand, or takes it from one."""
    memo = made_memo(pk)
    if request.POST.get("action") == "separate":
        joining.separate(memo)
        messages.success(request, "The memo is part of no case again.")
        return redirect(memo)
    number = request.POST.get("case_number", "")
    try:
        case = joining.join_by_number(memo, number, request.user)
    except joining.CannotJoin as problem:
        context = memo_context(memo, str(problem), number)
        return render(request, "desk/memo.html", context, status=422)
    messages.success(request, f"The memo is joined to {case}.")
    return redirect(memo)


@require_safe
def calibration(request: SignedInRequest) -> HttpResponse:
    joined = MemoRequest.objects.filter(memo__case__isnull=False, left_out=False)
    decided = joined.exclude(issue=None).exclude(issue__decision="")
    rows = (
        decided.filter(similar_decided__gt=0)
        .order_by()
        .values_list("similar_overturned", "similar_decided", "issue__decision")
    )
    scored = [Scored(over / of, decision in TURNED) for over, of, decision in rows]
    total = joined.count()
    context = {
        "found": calibrate(scored),
        "memos": Memo.objects.filter(case__isnull=False).count(),
        "unscored": total - len(scored),
        "waiting": Memo.objects.made().filter(case=None).count(),
    }
    return render(request, "desk/calibration.html", context)
