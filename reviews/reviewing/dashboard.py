"""What needs a person's attention, by what their role lets them do: each kind with how many there
are, the first of them, and the list that has them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from cases.corrections.proposals import open_proposals
from cases.corrections.queue import correction_queue, reasons_of, with_reasons
from cases.index.current import current_index
from cases.index.order import ByColumn
from cases.index.rows import CASE
from cases.models import TURNED, Case, Document, Issue, Proposal
from reviews.annotating import mentions
from reviews.annotating.annotate import LEAD
from reviews.models import Assignment, IssueVerdict, Mention, Obligation, Opinion, Review
from reviews.names import name_of
from reviews.obligations.due_soon import due_soon, list_query
from reviews.reviewing.due_dates import due_in_words
from reviews.reviewing.next_review import waiting_assignments
from reviews.reviewing.workflow import REVIEW

SHOWN = 3
MOST_ASSIGNED, MOST_MENTIONS = 6, 10  # of what is one's own a few more
UNREAD = ("clinical_summary", "provenance")  # long, and not on this page
CORRECT, RETRY = "cases.change_case", "cases.change_document"
OBLIGE = "reviews.change_obligation"
WAITING_FOR_LEADS = (Review.State.SUBMITTED, Review.State.AGREED)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: why, and the action beside it; `review` has the due date, or `due` says it
    in words."""

    title: str
    why: str
    action: str
    address: str
    review: Review | None = None
    posts: bool = False
    due: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one kind: how many there are in all, those shown, and the list of all, if any.

    `offered` ones are free to take and need nobody's attention in particular."""

    name: str
    icon: str
    tone: str
    total: int
    tasks: tuple[Task, ...]
    more: str = ""
    all_of: str = ""
    offered: bool = False

    @property
    def left_out(self) -> int:
        return self.total - len(self.tasks)


@dataclass(frozen=True, slots=True)
class Attention:
    """All groups of one person that hold anything."""

    groups: tuple[TaskGroup, ...]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups if not group.offered)


def attention_of(user: User, unreadable: int) -> Attention:
    """`unreadable` is the number of documents that could not be read."""
    groups: list[TaskGroup] = []
    if user.has_perm(OBLIGE):
        groups.append(deadlines())
    if user.has_perm(REVIEW):
        groups += [assigned(user), mentioned(user)]
    groups += review_groups(user)
    if user.has_perm(CORRECT):
        groups += [to_correct(), new_readings()]
    if user.has_perm(RETRY) and unreadable:
        groups.append(not_read(unreadable))
    held = [group for group in groups if group.total]
    return Attention(tuple(sorted(held, key=lambda group: group.offered)))


# -- deadlines ---------------------------------------------------------------------------------


def deadlines() -> TaskGroup:
    """What is overdue, or due within the next days."""
    today = timezone.localdate()
    soon = due_soon(today).defer("case__clinical_summary", "case__provenance")
    found = list(soon[: SHOWN + 1])
    total = len(found) if len(found) <= SHOWN else soon.count()
    late = any(one.is_overdue for one in found)
    return TaskGroup(
        "deadlines",
        "calendar-clock",
        "bad" if late else "warn",
        total,
        tuple(deadline_task(one, today) for one in found[:SHOWN]),
        more=list_address("obligations", **list_query(today)),
        all_of="deadlines that are near or past",
    )


def deadline_task(one: Obligation, today: date) -> Task:
    asked = one.issue.disputed if one.issue else "the whole letter"
    return Task(
        f"{one.get_kind_display()}: {one.case.case_number}",
        Truncator(asked).chars(160),
        "Open",
        one.get_absolute_url(),
        due=due_in_words(one.due_on, today),
        late=one.is_overdue,
    )


# -- of reviewers ------------------------------------------------------------------------------


def assigned(user: User) -> TaskGroup:
    issues = Prefetch("review__case__issues", issues_in_brief())
    rows = waiting_assignments(user).select_related("assigned_by").prefetch_related(issues)
    found = list(rows[: MOST_ASSIGNED + 1])
    total = len(found) if len(found) <= MOST_ASSIGNED else rows.count()
    return TaskGroup(
        "assigned",
        "book-open",
        "",
        total,
        tuple(reading_task(one, user) for one in found[:MOST_ASSIGNED]),
        more=list_address("reviews", waiting_for=user.username),
        all_of="reviews that wait for you",
    )


