"""The page for leads: how the team stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.index.current import current_index
from cases.views.signed_in import SignedInRequest
from reviews.reviewing.agreement import (
    agreement_by_person,
    agreement_on_labels,
    agreement_on_verdicts,
    double_reviews,
)
from reviews.reviewing.team import (
    batch_progress,
    decided_otherwise,
    figures,
    loads_of,
    people_with_reviews,
)
from reviews.reviewing.week import BAR_HEIGHT, BAR_STEP, WEEKS, last_weeks
from reviews.reviewing.workflow import reviewers


@require_safe
def team(request: SignedInRequest) -> HttpResponse:
    with current_index():  # all figures are of one state, looked up once
        context = team_context()
    return render(request, "reviews/team.html", context)


def team_context() -> dict[str, Any]:
    pairs = double_reviews()
    people = {one.pk: one for one in [*people_with_reviews(), *reviewers()]}
    loads = sorted(loads_of(people.values()), key=lambda one: (not one.any, one.person.username))
    return {
        "figures": figures(),
        "loads": loads,
        "weeks": last_weeks(),
        "chart": {"width": WEEKS * BAR_STEP, "height": BAR_HEIGHT, "bar": BAR_STEP - 4},
        "batches": batch_progress(),
        "double": len(pairs),
        "agreements": [
            ("By verdict", "Verdict", agreement_on_verdicts(pairs)),
            ("By person", "Reviewer", agreement_by_person(pairs)),
            ("By label", "Label", agreement_on_labels(pairs)),
        ],
        "otherwise": decided_otherwise(),
    }
