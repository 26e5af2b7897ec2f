"""CRLs that are divided, indirect, or deltas (RFC 5280 sections 5.2.3 to 5.2.6), and that the judge and cryptography read them right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509 as pyca
from status_lab import ask

from interop.model.errors import InputError, UsageError
from interop.model.hierarchy import CertificateSpec, DistributionPoint
from interop.model.profile import Provider, StatusEvent
from interop.pki.crl import build_crl, crl
from interop.pki.crl_parts import crl_part, crl_parts
from interop.pki.defect import CrlDefect
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import offers, publish
from interop.x509.certificate import certificate_parts
from interop.x509.crl import parse_crl
from interop.x509.edge import verify_signed

Make = Callable[..., Provider]
AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
BEFORE, TODAY = datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 3, 2, 3, tzinfo=UTC)
"""Known to the complete CRL of the day, and only to the deltas of the day."""


def event(at: datetime, status: str = "revoked", certificate: str = "signer", **more: object) -> StatusEvent:
    return StatusEvent(certificate=certificate, at=at, status=status, reason="keyCompromise", **more)


def hierarchy(make: Make, keys: KeyStore, *events: StatusEvent, kind: str = "EC", **services: object) -> Issued:
    plain = make(kind)
    return issue(replace(plain, services=replace(plain.services, events=events, **services)), keys)


def with_points(provider: Provider, change: Callable[[CertificateSpec], tuple[DistributionPoint, ...]]) -> Provider:
    specs = tuple(
        replace(spec, extensions=replace(spec.extensions, crl_points=change(spec))) for spec in provider.certificates
    )
    return replace(provider, certificates=specs)


def test_by_default_a_crl_is_whole(make: Make, keys: KeyStore) -> None:
    parts = crl_parts(issue(make("EC"), keys))
    assert [(part.name, part.issuer.spec.id, part.points, part.only) for part in parts] == [
        ("", "root", (), None),
        ("", "issuing", (), None),
    ]


def test_one_crl_for_users_and_one_for_cas(make: Make, keys: KeyStore) -> None:
    events = (event(BEFORE), event(BEFORE, certificate="issuing"))
    issued = hierarchy(make, keys, *events, crl_parts="kinds")
    assert [(part.name, part.issuer.spec.id) for part in crl_parts(issued)] == [("ca", "root"), ("user", "issuing")]
    for name, wanted in (("signer", (True, False)), ("issuing", (False, True))):
        read = parse_crl(crl(issued, name, AT))
        assert (read.only_user, read.only_ca) == wanted
        assert [entry.serial for entry in read.revoked] == [certificate_parts(issued.certificates[name]).serial]
        idp = pyca.load_der_x509_crl(crl(issued, name, AT)).extensions.get_extension_for_class(
            pyca.IssuingDistributionPoint
        )
        assert idp.critical
        assert (idp.value.only_contains_user_certs, idp.value.only_contains_ca_certs) == wanted
    good = hierarchy(make, keys, crl_parts="kinds")
    assert ask(good, "signer", AT, [("crl", crl(good, "signer", AT))]) == []
    assert ask(good, "issuing", AT, [("crl", crl(good, "issuing", AT))]) == []
    assert ask(issued, "signer", AT, [("crl", crl(issued, "signer", AT))]) == ["revocation.revoked-no-poe"]


def test_a_crl_for_cas_says_nothing_about_users(make: Make, keys: KeyStore) -> None:
    """A CA that issues both: the part for CAs is out of scope for the signer."""
    plain = make("EC")
    specs = [replace(spec, issuer="root") if spec.id == "signer" else spec for spec in plain.certificates]
    services = replace(plain.services, crl_parts="kinds")
    issued = issue(replace(plain, certificates=tuple(specs), services=services), keys)
    assert [part.name for part in crl_parts(issued)] == ["user", "ca", "user"]
    assert ask(issued, "signer", AT, [("crl", crl(issued, "issuing", AT))]) == ["revocation.out-of-scope"]
    assert ask(issued, "signer", AT, [("crl", crl(issued, "signer", AT))]) == []


def test_one_crl_for_every_distribution_point(make: Make, keys: KeyStore) -> None:
    """Points that share a name are one; certificates that name none are on the CRL of the CA's own name."""

    def points(spec: CertificateSpec) -> tuple[DistributionPoint, ...]:
        near = DistributionPoint(uris=("ldap://crl.test/cn=1", "http://crl.test/1.crl"))
        return {
            "signer": (near,),
            "tsa": (DistributionPoint(uris=("http://crl.test/1.crl",)), DistributionPoint(directory=spec.subject)),
            "issuing": (DistributionPoint(uris=("http://crl.test/2.crl",)),),
        }.get(spec.id, ())

    plain = with_points(make("EC"), points)
    events = (event(BEFORE), event(BEFORE, certificate="ocsp"))
    services = replace(plain.services, crl_parts="points", events=events)
    issued = issue(replace(plain, services=services), keys)
    covered = {part.name: [subject.id for subject in part.subjects] for part in crl_parts(issued)[1:]}
    assert covered == {"point-1": ["signer", "tsa"], "point-2": ["tsa"], "rest": ["ocsp"]}
    first = crl_part(issued, "signer")
    read = parse_crl(build_crl(issued, first, AT))
    uris = [name.value for name in read.distribution_point if name.kind == "uri"]
    assert uris == ["ldap://crl.test/cn=1", "http://crl.test/1.crl"]
    assert first.uris() == ("ldap://crl.test/cn=1", "http://crl.test/1.crl")
    assert ask(issued, "signer", AT, [("crl", build_crl(issued, first, AT))]) == ["revocation.revoked-no-poe"]
    assert ask(issued, "tsa", AT, [("crl", build_crl(issued, first, AT))]) == []
    assert ask(issued, "ocsp", AT, [("crl", crl(issued, "ocsp", AT))]) == ["revocation.revoked-no-poe"]
    assert ask(issued, "ocsp", AT, [("crl", build_crl(issued, first, AT))]) == ["revocation.out-of-scope"]
    assert ask(issued, "issuing", AT, [("crl", crl(issued, "issuing", AT))]) == []


