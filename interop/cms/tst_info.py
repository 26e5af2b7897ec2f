"""TSTInfo, the content of a time-stamp token (RFC 3161 section 2.4.2): write it, read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interop.cms import attributes
from interop.crypto import table
from interop.model.certificate import GeneralName
from interop.x509 import der
from interop.x509.ber import Malformed, Node, read
from interop.x509.names import general_name
from interop.x509.spki import algorithm_id

__all__ = ["TstInfo", "build_tst_info", "parse_tst_info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TstInfo:
    """What a token states (RFC 3161 section 2.4.2)."""

    version: int
    policy: str
    imprint_digest: str
    """Name in the algorithm table, or the dotted OID."""
    imprint: bytes
    serial: int
    time: datetime
    accuracy_ms: int | None = None
    """Rounded up to whole milliseconds; None when not stated."""
    ordering: bool = False
    nonce: int | None = None
    tsa: GeneralName | None = None
    """Name of the authority; None where it is not stated, or cannot be read."""
    extensions: tuple[str, ...] = ()
    """OIDs."""
    critical_extensions: tuple[str, ...] = ()


def _accuracy(milliseconds: int) -> bytes:
    seconds, rest = divmod(milliseconds, 1000)
    return der.seq(
        der.integer(seconds) if seconds else b"",
        der.implicit(0, der.integer(rest)[2:]) if rest else b"",
    )


def build_tst_info(
    *,
    imprint_digest_name: str,
    imprint: bytes,
    time: datetime,
    policy: str,
    serial: int,
    accuracy_ms: int | None = None,
    nonce: int | None = None,
    ordering: bool = False,
    tsa: bytes | None = None,
    extensions: tuple[bytes, ...] = (),
) -> bytes:
    """TSTInfo in DER; `tsa` is an encoded GeneralName, `extensions` are encoded. Raises UsageError for an unknown digest."""
    return der.seq(
        der.integer(1),
        der.oid(policy),
        der.seq(der.algorithm(attributes.digest_oid(imprint_digest_name)), der.octet_string(imprint)),
        der.integer(serial),
        der.generalized_time(time),
        _accuracy(accuracy_ms) if accuracy_ms else b"",
        der.boolean(True) if ordering else b"",
        der.integer(nonce) if nonce is not None else b"",
        der.explicit(0, tsa) if tsa is not None else b"",
        der.explicit(1, b"".join(extensions)) if extensions else b"",
    )


def _authority(node: Node) -> GeneralName | None:
    try:
        return general_name(node.only())
    except ValueError:
        return None


def parse_tst_info(content: bytes) -> TstInfo:
    """Read a TSTInfo. Raises Malformed."""
    try:
        fields = read(content).items("TSTInfo")
        algorithm, imprint = fields[2].items("MessageImprint")[:2]
        oid = algorithm_id(algorithm).oid
        digest = table.digest_by_oid(oid)
        optional = fields[5:]
        accuracy: int | None = None
        extensions: list[tuple[str, bool]] = []
        for node in optional:
            if node.tag == 0x30:
                scale = {0x02: 1_000_000, 0x80: 1000, 0x81: 1}
                micros = sum(scale[part.tag] * part.integer() for part in node.children() if part.tag in scale)
                accuracy = -(-micros // 1000)
            elif node.tag == 0xA1:
                for entry in node.children():
                    pieces = entry.items("Extension")
                    extensions.append((pieces[0].oid(), len(pieces) == 3 and pieces[1].boolean()))
        return TstInfo(
            version=fields[0].integer(),
            policy=fields[1].oid(),
            imprint_digest=oid if digest is None else digest.name,
            imprint=imprint.octets(),
            serial=fields[3].integer(),
            time=fields[4].expect(0x18, "genTime").time(),
            accuracy_ms=accuracy,
            ordering=any(node.tag == 0x01 and node.boolean() for node in optional),
            nonce=next((node.integer() for node in optional if node.tag == 0x02), None),
            tsa=next((_authority(node) for node in optional if node.tag == 0xA0), None),
            extensions=tuple(oid for oid, _ in extensions),
            critical_extensions=tuple(oid for oid, critical in extensions if critical),
        )
    except IndexError as error:
        raise Malformed("TSTInfo ends too early") from error
