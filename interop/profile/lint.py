"""What a profile, an agreement, a case, a suite means, checked value by value; every check is a pure function.

The loader runs them in the same pass as the checks of shape; alone they also give the warnings:

    for remark in lint_provider(provider):
        print(remark.severity, remark.where, remark.what)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path as File

from interop.crypto.table import curves, digest, digests, key_kinds, signature, signatures
from interop.model.agreement import Agreement
from interop.model.case import Case, CaseSet, Expect
from interop.model.formats import PDF_FORMATS, Format, Level, Packaging
from interop.model.instant import parse_instant
from interop.model.profile import Provider, World
from interop.model.reasons import Effect, catalogue
from interop.model.rules import RelyingRules
from interop.model.suite import Suite
from interop.profile.lint_agreement import lint_one_agreement, lint_together
from interop.profile.lint_hierarchy import lint_certificates, lint_services
from interop.profile.lint_identity import lint_identities
from interop.profile.lint_origins import lint_origins
from interop.profile.lint_rules import SIZES, lint_relying
from interop.profile.remark import Remark, check_number, check_slug, check_word, duplicates, sound

__all__ = [
    "Remark",
    "file_name",
    "lint_agreement",
    "lint_case",
    "lint_case_set",
    "lint_provider",
    "lint_rules",
    "lint_suite",
    "lint_world",
    "sound",
]


def file_name(identifier: str, path: File) -> tuple[Remark, ...]:
    """A file is named after the id in it, so that an id leads to its file."""
    if identifier == path.stem:
        return ()
    return (Remark(path=("id",), what=f"'{identifier}' is not the name of the file ({path.stem})"),)


def _provider(provider: Provider, suites: Collection[str] | None) -> Iterator[Remark]:
    yield from check_slug(("id",), provider.id)
    if not (len(provider.jurisdiction) == 2 and provider.jurisdiction.isascii() and provider.jurisdiction.isupper()):
        yield Remark(
            path=("jurisdiction",), what=f"'{provider.jurisdiction}' is no country code of two capitals (ISO 3166-1)"
        )
    yield from lint_certificates(provider)
    specs = {spec.id: index for index, spec in enumerate(provider.certificates)}
    if not provider.anchors:
        yield Remark(path=("anchors",), what="names no home anchor")
    for index, name in enumerate(provider.anchors):
        needs = tuple(("certificates", place, "id") for place in specs.values())
        yield from check_word(("anchors", index), name, specs, "certificate", needs=needs)
        if name in specs and provider.certificate(name).role not in {"root", "ca"}:
            role = ("certificates", specs[name], "role")
            yield Remark(path=("anchors", index), what=f"'{name}' is no CA", needs=(role,))
    yield from lint_services(provider)
    yield from lint_identities(provider)
    yield from lint_relying(provider.relying, path=("relying",), provider=provider, suites=suites)
    yield from lint_origins(provider)
    if not provider.sources:
        yield Remark(path=("sources",), what="names no source", severity="warning")


def lint_provider(provider: Provider, *, suites: Collection[str] | None = None) -> tuple[Remark, ...]:
    """One profile by itself, in the order of its tables; `suites` are the suite ids there are."""
    return tuple(_provider(provider, suites))


def lint_agreement(agreement: Agreement) -> tuple[Remark, ...]:
    """One agreement by itself."""
    return tuple(lint_one_agreement(agreement))


def lint_world(
    world: World, *, unread: Collection[str] = (), unread_agreements: Collection[str] = ()
) -> tuple[Remark, ...]:
    """All profiles and agreements together; paths begin with the id. About files that cannot be read, only their ids are known."""
    return tuple(lint_together(world, unread, unread_agreements))


def lint_rules(rules: RelyingRules, *, suites: Collection[str] | None = None) -> tuple[Remark, ...]:
    """Rules that belong to no provider."""
    return (*lint_relying(rules, suites=suites), *lint_origins(rules))


def _suite(suite: Suite) -> Iterator[Remark]:
    yield from check_slug(("id",), suite.id)
    known = {
        "digest": [row.name for row in digests()],
        "signature": [row.name for row in signatures()],
        "key": [*key_kinds(), *(curve.name for curve in curves())],
    }
    for index, entry in enumerate(suite.entries):
        exists = {"digest": digest(entry.name), "signature": signature(entry.name)}.get(entry.kind)
        if exists is None:
            yield from check_word(
                ("entries", index, "name"),
                entry.name,
                known[entry.kind],
                entry.kind,
                needs=(("entries", index, "kind"),),
            )
        yield from check_number(("entries", index, "min_bits"), entry.min_bits, *SIZES)
        if entry.start is not None and entry.end is not None and entry.start >= entry.end:
            yield Remark(
                path=("entries", index, "end"), what="is not later than start", needs=(("entries", index, "start"),)
            )


def lint_suite(suite: Suite) -> tuple[Remark, ...]:
    """One algorithm suite: names of the table, dates in order."""
    return tuple(_suite(suite))


def _several(case: Case) -> Iterator[Remark]:
    """How the signatures of one document stand to one another, and what a reference may name, fit the family and packaging."""
    here, enveloped = ("signatures",), case.packaging in {None, Packaging.ENVELOPED}
    if case.signatures in {"parallel", "counter"} and case.family == "pdf":
        what = f"'{case.signatures}' is for XML: each signature of a PDF covers those before it (ISO 32000-2 12.8.1)"
        yield Remark(path=here, what=what, needs=(("family",),))
    if case.signatures in {"serial", "parallel", "legs"} and not enveloped:
        what = f"'{case.signatures}' is enveloped: other packagings make a file with one signature"
        yield Remark(path=here, what=what, needs=(("packaging",),))
    allowed = {"one": set(Format), "counter": {Format.XADES}}.get(case.signatures, set(Format) - {Format.XML_CUSTOMS})
    for index, name in enumerate(case.formats):
        if name not in allowed:
            yield Remark(path=("formats", index), what=f"'{name}' has no form for '{case.signatures}'", needs=(here,))
    if case.signatures == "one" and case.rely == "any":
        yield Remark(path=("rely",), what="there is one signature, and no other to rely on", needs=(here,))
    if case.by_id and (case.family == "pdf" or not enveloped):
        yield Remark(path=("by_id",), what="is for enveloped XML", needs=(("family",), ("packaging",)))


def _lasting(case: Case) -> Iterator[Remark]:
    """What belongs to the long levels, and to certificates with a fate of their own."""
    long = case.level in {Level.B_LT, Level.B_LTA}
    for index, name in enumerate(case.formats):
        if long and name in {Format.XMLDSIG, Format.XML_CUSTOMS}:
            what = f"'{name}' has no place for validation data"
            yield Remark(path=("formats", index), what=what, needs=(("level",),))
    if long and case.signatures in {"parallel", "counter"}:
        what = f"'{case.signatures}' is not made at {case.level}: the last signature alone is extended"
        yield Remark(path=("signatures",), what=what, needs=(("level",),))
    renewed, here = case.renewed_after_seconds, ("renewed_after_seconds",)
    if renewed is not None and case.level is not Level.B_LTA:
        yield Remark(path=here, what="is for b-lta: nothing else is renewed", needs=(("level",),))
    if renewed is not None and renewed < _FIRST_RENEWAL:
        what = f"is too early: the first archive time-stamp and its validation data take {_FIRST_RENEWAL} seconds"
        yield Remark(path=here, what=what)
    if case.fate is not None and case.signers != "reference":
        what = "only reference signers have certificates with a fate of their own"
        yield Remark(path=("fate",), what=what, needs=(("signers",),))


_FIRST_RENEWAL = 3 * 3600


def _case(case: Case) -> Iterator[Remark]:
    yield from check_slug(("id",), case.id)
    if not case.formats:
        yield Remark(path=("formats",), what="names no format")
    yield from duplicates(((("formats", i), name) for i, name in enumerate(case.formats)), "format")
    for index, name in enumerate(case.formats):
        if (name in PDF_FORMATS) != (case.family == "pdf"):
            yield Remark(
                path=("formats", index), what=f"'{name}' is no format of the family {case.family}", needs=(("family",),)
            )
    for field in ("packaging", "canonicalization_uri"):
        if case.family == "pdf" and getattr(case, field) is not None:
            yield Remark(path=(field,), what="is for XML", needs=(("family",),))
    yield from _several(case)
    yield from _lasting(case)
    expectation, needs = case.expectation, (("mutation",), ("expectation", "expect"))
    if case.mutation is None and expectation.expect is Expect.REJECT:
        yield Remark(path=("mutation",), what="a case to be rejected says what is wrong with it", needs=needs)
    if case.mutation is None and case.control is not None:
        yield Remark(path=("control",), what="only a case with a mutation has a control", needs=needs)
    if case.mutation is not None and case.control is None:
        yield Remark(path=("control",), what="a case with a mutation names its positive twin", needs=needs)
    if case.control == case.id:
        yield Remark(path=("control",), what="is itself", needs=(("id",),))
    if expectation.expect is Expect.REJECT and expectation.layer is None:
        yield Remark(path=("expectation", "layer"), what="a rejection names the layer that must block", needs=needs)
    for index, code in enumerate(expectation.reasons):
        here = ("expectation", "reasons", index)
        yield from check_word(here, code, catalogue(), "reason")
        if code in catalogue() and expectation.expect is Expect.REJECT:
            known = catalogue()[code]
            if expectation.layer is not None and known.layer is not expectation.layer:
                what = f"is a reason of the layer {known.layer}, not {expectation.layer}"
                yield Remark(path=here, what=what, needs=(("expectation", "layer"),))
            if known.effect is Effect.FINDING:
                yield Remark(path=here, what="is a finding and rejects nothing")
    for index, kind in enumerate(case.keys):
        yield from check_word(("keys", index), kind, key_kinds(), "key kind")


def lint_case(case: Case) -> tuple[Remark, ...]:
    """One case: family, formats and packaging fit; expectation, layer, reasons and control belong together."""
    return tuple(_case(case))


def _case_set(case_set: CaseSet) -> Iterator[Remark]:
    yield from check_slug(("id",), case_set.id)
    instants = {}
    for field in ("signing", "validation"):
        try:
            instants[field] = parse_instant(getattr(case_set, field))
        except ValueError as error:
            yield Remark(path=(field,), what=f"is no instant: {error}")
    if len(instants) == 2 and instants["signing"] > instants["validation"]:
        yield Remark(path=("validation",), what="is before signing", needs=(("signing",),))
    yield from duplicates(((("cases", i), name) for i, name in enumerate(case_set.cases)), "case")


def lint_case_set(case_set: CaseSet) -> tuple[Remark, ...]:
    """One case set: instants in order, no case twice."""
    return tuple(_case_set(case_set))
