"""Every page of the product: what the tests of all pages, the screenshots and the bench go through.

To add a page, add a row to PAGES; `row("name", "/its/address/", role)` or, where the address names
a row of the database, a function of `Known`. A URL that answers GET with HTML and has neither a
row here nor a reason in NOT_PAGES fails tests/browser/test_pages.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from imrsite.security.access import rule_for
from imrsite.security.roles import Role
from tests.product import Product

FILL = "from tests.browser.filling import fill; fill()"


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of rows that an installation holds, by which pages are addressed."""

    case: str  # the number of the sample letter's case
    case_key: int
    in_review: str  # the number of a case with three issues, on which two reviewers disagree
    document: int
    failed_document: int
    batch: int
    proposal: int
    annotation: int
    reply: int
    label: str
    view: int
    person: int
    obligation: int
    packet: int
    memo: int
    unmade_memo: int
    acknowledge: str
    revision: int
    group: int
    guest: int  # somebody whose invitation is still open
    invitation: str
    unsubscribe: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page. `name` is that of its URL, then " / …" where one URL has several pages."""

    name: str
    path: Callable[[Known], str]
    role: Role | None  # who works with it; None: whoever is not signed in
    status: int = 200
    moves: bool = False  # on to an address that does not tell the secret of the first one

    @property
    def url_name(self) -> str:
        return self.name.partition(" / ")[0]

    @property
    def slug(self) -> str:
        """For file names."""
        return self.name.replace(" / ", "-").replace("admin:", "admin-").replace(" ", "-")


def row(
    name: str, path: str | Callable[[Known], str], role: Role | None = Role.REVIEWER, **more: Any
) -> ProductPage:
    return ProductPage(name, path if callable(path) else lambda _: path, role, **more)


UPLOADER, LEAD, CORRECTOR = Role.UPLOADER, Role.LEAD, Role.CORRECTOR
AUDITOR, ADMIN = Role.AUDITOR, Role.ADMIN
PAGES: tuple[ProductPage, ...] = (
    row("inbox", "/"),
    row("cases", "/cases/"),
    row("cases / narrowed", "/cases/?decision=upheld&q=treatment"),
    row("cases / nothing found", "/cases/?q=nothing-has-these-words"),
    row("cases-filters", "/cases/filters"),
    row("case", lambda known: f"/cases/{known.case}/"),
    row("case / in review", lambda known: f"/cases/{known.in_review}/", LEAD),
    row("case / brief", lambda known: f"/cases/{known.in_review}/?print"),
    row("case-claim", lambda known: f"/cases/{known.case}/claim/", LEAD),
    row("compliance", lambda known: f"/cases/{known.case}/compliance/"),
    row("case-history", lambda known: f"/cases/{known.in_review}/history/"),
    row("issue-precedents", lambda known: f"/cases/{known.case}/issues/1/precedents/"),
    row("precedents", "/precedents/?request=lumbar+MRI"),
    row("desk", "/desk/"),
    row("memos", "/desk/memos/"),
    row("memo", lambda known: f"/desk/{known.memo}/"),
    row("memo / print", lambda known: f"/desk/{known.memo}/?print"),
    row("memo-requests", lambda known: f"/desk/{known.unmade_memo}/requests/", ADMIN),
    row("calibration", "/desk/calibration/"),
    row("issues", "/issues/"),
    row("issues-filters", "/issues/filters"),
    row("citations", "/citations/"),
    row("citations-filters", "/citations/filters"),
    row("compare", "/compare/"),
    row("compare / two selections", "/compare/?decision=upheld&with=&with-decision=overturned"),
    row("compare-filters", "/compare/filters"),
    # annotations and reviews
    row("annotation", lambda known: f"/annotations/{known.annotation}/"),
    row(
        "annotation-create",
        lambda known: f"/cases/{known.case}/annotate/?target=rationale&issue=1",
    ),
    row("annotation-edit", lambda known: f"/annotations/{known.annotation}/edit/"),
    row("annotation-place", lambda known: f"/annotations/{known.annotation}/place/"),
    row("reply-edit", lambda known: f"/replies/{known.reply}/edit/"),
    row("annotations", "/annotations/"),
    row("annotations-filters", "/annotations/filters"),
    row("reviews", "/reviews/"),
    row("reviews-filters", "/reviews/filters"),
    row("review-agreement", "/reviews/agreement/"),
    row("review-assign", "/reviews/assign/", LEAD),
    row("team", "/team/", LEAD),
    row("obligations", "/obligations/", LEAD),
    row("obligations-filters", "/obligations/filters", LEAD),
    row("obligation", lambda known: f"/obligations/{known.obligation}/", LEAD),
    row("findings", "/findings/", LEAD),
    row("findings-filters", "/findings/filters", LEAD),
    row("repeats", "/findings/repeats/", LEAD),
    row("packets", "/packets/", LEAD),
    row("packet", lambda known: f"/packets/{known.packet}/", LEAD),
    row("packet-acknowledge", lambda known: known.acknowledge, None),
    row("labels", "/labels/", LEAD),
    row("label-new", "/labels/new/", LEAD),
    row("label-edit", lambda known: f"/labels/{known.label}/", LEAD),
    # documents
    row("upload", "/upload/", UPLOADER),
    row("batches", "/batches/", UPLOADER),
    row("batch", lambda known: f"/batches/{known.batch}/", UPLOADER),
    row("documents", "/documents/", UPLOADER),
    row("documents-filters", "/documents/filters", UPLOADER),
    row("document", lambda known: f"/documents/{known.document}/", UPLOADER),
    row("document / failed", lambda known: f"/documents/{known.failed_document}/", UPLOADER),
    row("document-by-hand", lambda known: f"/documents/{known.failed_document}/by-hand", UPLOADER),
    row("proposals", "/versions/", CORRECTOR),
    row("proposal", lambda known: f"/versions/{known.proposal}/", CORRECTOR),
    # people and oneself
    row("view-edit", lambda known: f"/views/{known.view}/edit/"),
    row("guide", "/guide/"),
    row("password", "/password/"),
    row("notifications", "/notifications/"),
    row("view-alert", lambda known: f"/notifications/views/{known.view}/"),
    row("unsubscribe", lambda known: known.unsubscribe, None),
    row("tokens", "/tokens/"),
    row("webhooks", "/webhooks/", ADMIN),
    row("api-schema", "/api/v1/schema/"),
    row("people", "/people/", LEAD),
    row("person", lambda known: f"/people/{known.person}/", LEAD),
    row("audit", "/audit/", AUDITOR),
    row("operations", "/operations/", LEAD),
    row("login", "/login/", None),
    row("invitation", lambda known: known.invitation, None, moves=True),
    row("case / no such case", "/cases/CM00-0000000/", status=404),
    # correcting and managing
    row("admin:index", "/admin/", CORRECTOR),
    row("admin:app_list", "/admin/cases/", CORRECTOR),
    row("admin:cases_case_changelist", "/admin/cases/case/", CORRECTOR),
    row("admin:cases_case_add", "/admin/cases/case/add/", CORRECTOR),
    row(
        "admin:cases_case_change",
        lambda known: f"/admin/cases/case/{known.case_key}/change/",
        CORRECTOR,
    ),
    row(
        "admin:cases_case_history",
        lambda known: f"/admin/cases/case/{known.case_key}/history/",
        CORRECTOR,
    ),
    row("admin:cases_case_names", "/admin/cases/case/guideline-names/?from_source=ODG", CORRECTOR),
    row("admin:cases_case_import", "/admin/cases/case/import/", CORRECTOR),
    row(
        "admin:cases_document_change",
        lambda known: f"/admin/cases/document/{known.document}/change/",
        CORRECTOR,
    ),
    row(
        "admin:cases_revision_change",
        lambda known: f"/admin/cases/revision/{known.revision}/change/",
        CORRECTOR,
    ),
    row(
        "admin:reviews_annotation_change",
        lambda known: f"/admin/reviews/annotation/{known.annotation}/change/",
        CORRECTOR,
    ),
    row("admin:reviews_label_add", "/admin/reviews/label/add/", ADMIN),
    row("admin:auth_user_changelist", "/admin/auth/user/", ADMIN),
    row("admin:auth_user_add", "/admin/auth/user/add/", ADMIN),
    row(
        "admin:auth_user_change",
        lambda known: f"/admin/auth/user/{known.person}/change/",
        ADMIN,
    ),
    row(
        "admin:auth_user_password_change",
        lambda known: f"/admin/auth/user/{known.person}/password/",
        ADMIN,
    ),
    row(
        "admin:auth_user_delete",
        lambda known: f"/admin/auth/user/{known.guest}/delete/",
        ADMIN,
    ),
    row(
        "admin:auth_group_change",
        lambda known: f"/admin/auth/group/{known.group}/change/",
        ADMIN,
    ),
)
# URLs that answer GET, by name or pattern, and why none of PAGES is theirs. The first fit counts.
NOT_PAGES: dict[str, str] = {
    "*-export": "CSV",
    "api-*": "JSON",
    "annotations-jsonld": "JSON-LD",
    "obligation-evidence": "a file that somebody attached",
    "packet-new": "asked only once findings were ticked: tests/browser/test_obligations.py",
    "packet-pdf": "a PDF",
    "document-file": "a PDF",
    "document-page": "a picture",
    "document-words": "JSON",
    "compare-plot": "a picture",
    "memo-pdf": "a PDF",
    "labels-css": "a style sheet",
    "guide-picture": "a picture",
    "mention-names": "the options of a field, put under it by HTMX",
    "find": "what the command palette found, put into it by HTMX",
    "batch-receipt": "leads to the batch",
    "mention": "leads to the annotation on its case page",
    "review-write": "leads to the case page",
    "review-assigned": "told only right after assigning; tests/browser/test_flow.py opens it",
    "healthz": "plain text",
    "metrics": "plain text",
    "readyz": "JSON",
    "single-sign-on": "leads to the provider of the sign-in",
    "openid_connect_callback": "leads from the provider of the sign-in to the inbox",
    "account_login": "the page `login` at another address",
    "account_reauthenticate": "only with a second factor: tests/sign_in/test_second_factor.py",
    "mfa_*": "only with a second factor: tests/sign_in/test_second_factor.py",
    "admin:login": "leads to `login`",
    "admin:autocomplete": "JSON",
    "admin:jsi18n": "a script",
    "admin:view_on_site": "leads to the object’s own page",
    "admin:django.*": "leads to another address, or says 404",
    "admin:cases_issue_change": "leads to admin:cases_case_change",
    "admin:*_changelist": "the template of admin:cases_case_changelist",
    "admin:*_history": "the template of admin:cases_case_history",
    "admin:*_delete": "the template of admin:auth_user_delete, or refused",
    "admin:*_add": "the template of admin:reviews_label_add, or refused",
    "admin:*_change": "the template of admin:reviews_annotation_change or reviews_label_add",
}


def prepare(product: Product) -> Known:
    """Sees to the rows that the pages show; the product has to run and to have read its samples."""
    done = product.manage("shell", "-v0", "-c", FILL)
    assert done.returncode == 0, done.stderr
    return Known(**json.loads(done.stdout.splitlines()[-1]))


def urls_that_answer_get() -> set[str]:
    """The names of all addresses that somebody may GET."""
    rules = {name: rule_for(name) for name in url_names(get_resolver())}
    return {name for name, rule in rules.items() if rule and rule.get}


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{namespace}{one.name or one.lookup_str}"
        else:
            yield from url_names(one, namespace + (f"{one.namespace}:" if one.namespace else ""))


def forgotten() -> list[str]:
    """URLs with neither a row nor a reason."""
    have = {page.url_name for page in PAGES}
    return sorted(name for name in urls_that_answer_get() - have if reason_for(name) is None)


def reason_for(name: str) -> str | None:
    return next((why for like, why in NOT_PAGES.items() if fnmatchcase(name, like)), None)
