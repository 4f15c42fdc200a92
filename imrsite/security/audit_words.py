"""Lines of the access log in words: "opened the letter of CM14-0195168" for "opened document 4"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse

from cases.models import Document
from imrsite.models import Access

Action = Access.Action
CASE_NUMBER = re.compile(r"[A-Z]{2}\d{2}-\d{5,8}")
DOCUMENT = re.compile(r"document (\d+)")
BATCH = re.compile(r"batch (\d+)")
MEMO = re.compile(r"memo (\d+)")
IN_ADMIN = re.compile(r"admin (\w+?)(?:_(add|change|delete|history|changelist))?(?: (\w+))?")
PASSWORD_IN_ADMIN = re.compile(r"admin auth_user_password_change (\d+)")
# What an account came to, as imrsite.views.people logs it.
ACCOUNTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"own password", "changed their own password"),
        (r"invitation of (.+)", "made an invitation link for {}"),
        (r"details of (.+)", "changed the name or email of {}"),
        (r"role of (.+): (.+)", "gave {} the role {}"),
        (r"deactivation of (.+)", "deactivated the account of {}"),
        (r"reactivation of (.+)", "reactivated the account of {}"),
        (r"new API token (.+)", "made the API token “{}”"),
        (r"revocation of API token (.+)", "revoked the API token {}"),
        (r"batch (\d+)", "uploaded files through the API, as upload number {}"),
        (r"new webhook (.+)", "registered the webhook {}"),
        (r"change of webhook (.+)", "changed the webhook {}"),
        (r"removal of webhook (.+)", "removed the webhook {}"),
    )
)
LISTS = {
    "cases": ("case", "cases"),
    "issues": ("issue", "issues"),
    "citations": ("citation", "citations"),
    "documents": ("document", "documents"),
    "annotations": ("annotation", "annotations"),
    "reviews": ("review", "reviews"),
    "obligations": ("obligation", "obligations"),
    "findings": ("finding", "findings"),
    "precedents": ("precedent", "precedents"),
    "audit": ("line of the access log", "lines of the access log"),
}
FORMATS = {"jsonld": "JSON-LD"}


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """What a line calls a document: its file, and the case that it gave, if one alone."""

    name: str
    case_number: str
    address: str


@dataclass(frozen=True, slots=True)
class LineInWords:
    row: Access
    words: str
    link: str = ""  # to what it is about


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what the lines of one page are about, by key."""

    documents: Mapping[int, NamedDocument]
    users: Mapping[int, str]


def lines_in_words(rows: Iterable[Access]) -> list[LineInWords]:
    rows = list(rows)
    names = names_for(rows)
    return [LineInWords(row, words_of(row, names), link_of(row, names)) for row in rows]


def names_for(rows: Iterable[Access]) -> Names:
    whats = [row.what for row in rows]
    documents = Document.objects.filter(pk__in=keys_in(whats, DOCUMENT)).prefetch_related("cases")
    users = get_user_model().objects.filter(pk__in=keys_in(whats, PASSWORD_IN_ADMIN))
    return Names({one.pk: named(one) for one in documents}, {u.pk: u.get_username() for u in users})


def keys_in(whats: Iterable[str], pattern: re.Pattern[str]) -> set[int]:
    return {int(found[1]) for what in whats if (found := pattern.fullmatch(what))}


def named(document: Document) -> NamedDocument:
    numbers = [case.case_number for case in document.cases.all()]
    number = numbers[0] if len(numbers) == 1 else ""
    return NamedDocument(document.name, number, document.get_absolute_url())


def link_of(row: Access, names: Names) -> str:
    if CASE_NUMBER.fullmatch(row.what):
        return reverse("case", args=[row.what])
    if found := DOCUMENT.fullmatch(row.what):
        document = names.documents.get(int(found[1]))
        return document.address if document else ""
    if found := BATCH.fullmatch(row.what):
        return reverse("batch", args=[found[1]])
    if found := MEMO.fullmatch(row.what):
        return reverse("memo", args=[found[1]])
    return ""


