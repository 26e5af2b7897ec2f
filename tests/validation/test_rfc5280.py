"""One path, RFC 5280 section 6; clause by clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from build import AT, CA, EDGES, ROOT, SIGNER, authority, cn, day, directory, end_entity, name, policies, signed, swap

from interop.model.certificate import AlgorithmId, Certificate, Constraints, GeneralName, NameConstraints
from interop.model.knowledge import Edge, Knowledge
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.rfc5280 import ANY_POLICY, PathCheck, PathInputs, check_path, validity_causes

SIGNER_PATH = Path(certificates=(SIGNER.id, CA.id, ROOT.id))


def _check(*certificates: Certificate, edges: tuple[Edge, ...] | None = None, **options: Any) -> PathCheck:
    """Check the path made of these certificates, signer first; edges between neighbours unless given."""
    if edges is None:
        edges = tuple(signed(c, i) for c, i in pairwise(certificates))
    lookup = Lookup(Knowledge.build(certificates=certificates, edges=edges))
    moment = options.pop("moment", Moment(AT))
    return check_path(lookup, Path(certificates=tuple(c.id for c in certificates)), moment=moment, **options)


def _codes(check: PathCheck) -> list[str]:
    return [cause.code for cause in check.causes]


def test_a_good_path() -> None:
    check = _check(SIGNER, CA, ROOT)
    assert check.ok
    assert (check.holds.start, check.holds.end) == (SIGNER.not_before, SIGNER.not_after + timedelta(microseconds=1))


def test_edges_decide_signatures() -> None:
    """6.1.3 (a)(1)"""
    bad = (signed(SIGNER, CA, False), signed(CA, ROOT))
    assert _codes(_check(SIGNER, CA, ROOT, edges=bad)) == ["chain.signature-wrong"]
    unknown = (signed(SIGNER, CA, None), signed(CA, ROOT))
    assert _codes(_check(SIGNER, CA, ROOT, edges=unknown)) == ["chain.signature-not-computed"]


def test_name_chaining() -> None:
    """6.1.3 (a)(4)"""
    assert _codes(_check(replace(SIGNER, issuer=cn("other")), CA, ROOT)) == ["chain.name-chaining-broken"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ca": None}, "chain.basic-constraints-missing"),
        ({"ca": False}, "chain.issuer-not-ca"),
        ({"version": 1}, "chain.basic-constraints-missing"),
        ({"key_usage": frozenset({"cRLSign"})}, "chain.key-cert-sign-missing"),
        ({"inner_signature_algorithm": AlgorithmId(oid="1.2.3")}, "chain.signature-algorithms-differ"),
        ({"extensions": (("2.999.7", True),)}, "chain.unknown-critical-extension"),
    ],
)
def test_what_an_issuing_certificate_lacks(changes: dict[str, Any], code: str) -> None:
    """4.1.1.2; 6.1.4 (k), (n), (o)"""
    assert _codes(_check(SIGNER, replace(CA, **changes), ROOT)) == [code]


@pytest.mark.parametrize(
    "changes",
    [{"key_usage": None}, {"extensions": (("2.999.7", False), ("2.5.29.15", True))}],
)
def test_what_an_issuing_certificate_may_leave_out(changes: dict[str, Any]) -> None:
    assert _check(SIGNER, replace(CA, **changes), ROOT).ok


def test_an_anchor_is_not_checked_as_a_certificate() -> None:
    """6.1.1 (d): the anchor is a name and a key. The national SM2 root has non-critical basic constraints; this one has nothing."""
    odd = replace(
        ROOT,
        ca=None,
        key_usage=frozenset(),
        version=1,
        not_after=day("2016-01-01"),
        extensions=(("2.999.7", True),),
        path_length=0,
    )
    assert _check(SIGNER, CA, odd).ok


def test_the_anchor_alone_is_good() -> None:
    assert _check(replace(SIGNER, not_after=day("2025-06-01"))).ok


@pytest.mark.parametrize(("limit", "ok"), [(0, False), (1, True), (None, True)])
def test_path_length(limit: int | None, ok: bool) -> None:
    """6.1.4 (l), (m); PKITS 4.6.5 and 4.6.7"""
    top = authority("top", "root", path_length=limit)
    sub = authority("sub", "top")
    leaf = end_entity("leaf", "sub")
    assert (_codes(_check(leaf, sub, top, ROOT)) == []) is ok


def test_self_issued_certificates_do_not_count_for_path_length() -> None:
    """6.1.4 (l); PKITS 4.6.15"""
    top = authority("top", "root", path_length=0)
    renewed = authority("top", "top", id=authority("top2", "top").id, key=authority("top2", "top").key)
    leaf = end_entity("leaf", "top")
    assert _check(leaf, renewed, top, ROOT).ok


def test_the_last_certificate_does_not_count_for_path_length() -> None:
    assert _check(end_entity("leaf", "top"), authority("top", "root", path_length=0), ROOT).ok


# --- validity


@pytest.mark.parametrize(
    ("at", "how"),
    [
        (SIGNER.not_after, None),
        (SIGNER.not_after + timedelta(microseconds=1), "expired"),
        (SIGNER.not_before, None),
        (SIGNER.not_before - timedelta(microseconds=1), "not-yet-valid"),
    ],
)
def test_validity_includes_both_ends(at: Any, how: str | None) -> None:
    """4.1.2.5"""
    outside = _check(SIGNER, CA, ROOT, moment=Moment(at)).outside
    assert [out.how for out in outside] == ([] if how is None else [how])


def test_shell_and_chain_model() -> None:
    """A CA that expired after it had issued: good in the chain model, outside in the shell."""
    old = replace(CA, not_after=day("2025-06-01"))
    assert [out.certificate for out in _check(SIGNER, old, ROOT).outside] == [CA.id]
    assert _check(SIGNER, old, ROOT, model="chain").ok


def test_chain_model_refuses_what_was_issued_outside_the_validity_of_the_issuer() -> None:
    late = replace(CA, not_before=day("2025-06-01"))
    check = _check(SIGNER, late, ROOT, model="chain")
    assert [cause.code for cause in validity_causes(check)] == ["chain.issued-outside-issuer-validity"]
    assert _check(SIGNER, late, ROOT).ok


def test_proven_time_outside_validity_has_its_own_reasons() -> None:
    check = _check(SIGNER, CA, ROOT, moment=Moment(day("2029-01-01"), floating=False))
    assert [cause.code for cause in validity_causes(check)] == ["chain.expired"]


# --- policies


def _policy_path(signer: tuple[str, ...] | None, ca: tuple[str, ...] | None, **changes: Any) -> tuple[Certificate, ...]:
    return (
        replace(SIGNER, policies=None if signer is None else policies(*signer)),
        replace(CA, policies=None if ca is None else policies(*ca), **changes),
        ROOT,
    )


P1, P2, P3 = "2.999.1", "2.999.2", "2.999.3"


@pytest.mark.parametrize(
    ("signer", "ca", "inputs", "ok", "valid"),
    [
        ((P1,), (P1,), {}, True, {P1}),
        ((P1,), (P1,), {"policies": frozenset({P1}), "explicit_policy": True}, True, {P1}),
        ((P1,), (P1,), {"policies": frozenset({P2}), "explicit_policy": True}, False, set()),
        ((P1,), (P1,), {"policies": frozenset({P2})}, True, set()),
        (None, (P1,), {"explicit_policy": True}, False, set()),
        (None, None, {}, True, set()),
        ((P1,), (P2,), {"explicit_policy": True}, False, set()),
        ((P1,), (ANY_POLICY,), {"explicit_policy": True}, True, {P1}),
        ((P1,), (ANY_POLICY,), {"explicit_policy": True, "inhibit_any": True}, False, set()),
        ((ANY_POLICY,), (P1,), {"explicit_policy": True}, True, {P1}),
        ((ANY_POLICY,), (ANY_POLICY,), {"explicit_policy": True}, True, {ANY_POLICY}),
        ((ANY_POLICY,), (ANY_POLICY,), {"policies": frozenset({P3}), "explicit_policy": True}, True, {P3}),
        ((P1, P2), (P1, P3), {"explicit_policy": True}, True, {P1}),
    ],
)
def test_policies(
    signer: tuple[str, ...] | None, ca: tuple[str, ...] | None, inputs: dict[str, Any], ok: bool, valid: set[str]
) -> None:
    """6.1.3 (d) to (f), 6.1.5 (g)"""
    check = _check(*_policy_path(signer, ca), inputs=PathInputs(**inputs))
    assert _codes(check) == ([] if ok else ["chain.no-valid-policy"])
    assert check.policies == valid


def test_a_certificate_may_require_an_explicit_policy() -> None:
    """6.1.4 (i)(1); PKITS 4.9"""
    for skip, ok in ((0, False), (1, False), (2, True)):
        path = _policy_path(None, (P1,), constraints=Constraints(require_explicit_policy=skip))
        assert _check(*path).ok is ok


def test_policy_mapping() -> None:
    """6.1.4 (b)(1): the CA's P1 is the signer's P2; the answer is in the anchor's domain."""
    path = _policy_path((P2,), (P1,), policy_mappings=((P1, P2),))
    wanted = PathInputs(policies=frozenset({P1}), explicit_policy=True)
    check = _check(*path, inputs=wanted)
    assert (check.ok, check.policies, check.end_policies) == (True, {P1}, {P2})
    assert not _check(*path, inputs=PathInputs(policies=frozenset({P2}), explicit_policy=True)).ok
    without = _policy_path((P2,), (P1,))
    assert _codes(_check(*without, inputs=wanted)) == ["chain.no-valid-policy"]


