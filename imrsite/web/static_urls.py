"""Addresses of static files: worked out once by each process, as is the manifest of them."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Every page names a dozen files, and to look each up takes longer than a query does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urls: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if name not in self.urls:
            self.urls[name] = super().url(name, force)
        return self.urls[name]