def words_of(row: Access, names: Names) -> str:
    """What the person did; the words follow their name."""
    say = SAYINGS.get(row.action)
    return (say(row, names) if say else "") or f"{row.get_action_display().lower()}: {row.what}"


def document_of(row: Access, names: Names) -> NamedDocument | None:
    found = DOCUMENT.fullmatch(row.what)
    return names.documents.get(int(found[1])) if found else None


def opened(row: Access, names: Names) -> str:
    if CASE_NUMBER.fullmatch(row.what):
        return f"opened case {row.what}"
    document = document_of(row, names)
    if document and document.case_number:
        return f"opened the letter of {document.case_number}"
    if document:
        return f"opened {document.name}"
    if DOCUMENT.fullmatch(row.what):
        return f"opened {row.what}, which is no longer on file"
    return in_admin(row, names, "opened")


def downloaded(row: Access, names: Names) -> str:
    document = document_of(row, names)
    return f"downloaded {document.name if document else row.what}"


def listed(row: Access, names: Names) -> str:
    if row.what == "inbox":
        return "opened the inbox"
    if found := BATCH.fullmatch(row.what):
        return f"opened upload number {found[1]}"
    if row.what in LISTS:
        return f"looked through the {LISTS[row.what][1]}"
    return f"opened the page “{row.what}”"


def export_in_words(what: str) -> tuple[tuple[str, str], str]:
    """The noun of a list's rows, in both numbers, and the format that it was exported in."""
    name, _, kind = what.partition("-")
    return LISTS.get(name, ("row of " + what, "rows of " + what)), FORMATS.get(kind, "CSV")


def exported(row: Access, names: Names) -> str:
    (_, many), kind = export_in_words(row.what)
    return f"began to export {many} as {kind}"


def sent(row: Access, names: Names) -> str:
    (one, many), kind = export_in_words(row.what)
    if row.rows is None:
        return f"exported {many} as {kind}"
    return f"exported {intcomma(row.rows)} {one if row.rows == 1 else many} as {kind}"


def signed_in(row: Access, names: Names) -> str:
    return f"signed in {row.what}"


def failed(row: Access, names: Names) -> str:
    return f"was refused at sign-in: wrong {row.what}"


def locked_out(row: Access, names: Names) -> str:
    where = f" from {row.what.removeprefix('address ')}" if row.what.startswith("address ") else ""
    return f"was locked out after too many failed sign-ins{where}"


def changed(row: Access, names: Names) -> str:
    if CASE_NUMBER.fullmatch(row.what):
        return f"corrected case {row.what}"
    for pattern, words in ACCOUNTS:
        if found := pattern.fullmatch(row.what):
            return words.format(*found.groups())
    if found := PASSWORD_IN_ADMIN.fullmatch(row.what):
        return f"set a password for {names.users.get(int(found[1]), 'an account that is gone')}"
    return in_admin(row, names, "changed")


def in_admin(row: Access, names: Names, verb: str) -> str:
    found = IN_ADMIN.fullmatch(row.what)
    if not found:
        return ""
    name, page, pk = found.groups()
    words = model_words(name, plural=page in (None, "changelist"))
    verbs = {"add": "added", "delete": "deleted"} if verb == "changed" else {}
    which = f" {pk}" if pk else ""
    return f"{verbs.get(page, verb)} {words}{which} in the admin"


def model_words(name: str, *, plural: bool) -> str:
    """Of "auth_group" the model's name; of a page that is no model's, the page's own."""
    label, _, model = name.partition("_")
    try:
        meta = apps.get_model(label, model)._meta
    except LookupError:
        return f"“{name.replace('_', ' ')}”"
    return str(meta.verbose_name_plural if plural else meta.verbose_name)


def reset(row: Access, names: Names) -> str:
    return f"removed the {row.what}"


SAYINGS: dict[str, Callable[[Access, Names], str]] = {
    Action.OPENED: opened,
    Action.DOWNLOADED: downloaded,
    Action.LISTED: listed,
    Action.EXPORTED: exported,
    Action.SENT: sent,
    Action.SIGNED_IN: signed_in,
    Action.FAILED: failed,
    Action.LOCKED_OUT: locked_out,
    Action.CHANGED: changed,
    Action.RESET: reset,
}
