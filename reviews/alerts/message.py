"""A mail as it is sent: plain text, the same as HTML, and its headers."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.http import http_date

from reviews.alerts.links import full_address, silence_of, unsubscribe_address
from reviews.alerts.wording import Told, words_of_mail
from reviews.models import Notice, OutgoingMail


def build_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The same for the same mail, whenever it is built."""
    notices = list(mail.notices.order_by("stage", "pk"))  # deadlines that are near come first
    told = [Told(one.kind, one.facts) for one in notices]
    words = words_of_mail(
        told, link=full_address, off=lambda kind: off_address(mail, notices, kind)
    )
    unsubscribe = unsubscribe_address(silence_of(mail.person_id, notices))
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=render_to_string("mail/notices.txt", {"mail": words}),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.person.email],
        headers={
            "Message-ID": mail.message_id,
            "Date": http_date(mail.created_at.timestamp()).replace("GMT", "+0000"),
            "Auto-Submitted": "auto-generated",
            # Without signing in, by one click in the mail program (RFC 8058).
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("mail/notices.html", {"mail": words}), "text/html")
    return message


def off_address(mail: OutgoingMail, notices: list[Notice], kind: str) -> str:
    of_kind = [one for one in notices if one.kind == kind]
    return unsubscribe_address(silence_of(mail.person_id, of_kind))
