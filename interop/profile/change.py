"""Changes applied to profiles, agreements and suites: values in, values out, checked like files are.

Nothing is loaded or written. A change that names what is not there, or makes a value that a file could not hold, is a
UsageError that names the change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NoReturn, TypeVar

from interop.crypto.table import curve, digest, key_kinds, signature, signatures
from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Entry, StatusChange
from interop.model.change import Change, ChangeKind
from interop.model.errors import UsageError, suggestion
from interop.model.formats import Format, Level
from interop.model.hierarchy import CertificateSpec, Extensions
from interop.model.instant import parse_instant
from interop.model.profile import Identity, IdentityFormat, Provider, SignaturePolicySpec, World
from interop.model.rules import AcceptedAlgorithm, AlgorithmRules
from interop.model.suite import Suite, SuiteEntry
from interop.model.text import Text
from interop.profile.edit import edited
from interop.profile.expected import fields_of
from interop.profile.lint import lint_provider, lint_rules

__all__ = ["Changed", "apply", "instrument_for"]

T = TypeVar("T")
_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is left after some changes."""

    world: World
    suites: Mapping[str, Suite]


def apply(changes: Iterable[Change], world: World, suites: Mapping[str, Suite]) -> Changed:
    """The changes, one after the other. UsageError for the first that cannot be made."""
    found = Changed(world=world, suites=suites)
    for change in changes:
        found = _APPLY[change.kind](change, found)
    return found


def _refuse(change: Change, why: str, *hints: str) -> NoReturn:
    raise UsageError(f"{change}: {why}", hints=hints)


def _known(change: Change, kind: str, wanted: str, known: Collection[str]) -> None:
    if wanted not in known:
        shown = ", ".join(sorted(known))
        _refuse(change, f"unknown {kind} '{wanted}'{suggestion(wanted, known)}", f"known: {shown}")


# agreements


def _agreement(change: Change, name: str, found: Changed) -> Agreement:
    by_id = {agreement.id: agreement for agreement in found.world.agreements}
    _known(change, "agreement", name, by_id)
    return by_id[name]


def _with_agreement(found: Changed, agreement: Agreement) -> Changed:
    others = tuple(one for one in found.world.agreements if one.id != agreement.id)
    agreements = tuple(sorted((*others, agreement), key=lambda one: one.id))
    return replace(found, world=replace(found.world, agreements=agreements))


def _switch(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.subject, found)
    on = change.kind is ChangeKind.ENABLE
    if on and agreement.evidence == "framework-only":
        _refuse(change, "is a framework only and grants nothing", "write an agreement with entries, or use --recognise")
    return _with_agreement(found, replace(agreement, enabled=on))


def _status(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.subject, found)
    try:
        at = parse_instant(change.value)
    except ValueError:
        _refuse(change, f"'{change.value}' is no instant", "write 2026-03-01 or 2026-03-01T00:00:00Z")
    status = AgreementStatus.ENACTED if change.kind is ChangeKind.ENACT else AgreementStatus.REPEALED
    step = StatusChange(at=at, status=status, note="assumed")
    kept = tuple(one for one in agreement.history if one.at != at)
    return _with_agreement(found, replace(agreement, history=(*kept, step), enabled=True))


def instrument_for(relying: str, signer: Provider) -> Agreement:
    """The instrument that `recognise` assumes: whatever ends at an anchor of the signer's, at the signer's own level."""
    name = f"assumed-{signer.id}-to-{relying}"
    return Agreement(
        id=name,
        kind=AgreementKind.UNILATERAL,
        name=Text(en=f"assumed: {relying} recognises {signer.id}", zh=f"假设：{relying} 承认 {signer.id}"),
        signers=(signer.id,),
        relying=(relying,),
        history=(StatusChange(at=_LONG_AGO, status=AgreementStatus.ENACTED, note="assumed"),),
        evidence="hypothetical",
        origin="stand-in",
        source="assumed by a change",
        entries=tuple(Entry(anchor=f"{signer.id}:{anchor}") for anchor in signer.anchors),
    )


def _recognise(change: Change, found: Changed) -> Changed:
    relying, signer = _provider(change, change.subject, found), _provider(change, change.value, found)
    agreement = instrument_for(relying.id, signer)
    return _loading(_with_agreement(found, agreement), relying, agreement.id)


# relying parties


def _provider(change: Change, name: str, found: Changed) -> Provider:
    by_id = {provider.id: provider for provider in found.world.providers}
    _known(change, "provider", name, by_id)
    return by_id[name]


def _with_provider(found: Changed, provider: Provider) -> Changed:
    providers = tuple(provider if one.id == provider.id else one for one in found.world.providers)
    return replace(found, world=replace(found.world, providers=providers))


