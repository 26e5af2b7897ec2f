"""Which lists are believed: own lists with one thing wrong each, and the same without it as control."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from list_world import (
    LOTL_TYPE,
    SIGNED,
    START,
    World,
    ca_der,
    key,
    known,
    list_of_lists,
    list_signer,
    name,
    recognition,
    signed,
    spec,
    third_country_list,
    world,
)

from interop.model.hierarchy import Extensions
from interop.model.trusted_list import TrustedList
from interop.pki.issue import certificate_der
from interop.trustlist.graph import ListGraph, authenticate, pointer_fits
from interop.trustlist.read import read_list
from interop.trustlist.verify import accept_list, observe_list_signature
from interop.trustlist.write import ListSigner, sign_list, write_list
from interop.x509.certificate import object_id
from interop.xml.mutate import xml_wrapping
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

LOTL, ZZ = "lotl.xml", "zz.xml"


def graph(lotl: bytes, *others: bytes) -> ListGraph:
    files = [(LOTL, lotl), *((ZZ if n == 0 else f"zz-{n}.xml", data) for n, data in enumerate(others))]
    return authenticate(files, signers=[list_signer("lotl").certificate], at=SIGNED)


def reasons(found: ListGraph) -> dict[str, str]:
    return {entry.name: entry.reason.code for entry in found.refused}


def both() -> tuple[bytes, bytes]:
    made: World = world()
    return made.lotl, made.zz


def test_control() -> None:
    lotl, zz = both()
    found = graph(lotl, zz)
    assert [found.names[entry.list.id] for entry in found.authenticated] == [LOTL, ZZ]
    root, third = found.authenticated
    assert root.path == ()
    assert root.signer == object_id(list_signer("lotl").certificate)
    assert third.path == (root.list.id,)
    assert third.signer == object_id(list_signer("zz").certificate)
    assert third.territory == "ZZ"
    assert third.recognition == recognition()
    assert found.service_certificates == {object_id(ca_der())}
    assert found.refused == ()


def test_a_list_of_lists_that_is_changed_takes_all_lists_with_it() -> None:
    lotl, zz = both()
    found = graph(lotl.replace(b"TEST operator of the list", b"TEST  operator of the list"), zz)
    assert found.authenticated == ()
    assert reasons(found) == {LOTL: "trust.list-damaged", ZZ: "trust.list-not-pointed-to"}


def test_a_changed_list_is_refused_alone() -> None:
    lotl, zz = both()
    found = graph(lotl, zz.replace(b"Svcstatus/granted", b"Svcstatus/withdrawn"))
    assert len(found.authenticated) == 1
    assert reasons(found) == {ZZ: "trust.list-damaged"}


def test_a_changed_signature_value_is_refused() -> None:
    lotl, zz = both()
    start = zz.index(b">", zz.index(b"<ds:SignatureValue")) + 1
    other = b"A" if zz[start : start + 1] != b"A" else b"B"
    found = graph(lotl, zz[:start] + other + zz[start + 1 :])
    assert reasons(found) == {ZZ: "trust.list-signature-invalid"}


def test_a_list_that_another_signed_is_refused() -> None:
    lotl, _ = both()
    assert reasons(graph(lotl, signed(third_country_list(), "stranger"))) == {ZZ: "trust.list-signer-unknown"}


def test_the_signer_of_the_list_of_lists_may_not_sign_other_lists_by_that() -> None:
    """Only who trusts the first list names its signer: then a second list of the same signer is a first list of its own."""
    lotl, _ = both()
    found = graph(lotl, signed(third_country_list(), "lotl"))
    third = found.authenticated[1]
    assert third.path == ()
    assert third.recognition is None, "no pointer leads to it, so no agreement does"


def test_a_certificate_under_another_key_of_the_named_subject_is_refused() -> None:
    lotl, _ = both()
    false = ListSigner(key=key("stranger"), certificate=list_signer("zz").certificate, signature="ecdsa-sha256")
    data = sign_list(write_list(third_country_list(), known()), false, signing=SIGNED)
    assert reasons(graph(lotl, data)) == {ZZ: "trust.list-signature-invalid"}


def test_a_list_of_another_type_is_not_pointed_to() -> None:
    lotl, _ = both()
    other = replace(third_country_list(), type="http://lists.zz.example/TSLType/other")
    assert reasons(graph(lotl, signed(other, "zz"))) == {ZZ: "trust.list-not-pointed-to"}


def test_a_pointer_of_another_territory_fits_where_no_other_has_the_type() -> None:
    """TS 119 612 clause 5.3.13: a pointer names type and territory of the list. Alone of its type it cannot mean another list."""
    trusted = third_country_list()
    (named,) = list_of_lists(None).pointers
    elsewhere = replace(named, territory="AA")
    assert pointer_fits(named, trusted, [named, elsewhere]), "control: type and territory are those of the list"
    assert pointer_fits(elsewhere, trusted, [elsewhere])
    assert not pointer_fits(elsewhere, trusted, [elsewhere, named])
    assert not pointer_fits(elsewhere, trusted, [elsewhere, replace(elsewhere, territory="BB")])
    other_type = replace(elsewhere, type="http://lists.zz.example/TSLType/other")
    for beside in (other_type, replace(named, mime_type="application/pdf")):
        assert pointer_fits(elsewhere, trusted, [elsewhere, beside])


def test_the_signers_of_a_pointer_for_another_territory_sign_no_other_list() -> None:
    """Two pointers of one type: whom the one for AA names may not sign the list of ZZ."""
    first = list_of_lists(recognition())
    zz = first.pointers[0]
    aa = replace(zz, territory="AA", signers=(object_id(list_signer("middle").certificate),))
    data = signed(third_country_list(), "middle")
    both_named = graph(signed(replace(first, pointers=(aa, zz)), "lotl"), data)
    assert len(both_named.authenticated) == 1
    assert reasons(both_named) == {ZZ: "trust.list-signer-unknown"}
    alone = graph(signed(replace(first, pointers=(aa,)), "lotl"), data)
    assert [finding.code for finding in alone.authenticated[1].findings] == ["trust.list-territory-differs"]


def test_an_older_issue_gives_way_to_a_newer_one() -> None:
    lotl, _ = both()
    old, new = (signed(replace(third_country_list(), sequence=n), "zz") for n in (4, 5))
    found = graph(lotl, old, new)
    assert reasons(found) == {ZZ: "trust.list-superseded"}
    assert [entry.list.sequence for entry in found.authenticated] == [7, 5]
    assert reasons(graph(new_lotl(8), lotl)) == {ZZ: "trust.list-superseded"}


def new_lotl(sequence: int) -> bytes:
    return signed(replace(list_of_lists(recognition()), sequence=sequence), "lotl")


def test_a_newer_issue_that_is_damaged_does_not_displace_the_older_one() -> None:
    lotl, _ = both()
    old, new = (signed(replace(third_country_list(), sequence=n), "zz") for n in (4, 5))
    found = graph(lotl, old, new.replace(b"Svcstatus/granted", b"Svcstatus/withdrawn"))
    assert [entry.list.sequence for entry in found.authenticated] == [7, 4]
    assert reasons(found) == {"zz-1.xml": "trust.list-damaged"}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"next_update": SIGNED - timedelta(days=1)}, ["trust.list-expired"]),
        ({"next_update": None}, ["trust.list-closed"]),
    ],
)
def test_a_list_past_its_next_update_is_believed_with_a_finding(change: dict[str, object], codes: list[str]) -> None:
    lotl, _ = both()
    values: TrustedList = replace(third_country_list(), **change)  # type: ignore[arg-type]
    found = graph(lotl, signed(values, "zz"))
    assert [f.code for f in found.authenticated[1].findings] == codes


def test_what_is_no_list_is_named() -> None:
    lotl, _ = both()
    found = graph(lotl, b"<note/>", b"no xml", lotl[: len(lotl) // 2])
    assert set(reasons(found).values()) == {"trust.list-unreadable"}
    assert len(found.refused) == 3
    assert "no TrustServiceStatusList" in found.refused[0].reason.detail


def test_a_list_reached_over_two_pointers_has_both_in_its_path() -> None:
    middle_type = "http://lists.example/TSLType/middle"
    first = list_of_lists(None)
    pointer = replace(
        first.pointers[0],
        type=middle_type,
        territory="MM",
        signers=(object_id(list_signer("middle").certificate),),
    )
    top = signed(replace(first, type=LOTL_TYPE, pointers=(pointer,)), "lotl")
    middle = signed(replace(list_of_lists(recognition()), type=middle_type, territory="MM"), "middle")
    _, zz = both()
    files = [("zz", zz), ("middle", middle), ("top", top)]
    found = authenticate(files, signers=[list_signer("lotl").certificate], at=SIGNED)
    assert {found.names[e.list.id]: len(e.path) for e in found.authenticated} == {"top": 0, "middle": 1, "zz": 2}
    third = found.authenticated[2]
    assert [found.names[i] for i in third.path] == ["top", "middle"]
    assert third.recognition == recognition(), "that of the last pointer"


def test_a_signature_is_a_fact_whoever_is_named() -> None:
    lotl, _ = both()
    fact = observe_list_signature(lotl)
    assert fact.value_ok == (object_id(list_signer("lotl").certificate),)
    named = observe_list_signature(lotl, offered=[list_signer("zz").certificate])
    assert named.value_ok == fact.value_ok, "a certificate of another key adds nothing"
    trusted = replace(read_list(lotl).list, signature=fact)
    assert accept_list(trusted, fact.value_ok, SIGNED).signer == fact.value_ok[0]
    assert accept_list(trusted, fact.value_ok, SIGNED, newest=8).refusal is not None
    unobserved = read_list(lotl).list
    refusal = accept_list(unobserved, fact.value_ok, SIGNED).refusal
    assert refusal is not None
    assert refusal.code == "trust.list-unsigned", "a list whose signature nobody looked at is not believed"


def test_a_signed_list_moved_aside_is_refused() -> None:
    """Wrapping: another list stands where the signed one should, which still verifies beside it."""
    lotl, _ = both()
    signer = list_signer("zz")
    wanted = XmlSignRequest(
        key=signer.key,
        certificate=signer.certificate,
        signature=signer.signature,
        signing=SIGNED,
        reference="id",
    )
    data = sign_xml(write_list(third_country_list(), known()), wanted)
    assert reasons(graph(lotl, data)) == {}, "control: signed by its Id, as a whole"
    assert reasons(graph(lotl, xml_wrapping(data))) == {ZZ: "trust.list-signature-partial"}


def test_a_signature_whose_properties_name_another_certificate_is_refused() -> None:
    """The value verifies with the named signer's key, and SigningCertificate bears the digest of something else."""
    lotl, _ = both()
    signer = list_signer("zz")
    wanted = XmlSignRequest(
        key=signer.key,
        certificate=signer.certificate,
        signature=signer.signature,
        signing=SIGNED,
        wrong_certificate_digest=True,
    )
    data = sign_xml(write_list(third_country_list(), known()), wanted)
    assert reasons(graph(lotl, data)) == {ZZ: "trust.list-signature-invalid"}


