"""How requests like this one were decided: the nearest issues of all cases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.analysis.nearest import Near, nearest_issues
from cases.analysis.precedents import LONGEST_REQUEST, precedents_of_request, request_of_text

MOST = 1000


class Command(BaseCommand):
    help = "Prints the issues nearest to a treatment request, and how they were decided."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the request, such as “MRI of the lumbar spine”")
        parser.add_argument("--json", action="store_true", help="as JSON, an object an issue")
        parser.add_argument("--limit", type=int, default=10, help="how many (10 unless told)")

    def handle(self, *args: Any, **options: Any) -> None:
        text = " ".join(options["text"].split())
        if not text:
            raise CommandError("Give the text of a request, such as “MRI of the lumbar spine”.")
        if len(text) > LONGEST_REQUEST:
            raise CommandError(f"At most {LONGEST_REQUEST:,} characters are read.")
        if not 1 <= options["limit"] <= MOST:
            raise CommandError(f"--limit is a number from 1 to {MOST:,}.")
        found = nearest_issues(request_of_text(text), options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(list(map(as_record, found)), ensure_ascii=False))
            return
        for near in found:
            issue = near.issue
            decision = issue.get_decision_display() or "no decision"
            self.stdout.write(
                f"{near.score:.2f}  {issue.case.case_number} {issue.position}"
                f"  {decision}: {issue.disputed}"
            )
        self.stdout.write(rate_in_words(text) if found else "No issue shares a word with it.")


def as_record(near: Near) -> dict[str, Any]:
    issue = near.issue
    return {
        "case_number": issue.case.case_number,
        "position": issue.position,
        "treatment_request": issue.treatment_request,
        "decision": issue.decision or None,
        "category": issue.category,
        "subcategory": issue.subcategory or None,
        "body_parts": issue.body_parts,
        "score": near.score,
        "why": near.why,
    }


def rate_in_words(text: str) -> str:
    found = precedents_of_request(text)
    interval = found.interval
    if found.rate is None or interval is None:
        return "No similar issue has a decision on file."
    return (
        f"{found.rate:.1%} overturned: {found.overturned} of {found.decided} similar issues"
        f" (95% interval {interval.low:.1%} to {interval.high:.1%})"
    )
