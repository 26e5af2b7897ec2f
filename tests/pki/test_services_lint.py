"""What `services` and distribution points of a profile cannot mean, said with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from interop.model.hierarchy import DistributionPoint
from interop.model.profile import Provider
from interop.profile.lint_hierarchy import lint_certificates, lint_services

Make = Callable[..., Provider]


@pytest.mark.parametrize(
    ("services", "place", "what"),
    [
        ({"crl_delta_hours": 7}, ("services", "crl_delta_hours"), "7 hours do not divide crl_period_hours (24)"),
        ({"crl_delta_hours": 0}, ("services", "crl_delta_hours"), "0"),
        ({"crl_delta_hours": 36}, ("services", "crl_delta_hours"), "36 hours do not divide crl_period_hours (24)"),
        ({"ocsp_archive_years": -1}, ("services", "ocsp_archive_years"), "-1"),
        ({"tsa_policies": ("2.999.1", "policy")}, ("services", "tsa_policies", 1), "'policy'"),
    ],
    ids=str,
)
def test_services(make: Make, services: dict[str, object], place: tuple[object, ...], what: str) -> None:
    plain = make("EC")
    assert [*lint_services(plain)] == []
    (remark,) = lint_services(replace(plain, services=replace(plain.services, **services)))
    assert remark.path == place
    assert what in remark.what


def test_services_that_are_well(make: Make) -> None:
    plain = make("EC")
    odd = replace(
        plain.services, crl_delta_hours=24, ocsp_archive_years=0, tsa_policies=("2.999.9",), crl_parts="points"
    )
    assert [*lint_services(replace(plain, services=odd))] == []


@pytest.mark.parametrize(
    ("issuer", "wanted"),
    [
        ("root", []),
        ("tsa", ["'tsa' may not sign CRLs (cRLSign)"]),
        (None, ["is the subject of no certificate of the profile"]),
    ],
)
def test_a_crl_issuer_is_a_certificate_of_the_profile(make: Make, issuer: str | None, wanted: list[str]) -> None:
    plain = make("EC")
    subject = plain.certificate("root").subject[:2] if issuer is None else plain.certificate(issuer).subject
    point = DistributionPoint(crl_issuer=subject)
    specs = [
        replace(s, extensions=replace(s.extensions, crl_points=(point,))) if s.id == "signer" else s
        for s in plain.certificates
    ]
    before = {remark.what for remark in lint_certificates(plain)}
    after = [r for r in lint_certificates(replace(plain, certificates=tuple(specs))) if r.what not in before]
    assert [remark.what for remark in after] == wanted
    assert all(r.path == ("certificates", 2, "extensions", "crl_points", 0, "crl_issuer") for r in after)
