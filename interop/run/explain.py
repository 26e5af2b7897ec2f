"""Why one cell is as it is: its vectors judged again, those that share one ladder told once, with what both sides have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.crypto.table import signature as signature_algorithm
from interop.model.agreement import Agreement
from interop.model.facts import SignatureFacts
from interop.model.formats import Format
from interop.model.layers import Layer, LayerState
from interop.model.matrix import Matrix
from interop.model.profile import Provider
from interop.model.reasons import Actor, Effect, reason
from interop.model.text import Text
from interop.model.verdict import Judgement, Verdict
from interop.report.story import Told, ToldLadder
from interop.run.execute import Run
from interop.vector.catalogue import VectorSpec

__all__ = ["explain_cell"]

_ENVELOPES = {
    Format.PADES: Text(en="PAdES (ETSI.CAdES.detached, PKCS#7 OIDs)", zh="PAdES（ETSI.CAdES.detached，PKCS#7 OID）"),
    Format.PDF_PKCS7: Text(
        en="SignedData 1.2.840.113549.1.7.2 in PDF (PKCS#7 OIDs)",
        zh="PDF 内 SignedData 1.2.840.113549.1.7.2（PKCS#7 OID）",
    ),
    Format.PDF_GM: Text(
        en="SignedData 1.2.156.10197.6.1.4.2.2 in PDF (GB/T 35275 OIDs)",
        zh="PDF 内 SignedData 1.2.156.10197.6.1.4.2.2（GB/T 35275 OID）",
    ),
    Format.XMLDSIG: Text(en="XML-Signature with W3C URIs", zh="W3C URI 的 XML 签名"),
    Format.XADES: Text(en="XAdES", zh="XAdES"),
    Format.XML_CUSTOMS: Text(en="XML-Signature with the China Customs URIs", zh="采用中国海关 URI 的 XML 签名"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One vector and what the relying party makes of it."""

    spec: VectorSpec
    judgement: Judgement
    signature: SignatureFacts | None

    @property
    def verdict(self) -> Verdict | None:
        return self.judgement.verdict


def explain_cell(run: Run, matrix: Matrix, signer: Provider, relying: Provider) -> Told:
    """Tell the story of one cell: of its positives, or of the single case that the run selected."""
    rows = _rows(run, signer, relying)
    gathered: dict[tuple[object, ...], list[_Row]] = {}
    for row in rows:
        gathered.setdefault(_same(row.judgement), []).append(row)
    ladders = sorted(gathered.values(), key=lambda group: (not _blocked(group[0]), group[0].spec.group))
    main = next((group[0] for group in ladders if _blocked(group[0])), ladders[0][0])
    return Told(
        signer=signer.id,
        relying=relying.id,
        cell=matrix.cells[f"{signer.id}:{relying.id}"],
        summary=_summary(main, run.plan.world.agreements),
        shared=_shared(main, run.plan.world.agreements),
        differs=_differs(main, relying),
        ladders=tuple(_ladder(group) for group in ladders),
        changes=_changes(ladders),
    )


def _rows(run: Run, signer: Provider, relying: Provider) -> list[_Row]:
    bench = run.bench()
    specs = [spec for spec in run.plan.specs if spec.provider.id == signer.id]
    cases = {spec.case.id for spec in specs}
    single = len(cases) <= 2
    rows = []
    for spec in specs:
        if not (single or spec.case.positive):
            continue
        if spec.id in run.failures:
            failed = Judgement(relying=relying.id, verdicts=(), counts=None, error=run.failures[spec.id])
            rows.append(_Row(spec, failed, None))
            continue
        facts = run.observations[spec.id].facts
        judgement = bench.judge(facts, relying, run.plan.validation, document=spec.case.document, rely=spec.case.rely)
        rows.append(_Row(spec, judgement, None if judgement.counts is None else facts.signatures[judgement.counts]))
    return rows


def _blocked(row: _Row) -> bool:
    return row.verdict is None or bool(row.verdict.blocks)


def _same(judgement: Judgement) -> tuple[object, ...]:
    verdict = judgement.verdict
    if verdict is None:
        return (judgement.error, judgement.findings)
    causes = tuple(
        (layer.layer, layer.state, tuple((cause.code, cause.detail) for cause in layer.causes))
        for layer in verdict.layers
    )
    return (causes, verdict.promised, verdict.agreement)


def _ladder(group: Sequence[_Row]) -> ToldLadder:
    first = group[0]
    groups = tuple(dict.fromkeys(row.spec.group for row in group))
    if first.verdict is None:
        return ToldLadder(groups=groups, states=(), causes=(), error=first.judgement.error)
    causes = [
        (layer.layer, cause.code, cause.detail)
        for layer in first.verdict.layers
        for cause in layer.causes
        if layer.blocks or reason(cause.code).effect is Effect.FINDING
    ]
    return ToldLadder(
        groups=groups,
        states=tuple((layer.layer, layer.state) for layer in first.verdict.layers),
        causes=tuple(causes),
    )


