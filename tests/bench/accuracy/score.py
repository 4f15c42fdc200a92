"""What a reading got right of a truth, field by field, exactly.

White space is normalised, and curly quotes count as straight ones; nothing else is forgiven.
Paragraphs are compared in fields of their own. Fields that younger letters alone have a truth for
(OPTIONAL_FIELDS, a citation's edition) are compared where the truth holds their key.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

LETTER_FIELDS = (
    "format",
    "case_number",
    "priority",
    "date_assigned",
    "date_of_injury",
    "decision_date",
    "ur_denial_date",
    "application_received",
    "specialties",
    "licensed_states",
    "clinical_summary",
)
ISSUE_FIELDS = ("treatment_request", "decision", "category", "rationale")
OPTIONAL_FIELDS = ("subcategory", "partial_authorization", "retrospective", "body_parts")
SIDES = ("claims_citations", "maximus_citations")
CITATION_FIELDS = (
    "citation guideline",
    "citation edition",
    "citation section",
    "citation pages",
)
PARAGRAPHS = ("clinical_summary paragraphs", "rationale paragraphs")
FIELDS = (
    "letters",
    "format",
    "page range",
    *LETTER_FIELDS[1:],
    "issue count",
    "contradictions",
    *ISSUE_FIELDS,
    *OPTIONAL_FIELDS,
    *SIDES,
    *CITATION_FIELDS,
    "spurious citations",
    *PARAGRAPHS,
)
APART = {*PARAGRAPHS, *CITATION_FIELDS, "letters"}
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " "})


@dataclass(frozen=True)
class Check:
    """One value compared. `where` says which letter and issue of the file."""

    field: str
    truth: Any
    got: Any
    where: str

    @property
    def right(self) -> bool:
        return self.truth == self.got


@dataclass
class Tally:
    """The checks of one field, counted."""

    checks: int = 0
    right: int = 0
    truths: int = 0
    given: int = 0
    hits: int = 0

    def add(self, check: Check) -> None:
        self.checks += 1
        self.right += check.right
        self.truths += present(check.truth)
        self.given += present(check.got)
        self.hits += check.right and present(check.truth)


def present(value: Any) -> bool:
    return value not in (None, [], "", 0)


def flat(text: str | None) -> str | None:
    return text and " ".join(text.translate(QUOTES).split())


def paragraphs(text: str | None) -> list[str]:
    return [flat(one) for one in re.split(r"\n\n+", text or "") if one.strip()]


def comparable(value: Any) -> Any:
    if isinstance(value, str):
        return flat(value)
    if isinstance(value, dict):
        return {name: comparable(one) for name, one in value.items()}
    return [comparable(one) for one in value] if isinstance(value, list) else value


# -- letters ---------------------------------------------------------------------------------


def letter_value(letter: Json, name: str) -> Any:
    if name in ("specialties", "licensed_states"):
        return comparable(letter["reviewer"][name])
    return comparable(letter[name])


def page_range(letter: Json) -> list[int] | None:
    first = letter.get("first_page")
    return first and [first, letter["last_page"]]


def likeness(truth: Json, got: Json) -> float:
    """How far these could be one letter: the case number first, then the pages they share."""
    same = 4.0 * (truth["case_number"] == got["case_number"])
    ours, theirs = page_range(truth), page_range(got)
    if not ours or not theirs:
        return same
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0]) + 1
    return same + max(0, shared) / (ours[1] - ours[0] + 1) + 0.5 * (ours[0] == theirs[0])


def pair_letters(truths: Sequence[Json], given: Sequence[Json]) -> list[tuple[Json, Json | None]]:
    """Each true letter with the one read for it, the most alike first."""
    ranked = sorted(
        ((likeness(t, g), -i, -j) for i, t in enumerate(truths) for j, g in enumerate(given)),
        reverse=True,
    )
    found: dict[int, int] = {}
    for alike, i, j in ranked:
        if alike > 0 and -i not in found and -j not in found.values():
            found[-i] = -j
    return [(t, given[found[i]] if i in found else None) for i, t in enumerate(truths)]


EMPTY: Json = {
    **dict.fromkeys(LETTER_FIELDS),
    "reviewer": {"specialties": [], "licensed_states": []},
    "first_page": None,
    "last_page": None,
    "issues": [],
}


def score_file(truth: Json, given: Sequence[Json]) -> Iterator[Check]:
    """Every comparison of one file's truth with the letters read from it."""
    truths = truth["letters"]
    yield Check("letters", len(truths), len(given), "file")
    for number, (true, got) in enumerate(pair_letters(truths, given), 1):
        yield from score_letter(true, got or EMPTY, f"letter {number}")


