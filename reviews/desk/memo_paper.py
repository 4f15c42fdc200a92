"""A memo as a PDF."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from cases.analysis.rates import Interval
from cases.models.taxonomy import Category, Subcategory, body_parts_in_words
from reviews.desk.memo_page import MemoShown, NearShown, RequestShown
from reviews.desk.outcome import LEVELS, Tally
from reviews.paper import Paper


def memo_pdf(shown: MemoShown) -> bytes:
    memo = shown.memo
    assert memo.made_at is not None
    made = date_format(timezone.localtime(memo.made_at), "DATETIME_FORMAT")
    paper = Paper(f"Memo {memo.pk} of {made}")
    paper.heading(paper.title)
    basis = shown.findings.basis
    paper.facts([
        ("Made by", memo.made_by_name),
        ("Claim number", memo.claim_number),
        ("Draft", memo.file_name or memo.get_kind_display()),
        ("Data", f"{basis.cases:,} cases with {basis.issues:,} issues, {basis.decided:,} of them"
                 " decided, as on file that day"),
        ("Case", str(memo.case or "")),
    ])  # fmt: skip
    for one in shown.findings.repeats:
        paper.heading("Decided for this claim within twelve months (Labor Code 4610(k))", 2)
        denied = one.ur_denied_on or "a day not found"
        paper.text(
            f"Request {one.request}: {one.case_number}, issue {one.position}, {one.text}:"
            f" {one.decision}. UR denied it on {denied}."
        )
    if memo.case:
        paper.heading(f"Memo and decision of {memo.case}", 2)
        paper.facts((one.row.text, decision_words(one)) for one in shown.requests)
    for request in shown.requests:
        add_request(paper, request)
    paper.heading("Citations of the draft", 2)
    if not shown.findings.checked:
        paper.text("The draft cites no guideline that was recognized.")
    for checked in shown.findings.checked:
        paper.heading(f"Line {checked.line}: {checked.raw}", 3)
        for finding in checked.findings:
            paper.text(f"{LEVELS[finding.level]}: {finding.words}")
    paper.heading("The draft", 2)
    paper.text(memo.text)
    return paper.as_pdf()


def add_request(paper: Paper, request: RequestShown) -> None:
    outcome = request.outcome
    paper.heading(f"Request {request.row.position}: {request.row.text}", 2)
    kind = str(Category(outcome.category).label)
    if outcome.subcategory:
        kind += f", {Subcategory(outcome.subcategory).label}"
    paper.facts([
        ("Category", kind),
        ("Body part", body_parts_in_words(list(outcome.body_parts))),
        ("Overturned", rate_words(outcome.similar)),
        ("All of its kind", rate_words(outcome.wider)),
        *((one.label or "No date", rate_words(one)) for one in outcome.years),
    ])  # fmt: skip
    for title, near in (("upheld", request.upheld), ("overturned", request.overturned)):
        paper.heading(f"Nearest {title}", 3)
        for one in near:
            add_near(paper, one)
        if not near:
            paper.text("None on file.")
    if request.cited:
        paper.heading("Cited by MAXIMUS", 3)
        paper.facts((one.name, f"overturned {one.overturned:,}, upheld {one.upheld:,}")
                    for one in request.cited)  # fmt: skip
    if outcome.labels:
        paper.heading("Labels of reviewers", 3)
        paper.facts((one.name, f"overturned {one.overturned:,}, upheld {one.upheld:,}")
                    for one in outcome.labels)  # fmt: skip


def decision_words(one: RequestShown) -> str:
    issue = one.row.issue
    if issue is None:
        return "no issue like it in the letter"
    return f"issue {issue.position}: {issue.get_decision_display() or 'no decision'}"


def add_near(paper: Paper, one: NearShown) -> None:
    near = one.near
    day = f", {date_format(one.decided_on)}" if one.decided_on else ""
    paper.text(
        f"{near.case_number}, issue {near.position}, {one.decision_words}{day}: {near.request}"
    )
    if words := " ".join(filter(None, (near.reason, near.conclusion))):
        paper.quote(words)


def rate_words(tally: Tally) -> str:
    if not tally.decided or tally.rate is None:
        return "no decided issue on file"
    counts = f"{tally.overturned:,} of {tally.decided:,}"
    if tally.is_few:
        return f"{counts}, too few for a rate"
    return f"{tally.rate:.1%} ({counts}, 95% interval {interval_words(tally.interval)})"


def interval_words(interval: Interval | None) -> str:
    return f"{interval.low:.1%} to {interval.high:.1%}" if interval else "unknown"
