"""The kinds of filter that lists are made of.

Each filter narrows a queryset by its rows: that is what it means. Lists of many rows get the same
answer faster from the search index; see `cases.filter_sets` and `cases.finding`.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast
from django.db.models.lookups import Contains, In
from django.utils import timezone
from django_filters.constants import EMPTY_VALUES

from cases.search.language import (
    And,
    Fact,
    Mistake,
    Node,
    Not,
    Or,
    Scopes,
    Words,
    parse,
    tokens,
)
from cases.search.rows import EPOCH, place_of_day


@dataclass(frozen=True, slots=True)
class Through:
    """Rows of another model that speak of a list's row: `key` there equals `outer` here."""

    model: type[Model]
    key: str
    outer: str = "pk"
    only: Q | None = None

    def having(self, condition: Q) -> Exists:
        rows = self.model.objects.filter(**{self.key: OuterRef(self.outer)})
        if self.only is not None:
            rows = rows.filter(self.only)
        return Exists(rows.filter(condition))

    def count(self, fields: Sequence[str], outer: Sequence[int]) -> list[Counter[Any]]:
        """For each field, of how many of the list's rows, given by their `outer`, each value is."""
        rows = self.model.objects.filter(**{f"{self.key}__among": outer}).order_by()
        if self.only is not None:
            rows = rows.filter(self.only)
        if len(fields) == 1:  # fewer rows come back where the database counts
            number = Count(self.key, distinct=True)
            return [Counter(dict(rows.values_list(*fields).annotate(rows=number)))]
        told = list(rows.values_list(self.key, *fields))
        return [
            Counter(value for _, value in {(row[0], row[at]) for row in told})
            for at in range(1, len(fields) + 1)
        ]


class Asking:
    """A filter that the index can answer as well. `fact` or `columns` say by what; `asks` puts a
    value as a question."""

    fact: str = ""
    columns: tuple[str, ...] = ()
    again = False  # the index finds too many rows: they are looked at again

    def asks(self, value: Any) -> Node | None:
        if self.fact:
            values = [value] if isinstance(value, str) else list(value)
            parts = tuple(Fact(self.fact, one) for one in values)
            return parts[0] if len(parts) == 1 else Or(parts)
        if self.columns:
            words = tuple(Words(self.columns, (one,)) for one in tokens(value))
            return And(words) if words else None
        return None


class NotByIndex(Func):
    """The column itself. SQLite, which keeps no statistics, is kept from fetching by an index of
    it all the rows of a common value, to sort them; PostgreSQL knows better by itself."""

    arity = 1
    template = "%(expressions)s"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class DateInput(forms.DateInput):
    input_type = "date"


class Shared:
    """A filter that filter sets copy flatly: a deep copy of forty for each request takes longer
    than the page's queries."""

    def __deepcopy__(self, memo: dict) -> Any:
        return copy.copy(self)


class AnyOf(Asking, Shared, filters.MultipleChoiceFilter):
    """One or several of known values; a row with any of them passes."""

    def __init__(
        self,
        *args: Any,
        through: Through | None = None,
        fact: str = "",
        again: bool = False,
        **kwargs: Any,
    ):
        self.fact, self.again = fact, again
        choices = kwargs["choices"]
        kwargs["choices"] = tuple(getattr(choices, "choices", choices))
        self.words = dict(flat(kwargs["choices"]))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(*args, **kwargs)
        self.through = through

    def filter(self, queryset: QuerySet, values: Iterable[str]) -> QuerySet:
        if not values:
            return queryset
        if self.fact and not self.through:
            # Few matches come from the search index; many are met in the list's order.
            return queryset.filter(In(NotByIndex(F(self.field_name)), list(values)))
        condition = Q(**{f"{self.field_name}__in": list(values)})
        return queryset.filter(self.through.having(condition) if self.through else condition)


def flat(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    """Choices without the groups that they may stand in."""
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from flat(words)
        else:
            yield str(value), str(words)


class HoldsAny(AnyOf):
    """A row whose list, kept as JSON, holds any of the values passes."""

    def filter(self, queryset: QuerySet, values: Iterable[str]) -> QuerySet:
        if not values:
            return queryset
        condition = Q()
        for value in values:
            # SQLite can't ask what a list of JSON holds; both databases write values in quotes.
            condition |= Q(Contains(Cast(F(self.field_name), TextField()), f'"{value}"'))
        return queryset.filter(self.through.having(condition) if self.through else condition)


class Is(Asking, Shared, filters.CharFilter):
    """A text that the rows hold in exactly this form, as a list to choose from offers it."""

    def __init__(
        self,
        *args: Any,
        through: Through | None = None,
        offers: Iterable[str] = (),
        fact: str = "",
        again: bool = False,
        **kwargs: Any,
    ):
        self.fact, self.again = fact, again
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)
        self.through = through
        self.offers = tuple(offers)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        condition = Q(**{self.field_name: value})
        return queryset.filter(self.through.having(condition) if self.through else condition)


class FromData(Is):
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
                widget=forms.Select(choices=lambda: [("", "Any"), *offered()]),
            )
        return self._field


class HasWords(Asking, Shared, filters.CharFilter):
    """Words that all stand in a field, in any order; the last may go on.

    In lists with an index, `columns` of it are searched; in others the rows' own field. With
    both, the index says which rows may have them, and the own field which of these do.
    """

    def __init__(self, *args: Any, columns: tuple[str, ...] = (), own: str = "", **kwargs: Any):
        kwargs.setdefault("max_length", 200)
        self.columns, self.own, self.again = columns, own, bool(own and columns)
        super().__init__(*args, **kwargs)

    def asks(self, value: str) -> Node | None:
        words = tokens(value)
        if not words or not self.columns:
            return None
        last = len(words) - 1
        parts = tuple(Words(self.columns, (one,), i == last) for i, one in enumerate(words))
        return And(parts)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        if self.columns:
            node = self.asks(value)
            queryset = self.parent.holding(queryset, node) if node else queryset.none()
        if self.own:
            for word in value.split()[:10]:
                queryset = queryset.filter(**{f"{self.own}__icontains": word})
        return queryset


