"""Values that fields of a determination can have."""

from __future__ import annotations

from django.db import models


class Decision(models.TextChoices):
    UPHELD = "upheld", "Upheld"
    OVERTURNED = "overturned", "Overturned"
    PARTIALLY_OVERTURNED = "partially_overturned", "Partially overturned"


# What was overturned wholly or in part, in this order.
TURNED = (Decision.OVERTURNED, Decision.PARTIALLY_OVERTURNED)


class Priority(models.TextChoices):
    STANDARD = "Standard", "Standard"
    EXPEDITED = "Expedited", "Expedited"


class Format(models.TextChoices):
    FINAL_2016 = "final-2016", "Final determination, 2016 and later"
    FINAL_2015 = "final-2015", "Final determination, 2015"
    FINAL_2014 = "final-2014", "Final determination, 2014"
    NOTICE_2013 = "notice-2013", "Notice of determination, 2013"
    PROFESSIONAL_REVIEW_2013 = "professional-review-2013", "Medical professional review, 2013"
    UNKNOWN = "unknown", "Unknown format"


class Source(models.TextChoices):
    MTUS = "MTUS", "MTUS"
    ACOEM = "ACOEM", "ACOEM"
    ODG = "ODG", "ODG"
    OTHER = "other", "Other"


class Verdict(models.TextChoices):
    """How the two sides' guidelines of one issue compare (cases.letters.citations.comparison)."""

    SAME = "same", "Same guidelines"
    OVERLAPPING = "overlapping", "Overlapping"
    DIFFERENT = "different", "Different"
    CLAIMS_SILENT = "claims_silent", "No citation by claims administrator"
    MAXIMUS_SILENT = "maximus_silent", "No citation by MAXIMUS"
    BOTH_SILENT = "both_silent", "Neither cites"