def reading_task(one: Assignment, user: User) -> Task:
    case = one.review.case
    by_oneself = one.assigned_by_id == user.pk
    giver = "you took it" if by_oneself else f"assigned by {name_of(one.assigned_by)}"
    return Task(
        f"Review {case.case_number}",
        f"{issues_in_words(case)} · {giver}",
        "Continue" if one.version > 1 else "Start reading",
        case.get_absolute_url(),
        one.review,
    )


def mentioned(user: User) -> TaskGroup:
    unseen = mentions.unseen_mentions(user)
    found = list(unseen[: MOST_MENTIONS + 1])
    total = len(found) if len(found) <= MOST_MENTIONS else unseen.count()
    tasks = tuple(map(mention_task, found[:MOST_MENTIONS]))
    return TaskGroup("mentioned", "at-sign", "", total, tasks)


def mention_task(mention: Mention) -> Task:
    written = mention.reply or mention.annotation
    words = Truncator(written.comment).chars(120)
    return Task(
        f"{name_of(written.author)} mentioned you",
        f"“{words}” · {mention.annotation.case.case_number}",
        "Open thread",
        mention.get_absolute_url(),
        posts=True,
    )


# -- reviews to take, settle and close ---------------------------------------------------------


def review_groups(user: User) -> list[TaskGroup]:
    """The most urgent of each kind, by the index; their rows in one go."""
    states: dict[str, tuple[str, ...]] = {}
    if user.has_perm(LEAD):
        states |= {"settle": (Review.State.IN_DISPUTE,), "close": WAITING_FOR_LEADS}
    if user.has_perm(REVIEW):
        states |= {"take": (Review.State.UNASSIGNED,)}
    totals: dict[str, int] = {}
    first: dict[str, list[int]] = {}
    with current_index() as index:
        space = index.spaces[CASE]
        for name, wanted in states.items():
            rows = space.holding("review", wanted[0]).copy()
            for state in wanted[1:]:
                rows |= space.holding("review", state)
            totals[name] = len(rows)
            keys = ByColumn("due").keys(index, CASE, rows, 0, SHOWN)
            first[name] = [int(key) for key in keys]
    reviews = reviews_of(key for keys in first.values() for key in keys)
    make = {"settle": settle_group, "close": close_group, "take": take_group}
    return [
        make[name](totals[name], [reviews[key] for key in first[name] if key in reviews])
        for name in states
    ]


def reviews_of(cases: Iterable[int]) -> dict[int, Review]:
    """By case, with what the tasks tell of them."""
    verdicts = IssueVerdict.objects.order_by("pk").only("assignment", "issue", "opinion")
    assignments = Assignment.objects.select_related("reviewer").order_by("pk")
    rows = (
        Review.objects.filter(case__in=list(cases))
        .select_related("case")
        .defer("case__clinical_summary", "case__provenance")
        .prefetch_related(
            Prefetch("case__issues", issues_in_brief()),
            Prefetch("assignments", assignments.prefetch_related(Prefetch("verdicts", verdicts))),
        )
    )
    return {review.case_id: review for review in rows}


def settle_group(total: int, reviews: list[Review]) -> TaskGroup:
    tasks = tuple(
        Task(f"Settle {one}", dispute_in_words(one), "Settle", one.get_absolute_url())
        for one in reviews
    )
    more = list_address("reviews", state=Review.State.IN_DISPUTE)
    return TaskGroup("settle", "scale", "warn", total, tasks, more, "reviews in dispute")


def dispute_in_words(review: Review) -> str:
    """On how many of the issues the reviewers differ."""
    said = [{v.issue_id: v.opinion for v in one.verdicts.all()} for one in review.assignments.all()]
    issues = list(review.case.issues.all())
    differ = [str(one.position) for one in issues if len({side.get(one.pk) for side in said}) > 1]
    names = " and ".join(name_of(one.reviewer) for one in review.assignments.all())
    if len(issues) == 1:
        return f"{names} differ on its issue"
    return f"{names} differ on issue{'s' if len(differ) != 1 else ''} {', '.join(differ)}"


