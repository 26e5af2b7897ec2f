"""Checks of names and of the extensions of one certificate: what exists, what fits, and which criticality the standards forbid."""

from __future__ import annotations

from collections.abc import Iterator

from interop.model.certificate import KEY_USAGES
from interop.model.hierarchy import AltNames, CertificateSpec, DistributionPoint, Extensions, NamePart, QcSpec
from interop.profile.names import ATTRIBUTE_TYPES, is_oid
from interop.profile.remark import (
    Path,
    Remark,
    check_host,
    check_number,
    check_oid,
    check_stand_in,
    check_word,
    duplicates,
    is_hex,
)

__all__ = ["lint_extensions", "lint_name"]

_PRINTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
"""X.680 section 41.4."""
_NOTICE = 200
"""Characters of explicitText (RFC 5280 section 4.2.1.4)."""
_HIGHEST_TAG = 30
"""Context tags in one identifier octet (X.690 section 8.1.2)."""


def lint_name(path: Path, parts: tuple[NamePart, ...]) -> Iterator[Remark]:
    """Attribute types exist, values fit their string types."""
    for index, part in enumerate(parts):
        here = (*path, index)
        if part.type not in ATTRIBUTE_TYPES and not is_oid(part.type):
            yield from check_word((*here, "type"), part.type, ATTRIBUTE_TYPES, "attribute type")
        value = (*here, "value")
        if not part.value:
            yield Remark(path=value, what="is empty")
        if part.type == "C" and not (len(part.value) == 2 and part.value.isupper()):
            yield Remark(path=value, what=f"'{part.value}' is no country code of two capitals")
        yield from _string(value, part.value, part.string, needs=((*here, "string"),))


def _string(path: Path, text: str, kind: str, needs: tuple[Path, ...] = ()) -> Iterator[Remark]:
    """A text fits its string type."""
    if kind == "printable" and not set(text) <= _PRINTABLE:
        strange = "".join(sorted(set(text) - _PRINTABLE))
        yield Remark(path=path, what=f"'{strange}' has no place in a PrintableString", needs=needs)
    if kind == "ia5" and not text.isascii():
        yield Remark(path=path, what="an IA5String holds ASCII only", needs=needs)


def _points(path: Path, points: tuple[DistributionPoint, ...]) -> Iterator[Remark]:
    for index, point in enumerate(points):
        here = (*path, index)
        if not point.uris and not point.directory and not point.crl_issuer:
            needs = ((*here, "uris"), (*here, "directory"), (*here, "crl_issuer"))
            yield Remark(path=here, what="names no place", needs=needs)
        for number, url in enumerate(point.uris):
            yield from check_host((*here, "uris", number), url)
        yield from lint_name((*here, "directory"), point.directory)
        yield from lint_name((*here, "crl_issuer"), point.crl_issuer)


def _alt_names(path: Path, names: AltNames, *, more: bool = False) -> Iterator[Remark]:
    """`more`: the extension has names from elsewhere too, so that none are needed here."""
    fields = ("emails", "dns", "uris", "directories", "others")
    if not more and not any(getattr(names, field) for field in fields):
        needs = tuple((*path, field) for field in fields)
        yield Remark(path=path, what="holds no name (RFC 5280 4.2.1.6)", needs=needs)
    for field in ("emails", "dns", "uris"):
        for index, text in enumerate(getattr(names, field)):
            yield from check_host((*path, field, index), text)
    for index, parts in enumerate(names.directories):
        if not parts:
            yield Remark(path=(*path, "directories", index), what="is an empty name")
        yield from lint_name((*path, "directories", index), parts)
    for index, other in enumerate(names.others):
        here = (*path, "others", index)
        yield from check_oid((*here, "oid"), other.oid)
        yield from check_stand_in((*here, "origin"), other.oid, other.origin)
        yield from _string((*here, "text"), other.text, other.string, needs=((*here, "string"),))