class SearchField(forms.CharField):
    """A query of the search language; one that can't be understood is told with its place."""

    def __init__(self, *args: Any, scopes: Scopes, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scopes = scopes

    def clean(self, value: str) -> Node | None:
        text = super().clean(value)
        try:
            return parse(text, self.scopes)
        except Mistake as mistake:
            # The words come from a visitor: a % in them is no placeholder of the message.
            words = str(mistake).replace("%", "%%")
            raise ValidationError(words, params={"mistake": mistake}) from mistake


class Search(Asking, Shared, filters.Filter):
    """The search line of a list with an index."""

    field_class = SearchField

    def __init__(self, scopes: Scopes):
        self.scopes = scopes
        super().__init__(label="Search", max_length=500, scopes=scopes)

    def asks(self, value: Node) -> Node:
        return value

    def filter(self, queryset: QuerySet, value: Node | None) -> QuerySet:
        return self.parent.holding(queryset, value) if value else queryset


class YesNo(Asking, Shared, filters.TypedChoiceFilter):
    def __init__(self, *args: Any, fact: str = "", **kwargs: Any):
        self.fact = fact
        kwargs["choices"] = [("", "Any"), ("true", "Yes"), ("false", "No")]
        kwargs["coerce"] = lambda word: word == "true"
        super().__init__(*args, **kwargs)

    def asks(self, value: bool) -> Node | None:
        if not self.fact:
            return None
        yes = Fact(self.fact, "true")
        return yes if value else Not(yes)

    def filter(self, queryset: QuerySet, value: bool | str) -> QuerySet:
        if value in EMPTY_VALUES or self._method or self.fact:
            return super().filter(queryset, value)
        # Compared as a value: SQLite uses no index for a bare condition.
        return queryset.filter(**{f"{self.field_name}__in": [value]})


class Chosen(filters.BaseInFilter, filters.NumberFilter):
    """Rows picked by hand, by number."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("field_name", "pk")
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(lookup_expr="in", label="Selection", **kwargs)

    def filter(self, queryset: QuerySet, value: list | None) -> QuerySet:
        numbers = [int(one) for one in value or () if one is not None and abs(one) < 2**62]
        return queryset.filter(**{f"{self.field_name}__in": numbers}) if value else queryset


NOT_A_DATE = {"invalid": "Write the date as YYYY-MM-DD, like 2015-01-16."}


class Dated(Shared, filters.DateFilter):
    """From or to a day, itself included. `fact` is what the index calls the days of this field;
    it is asked for both ends of a range at once (`ListFilter.question`)."""

    def __init__(self, field_name: str, side: str, label: str, *, fact: str, moment: bool):
        self.side, self.fact, self.moment = side, fact, moment
        super().__init__(
            field_name=field_name,
            label=f"{label} {'from' if side == 'after' else 'to'}",
            widget=DateInput,
            error_messages=NOT_A_DATE,
        )

    def filter(self, queryset: QuerySet, day: dt.date | None) -> QuerySet:
        if day is None:
            return queryset
        if not self.moment:
            lookup = "gte" if self.side == "after" else "lte"
            return queryset.filter(**{f"{self.field_name}__{lookup}": day})
        if self.side == "after":
            return queryset.filter(**{f"{self.field_name}__gte": beginning(day)})
        if day == dt.date.max:
            return queryset
        return queryset.filter(**{f"{self.field_name}__lt": beginning(day + dt.timedelta(1))})


def beginning(day: dt.date) -> dt.datetime:
    """Of the day, in the zone that the pages show; comparing moments lets an index be used."""
    return timezone.make_aware(dt.datetime.combine(max(day, dt.date(1, 1, 3)), dt.time.min))


def date_range(
    name: str, label: str, field: str = "", *, fact: str = "", moment: bool = False
) -> dict[str, filters.Filter]:
    """Two filters, `<name>_after` and `<name>_before`, both days included; of a `moment`, the
    days on which it was."""
    return {
        f"{name}_{side}": Dated(field or name, side, label, fact=fact, moment=moment)
        for side in ("after", "before")
    }


class Decided(Shared, filters.DateFilter):
    """From or to a day of decision, by the place that follows from it (`cases.search.rows`)."""

    def __init__(self, field_name: str, side: str, bits: int = 0):
        self.side, self.bits = side, bits
        super().__init__(
            field_name=field_name,
            label=f"Decided {'from' if side == 'after' else 'to'}",
            widget=DateInput,
            error_messages=NOT_A_DATE,
        )

    def bounds(self, day: dt.date) -> tuple[int, int | None]:
        """The least and the greatest place that passes."""
        if self.side == "after":
            return place_of_day(day) << self.bits, None
        if day == dt.date.max:
            return 1, None
        following = place_of_day(day + dt.timedelta(days=1)) if day >= EPOCH else 0
        return place_of_day(EPOCH) << self.bits, (following << self.bits) - 1

    def filter(self, queryset: QuerySet, day: dt.date | None) -> QuerySet:
        if day is None:
            return queryset
        least, most = self.bounds(day)
        queryset = queryset.filter(**{f"{self.field_name}__gte": least})
        return queryset if most is None else queryset.filter(**{f"{self.field_name}__lte": most})


def decided(field_name: str = "place", bits: int = 0) -> dict[str, filters.Filter]:
    return {
        f"decision_date_{side}": Decided(field_name, side, bits) for side in ("after", "before")
    }
