"""Real trusted lists, and damaged copies of one: they load or are refused as their file names say.

The independent count of services: occurrences of the start tag `<TSPService>`, with any prefix, in the bytes of the file; of
pointers: those of `<OtherTSLPointer>`; of states: those of `<StatusStartingTime>`. Nothing of our reader takes part in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interop.model.certificate import ObjectId
from interop.model.errors import InputError
from interop.model.trusted_list import ListSignature, TrustedList
from interop.trustlist.graph import authenticate
from interop.trustlist.read import read_list
from interop.trustlist.verify import accept_list, observe_list_signature
from interop.trustlist.write import write_list
from interop.x509.certificate import read_certificates
from interop.xml.observe import observe_xml

External = Callable[..., Path]
THEN = datetime(2019, 12, 1, tzinfo=UTC)
"""The lists are of the autumn of 2019."""
GOOD = ("AT", "BE", "CZ", "EU", "FI", "LU", "PE", "SE", "UK")
READABLE = (
    *(f"trusted-lists/{name}.xml" for name in (*GOOD, "CZ_broken-sig", "CZ_no-sig", "CZ_two-sigs")),
    *(
        f"dss-mra/mra-{name}.xml"
        for name in (
            "lotl",
            "zz-tl",
            "zz-lotl-history",
            "zz-lotl-custom-equivalence-context",
            "zz-lotl-duplicated-equivalence-context",
        )
    ),
    "external/dss__mra-lotl.xml",
    "external/dss__mra-zz-tl.xml",
    "external/pyhanko__eu-lotl.xml",
    "external/pyhanko__tsl-ee.xml",
)
VERSIONS = {"trusted-lists/PE.xml": 3, "external/pyhanko__eu-lotl.xml": 6}


def counted(data: bytes, tag: str) -> int:
    return len(re.findall(rb"<(?:\w+:)?" + tag.encode() + rb">", data))


@pytest.mark.parametrize("path", READABLE)
def test_services_pointers_and_states_are_those_of_the_file(external: External, path: str) -> None:
    data = external(*path.split("/")).read_bytes()
    found = read_list(data).list
    assert len(found.services) == counted(data, "TSPService")
    assert len(found.pointers) == counted(data, "OtherTSLPointer")
    assert sum(len(service.states) for service in found.services) == counted(data, "StatusStartingTime")
    assert found.version == VERSIONS.get(path, 5)
    assert {f.code for f in found.findings} == ({"trust.list-version"} if found.version == 3 else set())


def test_at_least_one_list_has_services_and_history(external: External) -> None:
    """So that the counts above do not agree on nothing."""
    found = read_list(external("trusted-lists", "CZ.xml").read_bytes()).list
    assert len(found.services) > 100
    assert any(len(service.states) > 1 for service in found.services)
    assert any(state.qualifications for service in found.services for state in service.states)


def test_the_one_that_is_not_xml_is_refused(external: External) -> None:
    with pytest.raises(InputError, match=r"container\.xml-malformed"):
        read_list(external("trusted-lists", "CZ_not-parsable.xml").read_bytes())


def seen(external: External, name: str) -> TrustedList:
    data = external(*name.split("/")).read_bytes()
    return replace(read_list(data).list, signature=observe_list_signature(data))


@pytest.mark.parametrize("name", GOOD)
def test_real_lists_are_signed_as_a_whole_by_one(external: External, name: str) -> None:
    trusted = seen(external, f"trusted-lists/{name}.xml")
    assert trusted.signature.count == 1
    assert trusted.signature.covers_all
    assert trusted.signature.digests_ok
    assert len(trusted.signature.value_ok) == 1
    assert accept_list(trusted, trusted.signature.value_ok, THEN).accepted


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CZ_broken-sig", "trust.list-damaged"),
        ("CZ_no-sig", "trust.list-unsigned"),
        ("CZ_two-sigs", "trust.list-signed-twice"),
    ],
)
def test_damaged_lists_are_refused_as_their_names_say(external: External, name: str, code: str) -> None:
    signer = seen(external, "trusted-lists/CZ.xml").signature.value_ok
    trusted = seen(external, f"trusted-lists/{name}.xml")
    verdict = accept_list(trusted, signer, THEN)
    assert verdict.refusal is not None
    assert verdict.refusal.code == code
    assert verdict.signer is None


def test_the_edited_variant_of_the_pilot_list_is_not_signed_again(external: External) -> None:
    """Its project re-signs it before use; as it stands its digest does not hold. Its twin with another context does."""
    verdicts = {
        name: accept_list(trusted, trusted.signature.value_ok, THEN).refusal
        for name in ("duplicated", "custom")
        for trusted in [seen(external, f"dss-mra/mra-zz-lotl-{name}-equivalence-context.xml")]
    }
    assert verdicts["custom"] is None
    assert verdicts["duplicated"] is not None
    assert verdicts["duplicated"].code == "trust.list-damaged"


def test_national_lists_of_2019_are_reached_through_the_list_of_lists(external: External) -> None:
    """All of them were signed by those that the list of lists of that time names; nothing leads from it to Peru."""
    lotl = external("trusted-lists", "EU.xml").read_bytes()
    signer = _der(lotl, observe_list_signature(lotl).value_ok[0])
    names = [f"{name}.xml" for name in GOOD]
    files = [(name, external("trusted-lists", name).read_bytes()) for name in names]
    graph = authenticate(files, signers=[signer], at=THEN)
    reached = {graph.names[entry.list.id] for entry in graph.authenticated}
    refused = {entry.name: entry.reason.code for entry in graph.refused}
    assert reached == {name for name in names if name != "PE.xml"}
    assert refused == {"PE.xml": "trust.list-not-pointed-to"}
    root = next(entry for entry in graph.authenticated if graph.names[entry.list.id] == "EU.xml")
    for entry in graph.authenticated:
        if entry is root:
            assert entry.path == ()
            continue
        assert entry.path == (root.list.id,)
        pointer = next(p for p in root.list.pointers if p.territory == entry.territory and p.type == entry.list.type)
        assert entry.signer in pointer.signers
        assert entry.recognition is None


def _der(data: bytes, name: ObjectId) -> bytes:
    return observe_xml(data).objects[name]


def test_estonia_is_reached_through_the_list_of_lists_of_its_time(external: External) -> None:
    lotl = external("external", "pyhanko__eu-lotl.xml").read_bytes()
    files = [("lotl", lotl), ("ee", external("external", "pyhanko__tsl-ee.xml").read_bytes())]
    signer = _der(lotl, observe_list_signature(lotl).value_ok[0])
    graph = authenticate(files, signers=[signer], at=datetime(2025, 12, 1, tzinfo=UTC))
    assert [entry.territory for entry in graph.authenticated] == ["EU", "EE"]
    assert graph.refused == ()


def test_the_pilot_country_is_reached_with_its_recognition(external: External) -> None:
    signer = read_certificates(external("dss-mra", "cookbook-lotl-signer.pem").read_bytes(), "signer")
    names = ("dss__mra-lotl.xml", "dss__mra-zz-tl.xml")
    files = [(name, external("external", name).read_bytes()) for name in names]
    graph = authenticate(files, signers=signer, at=datetime(2022, 8, 1, tzinfo=UTC))
    assert [entry.territory for entry in graph.authenticated] == ["EU", "ZZ"]
    zz = graph.authenticated[1]
    assert zz.recognition is not None
    assert [e.legal_identifier for e in zz.recognition.equivalences] == ["QCForESig"]
    assert [f.code for f in zz.findings] == ["trust.list-territory-differs"], "the pointer says XX"
    plain = authenticate(files, signers=signer, at=datetime(2022, 8, 1, tzinfo=UTC), recognition=False)
    assert plain.authenticated[1].recognition is None
    nobody = authenticate(files, signers=[], at=datetime(2022, 8, 1, tzinfo=UTC))
    assert nobody.authenticated == ()
    assert [entry.reason.code for entry in nobody.refused] == ["trust.list-not-pointed-to"] * 2


def comparable(trusted: TrustedList) -> TrustedList:
    return replace(trusted, id=ObjectId(""), signature=ListSignature(count=0))


@pytest.mark.parametrize("path", READABLE)
def test_what_is_read_is_written_and_read_again(external: External, path: str) -> None:
    first = read_list(external(*path.split("/")).read_bytes())
    second = read_list(write_list(first.list, first.certificates))
    assert comparable(second.list) == comparable(first.list)
    assert set(second.certificates) == set(first.certificates)
