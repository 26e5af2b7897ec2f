"""One signature as a whole: paths and home, identity, headline and indication, no masking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from build import (
    AT,
    CA,
    CERTIFICATES,
    CRLS,
    EDGES,
    HOME,
    ROOT,
    SIGNER,
    STATUS_EDGES,
    authority,
    context,
    day,
    end_entity,
    facts,
    key,
    knowledge,
    policies,
    signature,
    signed,
    swap,
)

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import Finding
from interop.model.facts import Binding, ReferenceFact, ValueFact
from interop.model.formats import Format
from interop.model.indication import INDICATION_OF
from interop.model.knowledge import Knowledge
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.reasons import Effect, catalogue
from interop.model.rules import FormatRules
from interop.model.verdict import Home, HomeIdentity, Technical
from interop.validation.identity import match_identity
from interop.validation.ladder import answer, conclude
from interop.validation.lookup import Lookup
from interop.validation.technical import judge_signature


def _judge(known: Knowledge | None = None, home: Home = HOME, **options: object) -> Technical:
    return judge_signature(facts(), signature(), context(known=known, home=home, **options))  # type: ignore[arg-type]


def _layer(technical: Technical, layer: Layer) -> tuple[LayerState, list[str]]:
    result = technical.layers[TECHNICAL.index(layer)]
    return result.state, [cause.code for cause in result.causes]


def test_all_good() -> None:
    technical = _judge()
    assert technical.passed
    assert (technical.indication, technical.sub_indication) == ("TOTAL_PASSED", None)
    assert (technical.provider, technical.signer, technical.best_time) == ("p", SIGNER.id, AT)
    assert technical.path is not None
    assert technical.path.anchor == ROOT.id
    assert technical.identity == HOME.identities[0]


def test_without_home_anchors_everything_else_is_still_evaluated() -> None:
    """Design section 6: the self-signed root inside the file is never an anchor."""
    technical = _judge(home=Home(anchors={}))
    assert _layer(technical, Layer.CHAIN) == (LayerState.INDETERMINATE, ["chain.home-anchor-unknown"])
    assert [result.layer for result in technical.layers if result.blocks] == [Layer.CHAIN]
    assert (technical.path, technical.provider, technical.identity) == (None, None, None)
    assert technical.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_an_unknown_issuer_leaves_the_status_open() -> None:
    technical = _judge(knowledge(certificates=(SIGNER,), edges=(), crls=(), evidence=()))
    assert _layer(technical, Layer.CHAIN) == (LayerState.INDETERMINATE, ["chain.home-anchor-unknown"])
    assert _layer(technical, Layer.REVOCATION) == (LayerState.NOT_EVALUATED, ["revocation.issuer-unknown"])


@pytest.mark.parametrize(
    ("ok", "state", "code"),
    [
        (False, LayerState.FAIL, "chain.signature-wrong"),
        (None, LayerState.UNSUPPORTED, "chain.signature-not-computed"),
    ],
)
def test_a_bad_edge_is_told_apart_from_a_missing_one(ok: bool | None, state: LayerState, code: str) -> None:
    edges = (signed(ROOT, ROOT), signed(CA, ROOT), signed(SIGNER, CA, ok), *STATUS_EDGES)
    assert _layer(_judge(knowledge(edges=edges)), Layer.CHAIN) == (state, [code])


def test_a_root_of_the_same_name_is_another_root() -> None:
    """XR-08: the file's root is self-signed; that the anchor of the same name did not sign it is no forgery."""
    anchor = authority("root", "root", id=authority("namesake", "x").id, key=key("namesake"))
    known = knowledge(
        certificates=(*CERTIFICATES, anchor),
        edges=(*EDGES, *STATUS_EDGES, signed(anchor, anchor), signed(ROOT, anchor, False)),
    )
    technical = _judge(known, home=Home(anchors={anchor.id: "p"}))
    assert _layer(technical, Layer.CHAIN) == (LayerState.INDETERMINATE, ["chain.home-anchor-unknown"])


def test_the_good_one_of_two_paths_is_taken() -> None:
    """A cross-certificate of the same CA has lost its cA flag; the other path is good."""
    broken = authority("ca", "root", id=authority("broken", "x").id, key=CA.key, ca=False)
    known = knowledge(
        certificates=(*CERTIFICATES, broken),
        edges=(*EDGES, *STATUS_EDGES, signed(broken, ROOT), signed(SIGNER, broken)),
    )
    technical = _judge(known)
    assert technical.passed
    assert technical.path is not None
    assert CA.id in technical.path.certificates


def test_signer_as_home_anchor() -> None:
    """CRT-46"""
    technical = _judge(home=Home(anchors={SIGNER.id: "p"}))
    assert technical.passed
    assert technical.path is not None
    assert technical.path.certificates == (SIGNER.id,)


def test_ca_certificate_as_home_anchor() -> None:
    technical = _judge(home=Home(anchors={CA.id: "p"}))
    assert technical.passed


def test_issuer_that_is_no_ca() -> None:
    """CRT-47"""
    technical = _judge(knowledge(certificates=swap(replace(CA, ca=False), CA)))
    assert _layer(technical, Layer.CHAIN) == (LayerState.FAIL, ["chain.issuer-not-ca"])
    assert technical.sub_indication == "CHAIN_CONSTRAINTS_FAILURE"


def test_parser_findings_count_for_the_signing_certificate() -> None:
    odd = replace(SIGNER, findings=(Finding(code="certificate.serial-unfit", detail="21 octets"),))
    technical = _judge(knowledge(certificates=swap(odd, SIGNER)))
    assert technical.passed
    assert _layer(technical, Layer.CERTIFICATE) == (LayerState.PASS, ["certificate.serial-unfit"])


