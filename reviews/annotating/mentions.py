"""`@name` in a comment notifies that colleague."""

from __future__ import annotations

import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from reviews.models import Annotation, Mention, Reply
from reviews.signals import people_were_mentioned

MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")
MOST = 20
MAX_SUGGESTIONS = 8


def names_in(comment: str) -> list[str]:
    """Names as written, without the full stop that may close the sentence; each once."""
    names = (name.rstrip(".-+@") for name in MENTION.findall(comment))
    return list(dict.fromkeys(name for name in names if name))[:MOST]


def store_mentions(written: Annotation | Reply, author: User) -> None:
    """Stores a mention for each colleague named, unless this text mentioned them before."""
    names = names_in(written.comment)
    if not names:
        return
    people = get_user_model().objects.filter(username__in=names, is_active=True)
    note, reply = (
        (written, None) if isinstance(written, Annotation) else (written.annotation, written)
    )
    Mention.objects.bulk_create(
        [
            Mention(annotation=note, reply=reply, user=person)
            for person in people
            if person.pk != author.pk
        ],
        ignore_conflicts=True,
    )
    stored = Mention.objects.filter(annotation=note, reply=reply, user__username__in=names)
    people_were_mentioned.send(Mention, mentions=stored.select_related("annotation__case"))


def matching_colleagues(begun: str, user: User) -> list[User]:
    """Whom `@begun` may mean: names that begin so, of the account or of the person."""
    people = get_user_model().objects.filter(is_active=True).exclude(pk=user.pk)
    begins = (
        Q(username__istartswith=begun)
        | Q(first_name__istartswith=begun)
        | Q(last_name__istartswith=begun)
    )
    return list(people.filter(begins).order_by("username")[:MAX_SUGGESTIONS])


def unseen_mentions(user: User) -> QuerySet[Mention]:
    return (
        Mention.objects.filter(user=user, seen_at__isnull=True, annotation__deleted_at__isnull=True)
        .select_related("annotation__case", "annotation__author", "reply__author")
        .order_by("-at", "-pk")
    )


def mark_seen(mention: Mention) -> None:
    Mention.objects.filter(pk=mention.pk, seen_at__isnull=True).update(seen_at=timezone.now())
