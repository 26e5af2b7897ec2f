"""Rules about policy documents, time-stamps and status: each mistake is named where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interop.model.rules import FormatRules, PolicyDocument, RelyingRules, RevocationRules, TimeRules, TrustRules
from interop.profile.data import rules_dir
from interop.profile.lint_rules import lint_relying
from interop.profile.load import load_rules

GOOD = PolicyDocument(oid="2.999.5", digest="sha256", hash="ab" * 32)


def _said(rules: RelyingRules) -> list[tuple[str, str, str]]:
    return [(remark.severity, remark.where, remark.what) for remark in lint_relying(rules)]


def _base() -> RelyingRules:
    return load_rules(rules_dir() / "neutral.toml")


@pytest.mark.parametrize(
    ("document", "where", "what"),
    [
        (replace(GOOD, oid="5"), "formats.policy_documents[0].oid", "not an OID"),
        (replace(GOOD, digest="sha265"), "formats.policy_documents[0].digest", "did you mean 'sha256'?"),
        (replace(GOOD, hash="ab" * 20), "formats.policy_documents[0].hash", "64 digits"),
        (replace(GOOD, hash="x" * 64), "formats.policy_documents[0].hash", "in hex"),
    ],
)
def test_policy_documents(document: PolicyDocument, where: str, what: str) -> None:
    base = _base()
    assert _said(replace(base, formats=replace(base.formats, policy_documents=(GOOD,)))) == _said(base)
    wrong = _said(replace(base, formats=replace(base.formats, policy_documents=(document,))))
    ((severity, place, sentence),) = [one for one in wrong if one not in _said(base)]
    assert (severity, place) == ("error", where)
    assert what in sentence


@pytest.mark.parametrize(
    ("changes", "severity", "where"),
    [
        ({"time": TimeRules(time_stamp_policies=("x",))}, "error", "time.time_stamp_policies[0]"),
        ({"time": TimeRules(tsa=("Own",))}, "error", "time.tsa[0]"),
        ({"time": TimeRules(tsa=("agreements",))}, "warning", "time.tsa[0]"),
        ({"revocation": RevocationRules(national=("V N",))}, "error", "revocation.national[0]"),
        ({"revocation": RevocationRules(national=("vn",), offline=True)}, "error", "revocation.national"),
        (
            {"revocation": RevocationRules(grace_seconds=0), "time": TimeRules(time_stamp_required=True)},
            "error",
            "revocation.grace_seconds",
        ),
        ({"revocation": RevocationRules(grace_seconds=60)}, "warning", "revocation.grace_seconds"),
    ],
)
def test_time_and_status(changes: dict[str, object], severity: str, where: str) -> None:
    base = _base()
    new = [one for one in _said(replace(base, **changes)) if one not in _said(base)]  # type: ignore[arg-type]
    assert [(s, place) for s, place, _ in new] == [(severity, where)]


def test_sound_rules_are_silent() -> None:
    base = _base()
    sound = replace(
        base,
        formats=FormatRules(accept=base.formats.accept, policy_documents=(GOOD,), policy_document_required=True),
        revocation=RevocationRules(grace_seconds=3600, national=("vn",)),
        time=TimeRules(time_stamp_required=True, time_stamp_policies=("2.999.5",), tsa=("own", "agreements", "vn")),
        trust=TrustRules(anchors=base.trust.anchors, load=("x-to-y",)),
    )
    assert _said(sound) == _said(base)


def test_a_required_document_that_nobody_has() -> None:
    base = _base()
    rules = replace(base, formats=replace(base.formats, policy_document_required=True))
    assert [place for _, place, _ in _said(rules) if place.startswith("formats")] == [
        "formats.policy_document_required"
    ]