def test_another_certificate_of_the_same_key_counts_only_where_none_is_named() -> None:
    """EN 319 132-1 clause 5.2.2: SigningCertificateV2 says which certificate signed, so one beside it of the same key did not."""
    signer, renewed = list_signer("zz"), _same_key("zz")
    mine, other = object_id(signer.certificate), object_id(renewed)
    assert mine != other
    unsigned = write_list(third_country_list(), known())
    named = sign_list(unsigned, signer, signing=SIGNED)
    assert observe_list_signature(named, offered=[signer.certificate, renewed]).value_ok == (mine,)
    wanted = XmlSignRequest(
        key=signer.key,
        certificate=signer.certificate,
        signature=signer.signature,
        signing=SIGNED,
        signing_certificate="none",
    )
    bare = sign_xml(unsigned, wanted)
    assert observe_list_signature(bare, offered=[renewed]).value_ok == (mine, other), "control: nothing names one"
    first = list_of_lists(recognition())
    for data, refused in ((named, {ZZ: "trust.list-signer-unknown"}), (bare, {})):
        lotl = replace(first, pointers=(replace(first.pointers[0], signers=(other,)),))
        files = sign_list(write_list(lotl, {**known(), other: renewed}), list_signer("lotl"), signing=SIGNED)
        assert reasons(graph(files, data)) == refused


def _same_key(owner: str) -> bytes:
    """Another certificate of the list signer's key and subject."""
    own = spec(owner, owner, name(f"TEST {owner}", "ZZ"), Extensions(ca=True, key_usage=("digitalSignature",)), START)
    return certificate_der(own, key(owner), own, key(owner), 4)
