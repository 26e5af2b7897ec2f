"""The engines that this product knows, by id."""

from __future__ import annotations

from interop.engine.embedded import EmbeddedEngine
from interop.engine.openssl import OpensslWitness
from interop.engine.pdfsig import PdfsigWitness
from interop.engine.protocol import EngineInfo, Witness
from interop.engine.xmlsec1 import Xmlsec1Witness
from interop.model.errors import UsageError

__all__ = ["WITNESSES", "engine_infos", "witness"]

WITNESSES: dict[str, type[OpensslWitness | PdfsigWitness | Xmlsec1Witness]] = {
    "openssl": OpensslWitness,
    "xmlsec1": Xmlsec1Witness,
    "pdfsig": PdfsigWitness,
}


def engine_infos() -> tuple[EngineInfo, ...]:
    """Every engine, the primary first; version None for one that is not on this machine."""
    return (EmbeddedEngine().info(), *(kind().info() for kind in WITNESSES.values()))


def witness(name: str) -> Witness:
    """A witness that is here. Raises UsageError for an unknown one, and for one that is missing, with how to get it."""
    if name not in WITNESSES:
        raise UsageError(f"unknown engine '{name}'", hints=(f"witnesses: {', '.join(WITNESSES)}",))
    found = WITNESSES[name]()
    info = found.info()
    if info.version is None:
        raise UsageError(f"engine '{name}' is not on this machine", hints=(info.install,))
    return found
