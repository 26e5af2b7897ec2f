"""One little provider per key, from its TOML text to the verdict on what it signs: issue, publish, sign, observe, link, judge."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from interop.cms.build import SignRequest, build_signed_data
from interop.crypto.digests import digest_to_write
from interop.crypto.table import signature as row_of
from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.facts import Observation
from interop.model.formats import DocumentKind, Format
from interop.model.profile import Provider, World
from interop.model.verdict import Judgement
from interop.pdf.sign import SUBFILTER_PADES, PdfSignRequest, sign_pdf
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import publish
from interop.pki.tsa import stamper
from interop.profile.load import load_provider, load_suites
from interop.run.judge import Bench
from interop.run.link import Linker
from interop.vector.documents import document
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

AT = datetime(2026, 3, 1, tzinfo=UTC)
"""Signing instant; the verdict is asked a day later."""

_CERTIFICATE = """
[[certificates]]
id = "{id}"
role = "{role}"
issuer = "{issuer}"
subject = [{{ type = "C", value = "XX", string = "printable" }}, {{ type = "CN", value = "TEST {id}" }}]
not_before = 2024-01-01T00:00:00Z
not_after = 2034-01-01T00:00:00Z
origin = "stand-in"
key = {key}
{extensions}
"""
_CA = 'extensions = { ca = true, key_usage = ["keyCertSign", "cRLSign"] }'
_SIGNER = """[certificates.extensions]
key_usage = ["nonRepudiation"]
policies = [{ oid = "2.999.1.1", origin = "stand-in" }]
authority_info = { ocsp = ["http://ocsp.lab.example/"] }
crl_points = [{ uris = ["http://crl.lab.example/ca.crl"] }]"""
_TSA = 'extensions = { key_usage = ["digitalSignature"], extended_key_usage = ["1.3.6.1.5.5.7.3.8"], extended_key_usage_critical = true }'
_OCSP = (
    'extensions = { key_usage = ["digitalSignature"], extended_key_usage = ["1.3.6.1.5.5.7.3.9"], ocsp_nocheck = true }'
)
_REST = """
[services]
tsa = "tsa"
tsa_policy = "2.999.4"
tsa_digest = "{tsa_digest}"
origin = "stand-in"

[[identities]]
id = "person"
name = {{ en = "Person", zh = "个人" }}
certificate = "signer"
certificate_type = "TEST person"
opaque = {opaque}
origin = "stand-in"
formats = [{{ format = "pades", levels = ["b-b", "b-t"] }}]
[identities.assurance]
identity_proofing = 3
key_protection = 3
supervision = 3
legal_effect = 3
person = "natural"
level = "L3"

[relying]
floor = "L1"
ceiling = "L4"
[relying.formats]
accept = ["pades", "xades"]
[relying.algorithms]
keys = [{keys}]
digests = ["sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512", "shake256"]
suites = [{suites}]
[relying.trust]
anchors = ["lab:root"]
"""
_HEAD = """
id = "lab"
name = { en = "TEST lab", zh = "测试" }
jurisdiction = "XX"
summary = { en = "one of everything", zh = "各一" }
anchors = ["root"]
origin = "stand-in"
sources = ["this file"]
"""

RSA = '{ kind = "RSA", bits = 3072, signature = "rsa-pss-sha256" }'
PLAIN_RSA = '{ kind = "RSA", bits = 3072, signature = "rsa-sha256" }'


def provider_text(
    signer: str, *, ca: str | None = None, tsa: str | None = None, ocsp: str | None = None,
    suites: tuple[str, ...] = ("etsi-ts-119312", "zz-pilot"), opaque: bool = False, tsa_digest: str = "sha256",
) -> str:  # fmt: skip
    """A profile whose certificates have these keys, as inline tables; what is not given is the signer's."""
    ca, tsa = ca or signer, tsa or signer
    names = ("RSA", "EC", "Ed25519", "Ed448", "GOST", "GOST-KZ", "DSTU", "KCDSA", "SM2")
    parts = [
        _CERTIFICATE.format(id="root", role="root", issuer="root", key=ca, extensions=_CA),
        _CERTIFICATE.format(id="ca", role="ca", issuer="root", key=ca, extensions=_CA),
        _CERTIFICATE.format(id="signer", role="signer", issuer="ca", key=signer, extensions=_SIGNER),
        _CERTIFICATE.format(id="tsa", role="tsa", issuer="ca", key=tsa, extensions=_TSA),
        _CERTIFICATE.format(id="ocsp", role="ocsp", issuer="ca", key=ocsp or tsa, extensions=_OCSP),
    ]
    rest = _REST.format(
        keys=", ".join(f'{{ name = "{name}" }}' for name in names),
        suites=", ".join(f'"{suite}"' for suite in suites),
        opaque=str(opaque).lower(),
        tsa_digest=tsa_digest,
    )
    return _HEAD + "".join(parts) + rest


