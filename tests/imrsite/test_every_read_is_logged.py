"""Every address that shows a letter's words, or what people wrote about them, leaves a line.

The walk asks for every address of the URLconf. One that shows words of the letter, of an annotation
or of a reading, a picture or a file, and leaves no line in the access log, fails: name what it
logs in RULES of imrsite/security/access.py.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.corrections.refresh import refresh_case
from cases.models import Citation, DocumentPage, Issue, Proposal
from imrsite.models import Access, Pruning
from imrsite.security.access import rule_for
from reviews.annotating import threads
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.models import Label, Mention, Review, Target
from reviews.reviewing import workflow
from tests.factories import stored_case
from tests.imrsite.test_access import EVERY_URL, address

pytestmark = pytest.mark.django_db
SECRET = "zzsecret"
FIND = "findable"
WORDS = f"{FIND} {SECRET} words of a letter"
# What else an address is asked with, so that it shows what it can show.
QUERIES = {
    "cases": ["", f"q={FIND}"],
    "documents": ["", f"q={FIND}"],
    "issues": ["", f"q={FIND}", "columns=rationale"],
    "citations": ["", f"q={FIND}"],
    "annotations": ["", f"q={FIND}"],
    "precedents": [f"request={FIND}+treatment"],
    "annotation-create": ["target=rationale&issue=1"],
    "review-assign": ["reviews=1"],
    "mention-names": ["q=a"],
    "case": ["", "show=issue-1-rationale"],
}
FILES = ("image/png", "application/pdf")


@pytest.fixture
def everything(admin_client, admin_user):
    """A case with one of everything, whose every text holds the secret; keys by parameter."""
    case = stored_case()
    [issue] = case.issues.all()
    texts = ("treatment_request", "rationale", "claims_guideline", "maximus_guideline")
    Issue.objects.filter(pk=issue.pk).update(**dict.fromkeys(texts, WORDS))
    Citation.objects.update(raw=WORDS, section=WORDS)
    type(case).objects.filter(pk=case.pk).update(clinical_summary=WORDS)
    DocumentPage.objects.update(text=WORDS)
    reading = case.reading
    reading.record["clinical_summary"] = WORDS
    reading.save()
    case.refresh_from_db()
    refresh_case(case)
    issue.refresh_from_db()
    note = create_annotation(
        Place(case, issue, Target.RATIONALE), admin_user, Selection(WORDS), comment=WORDS
    )
    reply = threads.create_reply(note, admin_user, WORDS)
    mention = Mention.objects.create(user=admin_user, annotation=note, reply=reply)
    workflow.assign_reviewer(Review.objects.get(case=case), admin_user, admin_user)
    proposal = Proposal.objects.create(case=case, reading=reading, kind="version")
    return {
        "case_number": case.case_number,
        "position": 1,
        "number": 1,
        "slug": Label.objects.first().slug,
        "document": case.document_id,
        "issue": issue.pk,
        "citation": issue.citations.first().pk,
        "review": case.review.pk,
        "annotation": note.pk,
        "reply": reply.pk,
        "mention": mention.pk,
        "proposal": proposal.pk,
        "version": proposal.pk,
    }


def path_to(name: str, keys: dict) -> str:
    """The address with the keys of rows that there are."""
    if name.startswith("admin:django."):  # those without a name of their own
        return address(name, EVERY_URL[name])
    parameters = dict(EVERY_URL[name])
    for parameter in parameters:
        if parameter == "pk":
            own = name.removeprefix("api-").split("-")[0]
            parameters["pk"] = keys.get(own, keys["document"])
        elif parameter in keys:
            parameters[parameter] = keys[parameter]
        elif parameter == "object_id":
            parameters["object_id"] = first_of(name)
    if name == "compare-plot":
        parameters["name"] = "rates"
    return reverse(name, kwargs=parameters)


def first_of(admin_name: str) -> int:
    """The key of a row of the model that a page of the admin is about."""
    found = re.match(r"admin:(cases|reviews|auth)_([a-z]+)_", admin_name)
    row = apps.get_model(found[1], found[2]).objects.first() if found else None
    return row.pk if row else 0


def shows_words(response) -> bool:
    if response.headers.get("Content-Type") in FILES:
        return True
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return SECRET.encode() in body


def walk(client, keys: dict, method: str) -> tuple[set[str], set[str]]:
    """The addresses that showed words, and those of them that left no line."""
    showed, silent = set(), set()
    for name in EVERY_URL:
        rule = rule_for(name)
        if not getattr(rule, method.lower()):
            continue
        for query in QUERIES.get(name, [""]):
            with transaction.atomic():
                Pruning.objects.create(before=timezone.now() + timedelta(days=1))
                Access.objects.all().delete()
                url = f"{path_to(name, keys)}?{query}"
                response = client.generic(method, url, headers={"HX-Request": "true"})
                if shows_words(response):
                    showed.add(name)
                    if not Access.objects.exists():
                        silent.add(f"{name} {response.status_code} {url}")
                transaction.set_rollback(True)
    return showed, silent


def test_what_shows_words_when_it_is_opened_leaves_a_line(admin_client, everything):
    showed, silent = walk(admin_client, everything, "GET")
    assert not silent, "no line for " + ", ".join(sorted(silent))
    assert showed >= {"case", "issues", "annotations", "document-page", "document-file", "proposal"}
    assert showed >= {"issues-export", "annotations-jsonld", "admin:cases_reading_change"}
    assert showed >= {"api-cases", "api-case", "api-issue", "api-citations", "api-annotation"}


def test_what_shows_words_in_answer_to_a_form_leaves_a_line(admin_client, everything):
    showed, silent = walk(admin_client, everything, "POST")
    assert not silent, "no line for " + ", ".join(sorted(silent))
    assert "annotation-resolve" in showed
