"""Every sub-indication of EN 319 102-1 is reached, by the situation that the standard describes, for PDF and XML alike.

One function per sub-indication: a signature that is good but for one thing, and the clause that names what follows from it (numbers
below 5.2.8 and in 5.6 as `docs/en-319-102-1.md` gives them).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from build import (
    AT,
    CA,
    CA_CRL,
    CERTIFICATES,
    ECDSA,
    EDGES,
    EVIDENCE,
    HOME,
    RESPONDER,
    ROOT,
    ROOT_CRL,
    SIGNED,
    SIGNER,
    STATUS_EDGES,
    SUITE,
    answers,
    context,
    crl,
    day,
    facts,
    knowledge,
    names_responder,
    ocsp,
    revocation,
    signature,
    signed,
    swap,
    token,
)

from interop.model.certificate import Certificate, Finding
from interop.model.facts import Algorithm, Coverage, DocumentFacts, ReferenceFact, SignatureFacts, TokenFacts, ValueFact
from interop.model.formats import Format
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.knowledge import Evidence, Knowledge
from interop.model.rules import FormatRules, PolicyDocument, TimeRules
from interop.model.status import Crl, OcspResponse
from interop.model.suite import SuiteEntry
from interop.model.verdict import Home, Technical
from interop.validation.technical import judge_signature

HOUR = timedelta(hours=1)
DOCUMENTS = {"pdf": DocumentFacts(format="pdf"), "xml": DocumentFacts(format="xml")}
POLICY = "2.999.5"
HASH = "ab" * 32


@dataclass(frozen=True)
class _Written:
    """A good signature in one of the two container formats, to be changed in one thing."""

    kind: str

    def signature(self, *tokens: TokenFacts, digest: str = "sha256", **changes: Any) -> SignatureFacts:
        own: dict[str, Any] = {"level": "B-T" if tokens else "B-B", "tokens": tuple(t.id for t in tokens)}
        uri = f"http://www.w3.org/2001/04/xmldsig-more#ecdsa-{digest}" if self.kind == "xml" else None
        scheme = {"sha256": ECDSA, "sha384": "1.2.840.10045.4.3.3"}[digest]
        own["algorithm"] = Algorithm(
            signature=uri or scheme, name=f"ecdsa-{digest}", digest=digest, key="P-256", uri=uri,
            encoding="raw" if uri else "der",
        )  # fmt: skip
        if self.kind == "xml":
            own |= {
                "format": "XAdES", "subfilter": None, "content_types": (), "attributes": ("SigningCertificateV2",),
                "packaging": "enveloped", "covers": Coverage(whole=True, nodes=("",)), "revision": None,
            }  # fmt: skip
        return signature(**(own | changes))

    def judge(self, *tokens: TokenFacts, made: SignatureFacts | None = None, **options: Any) -> Technical:
        """Judge; `findings`, `in_file` and `document` go to the facts, the rest to the context."""
        made = made or self.signature(*tokens)
        document = replace(DOCUMENTS[self.kind], findings=options.pop("findings", ()))
        seen = facts(made, tokens=tokens, document=document, in_file=options.pop("in_file", ()))
        return judge_signature(seen, made, context(**options))


SITUATIONS: dict[SubIndication, Callable[[_Written], Technical]] = {}


def _reaches(
    sub: SubIndication,
) -> Callable[[Callable[[_Written], Technical]], Callable[[_Written], Technical]]:
    def register(situation: Callable[[_Written], Technical]) -> Callable[[_Written], Technical]:
        assert sub not in SITUATIONS
        SITUATIONS[sub] = situation
        return situation

    return register


def _with_signer_status(status: Crl | OcspResponse, *about: Certificate, signer: Certificate = SIGNER) -> Knowledge:
    """The root's CRL stays; about the signer there is this answer alone, from a service."""
    by = RESPONDER if isinstance(status, OcspResponse) else CA
    named = (names_responder(status, by),) if isinstance(status, OcspResponse) else ()
    return knowledge(
        certificates=tuple(signer if c.id == SIGNER.id else c for c in CERTIFICATES),
        edges=(
            *EDGES,
            signed(ROOT_CRL, ROOT),
            answers(ROOT_CRL, CA),
            signed(status, by),
            *named,
            *(answers(status, one) for one in about or (SIGNER,)),
        ),
        crls=(ROOT_CRL, status) if isinstance(status, Crl) else (ROOT_CRL,),
        ocsps=(status,) if isinstance(status, OcspResponse) else (),
        evidence=(EVIDENCE[0], Evidence(object=status.id, service="p/status", at=day("2026-02-01"))),
    )


