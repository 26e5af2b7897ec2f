"""Which status answer counts, and what it says (RFC 5280 section 6.3, RFC 6960, EN 319 102-1 sections 5.2.5 and 5.2.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from build import (
    AT,
    CA,
    CERTIFICATES,
    EDGES,
    RESPONDER,
    ROOT,
    SIGNED,
    SIGNER,
    answers,
    authority,
    certificate,
    cn,
    crl,
    day,
    directory,
    knowledge,
    names_responder,
    ocsp,
    revocation,
    signed,
)

from interop.model.certificate import Certificate, Finding, GeneralName, ObjectId
from interop.model.instant import Interval
from interop.model.knowledge import Edge, Evidence
from interop.model.rules import RevocationRules
from interop.model.status import Crl, OcspResponse
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources

ASKED = RevocationRules()
SIGNER_TO_CA = Path(certificates=(SIGNER.id, CA.id))
"""The CA as anchor: only the signer's status is asked."""


def _ask(
    *statuses: Crl | OcspResponse,
    edges: Iterable[Edge] = (),
    at: datetime = AT,
    proof: datetime | None = None,
    rules: RevocationRules = ASKED,
    path: Path = SIGNER_TO_CA,
    signer: Certificate = SIGNER,
    extra: tuple[Certificate, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    in_file: bool = True,
    existed: dict[ObjectId, datetime] | None = None,
) -> tuple[list[str], Interval]:
    """Codes and span; the answers stand in the file, are about the signer and signed by the CA unless `edges` say otherwise."""
    certificates = tuple(signer if c.id == signer.id else c for c in CERTIFICATES) + extra
    own = tuple(edges) or tuple(signed(s, CA) for s in statuses)
    named = [names_responder(s, c) for s in statuses if isinstance(s, OcspResponse) for c in certificates]
    known = knowledge(
        certificates=certificates,
        edges=(*EDGES, *own, *named, *(answers(s, SIGNER) for s in statuses)),
        crls=[s for s in statuses if isinstance(s, Crl)],
        ocsps=[s for s in statuses if isinstance(s, OcspResponse)],
        evidence=evidence,
    )
    moment = Moment(at)
    sources = StatusSources(
        in_file=frozenset(s.id for s in statuses) if in_file else frozenset(),
        existed=existed or {},
        rules=rules,
        proof=proof,
    )
    causes = path_status(Lookup(known), path, sources, moment)
    return [cause.code for cause in causes], moment.holds


def _codes(*statuses: Crl | OcspResponse, **options: Any) -> list[str]:
    return _ask(*statuses, **options)[0]


def _crl(**changes: Any) -> Crl:
    return replace(crl("crl", CA, day("2026-03-01"), day("2026-03-08")), **changes)


REVOKED_IN_FEBRUARY = _crl(revoked=(revocation(SIGNER, day("2026-02-01"), "keyCompromise"),))
REVOKED_LATER = _crl(revoked=(revocation(SIGNER, day("2026-03-01") + timedelta(hours=6), "keyCompromise"),))
HELD = _crl(revoked=(revocation(SIGNER, day("2026-02-01"), "certificateHold"),))


def test_good_by_crl_and_by_ocsp() -> None:
    assert _codes(_crl()) == []
    assert _codes(ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"))) == []


def test_nothing_at_hand() -> None:
    """REV-06"""
    assert _codes() == ["revocation.no-evidence"]
    assert _codes(rules=RevocationRules(required=False)) == []


# --- revoked


@pytest.mark.parametrize(
    ("status", "proof", "code"),
    [
        (REVOKED_IN_FEBRUARY, None, "revocation.revoked-no-poe"),  # REV-01
        (REVOKED_LATER, SIGNED, "revocation.revoked-after-proof"),  # REV-02
        (REVOKED_IN_FEBRUARY, SIGNED, "revocation.revoked"),  # REV-03
        (HELD, None, "revocation.suspended"),  # REV-05
        (HELD, SIGNED, "revocation.suspended"),
        (HELD, day("2026-01-15"), "revocation.revoked-after-proof"),
    ],
)
def test_revoked_and_suspended(status: Crl, proof: datetime | None, code: str) -> None:
    assert _codes(status, proof=proof) == [code]


def test_revoked_at_the_very_instant_of_the_proof() -> None:
    assert _codes(REVOKED_IN_FEBRUARY, proof=day("2026-02-01")) == ["revocation.revoked"]


def test_revoked_counts_where_status_is_not_required() -> None:
    assert _codes(REVOKED_IN_FEBRUARY, rules=RevocationRules(required=False)) == ["revocation.revoked-no-poe"]


def test_a_revocation_stands_even_in_a_stale_answer() -> None:
    stale = _crl(this_update=day("2026-02-02"), next_update=day("2026-02-09"), revoked=REVOKED_IN_FEBRUARY.revoked)
    good = ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"))
    assert _codes(stale, good) == ["revocation.revoked-no-poe"]


def test_of_suspensions_and_good_answers_the_latest_counts() -> None:
    released = ocsp("o", SIGNER, day("2026-03-01") + timedelta(hours=1), day("2026-03-03"))
    assert _codes(HELD, released) == []
    before = ocsp("o", SIGNER, day("2026-02-28"), day("2026-03-03"))
    assert _codes(HELD, before) == ["revocation.suspended"]


def test_ca_revoked() -> None:
    """REV-04"""
    root_crl = crl("r", ROOT, day("2026-03-01"), day("2026-04-01"), revoked=(revocation(CA, day("2026-02-01")),))
    ca_crl = _crl()
    known = knowledge(
        edges=(*EDGES, signed(root_crl, ROOT), answers(root_crl, CA), signed(ca_crl, CA), answers(ca_crl, SIGNER)),
        crls=(root_crl, ca_crl),
        evidence=(),
    )
    sources = StatusSources(in_file=frozenset({root_crl.id, ca_crl.id}))
    causes = path_status(Lookup(known), Path(certificates=(SIGNER.id, CA.id, ROOT.id)), sources, Moment(AT))
    assert [cause.code for cause in causes] == ["revocation.ca-revoked"]


def test_same_serial_of_another_issuer_on_an_indirect_crl() -> None:
    """REV-09 and REV-10: an entry speaks for the issuer that it names."""
    named = replace(SIGNER, crl_issuers=(CA.subject.normal,))
    other = _crl(indirect=True, revoked=(revocation(SIGNER, day("2026-02-01"), issuer=cn("x").normal),))
    assert _codes(other, signer=named) == []
    own = _crl(indirect=True, revoked=(revocation(SIGNER, day("2026-02-01"), issuer=CA.subject.normal),))
    assert _codes(own, signer=named) == ["revocation.revoked-no-poe"]


# --- fresh


@pytest.mark.parametrize(
    ("this_update", "next_update", "max_age", "proof", "fresh"),
    [
        ("2026-03-01", "2026-03-08", None, None, True),
        ("2026-02-01", "2026-02-08", None, None, False),  # REV-07
        ("2026-02-01", "2026-02-08", None, "2026-02-03", True),  # judged against the proven time
        ("2026-03-01", "2026-03-08", 3600, None, False),
        ("2026-03-01", "2026-03-08", 3 * 86400, None, True),
        (
            "2026-02-27",
            "2026-02-28",
            7 * 86400,
            None,
            True,
        ),  # EN 319 102-1 5.2.5.4: the maximum stands instead of nextUpdate
        ("2026-03-01", None, None, None, False),
        ("2026-03-01", None, 3 * 86400, None, True),
        ("2026-03-02", "2026-03-02", None, "2026-02-01", True),  # issued after the time that counts
    ],
)
def test_freshness(
    this_update: str, next_update: str | None, max_age: int | None, proof: str | None, fresh: bool
) -> None:
    status = _crl(this_update=day(this_update), next_update=None if next_update is None else day(next_update))
    codes = _codes(status, rules=RevocationRules(max_age_seconds=max_age), proof=None if proof is None else day(proof))
    assert codes == ([] if fresh else ["revocation.not-fresh"])


def test_an_answer_of_the_future_does_not_count_yet() -> None:
    """REV-07, OCS-06"""
    future = _crl(this_update=day("2026-03-03"))
    assert _codes(future) == ["revocation.issued-in-future"]
    assert _codes(future, at=day("2026-03-04")) == []


def test_a_good_answer_issued_after_expiry_is_not_conclusive() -> None:
    """RFC 5280 section 3.3: an entry may leave the CRL once the certificate has expired."""
    expired = replace(SIGNER, not_after=day("2026-02-15"))
    assert _codes(_crl(), signer=expired) == ["revocation.issued-after-expiry"]
    assert _codes(REVOKED_IN_FEBRUARY, signer=expired) == ["revocation.revoked-no-poe"]


def test_ocsp_unknown_is_never_good() -> None:
    """OCS-05"""
    assert _codes(ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"), status="unknown")) == [
        "revocation.status-unknown"
    ]


# --- scope of a CRL


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"only_ca": True}, "revocation.out-of-scope"),  # REV-11
        ({"only_attribute": True}, "revocation.out-of-scope"),
        ({"only_user": True}, None),
        ({"distribution_point": (GeneralName(kind="uri", value="http://crl.test/1"),)}, "revocation.out-of-scope"),
        ({"distribution_point": (directory(CA.subject),)}, None),
        ({"delta_base": 3}, "revocation.no-evidence"),  # REV-12
        ({"extensions": (("2.999.8", True),)}, "revocation.evidence-unknown-critical-extension"),  # REV-13
        ({"extensions": (("2.999.8", False), ("2.5.29.28", True))}, None),
        ({"only_reasons": frozenset({"keyCompromise"})}, "revocation.reasons-incomplete"),
        (
            {"findings": (Finding(code="revocation.evidence-extension-undecodable"),)},
            "revocation.evidence-unknown-critical-extension",
        ),
    ],
)
def test_scope(changes: dict[str, Any], code: str | None) -> None:
    codes = [c for c in _codes(_crl(**changes)) if c != "revocation.delta-ignored"]
    assert codes == ([] if code is None else [code])


