"""A small world for the recognition layers: two providers, a bridge, and everything about one signature as plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, Entry, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import (
    AlgorithmId,
    Attribute,
    Certificate,
    Name,
    ObjectId,
    PolicyInformation,
    PublicKeyInfo,
    QcStatement,
)
from interop.model.facts import Algorithm, Coverage, DocumentFacts, Facts, SignatureFacts
from interop.model.formats import DocumentKind, Format
from interop.model.indication import Indication
from interop.model.knowledge import Edge, Knowledge, Relation
from interop.model.layers import TECHNICAL, Cause, Layer, LayerResult, LayerState
from interop.model.rules import (
    AcceptedAlgorithm,
    AlgorithmRules,
    FormatRules,
    RelyingRules,
    RevocationRules,
    TrustRules,
)
from interop.model.text import Text
from interop.model.verdict import HomeIdentity, Path, Technical
from interop.recognition.context import RecognitionContext, resolve_agreements

AT = datetime(2026, 3, 2, tzinfo=UTC)
SIGNED = datetime(2026, 3, 1, tzinfo=UTC)
ARC = "2.999.810.2"
POLICY = f"{ARC}.2018.1.1"
RSA_SHA256 = AlgorithmId(oid="1.2.840.113549.1.1.11", parameters="null")


def oid(text: str) -> ObjectId:
    return ObjectId(f"sha256:{text}")


def name(common: str, unit: str | None = None) -> Name:
    parts = [("2.5.4.3", "CN", common)] + ([("2.5.4.11", "OU", unit)] if unit else [])
    return Name(
        rdns=tuple((Attribute(oid=o, value=v, string_type="UTF8String"),) for o, _, v in parts),
        normal="|".join(f"{o}={v.casefold()}" for o, _, v in parts),
        text=", ".join(f"{short}={v}" for _, short, v in parts),
    )


def certificate(
    label: str, *, subject: Name, issuer: Name, key: str | None = None, ca: bool = True, **more: object
) -> Certificate:
    base = Certificate(
        id=oid(label),
        version=3,
        serial=1,
        issuer=issuer,
        subject=subject,
        not_before=datetime(2025, 1, 1, tzinfo=UTC),
        not_after=datetime(2030, 1, 1, tzinfo=UTC),
        key=PublicKeyInfo(
            algorithm=AlgorithmId(oid="1.2.840.113549.1.1.1", parameters="null"),
            kind="RSA",
            curve=None,
            bits=3072,
            digest=f"sha256:key-{key or label}",
        ),
        signature_algorithm=RSA_SHA256,
        inner_signature_algorithm=RSA_SHA256,
        ca=True if ca else None,
        key_usage=frozenset({"keyCertSign", "cRLSign"} if ca else {"digitalSignature", "nonRepudiation"}),
    )
    return replace(base, **more)  # type: ignore[arg-type]


GD_ROOT, GD_CA = name("TEST GD Root"), name("TEST GD CA")
HK_ROOT, BRIDGE = name("TEST HK Root"), name("TEST Bridge")
SIGNER = name("TEST Signer", unit="e-Cert (Personal)")


def signer_certificate(**more: object) -> Certificate:
    values: dict[str, object] = {
        "policies": (PolicyInformation(oid=POLICY),),
        "extended_key_usage": ("1.3.6.1.5.5.7.3.4",),
        "qc_statements": (
            QcStatement(oid="0.4.0.1862.1.1"),
            QcStatement(oid="0.4.0.1862.1.6", values=("0.4.0.1862.1.6.1",)),
            QcStatement(oid="0.4.0.1862.1.7", values=("ZZ",)),
        ),
        **more,
    }
    return certificate("signer", subject=SIGNER, issuer=GD_CA, ca=False, **values)


def knowledge(signer: Certificate | None = None, *, cross: bool = False) -> Knowledge:
    """Signer -> GD CA -> GD root; HK root stands alone, unless it cross-certifies the GD CA."""
    certificates = [
        signer or signer_certificate(),
        certificate("gd-ca", subject=GD_CA, issuer=GD_ROOT),
        certificate("gd-root", subject=GD_ROOT, issuer=GD_ROOT),
        certificate("hk-root", subject=HK_ROOT, issuer=HK_ROOT),
    ]
    signed = [("signer", "gd-ca"), ("gd-ca", "gd-root"), ("gd-root", "gd-root"), ("hk-root", "hk-root")]
    if cross:
        certificates.append(certificate("hk-cross-gd", subject=GD_CA, issuer=HK_ROOT, key="gd-ca"))
        signed += [("signer", "hk-cross-gd"), ("hk-cross-gd", "hk-root")]
    return Knowledge.build(
        certificates=certificates,
        edges=[Edge(object=oid(o), key=oid(k), relation=Relation.SIGNED, ok=True) for o, k in signed],
    )


IDENTITY = HomeIdentity(
    provider="gd",
    identity="scheme",
    issuer=oid("gd-ca"),
    certificate=oid("signer"),
    policies=frozenset({POLICY}),
    key_kind="RSA",
    certificate_type="GD scheme certificate",
    person="natural",
    level=AssuranceLevel.L3,
)


def technical(*, fails: Layer | None = None, state: LayerState = LayerState.FAIL, **more: object) -> Technical:
    """All technical layers pass, but for one that may not."""
    layers = tuple(
        LayerResult(layer=layer, state=state, causes=(Cause(code=f"{layer.value}.some-reason"),))
        if layer is fails
        else LayerResult(layer=layer, state=LayerState.PASS)
        for layer in TECHNICAL
    )
    base = Technical(
        signature="s0",
        layers=layers,
        indication=Indication.TOTAL_PASSED if fails is None else Indication.INDETERMINATE,
        sub_indication=None,
        signer=oid("signer"),
        path=Path(certificates=(oid("signer"), oid("gd-ca"), oid("gd-root"))),
        provider="gd",
        identity=IDENTITY,
        best_time=SIGNED,
        proven=True,
        level="B-T",
    )
    return replace(base, **more)  # type: ignore[arg-type]


FACTS = Facts(
    artifact=oid("file"),
    engine="test@1",
    document=DocumentFacts(format="pdf"),
    signatures=(
        SignatureFacts(
            id="s0",
            format="PAdES",
            level="B-T",
            algorithm=Algorithm(signature="1.2.840.113549.1.1.11", name="rsa-sha256", digest="sha256"),
            covers=Coverage(whole=True),
        ),
    ),
)


def rules(*, load: tuple[str, ...] = (), floor: AssuranceLevel = AssuranceLevel.L2, **more: object) -> RelyingRules:
    trust = TrustRules(anchors=("hk",), load=load)
    base = RelyingRules(
        formats=FormatRules(accept=(Format.PADES,)),
        algorithms=AlgorithmRules(keys=(AcceptedAlgorithm(name="RSA"),), digests=("sha256",), suites=()),
        trust=trust,
        floor=floor,
        revocation=RevocationRules(required=False),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def instrument(**more: object) -> Agreement:
    """A trust list: HK recognises GD's scheme certificates."""
    base = Agreement(
        id="gd-to-hk",
        kind=AgreementKind.TRUST_LIST,
        name=Text(en="list", zh="名单"),
        signers=("gd",),
        relying=("hk",),
        history=(StatusChange(at=datetime(2018, 9, 30, tzinfo=UTC), status=AgreementStatus.ENACTED),),
        evidence="published",
        origin="modelled",
        source="test",
        entries=(entry(),),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def entry(*, condition: Condition = Condition(policy_prefix=ARC), **more: object) -> Entry:  # noqa: B008 - frozen
    base = Entry(anchor="gd:root", issuer="gd:ca", condition=condition)
    return replace(base, **more)  # type: ignore[arg-type]


NAMES = {
    "gd:root": oid("gd-root"),
    "gd:ca": oid("gd-ca"),
    "hk:root": oid("hk-root"),
    "hk:cross": oid("hk-cross-gd"),
}


def context(
    *agreements: Agreement,
    load: tuple[str, ...] | None = None,
    anchors: tuple[str, ...] = ("hk-root",),
    document: DocumentKind | None = DocumentKind.CONTRACT,
    known: Knowledge | None = None,
    at: datetime = AT,
    relying: str = "hk",
    cross: tuple[str, ...] = (),
    with_rules: RelyingRules | None = None,
) -> RecognitionContext:
    """HK's relying party with those instruments in its hands; it loads all of them unless told otherwise."""
    loaded = tuple(a.id for a in agreements) if load is None else load
    given = with_rules or rules()
    given = replace(given, trust=replace(given.trust, load=loaded))
    return RecognitionContext(
        relying=relying,
        rules=given,
        anchors=frozenset(oid(a) for a in anchors),
        agreements=resolve_agreements(agreements, NAMES),
        knowledge=known or knowledge(),
        at=at,
        document=document,
        cross_certificates=frozenset(oid(c) for c in cross),
    )


def days(count: int) -> timedelta:
    return timedelta(days=count)
