"""Reading what lists write in their own ways: forms of an OID, unknown conditions, unreadable entries."""

from __future__ import annotations

import pytest
from list_world import POLICY, known, list_of_lists, recognition, third_country_list

from interop.model.errors import InputError
from interop.model.trusted_list import TrustedList
from interop.trustlist.read import read_list
from interop.trustlist.write import write_list


def text(values: TrustedList) -> str:
    return write_list(values, known()).decode()


def policies(document: str) -> tuple[tuple[str, ...], ...]:
    found = read_list(document.encode()).list
    return found.services[0].states[0].qualifications[0].criteria.policies


@pytest.mark.parametrize("form", ["{}", "urn:oid:{}", "URN:OID:{}", "  urn:oid:{}\n"])
def test_an_oid_is_the_same_in_every_form(form: str) -> None:
    document = text(third_country_list()).replace(f"urn:oid:{POLICY}", form.format(POLICY))
    assert policies(document) == ((POLICY,),)


def test_a_condition_that_is_not_understood_is_named() -> None:
    written = text(third_country_list())
    document = written.replace("</ecc:PolicySet>", "</ecc:PolicySet><ecc:Strange/>")
    assert document != written
    state = read_list(document.encode()).list.services[0].states[0]
    assert state.qualifications[0].criteria.unknown == ("Strange",)


def test_qualifications_without_criteria_apply_to_nobody() -> None:
    written = text(third_country_list())
    start, end = written.index("<ecc:CriteriaList"), written.index("</ecc:CriteriaList>") + len("</ecc:CriteriaList>")
    state = read_list((written[:start] + written[end:]).encode()).list.services[0].states[0]
    assert state.qualifications[0].criteria.unknown == ("missing",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<tsl:StatusStartingTime>2020", "<tsl:StatusStartingTime>some day 2020", "trust.list-time-unreadable"),
        ("<tsl:StatusStartingTime>2020", "<tsl:StatusStartingTime>some day 2020", "trust.list-service-unreadable"),
        ("<tsl:X509Certificate>MI", "<tsl:X509Certificate>*I", "trust.list-certificate-unreadable"),
        ("<tsl:TSLVersionIdentifier>5", "<tsl:TSLVersionIdentifier>4", "trust.list-version"),
    ],
)
def test_what_cannot_be_read_is_a_finding(old: str, new: str, code: str) -> None:
    written = text(third_country_list())
    assert old in written
    found = read_list(written.replace(old, new).encode()).list
    assert code in {finding.code for finding in found.findings}


def test_recognition_without_a_time_is_left_out_and_named() -> None:
    written = text(list_of_lists(recognition()))
    document = written.replace("TrustServiceEquivalenceStatusStartingTime", "Other")
    found = read_list(document.encode()).list
    assert found.pointers[0].recognition is None
    assert "trust.list-recognition-unreadable" in {finding.code for finding in found.findings}


def test_a_document_type_is_refused() -> None:
    with pytest.raises(InputError):
        read_list(b"<!DOCTYPE x [<!ENTITY y 'z'>]>" + write_list(third_country_list(), known()).partition(b"?>")[2])
