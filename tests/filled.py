"""Rows of every kind: made-up cases, letters that were read, corrected and annotated."""

from __future__ import annotations

from django.core.management import call_command

from cases.corrections.history import correction
from cases.models import Case, Issue
from imrsite.models import Access
from imrsite.security.roles import Role
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import find_place
from reviews.models import Label
from tests.factories import stored_case, stored_letter
from tests.people import person


def fill(made_up: int) -> Case:
    """The case of the letter that was corrected and annotated."""
    call_command("synthesize", str(made_up), verbosity=0)
    lead, corrector = person(Role.LEAD, "lead"), person("data corrector", "corrector")
    Access.objects.create(who_id=lead.pk, who_name="lead", action="opened", what="a case")
    case = stored_case()
    stored_letter("facsimile-003-final-2014")
    with correction(case, corrector, "Seen on paper") as locked:
        locked.priority = "Expedited"
        locked.save()
        Issue.objects.filter(case=locked).update(decision="overturned")
    # On the case as it was before the correction, as a page that was opened earlier would.
    for target, position, label in (
        ("rationale", "1", None),
        ("clinical_summary", "", Label.objects.first()),
    ):
        place = find_place(case, target, position)
        words = Selection(place.text[10:60], 10)
        create_annotation(place, lead, words, comment="Which? Žluťoučký, “so”", label=label)
    return Case.objects.get(pk=case.pk)
