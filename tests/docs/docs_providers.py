"""docs/providers.md: every shipped provider, and for each value of its profile where it comes from. Made from the profiles alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docs_markdown import bullets, code, codes, date, folded, table

from interop.model.agreement import AgreementKind
from interop.model.hierarchy import CertificateSpec, KeySpec
from interop.model.origin import Origin
from interop.model.profile import Identity, Provider, World
from interop.profile.expected import Path
from interop.profile.origins import Sourced, sourced

__all__ = ["origin_rows", "providers_page"]

ORIGINS: tuple[Origin, ...] = ("real", "modelled", "stand-in")
_TABLES = frozenset({"extensions", "formats", "algorithms", "certificate", "revocation", "time", "trust"})
"""Tables inside a part whose members are told one by one."""
_OWN_ORIGIN = frozenset({"policies", "qc_statements", "private", "signature_policy", "subject_alt", "issuer_alt"})
"""Tables below those that hold OIDs with an origin of their own."""
_HEAD = """# Providers

Every provider that is shipped: what it models, its certificates, the identities that sign, its rules as a relying party, and
for each value of its profile where that value comes from. Made from `profiles/providers/*.toml` by `python
tests/docs/docs_writer.py`; a test compares. What recognises whom on paper is on the [page of agreements](agreements.md); how a
profile is written, on the [page of profiles](profiles.md).

No certificate here is a real provider's. A value is `real` (published, and used as published), `modelled` (its shape copied
from a public certificate or standard, or chosen within what they allow) or a `stand-in` (invented; OIDs under 2.999). Values
that a profile does not write are the defaults of `interop profile schema`. `domestic-profiles.md` and `foreign-profiles.md` are
the notes on which the profiles rest, each with its evidence; a number in brackets is a section of them. What was looked for and
is not known stands under **Not known**, and nothing is put in its place.