def _places(path: Path, extensions: Extensions) -> Iterator[Remark]:
    for name in ("authority_info", "subject_info"):
        access = getattr(extensions, name)
        for field in ("ocsp", "ca_issuers", "ca_repository") if access is not None else ():
            for index, url in enumerate(getattr(access, field)):
                yield from check_host((*path, name, field, index), url)
    yield from _points((*path, "crl_points"), extensions.crl_points)
    yield from _points((*path, "freshest_crl"), extensions.freshest_crl)
    for index, email in enumerate(extensions.subject_alt_emails):
        yield from check_host((*path, "subject_alt_emails", index), email)
    if extensions.subject_alt is not None:
        more = bool(extensions.subject_alt_emails)
        yield from _alt_names((*path, "subject_alt"), extensions.subject_alt, more=more)
    if extensions.issuer_alt is not None:
        yield from _alt_names((*path, "issuer_alt"), extensions.issuer_alt)


def _policies(path: Path, extensions: Extensions) -> Iterator[Remark]:
    for index, policy in enumerate(extensions.policies):
        here = (*path, "policies", index)
        yield from check_oid((*here, "oid"), policy.oid)
        yield from check_stand_in((*here, "origin"), policy.oid, policy.origin)
        if policy.cps is not None:
            yield from check_host((*here, "cps"), policy.cps)
        if policy.notice is not None and not 1 <= len(policy.notice) <= _NOTICE:
            what = f"has {len(policy.notice)} characters, not 1 to {_NOTICE} (RFC 5280 4.2.1.4)"
            yield Remark(path=(*here, "notice"), what=what)
    yield from duplicates(
        (((*path, "policies", index, "oid"), policy.oid) for index, policy in enumerate(extensions.policies)), "policy"
    )
    for index, pair in enumerate(extensions.policy_mappings):
        for side, oid in enumerate(pair):
            yield from check_oid((*path, "policy_mappings", index, side), oid)
    if extensions.policy_mappings and not extensions.ca:
        yield Remark(path=(*path, "policy_mappings"), what="only a CA certificate maps policies (RFC 5280 4.2.1.5)")
    for field, clause in (
        ("require_explicit_policy", "4.2.1.11"),
        ("inhibit_policy_mapping", "4.2.1.11"),
        ("inhibit_any_policy", "4.2.1.14"),
    ):
        yield from check_number((*path, field), getattr(extensions, field), 0, why=f"RFC 5280 {clause}")
    for index, statement in enumerate(extensions.qc_statements):
        yield from _statement((*path, "qc_statements", index), statement)


def _statement(path: Path, statement: QcSpec) -> Iterator[Remark]:
    yield from check_oid((*path, "oid"), statement.oid)
    yield from check_stand_in((*path, "origin"), statement.oid, statement.origin)
    for number, oid in enumerate(statement.oids):
        yield from check_oid((*path, "oids", number), oid)
    for number, (url, _) in enumerate(statement.urls):
        yield from check_host((*path, "urls", number, 0), url)
    yield from check_number((*path, "integer"), statement.integer, 0)
    fields = ("oids", "countries", "urls", "integer", "limit")
    given = [field for field in fields if getattr(statement, field) not in {None, ()}]
    if len(given) > 1:
        what = f"carries one kind of value, not {', '.join(given)}"
        yield Remark(path=path, what=what, needs=tuple((*path, field) for field in given))
    if statement.limit is not None:
        currency = statement.limit.currency
        letters = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
        number = len(currency) <= 3 and currency.isascii() and currency.isdigit() and int(currency) > 0
        if not letters and not number:
            what = f"'{currency}' is no currency: three capitals, or a number from 1 to 999 (ISO 4217)"
            yield Remark(path=(*path, "limit", "currency"), what=what)
        yield from check_number((*path, "limit", "amount"), statement.limit.amount, 0)


def _private(path: Path, extensions: Extensions) -> Iterator[Remark]:
    for index, private in enumerate(extensions.private):
        here = (*path, "private", index)
        yield from check_oid((*here, "oid"), private.oid)
        yield from check_stand_in((*here, "origin"), private.oid, private.origin)
        if (private.text is None) == (private.der is None):
            yield Remark(path=here, what="needs either `text` or `der`", needs=((*here, "text"), (*here, "der")))
        if private.der is not None and not is_hex(private.der):
            yield Remark(path=(*here, "der"), what="is no hex")
        if private.text is not None:
            yield from _string((*here, "text"), private.text, private.string, needs=((*here, "string"),))
        yield from check_number((*here, "tag"), private.tag, 0, _HIGHEST_TAG)


