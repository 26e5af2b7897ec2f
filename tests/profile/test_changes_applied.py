"""Changes applied to the shipped profiles, agreements and suites: each does what it says and nothing else, and a bad one is refused."""

from __future__ import annotations

from functools import cache

import pytest

from interop.model.agreement import Agreement
from interop.model.change import Change
from interop.model.errors import UsageError
from interop.model.instant import Interval, parse_instant
from interop.model.profile import World
from interop.profile.change import Changed, apply, idle
from interop.profile.load import load_suites, load_world


@cache
def world() -> World:
    return load_world(None, None)


def under(*options: str) -> Changed:
    return apply([Change.of_option(f"--{option}") for option in options], world(), load_suites())


def differing(found: Changed) -> tuple[set[str], set[str]]:
    """Ids of the agreements and of the providers that are not what they were."""
    agreements = {a.id for a in {*found.world.agreements} ^ {*world().agreements}}
    before = {provider.id: provider for provider in world().providers}
    return agreements, {p.id for p in found.world.providers if p != before[p.id]}


@pytest.mark.parametrize(
    ("option", "agreements", "providers"),
    [
        ("enable prc-art26-hk", {"prc-art26-hk"}, set()),
        ("disable zz-to-eu", {"zz-to-eu"}, set()),
        ("repeal zz-to-eu=2026-02-01", {"zz-to-eu"}, set()),
        ("enact prc-art26-hk=2027-01-01", {"prc-art26-hk"}, set()),
        ("recognise hk-recognised=us-fpki", {"assumed-us-fpki-to-hk-recognised"}, {"hk-recognised"}),
        ("load hk-recognised=zz-to-eu", set(), {"hk-recognised"}),
        ("trust hk-recognised=us-fpki", set(), {"hk-recognised"}),
        ("allow cn-gov-gm=RSA", set(), {"cn-gov-gm"}),
        ("ban cn-gov-gm=SM2", set(), {"cn-gov-gm"}),
        ("set cn-gov-gm:time.time_stamp_required=true", set(), {"cn-gov-gm"}),
        ("reissue hk-recognised.scheme:key_usage=keyEncipherment", set(), {"hk-recognised"}),
        ("emit cn-licensed-sm2.org=pdf-gm", set(), {"cn-licensed-sm2"}),
        ("sign gd-hk-scheme.scheme:pades.levels=b-b", set(), {"gd-hk-scheme"}),
    ],
)
def test_a_change_touches_what_it_names_and_nothing_else(
    option: str, agreements: set[str], providers: set[str]
) -> None:
    assert differing(under(option)) == (agreements, providers)


def _agreement(found: Changed, name: str) -> Agreement:
    return {agreement.id: agreement for agreement in found.world.agreements}[name]


def test_an_agreement_is_in_force_until_its_repeal_and_from_its_enactment_on() -> None:
    start = _agreement(under(), "zz-to-eu").in_force()[0].start
    assert _agreement(under("repeal zz-to-eu=2026-02-01"), "zz-to-eu").in_force() == (
        Interval(start, parse_instant("2026-02-01")),
    )
    later = _agreement(under("enact prc-art26-hk=2027-01-01"), "prc-art26-hk")
    assert later.enabled
    assert later.in_force() == (Interval(parse_instant("2027-01-01"), None),)
    # a repeal that follows stays
    both = _agreement(
        under("enact zz-to-eu=2025-01-01", "repeal zz-to-eu=2026-02-01", "enact zz-to-eu=2024-06-01"), "zz-to-eu"
    )
    assert both.in_force() == (Interval(parse_instant("2024-06-01"), parse_instant("2026-02-01")),)


def test_a_repeal_switches_nothing_on() -> None:
    on = _agreement(under("enable prc-art26-hk", "repeal prc-art26-hk=2027-01-01"), "prc-art26-hk")
    assert on.in_force()[0].end == parse_instant("2027-01-01")


def test_what_changes_nothing_is_named() -> None:
    changes = [
        Change.of_option(f"--{option}") for option in ("enable cn-home", "enable prc-art26-hk", "enable prc-art26-hk")
    ]
    assert idle(changes, world(), load_suites()) == (changes[0], changes[2])


