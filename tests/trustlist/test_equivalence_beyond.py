"""What the European model drops or cannot say: ambiguity is named, both directions, two parties that are not the Union.

Sources: reference/dss.md 1.3 (exactly one equivalence must speak of a service; differing results are not applied) and 1.4 (what that
model leaves out).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from list_world import (
    ENACTED,
    EQUIVALENCE,
    ESEAL,
    GRANTED,
    INFO,
    ISSUED,
    LOTL_TYPE,
    QC_COMPLIANCE,
    QC_QSCD,
    QC_TYPE,
    QC_TYPES,
    REPEALED,
    SIGNED,
    SIGNER_EXTENSIONS,
    SSCD,
    TERMS,
    TYPE,
    WITHDRAWN,
    ZZ,
    ZZ_GRANTED,
    ZZ_INFO,
    ZZ_LIST_TYPE,
    ZZ_TYPE,
    ZZ_WITHDRAWN,
    changed,
    criteria,
    list_of_lists,
    list_signer,
    parsed,
    qc,
    recognition,
    service,
    signed,
    signer_der,
    stated,
    third_country_list,
    world,
)

from interop.model.indication import Indication
from interop.model.instant import Interval
from interop.model.qualification import QualificationOutcome, SignatureQualification, Vocabulary
from interop.model.trusted_list import (
    Equivalence,
    EquivalenceTerms,
    ListPointer,
    MutualRecognition,
    NamedType,
    Qualification,
)
from interop.recognition.equivalence import in_force, windows
from interop.recognition.qualification import qualify
from interop.trustlist.graph import authenticate
from interop.x509.certificate import object_id, parse_certificate

QESIG, ADESIG = SignatureQualification.QESIG, SignatureQualification.ADESIG


def codes(outcome: QualificationOutcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def test_two_equivalences_that_speak_of_one_service_are_named_and_none_is_applied() -> None:
    outcome = world([EQUIVALENCE, replace(EQUIVALENCE, legal_identifier="Second")]).qualify()
    assert outcome.signature is ADESIG
    assert outcome.translated_by is None
    assert codes(outcome) == ["trust.equivalence-several"]
    assert outcome.findings[0].detail == "QCForESig, Second"


def test_one_of_them_whose_terms_ended_before_issuance_does_not_count() -> None:
    """Only terms at or after the issuance of the certificate speak; a repealed one that still runs does."""
    long_ago = replace(TERMS, since=ISSUED - timedelta(days=900))
    other_type = replace(TERMS, since=ISSUED - timedelta(days=30), pointed_types=(NamedType(type=ZZ + "other"),))
    ended = Equivalence(legal_identifier="Ended", terms=(other_type, long_ago))
    assert world([EQUIVALENCE, ended]).qualify().signature is QESIG
    repealed = Equivalence(legal_identifier="Repealed", terms=(replace(TERMS, status=REPEALED),))
    assert codes(world([EQUIVALENCE, repealed]).qualify()) == ["trust.equivalence-several"]


@pytest.mark.parametrize(
    "terms",
    [
        {"pointing_types": (NamedType(type="urn:first"), *TERMS.pointing_types)},
        {"invalid_pointed": (ZZ_WITHDRAWN, ZZ_GRANTED)},
        {"contents": (*TERMS.contents, QC_QSCD)},
    ],
    ids=["types", "status", "contents"],
)
def test_terms_that_leave_a_choice_are_named(terms: dict[str, object]) -> None:
    outcome = world([changed(**terms)]).qualify()
    assert codes(outcome) == ["trust.equivalence-ambiguous"]
    assert outcome.signature is QESIG, "the choice is made as the European model makes it"


SEAL_TYPE = ZZ + "Svctype/CA/QC/for-eSeal"


def for_seals(**fields: object) -> Equivalence:
    terms = replace(
        TERMS,
        pointing_types=(NamedType(type=TYPE),),
        pointed_types=(NamedType(type=SEAL_TYPE),),
        **fields,  # type: ignore[arg-type]
    )
    return Equivalence(legal_identifier="QCForESeal", terms=(terms,))


def test_equivalences_of_two_services_that_translate_differently_are_named() -> None:
    """The CA stands on the list twice; the two equivalences disagree about the device, so the certificate stays as it is."""
    no_device = replace(QC_QSCD, pointing=criteria("none", qc_statements=stated(qc(SSCD))))
    services = [service(), service(type=SEAL_TYPE)]
    agreed = world([EQUIVALENCE, for_seals()], services=services).qualify()
    assert agreed.translated_by == "QCForESig, QCForESeal"
    assert codes(agreed) == []
    differ = world([EQUIVALENCE, for_seals(contents=(QC_COMPLIANCE, QC_TYPES, no_device))], services=services).qualify()
    assert codes(differ) == ["trust.equivalence-content-conflict"]
    assert differ.translated_by is None
    assert differ.content.legislations == ("ZZ",)


def test_the_reason_is_named_where_no_terms_are_in_force() -> None:
    outcome = world([changed(status=REPEALED)]).qualify()
    assert outcome.at_best_time is not None
    found = [finding.code for finding in outcome.at_best_time.findings]
    assert found == ["trust.equivalence-not-in-force", "trust.list-foreign-legislation"]


def test_windows_follow_each_other_without_gap() -> None:
    later = replace(TERMS, status=REPEALED, since=SIGNED)
    first, second = windows(replace(EQUIVALENCE, terms=(later, TERMS)))
    assert first.span == Interval(SIGNED, None)
    assert second.span == Interval(TERMS.since, SIGNED)
    information = recognition(replace(EQUIVALENCE, terms=(later, TERMS)))
    assert [w.terms.status for w in in_force(information, SIGNED - timedelta(seconds=1))] == [ENACTED]
    assert in_force(information, SIGNED) == ()
    assert in_force(information, TERMS.since - timedelta(seconds=1)) == ()


def test_a_repealed_equivalence_still_counts_for_signatures_before_its_repeal() -> None:
    repeal = SIGNED + timedelta(days=10)
    made = world([replace(EQUIVALENCE, terms=(replace(TERMS, status=REPEALED, since=repeal), TERMS))])
    answers = {days: made.qualify(at=repeal + timedelta(days=days)).signature for days in (-1, 0, 1)}
    assert answers == {-1: QESIG, 0: ADESIG, 1: ADESIG}


def test_a_service_of_an_ordinary_list_keeps_its_word_beside_a_list_with_recognition() -> None:
    """The European model leaves ordinary lists out as soon as one service is reached through mutual recognition."""
    ordinary = third_country_list(service(type=TYPE, status=GRANTED, additional=(INFO + "ForeSignatures",)))
    ordinary = replace(ordinary, type="http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric", territory="AA")
    pointers = list_of_lists(recognition(changed(status=REPEALED)))
    pointer = replace(pointers.pointers[0], type=ordinary.type, territory="AA", recognition=None)
    lotl = signed(replace(pointers, pointers=(*pointers.pointers, pointer)), "lotl")
    own = replace(SIGNER_EXTENSIONS, qc_statements=SIGNER_EXTENSIONS.qc_statements[:3])
    made = world(signer=signer_der(own))
    files = [("lotl", lotl), ("zz", made.zz), ("aa", signed(ordinary, "zz"))]
    graph = authenticate(files, signers=[list_signer("lotl").certificate], at=SIGNED)
    assert graph.refused == ()
    outcome = qualify(
        Indication.TOTAL_PASSED,
        path=made.path(),
        lists=graph.authenticated,
        best_time=SIGNED,
        certificates=parsed(graph.certificates),
    )
    assert outcome.signature is QESIG


# ---- the other direction, and two parties of which neither is the Union --------------------------------------------------------

ZZ_WORDS = Vocabulary(
    types={ZZ_TYPE: NamedType(type=TYPE, additional=INFO + "ForeSignatures")},
    statuses={ZZ_GRANTED: GRANTED, ZZ_WITHDRAWN: WITHDRAWN},
    qualifiers={ZZ_INFO + name: INFO + name for name in ("QCWithQSCD", "QCNoQSCD", "QCForESig", "QCForESeal")},
    legislations=frozenset({"ZZ"}),
)
"""How ZZ's own lists say what TS 119 615 asks for."""
YY = "http://lists.yy.example/"


