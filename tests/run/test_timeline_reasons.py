"""What explains a change, one kind after another: shipped profiles, or these with one date changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core_run import ROOT, Core, run_with

from interop.model.agreement import Agreement, AgreementStatus, StatusChange
from interop.model.instant import Interval, parse_instant
from interop.model.profile import ListedServices, World
from interop.model.timeline import CellChange, TurnKind
from interop.run.timeline import follow_cells

FIRST, LAST = parse_instant("2026-03-02"), parse_instant("2027-03-02")
TURN = parse_instant("2026-09-01")
"""Long before anything of the shipped profiles ends."""
TICK = timedelta(microseconds=1)


def changes(
    core: Core, signer: str, relying: str, *, world: Callable[[World], World] = lambda w: w, **options: object
) -> tuple[CellChange, ...]:
    """The changes of one cell within a year, under another world."""
    run = run_with(core.cache, signers=(signer,), relying=(relying,), expression="pdf-b-b or pdf-b-t", **options)
    run.plan = replace(run.plan, world=world(run.plan.world))
    (course,) = follow_cells(run, FIRST, LAST).cells
    return course.changes


def with_agreement(name: str, change: Callable[[Agreement], Agreement]) -> Callable[[World], World]:
    def changed(world: World) -> World:
        return replace(world, agreements=tuple(change(a) if a.id == name else a for a in world.agreements))

    return changed


def edited(folder: Path, provider: str, old: str, new: str) -> Path:
    """A copy of the shipped profiles in which one text of one provider is another."""
    profiles = Path(shutil.copytree(ROOT / "profiles" / "providers", folder / "providers"))
    path = profiles / f"{provider}.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return profiles


def test_nothing_changes_within_the_first_year(core: Core) -> None:
    """The control of all tests below."""
    assert changes(core, "zz-pilot", "eu-qtsp-natural") == ()
    assert changes(core, "uk-qtsp", "uk-qtsp") == ()


def test_the_start_of_an_instrument(core: Core) -> None:
    enacted = StatusChange(at=TURN, status=AgreementStatus.ENACTED, note="published on that day")
    (change,) = changes(
        core, "zz-pilot", "eu-qtsp-natural", world=with_agreement("zz-to-eu", lambda a: replace(a, history=(enacted,)))
    )
    (turn,) = change.why
    assert (change.at, turn.kind, turn.whose) == (TURN, TurnKind.AGREEMENT_START, "zz-to-eu")
    assert turn.name == "published on that day"
    assert "foreign-profiles.md 1.10" in turn.source
    assert {group.after.agreement for group in change.groups} == {"zz-to-eu"}


def test_the_end_of_a_window(core: Core) -> None:
    """A signature must have been made within the window: without a proven time that is the time of validation, with one it stays in."""
    (change,) = changes(
        core, "zz-pilot", "eu-qtsp-natural",
        world=with_agreement("zz-to-eu", lambda a: replace(a, entries=tuple(replace(e, end=TURN) for e in a.entries))),
    )  # fmt: skip
    (turn,) = change.why
    assert (change.at, turn.kind, turn.whose) == (TURN, TurnKind.WINDOW_END, "zz-to-eu")
    moved = {group.group for group in change.groups}
    assert "natural/pades/b-b" in moved
    assert all(group.endswith("/b-b") for group in moved)


def test_a_list_that_withdraws_a_service(core: Core) -> None:
    """TS 119 615 clause 4.4: granted at issuance and at best signature time."""
    granted = {"uk-qtsp": {"uk-qtsp:issuing": (Interval(parse_instant("2021-01-01"), TURN),)}}
    (change,) = changes(core, "uk-qtsp", "uk-qtsp", world=lambda w: replace(w, listed=ListedServices(granted=granted)))
    (turn,) = change.why
    assert (change.at, turn.kind, turn.what) == (TURN, TurnKind.LIST_WITHDRAWN, "uk-qtsp:issuing")
    assert {group.group for group in change.groups} == {"natural/pades/b-b"}


def test_the_end_of_a_ca(core: Core, tmp_path: Path) -> None:
    """Shell model (RFC 5280 section 6.1.3): all certificates of the path are valid at the time that counts."""
    old = "not_before = 2021-01-01T00:00:00Z\nnot_after = 2036-01-01T00:00:00Z"
    profiles = edited(tmp_path, "uk-qtsp", old, old.replace("2036-01-01", "2026-09-01"))
    found = changes(core, "uk-qtsp", "uk-qtsp", profiles=profiles)
    (change,) = [change for change in found if change.at == TURN + TICK]
    (turn,) = change.why
    assert (turn.kind, turn.what, turn.role) == (TurnKind.CA_END, "uk-qtsp:issuing", "ca")
    assert "natural/pades/b-b" in {group.group for group in change.groups}


def test_a_revocation(core: Core, tmp_path: Path) -> None:
    """EN 319 102-1 section 5.2.6: what is not proven to be older ends with the revocation, as soon as a service says so."""
    event = 'certificate = "signer-natural"\nat = 2026-09-01T00:00:00Z\nstatus = "revoked"\nreason = "keyCompromise"'
    profiles = edited(tmp_path, "uk-qtsp", "[[identities]]", f"[[services.events]]\n{event}\n\n[[identities]]")
    found = changes(core, "uk-qtsp", "uk-qtsp", profiles=profiles)
    (first, *_) = found
    (turn,) = first.why
    assert first.at >= TURN
    assert (turn.kind, turn.what) == (TurnKind.STATUS, "uk-qtsp:signer-natural")
    assert turn.name.endswith("revoked (keyCompromise)")
    assert "natural/pades/b-b" in {group.group for group in first.groups}
