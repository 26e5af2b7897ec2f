"""What could help a refused group: for each thing in the way, the changes that might remove it, on either side.

Options follow from reason codes and profiles alone; `interop.matrix.remedy` tries each before it is called a remedy, so one that does
not help costs a trial and is never shown. What would weaken validation itself (doing without status evidence) is no option, and no
identifier is made up: a policy is only asked for where some profile has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interop.crypto.table import curve, signature
from interop.matrix.recognition_options import RECOGNITION, recognition
from interop.matrix.refused import Option, Refused, rule, whose
from interop.model.change import Change, ChangeKind
from interop.model.formats import PDF_FORMATS, Level, level_at_least
from interop.model.profile import World
from interop.model.suite import Suite

__all__ = ["options"]


def options(refused: Refused, world: World, suites: Mapping[str, Suite]) -> tuple[tuple[Option, ...], ...] | None:
    """For each thing in the way the alternatives that could remove it, cheapest first; None where nothing can remove one of them."""
    ways = tuple(
        tuple(dict.fromkeys(alternatives))
        for codes, alternatives in (
            (_FORMAT, _format(refused)),
            (_POLICY, _policy(refused, world)),
            (_URIS, _uris(refused)),
            (_ATTRIBUTE, _attribute(refused)),
            (_PROOF, _proof(refused)),
            (_LASTING, _lasting(refused)),
            (_ALGORITHM, _algorithm(refused, suites)),
            (_ENCODING, _encoding(refused)),
            (_USAGE, _usage(refused)),
            (_PURPOSE, _purpose(refused)),
            (RECOGNITION, recognition(refused, world)),
            (_FLOOR, _floor(refused)),
        )
        if codes & refused.codes
    )
    covered = frozenset().union(*_EVERY)
    if not refused.codes <= covered or any(not way for way in ways):
        return None
    return ways


_FORMAT = frozenset({"format.not-accepted"})
_POLICY = frozenset({"format.policy-missing", "format.policy-not-accepted"})
_URIS = frozenset(
    {"format.signature-uri-not-accepted", "format.digest-uri-not-accepted", "format.canonicalization-not-accepted"}
)
_ATTRIBUTE = frozenset({"format.signing-certificate-required"})
_PROOF = frozenset({"time.timestamp-missing", "format.level-too-low"})
_LASTING = frozenset(
    {
        "revocation.issued-after-expiry",
        "revocation.not-fresh",
        "time.certificate-out-of-bounds",
        "time.certificate-out-of-bounds-not-revoked",
        "algorithm.expired-no-poe",
    }
)
"""Years have passed: a signature that carries its evidence and a time-stamp would still stand."""
_ALGORITHM = frozenset(
    {
        "algorithm.key-not-accepted",
        "algorithm.digest-not-accepted",
        "algorithm.key-too-small",
        "algorithm.not-in-suite",
        "algorithm.size-not-in-suite",
        "algorithm.not-yet-suitable",
        "time.no-valid-timestamp",
    }
)
_BY_SIZE = frozenset(
    {"algorithm.key-too-small", "algorithm.size-not-in-suite", "algorithm.not-yet-suitable", "time.no-valid-timestamp"}
)
"""Not the name of an algorithm is refused, or nobody says which."""
_ENCODING = frozenset({"algorithm.sm2-encoding-not-accepted"})
_USAGE = frozenset(
    {
        "certificate.key-usage-missing",
        "certificate.key-usage-not-for-signing",
        "certificate.key-usage-missing-non-repudiation",
        "certificate.key-usage-missing-digital-signature",
        "certificate.key-usage-refused",
    }
)
_PURPOSE = frozenset({"certificate.extended-key-usage-not-accepted"})
_FLOOR = frozenset({"assurance.below-floor"})
_EVERY = (
    _FORMAT,
    _POLICY,
    _URIS,
    _ATTRIBUTE,
    _PROOF,
    _LASTING,
    _ALGORITHM,
    _ENCODING,
    _USAGE,
    _PURPOSE,
    RECOGNITION,
    _FLOOR,
)


def _format(refused: Refused) -> Iterator[Option]:
    own = {emits.format for emits in refused.identity.formats}
    for form in refused.relying.relying.formats.accept:
        if (form in PDF_FORMATS) == (refused.format in PDF_FORMATS) and form not in own:
            value = f"{form.value}/{refused.level.value}"
            yield frozenset({Change(kind=ChangeKind.EMIT, subject=whose(refused), value=value)})
    yield rule(refused, "formats.accept", refused.format.value, "+=")


def _policy(refused: Refused, world: World) -> Iterator[Option]:
    """Sign under the first policy asked for that some profile uses in this format at this level, or ask for none."""
    used = [
        emits.signature_policy.oid
        for provider in (refused.relying, *world.providers)
        for identity in provider.identities
        for emits in identity.formats
        if emits.signature_policy is not None and emits.format is refused.format and refused.level in emits.levels
    ]
    oid = next((oid for oid in used if oid in refused.relying.relying.formats.policies), None)
    if oid is not None:
        path = f"{refused.format.value}.signature_policy"
        yield frozenset({Change(kind=ChangeKind.SIGN, subject=whose(refused), path=path, value=oid)})
    yield rule(refused, "formats.policies", "[]")


def _uris(refused: Refused) -> Iterator[Option]:
    found: set[Change] = set()
    for code, path in (
        ("format.signature-uri-not-accepted", "formats.signature_uris"),
        ("format.digest-uri-not-accepted", "formats.digest_uris"),
        ("format.canonicalization-not-accepted", "formats.canonicalization_uris"),
    ):
        if code in refused.codes:
            found |= rule(refused, path, "[]")
    yield frozenset(found)


def _attribute(refused: Refused) -> Iterator[Option]:
    path = f"{refused.format.value}.signing_certificate"
    yield frozenset({Change(kind=ChangeKind.SIGN, subject=whose(refused), path=path, value="true")})
    yield rule(refused, "formats.signing_certificate_required", "false")


def _proof(refused: Refused) -> Iterator[Option]:
    wanted = max((Level.B_T, refused.relying.relying.formats.min_level), key=list(Level).index)
    own = {level for emits in refused.identity.formats if emits.format is refused.format for level in emits.levels}
    if not any(level_at_least(level, wanted) for level in own) and refused.signer.services.tsa is not None:
        path = f"{refused.format.value}.levels"
        yield frozenset({Change(kind=ChangeKind.SIGN, subject=whose(refused), path=path, op="+=", value=wanted.value)})
    loosened: set[Change] = set()
    if "time.timestamp-missing" in refused.codes:
        loosened |= rule(refused, "time.time_stamp_required", "false")
        if refused.relying.relying.time.time_stamp_policies:
            loosened |= rule(refused, "time.time_stamp_policies", "[]")
    if "format.level-too-low" in refused.codes:
        loosened |= rule(refused, "formats.min_level", refused.level.value)
    yield frozenset(loosened)


def _lasting(refused: Refused) -> Iterator[Option]:
    """Sign at a level that lasts, where the signer does not in this format. It helps those who sign from now on."""
    own = {level for emits in refused.identity.formats if emits.format is refused.format for level in emits.levels}
    path = f"{refused.format.value}.levels"
    for level in (Level.B_T, Level.B_LT, Level.B_LTA):
        if level not in own and refused.signer.services.tsa is not None:
            yield frozenset(
                {Change(kind=ChangeKind.SIGN, subject=whose(refused), path=path, op="+=", value=level.value)}
            )


def _algorithm(refused: Refused, suites: Mapping[str, Suite]) -> Iterator[Option]:
    rules = refused.relying.relying.algorithms
    listed = {*(key.name for key in rules.keys), *rules.digests}
    suitable = {entry.name for name in rules.suites for entry in suites[name].entries}
    wanted = set()
    for name in _algorithms(refused):
        known = curve(name)
        names = {name} if known is None else {name, known.kind}
        if not names & suitable or (not names & listed and signature(name) is None) or refused.codes & _BY_SIZE:
            wanted.add(name)
    yield frozenset(Change(kind=ChangeKind.ALLOW, subject=refused.relying.id, value=name) for name in wanted)


def _algorithms(refused: Refused) -> frozenset[str]:
    """Every algorithm that takes part, in the path of the signing certificate and in that of the time-stamps: names of the table."""
    services = refused.signer.services
    names: set[str] = set()
    for leaf in (refused.identity.certificate, services.tsa):
        certificate = leaf
        while certificate is not None:
            spec = refused.signer.certificate(certificate)
            scheme = signature(spec.key.signature)
            names |= {spec.key.curve if spec.key.curve and spec.key.kind == "EC" else spec.key.kind, spec.key.signature}
            names |= {scheme.digest} if scheme is not None and scheme.digest else set()
            certificate = None if spec.issuer == spec.id else spec.issuer
    if services.tsa is not None:
        names.add(services.tsa_digest)
    return frozenset(names)


def _encoding(refused: Refused) -> Iterator[Option]:
    accepted = refused.relying.relying.algorithms.sm2_encodings
    for encoding in accepted:
        path = f"{refused.format.value}.value_encoding"
        yield frozenset({Change(kind=ChangeKind.SIGN, subject=whose(refused), path=path, value=encoding)})
    for encoding in ("der", "raw"):
        if encoding not in accepted:
            yield rule(refused, "algorithms.sm2_encodings", encoding, "+=")


def _usage(refused: Refused) -> Iterator[Option]:
    rules = refused.relying.relying.certificate
    usages = set(refused.spec.extensions.key_usage)
    wanted = (usages | set(rules.key_usage_all)) - set(rules.key_usage_refused)
    if rules.key_usage_any and not wanted & set(rules.key_usage_any):
        wanted.add(rules.key_usage_any[0])
    changes = {
        Change(kind=ChangeKind.REISSUE, subject=whose(refused), path="extensions.key_usage", op="+=", value=usage)
        for usage in wanted - usages
    } | {
        Change(kind=ChangeKind.REISSUE, subject=whose(refused), path="extensions.key_usage", op="-=", value=usage)
        for usage in usages - wanted
    }
    if changes:
        yield frozenset(changes)
    yield frozenset().union(
        *(
            rule(refused, "certificate.key_usage_all", usage, "-=")
            for usage in rules.key_usage_all
            if usage not in usages
        )
    )


def _purpose(refused: Refused) -> Iterator[Option]:
    for oid in refused.relying.relying.certificate.extended_key_usage_any:
        path = "extensions.extended_key_usage"
        yield frozenset({Change(kind=ChangeKind.REISSUE, subject=whose(refused), path=path, op="+=", value=oid)})
    for oid in refused.spec.extensions.extended_key_usage:
        yield rule(refused, "certificate.extended_key_usage_any", oid, "+=")


def _floor(refused: Refused) -> Iterator[Option]:
    yield rule(refused, "floor", str(refused.attained))
