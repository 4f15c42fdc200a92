"""Replies to annotations."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from reviews.annotating import mentions
from reviews.annotating.annotate import check_author, checked_comment, save_version
from reviews.models import Annotation, Edit, Reply


@transaction.atomic
def create_reply(note: Annotation, author: User, comment: str, key: UUID | None = None) -> Reply:
    """Answers in a thread; sent twice with one key, it is one reply, which says what came last."""
    comment = checked_comment(comment)
    if key and (known := Reply.objects.filter(key=key, author=author).first()):
        if known.comment != comment:
            edit_reply(known, author, version=known.version, comment=comment)
        return known
    try:
        with transaction.atomic():
            answer = Reply.objects.create(annotation=note, author=author, comment=comment, key=key)
    except IntegrityError:  # the same form arrived twice at once
        return Reply.objects.get(key=key, author=author)
    mentions.store_mentions(answer, author)
    return answer


@transaction.atomic
def edit_reply(answer: Reply, user: User, *, version: int, comment: str) -> None:
    check_author(answer, user)
    comment = checked_comment(comment)
    before = Edit(
        annotation=answer.annotation,
        reply=answer,
        editor=user,
        what="changed",
        comment_before=answer.comment,
    )
    save_version(answer, version, comment=comment)
    before.save()
    mentions.store_mentions(answer, user)
