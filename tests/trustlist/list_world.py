"""A third country ZZ with its own words, and a list of lists that points to it: own keys, certificates and lists, all signed.

What a case changes is one value of the equivalence or of the signer's certificate; the rest stays as in the base case, which
models the published pilot: QcCompliance under the law of ZZ counts as qualified, ZZ's qualifier QCWithQSCD overrules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from interop.crypto.keys import PrivateKey
from interop.crypto.private_key import generate_private_key
from interop.model.certificate import Certificate, ObjectId
from interop.model.hierarchy import (
    CertificateSpec,
    Extensions,
    KeySpec,
    NamePart,
    PolicySpec,
    PrivateExtension,
    QcSpec,
)
from interop.model.indication import Indication
from interop.model.qualification import QualificationOutcome
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    ListPointer,
    MutualRecognition,
    NamedType,
    QcCondition,
    Qualification,
    ServiceState,
    TrustedList,
    TrustedService,
    TrustServiceProvider,
)
from interop.pki.issue import certificate_der
from interop.recognition.qualification import Candidates, candidates, qualify
from interop.trustlist.graph import ListGraph, authenticate
from interop.trustlist.write import ListSigner, sign_list, write_list
from interop.x509.certificate import object_id, parse_certificate

ISSUED = datetime(2025, 4, 1, tzinfo=UTC)
"""notBefore of the signer."""
SIGNED = datetime(2026, 3, 1, tzinfo=UTC)
"""Best signature time, and the day of everything that a case calls present."""
START = datetime(2020, 1, 1, tzinfo=UTC)
SERVICE_SINCE = datetime(2020, 11, 10, tzinfo=UTC)
ENACTED_SINCE = datetime(2020, 5, 16, 23, 59, 59, tzinfo=UTC)
END = datetime(2032, 1, 1, tzinfo=UTC)

ZZ = "http://lists.zz.example/"
ETSI = "http://uri.etsi.org/TrstSvc/"
TYPE, ZZ_TYPE = ETSI + "Svctype/CA/QC", ZZ + "Svctype/CA/QC/for-eSig"
GRANTED, ZZ_GRANTED = ETSI + "TrustedList/Svcstatus/granted", ZZ + "Svcstatus/granted"
WITHDRAWN, ZZ_WITHDRAWN = ETSI + "TrustedList/Svcstatus/withdrawn", ZZ + "Svcstatus/withdrawn"
INFO, ZZ_INFO = ETSI + "TrustedList/SvcInfoExt/", ZZ + "SvcInfoExt/"
MRA = "http://ec.europa.eu/tools/lotl/mra/"
ENACTED, REPEALED = MRA + "enacted", MRA + "repealed"
LOTL_TYPE = ETSI + "TrustedList/TSLType/EUlistofthelists"
ZZ_LIST_TYPE = ZZ + "TSLType/ZZlist"
POLICY = "2.999.26.1"
COMPLIANCE, SSCD, QC_TYPE, LEGISLATION = (f"0.4.0.1862.1.{n}" for n in (1, 4, 6, 7))
ESIGN, ESEAL, WEB = (f"0.4.0.1862.1.6.{n}" for n in (1, 2, 3))


def qc(oid: str, kind: str | None = None, law: str | None = None) -> QcCondition:
    return QcCondition(oid=oid, type=kind, legislation=law)


def stated(*conditions: QcCondition) -> tuple[tuple[QcCondition, ...], ...]:
    """One QcStatementSet."""
    return (conditions,)


def criteria(assertion: str = "all", **members: object) -> CriteriaList:
    return CriteriaList(assertion=assertion, **members)  # type: ignore[arg-type]


def _esign_alone() -> CriteriaList:
    """QcType is that of signatures, or none; neither seals nor web servers."""
    named = criteria(qc_statements=stated(qc(QC_TYPE, ESIGN)))
    return criteria(
        lists=(
            criteria("atLeastOne", lists=(named, replace(named, assertion="none"))),
            criteria("none", qc_statements=(*stated(qc(QC_TYPE, ESEAL)), *stated(qc(QC_TYPE, WEB)))),
        )
    )


QC_COMPLIANCE = ContentEquivalence(
    context=MRA + "QcCompliance",
    pointing=criteria(
        lists=(
            criteria(qc_statements=stated(qc(COMPLIANCE))),
            criteria("none", qc_statements=stated(qc(LEGISLATION))),
        )
    ),
    pointed=criteria(qc_statements=stated(qc(COMPLIANCE), qc(LEGISLATION, law="ZZ"))),
)
QC_TYPES = ContentEquivalence(context=MRA + "QcType", pointing=_esign_alone(), pointed=_esign_alone())
QC_QSCD = ContentEquivalence(
    context=MRA + "QcQSCD",
    pointing=criteria(qc_statements=stated(qc(SSCD))),
    pointed=criteria(qc_statements=stated(qc(SSCD))),
)
QUALIFIERS = tuple(
    (INFO + name, ZZ_INFO + name)
    for name in (
        "QCWithQSCD",
        "QCNoQSCD",
        "QCQSCDManagedOnBehalf",
        "QCForESig",
        "QCForESeal",
        "QCForWSA",
        "NotQualified",
    )
)
TERMS = EquivalenceTerms(
    status=ENACTED,
    since=ENACTED_SINCE,
    pointing_types=(NamedType(type=TYPE, additional=INFO + "ForeSignatures"),),
    pointed_types=(NamedType(type=ZZ_TYPE),),
    valid_pointing=(GRANTED,),
    valid_pointed=(ZZ_GRANTED,),
    invalid_pointing=(WITHDRAWN,),
    invalid_pointed=(ZZ_WITHDRAWN,),
    contents=(QC_COMPLIANCE, QC_TYPES, QC_QSCD),
    qualifiers=QUALIFIERS,
)
EQUIVALENCE = Equivalence(legal_identifier="QCForESig", terms=(TERMS,))

EC = KeySpec(kind="EC", curve="P-256", signature="ecdsa-sha256")
NO_STATUS = PrivateExtension(oid="2.5.29.56", der="0500", name="noRevAvail (RFC 9608)", origin="real")


def name(common: str, country: str) -> tuple[NamePart, ...]:
    return (
        NamePart(type="C", value=country, string="printable"),
        NamePart(type="O", value=f"TEST provider of {country}"),
        NamePart(type="CN", value=common),
    )


def spec(
    identity: str, issuer: str, subject: tuple[NamePart, ...], extensions: Extensions, since: datetime
) -> CertificateSpec:
    return CertificateSpec(
        id=identity,
        role="ca",
        issuer=issuer,
        subject=subject,
        not_before=since,
        not_after=END,
        key=EC,
        extensions=extensions,
        origin="stand-in",
    )


CA = spec("ca", "ca", name("TEST CA of ZZ", "ZZ"), Extensions(ca=True, key_usage=("keyCertSign", "cRLSign")), START)
SIGNER_EXTENSIONS = Extensions(
    key_usage=("nonRepudiation",),
    policies=(PolicySpec(oid=POLICY, origin="stand-in"),),
    qc_statements=(
        QcSpec(oid=COMPLIANCE, origin="real"),
        QcSpec(oid=SSCD, origin="real"),
        QcSpec(oid=QC_TYPE, oids=(ESIGN,), origin="real"),
        QcSpec(oid=LEGISLATION, countries=("ZZ",), origin="real"),
    ),
    private=(NO_STATUS,),
)
SIGNER = spec("signer", "ca", name("TEST signer of ZZ", "ZZ"), SIGNER_EXTENSIONS, ISSUED)


@cache
def key(owner: str) -> PrivateKey:
    return generate_private_key("EC", curve="P-256")


@cache
def ca_der() -> bytes:
    return certificate_der(CA, key("ca"), CA, key("ca"), 1)


def signer_der(extensions: Extensions = SIGNER_EXTENSIONS, since: datetime = ISSUED) -> bytes:
    return certificate_der(replace(SIGNER, extensions=extensions, not_before=since), key("signer"), CA, key("ca"), 2)


@cache
def list_signer(owner: str) -> ListSigner:
    usage = Extensions(ca=True, key_usage=("nonRepudiation", "digitalSignature"))
    own = spec(owner, owner, name(f"TEST {owner}", "ZZ"), usage, START)
    der = certificate_der(own, key(owner), own, key(owner), 3)
    return ListSigner(key=key(owner), certificate=der, signature="ecdsa-sha256")


def service(**changes: object) -> TrustedService:
    """ZZ's service for certificates of signatures, granted since 2020."""
    state = ServiceState(
        type=ZZ_TYPE,
        name="TEST service of ZZ",
        status=ZZ_GRANTED,
        since=SERVICE_SINCE,
        certificates=(object_id(ca_der()),),
        subjects=("CN=TEST CA of ZZ",),
        qualifications=(Qualification(qualifiers=(ZZ_INFO + "QCWithQSCD",), criteria=criteria(policies=((POLICY,),))),),
    )
    return TrustedService(states=(replace(state, **changes),))  # type: ignore[arg-type]