Assurance is given as the level at home and its four axes, 0 to 4 each: I identity proofing, K key protection, S supervision, E
legal effect.
"""


def providers_page(world: World) -> str:
    """The whole page."""
    return "\n".join([_HEAD, _contents(world), *(_section(provider, world) for provider in world.providers)])


def _contents(world: World) -> str:
    rows = []
    for provider in world.providers:
        counts = Counter(value.origin for value in sourced(provider))
        rows.append(
            (
                f"[{provider.id}](#{provider.id})",
                provider.jurisdiction,
                provider.name.en,
                provider.name.zh,
                ", ".join(dict.fromkeys(_key(provider.certificate(i.certificate).key) for i in provider.identities)),
                *(counts[origin] or "" for origin in ORIGINS),
                len(provider.unknowns) or "",
            )
        )
    silent = sum(not provider.identities for provider in world.providers)
    return (
        f"{len(world.providers)} providers, {silent} of which only rely; the last four columns count values of the profile by "
        "origin, and what is not known.\n\n"
        + table(("provider", "law of", "name", "名称", "signs with", *ORIGINS, "not known"), rows)
    )


def _key(key: KeySpec) -> str:
    size = key.bits or key.curve
    return key.kind if size is None or key.kind == "SM2" else f"{key.kind} {size}"


def _section(provider: Provider, world: World) -> str:
    named = [a for a in world.agreements if provider.id in {*a.signers, *a.relying}]
    home = codes(a.id for a in named if a.kind is AgreementKind.HOME)
    others = codes(a.id for a in named if a.kind is not AgreementKind.HOME)
    facts = [
        f"Profile [{provider.id}.toml](../profiles/providers/{provider.id}.toml)",
        f"jurisdiction {provider.jurisdiction}",
        *([f"home law {home or 'in no agreement of kind home'}"] if provider.identities else ["signs nothing"]),
        *([f"named in {others}"] if others else []),
    ]
    parts = [
        f"## {provider.id}\n",
        f"{provider.name.en} · {provider.name.zh}\n",
        f"{provider.summary.en}. {provider.summary.zh}。\n",
        f"{', '.join(facts)}.\n",
        f"**Certificates** (home anchors: {codes(provider.anchors)})\n",
        table(
            ("id", "role", "issued by", "name", "key", "signs with", "valid", "policies"),
            map(_certificate, provider.certificates),
        ),
        f"**Services**: {_services(provider)}.\n",
        *_identities(provider),
        "**As a relying party**\n",
        table(("rule", "value"), _rules(provider)),
    ]
    if provider.unknowns:
        parts += ["**Not known**\n", bullets(provider.unknowns)]
    parts += ["**Rests on**\n", bullets(provider.sources)]
    parts.append(
        folded("Where each value comes from", table(("part", "values", "origin", "source"), origin_rows(provider)))
    )
    return "\n".join(parts)


def _identities(provider: Provider) -> tuple[str, ...]:
    if not provider.identities:
        return (
            "**Identities**: none. It only relies, and is a column of the matrix where `--relying` or a cell names it.\n",
        )
    rows = (_identity(identity, provider) for identity in provider.identities)
    return "**Identities**\n", table(
        ("id", "name", "certificate", "formats and levels", "level", "person", "remarks"), rows
    )


def _certificate(spec: CertificateSpec) -> tuple[object, ...]:
    names = [part.value for part in spec.subject if part.type == "CN"] or [part.value for part in spec.subject]
    return (
        code(spec.id),
        spec.role,
        "itself" if spec.issuer == spec.id else code(spec.issuer),
        names[-1] if names else "",
        _key(spec.key) + (f" (that of {code(spec.key_id)})" if spec.key_id else ""),
        spec.key.signature,
        f"{date(spec.not_before)} to {date(spec.not_after)}",
        " ".join(policy.oid for policy in spec.extensions.policies),
    )


def _services(provider: Provider) -> str:
    services = provider.services
    said = []
    if services.crl:
        said.append(f"CRL every {services.crl_period_hours} h, valid {services.crl_next_update_days} days")
    if services.ocsp:
        by = "a delegated responder" if services.ocsp_delegated else "the CA itself"
        said.append(f"OCSP signed by {by}, valid {services.ocsp_validity_hours} h")
    if services.tsa is not None:
        said.append(
            f"time-stamps by {code(services.tsa)} under policy {services.tsa_policy} with {services.tsa_digest}"
        )
    if services.register:
        said.append(f"a register of {codes(services.register)}, answered by OCSP")
    said += [f"{code(event.certificate)} {event.status} at {date(event.at)}" for event in services.events]
    return "; ".join(said) or "none"


def _formats(identity: Identity) -> str:
    """Formats with their levels; entries of one format that differ in other things alone are told as one."""
    found: dict[str, list[str]] = {}
    for emits in identity.formats:
        packed = f" ({', '.join(part.value for part in emits.packagings)})" if emits.packagings else ""
        found.setdefault(f"{emits.format.value}{packed}", []).extend(level.value for level in emits.levels)
    return "; ".join(f"{form}: {', '.join(levels)}" for form, levels in found.items())


def _identity(identity: Identity, provider: Provider) -> tuple[object, ...]:
    has = identity.assurance
    axes = f"I{has.identity_proofing} K{has.key_protection} S{has.supervision} E{has.legal_effect}"
    remarks = [
        "recognised and never verified: listed, not counted" if identity.opaque else "",
        "signs the negatives of its algorithm" if identity.reference else "",
        f"followed by the signature of {code(identity.followed_by)}" if identity.followed_by else "",
        "its home law asks for a time-stamp" if has.time_stamp_required else "",
    ]
    return (
        code(identity.id),
        f"{identity.name.en} · {identity.name.zh}",
        f"{code(identity.certificate)}, {_key(provider.certificate(identity.certificate).key)}",
        _formats(identity),
        f"{has.level} ({axes})",
        has.person,
        "; ".join(filter(None, remarks)),
    )


def _rules(provider: Provider) -> Iterator[tuple[str, str]]:
    rules = provider.relying
    keys = ", ".join(f"{k.name} from {k.min_bits} bits" if k.min_bits else k.name for k in rules.algorithms.keys)
    yield (
        "formats",
        f"{', '.join(form.value for form in rules.formats.accept)}; from level {rules.formats.min_level.value}",
    )
    yield "keys", keys
    yield "digests, suites", f"{', '.join(rules.algorithms.digests)}; {codes(rules.algorithms.suites)}"
    usage = [
        f"one of {', '.join(rules.certificate.key_usage_any)}" if rules.certificate.key_usage_any else "",
        f"all of {', '.join(rules.certificate.key_usage_all)}" if rules.certificate.key_usage_all else "",
        f"subject with {', '.join(rules.certificate.subject_required)}" if rules.certificate.subject_required else "",
    ]
    yield "certificate", "; ".join(filter(None, usage))
    status = "asked for" if rules.revocation.required else "not asked for"
    if rules.revocation.national:
        status += f" (of what an agreement admits also at {codes(rules.revocation.national)})"
    stamp = "asked for" if rules.time.time_stamp_required else "not asked for"
    yield (
        "status, time-stamp",
        f"status {status}{', from the file alone' if rules.revocation.offline else ''}; time-stamp {stamp}",
    )
    yield "trusts", codes(rules.trust.anchors) or "nobody of its own"
    yield "loads agreements", codes(rules.trust.load) or "none"
    policies = (
        f"{', '.join(rules.trust.initial_policies) or 'any'}{', explicitly' if rules.trust.explicit_policy else ''}"
    )
    yield "policies (RFC 5280 6.1.1)", policies
    yield "validity model", rules.validity_model
    yield "levels", f"from {rules.floor}" + (f" to {rules.ceiling} at most" if rules.ceiling is not None else "")
    if rules.leg is not None:
        yield "dual signatures", f"relies on the {rules.leg} leg"


def _part(path: Path, provider: Provider) -> tuple[str, Path]:
    """The part of the profile in which a value stands, and its path in there."""
    if path[0] == "certificates" and isinstance(path[1], int):
        return f"certificate {code(provider.certificates[path[1]].id)}", path[2:]
    if path[0] == "identities" and len(path) > 1 and isinstance(path[1], int):
        name = f"identity {code(provider.identities[path[1]].id)}"
        return (f"{name}, assurance", path[3:]) if path[2] == "assurance" else (name, path[2:])
    if path[0] in {"services", "relying"}:
        return str(path[0]), path[1:]
    return "profile", path


def _value(value: Sourced, path: Path) -> str:
    """How a value is named: its key, for OIDs the OID too; members of a subject, a key or a list go by its name."""
    keys = [str(part) for part in path if isinstance(part, str)]
    if keys[-1] == "oid":
        return f"{'.'.join(keys[:-1])} {value.value}"
    deep = 2 if keys[0] in _TABLES else 1
    return ".".join(keys if len(keys) > 1 and keys[1] in _OWN_ORIGIN else keys[:deep])


def origin_rows(provider: Provider) -> list[tuple[str, str, str, str]]:
    """Part, values, origin, source: every value that the profile writes stands in one row."""
    rows: dict[tuple[str, str, str], dict[str, None]] = {}
    for value in sourced(provider):
        part, path = _part(value.path, provider)
        source = value.source or ("see above" if part == "profile" else "")
        rows.setdefault((part, value.origin, source), {})[_value(value, path)] = None
    parts = list(dict.fromkeys(part for part, _, _ in rows))
    ordered = sorted(rows, key=lambda row: (parts.index(row[0]), -ORIGINS.index(row[1])))  # type: ignore[arg-type]
    return [(part, ", ".join(rows[part, origin, source]), origin, source) for part, origin, source in ordered]
