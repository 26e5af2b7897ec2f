"""A bench on which hostile files are judged as `check` judges them: shipped providers, their status as of one day, no workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from interop.cms.build import SignRequest, build_signed_data
from interop.crypto.keys import PrivateKey
from interop.crypto.table import signature as signature_row
from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.certificate import ObjectId
from interop.model.facts import Facts, ObjectFact, Observation
from interop.model.formats import Format
from interop.model.indication import Indication
from interop.model.layers import Layer, LayerResult
from interop.model.profile import World
from interop.model.verdict import Judgement, Technical
from interop.pdf.sign import SUBFILTER_PADES, Covered, PdfSignRequest, sign_pdf
from interop.pki.issue import Issued, issue
from interop.pki.shipped import shipped_keys
from interop.pki.status import publish
from interop.profile.load import data_root, load_rules, load_suites, load_world
from interop.recognition.judge import judge_technicals
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker
from interop.x509.certificate import object_id
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

__all__ = [
    "AT",
    "ROOT",
    "SIGNING",
    "Result",
    "base",
    "check",
    "codes",
    "contract",
    "facts_of",
    "hierarchy",
    "judged",
    "pdf_signed",
    "with_object",
    "xml_signed",
]

SIGNING = datetime(2026, 3, 1, tzinfo=UTC)
AT = SIGNING + timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]


@cache
def _world() -> World:
    root = data_root() / "profiles"
    return load_world(root / "providers", root / "agreements")


@cache
def hierarchy(name: str) -> Issued:
    """A shipped provider with its certificates and keys."""
    return issue(_world().provider(name), shipped_keys())


@cache
def base() -> Linker:
    """All shipped hierarchies and their status answers as of `AT`. Not to be added to: `judged` works on a copy."""
    linker = Linker()
    for provider in _world().providers:
        issued = hierarchy(provider.id)
        for der in issued.certificates.values():
            linker.add("certificate", der)
        for answer in publish(issued, AT):
            linker.add_evidence(answer.service, answer.kind, answer.der, AT)
    linker.edges()
    return linker


@dataclass(frozen=True)
class Result:
    """What came out for one file."""

    facts: Facts
    technicals: tuple[Technical, ...]
    judgements: Mapping[str, Judgement]

    @property
    def indications(self) -> tuple[str, ...]:
        return tuple(t.indication.value for t in self.technicals)

    @property
    def passed(self) -> bool:
        """The file is TOTAL_PASSED: there is a signature, every one of them passes."""
        return bool(self.technicals) and all(t.indication is Indication.TOTAL_PASSED for t in self.technicals)

    def layer(self, layer: Layer, index: int = 0) -> LayerResult:
        return next(found for found in self.technicals[index].layers if found.layer is layer)

    def codes(self, index: int = 0) -> set[str]:
        """All reasons of all technical layers of one signature, findings included."""
        return {cause.code for layer in self.technicals[index].layers for cause in layer.causes}

    def accepted(self, relying: str) -> bool:
        verdict = self.judgements[relying].verdict
        return verdict is not None and verdict.accepted


def codes(result: Result) -> set[str]:
    """Reasons of every signature together."""
    return {code for index in range(len(result.technicals)) for code in result.codes(index)}


def facts_of(data: bytes, *, detached: bytes | None = None, element: str | None = None) -> Observation:
    """What the embedded engine sees."""
    return EmbeddedEngine().observe(Request(data=data, detached=detached, element=element))


def judged(
    observation: Observation,
    *,
    at: datetime = AT,
    rules: str | None = None,
    relying: Sequence[str] = (),
    extra: Iterable[tuple[str, bytes]] = (),
    anchors: Mapping[ObjectId, str] | None = None,
    off: Sequence[str] = (),
) -> Result:
    """Judge facts. `rules`: provider whose rules apply (None: the neutral ones); `extra`: further (kind, DER) that are known;
    `off`: agreements that are switched off."""
    linker = base().copy()
    linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    for kind, der in extra:
        linker.add(kind, der)
    world = _world()
    bench = Bench.build(
        world=world,
        suites=load_suites(data_root() / "profiles" / "algorithms"),
        knowledge=linker.knowledge(),
        names=certificate_names({p.id: hierarchy(p.id).certificates for p in world.providers}),
        extra_anchors=anchors,
        agreements=[a for a in world.agreements if a.id not in off],
    )
    chosen = (
        load_rules(data_root() / "profiles" / "rules" / "neutral.toml")
        if rules is None
        else world.provider(rules).relying
    )
    technicals = judge_technicals(observation.facts, bench.technical(chosen, at))
    judgements = {name: bench.judge(observation.facts, world.provider(name), at, document=None) for name in relying}
    return Result(observation.facts, technicals, judgements)


def check(data: bytes, *, detached: bytes | None = None, element: str | None = None, **options: object) -> Result:
    """Observe and judge one file."""
    return judged(facts_of(data, detached=detached, element=element), **options)  # type: ignore[arg-type]


def _key_of(issued: Issued, identity: str) -> tuple[PrivateKey, bytes, tuple[bytes, ...], str]:
    """(key, certificate, chain, signature algorithm) of an identity."""
    certificate = next(i.certificate for i in issued.provider.identities if i.id == identity)
    spec = issued.spec(certificate)
    return issued.key(certificate), issued.certificates[certificate], issued.chain(certificate), spec.key.signature


def pdf_signed(document: bytes, identity: str = "natural-ec", *, field: str | None = None, **changes: object) -> bytes:
    """A PAdES signature of the European provider; `changes` are fields of the CMS request."""
    key, certificate, chain, signature = _key_of(hierarchy("eu-qtsp-natural"), identity)
    row = signature_row(signature)
    assert row is not None
    digest = row.digest
    given = {
        "key": key,
        "certificate": certificate,
        "chain": chain,
        "signature": signature,
        "digest": digest,
        **changes,
    }

    def cms(covered: Covered) -> bytes:
        return build_signed_data(SignRequest(content_digest=covered(digest), **given))  # type: ignore[arg-type]

    request = PdfSignRequest(subfilter=SUBFILTER_PADES, cms=cms, signing_time=SIGNING, field_name=field)
    return sign_pdf(document, request)


def xml_signed(document: bytes | None = None, identity: str = "natural-ec", **changes: object) -> bytes:
    """A XAdES signature of the European provider; `changes` are fields of the request."""
    key, certificate, chain, signature = _key_of(hierarchy("eu-qtsp-natural"), identity)
    given = {
        "key": key, "certificate": certificate, "chain": chain, "signature": signature, "signing": SIGNING,
        "format": Format.XADES, **changes,
    }  # fmt: skip
    return sign_xml(contract("xml") if document is None else document, XmlSignRequest(**given))  # type: ignore[arg-type]


def contract(kind: str) -> bytes:
    """The shipped contract, `pdf` or `xml`."""
    return (ROOT / "vectors" / "documents" / f"contract.{kind}").read_bytes()


def with_object(observation: Observation, kind: str, der: bytes) -> Observation:
    """The same file with one more object in it, as if it had been embedded."""
    fact = ObjectFact(id=object_id(der), kind=kind)
    facts = replace(observation.facts, objects=(*observation.facts.objects, fact))
    return Observation(facts=facts, objects={**observation.objects, fact.id: der})