def asked(made_lotl: bytes, other: bytes, who: bytes, words: Vocabulary | None) -> QualificationOutcome:
    files = [("first", made_lotl), ("second", other)]
    graph = authenticate(files, signers=[list_signer("lotl").certificate], at=SIGNED)
    assert graph.refused == ()
    path = world(signer=who).path()
    assert path[0] == parse_certificate(who)
    return qualify(
        Indication.TOTAL_PASSED,
        path=path,
        lists=graph.authenticated,
        best_time=SIGNED,
        certificates=parsed(graph.certificates),
        vocabulary=words or Vocabulary(),
    )


def pointing_to(list_type: str, information: MutualRecognition | None) -> bytes:
    pointer = ListPointer(
        location=YY + "list.xml",
        signers=(object_id(list_signer("zz").certificate),),
        type=list_type,
        territory="ZZ",
        recognition=information,
    )
    values = replace(list_of_lists(None), type=LOTL_TYPE + "/other", pointers=(pointer,))
    return signed(values, "lotl")


def test_at_home_a_third_country_reads_its_own_words() -> None:
    """ZZ's party, ZZ's list, ZZ's certificate: qualified; and in the Union's eyes the same signature is advanced."""
    lotl, zz = pointing_to(ZZ_LIST_TYPE, None), world().zz
    assert asked(lotl, zz, signer_der(), ZZ_WORDS).signature is QESIG
    assert asked(lotl, zz, signer_der(), None).signature is ADESIG