def third_country_list(*services: TrustedService) -> TrustedList:
    return TrustedList(
        id=ObjectId(""),
        version=5,
        sequence=1,
        type=ZZ_LIST_TYPE,
        territory="ZZ",
        operator="TEST operator of ZZ",
        scheme="ZZ:TEST list",
        issued=SIGNED,
        next_update=END,
        providers=(TrustServiceProvider(name="TEST provider of ZZ", services=services or (service(),)),),
    )


def list_of_lists(recognition: MutualRecognition | None, *, version: int = 5) -> TrustedList:
    pointer = ListPointer(
        location="https://lists.zz.example/list.xml",
        signers=(object_id(list_signer("zz").certificate),),
        type=ZZ_LIST_TYPE,
        territory="ZZ",
        mime_type="application/vnd.etsi.tsl+xml",
        recognition=recognition,
    )
    return TrustedList(
        id=ObjectId(""),
        version=version,
        sequence=7,
        type=LOTL_TYPE,
        territory="EU",
        operator="TEST operator of the list of lists",
        scheme="EU:TEST list of lists",
        issued=SIGNED,
        next_update=END,
        pointers=(pointer,),
    )


def recognition(*equivalences: Equivalence) -> MutualRecognition:
    return MutualRecognition(
        pointing_legislation="https://lists.example/law",
        pointed_legislation=ZZ + "law",
        equivalences=equivalences or (EQUIVALENCE,),
        depth=1,
        technical_type=1,
        version=1,
    )


