"""Static files as they are collected: named after what is in them, and compressed once."""

import os
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class OnceCompressor(Compressor):  # type: ignore[misc]  # it has no types
    """Leaves what has its compressed forms: a name that holds the hash of the content never gets other content.

    Without it each start of the site would take seconds to make the same bytes again.
    """

    def compress(self, path: str) -> list[str]:
        """Gives what it wrote."""
        last_form = Path(f"{path}.gz")
        return [] if last_form.exists() else [*super().compress(path)]

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        """A form is there whole or not at all, also where the start broke off."""
        part: str = super().write_data(path, data, f"{suffix}.part", stat_result)
        return str(Path(part).rename(path + suffix))


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    def create_compressor(self, **options: Any) -> Compressor:
        return OnceCompressor(**options)
