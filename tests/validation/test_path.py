"""Candidate paths: every one, bounded, without loops, in an order that does not depend on the order of the input."""

from __future__ import annotations

from build import CA, CERTIFICATES, EDGES, ROOT, SIGNER, authority, certificate, end_entity, knowledge, signed
from hypothesis import given
from hypothesis import strategies as st

from interop.model.certificate import Certificate
from interop.model.knowledge import Edge, Knowledge
from interop.validation.lookup import Lookup
from interop.validation.path import MAX_LENGTH, MAX_PATHS, build_paths, longest_path


def _known(certificates: tuple[Certificate, ...], edges: tuple[Edge, ...]) -> Lookup:
    return Lookup(Knowledge.build(certificates=certificates, edges=edges))


def _subjects(lookup: Lookup, signer: Certificate, *anchors: Certificate) -> list[list[str]]:
    paths = build_paths(lookup, signer.id, {a.id for a in anchors})
    found = [[lookup.certificate(c) for c in path.certificates] for path in paths]
    return [[c.subject.text.split(",")[0] for c in path if c is not None] for path in found]


def test_signer_to_root() -> None:
    assert _subjects(Lookup(knowledge()), SIGNER, ROOT) == [["signer", "ca", "root"]]


def test_an_issuing_ca_may_be_the_anchor() -> None:
    """TS 119 612: lists carry CA services, not roots."""
    assert _subjects(Lookup(knowledge()), SIGNER, CA) == [["signer", "ca"]]


def test_the_signer_itself_may_be_the_anchor() -> None:
    assert _subjects(Lookup(knowledge()), SIGNER, SIGNER) == [["signer"]]


def test_both_anchors_shortest_first() -> None:
    assert _subjects(Lookup(knowledge()), SIGNER, CA, ROOT) == [["signer", "ca"], ["signer", "ca", "root"]]


def test_no_path_without_an_anchor_or_over_a_bad_edge() -> None:
    assert _subjects(Lookup(knowledge()), SIGNER) == []
    for ok in (False, None):
        bad = (signed(ROOT, ROOT), signed(CA, ROOT), signed(SIGNER, CA, ok))
        assert _subjects(_known(CERTIFICATES, bad), SIGNER, ROOT) == []


def test_cross_certificates_that_loop_end() -> None:
    """Two bridges that certify each other; the path to the anchor is still found (x509-limbo pathological)."""
    a, b = authority("a", "b"), authority("b", "a")
    a_by_root = authority("a", "root", id=authority("a2", "root").id, key=a.key)
    leaf = end_entity("leaf", "a")
    edges = (
        signed(a, b),
        signed(b, a),
        signed(b, a_by_root),
        signed(a_by_root, ROOT),
        signed(leaf, a),
        signed(leaf, a_by_root),
    )
    assert _subjects(_known((a, b, a_by_root, leaf, ROOT), edges), leaf, ROOT) == [["leaf", "a", "root"]]


def test_a_web_of_cas_is_bounded() -> None:
    """Fifty CAs that all certify one another."""
    web = tuple(authority(f"web{i}", "web") for i in range(50))
    leaf = end_entity("leaf", "web0")
    edges = [signed(one, other) for one in web for other in web if one is not other]
    edges += [signed(leaf, web[0]), *(signed(one, ROOT) for one in web)]
    paths = build_paths(_known((*web, leaf, ROOT), tuple(edges)), leaf.id, {ROOT.id})
    assert 1 <= len(paths) <= MAX_PATHS
    assert len(paths[0].certificates) == 3
    assert all(len(path.certificates) <= MAX_LENGTH for path in paths)


def test_dead_ends_cost_no_path() -> None:
    """Fifty certificates of the same name that lead nowhere stand beside the one that does."""
    nowhere = tuple(authority("ca", f"x{i}", id=certificate(f"n{i}", "x").id, key=CA.key) for i in range(50))
    edges = (*EDGES, *(signed(SIGNER, n) for n in nowhere))
    assert _subjects(_known((*CERTIFICATES, *nowhere), edges), SIGNER, ROOT) == [["signer", "ca", "root"]]


def test_longest_path_goes_up_without_an_anchor() -> None:
    lookup = Lookup(knowledge())
    assert longest_path(lookup, SIGNER.id).certificates == (SIGNER.id, CA.id, ROOT.id)
    alone = _known((SIGNER,), ())
    assert longest_path(alone, SIGNER.id).certificates == (SIGNER.id,)


@given(order=st.permutations(range(len(CERTIFICATES))), edges=st.permutations(range(len(EDGES))))
def test_order_of_the_input_does_not_matter(order: list[int], edges: list[int]) -> None:
    shuffled = _known(tuple(CERTIFICATES[i] for i in order), tuple(EDGES[i] for i in edges))
    assert build_paths(shuffled, SIGNER.id, {ROOT.id}) == build_paths(_known(CERTIFICATES, EDGES), SIGNER.id, {ROOT.id})
