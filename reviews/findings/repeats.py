"""The patterns that come again after an acknowledgement, from the rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from cases.models import Issue
from reviews.findings.patterns import (
    Acknowledged,
    Key,
    Pattern,
    ReviewedIssue,
    names_of,
    patterns_after,
)
from reviews.models import Finding, Packet, Review

FACT_OF = {
    Packet.To.VENDOR: "ur_vendor",
    Packet.To.UNIT: "claims_unit",
    Packet.To.ADMINISTRATOR: "claims_administrator",
}


def find_repeats() -> list[Pattern]:
    """Of the recipients to whom a packet went that was acknowledged."""
    packets = list(acknowledged_packets())
    return patterns_after(packets, reviewed_issues({packet.recipient for packet in packets}))


def acknowledged_packets() -> Iterator[Acknowledged]:
    packets = Packet.objects.filter(acknowledged_on__isnull=False).prefetch_related("findings")
    for packet in packets.order_by("acknowledged_on", "pk"):
        findings = list(packet.findings.all())
        assert packet.acknowledged_on is not None
        yield Acknowledged(
            (packet.to_kind, packet.to_name),
            packet.acknowledged_on,
            frozenset(pattern for one in findings for pattern in patterns_of(one)),
            frozenset(one.issue_id for one in findings),
        )


def patterns_of(finding: Finding) -> Iterator[Key]:
    yield from names_of("guideline", finding.guidelines)
    yield from names_of("label", finding.labels)


def reviewed_issues(recipients: set[Key]) -> Iterator[ReviewedIssue]:
    """All issues of closed reviews of these recipients, upheld ones too."""
    if not recipients:
        return
    theirs = Q()
    for kind, name in recipients:
        theirs |= Q(**{f"case__claim_facts__{FACT_OF[Packet.To(kind)]}": name})
    facts = [f"case__claim_facts__{name}" for name in FACT_OF.values()]
    rows = Issue.objects.filter(theirs, case__review__state=Review.State.CLOSED).order_by("pk")
    found = {
        one.issue_id: tuple(patterns_of(one)) for one in Finding.objects.filter(issue__in=rows)
    }
    columns = ("pk", "case__review__closed_at", "case__ur_denial_date", *facts)
    for key, closed_at, denied_on, *names in rows.values_list(*columns):
        closed_on = timezone.localdate(closed_at)
        own = tuple((str(kind), name) for kind, name in zip(FACT_OF, names, strict=True) if name)
        yield ReviewedIssue(key, own, closed_on, denied_on, found.get(key, ()))
