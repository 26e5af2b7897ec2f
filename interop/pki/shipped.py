"""The published test keys that travel with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from interop.pki.keystore import KeyStore
from interop.profile.data import data_root

__all__ = ["shipped_keys", "shipped_keys_dir"]


def shipped_keys_dir() -> Path:
    """`profiles/keys` of the shipped data."""
    return data_root() / "profiles" / "keys"


def shipped_keys(*folders: Path, missing: Literal["memory"] | Path | None = None) -> KeyStore:
    """A key store over the caller's folders first, then the shipped keys; `missing` as in `KeyStore`."""
    return KeyStore(*folders, shipped_keys_dir(), missing=missing)
