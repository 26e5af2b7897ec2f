"""What could help where a group is valid and not recognised: instruments, anchors, and certificates that meet their conditions."""

from __future__ import annotations

from collections.abc import Iterator

from interop.matrix.refused import Option, Refused, whose
from interop.model.agreement import Agreement
from interop.model.change import Change, ChangeKind
from interop.model.profile import World

__all__ = ["RECOGNITION", "recognition"]

_ENTRY = (
    "receipt", "policy", "policy-prefix", "key-usage", "extended-key-usage", "qc-statement", "qc-legislation",
    "certificate-type", "person",
)  # fmt: skip
_NOT_THEN = frozenset(
    {
        "trust.instrument-not-yet-in-force",
        "trust.instrument-no-longer-in-force",
        "agreement.not-yet-in-force",
        "agreement.no-longer-in-force",
    }
)
"""An instrument is there, and not in force when it would have to be."""
RECOGNITION = frozenset(
    {
        *_NOT_THEN,
        "trust.no-path-to-known-anchor",
        "trust.agreement-not-loaded",
        "trust.entry-window-not-begun",
        "trust.entry-window-ended",
        "trust.instrument-out-of-scope",
        "trust.policy-not-acceptable",
        "agreement.window-not-begun",
        "agreement.window-ended",
        "agreement.out-of-scope",
        "agreement.no-entry",
        "agreement.only-other-direction",
        "agreement.no-instrument",
        *(f"trust.entry-{name}" for name in _ENTRY),
        *(f"agreement.condition-{name}" for name in _ENTRY),
    }
)


def recognition(refused: Refused, world: World) -> Iterator[Option]:
    """An anchor, an agreement that is there, certificates that meet its conditions, or an instrument that nobody has written yet."""
    signer, relying = refused.signer.id, refused.relying.id
    promised = not any(code.startswith("agreement.") for code in refused.codes)
    if promised:  # the law recognises, the software does not know the anchor
        for anchor in refused.signer.anchors:
            yield frozenset({Change(kind=ChangeKind.TRUST, subject=relying, value=f"{signer}:{anchor}")})
    loaded = refused.relying.relying.trust.load
    for agreement in world.agreements:
        if signer not in agreement.signers or relying not in agreement.relying or not agreement.entries:
            continue
        needed = set()
        if agreement.id not in loaded:
            needed.add(Change(kind=ChangeKind.LOAD, subject=relying, value=agreement.id))
        if not agreement.enabled:
            needed.add(Change(kind=ChangeKind.ENABLE, subject=agreement.id))
        if needed:
            yield frozenset(needed)
        elif agreement.grants and refused.codes & _NOT_THEN:
            yield frozenset({Change(kind=ChangeKind.ENACT, subject=agreement.id, value=refused.signed)})
        elif agreement.grants:
            yield from _conditions(refused, agreement)
    yield frozenset({Change(kind=ChangeKind.RECOGNISE, subject=relying, value=signer)})


_QC_TYPES = "0.4.0.1862.1.6."
"""What a certificate is for: signature, seal, web (EN 319 412-5 section 4.2.3)."""


def _conditions(refused: Refused, agreement: Agreement) -> Iterator[Option]:
    """Certificates that meet the conditions of an entry, as far as an identifier for it is known: none is made up."""
    policies = {
        p.oid for spec in refused.signer.certificates if spec.role == "signer" for p in spec.extensions.policies
    }
    extensions = refused.spec.extensions
    stated = {statement.oid for statement in extensions.qc_statements}
    types = {oid for statement in extensions.qc_statements for oid in statement.oids}
    for entry in agreement.entries:
        condition = entry.condition
        asked = {oid for oid in condition.qc_statements_all if oid.startswith(_QC_TYPES)}
        if not asked <= types or (condition.persons and refused.identity.assurance.person not in condition.persons):
            continue  # made for certificates of another kind, which this one must not claim to be
        wanted: set[tuple[str, str]] = set()
        own = {policy.oid for policy in extensions.policies}
        if condition.policies_any and not own & set(condition.policies_any):
            wanted.add(("extensions.policies", condition.policies_any[0]))
        prefix = condition.policy_prefix
        if prefix is not None and not any(oid == prefix or oid.startswith(f"{prefix}.") for oid in own):
            under = sorted(oid for oid in policies if oid.startswith(f"{prefix}."))
            wanted |= {("extensions.policies", oid) for oid in under[:1]}
        wanted |= {("extensions.key_usage", u) for u in condition.key_usage_all if u not in extensions.key_usage}
        if condition.extended_key_usage_any and not set(extensions.extended_key_usage) & set(
            condition.extended_key_usage_any
        ):
            wanted.add(("extensions.extended_key_usage", condition.extended_key_usage_any[0]))
        wanted |= {
            ("extensions.qc_statements", oid) for oid in condition.qc_statements_all if oid not in stated | types
        }
        if wanted:
            yield frozenset(
                Change(kind=ChangeKind.REISSUE, subject=whose(refused), path=path, op="+=", value=value)
                for path, value in wanted
            )