def test_mapping_from_any_policy_node() -> None:
    """6.1.4 (b)(1), last paragraph"""
    path = _policy_path((P2,), (ANY_POLICY,), policy_mappings=((P1, P2),))
    assert _check(*path, inputs=PathInputs(policies=frozenset({P1}), explicit_policy=True)).policies == {P1}


def test_mapping_inhibited() -> None:
    """6.1.4 (b)(2); PKITS 4.11"""
    path = _policy_path((P2,), (P1,), policy_mappings=((P1, P2),))
    assert not _check(*path, inputs=PathInputs(explicit_policy=True, inhibit_mapping=True)).ok


def test_mapping_of_any_policy_is_refused() -> None:
    """6.1.4 (a); PKITS 4.10.7 and 4.10.8"""
    for pair in ((ANY_POLICY, P1), (P1, ANY_POLICY)):
        path = _policy_path((P1,), (P1,), policy_mappings=(pair,))
        assert _codes(_check(*path)) == ["chain.policy-mapping-any"]


def test_inhibit_any_policy_in_a_certificate() -> None:
    """6.1.4 (j); PKITS 4.12"""
    path = _policy_path((ANY_POLICY,), (P1,), constraints=Constraints(inhibit_any_policy=0))
    assert not _check(*path, inputs=PathInputs(explicit_policy=True)).ok