CONTRADICTIONS = {
    "ur-date-disagrees",
    "injury-date-disagrees",
    "decision-disagrees",
    "dates-out-of-order",
}


def contradictions(letter: Json) -> list[str]:
    """The codes of the letter's flags that tell of words against words, each once."""
    return sorted({flag["code"] for flag in letter.get("flags", ())} & CONTRADICTIONS)


def score_letter(truth: Json, got: Json, where: str) -> Iterator[Check]:
    for name in LETTER_FIELDS:
        yield Check(name, letter_value(truth, name), letter_value(got, name), where)
    if page_range(truth):
        yield Check("page range", page_range(truth), page_range(got), where)
    yield Check(
        PARAGRAPHS[0],
        paragraphs(truth["clinical_summary"]),
        paragraphs(got["clinical_summary"]),
        where,
    )
    yield Check("issue count", len(truth["issues"]), len(got["issues"]), where)
    if "contradictions" in truth:
        yield Check("contradictions", truth["contradictions"], contradictions(got), where)
    for true, read in pair_issues(truth["issues"], got["issues"]):
        position = (true or read)["position"]
        yield from score_issue(true, read, f"{where}, issue {position}")


# -- issues ----------------------------------------------------------------------------------

NO_ISSUE: Json = {**dict.fromkeys(ISSUE_FIELDS), **{side: [] for side in SIDES}}


def pair_issues(
    truths: Sequence[Json], given: Sequence[Json]
) -> list[tuple[Json | None, Json | None]]:
    """In order, so that the requests of the pairs are as alike as may be; the rest alone."""
    if len(truths) == len(given):
        return list(zip(truths, given, strict=True))
    best: dict[tuple[int, int], tuple[float, list]] = {}
    for i in range(len(truths), -1, -1):
        for j in range(len(given), -1, -1):
            options = [(0.0, [])] if i == len(truths) and j == len(given) else []
            if i < len(truths):
                value, rest = best[i + 1, j]
                options.append((value, [(truths[i], None), *rest]))
            if j < len(given):
                value, rest = best[i, j + 1]
                options.append((value, [(None, given[j]), *rest]))
            if i < len(truths) and j < len(given):
                value, rest = best[i + 1, j + 1]
                options.append((value + alike(truths[i], given[j]), [(truths[i], given[j]), *rest]))
            best[i, j] = max(options, key=lambda option: option[0])
    return best[0, 0][1]


def alike(truth: Json, got: Json) -> float:
    one, other = (flat(issue["treatment_request"]) or "" for issue in (truth, got))
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() - 0.3


def score_issue(truth: Json | None, got: Json | None, where: str) -> Iterator[Check]:
    true, read = truth or NO_ISSUE, got or NO_ISSUE
    for name in ISSUE_FIELDS:
        if name == "category" and not true.get("category"):
            continue
        yield Check(name, flat(true[name]), flat(read[name]), where)
    for name in OPTIONAL_FIELDS:
        if name in true:
            yield Check(name, issue_value(true, name), issue_value(read, name), where)
    if truth:
        yield Check(
            PARAGRAPHS[1], paragraphs(true["rationale"]), paragraphs(read["rationale"]), where
        )
    for side in SIDES:
        yield from score_side(true[side], read[side], side, where)


def issue_value(issue: Json, name: str) -> Any:
    """Body parts come in no order."""
    value = comparable(issue.get(name))
    return sorted(value) if name == "body_parts" and value else value


# -- citations -------------------------------------------------------------------------------


