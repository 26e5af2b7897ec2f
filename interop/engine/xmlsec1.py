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
_EVERY_SIGNATURE = "(//*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#'])"


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
        """What it says about each ds:Signature of the file, counter-signatures included, in document order.

        Of one that it cannot read it is not asked: the statement says why.
        """
        name = f"xmlsec1@{self._version}"
        if facts.document.format != "xml" or not facts.signatures:
            return Testimony(artifact=facts.artifact, engine=name, statements=())
        statements: list[Statement] = []
        try:
            for number, signature in enumerate(facts.signatures, 1):
                why = _cannot(signature, request)
                if why:
                    statements.append(Statement(signature=signature.id, about="digest-and-value", ok=None, why=why))
                else:
                    statements += self._ask(request, signature, number, anchors)
        except EngineError as error:
            return Testimony(artifact=facts.artifact, engine=name, statements=tuple(statements), error=error.message)
        return Testimony(artifact=facts.artifact, engine=name, statements=tuple(statements))

    @staticmethod
    def _ask(
        request: Request, signature: SignatureFacts, number: int, anchors: tuple[bytes, ...]
    ) -> tuple[Statement, ...]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "vector.xml").write_bytes(request.data)
            for reference in signature.references:
                if request.detached is not None and _plain_name(reference.target):
                    (folder / reference.target).write_bytes(request.detached)
            base = ["xmlsec1", "--verify", "--node-xpath", f"{_EVERY_SIGNATURE}[{number}]"]
            base += _id_arguments(request.data, signature)
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


def _cannot(signature: SignatureFacts, request: Request) -> str:
    """Why xmlsec1 is not asked about a signature; empty where it is."""
    if not (signature.algorithm.name or "").startswith(_READS):
        return "algorithm not known to xmlsec1"
    if any(not _inside(reference.target, request) for reference in signature.references):
        return "refers outside the file"
    return ""


def _inside(target: str, request: Request) -> bool:
    """In the file itself, or the content handed over with it: anything else xmlsec1 would fetch from disk or network."""
    return target == "" or target.startswith("#") or (request.detached is not None and _plain_name(target))


def _plain_name(target: str) -> bool:
    """A bare file name: what a detached signature of ours names, and nothing that could leave the scratch folder."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", target) is not None


def _id_arguments(data: bytes, signature: SignatureFacts) -> list[str]:
    """xmlsec1 knows no DTD and no schema: it is told which attributes of the elements referred to are identifiers."""
    from interop.xml.names import ID_ATTRIBUTES, local, namespace  # noqa: PLC0415 - lxml, for XML files only
    from interop.xml.parse import XmlRefused, parse_xml  # noqa: PLC0415

    try:
        ids = parse_xml(data).ids
    except XmlRefused as refused:
        raise EngineError(f"xmlsec1 was not asked: {refused.detail}") from refused
    arguments: dict[tuple[str, str], None] = {}
    for reference in signature.references:
        for element in ids.get(reference.target.removeprefix("#"), ()):
            tag = str(element.tag)
            name = f"{namespace(tag)}:{local(tag)}" if namespace(tag) else local(tag)
            for attribute in ID_ATTRIBUTES:
                if element.get(attribute) is not None and not attribute.startswith("{"):
                    arguments[f"--id-attr:{attribute}", name] = None
    return [word for pair in arguments for word in pair]


def _statement(signature: str, about: str, code: int, text: str) -> Statement:
    """`FAIL` is its word for a digest or value that does not match; `ERROR` means that it could not finish, which counts against
    a chain only where its error stack names the certificate (error 71)."""
    if code == 0:
        return Statement(signature=signature, about=about, ok=True)
    errors = re.findall(r"error=(\d+):([^:\n]*)", text)
    mismatch = re.search(r"^(?:Verification status: )?FAIL", text, re.MULTILINE) is not None
    refused = about == "chain" and any(number == "71" for number, _ in errors)
    unknown = re.search(r"subj=xmlSecTransformIdListFindByHref:.*?href=(\S+)", text)
    why = next((what for number, what in errors if number != "1"), first_line(text))
    if unknown is not None:
        why = f"this xmlsec1 does not know {unknown.group(1)}"
    return Statement(signature=signature, about=about, ok=False if mismatch or refused else None, why=why)
