"""What is found again after an acknowledgement, on rows written down by hand."""

from __future__ import annotations

import datetime as dt

from reviews.findings.patterns import Acknowledged, ReviewedIssue, patterns_after

VENDOR, OTHER = ("vendor", "Sample UR"), ("vendor", "Other UR")
ODG, LABEL = ("guideline", "Official Disability Guidelines"), ("label", "wrong-edition")
TOLD = dt.date(2026, 5, 1)


def issue(key, closed, *patterns, of=(VENDOR,), denied=None):
    return ReviewedIssue(key, of, closed, denied, patterns)


def day(number):
    return dt.date(2026, 5, number)


EARLIER = dt.date(2026, 4, 1)
PACKET = Acknowledged(VENDOR, TOLD, frozenset({ODG, LABEL}), frozenset({1, 2}))


def test_shares_before_and_after_are_of_all_reviewed_issues_of_the_vendor():
    issues = [
        issue(1, EARLIER, ODG, LABEL),
        issue(2, EARLIER, ODG),
        issue(3, EARLIER),
        issue(4, day(10), ODG, denied=day(5)),
        issue(5, day(11), ODG, denied=EARLIER),
        issue(6, day(12)),
        issue(7, day(12), ODG, LABEL, of=(OTHER,)),
    ]
    by_name = {one.name: one for one in patterns_after([PACKET], issues)}
    odg = by_name["Official Disability Guidelines"]
    assert (odg.before.hits, odg.before.of) == (2, 3)
    assert (odg.after.hits, odg.after.of) == (2, 3)
    assert odg.again == (4, 5)
    assert odg.denied_after == 1
    assert odg.after.interval.low < 2 / 3 < odg.after.interval.high
    label = by_name["wrong-edition"]
    assert (label.after.hits, label.after.of, label.again) == (0, 3, ())


def test_what_the_packet_told_of_is_no_repeat_though_it_was_closed_that_day():
    issues = [issue(1, TOLD, ODG), issue(2, TOLD, ODG), issue(3, TOLD, ODG)]
    odg = next(one for one in patterns_after([PACKET], issues) if one.kind == "guideline")
    assert (odg.before.hits, odg.again) == (2, (3,))


def test_the_first_acknowledgement_counts():
    later = Acknowledged(VENDOR, day(20), frozenset({ODG}), frozenset({4}))
    issues = [issue(1, EARLIER, ODG), issue(4, day(10), ODG), issue(5, day(25), ODG)]
    odg = next(one for one in patterns_after([later, PACKET], issues) if one.kind == "guideline")
    assert odg.since == TOLD
    assert odg.again == (5,)


def test_without_a_review_since_there_is_no_share():
    odg = next(one for one in patterns_after([PACKET], [issue(1, EARLIER, ODG)]) if one.kind)
    assert odg.after.rate is None
    assert odg.after.interval is None


def test_nothing_acknowledged_nothing_found():
    assert patterns_after([], [issue(1, EARLIER, ODG)]) == []
