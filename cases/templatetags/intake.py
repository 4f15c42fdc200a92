"""What the taking in of documents adds to other pages."""

from __future__ import annotations

from django import template

from cases.corrections.proposals import open_proposals
from cases.models import Case, Proposal

register = template.Library()


@register.inclusion_tag("cases/_open_proposals.html")
def open_proposals_of(case: Case) -> dict:
    """The notices that another reading of this case waits for a person."""
    # Most cases have none, and to ask whether there is one takes a third of the time.
    if not Proposal.objects.filter(case=case, state=Proposal.State.OPEN).exists():
        return {"proposals": ()}
    return {"proposals": open_proposals().filter(case=case)}
