"""Somebody else's suite of certification paths against our chain and revocation code: the answers, and where they differ.

A case brings certificates, CRLs, anchors, a time and inputs; it never brings the expectation to the judge. Differences are named one by
one, with the reason, in `vectors/conformance/<suite>.toml`; a difference that is not named there is a failure, and an entry that no
longer differs is one too.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interop.model.certificate import Certificate, ObjectId
from interop.model.conformance import ComparedCase, Difference, DifferenceKind, SuiteScore
from interop.model.errors import InputError, Problem
from interop.model.reasons import blocks
from interop.model.rules import RevocationRules
from interop.model.verdict import Path
from interop.profile.load import data_root
from interop.run.link import Linker
from interop.validation.certificate_profile import certificate_deviations, crl_deviations
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path import build_paths
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources
from interop.validation.rfc5280 import PathInputs, check_path

__all__ = ["Answer", "PathCase", "answer", "compare", "load_differences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCase:
    """One path to be validated."""

    id: str
    """Name in its suite."""
    certificate: bytes
    """DER of the certificate at the end of the path."""
    others: tuple[bytes, ...] = ()
    """DER of certificates that may stand between."""
    anchors: tuple[bytes, ...]
    """DER of the trust anchors."""
    crls: tuple[bytes, ...] = ()
    """DER of all CRLs there are."""
    at: datetime
    """Validation time."""
    inputs: PathInputs = field(default_factory=PathInputs)
    """RFC 5280 section 6.1.1."""
    revocation: bool = True
    """A status of every certificate is asked for."""
    purposes: frozenset[str] = frozenset()
    """Extended key usages, one of which the certificate must allow where it has the extension; empty: none is asked for."""
    most_between: int | None = None
    """Certificates that may stand between the end and the anchor, self-issued ones not counted; None: any number."""
    conforming: bool = False
    """Certificates and CRLs must also be what a conforming CA issues (RFC 5280 sections 4 and 5), and the anchor's own certificate
    is processed as the first of the path (RFC 5937), as far as it is self-signed."""
    expected: bool
    """What the suite expects: valid or not. Never seen by `answer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What our code says of a case."""

    accepted: bool
    against: tuple[str, ...] = ()
    """Reason codes with details, or clauses; empty where it is accepted."""


def compare(suite: str, cases: Iterable[PathCase], differences: Sequence[Difference]) -> SuiteScore:
    """Answer every case and hold it against the suite."""
    return SuiteScore(suite=suite, cases=tuple(_compared(case, differences) for case in cases))


def _compared(case: PathCase, differences: Sequence[Difference]) -> ComparedCase:
    found = answer(case)
    return ComparedCase(
        id=case.id,
        expected=case.expected,
        accepted=found.accepted,
        against=found.against,
        difference=_named(case.id, differences),
    )


def _named(case_id: str, differences: Sequence[Difference]) -> Difference | None:
    """The entry that names the case itself, else the first whose pattern fits."""
    for entry in differences:
        if case_id in entry.cases:
            return entry
    return next(
        (e for e in differences if any("*" in p and fnmatch.fnmatchcase(case_id, p) for p in e.cases)),
        None,
    )


def load_differences(suite: str) -> tuple[Difference, ...]:
    """The named differences of a suite. Raises InputError for an entry of another shape."""
    path = data_root() / "vectors" / "conformance" / f"{suite}.toml"
    found: list[Difference] = []
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("differences", [])
    for index, entry in enumerate(entries):
        try:
            found.append(
                Difference(cases=tuple(entry["cases"]), kind=DifferenceKind(entry["kind"]), why=str(entry["why"])),
            )
        except (KeyError, ValueError) as error:
            problem = Problem(where=f"differences[{index}]", what=f"{type(error).__name__}: {error}")
            raise InputError(str(path), (problem,)) from error
    return tuple(found)


def answer(case: PathCase) -> Answer:
    """Whether one path of the case is valid and good, and else what stands against each."""
    linker = Linker()
    anchors = {linker.add("certificate", der) for der in case.anchors}
    for der in case.others:
        linker.add("certificate", der)
    end = linker.add("certificate", case.certificate)
    crls = frozenset(linker.add("crl", der) for der in case.crls)
    if end not in linker.certificates:
        return Answer(accepted=False, against=(linker.unreadable[end],))
    lookup = Lookup(linker.knowledge())
    against: list[str] = []
    for path in build_paths(lookup, end, anchors):
        found = _against(lookup, path, crls, case)
        if not found:
            return Answer(accepted=True)
        against += found
    return Answer(accepted=False, against=tuple(dict.fromkeys(against)) or ("no path to an anchor",))


def _against(lookup: Lookup, path: Path, crls: frozenset[ObjectId], case: PathCase) -> list[str]:
    """What stands against one path."""
    moment = Moment(case.at)
    processed = _with_anchor(lookup, path) if case.conforming else path
    check = check_path(lookup, processed, moment=moment, inputs=case.inputs)
    found = [f"{cause.code} {cause.detail}".strip() for cause in check.causes]
    found += [f"{out.how} {out.detail}" for out in check.outside]
    rules = RevocationRules(required=case.revocation)
    status = path_status(lookup, path, StatusSources(in_file=crls, rules=rules), moment)
    found += [f"{cause.code} {cause.detail}".strip() for cause in status if blocks(cause.code)]
    certificates = [c for c in map(lookup.certificate, path.certificates) if c is not None]
    usages = certificates[0].extended_key_usage
    if case.purposes and usages is not None and case.purposes.isdisjoint(usages):
        found.append(f"certificate.extended-key-usage {', '.join(usages)}")
    between = sum(not certificate.self_issued for certificate in certificates[1:-1])
    if case.most_between is not None and between > case.most_between:
        found.append(f"more than {case.most_between} certificates between the end and the anchor")
    if case.conforming:
        found += [f"RFC 5280 section {text}" for text in _deviations(lookup, certificates, crls)]
    return found


def _with_anchor(lookup: Lookup, path: Path) -> Path:
    """The path with the anchor's certificate processed as well, as issued by the anchor (RFC 5937); else the path itself."""
    anchor = path.certificates[-1]
    if len(path.certificates) < 2 or lookup.signed(anchor, anchor) is not True:
        return path
    return Path(certificates=(*path.certificates, anchor))


def _deviations(lookup: Lookup, certificates: Sequence[Certificate], crls: frozenset[ObjectId]) -> list[str]:
    found = [text for certificate in certificates for text in certificate_deviations(certificate)]
    for crl_id in sorted(crls):
        crl = lookup.knowledge.crls.get(crl_id)
        for key, ok in () if crl is None else lookup.issuers(crl_id):
            signer = lookup.certificate(key)
            if crl is not None and ok and signer is not None:
                found += crl_deviations(crl, signer)
    return found