def test_a_delta_is_noted() -> None:
    assert "revocation.delta-ignored" in _codes(_crl(delta_base=3))


def test_partitioned_crl_by_its_name() -> None:
    point = GeneralName(kind="uri", value="http://crl.test/1")
    signer = replace(SIGNER, crl_names=(point,))
    assert _codes(_crl(distribution_point=(point,)), signer=signer) == []
    other = GeneralName(kind="uri", value="http://crl.test/2")
    assert _codes(_crl(distribution_point=(other,)), signer=signer) == ["revocation.out-of-scope"]


def test_crls_that_cover_all_reasons_together() -> None:
    some = frozenset({"keyCompromise", "cACompromise", "affiliationChanged", "superseded"})
    rest = frozenset({"cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise"})
    first = _crl(only_reasons=some)
    second = replace(crl("second", CA, day("2026-03-01"), day("2026-03-08")), only_reasons=rest)
    assert _codes(first, second) == []


# --- who signed the answer


def test_crl_by_a_ca_without_crl_sign() -> None:
    """CRT-11. The CA stands below the anchor here: an anchor's own usage is not looked at."""
    ca = replace(CA, key_usage=frozenset({"keyCertSign"}))
    root_crl, ca_crl = crl("r", ROOT, day("2026-03-01"), day("2026-04-01")), _crl()
    known = knowledge(
        certificates=tuple(ca if c.id == ca.id else c for c in CERTIFICATES),
        edges=(*EDGES, signed(root_crl, ROOT), answers(root_crl, CA), signed(ca_crl, CA), answers(ca_crl, SIGNER)),
        crls=(root_crl, ca_crl),
        evidence=(),
    )
    sources = StatusSources(in_file=frozenset({root_crl.id, ca_crl.id}))
    causes = path_status(Lookup(known), Path(certificates=(SIGNER.id, CA.id, ROOT.id)), sources, Moment(AT))
    assert [cause.code for cause in causes] == ["revocation.crl-sign-missing"]


