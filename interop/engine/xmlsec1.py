"""xmlsec1 (libxmlsec, OpenSSL): the reference for XML-DSig in C. It knows nothing of XAdES and no SM2.

Plain XML-DSig accepts wrapping and wrong signing-certificate digests, so only its words on digest, value and chain are
taken. It can die of a signal on hostile XML: that is an engine error, never a rejection.
"""

from __future__ import annotations

import re
import tempfile
from functools import cached_property
from pathlib import Path

from interop.engine.command import call, first_line, to_pem, version_of
from interop.engine.protocol import EngineInfo, Request
from interop.model.errors import EngineError
from interop.model.facts import Facts, SignatureFacts, Statement, Testimony

__all__ = ["Xmlsec1Witness"]

_READS = ("rsa-", "ecdsa-")
_IDS = (
    "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object",
)  # fmt: skip


class Xmlsec1Witness:
    """Digest, value and chain of RSA and ECDSA signatures in XML."""

    @cached_property
    def _version(self) -> str | None:
        """Asked once, not for every file."""
        return version_of(["xmlsec1", "--version"], r"xmlsec1 ([\d.]+)")

    def info(self) -> EngineInfo:
        """Who it is."""
        return EngineInfo(
            id="xmlsec1",
            version=self._version,
            role="witness",
            capabilities=("xml", "digest-and-value", "chain"),
            install="apt-get install xmlsec1",
            description="libxmlsec: digest, value and chain of RSA and ECDSA signatures in XML",
        )

    def testify(self, request: Request, facts: Facts, anchors: tuple[bytes, ...]) -> Testimony:
        """It verifies the first ds:Signature of a file; files with several are not asked."""
        name = f"xmlsec1@{self._version}"
        if facts.document.format != "xml" or not facts.signatures:
            return Testimony(artifact=facts.artifact, engine=name, statements=())
        signature = facts.signatures[0]
        if len(facts.signatures) > 1:
            several = Statement(signature=signature.id, about="digest-and-value", ok=None, why="several signatures")
            return Testimony(artifact=facts.artifact, engine=name, statements=(several,))
        if not (signature.algorithm.name or "").startswith(_READS):
            alien = Statement(
                signature=signature.id, about="digest-and-value", ok=None, why="algorithm not known to xmlsec1"
            )
            return Testimony(artifact=facts.artifact, engine=name, statements=(alien,))
        if any(not _inside(reference.target, request) for reference in signature.references):
            outside = Statement(
                signature=signature.id, about="digest-and-value", ok=None, why="refers outside the file"
            )
            return Testimony(artifact=facts.artifact, engine=name, statements=(outside,))
        try:
            statements = self._ask(request, signature, anchors)
        except EngineError as error:
            return Testimony(artifact=facts.artifact, engine=name, statements=(), error=error.message)
        return Testimony(artifact=facts.artifact, engine=name, statements=statements)

    @staticmethod
    def _ask(request: Request, signature: SignatureFacts, anchors: tuple[bytes, ...]) -> tuple[Statement, ...]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "vector.xml").write_bytes(request.data)
            for reference in signature.references:
                if request.detached is not None and _plain_name(reference.target):
                    (folder / reference.target).write_bytes(request.detached)
            root_name = _root_id_argument(request.data)
            base = ["xmlsec1", "--verify", *_IDS, *root_name]
            plain = call([*base, "--insecure", "vector.xml"], cwd=folder)
            found = [_statement(signature.id, "digest-and-value", plain.code, plain.text)]
            when = signature.claimed_time or request.at
            if anchors and when is not None:
                trusted: list[str | Path] = []
                for index, anchor in enumerate(anchors):
                    (folder / f"anchor{index}.pem").write_bytes(to_pem(anchor))
                    trusted += ["--trusted-pem", f"anchor{index}.pem"]
                at = when.strftime("%Y-%m-%d %H:%M:%S")
                chained = call([*base, *trusted, "--verification-time", at, "vector.xml"], cwd=folder)
                found.append(_statement(signature.id, "chain", chained.code, chained.text))
            return tuple(found)


def _inside(target: str, request: Request) -> bool:
    """In the file itself, or the content handed over with it: anything else xmlsec1 would fetch from disk or network."""
    return target == "" or target.startswith("#") or (request.detached is not None and _plain_name(target))


def _plain_name(target: str) -> bool:
    """A bare file name: what a detached signature of ours names, and nothing that could leave the scratch folder."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", target) is not None


def _root_id_argument(data: bytes) -> list[str]:
    """xmlsec1 has to be told which attribute of the root is an Id, where a signature names the root by it."""
    match = re.search(
        rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[^>]*?\sId=", re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", data[:4096])
    )
    if match is None:
        return []
    prefix = (match.group(1) or b"").rstrip(b":")
    declaration = rb"xmlns:" + re.escape(prefix) + rb"=\"([^\"]+)\"" if prefix else rb"xmlns=\"([^\"]+)\""
    namespace = re.search(declaration, data[:4096])
    name = match.group(2).decode()
    return ["--id-attr:Id", f"{namespace.group(1).decode()}:{name}" if namespace else name]


def _statement(signature: str, about: str, code: int, text: str) -> Statement:
    """`FAIL` is its word for a digest or value that does not match; `ERROR` means that it could not finish, which counts against
    a chain only where its error stack names the certificate (error 71)."""
    if code == 0:
        return Statement(signature=signature, about=about, ok=True)
    errors = re.findall(r"error=(\d+):([^:\n]*)", text)
    mismatch = re.search(r"^(?:Verification status: )?FAIL", text, re.MULTILINE) is not None
    refused = about == "chain" and any(number == "71" for number, _ in errors)
    why = next((what for number, what in errors if number != "1"), first_line(text))
    return Statement(signature=signature, about=about, ok=False if mismatch or refused else None, why=why)