def eu_to_zz() -> EquivalenceTerms:
    """The Union's service and certificate in ZZ's words: the law of ZZ is what makes it qualified there."""
    return replace(
        TERMS,
        pointing_types=(NamedType(type=ZZ_TYPE),),
        pointed_types=(NamedType(type=TYPE, additional=INFO + "ForeSignatures"),),
        valid_pointing=(ZZ_GRANTED,),
        valid_pointed=(GRANTED,),
        invalid_pointing=(ZZ_WITHDRAWN,),
        invalid_pointed=(WITHDRAWN,),
        contents=(
            replace(
                QC_COMPLIANCE,
                pointing=criteria(qc_statements=stated(qc("0.4.0.1862.1.1"), qc("0.4.0.1862.1.7", law="ZZ"))),
                pointed=criteria(
                    qc_statements=stated(qc("0.4.0.1862.1.1")),
                    lists=(criteria("none", qc_statements=stated(qc("0.4.0.1862.1.7"))),),
                ),
            ),
            QC_TYPES,
            QC_QSCD,
        ),
        qualifiers=tuple((theirs, ours) for ours, theirs in TERMS.qualifiers),
    )


def test_recognition_is_asked_in_each_direction_by_itself() -> None:
    """The Union points to ZZ: that says nothing of how ZZ reads the Union's list, until ZZ's own pointer does."""
    eu_type = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
    eu_service = service(
        type=TYPE,
        status=GRANTED,
        additional=(INFO + "ForeSignatures",),
        qualifications=(Qualification(qualifiers=(INFO + "QCWithQSCD",), criteria=criteria()),),
    )
    eu_list = signed(replace(third_country_list(eu_service), type=eu_type), "zz")
    eu_signer = signer_der(replace(SIGNER_EXTENSIONS, qc_statements=SIGNER_EXTENSIONS.qc_statements[:3]))
    back = recognition(Equivalence(legal_identifier="EU in ZZ", terms=(eu_to_zz(),)))
    with_it = asked(pointing_to(eu_type, back), eu_list, eu_signer, ZZ_WORDS)
    assert with_it.signature is QESIG
    assert with_it.translated_by == "EU in ZZ"
    repealed = recognition(Equivalence(legal_identifier="EU in ZZ", terms=(replace(eu_to_zz(), status=REPEALED),)))
    assert asked(pointing_to(eu_type, repealed), eu_list, eu_signer, ZZ_WORDS).signature is ADESIG


def test_two_third_countries_recognise_each_other_without_the_union() -> None:
    """YY points to ZZ's list and reads it in YY's own words."""
    yy_words = Vocabulary(
        types={YY + "qualified-seal-and-signature": NamedType(type=TYPE, additional=INFO + "ForeSignatures")},
        statuses={YY + "valid": GRANTED, YY + "void": WITHDRAWN},
        qualifiers={YY + "device": INFO + "QCWithQSCD"},
        legislations=frozenset({"YY"}),
    )
    terms = replace(
        TERMS,
        pointing_types=(NamedType(type=YY + "qualified-seal-and-signature"),),
        valid_pointing=(YY + "valid",),
        invalid_pointing=(YY + "void",),
        qualifiers=((YY + "device", ZZ_INFO + "QCWithQSCD"),),
    )
    information = recognition(Equivalence(legal_identifier="ZZ in YY", terms=(terms,)))
    lotl, zz = pointing_to(ZZ_LIST_TYPE, information), world().zz
    outcome = asked(lotl, zz, signer_der(), yy_words)
    assert outcome.signature is QESIG
    assert outcome.translated_by == "ZZ in YY"
    assert asked(lotl, zz, signer_der(), None).signature is ADESIG, "the Union does not read YY's words"
    withdrawn = signed(third_country_list(service(status=ZZ_WITHDRAWN)), "zz")
    assert asked(lotl, withdrawn, signer_der(), yy_words).signature is ADESIG
    assert asked(lotl, zz, signer_der(replace(SIGNER_EXTENSIONS, qc_statements=())), yy_words).signature is not QESIG


def test_a_seal_is_told_by_its_own_type() -> None:
    seal = criteria("atLeastOne", qc_statements=stated(qc(QC_TYPE, ESEAL)))
    made = world([changed(contents=(QC_COMPLIANCE, replace(QC_TYPES, pointed=criteria(), pointing=seal), QC_QSCD))])
    assert made.qualify().signature is SignatureQualification.QESEAL