def test_every_distribution_point_of_a_shipped_shape_is_served(make: Make, keys: KeyStore) -> None:
    """The conftest's signer names a directory, an LDAP and two HTTP places."""
    issued = hierarchy(make, keys, crl_parts="points")
    assert ask(issued, "signer", AT, [("crl", crl(issued, "signer", AT))]) == []


def crl_of_own_ca(issued: Issued) -> bytes:
    """The issuing CA's own CRL, which covers nobody once all its certificates name another issuer."""
    (part,) = [part for part in crl_parts(issued) if part.issuer.spec.id == "issuing"]
    assert part.subjects == ()
    return build_crl(issued, part, AT)


@pytest.mark.parametrize("revoked", [False, True])
def test_an_indirect_crl_of_another_issuer(*, make: Make, keys: KeyStore, revoked: bool) -> None:
    """Section 5.2.5 and 5.3.3: the root speaks for the certificates of the issuing CA, which name it as cRLIssuer."""
    plain = make("EC")
    root = plain.certificate("root").subject

    def points(spec: CertificateSpec) -> tuple[DistributionPoint, ...]:
        if spec.issuer == "issuing":
            return (DistributionPoint(uris=("http://crl.test/all.crl",), crl_issuer=root),)
        return spec.extensions.crl_points

    events = (event(BEFORE), event(BEFORE, certificate="tsa")) if revoked else ()
    plain = with_points(plain, points)
    issued = issue(replace(plain, services=replace(plain.services, events=events)), keys)
    part = crl_part(issued, "signer")
    made = build_crl(issued, part, AT)
    assert (part.name, part.issuer.spec.id, part.indirect) == ("indirect", "root", True)
    assert [offer.service for offer in offers(issued, AT) if offer.kind == "crl"] == [
        "test-ec/crl/root", "test-ec/crl/issuing", "test-ec/crl/root/indirect",
    ]  # fmt: skip
    assert verify_signed(made, "crl", issued.certificates["root"]) is True
    ca = parse_crl(crl(issued, "issuing", AT)).issuer
    entries = parse_crl(made).revoked
    assert [entry.issuer is not None and entry.issuer != ca.normal for entry in entries] == [revoked] * len(events)
    wanted = ["revocation.revoked-no-poe"] if revoked else []
    above = ("crl", crl(issued, "issuing", AT))
    assert ask(issued, "signer", AT, [("crl", made), above], whole=True) == wanted
    assert ask(issued, "signer", AT, [above, ("crl", crl_of_own_ca(issued))], whole=True) == ["revocation.out-of-scope"]
    found = list(pyca.load_der_x509_crl(made))
    assert len(found) == len(events)
    if revoked:
        first, second = found
        assert first.extensions.get_extension_for_class(pyca.CertificateIssuer).critical
        assert not [e for e in second.extensions if isinstance(e.value, pyca.CertificateIssuer)]  # holds on


