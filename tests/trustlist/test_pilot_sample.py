"""The published sample of the pilot country ZZ: QESIG through the agreement, ADESIG without (its own project's test says so).

The technical answer on this file, TOTAL_PASSED, is that of the table of external files; here it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interop.model.certificate import Certificate
from interop.model.indication import Indication
from interop.model.qualification import CertificateQualification, QualificationOutcome, SignatureQualification
from interop.recognition.qualification import qualify
from interop.run.link import Linker
from interop.trustlist.graph import ListGraph, authenticate
from interop.validation.lookup import lookup_for
from interop.validation.path import build_paths
from interop.x509.certificate import read_certificates
from interop.xml.observe import observe_xml

External = Callable[..., Path]
AT = datetime(2022, 8, 1, tzinfo=UTC)
STAMPED = datetime(2022, 7, 28, 8, 38, 26, tzinfo=UTC)
"""The signature's time-stamp."""


def graph(external: External, *, recognition: bool) -> ListGraph:
    signers = read_certificates(external("dss-mra", "cookbook-lotl-signer.pem").read_bytes(), "signer")
    names = ("dss__mra-lotl.xml", "dss__mra-zz-tl.xml")
    files = [(name, external("external", name).read_bytes()) for name in names]
    return authenticate(files, signers=signers, at=AT, recognition=recognition)


def qualified(
    external: External, *, recognition: bool = True, indication: Indication = Indication.TOTAL_PASSED
) -> QualificationOutcome:
    found = graph(external, recognition=recognition)
    observed = observe_xml(external("external", "dss__mra_john-doe-lta.xml").read_bytes())
    linker = Linker()
    for der in found.certificates.values():
        linker.add("certificate", der)
    linker.add_objects(observed.objects, {fact.id: fact.kind for fact in observed.facts.objects})
    knowledge = linker.knowledge()
    (signature,) = observed.facts.signatures
    (value,) = [fact for fact in signature.value if fact.ok]
    signer = next(c for c in signature.certificates if c == value.key)
    paths = build_paths(lookup_for(knowledge), signer, found.service_certificates)
    assert paths, "a path leads to a certificate of a listed service"
    path: list[Certificate] = [knowledge.certificates[name] for name in paths[0].certificates]
    return qualify(
        indication,
        path=path,
        lists=found.authenticated,
        best_time=STAMPED,
        certificates=knowledge.certificates,
    )


def test_with_the_agreement_it_is_a_qualified_signature(external: External) -> None:
    outcome = qualified(external)
    assert outcome.signature is SignatureQualification.QESIG
    assert outcome.certificate is CertificateQualification.QCERT_FOR_ESIG_QSCD
    assert outcome.translated_by == "QCForESig"
    assert outcome.at_best_time is not None
    assert outcome.at_best_time.service == "ZZ eTrust QC for eSignatures CA"


def test_without_the_agreement_it_is_an_advanced_signature(external: External) -> None:
    outcome = qualified(external, recognition=False)
    assert outcome.signature is SignatureQualification.ADESIG
    assert outcome.content.legislations == ("ZZ",)


@pytest.mark.parametrize(
    ("indication", "expected"),
    [
        (Indication.INDETERMINATE, SignatureQualification.INDETERMINATE_QESIG),
        (Indication.TOTAL_FAILED, SignatureQualification.NOT_ADES_QC_QSCD),
    ],
)
def test_the_technical_answer_stays_an_axis_of_its_own(
    external: External, indication: Indication, expected: SignatureQualification
) -> None:
    assert qualified(external, indication=indication).signature is expected