def _criticality(path: Path, spec: CertificateSpec) -> Iterator[Remark]:
    """A criticality that the standards forbid, or advise against; it may be meant, so these are warnings.

    Nothing is said where `origins` calls the field real: then a published certificate has it.
    """
    has = spec.extensions
    subject, issuer = has.subject_alt, has.issuer_alt
    constrained = has.require_explicit_policy is not None or has.inhibit_policy_mapping is not None
    names, info, more = has.name_constraints, has.authority_info, has.subject_info
    rules: tuple[tuple[bool, tuple[str, ...], bool, str], ...] = (
        (has.authority_key_id and has.authority_key_id_critical, ("authority_key_id_critical",), False, "RFC 5280 4.2.1.1"),
        (has.subject_key_id != "none" and has.subject_key_id_critical, ("subject_key_id_critical",), False, "RFC 5280 4.2.1.2"),
        (constrained and not has.policy_constraints_critical, ("policy_constraints_critical",), True, "RFC 5280 4.2.1.11"),
        (
            has.inhibit_any_policy is not None and not has.inhibit_any_policy_critical,
            ("inhibit_any_policy_critical",), True, "RFC 5280 4.2.1.14",
        ),
        (names is not None and not names.critical, ("name_constraints", "critical"), True, "RFC 5280 4.2.1.10"),
        (
            subject is not None and subject.critical and bool(spec.subject),
            ("subject_alt", "critical"), False, "RFC 5280 4.2.1.6: the subject is not empty",
        ),
        (issuer is not None and issuer.critical, ("issuer_alt", "critical"), False, "RFC 5280 4.2.1.7"),
        (bool(has.crl_points) and has.crl_points_critical, ("crl_points_critical",), False, "RFC 5280 4.2.1.13"),
        (bool(has.freshest_crl) and has.freshest_crl_critical, ("freshest_crl_critical",), False, "RFC 5280 4.2.1.15"),
        (info is not None and info.critical, ("authority_info", "critical"), False, "RFC 5280 4.2.2.1"),
        (more is not None and more.critical, ("subject_info", "critical"), False, "RFC 5280 4.2.2.2"),
        (bool(has.qc_statements) and has.qc_critical, ("qc_critical",), False, "EN 319 412-5 4.1"),
        (has.ocsp_nocheck and has.ocsp_nocheck_critical, ("ocsp_nocheck_critical",), False, "RFC 6960 4.2.2.2.1"),
    )  # fmt: skip
    for broken, field, critical, clause in rules:
        seen = spec.origins.get(".".join(("extensions", *field))) == "real"
        if broken and not seen:
            what = f"the extension {'must' if critical else 'should not'} be critical ({clause})"
            yield Remark(path=(*path, *field), what=what, severity="warning")
    if not spec.subject and (subject is None or not subject.critical):
        what = "a certificate with an empty subject needs a critical subjectAltName (RFC 5280 4.2.1.6)"
        yield Remark(path=(*path, "subject_alt"), what=what, severity="warning", needs=((*path[:-1], "subject"),))


def lint_extensions(path: Path, spec: CertificateSpec) -> Iterator[Remark]:
    """Extensions of one certificate; `path` is that of its table `extensions`."""
    extensions = spec.extensions
    for index, usage in enumerate(extensions.key_usage):
        yield from check_word((*path, "key_usage", index), usage, KEY_USAGES, "key usage")
    for index, purpose in enumerate(extensions.extended_key_usage):
        yield from check_oid((*path, "extended_key_usage", index), purpose)
    length = extensions.path_length
    if length is not None and not extensions.ca:
        yield Remark(path=(*path, "path_length"), what="only a CA certificate has a path length (RFC 5280 4.2.1.9)")
    else:
        yield from check_number((*path, "path_length"), length, 0, why="RFC 5280 4.2.1.9")
    if extensions.name_constraints is not None:
        for side in ("permitted", "excluded"):
            for index, subtree in enumerate(getattr(extensions.name_constraints, side)):
                yield from lint_name((*path, "name_constraints", side, index, "directory"), subtree.directory)
    yield from _policies(path, extensions)
    yield from _private(path, extensions)
    yield from _places(path, extensions)
    yield from _criticality(path, spec)
