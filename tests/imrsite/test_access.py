"""Every address × every role × every method, held against one table.

A new URL needs a row in RULES of imrsite/security/access.py, which opens it, and one here, which
says who should get in. The columns are GET and POST; a letter stands for each role that may:

    U uploader   R reviewer   L lead   C data corrector   A auditor   S admin (superusers too)
    0 signed in without a role         * anybody, signed in or not
    . the address does not answer this method (405)   > sends everybody on to the sign-in page

Names of the admin's URLs may be patterns; the first that fits counts.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from imrsite.security.access import RULES, rule_for
from imrsite.security.roles import Role
from imrsite.security.sign_in_flow import has_second_factor, has_single_sign_on
from tests.people import person

TABLE = """
people                          LS       LS
person                          LS       LS
person-deactivate               .        LS
person-reactivate               .        LS
invitation-renew                .        LS
invitation                      *        *
password                        URLCAS0  URLCAS0
session-stay                    .        URLCAS0
notifications                   URLCAS   URLCAS
view-alert                      URLCAS   URLCAS
unsubscribe                     *        *
audit                           LAS      .
audit-export                    LAS      .
inbox                           URLCAS   .
find                            URLCAS   .
guide                           URLCAS   .
guide-picture                   URLCAS   .
tour                            .        URLCAS
documents                       URLCAS   .
document                        URLCAS   .
document-file                   URLCAS   .
document-page                   URLCAS   .
document-words                  URLCAS   .
cases                           URLCAS   .
case                            URLCAS   .
issues                          URLCAS   .
citations                       URLCAS   .
*-filters                       URLCAS   .
*-bulk                          .        URLCAS
view-create                     .        URLCAS
view-edit                       URLCAS   URLCAS
view-delete                     .        URLCAS
*-export                        RLCAS    .
case-history                    URLCAS   .
value-restore                   .        CS
compare                         URLCAS   .
compare-plot                    URLCAS   .
compare-export                  RLCAS    .
issue-precedents                URLCAS   .
precedents                      URLCAS   .
documents-export                RLCAS    .
cases-export                    RLCAS    .
upload                          ULCS     ULCS
document-retry                  .        ULCS
document-by-hand                ULCS     ULCS
document-reparse                .        ULCS
proposals                       URLCAS   .
proposal                        URLCAS   .
proposal-accept                 .        CS
proposal-keep                   .        CS
batches                         URLCAS   .
batch                           URLCAS   .
batch-retry                     .        ULCS
batch-cancel                    .        ULCS
batch-receipt                   ULCS     ULCS
batch-letters                   .        ULCS
case-claim                      ULCS     ULCS
claim-restore                   .        ULCS
findings                        URLCAS   .
repeats                         URLCAS   .
packets                         URLCAS   .
packet-new                      LS       LS
packet                          URLCAS   .
packet-act                      .        LS
packet-pdf                      RLCAS    .
packet-acknowledge              *        *
obligations                     URLCAS   .
obligation                      URLCAS   .
obligation-act                  .        ULCS
obligation-evidence             URLCAS   .
compliance                      URLCAS   .
desk                            URLCAS   URLCS
memos                           URLCAS   .
memo                            URLCAS   .
memo-pdf                        URLCAS   .
memo-requests                   URLCS    URLCS
memo-join                       .        URLCS
calibration                     URLCAS   .
annotation                      URLCAS   .
annotation-create               RLS      RLS
annotation-edit                 RLS      RLS
annotation-delete               .        RLS
annotation-restore              .        RLS
annotation-resolve              .        RLS
annotation-place                RLS      RLS
reply-create                    .        RLS
reply-edit                      RLS      RLS
reply-delete                    .        RLS
reply-restore                   .        RLS
mention                         URLCAS   URLCAS
mention-names                   RLS      .
annotations                     URLCAS   .
annotations-export              RLCAS    .
annotations-jsonld              RLCAS    .
reviews                         URLCAS   .
reviews-export                  RLCAS    .
review-next                     .        RLS
review-take                     .        RLS
review-write                    RLS      RLS
review-lead                     .        LS
review-assign                   LS       LS
review-assigned                 LS       LS
review-agreement                URLCAS   .
team                            LS       .
presence                        .        URLCAS
labels                          URLCAS   .
labels-css                      URLCAS   .
label-new                       LS       LS
label-edit                      LS       LS
login                           *        *
logout                          .        URLCAS0
api-cases                       RLCAS    .
api-issues                      RLCAS    .
api-citations                   RLCAS    .
api-annotations                 RLCAS    .
api-reviews                     RLCAS    .
api-documents                   RLCAS    ULCS
api-*                           URLCAS   .
tokens                          URLCAS   URLCAS
token-revoke                    .        URLCAS
webhooks                        LS       LS
webhook-*                       .        LS
delivery-resend                 .        LS
operations                      LS       .
metrics                         *        .
healthz                         *        .
readyz                          *        .

admin:login                     >        >
admin:logout                    .        URLCAS0
admin:index                     CS       CS
admin:password_change*          .        .
admin:autocomplete              -        .
admin:jsi18n                    CS       .
admin:view_on_site              CS       CS
admin:app_list                  CS       CS
admin:django.*RedirectView      CS       .
admin:django.*catch_all_view    CS       CS
admin:auth_*                    S        S
admin:cases_case_add            CS       CS
admin:cases_*_add               -        -
admin:cases_*_delete            -        -
admin:cases_case_change         CS       CS
admin:cases_*_change            CS       -
admin:cases_*                   CS       CS
admin:reviews_annotation_add    -        -
admin:reviews_annotation_delete -        -
admin:reviews_annotation_change CS       -
admin:reviews_label_add         S        S
admin:reviews_*_delete          S        S
admin:reviews_*_change          CS       S
admin:reviews_*                 CS       CS
"""
# Only where they are switched on (tests/imrsite/test_sign_in.py).
if has_single_sign_on() or has_second_factor():
    TABLE += """
