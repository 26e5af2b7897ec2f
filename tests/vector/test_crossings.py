"""XML packagings, canonicalisations, levels, forms of reference and formats, crossed pairwise: every two that can go together do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations, product

import pytest
from core_run import Core

from interop.engine.command import find
from interop.engine.protocol import Request
from interop.engine.xmlsec1 import Xmlsec1Witness
from interop.model.case import Case
from interop.model.formats import Format, Level, Packaging
from interop.pki.issue import issue
from interop.profile.data import data_root
from interop.profile.load import load_cases
from interop.run.plan import load_catalogue
from interop.vector.catalogue import VectorSpec
from interop.vector.make import make
from interop.xml.observe import observe_xml

C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
FACTORS: Mapping[str, tuple[object, ...]] = {
    "format": (Format.XADES, Format.XMLDSIG),
    "packaging": tuple(Packaging),
    "canonicalisation": tuple(
        uri for base in (C14N_10, C14N_11, EXCLUSIVE) for uri in (base, f"{base.rstrip('#')}#WithComments")
    ),
    "level": tuple(Level),
    "by_id": (False, True),
}
DEFAULT = {Format.XADES: EXCLUSIVE, Format.XMLDSIG: C14N_10}
"""What a profile means that names no canonicalisation (docs/profiles.md)."""

Values = tuple[object, ...]
Pair = tuple[tuple[str, object], tuple[str, object]]

CASES = [case for case in load_catalogue()[0] if case.positive and case.family == "xml" and case.signatures == "one"]
CROSSINGS = load_cases(data_root() / "vectors" / "cases" / "positive" / "xml-crossings.toml")


def possible(values: Values) -> bool:
    """Plain XML-Signature has no place for evidence; only an enveloped signature chooses how to name what it signs."""
    form, packaging, _, level, by_id = values
    return not (form is Format.XMLDSIG and level is not Level.B_B) and (not by_id or packaging is Packaging.ENVELOPED)


def pairs(rows: Iterable[Values]) -> set[Pair]:
    return {pair for row in rows for pair in combinations(zip(FACTORS, row, strict=True), 2)}


def rows_of(cases: Iterable[Case]) -> list[Values]:
    return [
        (form, case.packaging, case.canonicalization_uri or DEFAULT[form], case.level, case.by_id)
        for case in cases
        for form in case.formats
        if form in DEFAULT
    ]


WANTED = pairs(filter(possible, product(*FACTORS.values())))


def test_every_pair_that_can_occur_occurs() -> None:
    assert pairs(rows_of(CASES)) == WANTED
    assert len(WANTED) > 60


def test_it_is_no_full_product() -> None:
    full = [row for row in product(*FACTORS.values()) if possible(row)]
    assert len(CASES) < len(full) / 2


@pytest.mark.parametrize("case", CROSSINGS, ids=lambda c: c.id)
def test_no_crossing_is_idle(case: Case) -> None:
    """Without it some pair would be missing."""
    assert pairs(rows_of(other for other in CASES if other.id != case.id)) < WANTED


def test_the_vectors_hold_every_pair_of_xades(full: Core) -> None:
    """As observed, not as asked for: what the file says of its canonicalisation, packaging, level and references."""
    seen: set[Pair] = set()
    for vector, spec in full.specs.items():
        if spec.emits.format is Format.XADES and spec.case.positive and spec.case.signatures == "one":
            (signature,) = full.run.observations[vector].facts.signatures
            (content,) = [r for r in signature.references if r.role == "content"]
            assert content.ok is True or spec.identity.opaque
            by_id = signature.packaging == "enveloped" and content.target.startswith("#")
            row = (
                Format.XADES,
                Packaging(signature.packaging or ""),
                signature.algorithm.canonicalization,
                Level((signature.level or "").lower()),
                by_id,
            )
            seen |= pairs([row])
    assert seen == {pair for pair in WANTED if ("format", Format.XMLDSIG) not in pair}


def plain(core: Core, case: Case) -> VectorSpec:
    """The case in plain XML-Signature, by an identity that is made to list it in every packaging."""
    provider = core.run.plan.world.provider("eu-qtsp-natural")
    identity = provider.identity("natural-ec")
    emits = replace(identity.formats[0], format=Format.XMLDSIG, levels=(Level.B_B,), packagings=tuple(Packaging))
    return VectorSpec(provider=provider, identity=identity, emits=emits, case=case)


@pytest.mark.parametrize("case", [c for c in CROSSINGS if Format.XMLDSIG in c.formats], ids=lambda c: c.id)
def test_plain_xml_signature_is_crossed_too(core: Core, case: Case) -> None:
    """Read back by ours and by xmlsec1; no shipped reference identity lists these, a user's may."""
    spec, keys = plain(core, case), core.run.keys.store()
    issued = issue(spec.provider, keys)
    made = make(spec, issued, keys, core.run.plan.signing)
    facts = observe_xml(made.data, detached=made.detached).facts
    (signature,) = facts.signatures
    assert (signature.format, signature.packaging) == ("XMLDSig", str(case.packaging))
    assert signature.algorithm.canonicalization == case.canonicalization_uri
    assert [reference.ok for reference in signature.references] == [True]
    assert [value.ok for value in signature.value][:1] == [True]
    assert signature.covers.whole
    assert signature.findings == ()
    if find("xmlsec1"):
        asked = Request(data=made.data, detached=made.detached, at=core.run.plan.signing)
        roots = tuple(issued.certificates[anchor] for anchor in spec.provider.anchors)
        said = Xmlsec1Witness().testify(asked, facts, roots)
        assert {(s.about, s.ok) for s in said.statements} == {("digest-and-value", True), ("chain", True)}
