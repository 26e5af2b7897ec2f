"""A second opinion on files for the long term: pyHanko's own archival validation of every PAdES B-LTA vector that it can read.

pyHanko takes no part in our judgements. It is given the signer's home anchors and nothing else. Files whose last time-stamp is by an
authority of which the file holds no status are left out: a relying party asks the service, pyHanko would fetch it by today's clock.
"""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest
from asn1crypto import x509
from core_run import Core
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from interop.model.formats import Format, Level
from interop.run.plan import Options, plan
from interop.vector.catalogue import VectorSpec

READ = frozenset({"RSA", "EC"})
"""Key kinds that pyHanko verifies in certificates, tokens and signatures alike."""
OTHER_REASON = {"eu-qtsp-brainpool", "ua-dual"}
"""Providers whose responders have no id-pkix-ocsp-nocheck: pyHanko asks for their status elsewhere than in the file."""


def _authorities(spec: VectorSpec) -> int:
    return sum(certificate.role == "tsa" for certificate in spec.provider.certificates)


def _readable(spec: VectorSpec) -> bool:
    key = spec.provider.certificate(spec.identity.certificate).key
    return (
        spec.case.positive
        and spec.case.level is Level.B_LTA
        and spec.emits.format is Format.PADES
        and key.kind in READ
        and "pss" not in key.signature
        and spec.provider.id not in OTHER_REASON
        and not (spec.case.renewed_after_seconds is not None and _authorities(spec) > 1)
    )


SPECS = {spec.id: spec for spec in plan(Options()).specs if _readable(spec)}


def test_there_are_files_to_ask_about() -> None:
    assert len(SPECS) >= 9


@pytest.mark.parametrize("vector", sorted(SPECS))
def test_pyhanko_passes_it_too(core: Core, vector: str) -> None:
    provider = SPECS[vector].provider
    published = core.run.published[provider.id].certificates
    roots = [x509.Certificate.load(published[anchor]) for anchor in provider.anchors]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=RevocationCheckingPolicy.from_legacy("hard-fail")),
    )
    spec = SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
    )
    at = core.run.plan.validation
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    signatures = PdfFileReader(BytesIO(core.request(vector).data)).embedded_regular_signatures
    assert signatures
    for signature in signatures:
        result = asyncio.run(ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing))
        assert result.ades_subindic.status is AdESStatus.PASSED, result.failure_msg