def test_an_assumed_instrument_says_that_it_is_one() -> None:
    (one,) = [a for a in under("recognise hk-recognised=us-fpki").world.agreements if a.id.startswith("assumed-")]
    assert (one.evidence, one.origin) == ("hypothetical", "stand-in")
    assert {entry.anchor for entry in one.entries} == {
        f"us-fpki:{anchor}" for anchor in world().provider("us-fpki").anchors
    }
    assert one.id in under("recognise hk-recognised=us-fpki").world.provider("hk-recognised").relying.trust.load


def test_a_rule_without_a_party_is_everybodys() -> None:
    found = under("set floor=L4")
    assert {str(provider.relying.floor) for provider in found.world.providers} == {"L4"}


def test_lists_are_added_to_and_taken_from() -> None:
    before = world().provider("cn-licensed-sm2").relying.formats.accept
    more = (
        under("set cn-licensed-sm2:formats.accept+=xml-customs")
        .world.provider("cn-licensed-sm2")
        .relying.formats.accept
    )
    assert {form.value for form in more} == {*(form.value for form in before), "xml-customs"}
    assert len(before) > 1
    first = before[0].value
    less = (
        under(f"set cn-licensed-sm2:formats.accept-={first}").world.provider("cn-licensed-sm2").relying.formats.accept
    )
    assert {form.value for form in less} == {form.value for form in before} - {first}


def test_allowing_what_was_banned_gives_back_what_was_accepted() -> None:
    rules = under("ban cn-licensed-sm2=SM2", "allow cn-licensed-sm2=SM2")
    names = {key.name for key in rules.world.provider("cn-licensed-sm2").relying.algorithms.keys}
    assert names == {key.name for key in world().provider("cn-licensed-sm2").relying.algorithms.keys}
    banned = under("ban cn-licensed-sm2=SM2").world.provider("cn-licensed-sm2").relying.algorithms
    assert "SM2" not in {key.name for key in banned.keys}


def test_a_suite_that_others_use_keeps_its_entries() -> None:
    shared = world().provider("eu-qtsp-natural").relying.algorithms.suites[0]
    assert shared in world().provider("uk-qtsp").relying.algorithms.suites
    found = under("ban eu-qtsp-natural=sha256")
    assert found.suites[shared] == load_suites()[shared]
    assert found.world.provider("uk-qtsp").relying.algorithms.suites[0] == shared
    assert found.world.provider("eu-qtsp-natural").relying.algorithms.suites[0] == f"{shared}-without-sha256"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("enable paa-club", "is a framework only and grants nothing"),
        ("enable zz-to-ue", "unknown agreement 'zz-to-ue' (did you mean 'zz-to-eu'?)"),
        ("enact zz-to-eu=soon", "'soon' is no instant"),
        ("repeal prc-art26-hk=2030-01-01", "is switched off: there is nothing to repeal"),
        ("repeal cn-home=1990-01-01", "is not in force then"),
        ("set hk-recognised:trust.anchors+=gd-hk-scheme:nope", "unknown certificate of gd-hk-scheme 'nope'"),
        ("set hk-recognised:trust.load+=foo", "unknown agreement 'foo'"),
        ("ban SHA-256", "unknown algorithm 'SHA-256' (did you mean 'sha256'?)"),
        ("recognise nobody=us-fpki", "unknown provider 'nobody'"),
        ("trust hk-recognised=us-fpki:nothing", "unknown certificate 'nothing'"),
        ("allow sha255", "unknown algorithm 'sha255'"),
        ("set cn-gov-gm:floor=L9", "floor"),
        ("set cn-gov-gm:formats.accept-=docx", "docx"),
        ("reissue hk-recognised.nobody:key_usage=keyEncipherment", "unknown identity 'nobody'"),
        ("emit cn-licensed-sm2.org=docx", "unknown format 'docx'"),
        ("emit cn-licensed-sm2.org=pades/b-z", "unknown level 'b-z'"),
        ("sign cn-licensed-sm2.org:xades.levels=b-b", "does not sign as xades"),
        ("sign gd-hk-scheme.scheme:pades.signature_policy=2.999.7", "unknown signature policy '2.999.7'"),
        ("sign gd-hk-scheme.scheme:pades.signing_certificate=false", "PAdES always has it"),
    ],
)
def test_what_cannot_be_made_is_refused_and_says_which_change(option: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        under(option)
    assert refused.value.message.startswith(f"--{option}: ")
    assert said in refused.value.message