def read_provider(text: str) -> Provider:
    """The profile, through the loader and all its checks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lab.toml"
        path.write_text(text, encoding="utf-8")
        return load_provider(path)


@dataclass(frozen=True)
class Lab:
    """A provider at work."""

    provider: Provider
    issued: Issued

    def pdf(self, *, stamped: bool = True, **changes: object) -> bytes:
        """The contract, signed as PAdES."""
        spec = self.issued.spec("signer").key
        row = row_of(spec.signature)
        assert row is not None
        request = SignRequest(
            key=self.issued.key("signer"), certificate=self.issued.certificates["signer"], chain=self.issued.chain("signer"),
            signature=spec.signature, digest=row.digest,
            timestamp=stamper(self.issued, AT + timedelta(seconds=5)) if stamped else None,
        )  # fmt: skip
        request = replace(request, **changes)  # type: ignore[arg-type]
        return sign_pdf(
            document(DocumentKind.CONTRACT, "pdf"),
            PdfSignRequest(
                subfilter=SUBFILTER_PADES,
                cms=lambda covered: build_signed_data(replace(request, content_digest=covered(row.digest))),
                signing_time=AT,
            ),
        )

    def cms(self, content: bytes, **changes: object) -> bytes:
        """Detached SignedData over the content."""
        spec = self.issued.spec("signer").key
        row = row_of(spec.signature)
        assert row is not None
        request = SignRequest(
            key=self.issued.key("signer"), certificate=self.issued.certificates["signer"], chain=self.issued.chain("signer"),
            signature=spec.signature, digest=row.digest, content_digest=digest_to_write(row.digest, content),
        )  # fmt: skip
        return build_signed_data(replace(request, **changes))  # type: ignore[arg-type]

    def xml(self, *, stamped: bool = True, **changes: object) -> bytes:
        """The contract, signed as XAdES."""
        stamp = stamper(self.issued, AT + timedelta(seconds=5))
        request = XmlSignRequest(
            key=self.issued.key("signer"), certificate=self.issued.certificates["signer"], chain=self.issued.chain("signer"),
            signature=self.issued.spec("signer").key.signature, signing=AT, format=Format.XADES,
            timestamp=(lambda value: stamp(None, value)) if stamped else None,
        )  # fmt: skip
        return sign_xml(document(DocumentKind.CONTRACT, "xml"), replace(request, **changes))  # type: ignore[arg-type]

    def linker(self) -> Linker:
        """All certificates and status answers of the provider."""
        linker, at = Linker(), AT + timedelta(days=1)
        for der in self.issued.certificates.values():
            linker.add("certificate", der)
        for answer in publish(self.issued, at):
            linker.add_evidence(answer.service, answer.kind, answer.der, at, since=answer.since, until=answer.until)
        return linker

    def judge(self, observation: Observation) -> Judgement:
        """What the provider itself makes of a file."""
        linker = self.linker()
        linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
        names = {f"lab:{name}": linker.add("certificate", der) for name, der in self.issued.certificates.items()}
        bench = Bench.build(
            world=World(providers=(self.provider,), agreements=()), suites=load_suites(), knowledge=linker.knowledge(), names=names
        )  # fmt: skip
        return bench.judge(observation.facts, self.provider, AT + timedelta(days=1), document=DocumentKind.CONTRACT)


@cache
def _keys() -> KeyStore:
    return KeyStore(missing="memory")


@cache
def lab(text: str) -> Lab:
    """The provider of a profile, with keys made for it and kept in memory."""
    provider = read_provider(text)
    spec = [certificate.key for certificate in provider.certificates]
    store = _keys()
    for certificate, key in zip(provider.certificates, spec, strict=True):
        store.get(provider.id, certificate.id, key)
    return Lab(provider, issue(provider, store))


def observe(data: bytes) -> Observation:
    """What the embedded engine sees."""
    return EmbeddedEngine().observe(Request(data=data))
