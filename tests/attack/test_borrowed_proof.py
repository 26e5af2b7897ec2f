"""Proof of existence that was borrowed or forged: time-stamp tokens that are not about the signature, or not by their authority."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from attack_lab import SIGNING, check, codes, contract, hierarchy, pdf_signed, xml_signed
from attack_pki import SIGNER, certificate, key
from lxml import etree

from interop.cms import attributes, oids
from interop.cms.build import SignRequest, build_signed_data
from interop.cms.token import observe_token
from interop.cms.tst_info import build_tst_info
from interop.crypto.digests import digest_bytes
from interop.pki.tsa import timestamp
from interop.x509 import der

EU = hierarchy("eu-qtsp-natural")
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
LONG_AGO = SIGNING - timedelta(days=30)


def tsa_certificate() -> bytes:
    assert EU.provider.services.tsa is not None
    return EU.certificates[EU.provider.services.tsa]


def forged(value: bytes, *, names_both: bool = True) -> bytes:
    """A token made with a key of our own that calls the real authority its signer, and binds both certificates."""
    own = certificate("attacker", "attacker", [SIGNER])
    info = build_tst_info(
        imprint_digest_name="sha256", imprint=digest_bytes("sha256", value), time=LONG_AGO,
        policy=EU.provider.services.tsa_policy, serial=5,
    )  # fmt: skip
    real = tsa_certificate()
    return build_signed_data(
        SignRequest(
            key=key("attacker"), certificate=real, chain=(own,), signature="ecdsa-sha256", digest="sha256", content=info,
            attached=True, content_type=oids.TST_INFO, bound_certificate=own if names_both else real,
            extra_attributes=(attributes.signing_certificate(real),),
        )
    )  # fmt: skip


def genuine(value: bytes) -> bytes:
    return timestamp(EU, None, value, SIGNING + timedelta(seconds=5))


@pytest.mark.parametrize("names_both", [True, False])
def test_a_token_that_binds_two_certificates_must_verify_with_both(names_both: bool) -> None:
    """RFC 5035 section 5, RFC 5816 2.2.1: ESS attributes of both versions, the older names the authority, the newer the forger."""
    control = check(xml_signed(timestamp=genuine))
    assert control.technicals[0].proven
    found = check(xml_signed(timestamp=lambda value: forged(value, names_both=names_both)))
    assert not found.technicals[0].proven
    assert "time.timestamp-invalid" in codes(found)


def test_decoys_do_not_crowd_out_the_certificate_that_is_bound() -> None:
    """More candidates under one issuer and serial than are tried: the one that is bound is tried all the same."""
    authority = tsa_certificate()
    facts = observe_token(
        forged(b"x", names_both=False), kind="signature", stands_on=b"x", extra_certificates=(authority,)
    ).facts
    assert facts.value_ok is False


def test_a_token_copied_from_another_signature_proves_nothing_in_pdf() -> None:
    """DSS copied-sigtst; TSP-11: signed late, stamped early, by moving an unsigned attribute."""
    tokens: list[bytes] = []

    def stamp(_digest: str | None, value: bytes) -> bytes:
        tokens.append(genuine(value))
        return tokens[-1]

    first = pdf_signed(contract("pdf"), timestamp=stamp)
    found = check(pdf_signed(first, "natural-rsa", timestamp=lambda _digest, _value: tokens[0]))
    assert [t.proven for t in found.technicals] == [True, False]
    assert [s.level for s in found.facts.signatures] == ["B-T", "B-B"]
    assert "time.timestamp-invalid" in found.codes(1)
    assert "time.timestamp-invalid" not in found.codes(0)


def test_a_token_copied_from_another_signature_proves_nothing_in_xml() -> None:
    first = xml_signed(leave_out="all", timestamp=genuine)
    both = etree.fromstring(xml_signed(first, "natural-rsa", leave_out="all", signing=SIGNING + timedelta(hours=5)))
    giver, taker = both.iter(f"{XADES}QualifyingProperties")
    stamps = giver.find(f"{XADES}UnsignedProperties")
    assert stamps is not None
    taker.append(copy.deepcopy(stamps))
    found = check(etree.tostring(both))
    assert [t.proven for t in found.technicals] == [True, False]


def test_a_token_with_absurd_numbers_costs_a_finding() -> None:
    """A version of forty thousand bits is more digits than Python writes out by itself."""
    plain = build_tst_info(imprint_digest_name="sha256", imprint=b"\0" * 32, time=SIGNING, policy="2.999", serial=1)
    start = plain.index(der.integer(1))
    body = plain[start + 3 :]
    absurd = der.seq(der.integer(1 << 40_000), body)

    def token(_value: bytes) -> bytes:
        return build_signed_data(
            SignRequest(
                key=key("attacker"), certificate=certificate("attacker", "attacker", [SIGNER]), signature="ecdsa-sha256",
                digest="sha256", content=absurd, attached=True, content_type=oids.TST_INFO,
            )
        )  # fmt: skip

    found = check(xml_signed(timestamp=token))
    assert not found.technicals[0].proven
    assert {"time.token-unreadable", "time.timestamp-invalid"} & codes(found)
