"""Cross-certificates between providers: a CA certifies another provider's CA and maps its own policy to the other's.

RFC 5280 sections 3.2 and 4.2.1.5. Real ones join EU providers to the bridges of the Federal PKI
(reference/foreign-profiles.md 2.4); the shipped ones are stand-ins.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_world import codes, run_of, verdict, world_of

from interop.model.hierarchy import CertificateSpec
from interop.model.indication import SubIndication
from interop.model.instant import parse_instant
from interop.model.layers import Layer
from interop.model.profile import Provider, StatusEvent, World
from interop.model.verdict import Verdict
from interop.pki.issue import issue
from interop.pki.shipped import shipped_keys
from interop.pki.status import publish
from interop.profile.lint import lint_provider, lint_world
from interop.profile.load import load_world
from interop.x509.certificate import parse_certificate

CROSSING = {
    ("us-fpki", "cross-eu"): ("eu-qtsp-natural", "issuing", "bridge"),
    ("us-fpki", "cross-jp"): ("jp-accredited", "issuing", "bridge"),
    ("jp-accredited", "cross-us"): ("us-fpki", "bridge", "root"),
}
"""Cross-certificate -> (provider and CA certified, CA that issues it)."""
VECTOR = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crossing-cache")


def changed(world: World, **values: object) -> World:
    """The world with other values in the specification of the Federal Bridge's cross-certificate."""
    us = world.provider("us-fpki")

    def one(spec: CertificateSpec) -> CertificateSpec:
        return replace(spec, **values) if spec.id == "cross-eu" else spec  # type: ignore[arg-type]

    return with_provider(world, replace(us, certificates=tuple(one(spec) for spec in us.certificates)))


def with_provider(world: World, provider: Provider) -> World:
    return replace(world, providers=tuple(provider if p.id == provider.id else p for p in world.providers))


def judged(world: World, cache: Path) -> Verdict:
    return verdict(run_of(world, cache, VECTOR, "us-fpki"), VECTOR, "us-fpki")


def joined(*on: str) -> World:
    return world_of(("eu-qtsp-natural", "us-fpki"), ("eu-home", "us-home", "us-cross-eu"), on=on)


@pytest.mark.parametrize("crossing", CROSSING)
def test_it_shows_the_other_providers_ca_under_a_policy_of_its_issuer(crossing: tuple[str, str]) -> None:
    world = load_world()
    owner, name = crossing
    other, ca, issuer = CROSSING[crossing]
    issued = issue(world.provider(owner), shipped_keys())
    cross = parse_certificate(issued.certificates[name])
    theirs = parse_certificate(issue(world.provider(other), shipped_keys()).certificates[ca])
    above = parse_certificate(issued.certificates[issuer])
    assert (cross.subject.normal, cross.key.digest) == (theirs.subject.normal, theirs.key.digest)
    assert cross.issuer.normal == above.subject.normal
    ((ours, mapped),) = cross.policy_mappings
    assert cross.policy_oids == {ours}
    assert mapped not in cross.policy_oids


def test_its_issuer_answers_for_it_and_it_issues_no_status_answers() -> None:
    us = load_world().provider("us-fpki")
    answers = publish(issue(us, shipped_keys()), parse_instant("2026-03-02"))
    about = {answer.service for answer in answers if "cross-eu" in answer.about}
    assert about == {"us-fpki/crl/bridge"}
    assert not any("cross-" in answer.service for answer in answers)


def test_it_opens_a_path_by_the_instrument_that_names_it_alone(cache: Path) -> None:
    off, on = judged(joined(), cache), judged(joined("us-cross-eu"), cache)
    assert (off.accepted, codes(off, Layer.TRUST)) == (False, {"trust.no-path-to-known-anchor"})
    assert (on.accepted, on.agreement) == (True, "us-cross-eu")


def test_the_signer_stays_at_home_where_it_is(cache: Path) -> None:
    """Its path home never goes over the bridge, whatever the bridge certifies."""
    found = judged(joined("us-cross-eu"), cache)
    assert (found.provider, found.identity) == ("eu-qtsp-natural", "natural-rsa")


def test_without_the_mapping_the_policy_is_not_acceptable(cache: Path) -> None:
    """Row "eu-qtsp -> us-fpki: needs a mapping row; else CHAIN_CONSTRAINTS_FAILURE" (4.3), frictions F32 and F33."""
    world = joined("us-cross-eu")
    extensions = replace(world.provider("us-fpki").certificate("cross-eu").extensions, policy_mappings=())
    found = judged(changed(world, extensions=extensions), cache)
    assert (found.accepted, codes(found, Layer.TRUST)) == (False, {"trust.policy-not-acceptable"})
    assert found.sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_a_revoked_cross_certificate_joins_nobody(cache: Path) -> None:
    world = joined("us-cross-eu")
    us = world.provider("us-fpki")
    event = StatusEvent(certificate="cross-eu", at=parse_instant("2026-02-01"), status="revoked")
    revoked = replace(us, services=replace(us.services, events=(event,)))
    found = judged(with_provider(world, revoked), cache)
    assert (found.accepted, codes(found, Layer.TRUST)) == (False, {"trust.path-revoked"})


def told(world: World) -> list[tuple[str, str, str]]:
    remarks = [r for provider in world.providers for r in lint_provider(provider) if "key_id" in r.where]
    remarks += [r for r in lint_world(world) if "certificates[" in r.where]
    return [(r.severity, r.where, r.what) for r in remarks]


@pytest.mark.parametrize(
    ("values", "where", "what"),
    [
        ({"key_id": "eu-qtsp-natural:issuin"}, "key_id", "unknown certificate of eu-qtsp-natural 'issuin'"),
        ({"key_id": "eu-qtsp-natural:tsa"}, "key_id", "'eu-qtsp-natural:tsa' is no CA"),
        ({"subject": ()}, "subject", "differs from that of eu-qtsp-natural:issuing, whose key it shares"),
        ({"role": "signer"}, "key_id", "only a CA is certified for another provider"),
    ],
)
def test_lint_compares_it_with_the_certificate_of_the_other_provider(
    values: dict[str, object], where: str, what: str
) -> None:
    three = world_of(("eu-qtsp-natural", "jp-accredited", "us-fpki"), ())
    assert not told(three)
    found = [(w, text) for severity, w, text in told(changed(three, **values)) if severity == "error"]
    assert any(w.endswith(where) and text.startswith(what) for w, text in found), found


def test_a_profile_stays_usable_where_the_other_provider_is_not_there() -> None:
    ((severity, where, what),) = told(world_of(("jp-accredited", "us-fpki"), ()))
    assert (severity, where) == ("warning", "us-fpki.certificates[4].key_id")
    assert what == "provider 'eu-qtsp-natural' is not here, so that its certificate cannot be compared"