def test_an_unknown_crl_issuer_is_a_mistake(make: Make, keys: KeyStore) -> None:
    nobody = make("EC").certificate("root").subject[:2]
    plain = with_points(make("EC"), lambda _: (DistributionPoint(crl_issuer=nobody),))
    with pytest.raises(InputError, match="CRL issuer"):
        crl_parts(issue(plain, keys))


# ---- deltas


def deltas(make: Make, keys: KeyStore, *events: StatusEvent) -> Issued:
    return hierarchy(make, keys, *events, crl_delta_hours=3)


def test_a_delta_knows_what_happened_since_its_base(make: Make, keys: KeyStore) -> None:
    issued = deltas(make, keys, event(BEFORE, certificate="tsa"), event(TODAY))
    base, delta = parse_crl(crl(issued, "signer", AT)), parse_crl(crl(issued, "signer", AT, delta=True))
    serial = {name: certificate_parts(issued.certificates[name]).serial for name in ("signer", "tsa")}
    assert [entry.serial for entry in base.revoked] == [serial["tsa"]]
    assert [entry.serial for entry in delta.revoked] == [serial["signer"]]
    assert (base.delta_base, delta.delta_base) == (None, base.number)
    assert delta.number is not None
    assert base.number is not None
    assert delta.number - base.number == 3  # the third delta of the day
    assert (delta.this_update, delta.next_update) == (
        AT.replace(hour=9, minute=0, second=0),
        AT.replace(hour=12, minute=0, second=0),
    )
    assert dict(delta.extensions)["2.5.29.27"] is True
    both = [("crl", crl(issued, "signer", AT)), ("crl", crl(issued, "signer", AT, delta=True))]
    assert ask(issued, "signer", AT, both[:1]) == []
    assert ask(issued, "signer", AT, both) == ["revocation.revoked-no-poe"]
    assert "revocation.revoked-no-poe" in ask(issued, "tsa", AT, both)
    assert "revocation.no-evidence" in ask(issued, "ocsp", AT, both[1:])
    assert "revocation.no-evidence" not in ask(issued, "ocsp", AT, both)


def test_a_delta_lifts_a_hold(make: Make, keys: KeyStore) -> None:
    """Section 5.2.4: removeFromCRL for what is on the base and has been resumed."""
    issued = deltas(make, keys, event(BEFORE, "suspended"), event(TODAY, "resumed"))
    both = [("crl", crl(issued, "signer", AT)), ("crl", crl(issued, "signer", AT, delta=True))]
    assert [e.reason for e in parse_crl(both[1][1]).revoked] == ["removeFromCRL"]
    assert ask(issued, "signer", AT, both[:1]) == ["revocation.suspended"]
    assert ask(issued, "signer", AT, both) == []


