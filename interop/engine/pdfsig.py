"""Poppler's pdfsig (NSS): what Linux desktops show. Only its words on digest and value are taken.

Its exit code is 0 whatever it finds, so its text is read. It keeps calling a signature valid after an update, reads no SM2,
EdDSA or brainpool, and does not verify document time-stamps; certificates are left out (`-nocert`), which also keeps it
off the network.
"""

from __future__ import annotations

import re
import tempfile
from functools import cached_property
from pathlib import Path

from interop.engine.command import call, first_line, version_of
from interop.engine.protocol import EngineInfo, Request
from interop.model.errors import EngineError
from interop.model.facts import Facts, SignatureFacts, Statement, Testimony

__all__ = ["PdfsigWitness"]

_READS = ("rsa-", "ecdsa-")
_ANSWERS = {
    "Signature is Valid.": (True, ""),
    "Digest Mismatch.": (False, "digest mismatch"),
    "Signature is Invalid.": (False, "signature invalid"),
}


class PdfsigWitness:
    """Digest and value of RSA and ECDSA signatures in PDF."""

    @cached_property
    def _version(self) -> str | None:
        """Asked once, not for every file."""
        return version_of(["pdfsig", "-v"], r"version ([\d.]+)")

    def info(self) -> EngineInfo:
        """Who it is."""
        return EngineInfo(
            id="pdfsig",
            version=self._version,
            role="witness",
            capabilities=("pdf", "digest-and-value"),
            install="apt-get install poppler-utils",
            description="Poppler with NSS: digest and value of RSA and ECDSA signatures in PDF",
        )

    def testify(self, request: Request, facts: Facts, anchors: tuple[bytes, ...]) -> Testimony:  # noqa: ARG002 - no chain
        """What it says about each signature, in its order of the fields' ByteRange ends."""
        name = f"pdfsig@{self._version}"
        if facts.document.format != "pdf":
            return Testimony(artifact=facts.artifact, engine=name, statements=())
        try:
            text = self._ask(request.data)
        except EngineError as error:
            return Testimony(artifact=facts.artifact, engine=name, statements=(), error=error.message)
        blocks = _blocks(text)
        statements = tuple(_statement(signature, blocks) for signature in facts.signatures)
        return Testimony(artifact=facts.artifact, engine=name, statements=statements)

    @staticmethod
    def _ask(data: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vector.pdf"
            path.write_bytes(data)
            return call(["pdfsig", "-nocert", path]).text


def _blocks(text: str) -> dict[tuple[tuple[int, int], ...], str]:
    """Signed ranges -> the answer line. Ranges tie a block to a signature whatever the order.

    Names of fields and signers are printed as they are and may hold line ends: the last answer of a block counts, which is
    pdfsig's own, and ranges that get two different answers have none.
    """
    found: dict[tuple[tuple[int, int], ...], str] = {}
    for block in re.split(r"^Signature #\d+:", text, flags=re.MULTILINE)[1:]:
        answers = re.findall(r"^  - Signature Validation: (.+)$", block, re.MULTILINE)
        ranges = re.findall(r"^  - Signed Ranges: (.+)$", block, re.MULTILINE)
        if not answers or not ranges:
            continue
        spans = re.findall(r"\[(\d+) - (\d+)\]", ranges[-1])
        key = tuple((int(start), int(end) - int(start)) for start, end in spans)
        answer = answers[-1].strip()
        found[key] = answer if found.get(key, answer) == answer else "two answers for the same ranges"
    return found


def _statement(signature: SignatureFacts, blocks: dict[tuple[tuple[int, int], ...], str]) -> Statement:
    about = "digest-and-value"
    if not (signature.algorithm.name or "").startswith(_READS):
        return Statement(signature=signature.id, about=about, ok=None, why="algorithm not known to pdfsig")
    if (signature.algorithm.key or "").startswith("brainpool"):
        return Statement(signature=signature.id, about=about, ok=None, why="curve not known to pdfsig")
    answer = blocks.get(signature.covers.ranges)
    if answer is None:
        return Statement(signature=signature.id, about=about, ok=None, why="not listed by pdfsig")
    ok, why = _ANSWERS.get(answer, (None, first_line(answer)))
    return Statement(signature=signature.id, about=about, ok=ok, why=why)
