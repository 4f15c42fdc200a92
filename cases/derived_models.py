"""What is kept beside the cases so that pages are fast. All of it can be made from them again."""

from __future__ import annotations

from django.db import models


class StoredFacts(models.Model):
    """The facts of a case as the summaries last counted them (cases.facts.CaseFacts)."""

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="stored_facts"
    )
    facts = models.JSONField()

    class Meta:
        verbose_name_plural = "stored facts"

    def __str__(self) -> str:
        return f"facts of case {self.case_id}"


class Tally(models.Model):
    """Numbers to be added up: what a key of cases.facts counts is the sum of all its rows.

    A change of a case adds rows and touches none, so writers never wait for one another; they are
    folded into one row a key from time to time (cases.summaries.fold).
    """

    scope = models.CharField(max_length=80, blank=True)
    dimension = models.CharField(max_length=24)
    first = models.CharField(max_length=200, blank=True)
    second = models.CharField(max_length=200, blank=True)
    total = models.IntegerField()
    upheld = models.IntegerField()
    overturned = models.IntegerField()
    partially = models.IntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [
            models.Index(fields=["scope", "dimension", "first", "second"], name="tally_key"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.dimension} {self.first} {self.second}: {self.total}"


class PastRequest(models.Model):
    """What is asked in an issue, made comparable; precedents are looked for in these."""

    issue = models.OneToOneField(
        "cases.Issue", models.CASCADE, primary_key=True, related_name="past_request"
    )
    category = models.CharField(max_length=24)
    subcategory = models.CharField(max_length=32, blank=True)
    body_parts = models.JSONField(default=list, help_text="That the request is for.")
    decision = models.CharField(max_length=24, blank=True)
    words = models.TextField(help_text="With spaces between; see cases.requests.")
    guidelines = models.JSONField(help_text="Cited by either side, by name.")

    def __str__(self) -> str:
        return self.words


class RequestWord(models.Model):
    """One word of a past request: the index by which candidates are found, newest first."""

    category = models.CharField(max_length=24)
    word = models.CharField(max_length=40)
    issue = models.ForeignKey("cases.Issue", models.CASCADE, related_name="request_words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "word", "issue"], name="request_word_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.word