def guideline(citation: Json) -> str:
    """Source and guideline; the own words of an "other" one without case or closing stop."""
    name = flat(citation["guideline"])
    if citation["source"] == "other":
        name = name.casefold().rstrip(" .")
    return f"{citation['source']}: {name}"


def section(citation: Json) -> str | None:
    return flat(citation["section"])


def page_list(citation: Json) -> list[list[int]]:
    return [list(pages) for pages in citation["pages"]]


def edition(citation: Json) -> str | None:
    return citation.get("edition")


def key(citation: Json, *, dated: bool = False) -> str:
    """The citation in a line, with its edition where that counts."""
    pages = ", ".join(f"{first}-{last}" for first, last in page_list(citation))
    name = f"{guideline(citation)} {edition(citation)}" if dated else guideline(citation)
    return f"{name} | {section(citation)} | {pages}"


def closeness(truth: Json, got: Json) -> int:
    if guideline(truth) != guideline(got):
        return 0
    parts = [section(truth) == section(got), page_list(truth) == page_list(got)]
    parts.append(edition(truth) == edition(got))
    return 1 + 2 * sum(parts)


def keys(citations: Sequence[Json], dated: bool) -> list[str]:
    return sorted(key(one, dated=dated) for one in citations)


def score_side(
    truths: Sequence[Json], given: Sequence[Json], side: str, where: str
) -> Iterator[Check]:
    """The side as a whole (order apart), then each citation in its parts."""
    where = f"{where}, {side.removesuffix('_citations')}"
    dated = any("edition" in one for one in truths)
    yield Check(side, keys(truths, dated), keys(given, dated), where)
    left = list(given)
    for true in truths:
        read = max(left, key=lambda one: closeness(true, one), default=None)
        if read is None or not closeness(true, read):
            yield Check("citation guideline", guideline(true), None, where)
            continue
        left.remove(read)
        yield Check("citation guideline", guideline(true), guideline(read), where)
        if dated:
            yield Check("citation edition", edition(true), edition(read), where)
        yield Check("citation section", section(true), section(read), where)
        yield Check("citation pages", page_list(true), page_list(read), where)
    yield Check("spurious citations", [], [key(one) for one in left], where)


# -- the table -------------------------------------------------------------------------------


@dataclass
class Scores:
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    misses: list[tuple[str, Check]] = field(default_factory=list)
    errors: Counter = field(default_factory=Counter)

    def add(self, file: str, checks: Sequence[Check]) -> None:
        for check in checks:
            self.tallies[check.field].add(check)
            if not check.right:
                self.misses.append((file, check))

    @property
    def counted(self) -> list[Tally]:
        """The fields that make up the whole: not the parts that others already hold."""
        return [tally for name, tally in self.tallies.items() if name not in APART]

    @property
    def share(self) -> float:
        return percent(sum(t.right for t in self.counted), sum(t.checks for t in self.counted))


def percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def table(scores: Scores) -> str:
    head = f"{'field':<28}{'truth':>7}{'right':>7}{'precision':>11}{'recall':>9}{'% right':>9}"
    lines = [head, "-" * len(head)]
    for name, tally in scores.tallies.items():
        if name in (PARAGRAPHS[0], CITATION_FIELDS[0]):
            lines.append("")
        if not tally.checks:
            continue
        if name == "spurious citations":
            share = percent(tally.right, tally.checks)
            lines.append(f"{name:<28}{'':>7}{tally.right:>7}{'':>20}{share:>9.2f}")
            continue
        lines.append(
            f"{name:<28}{tally.truths:>7}{tally.hits:>7}"
            f"{percent(tally.hits, tally.given):>11.2f}{percent(tally.hits, tally.truths):>9.2f}"
            f"{percent(tally.right, tally.checks):>9.2f}"
        )
    whole = f"{'all fields of the letters':<28}"
    counted = scores.counted
    lines += [
        "",
        f"{whole}{sum(t.truths for t in counted):>7}{sum(t.hits for t in counted):>7}"
        f"{'':>20}{scores.share:>9.2f}",
    ]
    return "\n".join(lines)
