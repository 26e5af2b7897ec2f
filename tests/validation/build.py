"""Hand-built values for the judging stage: certificates, status answers, knowledge, facts. No bytes, no cryptography.

A small PKI in the shape that most cases start from:

    root (anchor) -> ca -> signer
                        -> tsa, ocsp
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import (
    AlgorithmId,
    Attribute,
    Certificate,
    GeneralName,
    Name,
    ObjectId,
    PolicyInformation,
    PublicKeyInfo,
)
from interop.model.facts import (
    Algorithm,
    Binding,
    Coverage,
    DocumentFacts,
    Facts,
    Imprint,
    ObjectFact,
    ReferenceFact,
    SignatureFacts,
    TokenFacts,
    ValueFact,
)
from interop.model.formats import Format
from interop.model.knowledge import Edge, Evidence, Knowledge, Relation
from interop.model.rules import (
    AcceptedAlgorithm,
    AlgorithmRules,
    FormatRules,
    RelyingRules,
    RevocationRules,
    TimeRules,
    TrustRules,
)
from interop.model.status import Crl, OcspResponse, Revocation, SingleStatus
from interop.model.suite import Suite, SuiteEntry
from interop.model.text import Text
from interop.model.verdict import Home, HomeIdentity, TechnicalContext

ECDSA = "1.2.840.10045.4.3.2"
PDF = DocumentFacts(format="pdf")
SIGNED = datetime(2026, 3, 1, tzinfo=UTC)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def oid(text: str) -> ObjectId:
    return ObjectId("sha256:" + hashlib.sha256(text.encode()).hexdigest())


def name(*parts: tuple[str, str]) -> Name:
    """`name(("2.5.4.3", "Root"))`, in encoding order; values without separators."""
    rdns = tuple((Attribute(oid=o, value=v, string_type="UTF8String"),) for o, v in parts)
    normal = ",".join(f"{o}={v.lower()}" for o, v in parts)
    return Name(rdns=rdns, normal=normal, text=", ".join(f"{v}" for _, v in reversed(parts)))


def cn(text: str) -> Name:
    return name(("2.5.4.10", "TEST"), ("2.5.4.3", text))


def key(text: str, kind: str = "EC", curve: str | None = "P-256", bits: int | None = 256) -> PublicKeyInfo:
    algorithm = {"EC": "1.2.840.10045.2.1", "SM2": "1.2.840.10045.2.1", "RSA": "1.2.840.113549.1.1.1"}[kind]
    return PublicKeyInfo(
        algorithm=AlgorithmId(oid=algorithm), kind=kind, curve=curve, bits=bits, digest="sha256:key-" + text
    )


def policies(*oids: str) -> tuple[PolicyInformation, ...]:
    return tuple(PolicyInformation(oid=o) for o in oids)


def certificate(label: str, issuer: str, **changes: Any) -> Certificate:
    """A certificate named after its label, over its own key. `issuer` is the label of the issuer."""
    fields: dict[str, Any] = {
        "id": oid(label),
        "version": 3,
        "serial": int(hashlib.sha256(label.encode()).hexdigest()[:8], 16),
        "issuer": cn(issuer),
        "subject": cn(label),
        "not_before": day("2025-01-01"),
        "not_after": day("2028-01-01"),
        "key": key(label),
        "signature_algorithm": AlgorithmId(oid=ECDSA),
        "inner_signature_algorithm": AlgorithmId(oid=ECDSA),
    }
    return Certificate(**(fields | changes))


def authority(label: str, issuer: str, **changes: Any) -> Certificate:
    fields: dict[str, Any] = {
        "ca": True,
        "key_usage": frozenset({"keyCertSign", "cRLSign"}),
        "not_before": day("2020-01-01"),
        "not_after": day("2035-01-01"),
    }
    return certificate(label, issuer, **(fields | changes))


def end_entity(label: str, issuer: str, **changes: Any) -> Certificate:
    fields: dict[str, Any] = {"key_usage": frozenset({"nonRepudiation"})}
    return certificate(label, issuer, **(fields | changes))


def signed(child: Certificate | Crl | OcspResponse, issuer: Certificate, ok: bool | None = True) -> Edge:
    return Edge(object=child.id, key=issuer.id, relation=Relation.SIGNED, ok=ok)


def answers(status: Crl | OcspResponse, about: Certificate) -> Edge:
    return Edge(object=status.id, key=about.id, relation=Relation.ANSWERS, ok=True)


def names_responder(status: OcspResponse, responder: Certificate) -> Edge:
    return Edge(object=status.id, key=responder.id, relation=Relation.RESPONDER, ok=True)


def crl(label: str, issuer: Certificate, this_update: datetime, next_update: datetime | None, **changes: Any) -> Crl:
    return Crl(
        id=oid(label),
        issuer=issuer.subject,
        this_update=this_update,
        next_update=next_update,
        signature_algorithm=AlgorithmId(oid=ECDSA),
        **changes,
    )


def revocation(about: Certificate, date: datetime, reason: str | None = None, issuer: str | None = None) -> Revocation:
    return Revocation(serial=about.serial, date=date, reason=reason, issuer=issuer)


def ocsp(
    label: str,
    about: Certificate,
    this_update: datetime,
    next_update: datetime | None,
    *,
    status: str = "good",
    revoked_at: datetime | None = None,
    reason: str | None = None,
) -> OcspResponse:
    single = SingleStatus(
        serial=about.serial,
        status=status,
        this_update=this_update,
        next_update=next_update,
        revoked_at=revoked_at,
        reason=reason,
    )
    return OcspResponse(
        id=oid(label),
        produced_at=this_update,
        responder_name="responder",
        responder_key_hash=None,
        signature_algorithm=AlgorithmId(oid=ECDSA),
        responses=(single,),
    )


ROOT = authority("root", "root", not_before=day("2015-01-01"), not_after=day("2040-01-01"))
CA = authority("ca", "root")
SIGNER = end_entity("signer", "ca")
TSA = certificate(
    "tsa",
    "ca",
    key_usage=frozenset({"digitalSignature"}),
    extended_key_usage=("1.3.6.1.5.5.7.3.8",),
    extensions=(("2.5.29.37", True),),
)
RESPONDER = certificate("responder", "ca", extended_key_usage=("1.3.6.1.5.5.7.3.9",), ocsp_nocheck=True)
CERTIFICATES = (ROOT, CA, SIGNER, TSA, RESPONDER)
EDGES = (
    signed(ROOT, ROOT),
    signed(CA, ROOT),
    signed(SIGNER, CA),
    signed(TSA, CA),
    signed(RESPONDER, CA),
)
ROOT_CRL = crl("root-crl", ROOT, day("2026-03-01"), day("2026-04-01"))
CA_CRL = crl("ca-crl", CA, day("2026-03-01"), day("2026-03-08"))
CRLS = (ROOT_CRL, CA_CRL)
STATUS_EDGES = (
    signed(ROOT_CRL, ROOT),
    signed(CA_CRL, CA),
    answers(ROOT_CRL, CA),
    answers(CA_CRL, SIGNER),
    answers(CA_CRL, TSA),
)
EVIDENCE = (
    Evidence(object=ROOT_CRL.id, service="p/crl/root", at=day("2026-03-01")),
    Evidence(object=CA_CRL.id, service="p/crl/ca", at=day("2026-03-01")),
)


def knowledge(
    *,
    certificates: Iterable[Certificate] = CERTIFICATES,
    edges: Iterable[Edge] = (*EDGES, *STATUS_EDGES),
    crls: Iterable[Crl] = CRLS,
    ocsps: Iterable[OcspResponse] = (),
    evidence: Iterable[Evidence] = EVIDENCE,
) -> Knowledge:
    return Knowledge.build(certificates=certificates, edges=edges, crls=crls, ocsps=ocsps, evidence=evidence)


def swap(new: Certificate, old: Certificate) -> tuple[Certificate, ...]:
    """The certificates of the small PKI with one replaced (which keeps its id, so that all edges stay)."""
    assert new.id == old.id
    return tuple(new if c.id == old.id else c for c in CERTIFICATES)


def signature(**changes: Any) -> SignatureFacts:
    """A good PAdES B-B signature by SIGNER."""
    fields: dict[str, Any] = {
        "id": "s0",
        "format": "PAdES",
        "level": "B-B",
        "algorithm": Algorithm(signature=ECDSA, name="ecdsa-sha256", digest="sha256", key="P-256", encoding="der"),
        "covers": Coverage(whole=True, ranges=((0, 840), (17226, 3085))),
        "references": (ReferenceFact(target="bytes", digest="sha256", ok=True),),
        "value": (ValueFact(key=SIGNER.id, ok=True),),
        "certificates": (SIGNER.id, CA.id),
        "bound_by": (
            Binding(how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=True),
            Binding(how="signer-identifier", certificate=SIGNER.id, issuer_serial_ok=True),
        ),
        "subfilter": "ETSI.CAdES.detached",
        "content_types": ("1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"),
        "attributes": ("1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47"),
        "claimed_time": SIGNED,
        "revision": 1,
    }
    return SignatureFacts(**(fields | changes))


def token(
    label: str = "token", time: datetime = SIGNED, covers: tuple[str, ...] = ("s0",), **changes: Any
) -> TokenFacts:
    """A good signature time-stamp by TSA."""
    fields: dict[str, Any] = {
        "id": oid(label),
        "kind": "signature",
        "time": time,
        "imprint": Imprint(digest="sha256", ok=True),
        "value_ok": True,
        "algorithm": Algorithm(signature=ECDSA, name="ecdsa-sha256", digest="sha256", key="P-256", encoding="der"),
        "bound_by": (Binding(how="signing-certificate-v2", certificate=TSA.id, digest_ok=True),),
        "certificates": (TSA.id,),
        "covers": covers,
    }
    return TokenFacts(**(fields | changes))


def facts(
    *signatures: SignatureFacts,
    tokens: tuple[TokenFacts, ...] = (),
    document: DocumentFacts = PDF,
    in_file: Iterable[Crl | OcspResponse] = (),
) -> Facts:
    objects = tuple(ObjectFact(id=s.id, kind="crl" if isinstance(s, Crl) else "ocsp") for s in in_file)
    return Facts(
        artifact=oid("file"),
        engine="test@0",
        document=document,
        signatures=signatures or (signature(),),
        tokens=tokens,
        objects=objects,
    )


SUITE = Suite(
    id="suite",
    name=Text(en="suite", zh="套件"),
    source="test",
    origin="stand-in",
    entries=(
        SuiteEntry(kind="digest", name="sha256"),
        SuiteEntry(kind="digest", name="sm3"),
        SuiteEntry(kind="digest", name="sha1", end=day("2012-01-01")),
        SuiteEntry(kind="key", name="P-256"),
        SuiteEntry(kind="key", name="SM2"),
        SuiteEntry(kind="key", name="RSA", min_bits=1900, end=day("2029-01-01")),
        SuiteEntry(kind="key", name="RSA", min_bits=3000),
    ),
)


def rules(**changes: Any) -> RelyingRules:
    fields: dict[str, Any] = {
        "formats": FormatRules(accept=tuple(Format)),
        "algorithms": AlgorithmRules(
            keys=(
                AcceptedAlgorithm(name="P-256"),
                AcceptedAlgorithm(name="RSA", min_bits=2048),
                AcceptedAlgorithm(name="SM2"),
            ),
            digests=("sha256", "sm3"),
            suites=("suite",),
        ),
        "trust": TrustRules(anchors=()),
        "revocation": RevocationRules(),
        "time": TimeRules(),
    }
    return RelyingRules(**(fields | changes))


HOME = Home(
    anchors={ROOT.id: "p"},
    identities=(
        HomeIdentity(
            provider="p",
            identity="person",
            issuer=CA.id,
            certificate=SIGNER.id,
            policies=frozenset(),
            key_kind="EC",
            certificate_type="person",
            person="natural",
            level=AssuranceLevel.L3,
        ),
    ),
)


def context(
    *, known: Knowledge | None = None, home: Home = HOME, at: datetime = AT, suite: Suite = SUITE, **changes: Any
) -> TechnicalContext:
    """The relying party that accepts everything good."""
    return TechnicalContext(
        knowledge=knowledge() if known is None else known, home=home, rules=rules(**changes), suites=(suite,), at=at
    )


def directory(value: Name) -> GeneralName:
    return GeneralName(kind="directory", value=value.normal)
