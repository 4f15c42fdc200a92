"""People: leads and admins invite them, change their details and roles, and deactivate accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.views.signed_in import SignedInRequest
from imrsite.models import Access, ApiToken
from imrsite.security import sign_in_flow
from imrsite.security.audit import log_event
from imrsite.security.people import (
    CannotDeactivate,
    PersonDetails,
    create_invited_user,
    deactivate,
    edit_person,
    invitation_path,
    may_be_changed_by,
    reactivate,
    roles_of,
    roles_to_give,
)
from reviews.names import name_of

PER_PAGE = 50
NOT_YOURS = "Only an administrator can change this account."


class DetailsForm(forms.ModelForm):
    """Name, email and role; the roles are those that `editor` may give."""

    role = forms.ChoiceField()

    class Meta:
        model = get_user_model()
        fields = ["first_name", "last_name", "email"]
        labels = {"email": "Email", "first_name": "First name", "last_name": "Last name"}

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_field.choices = [(role, role.capitalize()) for role in roles_to_give(editor)]

    @property
    def role_field(self) -> forms.ChoiceField:
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_email(self) -> str:
        """Single sign-on finds people by it, so that two accounts with one would open neither."""
        email = self.cleaned_data["email"]
        others = get_user_model().objects.exclude(pk=self.instance.pk)
        owner = others.filter(email__iexact=email).first() if email else None
        if owner:
            raise forms.ValidationError(f"{owner} already has this email address.")
        return email

    def details(self) -> PersonDetails:
        names = ("first_name", "last_name", "email", "role")
        return PersonDetails(**{name: self.cleaned_data.get(name, "") for name in names})


class InvitationForm(DetailsForm):
    class Meta(DetailsForm.Meta):
        fields = ["username", *DetailsForm.Meta.fields]
        labels = {"username": "Username", **DetailsForm.Meta.labels}
        help_texts = {"username": "Letters, digits and @ . + - _"}


class PersonForm(DetailsForm):
    """Of somebody who has an account. Nobody gives a role to themselves."""

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, editor=editor, **kwargs)
        roles = roles_of(self.instance)
        if self.instance.pk == editor.pk or self.instance.is_superuser:
            del self.fields["role"]
        elif len(roles) == 1:
            self.role_field.initial = roles[0]
        else:
            words = f"Keep: {', '.join(roles)}" if roles else "No role"
            offered = [(role, role.capitalize()) for role in roles_to_give(editor)]
            self.role_field.choices = [("", words), *offered]
            self.role_field.required = False


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, editor=request.user)
    if request.method != "POST" or not form.is_valid():
        return render_people(request, form, status=422 if form.is_bound else 200)
    username, details = form.cleaned_data["username"], form.details()
    path = create_invited_user(username, details)
    log_event(request, Access.Action.CHANGED, f"invitation of {username}")
    invited = f"{details.first_name} {details.last_name}".strip() or username
    link = request.build_absolute_uri(path)
    return render_people(request, InvitationForm(editor=request.user), link=link, invited=invited)


@require_POST
def new_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another link for somebody who has never signed in, by a password or otherwise."""
    user = get_object_or_404(get_user_model(), pk=pk, is_active=True)
    if not may_be_changed_by(user, request.user):
        raise PermissionDenied("Only an administrator can create a link for this account.")
    form = InvitationForm(editor=request.user)
    if user.has_usable_password() or user.last_login:
        words = "already has a password" if user.has_usable_password() else "has already signed in"
        messages.info(request, f"{user} {words}.")
        return render_people(request, form)
    log_event(request, Access.Action.CHANGED, f"invitation of {user}")
    link = request.build_absolute_uri(invitation_path(user))
    return render_people(request, form, link=link, invited=name_of(user))


def render_people(
    request: SignedInRequest, form: InvitationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    tokens = Prefetch("api_tokens", ApiToken.objects.working(), "working_tokens")
    users = get_user_model().objects.prefetch_related("groups", tokens)
    users = users.order_by("-is_active", "username")
    found = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": found,
        "has_second_factor": sign_in_flow.has_second_factor(),
        "protected": sign_in_flow.users_with_second_factor(found.object_list),
        **more,
    }
    return render(request, "accounts/people.html", context, status=status)


def changeable(request: SignedInRequest, pk: int) -> User:
    """The person of this key, if this visitor may change the account."""
    user = get_object_or_404(get_user_model(), pk=pk)
    if not may_be_changed_by(user, request.user):
        raise PermissionDenied(NOT_YOURS)
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    user = changeable(request, pk)
    stored = get_user_model().objects.get(pk=pk)  # the form writes what was typed into `user`
    form = PersonForm(request.POST or None, instance=user, editor=request.user)
    if request.method == "POST" and form.is_valid():
        for what in edit_person(stored, form.details()):
            log_event(request, Access.Action.CHANGED, what)
        messages.success(request, f"{name_of(stored)} is saved.")
        return redirect("people")
    context = {
        "form": form,
        "person": stored,
        "is_oneself": stored.pk == request.user.pk,
        "tokens": stored.api_tokens.working(),
        "has_second_factor": stored.pk in sign_in_flow.users_with_second_factor([stored]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person.html", context, status=status)


@require_POST
def deactivate_person(request: SignedInRequest, pk: int) -> HttpResponse:
    user = changeable(request, pk)
    try:
        deactivate(user, request.user)
    except CannotDeactivate as problem:
        messages.error(request, str(problem))
        return redirect("person", pk)
    log_event(request, Access.Action.CHANGED, f"deactivation of {user}")
    messages.success(request, f"{name_of(user)} is deactivated and signed out everywhere.")
    return redirect("people")


@require_POST
def reactivate_person(request: SignedInRequest, pk: int) -> HttpResponse:
    user = changeable(request, pk)
    reactivate(user)
    log_event(request, Access.Action.CHANGED, f"reactivation of {user}")
    messages.success(request, f"{name_of(user)} is active again.")
    return redirect("people")


@require_POST
def forget_factor(request: SignedInRequest, pk: int) -> HttpResponse:
    """For somebody who lost their phone and the codes: they sign in by password and set up anew."""
    user = get_object_or_404(get_user_model(), pk=pk)
    if not may_be_changed_by(user, request.user):
        raise PermissionDenied("Only an administrator can do this for this account.")
    if sign_in_flow.forget_second_factor(user):
        log_event(request, Access.Action.RESET, f"second factor of {user}")
        messages.success(request, f"{user} no longer has a second factor.")
    return redirect("people")