def _revoked(date: datetime) -> Knowledge:
    listed = crl("listed", CA, day("2026-03-01"), day("2026-03-08"), revoked=(revocation(SIGNER, date),))
    return _with_signer_status(listed)


# --- 5.2.2 to 5.2.4: format, signing certificate, context -----------------------------------------------------------


@_reaches(SubIndication.FORMAT_FAILURE)
def _format(written: _Written) -> Technical:
    """5.2.2: the structure is broken."""
    code = "container.byte-range-malformed" if written.kind == "pdf" else "container.xml-malformed"
    return written.judge(findings=(Finding(code=code),))


@_reaches(SubIndication.NO_SIGNING_CERTIFICATE_FOUND)
def _no_signer(written: _Written) -> Technical:
    """5.2.3: neither the signature nor the caller gives a certificate."""
    return written.judge(made=written.signature(bound_by=(), value=(), certificates=()))


@_reaches(SubIndication.POLICY_PROCESSING_ERROR)
def _policy_error(written: _Written) -> Technical:
    """5.2.4: the policy is at hand, and its hash is not the one in the signature."""
    documents = (PolicyDocument(oid=POLICY, digest="sha256", hash="cd" * 32),)
    made = written.signature(policy=POLICY, policy_digest=("sha256", HASH))
    return written.judge(made=made, formats=FormatRules(accept=tuple(Format), policy_documents=documents))


@_reaches(SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE)
def _policy_missing(written: _Written) -> Technical:
    """5.2.4: the policy that the signature names is to be compared, and not at hand."""
    made = written.signature(policy=POLICY, policy_digest=("sha256", HASH))
    return written.judge(made=made, formats=FormatRules(accept=tuple(Format), policy_document_required=True))


# --- 5.2.7: cryptographic verification ------------------------------------------------------------------------------


@_reaches(SubIndication.HASH_FAILURE)
def _hash(written: _Written) -> Technical:
    """5.2.7: the digest of the data differs."""
    return written.judge(made=written.signature(references=(ReferenceFact(target="bytes", digest="sha256", ok=False),)))


@_reaches(SubIndication.SIG_CRYPTO_FAILURE)
def _value(written: _Written) -> Technical:
    """5.2.7: the value does not verify with the signing key."""
    return written.judge(made=written.signature(value=(ValueFact(key=SIGNER.id, ok=False),)))


@_reaches(SubIndication.SIGNED_DATA_NOT_FOUND)
def _no_data(written: _Written) -> Technical:
    """5.2.7: the data that was signed cannot be obtained."""
    return written.judge(made=written.signature(findings=(Finding(code="integrity.signed-data-not-given"),)))


# --- 5.2.6: certificates --------------------------------------------------------------------------------------------


