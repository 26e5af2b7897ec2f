"""Fixed values that the reports are made from: a small matrix with a cell of every kind, one told cell, one check report."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console

from interop.matrix.build import with_patterns
from interop.matrix.remedy import Trial, with_remedies
from interop.model import change
from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature, CheckReport, RelyingAnswer
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.matrix import (
    CaseRow,
    Cell,
    CellLevel,
    Group,
    Instants,
    Matrix,
    PartyRow,
    ReasonRow,
    RunHeader,
    Tables,
)
from interop.model.outcome import OUTCOME_CHAR, CellVerdict, Conformity, GroupState
from interop.model.reasons import Actor, reason
from interop.model.remedy import Remedy
from interop.model.text import Text
from interop.report.story import Assumed, Change, Told, ToldCause, ToldLadder

__all__ = ["big_matrix", "check_report", "printed", "small_matrix", "told"]

V, C, G = CellVerdict, Conformity, GroupState
ROWS = (
    "format.not-accepted",
    "algorithm.key-not-accepted",
    "trust.no-path-to-known-anchor",
    "integrity.digest-mismatch",
)
FORMAT, ALGORITHM, TRUST, INTEGRITY = range(4)
OUTCOMES = {char: outcome.value for outcome, char in OUTCOME_CHAR.items()}


def printed(show: Callable[[Console], None], width: int, *, encoding: str = "utf-8", colour: bool = False) -> str:
    """What is printed on a console of that width."""

    class Stream(io.StringIO):
        @property
        def encoding(self) -> str:  # type: ignore[override]
            return encoding

    stream = Stream()
    console = Console(
        file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False,
        legacy_windows=False,
    )  # fmt: skip
    show(console)
    return stream.getvalue()


def _reason_row(code: str) -> ReasonRow:
    entry = reason(code)
    return ReasonRow(code=code, layer=entry.layer, text=entry.text, detail="CN=TEST found; asked for something else")


def _group(
    state: GroupState, *reasons: int, promised: bool = False, notes: tuple[str, ...] = (), leg: str | None = None
) -> Group:
    layers = tuple(reason(ROWS[index]).layer for index in reasons)
    return Group(
        state=state, blocks=layers, reasons=reasons, promised=promised, attained="L3", notes=notes, leg=leg,
        agreement="cn-home" if promised else None,
    )  # fmt: skip


def _cell(verdict: CellVerdict, outcomes: str, conformity: Conformity = C.NO_PROMISE, **groups: Group) -> Cell:
    named = {name.replace("__", "/").replace("_", "-"): group for name, group in groups.items()}
    heads = [group.blocks[0] for group in named.values() if group.blocks]
    return Cell(
        verdict=verdict,
        conformity=conformity,
        first_block=min(heads, key=list(Layer).index, default=None),
        level=CellLevel(claimed="L3", attained="L2" if verdict is V.DOWNGRADED else "L3", required="L2"),
        groups=named,
        outcomes=outcomes,
        unpromised=tuple(n for n, g in named.items() if g.state is G.ACCEPTED and not g.promised),
        broken=tuple(n for n, g in named.items() if g.state is not G.ACCEPTED and g.promised),
    )


def small_matrix() -> Matrix:
    """Five signers at four relying parties, one of which is a program; every verdict occurs."""
    ok = _group(G.ACCEPTED, promised=True)
    free = _group(G.ACCEPTED)
    law = _group(G.BLOCKED_RECOGNITION, TRUST)
    wrong = _group(G.BLOCKED_TECHNICAL, ALGORITHM)
    other = _group(G.BLOCKED_TECHNICAL, FORMAT)
    broken = _group(G.BLOCKED_TECHNICAL, FORMAT, TRUST, promised=True)
    lost = _group(G.UNDETERMINED, notes=("error: the engine ended without an answer (exit 7)",))
    opaque = _group(G.UNSUPPORTED, notes=("unsupported: gost",))
    rsa = _group(G.ACCEPTED, promised=True, leg="RSA")
    sm2 = _group(G.BLOCKED_RECOGNITION, TRUST, leg="SM2")
    cells = {
        "cn-sm2:cn-sm2": _cell(V.RECOGNISED, "PPP", C.AS_PROMISED, a__pdf_pkcs7__b_b=ok),
        "cn-sm2:eu": _cell(V.NOT_RECOGNISED, "PNN", a__pdf_pkcs7__b_b=wrong, a__xml_customs__b_b=other),
        "cn-sm2:hk": _cell(V.INCONCLUSIVE, "EEE", a__pdf_pkcs7__b_b=lost),
        "cn-sm2:us-program": _cell(V.UNSAFE, "PPF", a__pdf_pkcs7__b_b=law),
        "eu:cn-sm2": _cell(V.NOT_RECOGNISED, "PP", C.BELOW_PROMISE, n__pades__b_b=broken),
        "eu:eu": _cell(V.RECOGNISED, "PP", C.AS_PROMISED, d__pades__b_b=rsa, n__pades__b_b=ok, n__xades__b_b=ok),
        # one identity fails on its key, the other on recognition alone: valid, and the word is trust
        "eu:hk": _cell(V.VALID_NOT_RECOGNISED, "PP", d__pades__b_b=sm2, e__pades__b_b=wrong, n__pades__b_b=law),
        "eu:us-program": _cell(V.OVER_RECOGNISED, "PP", C.ABOVE_PROMISE, n__pades__b_b=free),
        "hk:cn-sm2": _cell(V.PARTIAL, "PP", C.BELOW_PROMISE, o__pades__b_b=law, s__pades__b_b=ok, s__pdf_pkcs7__b_b=broken),
        "hk:eu": _cell(V.DOWNGRADED, "PP", C.AS_PROMISED, o__pades__b_b=ok),
        "hk:hk": _cell(V.RECOGNISED, "PW", C.AS_PROMISED, o__pades__b_b=ok),
        "hk:us-program": _cell(V.VALID_NOT_RECOGNISED, "PP", o__pades__b_b=law),
        "opaque-party:cn-sm2": _cell(V.UNSUPPORTED, "U", g__pades__b_b=opaque),
        "opaque-party:eu": _cell(V.UNSUPPORTED, "U", g__pades__b_b=opaque),
        "opaque-party:hk": _cell(V.NOT_TESTED, "."),
        "opaque-party:us-program": _cell(V.UNSUPPORTED, "U", g__pades__b_b=opaque),
    }  # fmt: skip
    cases = (
        CaseRow(id="cn-sm2.a/pdf-pkcs7/b-b/pdf-b-b", case="pdf-b-b", expect="accept"),
        CaseRow(
            id="cn-sm2.a/pdf-pkcs7/b-b/pdf-sm2-wrong-id", case="pdf-sm2-wrong-id", expect="reject", layer="signature"
        ),
        CaseRow(id="cn-sm2.a/pdf-pkcs7/b-b/pdf-wrong-key", case="pdf-wrong-key", expect="reject", layer="signature"),
        CaseRow(id="eu.n/pades/b-b/pdf-b-b", case="pdf-b-b", expect="accept"),
        CaseRow(id="eu.n/xades/b-b/xml-b-b", case="xml-b-b", expect="accept"),
        CaseRow(id="hk.o/pades/b-b/pdf-b-b", case="pdf-b-b", expect="accept"),
        CaseRow(id="hk.o/pades/b-b/pdf-byte-changed", case="pdf-byte-changed", expect="reject", layer="integrity"),
        CaseRow(id="opaque-party.g/pades/b-b/pdf-b-b", case="pdf-b-b", expect="accept", opaque=True),
    )
    parties = (
        PartyRow(id="cn-sm2", name=Text(en="TEST CN", zh="测试"), jurisdiction="CN"),
        PartyRow(id="eu", name=Text(en="TEST EU", zh="测试"), jurisdiction="EU"),
        PartyRow(id="hk", name=Text(en="TEST HK", zh="测试"), jurisdiction="HK"),
        PartyRow(id="opaque-party", name=Text(en="TEST", zh="测试"), jurisdiction="XX"),
        PartyRow(id="us-program", name=Text(en="TEST US", zh="测试"), jurisdiction="US", engine="verifier@2.1"),
    )
    return with_remedies(_matrix(cells, parties, cases), FOUND)


def _tried(verdict: CellVerdict, *options: str) -> tuple[frozenset[change.Change], Trial]:
    return frozenset(map(change.Change.of_option, options)), Trial(verdict=verdict, accepted=1)


FOUND = {
    "cn-sm2:eu": (
        _tried(V.PARTIAL, "--allow eu=SM2", "--allow eu=sm3", "--recognise eu=cn-sm2"),
        _tried(V.RECOGNISED, "--recognise eu=cn-sm2", "--set eu:formats.accept+=xml-customs"),
    ),
    "eu:cn-sm2": (_tried(V.RECOGNISED, "--emit eu.n=pdf-gm", "--trust cn-sm2=eu:root"),),
    "eu:hk": (_tried(V.RECOGNISED, "--recognise hk=eu"),),
    "hk:cn-sm2": (_tried(V.RECOGNISED, "--recognise cn-sm2=hk"),),
    "cn-sm2:hk": (),
}
"""Cell -> what would turn it, best first."""


def _matrix(cells: dict[str, Cell], parties: tuple[PartyRow, ...], cases: tuple[CaseRow, ...]) -> Matrix:
    return with_patterns(Matrix(
        set="core",
        instants=Instants(signing="2026-03-01T00:00:00Z", validation="2026-03-02T12:30:00Z"),
        header=RunHeader(
            tool="interop 0.0.0", libraries={}, engine="embedded@0.0.0", inputs={}, complete=True, agreements=("cn-home",)
        ),
        tables=Tables(
            parties=parties, reasons=tuple(map(_reason_row, ROWS)), cases=cases, outcomes=OUTCOMES,
        ),
        cells=cells,
    ))  # fmt: skip


def big_matrix(count: int = 24, *, names: Callable[[int], str] = lambda i: f"provider-{i:02}-of-xx") -> Matrix:
    """A square matrix whose verdicts and broken promises go round: no two rows look the same."""
    ids = [names(index) for index in range(count)]
    verdicts = list(V)
    groups = {
        V.RECOGNISED: _group(G.ACCEPTED, promised=True),
        V.DOWNGRADED: _group(G.ACCEPTED, promised=True),
        V.VALID_NOT_RECOGNISED: _group(G.BLOCKED_RECOGNITION, TRUST),
        V.NOT_RECOGNISED: _group(G.BLOCKED_TECHNICAL, FORMAT, promised=True),
        V.INCONCLUSIVE: _group(G.UNDETERMINED, INTEGRITY),
    }
    cells = {}
    for i, signer in enumerate(ids):
        for j, relying in enumerate(ids):
            verdict = V.RECOGNISED if i == j else verdicts[(i * 3 + j * 7) % len(verdicts)]
            found = {} if verdict is V.NOT_TESTED else {"a__pades__b_b": groups.get(verdict, _group(G.ACCEPTED))}
            below = verdict is V.NOT_RECOGNISED
            cells[f"{signer}:{relying}"] = _cell(verdict, "", C.BELOW_PROMISE if below else C.NO_PROMISE, **found)
    parties = tuple(PartyRow(id=name, name=Text(en=name, zh=name), jurisdiction="XX") for name in ids)
    return _matrix(cells, parties, ())


def told(text: str = "CN=TEST ROOTCA, O=TEST, C=CN", remedies: tuple[Remedy, ...] | None = None) -> Told:
    """One cell that fails on the envelope; `text` stands wherever untrusted text can."""
    matrix = small_matrix()
    passing = tuple((layer, LayerState.PASS) for layer in Layer)
    failing = tuple(
        (layer, LayerState.FAIL if layer in {Layer.FORMAT, Layer.TRUST} else LayerState.PASS) for layer in Layer
    )
    return Told(
        asked="eu:cn-sm2/pades/b-b",
        signer="eu",
        relying="cn-sm2",
        cell=replace(
            matrix.cells["eu:cn-sm2"], remedies=None if remedies is None else tuple(range(len(remedies)))
        ),
        summary=(
            Text(
                en="The same key and curve (SM2) and the same law on both sides, and yet it fails: on the envelope's OID "
                f"1.2.840.113549.1.7.2 ({text}).",
                zh=f"双方密钥与曲线相同（SM2），适用法律相同，却仍然失败：原因在于信封 OID 1.2.840.113549.1.7.2（{text}）。",
            ),
        ),
        head=(
            (Text(en="accepted", zh="接受"), Text(en="0 of 3 groups", zh="3 个用例组中的 0 个")),
            (Text(en="the other way", zh="反方向"), _same(f"cn-sm2:eu ({text})")),
        ),
        assumed=Assumed(
            changes=(_same(f"{text} (--enable cn-eu)"),),
            before=matrix.cells["eu:hk"],
            gone=("algorithm.key-not-accepted",),
            fewer=("trust.no-path-to-known-anchor",),
            come=("a-word-of-a-real-party",),
            stays=("format.not-accepted",),
        ),
        shared=(Text(en=f"algorithm: SM2, sm3 ({text})", zh=f"算法：SM2、sm3（{text}）"),),
        differs=(
            Text(en="sent: SignedData 1.2.840.113549.1.7.2 in PDF (PKCS#7 OIDs)", zh="发送：PDF 内 SignedData（PKCS#7 OID）"),
        ),
        ladders=(
            ToldLadder(
                groups=("n/pades/b-b", "n/pades/b-t"),
                states=failing,
                causes=(
                    ToldCause(
                        layer=Layer.ALGORITHM, code="algorithm.legacy", blocks=False,
                        details=tuple(_same(f"certificate {text}: RSA-2048, {n}") for n in range(5)),
                    ),
                    ToldCause(
                        layer=Layer.FORMAT,
                        code="format.not-accepted",
                        details=(Text(en="pades; accepted: pdf-gm", zh="pades；接受 pdf-gm"),),
                    ),
                    ToldCause(
                        layer=Layer.TRUST,
                        code="trust.no-path-to-known-anchor",
                        details=tuple(_same(f"{n} {text}") for n in range(5)),
                    ),
                    ToldCause(layer=Layer.TRUST, code="a-word-of-a-real-party", details=()),
                ),
            ),
            ToldLadder(
                groups=("n/xades/b-lt", "n/xades/b-lta"),
                states=failing,
                gone=("trust.no-path-to-known-anchor",),
                as_first=True,
                causes=(
                    ToldCause(
                        layer=Layer.REVOCATION,
                        code="revocation.revoked-no-poe",
                        cases=("xml-b-lt-one", "xml-b-lt-two", "xml-b-lt-three", "xml-b-lt-four"),
                    ),
                ),
            ),
            ToldLadder(groups=("n/xades/b-b",), states=passing, causes=(), accepted=True),
            ToldLadder(groups=("n/xades/b-t",), states=(), causes=(), error=f"the worker died: {text}"),
        ),
        changes=(
            Change(
                actors=(Actor.SIGNER, Actor.INTEGRATOR),
                text=Text(en=f"sign as something else ({text})", zh=f"改用其他格式签名（{text}）"),
            ),
            Change(actors=(Actor.RELYING_PARTY,), text=Text(en="read PAdES as well", zh="增加对 PAdES 的支持")),
        ),
        remedies=remedies,
        levels=(Text(en=f"n: L4 at home ({text})", zh=f"n：本地级别 L4（{text}）"),),
        idle=(Text(en=f"{text} (cn-eu): switched off", zh=f"{text}（cn-eu）：未启用"),),
    )  # fmt: skip


def _same(text: str) -> Text:
    return Text(en=text, zh=text)


def check_report(
    text: str = "CN=TEST 深圳测试物流有限公司, O=TEST 深圳测试物流有限公司, ST=TEST 广东省, C=CN",
) -> CheckReport:
    """A file with two signatures, one without, one not handled, one that could not be looked at."""
    layers = {layer.value: CheckedLayer(result="pass") for layer in TECHNICAL}
    open_chain = {
        **layers,
        "algorithm": CheckedLayer(
            result="pass", reasons=("algorithm.legacy", "algorithm.legacy"), details=(f"signature {text}", "RSA-2048")
        ),
        "chain": CheckedLayer(
            result="indeterminate", reasons=("chain.home-anchor-unknown",), details=(f"ends at {text}",)
        ),
        "revocation": CheckedLayer(result="not_evaluated", reasons=("revocation.no-signer",), details=("",)),
    }
    first = CheckedSignature(
        id="s0", format="PAdES", level="B-T", signed_by=text, time="2026-03-01T00:00:05Z", time_proven=True,
        covers_whole=True, covers=("0+840", "17226+3085"), revision=1, indication="TOTAL_PASSED", sub_indication=None,
        reason=None, layers=layers,
        provider="hk-recognised", identity="scheme",
    )  # fmt: skip
    second = CheckedSignature(
        id="s1", format="PAdES", level=None, signed_by=None, time="2026-03-01T00:00:00Z", time_proven=False,
        covers_whole=False, covers=("0+840",), revision=2, indication="INDETERMINATE",
        sub_indication="NO_CERTIFICATE_CHAIN_FOUND", reason="chain.home-anchor-unknown", layers=open_chain,
        provider=f"file:{text}",
    )  # fmt: skip
    no = RelyingAnswer(
        accepted=False, promised=False, first_block="trust", reasons=("trust.no-path-to-known-anchor",), level="L2"
    )
    broken = RelyingAnswer(
        accepted=False, promised=True, first_block="format", reasons=("format.not-accepted", "trust.no-path-to-known-anchor"),
        level="L3", agreement="cn-home", signature="s1",
    )  # fmt: skip
    yes = RelyingAnswer(
        accepted=True, promised=True, first_block=None, reasons=(), level="L3", agreement="hk-home", signature="s0", leg="RSA"
    )  # fmt: skip
    free = RelyingAnswer(accepted=True, promised=False, first_block=None, reasons=(), level="L2")
    return CheckReport(
        at="2026-03-02T00:00:00Z",
        files=(
            CheckedFile(
                file=f"in/{text}.pdf", sha256="sha256:00", format="pdf", indication="INDETERMINATE",
                sub_indication="NO_CERTIFICATE_CHAIN_FOUND", reason="chain.home-anchor-unknown",
                findings=("integrity.annotation-after-signing", "algorithm.legacy"), signatures=(first, second),
                revisions=2, signature="s1",
                relying_parties={
                    "cn-gov-gm": no, "cn-licensed-sm2": broken, "eu-qtsp-natural": no, "gd-hk-scheme": free,
                    "hk-recognised": yes, "us-fpki": no,
                },
            ),
            CheckedFile(
                file="plain.xml", sha256="sha256:01", format="xml", indication="NO_SIGNATURE_FOUND",
                reason="container.no-signature",
            ),
            CheckedFile(
                file="contract.asice", sha256="sha256:02", format="asic", indication="INDETERMINATE",
                sub_indication="SIG_CONSTRAINTS_FAILURE", reason="container.format-not-handled",
            ),
            CheckedFile(
                file="hard.pdf", sha256="sha256:03", format="pdf", indication=None,
                error=f"took longer than 10 s and was stopped ({text})",
            ),
        ),
    )  # fmt: skip