def close_group(total: int, reviews: list[Review]) -> TaskGroup:
    tasks = tuple(
        Task(f"Close {one}", verdicts_in_words(one), "Read and close", one.get_absolute_url())
        for one in reviews
    )
    more = list_address("reviews", state=list(WAITING_FOR_LEADS))
    return TaskGroup("close", "check", "", total, tasks, more, "reviews to close")


def verdicts_in_words(review: Review) -> str:
    """What those who submitted it said: of two in agreement, the same."""
    assignments = list(review.assignments.all())
    opinions = [one.opinion for one in assignments[0].verdicts.all()] if assignments else []
    labels = {"agree": "agrees", "disagree": "disagrees", "unsure": "is unsure"}
    if len(assignments) > 1:
        labels = {"agree": "agree", "disagree": "disagree", "unsure": "are unsure"}
    said = [
        f"{labels[opinion]} on {opinions.count(opinion)}"
        for opinion in Opinion.values
        if opinion in opinions
    ]
    names = " and ".join(name_of(one.reviewer) for one in assignments)
    return f"{names} {', '.join(said)} of {count(len(review.case.issues.all()), 'issue')}"


def take_group(total: int, reviews: list[Review]) -> TaskGroup:
    tasks = tuple(
        Task(
            one.case.case_number,
            issues_in_words(one.case),
            "Take it",
            reverse("review-take", args=[one.case.case_number]),
            one,
            posts=True,
        )
        for one in reviews
    )
    more = list_address("reviews", state=Review.State.UNASSIGNED)
    return TaskGroup("take", "hand", "", total, tasks, more, "reviews nobody has", offered=True)


# -- of correctors and of those who upload -----------------------------------------------------


def to_correct() -> TaskGroup:
    with current_index() as index:
        total = len(index.spaces[CASE].holding("needs_correction", "true"))
    found = with_reasons(correction_queue().defer(*UNREAD))[:SHOWN] if total else []
    tasks = tuple(
        Task(
            f"Correct {case.case_number}",
            " ".join(str(flag) for flag in reasons_of(case)),
            "Correct",
            reverse("admin:cases_case_change", args=[case.pk]),
        )
        for case in found
    )
    more = list_address("cases", needs_correction="true")
    return TaskGroup("correct", "flag", "warn", total, tasks, more, "cases that need correction")


def new_readings() -> TaskGroup:
    proposals = open_proposals()
    found = list(proposals[: SHOWN + 1])
    total = len(found) if len(found) <= SHOWN else proposals.count()
    tasks = tuple(
        Task(
            f"Decide on a new reading of {one.case.case_number}",
            reading_in_words(one),
            "Compare",
            one.get_absolute_url(),
        )
        for one in found[:SHOWN]
    )
    more = reverse("proposals")
    return TaskGroup("decide", "rotate-cw", "", total, tasks, more, "new readings to decide on")


def reading_in_words(proposal: Proposal) -> str:
    if proposal.kind == Proposal.Kind.VERSION:
        return f"Another version was uploaded: {proposal.reading.document.name}"
    return "Parsed again; an issue with annotations or reviews would be lost"


def not_read(total: int) -> TaskGroup:
    documents = Document.objects.filter(status__in=Document.UNREADABLE)[:SHOWN]
    tasks = tuple(
        Task(
            f"{one.name} could not be read",
            one.error_message,
            "See what to do",
            one.get_absolute_url(),
        )
        for one in documents
    )
    more = list_address("documents", status=list(Document.UNREADABLE))
    label = "documents that could not be read"
    return TaskGroup("failed", "circle-alert", "bad", total, tasks, more, label)


# -- words -------------------------------------------------------------------------------------


def issues_in_brief() -> QuerySet[Issue]:
    return Issue.objects.defer("rationale", "provenance").order_by("position")


def issues_in_words(case: Case) -> str:
    """ "3 issues, 1 overturned"."""
    issues = list(case.issues.all())
    turned = sum(issue.decision in TURNED for issue in issues)
    return count(len(issues), "issue") + (f", {turned} overturned" if turned else "")


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def list_address(name: str, **query: object) -> str:
    return f"{reverse(name)}?{urlencode(query, doseq=True)}"
