"""Providers that sign nothing: loaded with the others, columns of the matrix where somebody asks for them, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from shipped_parties import EVERYBODY, RELYING_ONLY, SIGNING, VALIDATION
from small_world import codes, run_of, verdict, world_of

from interop.model.errors import NothingToDo
from interop.model.instant import Interval, parse_instant
from interop.model.layers import Layer
from interop.model.profile import StatusEvent, World
from interop.pki.issue import issue
from interop.pki.register import Registered, register_answer, register_turns, registers
from interop.pki.shipped import shipped_keys
from interop.profile.lint import lint_provider, lint_world
from interop.profile.load import load_world
from interop.run.plan import Options, plan, plan_check
from interop.run.years import collect_evidence
from interop.x509.ocsp import parse_ocsp

KNOWN = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b"
"""Its certificate is on the national system."""
UNKNOWN = "eu-qtsp-natural.natural-ec/pades/b-b/pdf-b-b"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("relying-only-cache")


def vietnam(*events: StatusEvent, **services: object) -> World:
    """The EU provider and Vietnam, which recognises it; with other services where a test wants them."""
    world = world_of(("eu-qtsp-natural", "vn-accredited"), ("eu-home", "vn-recognition-eu"), on=("vn-recognition-eu",))
    vn = world.provider("vn-accredited")
    vn = replace(vn, services=replace(vn.services, events=events, **services))  # type: ignore[arg-type]
    return replace(world, providers=(world.provider("eu-qtsp-natural"), vn))


@pytest.mark.parametrize("name", RELYING_ONLY)
def test_they_have_anchors_and_rules_and_invent_no_signer(name: str) -> None:
    provider = load_world().provider(name)
    assert provider.identities == ()
    assert provider.services.tsa is None
    assert provider.unknowns
    assert provider.relying.trust.load
    for spec in provider.certificates:
        assert spec.origin == "stand-in"
        assert not spec.extensions.policies
        assert all(instant in Interval(spec.not_before, spec.not_after) for instant in (SIGNING, VALIDATION))


def test_the_default_columns_are_those_who_sign_too() -> None:
    made = plan(Options(expression="pdf-b-b"))
    assert {party.id for party in made.relying} == set(EVERYBODY)
    assert made.left_out == RELYING_ONLY
    assert {spec.provider.id for spec in made.specs} <= set(EVERYBODY)
    assert {party.id for party in plan_check(Options()).relying} == set(EVERYBODY)


def test_they_are_reached_by_name_and_by_cell() -> None:
    named = plan(Options(expression="pdf-b-b", relying=("vn-accredited", "us-fpki")))
    assert ([party.id for party in named.relying], named.left_out) == (["us-fpki", "vn-accredited"], ())
    cell = plan(Options(expression="eu-qtsp-natural:vn-accredited/pades/b-b"))
    assert ([party.id for party in cell.relying], cell.left_out) == (["vn-accredited"], ())
    assert [party.id for party in plan_check(Options(relying=("ar-mercosur",))).relying] == ["ar-mercosur"]


@pytest.mark.parametrize("options", [Options(signers=("vn-accredited",)), Options(expression="ar-mercosur:br-icp-a3")])
def test_asking_for_their_signatures_is_answered_with_what_they_are(options: Options) -> None:
    with pytest.raises(NothingToDo, match="signs nothing: it only relies"):
        plan(options)


def test_a_second_answer_is_asked_for_and_one_signer_has_it(cache: Path) -> None:
    """Decree 23/2025 article 16 (foreign-profiles.md 2.15, F75)."""
    run = run_of(vietnam(), cache, "eu-qtsp-natural and pdf-b-b", "vn-accredited")
    known, unknown = verdict(run, KNOWN, "vn-accredited"), verdict(run, UNKNOWN, "vn-accredited")
    assert (known.accepted, known.agreement) == (True, "vn-recognition-eu")
    assert (unknown.accepted, unknown.promised) == (False, True)
    assert codes(unknown, Layer.TRUST) == {"trust.national-status-missing"}


def test_the_national_system_may_know_of_a_revocation_that_the_provider_does_not(cache: Path) -> None:
    event = StatusEvent(
        certificate="eu-qtsp-natural:signer-natural-rsa", at=parse_instant("2026-02-01"), status="revoked"
    )
    found = verdict(run_of(vietnam(event), cache, KNOWN, "vn-accredited"), KNOWN, "vn-accredited")
    assert codes(found, Layer.REVOCATION) == set()
    assert codes(found, Layer.TRUST) == {"trust.national-status-revoked"}


def entry(world: World) -> Registered:
    eu = world.provider("eu-qtsp-natural")
    certificates = {eu.id: issue(eu, shipped_keys()).certificates}
    ((_, one),) = registers(world.providers, certificates, shipped_keys())
    return one


def test_an_answer_of_the_register_is_about_the_certificate_under_its_own_issuer() -> None:
    world = vietnam()
    one, issued = entry(world), issue(world.provider("vn-accredited"), shipped_keys())
    answer = register_answer(issued, one, VALIDATION)
    assert answer is not None
    assert (answer.service, answer.kind) == ("vn-accredited/ocsp/register", "ocsp")
    (single,) = parse_ocsp(answer.der).responses
    assert (single.status, single.this_update) == ("good", VALIDATION)
    assert register_answer(issued, one, parse_instant("2025-01-01")) is None  # before the certificate begins
    assert register_answer(issued, one, parse_instant("2034-06-01")) is None  # the responder has ended


def test_an_answer_says_over_which_time_it_stays() -> None:
    turn = parse_instant("2026-02-01")
    world = vietnam(StatusEvent(certificate="eu-qtsp-natural:signer-natural-rsa", at=turn, status="revoked"))
    one, issued = entry(world), issue(world.provider("vn-accredited"), shipped_keys())
    spans: list[tuple[datetime | None, datetime | None]] = []
    for at in register_turns(issued, one):
        answer = register_answer(issued, one, at)
        spans += [] if answer is None else [(answer.since, answer.until)]
    begin, last = parse_instant("2025-06-01"), parse_instant("2034-01-01T00:00:01Z")
    assert spans == [(begin, turn), (turn, last)]


def test_registers_answer_over_the_years_too(cache: Path) -> None:
    run = run_of(vietnam(), cache, KNOWN, "vn-accredited")
    before = len(run.linker.evidence)
    collect_evidence(run, (parse_instant("2027-01-01"), parse_instant("2028-01-01")))
    later = [e for e in run.linker.evidence if e.service == "vn-accredited/ocsp/register"]
    assert len(run.linker.evidence) > before
    assert {e.at.year for e in later} == {2026, 2027}


@pytest.mark.parametrize(
    ("services", "where", "what"),
    [
        ({"register": ("eu-qtsp-natural",)}, "services.register[0]", "names no certificate"),
        ({"register": ("vn-accredited:root",)}, "services.register[0]", "whose own services answer for it"),
        ({"ocsp": False}, "services.register", "nobody answers"),
        ({"register": ("eu-qtsp-natural:nobody",)}, "vn-accredited.services.register[0]", "unknown certificate"),
        ({"register": ("eu-qtsp-natura:root",)}, "vn-accredited.services.register[0]", "is not here"),
    ],
)
def test_lint_of_a_register(services: dict[str, object], where: str, what: str) -> None:
    world = vietnam(**services)
    found = [*lint_provider(world.provider("vn-accredited")), *lint_world(world)]
    assert any(r.where == where and what in r.what for r in found), found


def test_an_event_may_name_what_is_on_the_register_and_nothing_else_of_others() -> None:
    at = parse_instant("2026-02-01")
    right = StatusEvent(certificate="eu-qtsp-natural:signer-natural-rsa", at=at, status="revoked")
    wrong = replace(right, certificate="eu-qtsp-natural:signer-natural-ec")
    assert not lint_provider(vietnam(right).provider("vn-accredited"))
    (remark,) = lint_provider(vietnam(wrong).provider("vn-accredited"))
    assert remark.where == "services.events[0].certificate"
