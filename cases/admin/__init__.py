"""The admin of determinations; `registered` is what it shows."""

from cases.admin import registered  # noqa: F401  for Django to find it