def test_crl_of_another_ca_with_the_same_name() -> None:
    """REV-08, XR-08: same name, another key, no path to the same anchor."""
    twin = authority("ca", "elsewhere", id=authority("twin", "x").id, key=authority("twin", "x").key)
    status = _crl()
    assert _codes(status, edges=(signed(status, twin),), extra=(twin,)) == ["revocation.evidence-signer-not-authorised"]


def test_crl_with_a_bad_or_unsupported_signature() -> None:
    status = _crl()
    assert _codes(status, edges=(signed(status, CA, False),)) == ["revocation.evidence-signature-wrong"]
    assert _codes(status, edges=(signed(status, CA, None),)) == ["revocation.evidence-not-computed"]


def test_crl_by_a_renewed_certificate_of_the_same_ca() -> None:
    renewed = replace(CA, id=authority("renewed", "root").id)
    status = _crl()
    assert _codes(status, edges=(signed(status, renewed),), extra=(renewed,)) == []


def _delegated(responder: Certificate, *, issuer: Certificate = CA, **options: Any) -> list[str]:
    status = ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"))
    extra = () if responder.id == RESPONDER.id else (responder,)
    if responder.id == RESPONDER.id and responder is not RESPONDER:
        options["signer"] = responder  # replaces it among the certificates
    return _codes(status, edges=(signed(status, responder), signed(responder, issuer)), extra=extra, **options)