# --- headline and indication


def test_no_masking() -> None:
    """Everything is wrong at once, and everything is said."""
    made = signature(
        references=(ReferenceFact(target="bytes", digest="sha256", ok=False),),
        value=(ValueFact(key=SIGNER.id, ok=False),),
        bound_by=(
            Binding(how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=False),
            Binding(how="signer-identifier", certificate=SIGNER.id),
        ),
    )
    expired = replace(SIGNER, not_after=day("2026-01-01"))
    known = knowledge(
        certificates=swap(expired, SIGNER), edges=(signed(CA, ROOT), signed(SIGNER, CA, None)), crls=(), evidence=()
    )
    technical = judge_signature(facts(made), made, context(known=known, formats=FormatRules(accept=(Format.PDF_GM,))))
    blocking = {result.layer for result in technical.layers if result.blocks}
    assert blocking == {
        Layer.INTEGRITY,
        Layer.SIGNATURE,
        Layer.FORMAT,
        Layer.CERTIFICATE,
        Layer.CHAIN,
        Layer.REVOCATION,
        Layer.TIME,
    }


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["integrity.digest-mismatch", "container.byte-range-malformed"], "FORMAT_FAILURE"),
        (["integrity.digest-mismatch", "certificate.no-signing-certificate"], "NO_SIGNING_CERTIFICATE_FOUND"),
        (["signature.value-invalid", "integrity.digest-mismatch"], "HASH_FAILURE"),
        (["signature.value-invalid", "format.not-accepted"], "SIG_CRYPTO_FAILURE"),
        (["revocation.revoked", "algorithm.not-in-suite"], "REVOKED"),
        (["chain.home-anchor-unknown", "revocation.no-evidence"], "NO_CERTIFICATE_CHAIN_FOUND"),
        (["chain.no-signer", "format.not-accepted"], "SIG_CONSTRAINTS_FAILURE"),
    ],
)
def test_precedence(codes: list[str], expected: str) -> None:
    """EN 319 102-1 section 5.3.4: format, signing certificate, cryptography; then what is proven; then the order of layers."""
    from interop.model.layers import Cause

    layers = [
        answer(layer, [Cause(code=code) for code in codes if catalogue()[code].layer is layer]) for layer in TECHNICAL
    ]
    indication, sub = conclude(layers)
    assert sub == expected
    assert indication is INDICATION_OF[sub]


@pytest.mark.parametrize("entry", [e for e in catalogue().values() if e.layer in TECHNICAL], ids=lambda e: e.code)
def test_every_reason_gives_its_layer_its_state(entry: object) -> None:
    from interop.model.layers import Cause
    from interop.model.reasons import Reason

    assert isinstance(entry, Reason)
    result = answer(entry.layer, [Cause(code=entry.code)])
    assert result.blocks is (entry.effect is not Effect.FINDING)
    assert result.state is entry.state


# --- identity


def _identity(name: str, **changes: object) -> HomeIdentity:
    fields = {
        "provider": "p",
        "identity": name,
        "issuer": CA.id,
        "certificate": end_entity(f"own-{name}", "ca").id,
        "policies": frozenset(),
        "key_kind": "EC",
        "certificate_type": name,
        "person": "natural",
        "level": AssuranceLevel.L3,
    }
    return HomeIdentity(**(fields | changes))  # type: ignore[arg-type]


def _match(
    identities: tuple[HomeIdentity, ...], signer_policies: tuple[str, ...] | None, kind: str = "EC"
) -> str | None:
    made = replace(SIGNER, policies=None if signer_policies is None else policies(*signer_policies))
    if kind != "EC":
        made = replace(made, key=key("other", kind))
    known = knowledge(certificates=swap(made, SIGNER))
    technical = _judge(known, home=Home(anchors=HOME.anchors, identities=identities))
    return None if technical.identity is None else technical.identity.identity


def test_a_certificate_by_id_wins_over_shape() -> None:
    shaped = _identity("shaped", policies=frozenset({"2.999.1"}))
    own = _identity("own", certificate=SIGNER.id, policies=frozenset({"2.999.7"}))
    assert _match((shaped, own), ("2.999.1",)) == "own"


@pytest.mark.parametrize(
    ("asserted", "expected"),
    [
        (("2.999.1",), "one"),
        (("2.999.1", "2.999.2"), "both"),
        (("2.999.1", "2.999.3"), "one"),
        (None, "none"),
        (("2.999.4",), None),
    ],
)
def test_shape_by_policies(asserted: tuple[str, ...] | None, expected: str | None) -> None:
    one = _identity("one", policies=frozenset({"2.999.1"}))
    both = _identity("both", policies=frozenset({"2.999.1", "2.999.2"}))
    none = _identity("none")
    assert _match((none, both, one), asserted) == expected


def test_shape_by_issuer_and_key() -> None:
    assert _match((_identity("x", issuer=ROOT.id),), None) is None
    assert _match((_identity("x", key_kind="RSA"),), None) is None
    assert _match((_identity("x", provider="q"),), None) is None


def test_a_tie_assumes_the_lower_level() -> None:
    high, low = _identity("a-high"), _identity("b-low", level=AssuranceLevel.L2)
    assert _match((high, low), None) == "b-low"


def test_issuer_renewed_over_the_same_key() -> None:
    renewed = replace(CA, id=authority("renewed", "root").id)
    known = knowledge(certificates=(*CERTIFICATES, renewed), edges=(*EDGES, *STATUS_EDGES), crls=CRLS)
    technical = _judge(known, home=Home(anchors=HOME.anchors, identities=(_identity("x", issuer=renewed.id),)))
    assert technical.identity is not None
    assert technical.path is not None
    assert match_identity(Lookup(known), HOME, technical.path, "nobody") is None
