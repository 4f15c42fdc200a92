"""Does a treatment request say that the treatment has already been rendered?"""

from __future__ import annotations

import datetime as dt


def find_retrospective(text: str, decided: dt.date | None = None) -> tuple[int, int] | None:
    """Where the request says so; None where it does not."""
    return None