def test_delegated_responder() -> None:
    assert _delegated(RESPONDER) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"extended_key_usage": None}, "revocation.evidence-signer-not-authorised"),  # OCS-02
        ({"extensions": (("2.999.8", True),)}, "revocation.evidence-signer-not-authorised"),
        ({"not_after": day("2026-03-01")}, "revocation.responder-not-valid"),  # OCS-03
        ({"ocsp_nocheck": False}, "revocation.responder-status-unknown"),  # F46
    ],
)
def test_responder_that_may_not_answer(changes: dict[str, Any], code: str) -> None:
    assert _delegated(replace(RESPONDER, **changes)) == [code]


def test_responder_of_another_ca() -> None:
    """OCS-02: OCSPSigning must be issued by the very CA that is asked about (RFC 6960 section 4.2.2.2)."""
    other = certificate("other-responder", "root", extended_key_usage=("1.3.6.1.5.5.7.3.9",), ocsp_nocheck=True)
    assert _delegated(other, issuer=ROOT) == ["revocation.evidence-signer-not-authorised"]


def test_certificate_that_answers_for_itself() -> None:
    """OCS-10"""
    selfish = replace(SIGNER, extended_key_usage=("1.3.6.1.5.5.7.3.9",), ocsp_nocheck=True)
    status = ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"))
    codes = _codes(status, edges=(signed(status, SIGNER),), signer=selfish)
    assert codes == ["revocation.evidence-signer-not-authorised"]


def test_responder_expired_since() -> None:
    """EN 319 102-1: REVOCATION_OUT_OF_BOUNDS_NO_POE, unless something proves the answer older."""
    brief = replace(RESPONDER, not_after=day("2026-03-05"))
    later = {"at": day("2026-06-01"), "proof": SIGNED}
    assert _delegated(brief, **later) == ["revocation.responder-out-of-bounds"]
    status = ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03"))
    assert _delegated(brief, **later, existed={status.id: day("2026-03-03")}) == []


