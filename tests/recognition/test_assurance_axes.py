"""Which axis caps a level, and whose rule: rows of the mapping table of national notions (reference notes, 6.2), at home and abroad.

The axis expected follows from the definitions of the levels: L3 is L2 and a licensed, accredited or listed provider; L4 is L3, key in
certified hardware, and presumption or handwritten equivalence.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from recognition_world import AT, FACTS, IDENTITY, context, instrument, rules, technical

from interop.model.assurance import Assurance, AssuranceLevel, Axis, CapAxis
from interop.model.layers import Layer
from interop.model.verdict import LevelOutcome
from interop.recognition.assurance import limiting_axis
from interop.recognition.verdict import recognise

L, X = AssuranceLevel, CapAxis


def vector(i: Axis, k: Axis, s: Axis, e: Axis, level: L) -> Assurance:
    return Assurance(
        identity_proofing=i, key_protection=k, supervision=s, legal_effect=e, person="natural", level=level
    )


@pytest.mark.parametrize(
    ("notion", "assurance", "axis"),
    [
        ("EU QESig", vector(3, 4, 4, 4, L.L4), None),
        ("EU QESeal: the presumption is enough", vector(3, 4, 4, 3, L.L4), None),
        ("EU AdESig-QC: key outside a QSCD", vector(3, 2, 4, 3, L.L3), X.KEY_PROTECTION),
        ("EU AdES, trade control list", vector(2, 4, 3, 2, L.L2), X.LEGAL_EFFECT),
        ("US FPKI rudimentary", vector(1, 1, 3, 1, L.L1), X.IDENTITY_PROOFING),
        ("US FPKI medium", vector(3, 2, 4, 2, L.L3), X.KEY_PROTECTION),
        ("US FPKI medium hardware: L4 technically, whatever the law says", vector(3, 4, 4, 2, L.L4), None),
        ("AATL: a private programme watches", vector(3, 3, 2, 0, L.L2), X.SUPERVISION),
        ("Japan accredited: L4 as the table states it", vector(3, 3, 4, 4, L.L4), None),
        ("Korea after 2020", vector(2, 2, 2, 2, L.L2), X.SUPERVISION),
        ("Korea, former NPKI", vector(3, 2, 4, 3, L.L3), X.KEY_PROTECTION),
        ("Korea after 2020 at L3: supervision no longer explains a level above", vector(3, 2, 2, 2, L.L3), X.KEY_PROTECTION),
        ("Singapore SES", vector(3, 3, 3, 4, L.L3), X.KEY_PROTECTION),
        ("India class 2", vector(2, 1, 3, 3, L.L2), X.KEY_PROTECTION),
        ("India document signer", vector(3, 4, 4, 3, L.L3), X.LEGAL_EFFECT),
        ("Brazil A1: software", vector(3, 1, 4, 4, L.L3), X.KEY_PROTECTION),
        ("Hong Kong MR e-Cert: token", vector(3, 3, 4, 3, L.L3), X.KEY_PROTECTION),
        ("PRC software key", vector(3, 2, 4, 4, L.L3), X.KEY_PROTECTION),
        ("hardware without legal effect", vector(3, 4, 4, 2, L.L3), X.LEGAL_EFFECT),
        ("self-asserted", vector(0, 4, 4, 4, L.L1), X.IDENTITY_PROOFING),
        ("unsupervised", vector(3, 4, 0, 4, L.L1), X.SUPERVISION),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_home_vector_lacks(notion: str, assurance: Assurance, axis: CapAxis | None) -> None:
    assert limiting_axis(assurance) is axis, notion


def outcome(
    home: Assurance, *, agreement: bool = False, cap: L | None = None, ceiling: L | None = None, **more: object
) -> LevelOutcome:
    identity = replace(
        IDENTITY,
        level=home.level,
        limit=limiting_axis(home),
        time_stamp_required=home.time_stamp_required,
    )
    agreements = (instrument(level_cap=cap),) if agreement else ()
    own = replace(rules(), ceiling=ceiling)
    asked = technical(identity=identity, **more)
    return recognise(asked, FACTS, context(*agreements, with_rules=own, anchors=("gd-root",))).level


def capped(found: LevelOutcome) -> tuple[L, str, CapAxis | None]:
    return found.attained, found.capped_by, found.axis


QES = vector(3, 4, 4, 4, L.L4)
SWISS = replace(QES, time_stamp_required=True)
HK = vector(3, 3, 4, 3, L.L3)


def test_nothing_caps_a_qualified_signature_at_home() -> None:
    assert capped(outcome(QES, agreement=True)) == (L.L4, "", None)


def test_a_uk_qualified_signature_in_the_eu_has_the_effect_of_an_advanced_one() -> None:
    # 6.2: L4 locally, L2 in the EU
    assert capped(outcome(QES)) == (L.L2, "no-instrument", X.LEGAL_EFFECT)


def test_ukraine_in_the_eu_is_capped_by_the_instrument() -> None:
    # 6.2: E is 4 at home and 2 in the EU
    assert capped(outcome(QES, agreement=True, cap=L.L2)) == (L.L2, "agreement:gd-to-hk", X.LEGAL_EFFECT)


def test_switzerland_without_a_time_stamp() -> None:
    # 6.2: L4; without time-stamp L3
    assert capped(outcome(SWISS, agreement=True)) == (L.L4, "", None)
    late = outcome(SWISS, agreement=True, proven=False, best_time=AT)
    assert capped(late) == (L.L3, "signer", X.TIME_STAMP)


def test_hong_kong_within_and_outside_the_bilateral_scheme() -> None:
    # 6.2: L3 bilaterally, L2 elsewhere; E is 3 within the scheme
    assert capped(outcome(HK, agreement=True)) == (L.L3, "signer", X.KEY_PROTECTION)
    assert capped(outcome(HK)) == (L.L2, "no-instrument", X.LEGAL_EFFECT)


def test_a_ceiling_of_the_relying_party() -> None:
    assert capped(outcome(QES, agreement=True, ceiling=L.L3)) == (L.L3, "relying-party", X.LEGAL_EFFECT)


def test_nobody_is_known_to_watch_an_unknown_home() -> None:
    found = recognise(technical(identity=None), FACTS, context(instrument())).level
    assert capped(found) == (L.L2, "signer", X.SUPERVISION)


def test_what_does_not_verify_is_capped_on_no_axis() -> None:
    assert capped(outcome(QES, agreement=True, fails=Layer.SIGNATURE)) == (L.L0, "signer", None)
