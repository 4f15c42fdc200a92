"""A packet as a PDF."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format

from reviews.models import Finding, Packet
from reviews.paper import Paper

NOTHING_CITED = "nothing"


def packet_pdf(packet: Packet, findings: Iterable[Finding]) -> bytes:
    paper = Paper(f"IMR findings for {packet.to_name}, packet {packet.pk}")
    paper.heading(f"Findings for {packet.to_name}")
    paper.facts(
        [
            ("Packet", str(packet.pk)),
            ("Sent", date_format(packet.sent_at.date()) if packet.sent_at else "not yet"),
            ("Acknowledged", acknowledged_in_words(packet)),
        ]
    )
    paper.text(packet.note)
    for finding in findings:
        add_finding(paper, finding)
    return paper.as_pdf()


def acknowledged_in_words(packet: Packet) -> str:
    if packet.acknowledged_on is None:
        return ""
    return f"{date_format(packet.acknowledged_on)}, by {packet.acknowledged_by}"


def add_finding(paper: Paper, finding: Finding) -> None:
    issue = finding.issue
    paper.heading(f"{issue.case.case_number}, issue {issue.position}", 2)
    paper.text(issue.treatment_request)
    paper.facts(
        [
            ("Decision", issue.get_decision_display()),
            ("UR cited", "; ".join(finding.claims_citations) or NOTHING_CITED),
            ("MAXIMUS cited", "; ".join(finding.maximus_citations) or NOTHING_CITED),
            *[
                (one["who"], " ".join(filter(None, (one["opinion"] + ".", one["reason"]))))
                for one in finding.verdicts
            ],
        ]
    )
    for quote in finding.quotes:
        paper.quote(f"“{quote['words']}”")
        said = ": ".join(filter(None, (quote["label"], quote["comment"])))
        paper.text(said)
