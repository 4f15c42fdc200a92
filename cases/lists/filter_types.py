"""The kinds of filter that lists are made of.

Those of lists in the index say what a value asks (`node_for`); those of lists that are found by SQL
narrow a queryset, as every filter of django-filter does.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator

from cases.forms.claim import SuggestInput
from cases.index.claims import rows_of_claim
from cases.index.rows import OTHER, SILENT
from cases.search.language import (
    And,
    Between,
    Fact,
    NamedCitation,
    Node,
    Not,
    OneOf,
    OnPage,
    Or,
    QueryError,
    Scopes,
    Words,
    parse,
    tokens,
)


class FlatCopyFilter:
    """A filter that filter sets copy flatly: a deep copy of forty for each request takes longer
    than the page's queries."""

    def __deepcopy__(self, memo: dict) -> Any:
        return copy.copy(self)


def or_node(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


NONE = "none"  # how an address asks for the rows that have no value


class AnyOfFilter(FlatCopyFilter, filters.MultipleChoiceFilter):
    """One or several of known values; a row with any of them passes. `none` are the words for
    rows that have no value, where such rows can be asked for."""

    def __init__(self, *args: Any, fact: str = "", none: str = "", **kwargs: Any):
        self.fact, self.none = fact, none
        choices = kwargs["choices"]
        empty = ((NONE, none),) if none else ()
        kwargs["choices"] = (*getattr(choices, "choices", choices), *empty)
        self.words = dict(flat_choices(kwargs["choices"]))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(*args, **kwargs)

    def node_for(self, values: Iterable[str]) -> Node:
        return or_node([Fact(self.fact, SILENT if v == NONE else v) for v in values])

    def filter(self, queryset: QuerySet, values: Iterable[str]) -> QuerySet:
        return queryset.filter(**{f"{self.field_name}__in": list(values)}) if values else queryset


def flat_choices(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    """Choices without the groups that they may stand in."""
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from flat_choices(words)
        else:
            yield str(value), str(words)


class ExactFilter(FlatCopyFilter, filters.CharFilter):
    """A text that the rows hold in exactly this form, as a list to choose from offers it."""

    def __init__(self, *args: Any, offers: Iterable[str] = (), fact: str = "", **kwargs: Any):
        self.fact = fact
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)
        self.offers = tuple(offers)

    def node_for(self, value: str) -> Node:
        return Fact(self.fact, value)


class GuidelineFilter(ExactFilter):
    """A guideline by its name, cited by one of the `sides`; `words` names it in a facet, which
    has the `heading`. `none` are the words for rows of which no guideline is cited, where such
    rows can be asked for."""

    def __init__(
        self,
        *args: Any,
        sides: tuple[str, ...] = (),
        words: Mapping[str, str] | None = None,
        heading: str = "",
        none: str = "",
        **kwargs: Any,
    ):
        self.heading, self.none = heading, none
        self.sides, self.words = sides, {} if words is None else words
        super().__init__(*args, **kwargs)

    def node_for(self, value: str) -> Node:
        if value == OTHER:
            return Fact(self.fact, value)
        if value == NONE and self.none:
            return Fact(self.fact, SILENT)
        return Or((Fact(self.fact, value[:200]), NamedCitation(value, self.sides)))


class DataChoiceFilter(ExactFilter):
    """A text that some rows hold, chosen from those that there are: `choices` of the filter set,
    a method of this name, gives them when a form is shown."""

    def __init__(self, *args: Any, choices: str, **kwargs: Any):
        self.choices = choices
        super().__init__(*args, **kwargs)

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            offered = getattr(self.parent, self.choices)
            self._field = forms.CharField(
                label=self.label,
                required=False,
                max_length=self.extra["max_length"],
                widget=forms.Select(
                    choices=CallableChoiceIterator(lambda: [("", "Any"), *offered()])
                ),
            )
        return self._field


class NameFilter(ExactFilter):
    """A name that staff entered, such as that of a claims administrator: to choose from those that
    are on file, or with `typed` to type. `none` are the words for rows that have none."""

    def __init__(self, *, fact: str, label: str, none: str, typed: bool = False):
        self.none, self.typed = none, typed
        super().__init__(fact=fact, label=label, max_length=200)

    def node_for(self, value: str) -> Node:
        return Fact(self.fact, SILENT if value == NONE else value)

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            choices = CallableChoiceIterator(self.choices)
            widget = SuggestInput(self.names) if self.typed else forms.Select(choices=choices)
            self._field = forms.CharField(
                label=self.label, required=False, max_length=200, widget=widget
            )
        return self._field

    def names(self) -> list[str]:
        """Those that the filter set has read."""
        return self.parent.known_values[self.fact]

    def choices(self) -> Iterator[tuple[str, str]]:
        """With the name that is asked for, however rare it is."""
        asked = self.parent.data.get(self.field_name, "")
        names = self.names()
        yield "", "Any"
        yield from ((name, name) for name in names)
        if asked not in ("", NONE, *names):
            yield asked, asked
        yield NONE, self.none


class ClaimNumberFilter(FlatCopyFilter, filters.CharFilter):
    """Rows whose claim number begins like this."""

    def __init__(self, space: str):
        self.space = space
        super().__init__(label="Claim number", max_length=60)

    def node_for(self, value: str) -> Node:
        return OneOf(rows_of_claim(self.space, value))


class WordsFilter(FlatCopyFilter, filters.CharFilter):
    """Words that all stand in the columns, in any order; the last may go on."""

    def __init__(self, *args: Any, columns: tuple[str, ...], **kwargs: Any):
        kwargs.setdefault("max_length", 200)
        self.columns = columns
        super().__init__(*args, **kwargs)

    def node_for(self, value: str) -> Node:
        """What has no letter or digit is in no text."""
        words = tokens(value)
        parts = [Words(self.columns, (one,)) for one in words[:-1]]
        return And((*parts, Words(self.columns, (words[-1],), prefix=True))) if words else Or(())


class SearchField(forms.CharField):
    """The search line, as the tree that it asks for."""

    def __init__(self, *args: Any, scopes: Scopes, **kwargs: Any):
        self.scopes = scopes
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Node | None:
        text = super().clean(value)
        try:
            return parse(text, self.scopes)
        except QueryError as mistake:
            # The words come from a visitor: a % in them is no placeholder of the message.
            words = str(mistake).replace("%", "%%")
            raise ValidationError(words, params={"mistake": mistake}) from mistake


class SearchFilter(FlatCopyFilter, filters.Filter):
    """The search line of a list."""

    field_class = SearchField

    def __init__(self, scopes: Scopes):
        self.scopes = scopes
        super().__init__(label="Search", max_length=500, scopes=scopes)

    def node_for(self, value: Node) -> Node:
        return value


class BooleanFilter(FlatCopyFilter, filters.TypedChoiceFilter):
    def __init__(self, *args: Any, fact: str = "", **kwargs: Any):
        self.fact = fact
        kwargs["choices"] = [("", "Any"), ("true", "Yes"), ("false", "No")]
        kwargs["coerce"] = lambda word: word == "true"
        super().__init__(*args, **kwargs)

    def node_for(self, value: bool) -> Node:
        yes = Fact(self.fact, "true")
        return yes if value else Not(yes)

    def filter(self, queryset: QuerySet, value: bool | str) -> QuerySet:
        """Compared as a value: SQLite uses no index for a bare condition."""
        return queryset.filter(**{f"{self.field_name}__in": [value]})


class KeysFilter(filters.BaseInFilter, filters.NumberFilter):
    """Rows picked by hand, by key."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("field_name", "pk")
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(lookup_expr="in", label="Selection", **kwargs)

    def node_for(self, value: list) -> Node:
        return OneOf(frozenset(keys_of(value)))

    def filter(self, queryset: QuerySet, value: list | None) -> QuerySet:
        return queryset.filter(pk__in=keys_of(value)) if value else queryset


class BatchFilter(FlatCopyFilter, filters.NumberFilter):
    """Rows of the letters that were new in one upload; `path` leads from a row to its lines."""

    def __init__(self, model: type[Model], path: str):
        self.model, self.path = model, path
        super().__init__(
            label="Upload number", min_value=1, max_value=2**31, decimal_places=0, max_digits=10
        )

    def node_for(self, value: Any) -> Node:
        lines = {f"{self.path}__batch": int(value), f"{self.path}__duplicate": False}
        keys = self.model._default_manager.filter(**lines).order_by().values_list("pk", flat=True)
        return OneOf(frozenset(keys))


def keys_of(value: list) -> list[int]:
    return [int(one) for one in value if one is not None and abs(one) < 2**62]


NOT_A_PAGE = ("invalid", "min_value", "max_value", "max_decimal_places")


class PageFilter(FlatCopyFilter, filters.NumberFilter):
    def __init__(self, label: str):
        super().__init__(
            field_name="pages",
            label=label,
            min_value=1,
            max_value=99_999,
            decimal_places=0,
            error_messages=dict.fromkeys(
                NOT_A_PAGE, "Enter a page as a whole number, such as 126."
            ),
            widget=forms.NumberInput(attrs={"step": 1}),
        )

    def node_for(self, value: Any) -> Node:
        return OnPage(int(value))


class DateInput(forms.DateInput):
    input_type = "date"


NOT_A_DATE = {"invalid": "Enter the date as YYYY-MM-DD, such as 2015-01-16."}


class DateBoundFilter(FlatCopyFilter, filters.DateFilter):
    """From or to a day, itself included; a `moment` is of the day on which the pages show it."""

    def __init__(self, field_name: str, side: str, label: str, *, moment: bool):
        self.side, self.moment = side, moment
        super().__init__(
            field_name=field_name,
            label=f"{label} {'from' if side == 'after' else 'to'}",
            widget=DateInput,
            error_messages=NOT_A_DATE,
        )

    def node_for(self, day: dt.date) -> Node:
        ordinal = day.toordinal()
        if self.side == "after":
            return Between(self.field_name, ordinal, None)
        return Between(self.field_name, None, ordinal)

    def filter(self, queryset: QuerySet, day: dt.date | None) -> QuerySet:
        if day is None:
            return queryset
        if self.side == "after":
            return queryset.filter(**{f"{self.field_name}__gte": start_of_day(day)})
        if day == dt.date.max:
            return queryset
        return queryset.filter(**{f"{self.field_name}__lt": start_of_day(day + dt.timedelta(1))})


def start_of_day(day: dt.date) -> dt.datetime:
    """Of the day, in the zone that the pages show; comparing moments lets an index be used."""
    return timezone.make_aware(dt.datetime.combine(max(day, dt.date(1, 1, 3)), dt.time.min))


def date_range(
    name: str, label: str, field: str = "", *, moment: bool = False
) -> dict[str, filters.Filter]:
    """Two filters, `<name>_after` and `<name>_before`, both days included; of a `moment`, the
    days on which it was."""
    return {
        f"{name}_{side}": DateBoundFilter(field or name, side, label, moment=moment)
        for side in ("after", "before")
    }


def as_condition(node: Node, words: Callable[..., Q], facts: Callable[[str, str], Q]) -> Q:
    """A question as a condition for querysets; `words` gives that of words that are all there,
    `facts` that of a fact."""
    match node:
        case Words():
            return words(node)
        case Fact(name, value):
            return facts(name, value)
        case Not(part):
            return ~as_condition(part, words, facts)
        case And(parts):
            together = [part for part in parts if isinstance(part, Words)]
            rest = [part for part in parts if not isinstance(part, Words)]
            conditions = [as_condition(part, words, facts) for part in rest]
            return reduce(and_, conditions, words(*together) if together else Q())
        case Or(parts):
            conditions = [as_condition(part, words, facts) for part in parts]
            return reduce(or_, conditions, Q(pk__in=[]))
    raise TypeError(node)
