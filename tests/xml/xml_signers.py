"""Signers with self-signed certificates, made without the packages above `crypto`: no PKI is needed here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interop.crypto import der
from interop.crypto.keys import PrivateKey
from interop.model.facts import SignatureFacts
from interop.xml.observe import observe_xml
from interop.xml.request import XmlSignRequest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "vectors" / "documents"
SIGNING = datetime(2026, 3, 1, tzinfo=UTC)
ALGORITHMS = {
    "RSA": ("rsa-sha256", "1.2.840.113549.1.1.11"),
    "EC": ("ecdsa-sha256", "1.2.840.10045.4.3.2"),
    "SM2": ("sm2-sm3", "1.2.156.10197.1.501"),
}


@dataclass(frozen=True)
class Signer:
    key: PrivateKey
    certificate: bytes
    signature: str


def self_signed(key: PrivateKey, common_name: str = "TEST Signer", serial: int = 77) -> bytes:
    """A minimal self-signed certificate, valid through 2026 (RFC 5280 section 4.1)."""
    text = der.encode(0x0C, common_name.encode())
    attribute = der.encode(der.SEQUENCE, der.encode_oid("2.5.4.3"), text)
    name = der.encode(der.SEQUENCE, der.encode(0x31, attribute))
    signature, oid = ALGORITHMS[key.kind]
    parameters = [der.encode(der.NULL)] if key.kind == "RSA" else []
    algorithm = der.encode(der.SEQUENCE, der.encode_oid(oid), *parameters)
    validity = der.encode(der.SEQUENCE, der.encode(0x17, b"260101000000Z"), der.encode(0x17, b"270101000000Z"))
    version = der.encode(0xA0, der.encode_integer(2))
    tbs = der.encode(der.SEQUENCE, version, der.encode_integer(serial), algorithm, name, validity, name, key.spki)
    value = der.encode(der.BIT_STRING, b"\0" + key.sign(signature, tbs))
    return der.encode(der.SEQUENCE, tbs, algorithm, value)


def request(signer: Signer, **changes: Any) -> XmlSignRequest:
    base = XmlSignRequest(key=signer.key, certificate=signer.certificate, signature=signer.signature, signing=SIGNING)
    return replace(base, **changes)


def one(data: bytes, **options: Any) -> SignatureFacts:
    facts = observe_xml(data, **options).facts
    assert len(facts.signatures) == 1
    return facts.signatures[0]