def known() -> dict[ObjectId, bytes]:
    ders = (ca_der(), *(list_signer(owner).certificate for owner in ("lotl", "zz", "middle")))
    return {object_id(der): der for der in ders}


def signed(values: TrustedList, owner: str) -> bytes:
    return sign_list(write_list(values, known()), list_signer(owner), signing=SIGNED)


@dataclass(frozen=True)
class World:
    """A signer below two signed lists."""

    lotl: bytes
    zz: bytes
    signer: bytes

    def graph(self, *, recognition: bool = True) -> ListGraph:
        files = [("lotl.xml", self.lotl), ("zz.xml", self.zz)]
        return authenticate(files, signers=[list_signer("lotl").certificate], at=SIGNED, recognition=recognition)

    def path(self) -> list[Certificate]:
        return [parse_certificate(self.signer), parse_certificate(ca_der())]

    def candidates(self) -> Candidates:
        graph = self.graph()
        return candidates(self.path(), graph.authenticated, parsed(graph.certificates))

    def qualify(
        self, indication: Indication = Indication.TOTAL_PASSED, *, at: datetime = SIGNED, recognition: bool = True
    ) -> QualificationOutcome:
        graph = self.graph(recognition=recognition)
        return qualify(
            indication,
            path=self.path(),
            lists=graph.authenticated,
            best_time=at,
            certificates=parsed(graph.certificates),
        )


def parsed(ders: Mapping[ObjectId, bytes]) -> dict[ObjectId, Certificate]:
    return {name: parse_certificate(der) for name, der in ders.items()}


def world(
    equivalences: Sequence[Equivalence] = (EQUIVALENCE,),
    *,
    services: Sequence[TrustedService] = (),
    signer: bytes | None = None,
) -> World:
    return World(
        lotl=signed(list_of_lists(recognition(*equivalences)), "lotl"),
        zz=signed(third_country_list(*services), "zz"),
        signer=signer or signer_der(),
    )


def changed(**fields: object) -> Equivalence:
    """The base equivalence with other values in its terms."""
    return replace(EQUIVALENCE, terms=(replace(TERMS, **fields),))  # type: ignore[arg-type]
