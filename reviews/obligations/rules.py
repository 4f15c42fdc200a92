"""The rules of deadlines as the settings have them."""

from __future__ import annotations

from django.conf import settings

from reviews.obligations.deadlines import Period, Unit
from reviews.obligations.duties import Kind, Rules
from reviews.obligations.working_days import WorkingCalendar


def current_rules() -> Rules:
    return Rules(
        periods={
            Kind.AUTHORIZE: Period(settings.IMR_AUTHORIZE_WORKING_DAYS, Unit.WORKING),
            Kind.NOTIFY: Period(settings.IMR_NOTIFY_WORKING_DAYS, Unit.WORKING),
            Kind.REIMBURSE: Period(settings.IMR_REIMBURSE_DAYS, Unit.CALENDAR),
            Kind.APPEAL: Period(settings.IMR_APPEAL_DAYS, Unit.CALENDAR),
        },
        calendar=WorkingCalendar.of(settings.IMR_EXTRA_HOLIDAYS, settings.IMR_WORKED_HOLIDAYS),
        appeal_from_decision=settings.IMR_APPEAL_FROM == "decision",
    )