def test_responder_without_nocheck_and_with_a_status_of_its_own() -> None:
    checked = replace(RESPONDER, ocsp_nocheck=False)
    status, own = (
        ocsp("o", SIGNER, day("2026-03-02"), day("2026-03-03")),
        crl("own", CA, day("2026-03-01"), day("2026-03-08")),
    )
    known = knowledge(
        certificates=tuple(checked if c.id == checked.id else c for c in CERTIFICATES),
        edges=(
            *EDGES,
            signed(status, RESPONDER),
            names_responder(status, RESPONDER),
            answers(status, SIGNER),
            signed(own, CA),
            answers(own, RESPONDER),
        ),
        crls=(own,),
        ocsps=(status,),
        evidence=(),
    )
    lookup = Lookup(known)
    with_own = StatusSources(in_file=frozenset({status.id, own.id}))
    assert path_status(lookup, SIGNER_TO_CA, with_own, Moment(AT)) == ()
    without = StatusSources(in_file=frozenset({status.id}))
    causes = path_status(lookup, SIGNER_TO_CA, without, Moment(AT))
    assert [cause.code for cause in causes] == ["revocation.responder-status-unknown"]


@pytest.mark.parametrize("oid", ["0.4.0.194121.2.1", "2.5.29.56"])
def test_no_status_is_needed_where_none_is_published(oid: str) -> None:
    assert _codes(signer=replace(SIGNER, extensions=((oid, False),))) == ["revocation.not-published"]


# --- services over time


def _reissues(days: int, *, revoked_from: int | None = None) -> tuple[tuple[Crl, ...], tuple[Evidence, ...]]:
    """A CRL a day from 1 March, each good for two days; the signer on it from the given day on."""
    made: list[Crl] = []
    for number in range(days):
        issued = day("2026-03-01") + timedelta(days=number)
        entries = () if revoked_from is None or number < revoked_from else (revocation(SIGNER, day("2026-03-12")),)
        made.append(crl(f"crl{number}", CA, issued, issued + timedelta(days=2), revoked=entries))
    return tuple(made), tuple(Evidence(object=c.id, service="p/crl/ca", at=c.this_update) for c in made)


def test_routine_reissue_ends_no_interval() -> None:
    """Design section 2: thirty CRLs, one span."""
    crls, evidence = _reissues(30)
    codes, holds = _ask(*crls, evidence=evidence, in_file=False, at=day("2026-03-10"))
    assert codes == []
    assert holds == Interval(day("2026-03-01"), day("2026-04-01"))


def test_a_revocation_ends_the_interval() -> None:
    crls, evidence = _reissues(30, revoked_from=12)
    codes, holds = _ask(*crls, evidence=evidence, in_file=False, at=day("2026-03-10"))
    assert (codes, holds.end) == ([], day("2026-03-13"))
    codes, holds = _ask(*crls, evidence=evidence, in_file=False, at=day("2026-03-20"))
    assert (codes, holds.start) == (["revocation.revoked-no-poe"], day("2026-03-13"))


def test_before_the_service_gives_anything() -> None:
    crls, evidence = _reissues(3)
    codes, holds = _ask(*crls, evidence=evidence, in_file=False, at=day("2026-02-01"))
    assert (codes, holds) == (["revocation.no-evidence"], Interval(None, day("2026-03-01")))


def test_offline_uses_the_file_alone() -> None:
    crls, evidence = _reissues(3)
    assert _codes(*crls, evidence=evidence, in_file=False, rules=RevocationRules(offline=True)) == [
        "revocation.no-evidence"
    ]
    assert _codes(*crls, evidence=evidence, in_file=True, rules=RevocationRules(offline=True)) == []


def test_objects_known_from_elsewhere_do_not_count() -> None:
    """A CRL that another file carried is neither in this file nor given by a service."""
    assert _codes(_crl(), in_file=False) == ["revocation.no-evidence"]
