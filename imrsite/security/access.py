"""URL permission table and the middleware that enforces it.

To add a URL, add a row here and one in tests/imrsite/test_access.py. An address without a row is
answered to nobody, and a method that its row does not name gets 405. What depends on the object
(one's own annotation, an assigned review, a closed case) is for the function that writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases.views.trouble import render_error
from imrsite.security.sign_in_flow import has_second_factor, has_single_sign_on
from imrsite.web.matched import match_of

if TYPE_CHECKING:  # this module is imported before the models are
    from django.contrib.auth.models import AnonymousUser, User

ANYONE = "anyone"  # without signing in
SIGNED_IN = "signed in"  # even without a role
READ = "cases.view_case"
EXPORT = "imrsite.export"
UPLOAD = "cases.add_document"
RETRY = "cases.change_document"
CORRECT = "cases.change_case"
ANNOTATE = "reviews.add_annotation"
MEMO = "reviews.add_memo"
OBLIGE = "reviews.change_obligation"
LEAD = "reviews.lead_reviews"
INVITE = "imrsite.invite"
AUDIT = "imrsite.read_audit"
WEBHOOKS = "imrsite.webhooks"
ENTER_ADMIN = "imrsite.enter_admin"


@dataclass(frozen=True, slots=True)
class Rule:
    """The permission that each method takes; None where the address does not know the method.

    `logged` is what the access log calls it when somebody gets there: every address that shows
    words of letters, or what people wrote about them. `about` says what its pk is the key of.
    """

    get: str | None = None
    post: str | None = None
    logged: str = ""
    about: str = ""
    upload: bool = False  # what is sent to it shows nothing

    def right_for(self, method: str | None) -> str | None:
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method or "")

    def logged_for(self, method: str | None) -> str:
        """What the access log calls it."""
        return "" if method == "POST" and self.upload else self.logged

    @property
    def methods(self) -> list[str]:
        return (["GET", "HEAD"] if self.get else []) + (["POST"] if self.post else [])


RULES: dict[str, Rule] = {
    # pages that read
    "inbox": Rule(get=READ, logged="listed"),
    "find": Rule(get=READ),
    "guide": Rule(get=READ),
    "guide-picture": Rule(get=READ),
    "tour": Rule(post=READ),
    "documents": Rule(get=READ),
    "document": Rule(get=READ),
    "document-file": Rule(get=READ, logged="downloaded"),
    "document-page": Rule(get=READ, logged="opened"),
    "document-words": Rule(get=READ, logged="opened"),
    "cases": Rule(get=READ, logged="listed"),
    "case": Rule(get=READ, logged="opened"),
    "issues": Rule(get=READ, logged="listed"),
    "citations": Rule(get=READ, logged="listed"),
    # the fields that narrow a list, as its drawer has them
    "cases-filters": Rule(get=READ),
    "issues-filters": Rule(get=READ),
    "citations-filters": Rule(get=READ),
    "documents-filters": Rule(get=READ),
    "annotations-filters": Rule(get=READ),
    "reviews-filters": Rule(get=READ),
    "compare-filters": Rule(get=READ),
    # what to do with ticked rows; each action asks for its own permission besides
    "cases-bulk": Rule(post=READ),
    "issues-bulk": Rule(post=READ),
    "citations-bulk": Rule(post=READ),
    "documents-bulk": Rule(post=READ),
    # saved views; whose they are is checked by cases.lists.saved_views
    "view-create": Rule(post=READ),
    "view-edit": Rule(get=READ, post=READ),
    "view-delete": Rule(post=READ),
    "case-history": Rule(get=READ, logged="opened"),
    # corrections
    "value-restore": Rule(post=CORRECT),
    "compare": Rule(get=READ),
    "compare-plot": Rule(get=READ),
    "issue-precedents": Rule(get=READ, logged="opened"),
    "precedents": Rule(get=READ, logged="listed"),
    # lists as CSV
    "documents-export": Rule(get=EXPORT, logged="exported"),
    "cases-export": Rule(get=EXPORT, logged="exported"),
    "issues-export": Rule(get=EXPORT, logged="exported"),
    "citations-export": Rule(get=EXPORT, logged="exported"),
    # who opened what
    "audit": Rule(get=AUDIT),
    "audit-export": Rule(get=AUDIT, logged="exported"),
    "compare-export": Rule(get=EXPORT, logged="exported"),
    # letters in
    "upload": Rule(get=UPLOAD, post=UPLOAD),
    "document-retry": Rule(post=RETRY),
    "document-by-hand": Rule(get=UPLOAD, post=UPLOAD, logged="opened"),
    "document-reparse": Rule(post=RETRY),
    "proposals": Rule(get=READ),
    "proposal": Rule(get=READ, logged="opened", about="proposal"),
    "proposal-accept": Rule(post=CORRECT),
    "proposal-keep": Rule(post=CORRECT),
    "batches": Rule(get=READ),
    "batch": Rule(get=READ, logged="listed", about="batch"),
    "batch-retry": Rule(post=RETRY),
    "batch-cancel": Rule(post=RETRY),
    # when letters were received, and of which claims they are
    "batch-receipt": Rule(get=UPLOAD, post=UPLOAD, logged="listed", about="batch"),
    "batch-letters": Rule(post=UPLOAD, logged="listed", about="batch"),
    "case-claim": Rule(get=UPLOAD, post=UPLOAD, logged="opened"),
    "claim-restore": Rule(post=UPLOAD, logged="opened"),
    # annotations; whose they are is checked by reviews.annotating.annotate
    "annotation": Rule(get=READ, logged="opened", about="annotation"),
    "annotation-create": Rule(get=ANNOTATE, post=ANNOTATE, logged="opened"),
    "annotation-edit": Rule(get=ANNOTATE, post=ANNOTATE, logged="opened", about="annotation"),
    "annotation-delete": Rule(post=ANNOTATE, logged="opened", about="annotation"),
    "annotation-restore": Rule(post=ANNOTATE, logged="opened", about="annotation"),
    "annotation-resolve": Rule(post=ANNOTATE, logged="opened", about="annotation"),
    "annotation-place": Rule(get=ANNOTATE, post=ANNOTATE, logged="opened", about="annotation"),
    "reply-create": Rule(post=ANNOTATE, logged="opened", about="annotation"),
    "reply-edit": Rule(get=ANNOTATE, post=ANNOTATE, logged="opened", about="reply"),
    "reply-delete": Rule(post=ANNOTATE, logged="opened", about="reply"),
    "reply-restore": Rule(post=ANNOTATE, logged="opened", about="reply"),
    "mention": Rule(get=READ, post=READ),
    "mention-names": Rule(get=ANNOTATE),
    "annotations": Rule(get=READ, logged="listed"),
    "annotations-export": Rule(get=EXPORT, logged="exported"),
    "annotations-jsonld": Rule(get=EXPORT, logged="exported"),
    "annotations-bulk": Rule(post=READ),
    # deadlines
    "obligations": Rule(get=READ, logged="listed"),
    "obligations-filters": Rule(get=READ),
    "obligations-bulk": Rule(post=READ),
    "obligations-export": Rule(get=EXPORT, logged="exported"),
    "obligation": Rule(get=READ, logged="opened", about="obligation"),
    "obligation-act": Rule(post=OBLIGE, logged="opened", about="obligation"),
    "obligation-evidence": Rule(get=READ, logged="downloaded", about="evidence"),
    "compliance": Rule(get=READ, logged="opened"),
    # findings of closed reviews, and the packets that tell UR of them
    "findings": Rule(get=READ, logged="listed"),
    "findings-filters": Rule(get=READ),
    "findings-bulk": Rule(post=READ),
    "findings-export": Rule(get=EXPORT, logged="exported"),
    "repeats": Rule(get=READ),
    "packets": Rule(get=READ),
    "packet-new": Rule(get=LEAD, post=LEAD, logged="listed"),
    "packet": Rule(get=READ, logged="listed", about="packet"),
    "packet-act": Rule(post=LEAD, logged="listed", about="packet"),
    "packet-pdf": Rule(get=EXPORT, logged="downloaded", about="packet"),
    "packet-acknowledge": Rule(get=ANYONE, post=ANYONE),  # whoever has the link of the mail
    # the desk; an unfinished memo is for who takes it in (reviews.views.desk)
    "desk": Rule(get=READ, post=MEMO),
    "memos": Rule(get=READ),
    "calibration": Rule(get=READ),
    "memo": Rule(get=READ, logged="opened", about="memo"),
    "memo-pdf": Rule(get=READ, logged="downloaded", about="memo"),
    "memo-requests": Rule(get=MEMO, post=MEMO),
    "memo-join": Rule(post=MEMO),
    # reviews; whose they are is checked by reviews.reviewing.workflow
    "reviews": Rule(get=READ),
    "reviews-export": Rule(get=EXPORT, logged="exported"),
    "reviews-bulk": Rule(post=READ),
    "review-next": Rule(post=ANNOTATE),
    "review-take": Rule(post=ANNOTATE),
    "review-write": Rule(get=ANNOTATE, post=ANNOTATE, logged="opened"),
    "review-lead": Rule(post=LEAD, logged="opened"),
    "review-assign": Rule(get=LEAD, post=LEAD),
    "review-assigned": Rule(get=LEAD, post=LEAD),
    "review-agreement": Rule(get=READ),
    "team": Rule(get=LEAD, logged="listed"),
    "presence": Rule(post=READ),
    "labels": Rule(get=READ),
    "labels-css": Rule(get=READ),
    "label-new": Rule(get=LEAD, post=LEAD),
    "label-edit": Rule(get=LEAD, post=LEAD),
    # the admin checks each model's own permissions besides
    "admin:*": Rule(get=ENTER_ADMIN, post=ENTER_ADMIN, logged="opened"),
    "admin:index": Rule(get=ENTER_ADMIN, post=ENTER_ADMIN),
    "admin:jsi18n": Rule(get=ENTER_ADMIN),
    "admin:autocomplete": Rule(get=ENTER_ADMIN),
    "admin:django.views.generic.base.RedirectView": Rule(get=ENTER_ADMIN),
    "admin:password_change": Rule(),
    "admin:password_change_done": Rule(),
    "admin:login": Rule(get=ANYONE, post=ANYONE),
    "admin:logout": Rule(post=SIGNED_IN),
    # oneself
    "login": Rule(get=ANYONE, post=ANYONE),
    "logout": Rule(post=SIGNED_IN),
    "password": Rule(get=SIGNED_IN, post=SIGNED_IN),
    # what one hears of by mail; whose view it is, and whose link, is checked there
    "notifications": Rule(get=READ, post=READ),
    "view-alert": Rule(get=READ, post=READ),
    "unsubscribe": Rule(get=ANYONE, post=ANYONE),  # whoever has the link
    "session-stay": Rule(post=SIGNED_IN),
    "invitation": Rule(get=ANYONE, post=ANYONE),  # whoever has the link
    # other people
    "people": Rule(get=INVITE, post=INVITE),
    "person": Rule(get=INVITE, post=INVITE),
    "person-deactivate": Rule(post=INVITE),
    "person-reactivate": Rule(post=INVITE),
    "invitation-renew": Rule(post=INVITE),
    # programs: as CSV does, a list in the API gives all of its rows
    "api-cases": Rule(get=EXPORT, logged="listed"),
    "api-case": Rule(get=READ, logged="opened"),
    "api-issues": Rule(get=EXPORT, logged="listed"),
    "api-issue": Rule(get=READ, logged="opened", about="issue"),
    "api-citations": Rule(get=EXPORT, logged="listed"),
    "api-citation": Rule(get=READ, logged="opened", about="citation"),
    "api-annotations": Rule(get=EXPORT, logged="listed"),
    "api-annotation": Rule(get=READ, logged="opened", about="annotation"),
    "api-reviews": Rule(get=EXPORT, logged="listed"),
    "api-review": Rule(get=READ, logged="opened", about="review"),
    "api-documents": Rule(get=EXPORT, post=UPLOAD, logged="listed", upload=True),
    "api-document": Rule(get=READ),
    "api-schema": Rule(get=READ),
    "api-try-file": Rule(get=READ),  # of the page to try it
    "tokens": Rule(get=READ, post=READ),
    "token-revoke": Rule(post=READ),  # whose it is, is checked by imrsite.tokens
    "webhooks": Rule(get=WEBHOOKS, post=WEBHOOKS),
    "webhook-test": Rule(post=WEBHOOKS),
    "webhook-remove": Rule(post=WEBHOOKS),
    "delivery-resend": Rule(post=WEBHOOKS),
    # monitoring
    "operations": Rule(get=LEAD),
    "metrics": Rule(get=ANYONE),  # whoever has the token, or asks from where METRICS_ALLOW says
    "healthz": Rule(get=ANYONE),
    "readyz": Rule(get=ANYONE),
}

if has_single_sign_on() or has_second_factor():
    RULES["account_login"] = RULES["login"]
if has_single_sign_on():
    RULES |= {
        "single-sign-on": Rule(get=ANYONE),
        "openid_connect_callback": Rule(get=ANYONE),
    }
if has_second_factor():
    RULES |= {
        "mfa_authenticate": Rule(get=ANYONE, post=ANYONE),  # whoever gave the right password
        "account_reauthenticate": Rule(get=SIGNED_IN, post=SIGNED_IN),
        "mfa_reauthenticate": Rule(get=SIGNED_IN, post=SIGNED_IN),
        "mfa_index": Rule(get=SIGNED_IN),
        "mfa_activate_totp": Rule(get=SIGNED_IN, post=SIGNED_IN),
        "mfa_deactivate_totp": Rule(get=SIGNED_IN, post=SIGNED_IN),
        "mfa_view_recovery_codes": Rule(get=SIGNED_IN),
        "mfa_generate_recovery_codes": Rule(get=SIGNED_IN, post=SIGNED_IN),
        "second-factor-forget": Rule(post=INVITE),
    }


def rule_for(view_name: str) -> Rule | None:
    """The row of a URL by its name, or that of its namespace."""
    namespace, colon, _ = view_name.partition(":")
    return RULES.get(view_name) or (RULES.get(f"{namespace}:*") if colon else None)


def has_right(user: User | AnonymousUser, right: str | None) -> bool:
    if right == ANYONE:
        return True
    if right is None or not user.is_authenticated:
        return False
    return right == SIGNED_IN or user.has_perm(right)


class AccessMiddleware:
    """Comes after LoginRequiredMiddleware, which sends visitors to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        rule = rule_for(match_of(request).view_name)
        if rule is None:
            raise PermissionDenied("This address is not available to anyone yet.")
        right = rule.right_for(request.method)
        if right is None:
            response = render_error(request, 405)
            response["Allow"] = ", ".join(rule.methods)
            return response
        if not has_right(request.user, right):
            raise PermissionDenied(refusal_message(request.user))
        return None


def refusal_message(user: User | AnonymousUser) -> str:
    if user.is_authenticated and not user.get_all_permissions():
        return "Your account has no role yet. Ask a lead or an administrator to assign you one."
    return "Your role does not include this. If it should, ask a lead or an administrator."