@_reaches(SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
def _no_chain(written: _Written) -> Technical:
    """5.2.6: no path ends at an anchor."""
    return written.judge(home=Home(anchors={}))


@_reaches(SubIndication.NO_CERTIFICATE_CHAIN_FOUND_NO_POE)
def _no_chain_any_more(written: _Written) -> Technical:
    """5.2.6: the anchor ceased to be trusted, and nothing proves that the signature is older."""
    return written.judge(home=replace(HOME, trusted_until={ROOT.id: AT - HOUR}))


@_reaches(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE)
def _chain_general(written: _Written) -> Technical:
    """5.2.6: path validation fails for a reason without a name of its own: the CA did not sign the certificate."""
    return written.judge(known=knowledge(edges=(signed(CA, ROOT), signed(SIGNER, CA, False), *STATUS_EDGES)))


@_reaches(SubIndication.CHAIN_CONSTRAINTS_FAILURE)
def _chain_constraints(written: _Written) -> Technical:
    """5.2.6: the issuer is no CA."""
    return written.judge(known=knowledge(certificates=swap(replace(CA, ca=False), CA)))


@_reaches(SubIndication.REVOKED_NO_POE)
def _revoked_no_poe(written: _Written) -> Technical:
    """5.2.6: the signing certificate is revoked."""
    return written.judge(known=_revoked(day("2026-02-01")))


@_reaches(SubIndication.REVOKED_CA_NO_POE)
def _ca_revoked(written: _Written) -> Technical:
    """5.2.6: a CA of the path is revoked."""
    listed = replace(ROOT_CRL, revoked=(revocation(CA, day("2026-02-01")),))
    return written.judge(known=knowledge(crls=(listed, CA_CRL)))


ENDED = replace(SIGNER, not_after=day("2026-02-15"))


@_reaches(SubIndication.OUT_OF_BOUNDS_NO_POE)
def _out_of_bounds(written: _Written) -> Technical:
    """5.2.6: expired; the CRL is younger than the end of the certificate and may have dropped it."""
    return written.judge(known=knowledge(certificates=swap(ENDED, SIGNER)))


@_reaches(SubIndication.OUT_OF_BOUNDS_NOT_REVOKED)
def _out_of_bounds_not_revoked(written: _Written) -> Technical:
    """5.2.6: expired; a responder that keeps what it knows says after the end that the certificate was not revoked."""
    good = ocsp("good", SIGNER, day("2026-03-01"), day("2026-03-03"))
    (single,) = good.responses
    good = replace(good, responses=(replace(single, archive_cutoff=day("2026-01-01")),))
    return written.judge(known=_with_signer_status(good, signer=ENDED))


@_reaches(SubIndication.REVOCATION_OUT_OF_BOUNDS_NO_POE)
def _responder_out_of_bounds(written: _Written) -> Technical:
    """5.2.6: the responder that signed the only answer has expired since, and nothing proves that the answer is older."""
    responder = replace(RESPONDER, not_after=AT - HOUR)
    known = _with_signer_status(ocsp("kept", SIGNER, day("2026-03-01"), day("2026-03-08")))
    return written.judge(known=replace(known, certificates={**known.certificates, responder.id: responder}))


@_reaches(SubIndication.TRY_LATER)
def _suspended(written: _Written) -> Technical:
    """5.2.6: the certificate is on hold, which a later answer may lift."""
    held = revocation(SIGNER, day("2026-02-01"), "certificateHold")
    return written.judge(
        known=_with_signer_status(crl("held", CA, day("2026-03-01"), day("2026-03-08"), revoked=(held,)))
    )


# --- 5.2.8: acceptance ----------------------------------------------------------------------------------------------


@_reaches(SubIndication.SIG_CONSTRAINTS_FAILURE)
def _constraints(written: _Written) -> Technical:
    """5.2.8: the signature is not of the level that is asked for."""
    rules = context().rules.formats
    return written.judge(formats=replace(rules, accept=(Format.PDF_GM,)))


def _sunset(end: str) -> dict[str, Any]:
    """SHA-384 is suitable until then, SHA-256 without end."""
    algorithms = context().rules.algorithms
    entry = SuiteEntry(kind="digest", name="sha384", end=day(end))
    return {
        "suite": replace(SUITE, entries=(*SUITE.entries, entry)),
        "algorithms": replace(algorithms, digests=(*algorithms.digests, "sha384")),
    }


@_reaches(SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
def _ended_algorithm(written: _Written) -> Technical:
    """5.2.8: the digest is not suitable now, and nothing proves that the signature is older."""
    return written.judge(made=written.signature(digest="sha384"), **_sunset("2026-02-01"))


# --- 5.5, 5.6: time -------------------------------------------------------------------------------------------------


@_reaches(SubIndication.CRYPTO_CONSTRAINTS_FAILURE)
def _never_suitable(written: _Written) -> Technical:
    """5.2.8: a digest that the relying party accepts at no time."""
    algorithms = replace(context().rules.algorithms, digests=("sha384",))
    return written.judge(token(), algorithms=algorithms)


@_reaches(SubIndication.REVOKED)
def _revoked_before_the_proof(written: _Written) -> Technical:
    """5.5.4: revoked, and the time-stamp is later (REV-03)."""
    return written.judge(token(), known=_revoked(day("2026-02-01")))


@_reaches(SubIndication.EXPIRED)
def _expired_before_the_proof(written: _Written) -> Technical:
    """5.5.4: the time-stamp is later than the end of the certificate."""
    return written.judge(token(), known=knowledge(certificates=swap(ENDED, SIGNER)))


@_reaches(SubIndication.NOT_YET_VALID)
def _proof_before_the_beginning(written: _Written) -> Technical:
    """5.5.4: the time-stamp is earlier than the beginning of the certificate."""
    young = replace(SIGNER, not_before=SIGNED + HOUR)
    return written.judge(token(), known=knowledge(certificates=swap(young, SIGNER)))


@_reaches(SubIndication.TIMESTAMP_ORDER_FAILURE)
def _order(written: _Written) -> Technical:
    """5.5.4: an archive time-stamp that covers a time-stamp cannot be older than it (TSP-07)."""
    first = token()
    return written.judge(first, token("archive", SIGNED - HOUR, ("s0", first.id), kind="archive"))


@_reaches(SubIndication.NO_POE)
def _no_poe(written: _Written) -> Technical:
    """5.5, relying party's rule: proof that the signature existed is asked for, and there is none."""
    return written.judge(time=TimeRules(time_stamp_required=True))


# --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sub", list(SubIndication))
def test_every_sub_indication_is_reached(sub: SubIndication) -> None:
    said = {kind: SITUATIONS[sub](_Written(kind)) for kind in DOCUMENTS}
    for technical in said.values():
        assert (technical.indication, technical.sub_indication) == (INDICATION_OF[sub], sub)
    if sub is not SubIndication.FORMAT_FAILURE:  # what is broken has a name in each format
        pdf, xml = ([cause.code for layer in technical.layers for cause in layer.causes] for technical in said.values())
        assert pdf == xml


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_without_the_one_thing_it_passes(kind: str) -> None:
    written = _Written(kind)
    assert written.judge().indication is Indication.TOTAL_PASSED
    assert written.judge(token()).indication is Indication.TOTAL_PASSED
    policy = written.signature(policy=POLICY, policy_digest=("sha256", HASH))
    formats = FormatRules(
        accept=tuple(Format),
        policy_documents=(PolicyDocument(oid=POLICY, digest="sha256", hash=HASH.upper()),),
        policy_document_required=True,
    )
    assert written.judge(made=policy, formats=formats).passed
    zero = written.signature(policy=POLICY, policy_digest=("sha256", "00" * 32))
    assert written.judge(made=zero, formats=formats).passed, "zeros: the signer does not know the hash (PDF-A23)"


@pytest.mark.parametrize("kind", list(DOCUMENTS))
@pytest.mark.parametrize(
    ("end", "archived", "sub"),
    [
        ("2026-02-01", "2026-01-15", None),  # LTA-01: proven before the sunset
        ("2026-02-01", "2026-02-15", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),  # LTA-02: a late proof shows no late use
        ("2026-02-01", None, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    ],
)
def test_sunset_of_an_algorithm_against_proof(kind: str, end: str, archived: str | None, sub: str | None) -> None:
    """EN 319 102-1 section 5.6.2: a digest that is unsuitable now was suitable when the proof was made."""
    written = _Written(kind)
    tokens = () if archived is None else (token(time=day(archived)),)
    technical = written.judge(*tokens, made=written.signature(*tokens, digest="sha384"), **_sunset(end))
    assert technical.sub_indication == sub
