"""Letters of no known format: another organisation's headings, in other words and another order.

They are no part of the usual mix (`--formats unknown` asks for them): what is measured is how much
a reader finds of a letter that nobody told it about.
"""

from __future__ import annotations

from random import Random

from .guidelines import written_plain
from .letters import Letter, forget
from .wording import LABELS, Variant, Worded, add_header, add_summary, board_sentence

TITLES = ["REVIEW OF A DISPUTED TREATMENT", "Determination on Appeal", "EXTERNAL REVIEW DECISION"]
HEADINGS = {
    "summary": ["BACKGROUND", "History of the Claim:", "FACTS OF THE CASE", "Summary of Records:"],
    "request": ["TREATMENT IN DISPUTE", "Service at Issue:", "REQUESTED TREATMENT"],
    "decision": ["DECISION", "Outcome:", "DETERMINATION"],
    "rationale": ["REASONS", "Analysis:", "DISCUSSION", "Basis of the Decision:"],
    "guidelines": ["EVIDENCE CONSULTED", "Guidelines:", "AUTHORITIES"],
    "reviewer": ["THE REVIEWER", "Qualifications of the Reviewer:"],
}  # fmt: skip
ORDERS = (
    ("reviewer", "summary", "request", "decision", "rationale", "guidelines"),
    ("request", "decision", "summary", "guidelines", "rationale", "reviewer"),
    ("summary", "request", "guidelines", "rationale", "decision", "reviewer"),
)
VERDICTS = {
    "upheld": ["The denial is upheld.", "The treatment is not medically necessary."],
    "overturned": ["The denial is overturned.", "The treatment is medically necessary."],
}


def word_foreign(rng: Random, letter: Letter, variant: Variant, noise: int) -> Worded:
    worded = Worded(forget(letter, *rng.choice([(), ("priority",)])))
    [issue] = letter.issues
    worded.add(rng.choice(TITLES), "title")
    labels = {name: label for name, label in LABELS.items() if name != "priority"}
    add_header(rng, worded, labels if worded.letter.priority is None else LABELS, variant, noise)
    for part in rng.choice(ORDERS):
        worded.add(rng.choice(HEADINGS[part]), "heading")
        if part == "summary":
            add_summary(worded)
        elif part == "request":
            worded.add(issue.request)
        elif part == "decision":
            worded.add(rng.choice(VERDICTS[issue.decision]))
        elif part == "rationale":
            for number, text in enumerate(issue.rationale):
                worded.add(text, part=("rationale", 0, number))
        elif part == "guidelines":
            for cited in issue.maximus:
                worded.add(written_plain(rng, cited) + ".")
        else:
            worded.add(board_sentence(rng, letter, variant.reviewer))
    return worded
