"""Lists, certificates and equivalences drawn from a seed: mistakes, contradictions and turns of status among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from list_world import (
    COMPLIANCE,
    ENACTED,
    ESEAL,
    ESIGN,
    ETSI,
    GRANTED,
    INFO,
    ISSUED,
    LEGISLATION,
    POLICY,
    QC_COMPLIANCE,
    QC_QSCD,
    QC_TYPE,
    QC_TYPES,
    REPEALED,
    SIGNER_EXTENSIONS,
    SSCD,
    TYPE,
    WEB,
    WITHDRAWN,
    ZZ,
    ZZ_GRANTED,
    ZZ_INFO,
    ZZ_WITHDRAWN,
    World,
    ca_der,
    criteria,
    list_of_lists,
    qc,
    recognition,
    signed,
    signer_der,
    third_country_list,
)

from interop.model.hierarchy import PolicySpec, QcSpec
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    NamedType,
    Qualification,
    ServiceState,
    TrustedService,
)
from interop.x509.certificate import object_id

STATUS = ETSI + "TrustedList/Svcstatus/"
OLD = (
    "undersupervision", "supervisionincessation", "accredited", "supervisionceased", "supervisionrevoked",
    "accreditationceased", "accreditationrevoked",
)  # fmt: skip
NEW = (
    "granted",
    "granted",
    "granted",
    "withdrawn",
    "setbynationallaw",
    "recognisedatnationallevel",
    "undersupervision",
)
QUALIFIERS = (
    "QCStatement", "NotQualified", "QCWithSSCD", "QCWithQSCD", "QCNoSSCD", "QCNoQSCD", "QCSSCDStatusAsInCert",
    "QCQSCDStatusAsInCert", "QCQSCDManagedOnBehalf", "QCForLegalPerson", "QCForESig", "QCForESeal", "QCForWSA",
)  # fmt: skip
USES = (
    (),
    ("ForeSignatures",),
    ("ForeSignatures",),
    ("ForeSeals",),
    ("ForWebSiteAuthentication",),
    ("ForeSignatures", "ForeSeals"),
)


def day(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def turns(draw: Random, days: tuple[datetime, ...]) -> list[datetime]:
    """Newest first."""
    return sorted(draw.sample(days, draw.randint(1, len(days) - 1)), reverse=True)


def qualifications(draw: Random, words: str) -> tuple[Qualification, ...]:
    conditions = (
        criteria(policies=((POLICY,),)),
        criteria(policies=((POLICY,),)),
        criteria("none", policies=((POLICY,),)),
        criteria(policies=(("2.999.9",),)),
        criteria("atLeastOne", key_usages=((("nonRepudiation", True),),), policies=(("2.999.9",),)),
    )
    return tuple(
        Qualification(
            qualifiers=tuple(words + name for name in draw.sample(QUALIFIERS, draw.choice((1, 1, 2)))),
            criteria=draw.choice(conditions),
        )
        for _ in range(draw.choice((0, 1, 1, 2)))
    )


def ordinary_service(draw: Random) -> TrustedService:
    """In the words of TS 119 612."""
    uses, kind = draw.choice(USES), draw.choice((TYPE, TYPE, TYPE, ETSI + "Svctype/CA/PKC"))
    return TrustedService(
        states=tuple(
            ServiceState(
                type=kind,
                name="TEST service",
                status=STATUS + draw.choice((*OLD, "granted") if since.year < 2016 else NEW),
                since=since,
                certificates=(object_id(ca_der()),),
                additional=tuple(INFO + use for use in uses),
                qualifications=qualifications(draw, INFO),
            )
            for since in turns(draw, (day(2014, 1), day(2017, 1), day(2022, 1), day(2025, 9)))
        )
    )


def extensions(draw: Random, *, law: float) -> object:
    statements = [
        QcSpec(oid=oid, origin="real") for oid, odds in ((COMPLIANCE, 0.8), (SSCD, 0.5)) if draw.random() < odds
    ]
    types = draw.choice(((), (ESIGN,), (ESIGN,), (ESEAL,), (WEB,), (ESIGN, ESEAL)))
    if types:
        statements.append(QcSpec(oid=QC_TYPE, oids=types, origin="real"))
    if draw.random() < law:
        statements.append(QcSpec(oid=LEGISLATION, countries=(draw.choice(("ZZ", "ZZ", "ZZ", "TC")),), origin="real"))
    policies = [POLICY, *draw.choice(((), (), ("0.4.0.1456.1.1",), ("0.4.0.1456.1.2",)))]
    return replace(
        SIGNER_EXTENSIONS,
        qc_statements=tuple(statements),
        policies=tuple(PolicySpec(oid=oid, origin="stand-in") for oid in policies),
    )


def ordinary(seed: int) -> World:
    """A list without mutual recognition, one to three services."""
    draw = Random(seed)  # noqa: S311 - test data, no secret
    services = [ordinary_service(draw) for _ in range(draw.choice((1, 1, 2, 3)))]
    since = draw.choice((ISSUED, ISSUED, day(2015, 3), day(2021, 3)))
    return World(
        lotl=signed(list_of_lists(None), "lotl"),
        zz=signed(third_country_list(*services), "zz"),
        signer=signer_der(extensions(draw, law=0.15), since),  # type: ignore[arg-type]
    )


def declaration(draw: Random) -> CriteriaList:
    conditions = (
        qc(COMPLIANCE), qc(LEGISLATION), qc(SSCD), qc(QC_TYPE, ESIGN), qc(QC_TYPE, ESEAL), qc(LEGISLATION, law="ZZ"),
    )  # fmt: skip

    def members() -> dict[str, object]:
        return {
            "qc_statements": tuple(
                tuple(draw.sample(conditions, draw.choice((1, 1, 2)))) for _ in range(draw.choice((1, 2)))
            )
        }

    assertion = draw.choice(("all", "all", "none", "atLeastOne"))
    if draw.random() < 0.4:
        return criteria(assertion, **members())
    inner = draw.choices(("all", "none", "atLeastOne"), k=draw.choice((1, 2)))
    return criteria(assertion, lists=tuple(criteria(a, **members()) for a in inner))


def content(draw: Random, base: ContentEquivalence) -> ContentEquivalence:
    pointing = declaration(draw) if draw.random() < 0.3 else base.pointing
    pointed = declaration(draw) if draw.random() < 0.2 else base.pointed
    return replace(base, pointing=pointing, pointed=pointed)


def terms(draw: Random, since: datetime) -> EquivalenceTerms:
    return EquivalenceTerms(
        status=draw.choice((ENACTED, ENACTED, ENACTED, REPEALED)),
        since=since,
        pointing_types=(NamedType(type=TYPE, additional=draw.choice((*(INFO + "ForeSignatures",) * 4, None))),),
        pointed_types=(NamedType(type=ZZ + "kind", additional=draw.choice((None, None, None, ZZ_INFO + "A"))),),
        valid_pointing=(draw.choice((GRANTED, GRANTED, GRANTED, STATUS + "undersupervision")),),
        valid_pointed=(ZZ_GRANTED,),
        invalid_pointing=(WITHDRAWN,),
        invalid_pointed=(ZZ_WITHDRAWN,),
        contents=tuple(content(draw, base) for base in (QC_COMPLIANCE, QC_TYPES, QC_QSCD) if draw.random() < 0.9),
        qualifiers=tuple((INFO + name, ZZ_INFO + name) for name in draw.sample(QUALIFIERS, 10)),
    )


def foreign_service(draw: Random) -> TrustedService:
    """In the words of ZZ, some of them unknown to the equivalence."""
    return TrustedService(
        states=tuple(
            ServiceState(
                type=ZZ + "kind",
                name="TEST service",
                status=draw.choice((ZZ_GRANTED, ZZ_GRANTED, ZZ_GRANTED, ZZ_WITHDRAWN, ZZ + "other")),
                since=since,
                certificates=(object_id(ca_der()),),
                additional=draw.choice(((), (), (), (ZZ_INFO + "A",), (ZZ_INFO + "A", ZZ_INFO + "B"))),
                qualifications=qualifications(draw, draw.choice((ZZ_INFO, ZZ_INFO, INFO))),
            )
            for since in turns(draw, (day(2020, 11), day(2025, 1), day(2025, 9)))
        )
    )


def mutual(seed: int) -> World:
    """A list with mutual recognition: one service, one equivalence with up to three terms."""
    draw = Random(seed)  # noqa: S311 - test data, no secret
    days = (day(2020, 5), day(2024, 1), day(2025, 10), day(2027, 1))
    equivalence = Equivalence(legal_identifier="Drawn", terms=tuple(terms(draw, since) for since in turns(draw, days)))
    return World(
        lotl=signed(list_of_lists(recognition(equivalence)), "lotl"),
        zz=signed(third_country_list(foreign_service(draw)), "zz"),
        signer=signer_der(extensions(draw, law=0.8), draw.choice((ISSUED, ISSUED, day(2021, 3)))),  # type: ignore[arg-type]
    )
