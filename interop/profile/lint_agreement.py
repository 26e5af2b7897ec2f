"""Checks of one agreement, and of all profiles and agreements together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from interop.model.agreement import Agreement, AgreementKind, Condition
from interop.model.certificate import KEY_USAGES
from interop.model.profile import Provider, World
from interop.profile.lint_rules import split_reference
from interop.profile.remark import Path, Remark, check_oid, check_slug, check_word, duplicates

__all__ = ["lint_one_agreement", "lint_together"]


def _condition(path: Path, condition: Condition) -> Iterator[Remark]:
    for field in ("policies_any", "extended_key_usage_any", "qc_statements_all"):
        for index, oid in enumerate(getattr(condition, field)):
            yield from check_oid((*path, field, index), oid)
    if condition.policy_prefix is not None:
        yield from check_oid((*path, "policy_prefix"), condition.policy_prefix)
    for index, usage in enumerate(condition.key_usage_all):
        yield from check_word((*path, "key_usage_all", index), usage, KEY_USAGES, "key usage")


def _entries(agreement: Agreement) -> Iterator[Remark]:
    home = agreement.kind is AgreementKind.HOME
    if home and agreement.entries:
        yield Remark(path=("entries",), what="an agreement of kind home carries none", needs=(("kind",),))
    if agreement.evidence == "framework-only" and agreement.entries:
        yield Remark(path=("entries",), what="a framework grants nothing, so it carries none", needs=(("evidence",),))
    if not home and agreement.evidence != "framework-only" and not agreement.entries:
        yield Remark(
            path=("entries",), what="names no anchor, issuer or service, so it would grant nothing",
            needs=(("kind",), ("evidence",)),
        )  # fmt: skip
    for index, entry in enumerate(agreement.entries):
        path: Path = ("entries", index)
        if not (entry.anchor or entry.issuer or entry.cross_certificate):
            needs = tuple((*path, field) for field in ("anchor", "issuer", "cross_certificate"))
            yield Remark(path=path, what="names no anchor, no issuer and no cross-certificate", needs=needs)
        if entry.start is not None and entry.end is not None and entry.start >= entry.end:
            yield Remark(path=(*path, "end"), what="is not later than start", needs=((*path, "start"),))
        condition: Path = (*path, "condition")
        yield from _condition(condition, entry.condition)
        if agreement.kind is AgreementKind.OID_PREFIX and entry.condition.policy_prefix is None:
            yield Remark(path=(*condition, "policy_prefix"), what="kind oid-prefix needs one", needs=(("kind",),))
        if agreement.kind is AgreementKind.POLICY_ALLOW_LIST and not entry.condition.policies_any:
            yield Remark(
                path=(*condition, "policies_any"), what="kind policy-allow-list needs some", needs=(("kind",),)
            )


def lint_one_agreement(agreement: Agreement) -> Iterator[Remark]:
    """One agreement by itself."""
    yield from check_slug(("id",), agreement.id)
    for field in ("signers", "relying"):
        names = getattr(agreement, field)
        if not names:
            yield Remark(path=(field,), what="names no provider")
        yield from duplicates((((field, index), name) for index, name in enumerate(names)), "provider")
    if agreement.kind is AgreementKind.HOME and set(agreement.signers) != set(agreement.relying):
        needs = (("kind",), *(("signers", i) for i in range(len(agreement.signers))))
        yield Remark(
            path=("relying",), what="members of an agreement of kind home are the same on both sides", needs=needs
        )
    if not agreement.history:
        yield Remark(path=("history",), what="is empty, so it was never in force")
    for index, change in enumerate(agreement.history[1:], start=1):
        before = agreement.history[index - 1]
        if change.at <= before.at:
            yield Remark(
                path=("history", index, "at"),
                what="is not later than the step before",
                needs=(("history", index - 1, "at"),),
            )
    if agreement.evidence == "hypothetical" and agreement.enabled:
        yield Remark(
            path=("enabled",),
            what="is switched on and hypothetical: what it changes is a what-if, not the law",
            severity="warning",
            needs=(("evidence",),),
        )
    if agreement.evidence == "published" and agreement.origin == "stand-in":
        yield Remark(path=("origin",), what="a published instrument is no stand-in", needs=(("evidence",),))
    if agreement.counterpart == agreement.id:
        yield Remark(path=("counterpart",), what="is itself", needs=(("id",),))
    yield from _entries(agreement)


def _reference(path: Path, text: str, providers: Mapping[str, Provider], unread: Collection[str]) -> Iterator[Remark]:
    """`provider:certificate` names a certificate that exists, `provider` a provider."""
    owner, certificate = split_reference(text)
    if owner in unread:
        return
    if owner not in providers:
        yield from check_word(path, owner, providers, "provider")
    elif certificate is not None:
        yield from check_word(
            path, certificate, [s.id for s in providers[owner].certificates], f"certificate of {owner}"
        )


def _parties(agreement: Agreement, providers: Mapping[str, Provider], unread: Collection[str]) -> Iterator[Remark]:
    types = {i.certificate_type for name in agreement.signers if name in providers for i in providers[name].identities}
    for field in ("signers", "relying"):
        for index, name in enumerate(getattr(agreement, field)):
            if name not in unread:
                yield from check_word((agreement.id, field, index), name, providers, "provider")
    for index, entry in enumerate(agreement.entries):
        path: Path = (agreement.id, "entries", index)
        for field in ("anchor", "issuer", "cross_certificate"):
            text = getattr(entry, field)
            if text is None:
                continue
            yield from _reference((*path, field), text, providers, unread)
            owner, certificate = split_reference(text)
            if certificate is None:
                yield Remark(path=(*path, field), what=f"'{text}' names no certificate (write {text}:root)")
            if owner in providers and owner not in agreement.signers and field != "cross_certificate":
                yield Remark(path=(*path, field), what=f"{owner} is not among the signers")
        kind = entry.condition.certificate_type
        if kind is not None and types and not any(name in unread for name in agreement.signers):
            yield from check_word(
                (*path, "condition", "certificate_type"), kind, types, "certificate type of the signers"
            )


def _counterpart(
    agreement: Agreement, agreements: Mapping[str, Agreement], unread: Collection[str]
) -> Iterator[Remark]:
    path: Path = (agreement.id, "counterpart")
    if agreement.counterpart is None or agreement.counterpart in unread:
        return
    other = agreements.get(agreement.counterpart)
    if other is None:
        yield from check_word(path, agreement.counterpart, agreements, "agreement")
    elif other.counterpart != agreement.id:
        yield Remark(path=path, what=f"{other.id} does not name {agreement.id} as its counterpart")
    elif set(other.signers) != set(agreement.relying) or set(other.relying) != set(agreement.signers):
        yield Remark(path=path, what=f"signers and relying parties of {other.id} are not these the other way round")


def _crossing(provider: Provider, providers: Mapping[str, Provider], unread: Collection[str]) -> Iterator[Remark]:
    """A cross-certificate shows the CA of the other provider as it is: under its name, with its key."""
    for index, spec in enumerate(provider.certificates):
        if not spec.cross or spec.key_id is None:
            continue
        path: Path = (provider.id, "certificates", index)
        owner, name = split_reference(spec.key_id)
        if owner in providers:
            yield from _reference((*path, "key_id"), spec.key_id, providers, unread)
        elif owner not in unread:
            what = f"provider '{owner}' is not here, so that its certificate cannot be compared"
            yield Remark(path=(*path, "key_id"), what=what, severity="warning")
        for other in providers[owner].certificates if owner in providers else ():
            if other.id != name:
                continue
            if other.role not in {"root", "ca"}:
                yield Remark(path=(*path, "key_id"), what=f"'{spec.key_id}' is no CA")
            for field in ("subject", "key"):
                if getattr(other, field) != getattr(spec, field):
                    yield Remark(path=(*path, field), what=f"differs from that of {spec.key_id}, whose key it shares")


def _register(provider: Provider, providers: Mapping[str, Provider], unread: Collection[str]) -> Iterator[Remark]:
    for index, name in enumerate(provider.services.register):
        path: Path = (provider.id, "services", "register", index)
        if split_reference(name)[0] in providers:
            yield from _reference(path, name, providers, unread)
        elif split_reference(name)[0] not in unread:
            what = f"provider '{split_reference(name)[0]}' is not here, so that nothing is said of its certificate"
            yield Remark(path=path, what=what, severity="warning")


def _relying(
    provider: Provider,
    providers: Mapping[str, Provider],
    agreements: Mapping[str, Agreement],
    unread: Collection[str],
    unread_agreements: Collection[str],
) -> Iterator[Remark]:
    path: Path = (provider.id, "relying", "trust")
    for index, text in enumerate(provider.relying.trust.anchors):
        if split_reference(text)[0] != provider.id:
            yield from _reference((*path, "anchors", index), text, providers, unread)
    for index, name in enumerate(provider.relying.trust.load):
        here = (*path, "load", index)
        if name in unread_agreements:
            continue
        if name not in agreements:
            yield from check_word(here, name, agreements, "agreement")
        elif provider.id not in agreements[name].relying:
            yield Remark(path=here, what=f"{name} does not name {provider.id} as a relying party")
        elif agreements[name].kind is AgreementKind.HOME or agreements[name].evidence == "framework-only":
            yield Remark(path=here, what=f"{name} has no entries to load")


def lint_together(
    world: World, unread: Collection[str] = (), unread_agreements: Collection[str] = ()
) -> Iterator[Remark]:
    """What profiles and agreements say about one another; paths begin with the id of the file.

    `unread` and `unread_agreements` are ids of files that are there and cannot be read: nothing is said about what they may hold.
    """
    providers = {provider.id: provider for provider in world.providers}
    agreements = {agreement.id: agreement for agreement in world.agreements}
    for kind, items in (("provider", world.providers), ("agreement", world.agreements)):
        yield from duplicates((((item.id, "id"), item.id) for item in items), kind)
    for agreement in world.agreements:
        yield from _parties(agreement, providers, unread)
        yield from _counterpart(agreement, agreements, unread_agreements)
        for name in agreement.relying if agreement.entries else ():
            if name in providers and agreement.id not in providers[name].relying.trust.load:
                yield Remark(
                    path=(agreement.id, "relying"),
                    what=f"{name} does not load it, so that it never counts there",
                    severity="warning",
                )
    for provider in world.providers:
        yield from _relying(provider, providers, agreements, unread, unread_agreements)
        yield from _crossing(provider, providers, unread)
        yield from _register(provider, providers, unread)
        if (
            provider.identities
            and not unread_agreements
            and not any(a.kind is AgreementKind.HOME and provider.id in a.signers for a in world.agreements)
        ):
            yield Remark(path=(provider.id,), what="is a member of no agreement of kind home", severity="warning")