def _loading(found: Changed, relying: Provider, name: str) -> Changed:
    trust = relying.relying.trust
    if name in trust.load:
        return found
    rules = replace(relying.relying, trust=replace(trust, load=(*trust.load, name)))
    return _with_provider(found, replace(relying, relying=rules))


def _load(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.value, found)
    return _loading(found, _provider(change, change.subject, found), agreement.id)


def _trust(change: Change, found: Changed) -> Changed:
    relying = _provider(change, change.subject, found)
    name, _, certificate = change.value.partition(":")
    owner = _provider(change, name, found)
    if certificate:
        _known(change, "certificate", certificate, [spec.id for spec in owner.certificates])
    trust = relying.relying.trust
    anchors = (*trust.anchors, *(() if change.value in trust.anchors else (change.value,)))
    rules = replace(relying.relying, trust=replace(trust, anchors=anchors))
    return _with_provider(found, replace(relying, relying=rules))


def _parties(change: Change, found: Changed) -> tuple[Provider, ...]:
    return (_provider(change, change.subject, found),) if change.subject else found.world.providers


def _algorithm_kind(change: Change) -> Literal["digest", "signature", "key"]:
    name = change.value
    if name in key_kinds() or curve(name) is not None:
        return "key"
    if digest(name) is not None:
        return "digest"
    if signature(name) is not None:
        return "signature"
    known = [*key_kinds(), *(s.name for s in signatures())]
    _refuse(
        change,
        f"unknown algorithm '{name}'{suggestion(name, known)}",
        "a key kind or curve, a digest, or a scheme: SM2, P-256, sha256, rsa-sha256",
    )


def _allow(change: Change, found: Changed) -> Changed:
    kind, name = _algorithm_kind(change), change.value
    for party in _parties(change, found):
        rules = party.relying.algorithms
        keys, digests = rules.keys, rules.digests
        if kind == "key":
            keys = (*(one for one in keys if one.name != name), AcceptedAlgorithm(name=name))
        elif kind == "digest" and name not in digests:
            digests = (*digests, name)
        suites, ids = dict(found.suites), list(rules.suites)
        old = suites[ids[0]] if ids else None
        if old is None or any(
            entry.kind == kind for entry in old.entries
        ):  # one that is silent on schemes lets them pass
            entry = SuiteEntry(kind=kind, name=name)
            suite = _grown(old, f"{ids[0] if ids else party.id}-with-{name}", entry)
            suites[suite.id], ids[:1] = suite, [suite.id]
        found = replace(found, suites=suites)
        found = _with_algorithms(found, party, replace(rules, keys=keys, digests=digests, suites=tuple(ids)))
    return found


def _grown(suite: Suite | None, name: str, entry: SuiteEntry) -> Suite:
    """The suite with one entry more, under another id: others that use it keep theirs."""
    if suite is not None:
        return replace(suite, id=name, entries=(*suite.entries, entry))
    text = Text(en="allowed by assumption", zh="假设允许")
    return Suite(id=name, name=text, source="assumed by a change", origin="stand-in", entries=(entry,))


def _ban(change: Change, found: Changed) -> Changed:
    kind, name = _algorithm_kind(change), change.value
    for party in _parties(change, found):
        rules = party.relying.algorithms
        keys = tuple(one for one in rules.keys if one.name != name)
        digests = tuple(one for one in rules.digests if one != name)
        suites, ids = dict(found.suites), []
        for suite_id in rules.suites:
            suite = suites[suite_id]
            entries = tuple(e for e in suite.entries if not _banned(e, kind, name))
            less = f"{suite_id}-without-{name}"
            ids.append(suite_id if entries == suite.entries else less)
            if entries != suite.entries:
                suites[less] = replace(suite, id=less, entries=entries)
        found = replace(found, suites=suites)
        found = _with_algorithms(found, party, replace(rules, keys=keys, digests=digests, suites=tuple(ids)))
    return found


def _banned(entry: SuiteEntry, kind: str, name: str) -> bool:
    if entry.kind == kind and entry.name == name:
        return True
    scheme = signature(entry.name) if entry.kind == "signature" else None
    return scheme is not None and (scheme.digest == name if kind == "digest" else scheme.key == name and kind == "key")


def _with_algorithms(found: Changed, party: Provider, rules: AlgorithmRules) -> Changed:
    return _with_provider(found, replace(party, relying=replace(party.relying, algorithms=rules)))


def _edited(change: Change, value: T, path: str) -> T:
    try:
        return edited(value, path, change.op, change.value)
    except ValueError as error:
        _refuse(change, str(error))


