"""`interop explain`: the pages both sides can act on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cli_calls import Result

from interop.model.ids import CellId
from interop.model.reasons import catalogue
from interop.report.clauses import clause_in
from interop.run.explain import plan_of
from interop.run.plan import Options, plan

Interop = Callable[..., Result]

PKCS7_OID, GM_OID = "1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"


def _flat(result: Result) -> str:
    assert result.code == 0, result.err
    return " ".join(result.out.split())


def _section(text: str, title: str) -> str:
    """The lines under a title, up to the next empty line, on one line."""
    return " ".join(text.split(f"\n{title}\n")[1].split("\n\n", maxsplit=1)[0].split())


def test_same_curve_same_law_and_yet_the_envelope(interop: Interop) -> None:
    # the same curve and the same law fail on the envelope's OID, and the page says what either side could change
    result = interop("explain", "cn-licensed-sm2:cn-gov-gm")
    text = _flat(result)
    assert "The same key and curve (SM2) and the same law (Electronic Signature Law of the PRC" in text
    assert f"it fails: on the envelope's OID {PKCS7_OID}, which this relying party does not read." in text
    shared = _section(result.out, "what both sides have in common")
    assert "SM2, sm3" in shared
    assert "cn-home" in shared
    differs = _section(result.out, "where they part")
    assert f"sent: SignedData {PKCS7_OID}" in differs
    assert f"read: SignedData {GM_OID}" in differs
    changes = _section(result.out, "what either side could change")
    assert re.search(rf"signer, integrator: sign as SignedData {re.escape(GM_OID)}", changes)
    assert re.search(rf"relying party: read SignedData {re.escape(PKCS7_OID)}", changes)
    assert "not recognised" in text
    assert "less than was promised" in text


def test_the_same_in_chinese(interop: Interop) -> None:
    result = interop("explain", "cn-licensed-sm2:cn-gov-gm", "--lang", "zh")
    text = result.out.replace("\n", "").replace(" ", "")
    assert "双方密钥与曲线相同（SM2），适用法律相同（《中华人民共和国电子签名法》" in text
    assert f"原因在于信封OID{PKCS7_OID}，该依赖方不读取此类消息" in text
    assert "双方的共同点" in text
    assert "任一方可作的改变" in text
    assert f"签署人、集成方：改用“PDF内SignedData{GM_OID}" in text
    assert f"依赖方：增加对“PDF内SignedData{PKCS7_OID}" in text


@pytest.mark.parametrize(
    ("lang", "point"),
    [
        (
            "en",
            "The same key type (RSA-2048) and the same law (Electronic Signature Law of the PRC, licensed providers) on both sides, "
            "and yet it fails: on the format XML-Signature with W3C URIs, which this relying party does not read.",
        ),
        ("zh", "原因在于签名格式：W3C URI 的 XML 签名，该依赖方不读取此类消息。"),
    ],
)
def test_a_format_without_envelope_is_named_and_rsa_has_no_curve(interop: Interop, lang: str, point: str) -> None:
    # an XML signature has no content-type OID; the algorithm URI is accepted, so it is not what is refused
    out = interop("explain", "gd-hk-scheme:cn-dual-alg", "--lang", lang).out
    assert "".join(point.split()) in "".join(out.split())
    for wrong in ("xmldsig-more#", "curve (RSA", "曲线相同（RSA", "envelope's OID", "信封 OID"):
        assert wrong not in out, wrong


@pytest.mark.parametrize(
    ("lang", "title", "wrong"),
    [
        ("en", "instruments that name the pair and promise nothing", "names the pair"),
        ("zh", "涉及双方但不作承诺的互认安排", "没有生效的互认安排涉及双方"),
    ],
)
def test_a_framework_in_force_promises_nothing(interop: Interop, lang: str, title: str, wrong: str) -> None:
    # paa-club is in force and names the pair: the page must not say otherwise
    listed = next(line for line in interop("agreement", "list").out.splitlines() if line.startswith("paa-club "))
    assert "in force" in listed
    out = interop("explain", "hk-recognised:cn-licensed-sm2", "--lang", lang).out
    assert "paa-club" in _section(out, title)
    assert wrong not in out


def test_a_pair_without_instrument_is_told_no_law_of_a_third_country(interop: Interop) -> None:
    text = _flat(interop("explain", "us-fpki:eu-qtsp-natural"))
    assert "(agreement.no-instrument; UNCITRAL MLES article 12; own rule of interop)" in text
    assert "PRC" not in text


def test_the_pattern_is_counted_over_the_columns_of_the_matrix() -> None:
    # those that sign nothing are columns of a run where they are named, and so here
    named = plan_of(Options(), CellId.parse("gd-hk-scheme:cn-dual-alg"))
    default = plan(Options())
    assert named.relying == default.relying
    assert named.left_out == default.left_out
    assert named.specs == default.specs
    assert "vn-accredited" in default.left_out
    asked = plan_of(Options(), CellId.parse("eu-qtsp-natural:vn-accredited"))
    assert {party.id for party in asked.relying} == {*(party.id for party in default.relying), "vn-accredited"}
    assert set(asked.left_out) == set(default.left_out) - {"vn-accredited"}


def test_a_group_is_told_alone(interop: Interop) -> None:
    text = _flat(interop("explain", "cn-licensed-sm2.org:cn-gov-gm/pdf-pkcs7/b-b"))
    assert "org/pdf-pkcs7/b-b" in text
    assert "xml-customs" not in text


def test_a_case_is_told_before_its_control(interop: Interop) -> None:
    result = interop("explain", "cn-licensed-sm2.org:cn-gov-gm/pdf-pkcs7/b-b/pdf-byte-changed")
    case = result.out.index("org/pdf-pkcs7/b-b/pdf-byte-changed\n")
    control = result.out.index("org/pdf-pkcs7/b-b/pdf-b-b\n")
    assert case < control
    assert "the control: the same recipe without the mutation" in result.out
    assert "The content is not what was signed" in _flat(result)
    assert "integrity.digest-mismatch" in result.out


def test_a_cell_that_is_accepted_says_by_which_instrument(interop: Interop) -> None:
    text = _flat(interop("explain", "us-fpki:us-fpki"))
    assert "recognised" in text
    assert re.search(r"Accepted at L4, as .+ promises\.", text)


def test_valid_and_not_recognised_is_explained_by_trust(interop: Interop) -> None:
    text = _flat(interop("explain", "us-fpki:eu-qtsp-natural"))
    assert "valid, not recognised" in text
    assert "trust.no-path-to-known-anchor" in text


def test_an_opaque_identity_is_listed_and_nothing_is_said_of_it(interop: Interop) -> None:
    result = interop("explain", "ru-qualified.gost:ru-qualified/pades/b-b")
    text = _flat(result)
    assert "unsupported" in text
    # RFC 9215 section 2: id-tc26-signwithdigest-gost3410-12-256
    assert (
        "Listed, not counted: the algorithm of gost, GOST (1.2.643.7.1.1.3.2), is recognised and never verified" in text
    )
    assert "signature.algorithm-unsupported" in text
    for follows in ("trust.", "agreement.", "assurance.", "what either side could change", "where they part"):
        assert follows not in result.out, follows


def test_what_counts_is_told_before_what_does_not(interop: Interop) -> None:
    result = interop("explain", "ru-qualified:ru-qualified/pades/b-b")
    assert re.search(r"Accepted at L\d, as .+ promises\.", _flat(result)), result.out
    assert result.out.index("/pades/b-b\n") < result.out.index("gost/pades/b-b")
    assert "仅列出、不计入" in interop("explain", "ru-qualified:ru-qualified/pades/b-b", "--lang", "zh").out


def test_a_dual_signature_names_the_leg_relied_upon_and_why(interop: Interop) -> None:
    # two signatures, RSA (s0) and SM2 (s1): cn-gov-gm relies on SM2, hk-recognised on RSA, us-fpki has no leg of its own
    def told(relying: str) -> str:
        return _flat(interop("explain", f"cn-dual-alg.dual:{relying}/pades/b-b"))

    text = told("cn-gov-gm")
    assert "2 signatures; relied upon: SM2 (s1), since cn-gov-gm relies on the SM2 leg (relying.leg)" in text
    assert "RSA (s0) is blocked by format, algorithm" in text
    assert "relied upon: RSA (s0), since hk-recognised relies on the RSA leg (relying.leg)" in told("hk-recognised")
    assert "relied upon: RSA (s0), since one signature that is accepted suffices" in told("us-fpki")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_reason_has_a_page(interop: Interop, lang: str) -> None:
    for code in ("format.not-accepted", "integrity.digest-mismatch", "container.cms-not-der"):
        result = interop("explain", code, "--lang", lang)
        entry = catalogue()[code]
        assert result.code == 0
        assert result.out.splitlines()[0] == code
        flat = result.out.replace("\n", "").replace(" ", "")
        assert entry.text.in_(lang).replace(" ", "") in flat  # type: ignore[arg-type]
        assert clause_in(entry.clause, lang).replace(" ", "") in flat  # type: ignore[arg-type]


def test_without_an_argument_every_reason_is_listed(interop: Interop) -> None:
    result = interop("explain")
    assert result.code == 0
    listed = re.findall(r"^  ([a-z]+\.[a-z0-9-]+)(?:  |$)", result.out, re.MULTILINE)
    assert listed == list(catalogue())


def test_a_group_that_the_set_leaves_out_is_nothing_to_do(interop: Interop) -> None:
    result = interop("explain", "cn-gov-gm:hk-recognised/pdf-gm/b-lta")
    assert result.code == 5
    assert result.error
    assert result.hints


# reference notes, domestic profiles 6.2: with the row of article 26 the Hong Kong provider becomes recognised by the licensed provider, and
# stays refused by the government one on algorithm and format


def test_a_cell_under_a_change_stands_beside_what_it_was(interop: Interop) -> None:
    text = _flat(interop("explain", "hk-recognised:cn-licensed-sm2", "--enable", "prc-art26-hk"))
    assert "before: ◇ valid, not recognised (nothing was promised, level L2)" in text
    assert "with it: ✓ recognised (as promised, level L3)" in text
    assert "still in the way" not in text


def test_a_cell_that_a_change_does_not_turn_says_why(interop: Interop) -> None:
    result = interop("explain", "hk-recognised:cn-gov-gm", "--enable", "prc-art26-hk")
    text = _flat(result)
    assert "with it: ✗ not recognised (less than was promised, level L3)" in text
    assert "the verdict stays: what the changes take away is not all that is in the way" in text
    stays = text.split("still in the way:")[1].split("The relying party")[0]
    assert re.findall(r"\(([a-z]+)\.[a-z0-9-]+\)", stays) == ["format", "algorithm", "algorithm", "algorithm"]


def test_a_change_of_the_signer_signs_again(interop: Interop) -> None:
    # format and trust are in the way: signed as the relying party reads it, there are groups that trust alone keeps out
    text = _flat(interop("explain", "cn-licensed-sm2:cn-gov-gm", "--emit", "cn-licensed-sm2.org=pdf-gm"))
    assert "cn-licensed-sm2.org signs in the format pdf-gm too (--emit cn-licensed-sm2.org=pdf-gm)" in text
    assert re.search(r"new groups: org/pdf-gm/b-b", text), text
    assert "before: ✗ not recognised" in text
    assert "with it: ◇ valid, not recognised" in text
    assert "nothing that is in the way" not in text


def test_changes_are_tried_on_cells_only(interop: Interop) -> None:
    result = interop("explain", "format.not-accepted", "--enable", "prc-art26-hk")
    assert result.code == 2
    assert result.error == "changes are tried on a cell"
    assert result.hints


def test_the_parties_of_the_id_must_be_there(interop: Interop) -> None:
    result = interop("explain", "hk-recognised:cn-gov-g")
    assert result.code == 2
    assert result.error == "unknown relying party 'cn-gov-g' (did you mean 'cn-gov-gm'?)"