def test_complete_and_delta_numbers_are_one_sequence(make: Make, keys: KeyStore) -> None:
    """Section 5.2.3: complete CRL and delta issued together have one number; otherwise it rises."""
    issued = deltas(make, keys, event(TODAY))
    numbers = []
    for hour in range(0, 72, 3):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour)
        base, delta = (parse_crl(crl(issued, "signer", at, delta=delta)) for delta in (False, True))
        if hour % 24 == 0:
            assert base.number == delta.number
            assert delta.revoked == ()
        numbers.append(delta.number)
    assert numbers == sorted(set(numbers))


def test_no_delta_where_none_is_published(make: Make, keys: KeyStore) -> None:
    issued = issue(make("EC"), keys)
    with pytest.raises(UsageError, match="crl_delta_hours"):
        crl(issued, "signer", AT, delta=True)
    with pytest.raises(InputError, match="does not divide"):
        crl(hierarchy(make, keys, crl_delta_hours=7), "signer", AT)


@pytest.mark.parametrize("services", [{"crl_parts": "kinds"}, {"crl_parts": "points"}, {"crl_delta_hours": 3}], ids=str)
def test_over_its_window_a_crl_has_the_same_entries(make: Make, keys: KeyStore, services: dict[str, object]) -> None:
    held, back = datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 4, 1, tzinfo=UTC)
    issued = hierarchy(
        make, keys, event(held, "suspended"), event(back, "resumed"), event(TODAY, certificate="tsa"), **services
    )
    hours = [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 24 * 6, 5)]
    seen = {at: [a for a in publish(issued, at) if a.kind == "crl"] for at in hours}
    for answers in seen.values():
        for answer in answers:
            for other in hours:
                if answer.since is not None and answer.until is not None and answer.since <= other < answer.until:
                    (again,) = [a for a in seen[other] if a.service == answer.service]
                    read = parse_crl(again.der)
                    assert read.revoked == parse_crl(answer.der).revoked
                    assert read.next_update is not None
                    assert read.this_update <= other < read.next_update


# ---- entries and defects


def test_an_entry_says_since_when_it_was_doubtful(make: Make, keys: KeyStore) -> None:
    doubtful = BEFORE - timedelta(days=3)
    made = crl(hierarchy(make, keys, event(BEFORE, invalid_since=doubtful)), "signer", AT)
    (entry,) = pyca.load_der_x509_crl(made)
    assert entry.extensions.get_extension_for_class(pyca.InvalidityDate).value.invalidity_date_utc == doubtful


REFUSED = {
    CrlDefect.STALE: "not-fresh",
    CrlDefect.FUTURE: "issued-in-future",
    CrlDefect.BAD_SIGNATURE: "evidence-signature-wrong",
    CrlDefect.NAMESAKE: "evidence-signature-wrong",
    CrlDefect.UNKNOWN_CRITICAL: "evidence-unknown-critical-extension",
    CrlDefect.OTHER_POINT: "out-of-scope",
    CrlDefect.ATTRIBUTES_ONLY: "out-of-scope",
    CrlDefect.NO_NEXT_UPDATE: "not-fresh",
    CrlDefect.NO_NUMBER: None,
}
"""Section 6.3.3 asks for no number: a CRL without one is read."""


@pytest.mark.parametrize("defect", list(CrlDefect))
def test_each_defect_is_one_thing(*, make: Make, keys: KeyStore, kind: str, defect: CrlDefect) -> None:
    issued = issue(make(kind), keys)
    code = REFUSED[defect]
    assert ask(issued, "signer", AT, [("crl", crl(issued, "signer", AT))]) == []
    assert ask(issued, "signer", AT, [("crl", crl(issued, "signer", AT, defect=defect))]) == [
        f"revocation.{code}"
    ] * bool(code)
