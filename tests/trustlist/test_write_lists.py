"""What is written is what is read: for any values, and for what the values cannot say an error instead of another list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_world import (
    SIGNED,
    known,
    list_of_lists,
    list_signer,
    recognition,
    service,
    signed,
    third_country_list,
)
from lxml import etree

from interop.model.certificate import ObjectId
from interop.model.errors import InputError, UsageError
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    ListPointer,
    ListSignature,
    MutualRecognition,
    NamedType,
    QcCondition,
    Qualification,
    ServiceState,
    TrustedList,
    TrustedService,
    TrustServiceProvider,
)
from interop.trustlist.read import read_list
from interop.trustlist.verify import observe_list_signature
from interop.trustlist.write import sign_list, write_list
from interop.xml.observe import observe_xml

NAMES = st.text(alphabet="abcXYZ09 <>&\"'/:?]é中😀", min_size=1, max_size=12).map(str.strip)
URIS = st.sampled_from(["http://a.example/x", "http://a.example/y?q=1&r=<2>", "urn:b", "https://例.example/"])
OIDS = st.sampled_from(["2.999.1", "2.999.2.7", "0.4.0.1862.1.1", "1.3.6.1.5.5.7.3.8"])
TIMES = st.integers(0, 10**9).map(lambda n: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
CERTIFICATES = st.sampled_from(sorted(known()))
NUMBERS = st.none() | st.integers(0, 99)


def tuples(items: st.SearchStrategy, most: int = 2, least: int = 0) -> st.SearchStrategy:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


BITS = st.tuples(st.sampled_from(["nonRepudiation", "crlSign"]), st.booleans())
CONDITIONS = st.builds(QcCondition, oid=OIDS, type=st.none() | OIDS, legislation=st.none() | st.just("ZZ"))
ASSERTIONS = st.sampled_from(["all", "atLeastOne", "none"])


def a_criteria_list(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(
        CriteriaList,
        assertion=ASSERTIONS,
        key_usages=tuples(tuples(BITS)),
        policies=tuples(tuples(OIDS)),
        subject_attributes=tuples(tuples(OIDS), 1),
        extended_key_usages=tuples(tuples(OIDS), 1),
        qc_statements=tuples(tuples(CONDITIONS)),
        lists=inner,
    )


CRITERIA = a_criteria_list(tuples(a_criteria_list(st.just(())), 2))
RAW = {
    '<Extension xmlns="http://uri.etsi.org/02231/v2#" Critical="true">'
    '<x:Odd xmlns:x="urn:odd">a &lt; b 中</x:Odd></Extension>': ("Odd",),
    '<t:Extension xmlns:t="http://uri.etsi.org/02231/v2#" Critical="false"><Bare>1</Bare></t:Extension>': (),
    '<tsl:Extension xmlns:tsl="http://uri.etsi.org/02231/v2#" Critical="true"><tsl:TakenOverBy></tsl:TakenOverBy>'
    "</tsl:Extension>": (),
}
"""Extensions without a field of their own, in exclusive canonical form -> what of them keeps the service from being used."""


@st.composite
def states(draw: st.DrawFn, since: datetime) -> ServiceState:
    extensions = draw(st.lists(st.sampled_from(list(RAW)), unique=True, max_size=2))
    return ServiceState(
        type=draw(URIS),
        name=draw(st.just("") | NAMES),
        status=draw(URIS),
        since=since,
        certificates=tuple(dict.fromkeys(draw(tuples(CERTIFICATES)))),
        subjects=draw(tuples(NAMES)),
        key_ids=draw(tuples(st.binary(min_size=1, max_size=20).map(bytes.hex))),
        additional=draw(tuples(URIS)),
        qualifications=draw(
            tuples(
                st.builds(
                    Qualification,
                    qualifiers=tuples(URIS),
                    criteria=CRITERIA | st.just(CriteriaList(unknown=("missing",))),
                )
            )
        ),
        expired_revocation_since=draw(st.none() | TIMES),
        unknown_critical=tuple(name for text in extensions for name in RAW[text]),
        raw_extensions=tuple(extensions),
    )


@st.composite
def services(draw: st.DrawFn) -> TrustedService:
    times = sorted(draw(st.lists(TIMES, min_size=1, max_size=3, unique=True)), reverse=True)
    return TrustedService(states=tuple(draw(states(since)) for since in times))


TYPES = tuples(st.builds(NamedType, type=URIS, additional=st.none() | URIS))
CONTENTS = tuples(st.builds(ContentEquivalence, context=URIS, pointing=CRITERIA, pointed=CRITERIA))


@st.composite
def equivalences(draw: st.DrawFn) -> Equivalence:
    times = sorted(draw(st.lists(TIMES, min_size=1, max_size=3, unique=True)), reverse=True)
    terms = [
        EquivalenceTerms(
            status=draw(URIS),
            since=since,
            pointing_types=draw(TYPES),
            pointed_types=draw(TYPES),
            valid_pointing=draw(tuples(URIS)),
            valid_pointed=draw(tuples(URIS)),
            invalid_pointing=draw(tuples(URIS)),
            invalid_pointed=draw(tuples(URIS)),
            contents=draw(CONTENTS),
            qualifiers=draw(tuples(st.tuples(URIS, URIS))),
        )
        for since in times
    ]
    return Equivalence(legal_identifier=draw(NAMES), terms=tuple(terms))


RECOGNITIONS = st.builds(
    MutualRecognition,
    pointing_legislation=URIS,
    pointed_legislation=URIS,
    equivalences=tuples(equivalences()),
    depth=NUMBERS,
    technical_type=NUMBERS,
    version=NUMBERS,
)
POINTERS = st.builds(
    ListPointer,
    location=URIS,
    signers=tuples(CERTIFICATES).map(lambda found: tuple(dict.fromkeys(found))),
    type=st.none() | URIS,
    territory=st.none() | st.just("ZZ"),
    mime_type=st.none() | st.just("application/vnd.etsi.tsl+xml"),
    recognition=st.none() | RECOGNITIONS,
)
LISTS = st.builds(
    TrustedList,
    id=st.just(ObjectId("")),
    version=st.sampled_from([5, 6]),
    sequence=NUMBERS,
    type=URIS,
    territory=st.none() | st.just("ZZ"),
    operator=st.just("") | NAMES,
    scheme=st.just("") | NAMES,
    issued=st.none() | TIMES,
    next_update=st.none() | TIMES,
    pointers=tuples(POINTERS),
    providers=tuples(
        st.builds(
            TrustServiceProvider,
            name=st.just("") | NAMES,
            trade_names=tuples(NAMES.filter(bool)),
            services=tuples(services()),
        )
    ),
)


def again(values: TrustedList) -> TrustedList:
    found = read_list(write_list(values, known())).list
    return replace(found, id=ObjectId(""), signature=ListSignature(count=0))


@given(LISTS)
def test_whatever_is_written_reads_back_the_same(values: TrustedList) -> None:
    assert again(values) == values


@given(LISTS)
def test_signing_changes_nothing_that_is_read(values: TrustedList) -> None:
    data = sign_list(write_list(values, known()), list_signer("zz"), signing=SIGNED)
    found = read_list(data).list
    assert replace(found, id=ObjectId("")) == values
    fact = observe_list_signature(data)
    assert (fact.count, fact.covers_all, fact.digests_ok, len(fact.value_ok)) == (1, True, True, 1)


@pytest.mark.parametrize(("version", "how"), [(5, "signing-certificate"), (6, "signing-certificate-v2")])
def test_the_version_decides_how_the_signer_is_named(version: int, how: str) -> None:
    """Version 6 lists are signed with SigningCertificateV2 (reference/foreign-profiles.md 1.8)."""
    data = signed(list_of_lists(recognition(), version=version), "lotl")
    (facts,) = observe_xml(data).facts.signatures
    assert how in {binding.how for binding in facts.bound_by}
    assert facts.level == "B-B"
    assert facts.packaging == "enveloped"
    assert facts.algorithm.canonicalization == "http://www.w3.org/2001/10/xml-exc-c14n#"
    assert [r.target for r in facts.references if r.role == "content"] == [""]


def test_a_list_is_signed_once() -> None:
    with pytest.raises(UsageError, match="signed already"):
        sign_list(signed(third_country_list(), "zz"), list_signer("zz"), signing=SIGNED)


def test_what_is_no_list_is_not_signed() -> None:
    with pytest.raises(InputError, match="no TrustServiceStatusList"):
        sign_list(b"<note/>", list_signer("zz"), signing=SIGNED)


def test_criteria_that_were_not_understood_are_not_written_as_others() -> None:
    odd = Qualification(qualifiers=("urn:q",), criteria=CriteriaList(unknown=("Strange",)))
    with pytest.raises(UsageError, match="Strange was not understood"):
        write_list(third_country_list(service(qualifications=(odd,))), known())


def test_a_certificate_that_is_not_given_is_named() -> None:
    with pytest.raises(UsageError, match="sha256:ab is named in the list and not given"):
        write_list(third_country_list(service(certificates=(ObjectId("sha256:ab"),))), known())


def test_text_that_xml_cannot_carry_is_named() -> None:
    with pytest.raises(UsageError, match="Name"):
        write_list(third_country_list(service(name="bell \x07")), known())


def test_the_document_is_the_one_that_the_standard_describes() -> None:
    """Order of the elements of SchemeInformation (TS 119 612 annex C) and of a service."""
    root = etree.fromstring(write_list(list_of_lists(recognition()), known()))
    names = [etree.QName(child).localname for child in root[0]]
    assert names == [
        "TSLVersionIdentifier",
        "TSLSequenceNumber",
        "TSLType",
        "SchemeOperatorName",
        "SchemeOperatorAddress",
        "SchemeName",
        "SchemeInformationURI",
        "StatusDeterminationApproach",
        "SchemeTypeCommunityRules",
        "SchemeTerritory",
        "PolicyOrLegalNotice",
        "HistoricalInformationPeriod",
        "PointersToOtherTSL",
        "ListIssueDateTime",
        "NextUpdate",
    ]