def test_many_mappings_do_not_explode() -> None:
    """CVE-2023-0464: policies times mappings at every level."""
    oids = tuple(f"2.999.5.{i}" for i in range(12))
    mappings = tuple((a, b) for a in oids for b in oids)
    levels = [authority(f"m{i}", f"m{i + 1}", policies=policies(*oids), policy_mappings=mappings) for i in range(12)]
    path = (end_entity("leaf", "m0", policies=policies(*oids)), *levels, authority("m12", "m12"))
    assert _check(*path, inputs=PathInputs(explicit_policy=True)).ok


# --- name constraints


def _constrained(permitted: tuple[GeneralName, ...] = (), excluded: tuple[GeneralName, ...] = ()) -> Certificate:
    return replace(CA, name_constraints=NameConstraints(permitted=permitted, excluded=excluded))


TEST_ORG = directory(name(("2.5.4.10", "TEST")))


def test_directory_name_constraints() -> None:
    """4.2.1.10; PKITS 4.13"""
    assert _check(SIGNER, _constrained(permitted=(TEST_ORG,)), ROOT).ok
    other = directory(name(("2.5.4.10", "OTHER")))
    assert _codes(_check(SIGNER, _constrained(permitted=(other,)), ROOT)) == ["chain.name-constraint-violated"]
    assert _codes(_check(SIGNER, _constrained(excluded=(TEST_ORG,)), ROOT)) == ["chain.name-constraint-violated"]


