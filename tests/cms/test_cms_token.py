"""Time-stamp tokens observed: RFC 3161 with the certificate bound by ESSCertIDv2."""

from __future__ import annotations

import pytest
from cms_writing import AT, CONTENT, Signer, self_signed

from interop.cms import oids
from interop.cms.token import observe_token
from interop.crypto.digests import digest_bytes
from interop.model.errors import InputError, Unsupported
from interop.x509 import der
from interop.x509.certificate import object_id

Signers = dict[str, Signer]


@pytest.mark.parametrize("kind", ["rsa", "pss", "p256", "p384", "ed25519", "sm2"])
@pytest.mark.parametrize("digest", ["sha256", "sha512", "sm3"])
def test_a_good_token(signers: Signers, kind: str, digest: str) -> None:
    signer = signers[kind]
    seen = observe_token(signer.stamp(digest, CONTENT), kind="document", stands_on=CONTENT, covers=("s0", "s1"))
    facts = seen.facts
    assert (facts.kind, facts.covers, facts.imprint.digest) == ("document", ("s0", "s1"), digest)
    assert (facts.imprint.ok, facts.value_ok, facts.why, facts.findings) == (True, True, "", ())
    assert (facts.time, facts.policy, facts.accuracy_ms, facts.serial) == (AT, "2.999.1", 1500, 7)
    assert facts.certificates == (object_id(signer.tsa),)
    assert facts.algorithm is not None
    assert facts.algorithm.name == signer.signature
    assert seen.evidence.objects == {object_id(signer.tsa): ("certificate", signer.tsa)}


def test_what_it_stands_on_by_digest_and_not_known(signers: Signers) -> None:
    token = signers["p256"].stamp("sha256", CONTENT)
    by_digest = observe_token(token, kind="document", stands_on=lambda name: digest_bytes(name, CONTENT))
    assert by_digest.facts.imprint.ok is True
    unknown = observe_token(token, kind="document")
    assert (unknown.facts.imprint.ok, unknown.facts.why, unknown.facts.value_ok) == (None, "covered-not-known", True)

    def refuse(name: str) -> bytes:
        raise Unsupported(name)

    assert observe_token(token, kind="document", stands_on=refuse).facts.imprint.ok is None


def test_a_changed_time_breaks_the_token(signers: Signers) -> None:
    """TSP-02: genTime altered inside the TSTInfo."""
    token = signers["p256"].stamp("sha256", CONTENT)
    moved = token.replace(b"20260301000000Z", b"20250301000000Z")
    facts = observe_token(moved, kind="signature", stands_on=CONTENT).facts
    assert (facts.imprint.ok, facts.value_ok) == (True, False)


def test_an_attribute_for_another_certificate(signers: Signers) -> None:
    """TSP-08: the attribute names the certificate of another authority."""
    signer, other = signers["p256"], Signer("EC", "ecdsa-sha256", "sha256", "P-256")
    from interop.cms.build import SignRequest, build_signed_data
    from interop.cms.tst_info import build_tst_info

    info = build_tst_info(
        imprint_digest_name="sha256", imprint=digest_bytes("sha256", CONTENT), time=AT, policy="2.999.1", serial=1
    )
    request = SignRequest(
        key=signer.key, certificate=signer.tsa, bound_certificate=other.tsa, signature=signer.signature, digest="sha256",
        content=info, attached=True, content_type=oids.TST_INFO,
    )  # fmt: skip
    facts = observe_token(build_signed_data(request), kind="signature", stands_on=CONTENT).facts
    assert facts.bound_by[1].digest_ok is False
    assert facts.value_ok is True


def test_the_certificate_bound_by_the_attribute_decides(signers: Signers) -> None:
    signer = signers["p256"]
    twin = self_signed(signer.key, signer.signature, "TEST twin tsa", serial=9)
    token = signer.stamp("sha256", CONTENT, certificate=twin)
    facts = observe_token(token, kind="signature", stands_on=CONTENT).facts
    assert facts.bound_by[1].certificate == object_id(twin)
    assert facts.value_ok is True


def test_a_token_without_certificates(signers: Signers) -> None:
    token = signers["p256"].stamp("sha256", CONTENT, embed_certificates=False)
    assert observe_token(token, kind="signature", stands_on=CONTENT).facts.why == "no-certificate"
    helped = observe_token(token, kind="signature", stands_on=CONTENT, extra_certificates=(signers["p256"].tsa,))
    assert (helped.facts.value_ok, helped.facts.certificates) == (True, ())


def test_what_is_no_token(signers: Signers) -> None:
    """TSP-10: an ordinary signature in the place of a token, and a TimeStampResp kept as one."""
    for raw in (signers["p256"].sign(), signers["p256"].sign(attached=True), der.seq(der.seq(der.integer(2))), b""):
        with pytest.raises(InputError):
            observe_token(raw, kind="signature", stands_on=CONTENT)
