"""Packets: made of findings, sent to a unit or vendor, acknowledged. The only writer of packets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from reviews.models import Finding, Packet

SALT = "packets"
MOST = 500
LONGEST_NAME, LONGEST_NOTE = 200, 5000


class PacketError(Exception):
    """The action is not possible; the message says why and what to do next."""


def recipients_in(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """(kind, name) of those whom the findings concern, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        facts = getattr(finding.issue.case, "claim_facts", None)
        for kind, name in (
            (Packet.To.VENDOR, facts.ur_vendor if facts else ""),
            (Packet.To.UNIT, facts.claims_unit if facts else ""),
            (Packet.To.ADMINISTRATOR, facts.claims_administrator if facts else ""),
        ):
            if name:
                counts[str(kind), name] = counts.get((str(kind), name), 0) + 1
    return sorted(counts, key=lambda one: (-counts[one], one))


@transaction.atomic
def make_packet(
    keys: Iterable[int], by: User, *, to_kind: str, to_name: str, email: str = "", note: str = ""
) -> Packet:
    """Of the findings that are in no packet that was sent; they leave one that was not."""
    # Without a join: PostgreSQL locks no rows of one that may be empty.
    sent = Packet.objects.filter(sent_at__isnull=False)
    chosen = Finding.objects.select_for_update().filter(pk__in=list(keys)[:MOST])
    free = chosen.exclude(packet__in=sent)
    found = list(free.values_list("pk", flat=True))
    if not found:
        raise PacketError("These findings were sent already. Choose others.")
    packet = Packet(created_by=by)
    set_recipient(packet, to_kind=to_kind, to_name=to_name, email=email, note=note)
    Finding.objects.filter(pk__in=found).update(packet=packet)
    Packet.objects.filter(sent_at=None, findings=None).exclude(pk=packet.pk).delete()
    return packet


def set_recipient(packet: Packet, *, to_kind: str, to_name: str, email: str, note: str) -> None:
    if packet.sent_at:
        raise PacketError("This packet was sent, and stays as it was. Make another one.")
    name, address = to_name.strip(), email.strip()
    if to_kind not in Packet.To.values or not name or len(name) > LONGEST_NAME:
        raise PacketError("Say to whom the packet goes.")
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise PacketError(f"“{address}” is not an e-mail address.") from error
    if len(note) > LONGEST_NOTE:
        raise PacketError(f"The note has at most {LONGEST_NOTE:,} characters.")
    packet.to_kind, packet.to_name = to_kind, name
    packet.email, packet.note = address, note.strip()
    packet.save()


def send_packet(packet: Packet, by: User, *, link: str, acknowledge_link: str) -> None:
    """Marks it as sent and mails the links, if there is an address: neither without the other."""
    with transaction.atomic():
        if not Packet.objects.filter(pk=packet.pk, sent_at=None).update(
            sent_at=timezone.now(), sent_by=by
        ):
            raise PacketError("This packet was sent already.")
        packet.refresh_from_db()
        if packet.email:
            try:
                mail_of(packet, link, acknowledge_link).send()
            except OSError as error:
                raise PacketError(
                    "The mail server did not take the message, so the packet is not marked as"
                    " sent. Try again in a few minutes, or send the PDF yourself."
                ) from error


def mail_of(packet: Packet, link: str, acknowledge_link: str) -> EmailMessage:
    """Case numbers and links, and nothing of what the letters say."""
    rows = packet.findings.select_related("issue__case").order_by("issue__case__case_number")
    cases = sorted({one.issue.case.case_number for one in rows})
    number = len(rows)
    body = (
        f"{number} denial{'' if number == 1 else 's'} of {packet.to_name} overturned in independent"
        f" medical review: {', '.join(cases)}.\n\n"
        f"What was found, for those who can sign in:\n{link}\n\n"
        f"Please acknowledge that you received this packet:\n{acknowledge_link}\n"
    )
    subject = f"IMR findings for {packet.to_name}: packet {packet.pk}"
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [packet.email])


def token_of(packet: Packet) -> str:
    return signing.dumps(packet.pk, salt=SALT)


def packet_of(token: str) -> Packet | None:
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Packet.objects.filter(pk=key, sent_at__isnull=False).first()


def acknowledge(packet: Packet, *, who: str, on: dt.date, by: User | None = None) -> None:
    """`by` writes down what the recipient said; None where they said so themselves."""
    name = " ".join(who.split())
    if not name or len(name) > 150:
        raise PacketError("Say who acknowledges it.")
    if packet.sent_at is None:
        raise PacketError("The packet was not sent yet.")
    if not timezone.localdate(packet.sent_at) <= on <= timezone.localdate():
        raise PacketError("It was acknowledged on a day from its sending up to today.")
    Packet.objects.filter(pk=packet.pk, acknowledged_on=None).update(
        acknowledged_on=on, acknowledged_by=name, recorded_by=by
    )
    packet.refresh_from_db()
