"""The cache: finished work under content-derived keys. A damaged entry is a miss; nothing here is ever trusted unread.

An entry is a file whose last line is the SHA-256 of what stands before it. Written to a temporary name and renamed, so
that an interrupted run leaves no half entry.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache as memoize
from pathlib import Path

from interop import __version__
from interop.run.libraries import library_versions

__all__ = ["Cache", "code_digest", "default_cache_dir", "judging_digest"]


def default_cache_dir() -> Path:
    """The user's cache folder for this product (`INTEROP_CACHE` overrides it)."""
    override = os.environ.get("INTEROP_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where it is needed

    return user_cache_path("interop", appauthor=False)


@memoize
def code_digest() -> str:
    """Digest of the package's own source and of the library versions it runs on: other code, other results."""
    digest = hashlib.sha256(__version__.encode())
    root = Path(__file__).resolve().parent.parent
    for path in sorted(root.rglob("*.py")):
        if path.parent.name in {"cli", "report", "matrix", "recognition", "validation"}:
            continue  # showing and judging do not touch what is cached
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for package, version in library_versions().items():
        digest.update(f"{package}={version}\0".encode())
    return digest.hexdigest()


@memoize
def judging_digest() -> str:
    """Digest of what judging depends on beyond `code_digest`: the judging code, and the catalogue of reasons."""
    digest = hashlib.sha256(code_digest().encode())
    root = Path(__file__).resolve().parent.parent
    judging = [root / name for name in ("matrix", "recognition", "validation")]
    paths = [*(path for folder in judging for path in folder.rglob("*.py")), *root.rglob("*.toml")]
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Cache:
    """Entries by name. `folder` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path | None:
        return None if self._folder is None else self._folder / name[:2] / name[2:]

    def get(self, name: str) -> bytes | None:
        """The entry, or None where there is none or it is damaged."""
        path = self._path(name)
        if path is None:
            return None
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        body, _, seal = raw.rpartition(b"\n")
        return body if seal == hashlib.sha256(body).hexdigest().encode() else None

    def put(self, name: str, body: bytes) -> None:
        """Keep an entry. A full or read-only disk only costs the next run its speed."""
        path = self._path(name)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(body + b"\n" + hashlib.sha256(body).hexdigest().encode())
            Path(temporary).replace(path)
        except OSError:
            return

    @staticmethod
    def name(*parts: str | bytes) -> str:
        """A key: the digest of its parts, each length-prefixed."""
        digest = hashlib.sha256()
        for part in parts:
            raw = part.encode() if isinstance(part, str) else part
            digest.update(len(raw).to_bytes(8, "big") + raw)
        return digest.hexdigest()