def test_directory_subtree_ends_at_a_whole_rdn() -> None:
    """`O=TEST` does not cover `O=TESTING`."""
    testing = replace(SIGNER, subject=name(("2.5.4.10", "TESTING"), ("2.5.4.3", "signer")))
    assert not _check(testing, _constrained(permitted=(TEST_ORG,)), ROOT).ok
    assert _check(testing, _constrained(excluded=(TEST_ORG,)), ROOT).ok


@pytest.mark.parametrize(
    ("kind", "value", "subtree", "inside"),
    [
        ("dns", "host.example.com", "example.com", True),
        ("dns", "example.com", "example.com", True),
        ("dns", "badexample.com", "example.com", False),
        ("dns", "HOST.Example.COM", "example.com", True),
        ("email", "a@example.com", "example.com", True),
        ("email", "a@host.example.com", "example.com", False),
        ("email", "a@host.example.com", ".example.com", True),
        ("email", "a@example.com", ".example.com", False),
        ("email", "a@example.com", "a@example.com", True),
        ("email", "b@example.com", "a@example.com", False),
        ("uri", "http://host.example.com/x", ".example.com", True),
        ("uri", "http://example.com/x", ".example.com", False),
        ("uri", "http://user@example.com:80/x", "example.com", True),
        ("uri", "http://example.com.evil.test/", "example.com", False),
        ("ip", "10.1.2.3", "10.0.0.0/255.0.0.0", True),
        ("ip", "11.1.2.3", "10.0.0.0/255.0.0.0", False),
    ],
)
def test_other_names(kind: str, value: str, subtree: str, inside: bool) -> None:
    """4.2.1.10"""
    signer = replace(SIGNER, subject_alt_names=(GeneralName(kind=kind, value=value),))
    base = GeneralName(kind=kind, value=subtree)
    assert _check(signer, _constrained(permitted=(base,)), ROOT).ok is inside
    assert _check(signer, _constrained(excluded=(base,)), ROOT).ok is not inside


def test_a_constrained_kind_that_cannot_be_compared_is_refused() -> None:
    signer = replace(SIGNER, subject_alt_names=(GeneralName(kind="registered-id", value="2.999.1"),))
    assert not _check(signer, _constrained(excluded=(GeneralName(kind="registered-id", value="2.999.2"),)), ROOT).ok
    assert _check(signer, _constrained(permitted=(GeneralName(kind="dns", value="example.com"),)), ROOT).ok


def test_email_in_the_subject_counts_without_an_alternative_name() -> None:
    """4.2.1.10: emailAddress in the subject, where the certificate has no rfc822Name."""
    subject = name(("2.5.4.10", "TEST"), ("1.2.840.113549.1.9.1", "a@other.test"))
    ca = _constrained(permitted=(GeneralName(kind="email", value="example.com"),))
    assert not _check(replace(SIGNER, subject=subject), ca, ROOT).ok


def test_self_issued_intermediates_are_exempt_and_the_signer_is_not() -> None:
    """6.1.3 (b), (c)"""
    renewed = replace(authority("ca", "ca"), id=authority("ca2", "ca").id, key=authority("ca2", "ca").key)
    only = _constrained(permitted=(directory(cn("signer")),))
    assert _check(SIGNER, renewed, only, ROOT).ok
    selfish = replace(SIGNER, subject=CA.subject)
    assert not _check(selfish, only, ROOT).ok


def test_unknown_certificates_are_our_own_mistake() -> None:
    lookup = Lookup(Knowledge.build(certificates=(ROOT, CA), edges=EDGES))
    with pytest.raises(KeyError):
        check_path(lookup, SIGNER_PATH, moment=Moment(AT))


def test_results_are_remembered_per_inputs() -> None:
    lookup = Lookup(Knowledge.build(certificates=swap(replace(SIGNER, policies=None), SIGNER), edges=EDGES))
    assert check_path(lookup, SIGNER_PATH, moment=Moment(AT)).ok
    assert not check_path(lookup, SIGNER_PATH, moment=Moment(AT), inputs=PathInputs(explicit_policy=True)).ok
    assert check_path(lookup, SIGNER_PATH, moment=Moment(AT)).ok
