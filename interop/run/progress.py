"""How long work tells what it does. The core announces; the console listens; as a library it is silent."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SILENT", "Listener"]


class Listener(Protocol):
    """Somebody who wants to know how far the work is."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; `total` steps are expected (0: unknown)."""

    def step(self, what: str) -> None:
        """One step of the stage is done."""

    def say(self, message: str) -> None:
        """Something a person should know, one line."""


class _Silent:
    def stage(self, name: str, total: int) -> None:
        """Nobody listens."""

    def step(self, what: str) -> None:
        """Nobody listens."""

    def say(self, message: str) -> None:
        """Nobody listens."""


SILENT: Listener = _Silent()
