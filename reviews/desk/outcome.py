"""What a memo holds, as frozen in its rows: dataclasses, and JSON at the edge. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cases.analysis.rates import Interval, wilson_interval

FEW = 10  # decided issues, below which a rate says little
LEVELS = {"problem": "Problem", "notice": "Look at this", "fine": "Fine"}  # of findings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some decided issues were overturned, in whole or in part."""

    label: str
    overturned: int
    decided: int

    @property
    def rate(self) -> float | None:
        return self.overturned / self.decided if self.decided else None

    @property
    def interval(self) -> Interval | None:
        return wilson_interval(self.overturned, self.decided)

    @property
    def is_few(self) -> bool:
        return self.decided < FEW


@dataclass(frozen=True, slots=True)
class NearIssue:
    """An issue like the request. Conclusion and reason are words of its rationale, at start:end of
    it where the two stand together."""

    case_number: str
    position: int
    request: str
    decision: str
    decided_on: str  # ISO, "" where none was found
    score: float
    why: tuple[str, ...]
    reason: str
    conclusion: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the overturned and of the upheld issues have something."""

    name: str
    overturned: int
    upheld: int
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How issues like a request were decided. `similar` says of how many; `years` parts them by
    the year of the decision; `wider` is all of the request's kind. `cited` are the guidelines
    that MAXIMUS cited, `labels` what reviewers marked; `mtus` of how many decided issues MAXIMUS
    cited the MTUS on."""

    category: str
    subcategory: str
    body_parts: tuple[str, ...]
    rule: str
    words: tuple[str, ...]
    similar: Tally
    years: tuple[Tally, ...]
    wider: Tally
    upheld: tuple[NearIssue, ...]
    overturned: tuple[NearIssue, ...]
    cited: tuple[Counted, ...]
    labels: tuple[Counted, ...]
    mtus: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a citation, a quotation or the draft. `level` is "problem" where something
    is wrong, "notice" where a person should look, and "fine"."""

    code: str
    level: str
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation or quotation of the draft with what was found about it; `line` counts from 1."""

    raw: str
    name: str
    line: int
    start: int
    end: int
    findings: tuple[Finding, ...]
    is_quotation: bool = False

    @property
    def has_problem(self) -> bool:
        return any(one.level == "problem" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same request, decided for the same claim within twelve months before the memo."""

    request: int  # its position in the memo
    case_number: str
    position: int
    text: str
    decision: str
    ur_denied_on: str
    decided_on: str


@dataclass(frozen=True, slots=True)
class Basis:
    """Which data a memo was made by."""

    cases: int
    issues: int
    decided: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a memo says of its draft as a whole."""

    basis: Basis
    repeats: tuple[Repeat, ...] = ()
    checked: tuple[Checked, ...] = ()


def to_json(value: Any) -> Any:
    return asdict(value)


@lru_cache(maxsize=64)
def types_of(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def from_json(kind: type[T], data: dict[str, Any]) -> T:
    """The dataclass of `to_json`, with those within it; what it does not know is passed over."""
    hints = types_of(cast("type", kind))
    known = [field.name for field in fields(kind) if field.name in data]  # type: ignore[arg-type]
    return kind(**{name: value_of(hints[name], data[name]) for name in known})


def value_of(hint: Any, value: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_json(hint, value)
    if get_origin(hint) is tuple:
        return tuple(value_of(get_args(hint)[0], one) for one in value)
    return value
