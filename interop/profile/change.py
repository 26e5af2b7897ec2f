"""Changes applied to profiles, agreements and suites: values in, values out, checked like files are.

Nothing is loaded or written. A change that names what is not there, or makes a value that a file could not hold, is a
UsageError that names the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from interop.crypto.table import curve, curves, digest, digests, key_kinds, signature, signatures
from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Entry, StatusChange
from interop.model.change import Change, ChangeKind
from interop.model.errors import suggestion
from interop.model.instant import format_instant, parse_instant
from interop.model.profile import Provider, World
from interop.model.rules import AcceptedAlgorithm, AlgorithmRules
from interop.model.suite import Suite, SuiteEntry
from interop.model.text import Text
from interop.profile.change_signer import emit, reissue, sign
from interop.profile.changed import Changed, check_known, edit, provider_of, refusal, with_provider
from interop.profile.lint import lint_rules, lint_world

__all__ = ["Changed", "apply", "idle", "instrument_for"]

_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def apply(changes: Iterable[Change], world: World, suites: Mapping[str, Suite]) -> Changed:
    """The changes, one after the other. UsageError for the first that cannot be made."""
    found = Changed(world=world, suites=suites)
    for change in changes:
        found = _APPLY[change.kind](change, found)
    return found


def idle(changes: Iterable[Change], world: World, suites: Mapping[str, Suite]) -> tuple[Change, ...]:
    """Changes, one after the other, that leave everything as it was when their turn came."""
    found, same = Changed(world=world, suites=suites), []
    for change in changes:
        after = apply((change,), found.world, found.suites)
        if after == found:
            same.append(change)
        found = after
    return tuple(same)


# agreements


def _agreement(change: Change, name: str, found: Changed) -> Agreement:
    by_id = {agreement.id: agreement for agreement in found.world.agreements}
    check_known(change, "agreement", name, by_id)
    return by_id[name]


def _with_agreement(found: Changed, agreement: Agreement) -> Changed:
    others = tuple(one for one in found.world.agreements if one.id != agreement.id)
    agreements = tuple(sorted((*others, agreement), key=lambda one: one.id))
    return replace(found, world=replace(found.world, agreements=agreements))


def _switch(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.subject, found)
    on = change.kind is ChangeKind.ENABLE
    if on and agreement.evidence == "framework-only":
        raise refusal(
            change, "is a framework only and grants nothing", "write an agreement with entries, or use --recognise"
        )
    return _with_agreement(found, replace(agreement, enabled=on))


def _status(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.subject, found)
    try:
        at = parse_instant(change.value)
    except ValueError:
        raise refusal(change, f"'{change.value}' is no instant", "write 2026-03-01 or 2026-03-01T00:00:00Z") from None
    if change.kind is ChangeKind.ENACT:  # then, and at no other time; a later repeal stays
        later = (step for step in agreement.history if step.status is AgreementStatus.REPEALED and step.at > at)
        begun = StatusChange(at=at, status=AgreementStatus.ENACTED, note="assumed")
        return _with_agreement(found, replace(agreement, history=(begun, *later), enabled=True))
    if not agreement.enabled:
        raise refusal(change, "is switched off: there is nothing to repeal", f"add --enable {agreement.id}")
    if not any(at in span for span in agreement.in_force()):
        spans = ", ".join(format_instant(span.start) for span in agreement.in_force() if span.start is not None)
        raise refusal(change, "is not in force then", f"it enters into force at {spans}" if spans else "it never is")
    earlier = (step for step in agreement.history if step.at < at)
    ended = StatusChange(at=at, status=AgreementStatus.REPEALED, note="assumed")
    return _with_agreement(found, replace(agreement, history=(*earlier, ended)))


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
    relying, signer = provider_of(change, change.subject, found), provider_of(change, change.value, found)
    agreement = instrument_for(relying.id, signer)
    return _loading(_with_agreement(found, agreement), relying, agreement.id)


# relying parties


def _loading(found: Changed, relying: Provider, name: str) -> Changed:
    trust = relying.relying.trust
    if name in trust.load:
        return found
    rules = replace(relying.relying, trust=replace(trust, load=(*trust.load, name)))
    return with_provider(found, replace(relying, relying=rules))


def _load(change: Change, found: Changed) -> Changed:
    agreement = _agreement(change, change.value, found)
    return _loading(found, provider_of(change, change.subject, found), agreement.id)


def _trust(change: Change, found: Changed) -> Changed:
    relying = provider_of(change, change.subject, found)
    name, _, certificate = change.value.partition(":")
    owner = provider_of(change, name, found)
    if certificate:
        check_known(change, "certificate", certificate, [spec.id for spec in owner.certificates])
    trust = relying.relying.trust
    anchors = (*trust.anchors, *(() if change.value in trust.anchors else (change.value,)))
    rules = replace(relying.relying, trust=replace(trust, anchors=anchors))
    return with_provider(found, replace(relying, relying=rules))


def _parties(change: Change, found: Changed) -> tuple[Provider, ...]:
    return (provider_of(change, change.subject, found),) if change.subject else found.world.providers


def _algorithm_kind(change: Change) -> Literal["digest", "signature", "key"]:
    name = change.value
    if name in key_kinds() or curve(name) is not None:
        return "key"
    if digest(name) is not None:
        return "digest"
    if signature(name) is not None:
        return "signature"
    known = [*key_kinds(), *(c.name for c in curves()), *(d.name for d in digests()), *(s.name for s in signatures())]
    alike = next((one for one in known if _letters(one) == _letters(name)), None)
    raise refusal(
        change,
        f"unknown algorithm '{name}'{suggestion(alike or name, known)}",
        "a key kind or curve, a digest, or a scheme: SM2, P-256, sha256, rsa-sha256",
    )


def _letters(name: str) -> str:
    return name.lower().replace("-", "")


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
    return with_provider(found, replace(party, relying=replace(party.relying, algorithms=rules)))


def _set(change: Change, found: Changed) -> Changed:
    for party in _parties(change, found):
        rules = edit(change, party.relying, change.path.removeprefix("relying."))
        problems = [r for r in lint_rules(rules, suites=found.suites) if r.severity == "error"]
        if problems:
            raise refusal(change, f"{problems[0].where}: {problems[0].what}")
        found = with_provider(found, replace(party, relying=rules))
    if change.path.removeprefix("relying.").startswith("trust"):
        _check_names(change, found)
    return found


def _check_names(change: Change, found: Changed) -> None:
    """What a folder of such profiles would be refused for: anchors and agreements that are not there."""
    changed = {party.id for party in _parties(change, found)}
    for remark in lint_world(found.world):
        if remark.severity == "error" and remark.path[0] in changed:
            raise refusal(change, f"{remark.where}: {remark.what}")


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
    ChangeKind.REISSUE: reissue,
    ChangeKind.EMIT: emit,
    ChangeKind.SIGN: sign,
}
