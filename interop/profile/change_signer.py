"""Changes on the signing side: certificates issued otherwise, more formats, other settings."""

from __future__ import annotations

from dataclasses import replace

from interop.model.change import Change
from interop.model.formats import Format, Level
from interop.model.hierarchy import CertificateSpec, Extensions
from interop.model.profile import Identity, IdentityFormat, Provider, SignaturePolicySpec
from interop.profile.changed import Changed, check_known, edit, provider_of, refusal, with_provider
from interop.profile.expected import fields_of
from interop.profile.lint import lint_provider

__all__ = ["emit", "reissue", "sign"]


def _identity(change: Change, found: Changed) -> tuple[Provider, Identity]:
    name, _, identity = change.subject.partition(".")
    provider = provider_of(change, name, found)
    check_known(change, "identity", identity, [one.id for one in provider.identities])
    return provider, provider.identity(identity)


def reissue(change: Change, found: Changed) -> Changed:
    """The signing certificate of an identity is issued otherwise."""
    provider, identity = _identity(change, found)
    spec = provider.certificate(identity.certificate)
    head = change.path.partition(".")[0]
    path = (
        change.path
        if head in fields_of(CertificateSpec) or head not in fields_of(Extensions)
        else f"extensions.{change.path}"
    )
    changed = edit(change, spec, path)
    certificates = tuple(changed if one.id == spec.id else one for one in provider.certificates)
    return _checked(change, found, replace(provider, certificates=certificates))


def emit(change: Change, found: Changed) -> Changed:
    """An identity signs in one more format or level; without a level in those of its main format."""
    provider, identity = _identity(change, found)
    name, _, level = change.value.partition("/")
    check_known(change, "format", name, [form.value for form in Format])
    if level:
        check_known(change, "level", level, [one.value for one in Level])
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


def sign(change: Change, found: Changed) -> Changed:
    """A setting of a format in which an identity signs; without a format, of all of them."""
    provider, identity = _identity(change, found)
    head, _, rest = change.path.partition(".")
    form = Format(head) if rest and head in {one.value for one in Format} else None
    path = change.path if form is None else rest
    concerned = [emits for emits in identity.formats if form in {None, emits.format}]
    if not concerned:
        raise refusal(change, f"{identity.id} does not sign as {head}", f"it signs as: {_formats(identity)}")
    policy = (
        _policy(change, found) if path == "signature_policy" and not change.value.startswith(("{", "none")) else None
    )
    formats = tuple(
        emits
        if emits not in concerned
        else replace(emits, signature_policy=policy)
        if policy
        else edit(change, emits, path)
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
    check_known(change, "signature policy", change.value, policies)
    return policies[change.value]


def _checked(change: Change, found: Changed, provider: Provider) -> Changed:
    errors = [r for r in lint_provider(provider, suites=found.suites) if r.severity == "error"]
    if errors:  # those that were there before are not the change's
        before = lint_provider(provider_of(change, provider.id, found), suites=found.suites)
        known = {(remark.where, remark.what) for remark in before}
        for remark in errors:
            if (remark.where, remark.what) not in known:
                raise refusal(change, f"{remark.where}: {remark.what}")
    return with_provider(found, provider)