def _agreement(agreements: Sequence[Agreement], name: str | None) -> Agreement | None:
    return next((agreement for agreement in agreements if agreement.id == name), None)


def _curve(signature: SignatureFacts) -> str:
    return signature.algorithm.key or signature.algorithm.name or signature.algorithm.signature


def _passes(verdict: Verdict, layer: Layer) -> bool:
    return verdict.layer(layer).state is LayerState.PASS


def _summary(row: _Row, agreements: Sequence[Agreement]) -> tuple[Text, ...]:
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None or verdict.first_block is None:
        return ()
    instrument = _agreement(agreements, verdict.agreement)
    if verdict.first_block is Layer.FORMAT and _passes(verdict, Layer.ALGORITHM) and instrument is not None:
        key = _curve(signature)
        oid = signature.content_types[0] if signature.content_types else (signature.algorithm.uri or "")
        return (
            Text(
                en=f"The same key and curve ({key}) and the same law ({instrument.name.en}) on both sides, and yet it "
                f"fails: on the envelope's OID {oid}, which this relying party does not read.",
                zh=f"双方密钥与曲线相同（{key}），适用法律相同（{instrument.name.zh}），却仍然失败：原因在于信封 OID {oid}，"
                "该依赖方不读取此类消息。",
            ),
        )
    entry = reason(verdict.layer(verdict.first_block).causes[0].code)
    return (Text(en=f"{entry.text.en[0].upper()}{entry.text.en[1:]}.", zh=f"{entry.text.zh}。"),)


def _shared(row: _Row, agreements: Sequence[Agreement]) -> tuple[Text, ...]:
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None:
        return ()
    lines: list[Text] = []
    if _passes(verdict, Layer.ALGORITHM):
        algorithm = signature_algorithm(signature.algorithm.name or "")
        digest = "" if algorithm is None or algorithm.digest is None else f", {algorithm.digest}"
        lines.append(Text(en=f"algorithm: {_curve(signature)}{digest}", zh=f"算法：{_curve(signature)}{digest}"))
    instrument = _agreement(agreements, verdict.agreement)
    if verdict.promised and instrument is not None:
        lines.append(
            Text(
                en=f"law: {instrument.name.en} ({instrument.id}) promises recognition",
                zh=f"法律：{instrument.name.zh}（{instrument.id}）承诺互认",
            )
        )
    if _passes(verdict, Layer.CHAIN):
        lines.append(Text(en="the path to the signer's home anchor is good", zh="到签署方信任锚的证书链有效"))
    if _passes(verdict, Layer.TRUST):
        lines.append(Text(en="the relying party knows that anchor", zh="依赖方认可该信任锚"))
    return tuple(lines)


def _differs(row: _Row, relying: Provider) -> tuple[Text, ...]:
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None:
        return ()
    lines: list[Text] = []
    if verdict.layer(Layer.FORMAT).blocks:
        sent = _ENVELOPES[row.spec.emits.format]
        read = [_ENVELOPES[form] for form in relying.relying.formats.accept]
        lines.append(Text(en=f"sent: {sent.en}", zh=f"发送：{sent.zh}"))
        lines.append(
            Text(en="read: " + "; ".join(text.en for text in read), zh="读取：" + "；".join(text.zh for text in read))
        )
    if verdict.layer(Layer.ALGORITHM).blocks:
        accepted = ", ".join(key.name for key in relying.relying.algorithms.keys)
        lines.append(
            Text(
                en=f"used: {_curve(signature)}; accepted: {accepted}", zh=f"使用：{_curve(signature)}；接受：{accepted}"
            )
        )
    if verdict.layer(Layer.TRUST).blocks:
        anchors = ", ".join(relying.relying.trust.anchors)
        lines.append(
            Text(
                en=f"home anchor: {verdict.provider or 'unknown'}; anchors known: {anchors}",
                zh=f"签署方信任锚：{verdict.provider or '未知'}；依赖方认可：{anchors}",
            )
        )
    return tuple(lines)


def _changes(ladders: Sequence[Sequence[_Row]]) -> tuple[tuple[Actor, Text], ...]:
    found: dict[tuple[Actor, str], Text] = {}
    for group in ladders:
        verdict = group[0].verdict
        if verdict is None:
            continue
        for layer in verdict.layers:
            for cause in layer.causes if layer.blocks else ():
                entry = reason(cause.code)
                if entry.remedy is not None and entry.effect is not Effect.FINDING:
                    for actor in entry.actors:
                        found.setdefault((actor, entry.remedy.en), entry.remedy)
    return tuple((actor, remedy) for (actor, _), remedy in found.items())