def _set(change: Change, found: Changed) -> Changed:
    for party in _parties(change, found):
        rules = _edited(change, party.relying, change.path)
        problems = [r for r in lint_rules(rules, suites=found.suites) if r.severity == "error"]
        if problems:
            _refuse(change, f"{problems[0].where}: {problems[0].what}")
        found = _with_provider(found, replace(party, relying=rules))
    return found


# signers


def _identity(change: Change, found: Changed) -> tuple[Provider, Identity]:
    name, _, identity = change.subject.partition(".")
    provider = _provider(change, name, found)
    _known(change, "identity", identity, [one.id for one in provider.identities])
    return provider, provider.identity(identity)


def _reissue(change: Change, found: Changed) -> Changed:
    provider, identity = _identity(change, found)
    spec = provider.certificate(identity.certificate)
    head = change.path.partition(".")[0]
    path = (
        change.path
        if head in fields_of(CertificateSpec) or head not in fields_of(Extensions)
        else f"extensions.{change.path}"
    )
    changed = _edited(change, spec, path)
    certificates = tuple(changed if one.id == spec.id else one for one in provider.certificates)
    return _checked(change, found, replace(provider, certificates=certificates))


def _emit(change: Change, found: Changed) -> Changed:
    provider, identity = _identity(change, found)
    name, _, level = change.value.partition("/")
    _known(change, "format", name, [form.value for form in Format])
    if level:
        _known(change, "level", level, [one.value for one in Level])
    form, main = Format(name), identity.formats[0]
    levels = (Level(level),) if level else main.levels
    own = next((emits for emits in identity.formats if emits.format is form), None)
    if own is not None:
        emits = replace(own, levels=tuple(one for one in Level if one in {*own.levels, *levels}))
        formats = tuple(emits if one is own else one for one in identity.formats)
    else:
        formats = (*identity.formats, IdentityFormat(format=form, levels=levels))
    identities = tuple(replace(one, formats=formats) if one.id == identity.id else one for one in provider.identities)
    return _checked(change, found, replace(provider, identities=identities))


def _sign(change: Change, found: Changed) -> Changed:
    provider, identity = _identity(change, found)
    head, _, rest = change.path.partition(".")
    form = Format(head) if rest and head in {one.value for one in Format} else None
    path = change.path if form is None else rest
    concerned = [emits for emits in identity.formats if form in {None, emits.format}]
    if not concerned:
        _refuse(change, f"{identity.id} does not sign as {head}", f"it signs as: {_formats(identity)}")
    policy = (
        _policy(change, found) if path == "signature_policy" and not change.value.startswith(("{", "none")) else None
    )
    formats = tuple(
        emits
        if emits not in concerned
        else replace(emits, signature_policy=policy)
        if policy
        else _edited(change, emits, path)
        for emits in identity.formats
    )
    identities = tuple(replace(one, formats=formats) if one.id == identity.id else one for one in provider.identities)
    return _checked(change, found, replace(provider, identities=identities))


def _formats(identity: Identity) -> str:
    return ", ".join(dict.fromkeys(emits.format.value for emits in identity.formats))


def _policy(change: Change, found: Changed) -> SignaturePolicySpec:
    """The signature policy with that OID, as some profile has it: its document and hash are what the OID alone does not say."""
    policies = {
        emits.signature_policy.oid: emits.signature_policy
        for provider in found.world.providers
        for identity in provider.identities
        for emits in identity.formats
        if emits.signature_policy is not None
    }
    _known(change, "signature policy", change.value, policies)
    return policies[change.value]


def _checked(change: Change, found: Changed, provider: Provider) -> Changed:
    errors = [r for r in lint_provider(provider, suites=found.suites) if r.severity == "error"]
    if errors:  # those that were there before are not the change's
        before = lint_provider(_provider(change, provider.id, found), suites=found.suites)
        known = {(remark.where, remark.what) for remark in before}
        for remark in errors:
            if (remark.where, remark.what) not in known:
                _refuse(change, f"{remark.where}: {remark.what}")
    return _with_provider(found, provider)


_APPLY = {
    ChangeKind.ENABLE: _switch,
    ChangeKind.DISABLE: _switch,
    ChangeKind.ENACT: _status,
    ChangeKind.REPEAL: _status,
    ChangeKind.RECOGNISE: _recognise,
    ChangeKind.LOAD: _load,
    ChangeKind.TRUST: _trust,
    ChangeKind.ALLOW: _allow,
    ChangeKind.BAN: _ban,
    ChangeKind.SET: _set,
    ChangeKind.REISSUE: _reissue,
    ChangeKind.EMIT: _emit,
    ChangeKind.SIGN: _sign,
}
