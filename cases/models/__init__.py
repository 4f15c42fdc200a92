"""The models of this app, each with what it is stored by."""

from cases.models.cases import Case, Citation, Flag, Issue, case_number_form, one_of
from cases.models.choices import TURNED, Decision, Format, Priority, Source, Verdict
from cases.models.claims import ClaimFacts
from cases.models.derived import CaseChange, SearchWord
from cases.models.documents import MADE_UP, Document, DocumentPage, Reading
from cases.models.history import Change, Revision
from cases.models.intake import Batch, BatchLine, DocumentEvent, MailboxMessage, Proposal
from cases.models.running import BackupRun, TaskTurn
from cases.models.saved_views import SavedView
from cases.models.taxonomy import Category, Subcategory

__all__ = [
    "MADE_UP",
    "TURNED",
    "BackupRun",
    "Batch",
    "BatchLine",
    "Case",
    "CaseChange",
    "Category",
    "Change",
    "Citation",
    "ClaimFacts",
    "Decision",
    "Document",
    "DocumentEvent",
    "DocumentPage",
    "Flag",
    "Format",
    "Issue",
    "MailboxMessage",
    "Priority",
    "Proposal",
    "Reading",
    "Revision",
    "SavedView",
    "SearchWord",
    "Source",
    "Subcategory",
    "TaskTurn",
    "Verdict",
    "case_number_form",
    "one_of",
]
