"""What goes wrong on the page, each by itself: the kinds of noise that printed letters have."""

from __future__ import annotations

from enum import Enum
from random import Random


class Fault(Enum):
    DOUBLE_STRUCK = "double-struck"  # type printed twice, a hair apart
    WATERMARK = "watermark"  # across each page, at an angle
    RUNNING_HEAD = "running-head"  # set like the text, right above it
    CASE_HEAD = "case-head"  # "CM16-0123456   Page 2"
    PROOF_OF_SERVICE = "proof-of-service"  # a page behind the letter
    PRIOR_CASE = "prior-case"  # another case's number in the summary
    NUMBERED_SUMMARY = "numbered-summary"  # numbered sentences that are no issues
    SPLIT_HEADER = "split-header"  # the header table runs over the page's end


FAULTS = tuple(Fault)
CHANCES = (0.0, 0.04, 0.2)  # of each, by noise
SLIPS = (0.0, 0.04, 0.12)  # of each typing error, by noise


def choose_faults(rng: Random, noise: int) -> frozenset[Fault]:
    chosen = {fault for fault in FAULTS if rng.random() < CHANCES[noise]}
    if {Fault.RUNNING_HEAD, Fault.CASE_HEAD} <= chosen:
        chosen.discard(Fault.CASE_HEAD)
    return frozenset(chosen)
