"""What stands in a signed XML file: our own strict verifier of XML-Signature and XAdES. Facts only, no verdict.

observe_xml(data).facts.signatures[0].references[0].ok
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

import interop
from interop.crypto import table
from interop.crypto.table_types import SignatureAlgorithm
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import (
    Algorithm,
    Binding,
    Coverage,
    DocumentFacts,
    Facts,
    FoundAt,
    ObjectFact,
    Observation,
    SignatureFacts,
    TokenFacts,
    ValueFact,
)
from interop.x509.certificate import certificate_parts, object_id
from interop.xml.binding import bindings
from interop.xml.c14n import inclusive_prefixes
from interop.xml.coverage import Covered, cover, path_of
from interop.xml.dereference import Budget, NodeSet, Refused, octets
from interop.xml.draft import Draft, make_drafts
from interop.xml.key_info import KeyInfo, read_key_info
from interop.xml.method import read_method
from interop.xml.names import NS, ds
from interop.xml.parse import Parsed, XmlRefused, parse_xml
from interop.xml.properties import Properties
from interop.xml.stamps import observe_stamps
from interop.xml.structure import Structure, is_hmac
from interop.xml.value import Values, verify_value

__all__ = ["observe_xml"]

MAX_SIGNATURES = 100
"""Signatures of one document; of more none is looked at, since each may leave out all others from what it covers."""


@dataclass(slots=True)
class _Inventory:
    """Objects met, with their bytes and places."""

    data: dict[ObjectId, bytes] = field(default_factory=dict)
    kinds: dict[ObjectId, str] = field(default_factory=dict)
    places: dict[ObjectId, list[FoundAt]] = field(default_factory=dict)

    def add(self, der: bytes, kind: str, place: str, signature: str) -> ObjectId:
        name = object_id(der)
        self.data[name] = der
        self.kinds.setdefault(name, kind)
        found = FoundAt(place=place, signature=signature)
        if found not in self.places.setdefault(name, []):
            self.places[name].append(found)
        return name

    def facts(self) -> tuple[ObjectFact, ...]:
        return tuple(ObjectFact(id=i, kind=k, found=tuple(self.places[i])) for i, k in self.kinds.items())


def observe_xml(
    data: bytes,
    *,
    detached: bytes | None = None,
    element: str | None = None,
    certificates: Sequence[bytes] = (),
    sm2_ids: Sequence[str] = (),
) -> Observation:
    """Everything that can be said about the signatures of one XML file. Never raises for what the file holds.

    `detached` is the content of a detached signature: it answers references to outside resources, which are never
    fetched. `element` is the Id of the element that the caller consumes (default: the root). `certificates` (DER) are
    candidates offered from outside for signatures that carry no key; `sm2_ids` further SM2 IDs to try, besides the
    default and the empty one.
    """
    artifact = object_id(data)
    engine = f"embedded@{interop.__version__}"
    try:
        parsed = parse_xml(data)
    except XmlRefused as refused:
        finding = Finding(code=refused.code, detail=refused.detail)
        document = DocumentFacts(format="xml", findings=(finding,))
        return Observation(facts=Facts(artifact=artifact, engine=engine, document=document), objects={})
    elements = list(parsed.root.iter(ds("Signature")))
    findings = _repeated_ids(parsed)
    if len(elements) > MAX_SIGNATURES:
        findings.append(Finding(code="container.xml-too-large", detail=f"{len(elements)} signatures"))
        elements = []
    consumed = _consumed(parsed, element, findings)
    budget = Budget()
    drafts = make_drafts(elements, parsed, detached, budget)
    inventory = _Inventory()
    signatures: list[SignatureFacts] = []
    tokens: list[TokenFacts] = []
    for draft in drafts:
        facts, more = _finish(
            draft,
            drafts,
            consumed=consumed,
            chosen=element is not None,
            offered=certificates,
            budget=budget,
            inventory=inventory,
            sm2_ids=sm2_ids,
        )
        signatures.append(facts)
        tokens.extend(t for t in more if t not in tokens)
    return Observation(
        facts=Facts(
            artifact=artifact,
            engine=engine,
            document=DocumentFacts(format="xml", findings=tuple(findings), signature_fields=len(elements)),
            signatures=tuple(signatures),
            tokens=tuple(tokens),
            objects=inventory.facts(),
        ),
        objects=inventory.data,
    )


def _repeated_ids(parsed: Parsed) -> list[Finding]:
    repeated = sorted(name for name, found in parsed.ids.items() if len(found) > 1)
    detail = ", ".join(repeated)[:200]
    return [Finding(code="container.xml-id-repeated", detail=detail)] if repeated else []


def _consumed(parsed: Parsed, element: str | None, findings: list[Finding]) -> etree._Element | None:
    """The element that the caller reads; None where the Id that was given names none, or several."""
    if element is None:
        return parsed.root
    found = parsed.ids.get(element, ())
    if len(found) == 1:
        return found[0]
    findings.append(
        Finding(code="container.element-not-found", detail=f"{len(found)} elements with Id {element}"[:200])
    )
    return None


def _finish(
    draft: Draft,
    drafts: Sequence[Draft],
    *,
    consumed: etree._Element | None,
    chosen: bool,
    offered: Sequence[bytes],
    budget: Budget,
    inventory: _Inventory,
    sm2_ids: Sequence[str],
) -> tuple[SignatureFacts, list[TokenFacts]]:
    structure, properties = draft.structure, draft.properties
    findings = list(draft.findings)
    key_info = read_key_info(structure.key_info)
    findings.extend(key_info.findings)
    findings.extend(properties.findings)
    carried = [inventory.add(der, "certificate", "key-info", draft.name) for der in key_info.certificates]
    for der in key_info.crls:
        inventory.add(der, "crl", "key-info", draft.name)
    carried += [inventory.add(der, "certificate", "values", draft.name) for der in properties.values.certificates]
    for kind, ders in (("crl", properties.values.crls), ("ocsp", properties.values.ocsps)):
        for der in ders:
            inventory.add(der, kind, "values", draft.name)
    candidates, bare = _candidates(key_info, properties, offered, findings)
    values = _values(structure, [*candidates.items(), *bare], budget, findings, sm2_ids)
    bound = bindings(key_info, properties, candidates, values.facts)
    findings.extend(bound.findings)
    covered = _coverage(draft, drafts, consumed, chosen)
    findings.extend(covered.findings)
    tokens, objects, more = observe_stamps(structure, properties, draft.outcomes, draft.name, budget, sm2_ids=sm2_ids)
    findings.extend(more)
    for token_id, (kind, der) in objects.items():
        if kind == "token" or token_id not in inventory.kinds:
            inventory.add(der, kind, "token", draft.name)
    method = read_method(structure.method, structure.signed_info)
    algorithm = method.algorithm
    policy_digest = properties.policy_digest
    known_policy_digest = None if policy_digest is None else table.digest_by_uri(policy_digest[0])
    return SignatureFacts(
        id=draft.name,
        format="XAdES" if properties.signed is not None else "XMLDSig",
        level=properties.level if properties.signed is not None else None,
        algorithm=Algorithm(
            signature=_oid(algorithm) or structure.method,
            name=None if algorithm is None else algorithm.name,
            digest="" if algorithm is None else algorithm.digest,
            key=values.label,
            encoding=values.encoding,
            parameters=method.parameters,
            uri=structure.method,
            canonicalization=structure.canonicalization,
            sm2_id=values.sm2_id,
        ),
        covers=covered.coverage,
        references=tuple(o.fact for o in draft.outcomes),
        value=values.facts,
        certificates=tuple(dict.fromkeys(carried)),
        bound_by=bound.bindings or _offered(carried, candidates, values.facts),
        packaging=covered.packaging,
        field=structure.id,
        claimed_time=properties.claimed_time,
        claimed_by="SigningTime" if properties.claimed_time is not None else None,
        policy=properties.policy,
        policy_digest=None
        if policy_digest is None
        else (policy_digest[0] if known_policy_digest is None else known_policy_digest.name, policy_digest[1].hex()),
        attributes=properties.attributes,
        unsigned_attributes=properties.unsigned_attributes,
        tokens=tuple(dict.fromkeys(t.id for t in tokens)),
        parent=draft.parent_name,
        findings=tuple(dict.fromkeys(findings)),
    ), tokens


def _oid(algorithm: SignatureAlgorithm | None) -> str | None:
    """The OID under which X.509 and CMS know the algorithm."""
    return None if algorithm is None else next(iter((*algorithm.oids, *algorithm.oids_with_digest)), None)


def _offered(
    carried: Sequence[str], candidates: Mapping[str, bytes], values: Sequence[ValueFact]
) -> tuple[Binding, ...]:
    """The certificate that the caller names where the file carries none (EN 319 102-1 5.2.3.1 takes it as input)."""
    if carried:
        return ()
    named = [fact.key for fact in values if fact.ok and fact.key in candidates] or list(candidates)
    return tuple(Binding(how="offered", certificate=ObjectId(key)) for key in named if len(named) == 1)


def _candidates(
    key_info: KeyInfo, properties: Properties, offered: Sequence[bytes], findings: list[Finding]
) -> tuple[dict[str, bytes], list[tuple[str, bytes]]]:
    """Certificates by id with their public keys, and bare keys where the file names no certificate."""
    ders = key_info.certificates or properties.values.certificates or (() if key_info.keys else tuple(offered))
    certificates: dict[str, bytes] = {}
    for der in ders:
        try:
            certificates[object_id(der)] = certificate_parts(der).spki
        except InputError as error:
            findings.append(Finding(code="certificate.key-info-undecodable", detail=str(error)[:200]))
    if certificates and key_info.keys and not set(key_info.keys) & set(certificates.values()):
        findings.append(
            Finding(code="certificate.key-value-differs", detail="KeyValue is the key of no certificate in KeyInfo")
        )
    return certificates, [] if certificates else [(object_id(spki), spki) for spki in key_info.keys]


def _values(
    structure: Structure,
    keys: Sequence[tuple[str, bytes]],
    budget: Budget,
    findings: list[Finding],
    sm2_ids: Sequence[str],
) -> Values:
    named = read_method(structure.method, structure.signed_info)
    if is_hmac(structure.method):
        detail = structure.method + (f", HMACOutputLength {structure.output_length}" if structure.output_length else "")
        findings.append(Finding(code="signature.mac-names-no-signer", detail=detail[:200]))
        return verify_value(None, structure.value, None, ())
    data = None
    if structure.signed_info is not None and structure.canonicalization:
        method = structure.signed_info.find("ds:CanonicalizationMethod", NS)
        try:
            nodes = NodeSet(structure.signed_info, document=False, comments=True)
            data = octets(
                nodes, structure.canonicalization, budget, prefixes=() if method is None else inclusive_prefixes(method)
            )
        except KeyError:
            findings.append(
                Finding(code="signature.canonicalization-unsupported", detail=structure.canonicalization[:200])
            )
        except Refused as refused:
            findings.append(Finding(code="signature.canonicalization-failed", detail=str(refused)[:200]))
    values = verify_value(named.algorithm, structure.value, data, keys, sm2_ids=sm2_ids, pss=named.pss)
    findings.extend(values.findings)
    return values


def _coverage(draft: Draft, drafts: Sequence[Draft], consumed: etree._Element | None, chosen: bool) -> Covered:
    if draft.parent is not None:
        good = [o for o in draft.outcomes if o.fact.role == "counter-signed"]
        wrong = Finding(
            code="integrity.counter-signature-elsewhere", detail=f"{draft.name} stands on {draft.parent_name}"
        )
        return Covered(
            coverage=Coverage(
                whole=bool(good), nodes=tuple(path_of(o.nodes.apex) for o in good if o.nodes is not None)
            ),
            packaging=None,
            findings=() if good else (wrong,),
        )
    if consumed is None:
        return Covered(
            coverage=Coverage(whole=False),
            packaging=None,
            findings=(
                Finding(code="integrity.partial-coverage", detail="the element consumed is not in the document"),
            ),
        )
    elsewhere = [o.nodes for d in drafts if d is not draft for o in d.outcomes if o.nodes is not None and o.fact.ok]
    return cover(draft.structure, draft.contents, consumed=consumed, chosen=chosen, elsewhere=elsewhere)
