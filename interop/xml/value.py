"""SignatureValue against each candidate key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.crypto import table
from interop.crypto.der import NotDer
from interop.crypto.keys import MalformedKey, PssParameters, PublicKey, ids_to_try, load_public_key, value_encoding
from interop.crypto.sm2_keys import spki_oids
from interop.crypto.table_types import SignatureAlgorithm
from interop.model.certificate import Finding
from interop.model.errors import Unsupported
from interop.model.facts import WITHOUT_Z, ValueFact

__all__ = ["Values", "verify_value"]

_MAX_KEYS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Results per key, and what they say about the value as a whole."""

    facts: tuple[ValueFact, ...]
    encoding: str | None
    sm2_id: str | None
    label: str | None
    """`RSA-3072`, `P-256`, ... of the key that verifies, else of the first that can be read."""
    findings: tuple[Finding, ...]


def verify_value(
    algorithm: SignatureAlgorithm | None,
    value: bytes | None,
    data: bytes | None,
    keys: Sequence[tuple[str, bytes]],
    *,
    sm2_ids: Sequence[str] = (),
    pss: PssParameters | None = None,
) -> Values:
    """Try every key; `keys` are (id, SubjectPublicKeyInfo DER), `data` the canonical SignedInfo or None.

    `pss` are the parameters of RSASSA-PSS that SignatureMethod carries or fixes.

    SM2 is tried with the default ID, those of `sm2_ids`, the empty ID, then without Z, in either encoding; other values
    must be in the encoding that XML-Signature 1.1 section 6.4 prescribes.
    """
    facts: list[ValueFact] = []
    findings: list[Finding] = []
    labels: list[tuple[bool, str]] = []
    sm2_id: str | None = None
    encoding = _encoding(algorithm, value)
    if len(keys) > _MAX_KEYS:
        findings.append(
            Finding(code="signature.too-many-candidates", detail=f"{len(keys)} candidate keys, {_MAX_KEYS} are tried")
        )
    for name, spki in keys[:_MAX_KEYS]:
        if algorithm is not None and algorithm.use == "none":
            labels.append((False, _label(spki)))
            facts.append(ValueFact(key=name, ok=None, why="unsupported-algorithm"))
            continue
        key: PublicKey | None = None
        try:
            key = load_public_key(spki)
            ok, why, met = _one(key, algorithm, value, data, findings, sm2_ids=sm2_ids, pss=pss)
        except MalformedKey:
            ok, why, met = None, "malformed-key", None
        except Unsupported:
            ok, why, met = None, ("unsupported-key" if key is None else "unsupported-algorithm"), None
        if met is not None and (ok or sm2_id is None):
            sm2_id = met
        if key is not None:
            labels.append((bool(ok), key.label))
        facts.append(ValueFact(key=name, ok=ok, why=why))
    labels.sort(key=lambda pair: not pair[0])
    return Values(
        facts=tuple(facts),
        encoding=encoding,
        sm2_id=sm2_id,
        label=labels[0][1] if labels else None,
        findings=tuple(dict.fromkeys(findings)),
    )


def _label(spki: bytes) -> str:
    """For people, whether the key can be computed with or not: `RSA-3072`, `GOST`, an OID, `malformed`."""
    try:
        return load_public_key(spki).label
    except Unsupported:
        pass
    try:
        oid = spki_oids(spki)[0]
    except NotDer:
        return "malformed"
    return table.key_kind_by_oid(oid) or oid


def _encoding(algorithm: SignatureAlgorithm | None, value: bytes | None) -> str | None:
    if algorithm is None or value is None:
        return None
    try:
        return value_encoding(algorithm.name, value)
    except Unsupported:
        return None


def _one(
    key: PublicKey,
    algorithm: SignatureAlgorithm | None,
    value: bytes | None,
    data: bytes | None,
    findings: list[Finding],
    *,
    sm2_ids: Sequence[str],
    pss: PssParameters | None,
) -> tuple[bool | None, str, str | None]:
    """(result, why, SM2 ID met). Raises Unsupported."""
    if algorithm is None:
        return None, "unsupported-algorithm", None
    if data is None:
        return None, "canonicalization-failed", None
    if value is None:
        return False, "malformed-value", None
    if not key.admits(algorithm.name, pss):
        return False, "key-algorithm-mismatch", None
    if algorithm.key == "SM2":
        for sm2_id in ids_to_try((*sm2_ids, "")):
            if key.verify(algorithm.name, value, data, sm2_id=sm2_id):
                return True, "", sm2_id
        if key.verify(algorithm.name, value, data, sm2_id=None):
            findings.append(
                Finding(code="signature.sm2-without-z", detail="the value verifies over SM3 of the bare octets")
            )
            return False, "sm2-without-z", WITHOUT_Z
        return False, "", None
    if algorithm.encoding_xml == "raw" and algorithm.key in {"EC", "DSA"}:
        if key.verify(algorithm.name, value, data, encoding="raw"):
            return True, "", None
        if key.verify(algorithm.name, value, data, encoding="der"):
            findings.append(
                Finding(code="signature.value-der-in-xml", detail="the value verifies as a DER sequence of r and s")
            )
            return False, "malformed-value", None
        return False, "", None
    return key.verify(algorithm.name, value, data, pss=pss), "", None
