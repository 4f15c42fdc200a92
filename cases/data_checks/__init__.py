"""Checks of what is stored, for `manage.py check_data`; each module adds its own to `registry`."""

from cases.data_checks import (  # noqa: F401
    derived,
    documents,
    files,
    index,
    references,
    search,
    spans,
)
