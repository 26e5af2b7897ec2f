"""TS 119 615 over plain values: the published tables, and what services of lists change about a certificate.

Sources of the expectations: reference/foreign-profiles.md 1.8 (URIs, status before and since 2016-07-01) and 1.9 (process, merge,
matrix); the rule on QcCClegislation 1.2. Nothing here was learnt from our engine.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from recognition_world import certificate, name

from interop.model.certificate import Certificate, ObjectId, PolicyInformation, QcStatement
from interop.model.indication import Indication
from interop.model.qualification import CertificateQualification as Cert
from interop.model.qualification import CertificateUse, QualificationOutcome
from interop.model.qualification import SignatureQualification as Sig
from interop.model.trusted_list import (
    AuthenticatedList,
    CriteriaList,
    Qualification,
    ServiceState,
    TrustedList,
    TrustedService,
    TrustServiceProvider,
)
from interop.recognition.qualification import candidates, merge, qualify, signature_qualification

PASSED, OPEN, FAILED = Indication.TOTAL_PASSED, Indication.INDETERMINATE, Indication.TOTAL_FAILED
ISSUED = datetime(2025, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 1, 1, tzinfo=UTC)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
ETSI = "http://uri.etsi.org/TrstSvc/"
STATUS, INFO = ETSI + "TrustedList/Svcstatus/", ETSI + "TrustedList/SvcInfoExt/"
QC = ETSI + "Svctype/CA/QC"
TYPES = {"esign": "0.4.0.1862.1.6.1", "eseal": "0.4.0.1862.1.6.2", "web": "0.4.0.1862.1.6.3"}

CA = certificate("ca", subject=name("CA"), issuer=name("CA"))


def signer(
    *types: str,
    compliance: bool = True,
    device: bool = True,
    law: str | None = None,
    issued: datetime = ISSUED,
    policies: tuple[str, ...] = (),
) -> Certificate:
    statements = [QcStatement(oid="0.4.0.1862.1.1")] if compliance else []
    if device:
        statements.append(QcStatement(oid="0.4.0.1862.1.4"))
    if types:
        statements.append(QcStatement(oid="0.4.0.1862.1.6", values=tuple(TYPES[t] for t in types)))
    if law is not None:
        statements.append(QcStatement(oid="0.4.0.1862.1.7", values=(law,)))
    return replace(
        certificate("signer", subject=name("Signer"), issuer=name("CA"), ca=False),
        qc_statements=tuple(statements) or None,
        not_before=issued,
        policies=tuple(PolicyInformation(oid=oid) for oid in policies) or None,
        key_usage=frozenset({"nonRepudiation"}),
    )


def state(
    *qualifiers: str,
    status: str = "granted",
    since: datetime = SINCE,
    info: tuple[str, ...] = ("ForeSignatures",),
    kind: str = QC,
    **more: object,
) -> ServiceState:
    return ServiceState(
        type=kind,
        name=f"service {status}",
        status=STATUS + status,
        since=since,
        certificates=(CA.id,),
        additional=tuple(INFO + i for i in info),
        qualifications=(
            (Qualification(qualifiers=tuple(INFO + q for q in qualifiers), criteria=CriteriaList()),)
            if qualifiers
            else ()
        ),
        **more,  # type: ignore[arg-type]
    )


def a_list(*services: TrustedService | ServiceState, name_: str = "list") -> AuthenticatedList:
    made = tuple(s if isinstance(s, TrustedService) else TrustedService(states=(s,)) for s in services)
    values = TrustedList(
        id=ObjectId(f"sha256:{name_}"),
        version=5,
        sequence=1,
        type=ETSI + "TrustedList/TSLType/EUgeneric",
        territory="AA",
        operator="",
        providers=(TrustServiceProvider(name="TSP", services=made),),
    )
    return AuthenticatedList(list=values, signer=ObjectId("sha256:signer-of-the-list"))


def asked(
    who: Certificate,
    *services: TrustedService | ServiceState,
    indication: Indication = PASSED,
    at: datetime = SIGNED,
    path: tuple[Certificate, ...] = (CA,),
) -> QualificationOutcome:
    known = {CA.id: CA}
    return qualify(indication, path=(who, *path), lists=[a_list(*services)], best_time=at, certificates=known)


COLUMNS = (
    Cert.QCERT_FOR_ESIG_QSCD,
    Cert.QCERT_FOR_ESEAL_QSCD,
    Cert.QCERT_FOR_ESIG,
    Cert.QCERT_FOR_ESEAL,
    Cert.CERT_FOR_ESIG,
    Cert.CERT_FOR_ESEAL,
    Cert.QCERT_FOR_WSA,
    Cert.CERT_FOR_WSA,
    Cert.NA,
    Cert.QCERT_FOR_UNKNOWN_QSCD,
    Cert.QCERT_FOR_UNKNOWN,
    Cert.CERT_FOR_UNKNOWN,
)
MATRIX = {
    PASSED: "QESIG QESEAL ADESIG_QC ADESEAL_QC ADESIG ADESEAL NOT_ADES NOT_ADES NA UNKNOWN_QC_QSCD UNKNOWN_QC UNKNOWN",
    OPEN: "INDETERMINATE_QESIG INDETERMINATE_QESEAL INDETERMINATE_ADESIG_QC INDETERMINATE_ADESEAL_QC INDETERMINATE_ADESIG "
    "INDETERMINATE_ADESEAL NOT_ADES NOT_ADES NA INDETERMINATE_UNKNOWN_QC_QSCD INDETERMINATE_UNKNOWN_QC INDETERMINATE_UNKNOWN",
    FAILED: "NOT_ADES_QC_QSCD NOT_ADES_QC_QSCD NOT_ADES_QC NOT_ADES_QC NOT_ADES NOT_ADES NOT_ADES NOT_ADES NOT_ADES "
    "NOT_ADES_QC_QSCD NOT_ADES_QC NOT_ADES",
}
"""reference/foreign-profiles.md 1.9, row by row; the last three columns by the note below its table."""


@pytest.mark.parametrize("indication", MATRIX)
def test_the_matrix_is_the_published_one(indication: Indication) -> None:
    expected = MATRIX[indication].split()
    assert len(expected) == len(COLUMNS) == len(Cert)
    assert [signature_qualification(indication, column) for column in COLUMNS] == expected


def test_every_value_of_the_matrix_is_reached_and_no_other() -> None:
    reached = {value for row in MATRIX.values() for value in row.split()}
    assert reached == set(Sig)
    assert len(Sig) == 22
    with pytest.raises(ValueError, match="no signature"):
        signature_qualification(Indication.NO_SIGNATURE_FOUND, Cert.NA)


@pytest.mark.parametrize("value", [value for value in Cert if value is not Cert.NA])
def test_a_value_is_its_three_answers(value: Cert) -> None:
    assert Cert.of(qualified=value.qualified, use=value.use, qscd=value.qscd) is value


@pytest.mark.parametrize(
    ("issuance", "best", "together"),
    [
        (Cert.QCERT_FOR_ESIG_QSCD, Cert.QCERT_FOR_ESIG_QSCD, Cert.QCERT_FOR_ESIG_QSCD),
        (Cert.QCERT_FOR_ESIG_QSCD, Cert.QCERT_FOR_ESIG, Cert.QCERT_FOR_ESIG),
        (Cert.QCERT_FOR_ESIG, Cert.QCERT_FOR_ESIG_QSCD, Cert.QCERT_FOR_ESIG_QSCD),
        (Cert.CERT_FOR_ESIG, Cert.QCERT_FOR_ESIG_QSCD, Cert.CERT_FOR_ESIG),
        (Cert.QCERT_FOR_ESIG, Cert.CERT_FOR_ESIG, Cert.CERT_FOR_ESIG),
        (Cert.QCERT_FOR_ESEAL, Cert.QCERT_FOR_ESIG, Cert.QCERT_FOR_UNKNOWN),
        (Cert.NA, Cert.QCERT_FOR_ESIG, Cert.NA),
        (Cert.QCERT_FOR_ESIG, Cert.NA, Cert.NA),
        (Cert.NA, Cert.NA, Cert.NA),
    ],
)
def test_both_times_are_merged(issuance: Cert, best: Cert, together: Cert) -> None:
    """Qualified only if at both; the use only if equal at both; the device at best signature time; either NA: NA."""
    assert merge(issuance, best) is together


def test_the_base_case_is_qualified_with_device() -> None:
    outcome = asked(signer("esign"), state())
    assert outcome.signature is Sig.QESIG
    assert outcome.at_issuance is not None
    assert outcome.at_issuance.service == "service granted"
    assert outcome.findings == ()


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (signer("esign", device=False), Sig.ADESIG_QC),
        (signer(), Sig.QESIG),  # QcCompliance without QcType: for signatures
        (signer("esign", compliance=False), Sig.ADESIG),
        (signer("esign", law="XX"), Sig.ADESIG),
        (signer("eseal"), Sig.QESEAL),
        (signer("esign", "eseal"), Sig.UNKNOWN_QC_QSCD),
        (signer(compliance=False, device=False), Sig.UNKNOWN),
    ],
)
def test_the_certificate_says(who: Certificate, expected: Sig) -> None:
    assert asked(who, state(info=("ForeSignatures", "ForeSeals"))).signature is expected


def test_a_certificate_for_web_servers_signs_nothing() -> None:
    assert asked(signer("web"), state(info=("ForWebSiteAuthentication",))).signature is Sig.NOT_ADES


@pytest.mark.parametrize(
    ("qualifiers", "who", "expected"),
    [
        (("NotQualified",), signer("esign"), Sig.ADESIG),
        (("QCStatement",), signer("esign", compliance=False), Sig.QESIG),
        (("QCWithQSCD",), signer("esign", device=False), Sig.QESIG),
        (("QCQSCDManagedOnBehalf",), signer("esign", device=False), Sig.QESIG),
        (("QCNoQSCD",), signer("esign"), Sig.ADESIG_QC),
        (("QCQSCDStatusAsInCert",), signer("esign"), Sig.QESIG),
        (("QCForESeal",), signer("esign"), Sig.QESEAL),
        (("QCForESig",), signer(), Sig.QESIG),
    ],
)
def test_a_qualifier_overrules_the_certificate(qualifiers: tuple[str, ...], who: Certificate, expected: Sig) -> None:
    assert asked(who, state(*qualifiers, info=("ForeSignatures", "ForeSeals"))).signature is expected


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        (("NotQualified", "QCStatement"), Sig.ADESIG),
        (("QCWithQSCD", "QCNoQSCD"), Sig.ADESIG_QC),
        (("QCForESig", "QCForESeal"), Sig.UNKNOWN_QC_QSCD),
    ],
)
def test_a_service_that_contradicts_itself_says_nothing(qualifiers: tuple[str, ...], expected: Sig) -> None:
    assert asked(signer("esign"), state(*qualifiers, info=("ForeSignatures", "ForeSeals"))).signature is expected


def test_a_service_for_legal_persons_is_none_for_signatures() -> None:
    """TS 119 615 PRO-4.4.4-12; for seals it stays one."""
    both = ("ForeSignatures", "ForeSeals")
    assert asked(signer("esign"), state("QCForLegalPerson", info=both)).signature is Sig.ADESIG
    assert asked(signer("eseal"), state("QCForLegalPerson", info=both)).signature is Sig.QESEAL


def test_an_old_device_qualifier_alone_in_a_new_state_says_nothing_good() -> None:
    """QCWithSSCD belongs to the time before the regulation: with its successor beside it, that one counts (EU DSS says the same)."""
    assert asked(signer("esign"), state("QCWithSSCD")).signature is Sig.ADESIG_QC
    assert asked(signer("esign", device=False), state("QCWithSSCD", "QCWithQSCD")).signature is Sig.QESIG


def test_services_that_contradict_each_other_leave_nothing_to_say() -> None:
    outcome = asked(signer("esign"), state(), state("QCNoQSCD"))
    assert outcome.signature is Sig.NA
    assert outcome.at_best_time is not None
    assert [f.code for f in outcome.at_best_time.findings] == ["trust.list-services-conflict"]


def test_services_that_agree_do_not_disturb_each_other() -> None:
    assert asked(signer("esign"), state(), state("QCWithQSCD")).signature is Sig.QESIG


@pytest.mark.parametrize("status", ["withdrawn", "setbynationallaw", "recognisedatnationallevel", "undersupervision"])
def test_a_service_that_is_not_granted_makes_nothing_qualified(status: str) -> None:
    assert asked(signer("esign"), state(status=status)).signature is Sig.ADESIG


def test_another_kind_of_service_makes_nothing_qualified() -> None:
    assert asked(signer("esign"), state(kind=ETSI + "Svctype/CA/PKC")).signature is Sig.ADESIG


def test_the_status_counts_at_issuance_and_at_signing() -> None:
    def history(*changes: tuple[datetime, str]) -> TrustedService:
        return TrustedService(states=tuple(state(status=s, since=t) for t, s in changes))

    between, before, after = ISSUED + timedelta(days=90), ISSUED - timedelta(days=90), SIGNED + timedelta(days=1)
    granted, withdrawn = "granted", "withdrawn"
    asked_ = {
        "withdrawn after signing": (history((after, withdrawn), (SINCE, granted)), Sig.QESIG),
        "withdrawn between": (history((between, withdrawn), (SINCE, granted)), Sig.ADESIG),
        "granted between": (history((between, granted), (SINCE, withdrawn)), Sig.ADESIG),
        "granted before issuance": (history((before, granted), (SINCE, withdrawn)), Sig.QESIG),
        "granted again": (history((between, granted), (before, withdrawn), (SINCE, granted)), Sig.ADESIG),
    }
    assert {k: asked(signer("esign"), s).signature for k, (s, _) in asked_.items()} == {
        k: expected for k, (_, expected) in asked_.items()
    }


def test_a_state_begins_with_its_second() -> None:
    turn = SIGNED
    service = TrustedService(states=(state(status="withdrawn", since=turn), state(since=SINCE)))
    assert asked(signer("esign"), service, at=turn - timedelta(seconds=1)).signature is Sig.QESIG
    assert asked(signer("esign"), service, at=turn).signature is Sig.ADESIG


OLD = datetime(2015, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("status", ["undersupervision", "supervisionincessation", "accredited"])
def test_before_the_regulation_other_status_counted(status: str) -> None:
    """Issued under the old law, a qualified certificate is one for signatures; policies of TS 101 456 say so too."""
    service = TrustedService(
        states=(
            state(since=datetime(2016, 7, 1, tzinfo=UTC)),
            state(status=status, since=datetime(2010, 1, 1, tzinfo=UTC)),
        )
    )
    assert asked(signer(issued=OLD), service).signature is Sig.QESIG
    plain = signer(issued=OLD, compliance=False, device=False, policies=("0.4.0.1456.1.1",))
    assert asked(plain, service).signature is Sig.QESIG
    without = signer(issued=OLD, compliance=False, device=False, policies=("0.4.0.1456.1.2",))
    assert asked(without, service).signature is Sig.ADESIG_QC


@pytest.mark.parametrize("status", ["supervisionceased", "supervisionrevoked", "accreditationrevoked", "granted"])
def test_before_the_regulation_these_did_not(status: str) -> None:
    service = TrustedService(
        states=(
            state(since=datetime(2016, 7, 1, tzinfo=UTC)),
            state(status=status, since=datetime(2010, 1, 1, tzinfo=UTC)),
        )
    )
    assert asked(signer(issued=OLD), service).signature is Sig.ADESIG


def test_a_list_that_nothing_of_the_path_stands_on_says_nothing() -> None:
    other = certificate("other", subject=name("Other"), issuer=name("Other"))
    for indication in Indication:
        if indication is not Indication.NO_SIGNATURE_FOUND:
            outcome = asked(signer("esign"), state(), path=(other,), indication=indication)
            assert outcome.signature is Sig.NA
            assert outcome.at_issuance is None


def test_a_service_may_stand_anywhere_on_the_path() -> None:
    middle = certificate("middle", subject=name("Middle"), issuer=name("CA"))
    assert asked(signer("esign"), state(), path=(middle, CA)).signature is Sig.QESIG


def test_another_certificate_of_the_same_subject_and_key_is_the_service_too() -> None:
    renewed = replace(CA, id=ObjectId("sha256:renewed"))
    assert asked(signer("esign"), state(), path=(renewed,)).signature is Sig.QESIG
    stranger = replace(renewed, key=replace(CA.key, digest="sha256:another-key"))
    assert asked(signer("esign"), state(), path=(stranger,)).signature is Sig.NA


def test_a_critical_extension_that_is_not_understood_keeps_the_service_out() -> None:
    outcome = asked(signer("esign"), state(unknown_critical=("Odd",)))
    assert outcome.signature is Sig.NA
    assert [f.code for f in outcome.findings] == ["trust.list-extension-critical"]


def test_a_claim_under_foreign_law_is_named() -> None:
    outcome = asked(signer("esign", law="XX"), state())
    assert outcome.at_best_time is not None
    assert [f.code for f in outcome.at_best_time.findings] == ["trust.list-foreign-legislation"]
    assert outcome.certificate.use is CertificateUse.ESIG


def test_a_path_is_never_empty() -> None:
    with pytest.raises(ValueError, match="at least the signing certificate"):
        candidates((), [], {})