account_login                   *        *
"""
if has_single_sign_on():
    TABLE += """
single-sign-on                  *        .
openid_connect_callback         *        .
"""
if has_second_factor():
    TABLE += """
mfa_authenticate                *        *
account_reauthenticate          URLCAS0  URLCAS0
mfa_reauthenticate              URLCAS0  URLCAS0
mfa_index                       URLCAS0  .
mfa_activate_totp               URLCAS0  URLCAS0
mfa_deactivate_totp             URLCAS0  URLCAS0
mfa_view_recovery_codes         URLCAS0  .
mfa_generate_recovery_codes     URLCAS0  URLCAS0
second-factor-forget            .        LS
"""
LETTERS = dict(zip("URLCAS", Role, strict=True)) | {"0": None}
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SAMPLES = {"case_number": "CM99-9999999", "app_label": "cases", "object_id": "0"}


def urls(patterns=None, prefix="", outer=()):
    """Name and parameters of every pattern of the resolver, included ones too."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        inner = (*outer, one.pattern)
        if isinstance(one, URLResolver):
            namespace = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from urls(one.url_patterns, namespace, inner)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name or one.lookup_str}", sample(inner), one


def sample(patterns) -> dict:
    names = [name for p in patterns for name in (p.converters or p.regex.groupindex)]
    ints = {n for p in patterns for n, c in p.converters.items() if "Int" in type(c).__name__}
    return {name: 0 if name in ints else SAMPLES.get(name, "0") for name in names}


def address(name: str, parameters: dict) -> str:
    """A path that leads to it; where an object is named, one that may not exist."""
    if name.startswith("admin:django."):  # the two without a name of their own
        return "/admin/nothing-is-here/" if "catch_all" in name else "/admin/cases/case/0/"
    if (name.startswith("admin:auth_") and "object_id" in parameters) or "id" in parameters:
        model = Group if "group" in name else User
        parameters = {key: model.objects.latest("pk").pk for key in parameters}
    return reverse(name, kwargs=parameters)


def rows() -> dict[str, tuple[str, str]]:
    lines = [line.split() for line in TABLE.strip().splitlines() if line]
    return {name: (get, post) for name, get, post in lines}


def row_for(name: str) -> tuple[str, str] | None:
    return next((row for pattern, row in rows().items() if fnmatchcase(name, pattern)), None)


EVERY_URL = {name: parameters for name, parameters, _ in urls()}


@pytest.mark.parametrize("name", EVERY_URL)
def test_every_url_has_its_rows(name):
    assert rule_for(name), (
        f"The URL {name!r} is open to nobody: add a line to RULES in imrsite/security/access.py"
    )
    assert row_for(name), (
        f"Nothing says who may open {name!r}: add a line for it to TABLE in {__file__}"
    )


def test_no_row_is_left_over():
    names = EVERY_URL.keys()
    assert not [n for n in RULES if not n.endswith("*") and n not in names]
    assert not [p for p in rows() if not any(fnmatchcase(n, p) for n in names)]


@pytest.fixture
def people(db) -> dict[str, Client]:
    """A signed-in client for each letter of the table, and `*` for a visitor."""
    clients = {"*": Client()}
    for letter, role in LETTERS.items():
        clients[letter] = Client(raise_request_exception=False)
        clients[letter].force_login(person(role))
    return clients


@pytest.mark.parametrize("name", EVERY_URL)
def test_it_opens_to_whom_the_table_says(people, name):
    path = address(name, EVERY_URL[name])
    get, post = row_for(name)
    for letter, client in people.items():
        for method in OTHER_METHODS:
            got = outcome(client.generic(method, path))
            assert got in ("no such method", "to sign in"), f"{letter} {method} {path}"
        for method, column in [("GET", get), ("HEAD", get), ("POST", post)]:
            got = outcome(client.generic(method, path))
            assert got == expected(letter, column, is_open=get == "*"), f"{letter} {method} {path}"


def expected(letter: str, column: str, *, is_open: bool) -> str:
    if column == "*":
        return "in"
    if column == "." and is_open:
        return "no such method"
    if letter == "*" or column == ">":
        return "to sign in"
    if column == ".":
        return "no such method"
    return "in" if letter in column else "refused"


def outcome(response) -> str:
    if response.status_code == 405:
        return "no such method"
    if response.status_code == 403:
        return "refused"
    if response.status_code == 401:  # what a program is told
        return "to sign in"
    if response.status_code == 302 and re.match(r"(/admin)?/login/\?next=", response.url):
        return "to sign in"
    assert response.status_code < 500 or response.status_code == 503, "it broke"
    return "in"


def test_a_superuser_passes_everywhere(admin_client):
    assert admin_client.get("/").status_code == 200
    assert admin_client.get("/admin/auth/user/").status_code == 200


def test_an_address_without_a_row_is_closed(admin_client, monkeypatch):
    monkeypatch.delitem(RULES, "inbox")
    assert admin_client.get("/").status_code == 403


def test_someone_without_a_role_is_told_whom_to_ask(client, db):
    client.force_login(person(None))
    response = client.get("/cases/")
    assert response.status_code == 403
    assert "no role yet" in response.content.decode()
