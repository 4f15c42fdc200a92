"""What is kept beside the cases so that pages are fast. All of it can be made from them again."""

from __future__ import annotations

from django.db import models


class CaseChange(models.Model):
    """The last change of a case, by which every process knows what to read again (cases.index).

    The row of a case that was deleted stays, so that the deletion is noticed.
    """

    case_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"change {self.number} of case {self.case_id}"


class SearchWord(models.Model):
    """A word that some searched text holds, to be offered for one that none holds."""

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word
