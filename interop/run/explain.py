"""Why one cell is as it is: its vectors judged again, those that share one ladder told once, with what both sides have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.crypto.table import signature as signature_algorithm
from interop.model.agreement import Agreement
from interop.model.errors import NothingToDo, UsageError
from interop.model.facts import SignatureFacts
from interop.model.formats import PDF_FORMATS, Format
from interop.model.ids import CellId
from interop.model.layers import NAMES, Cause, Layer, LayerState
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import GroupState
from interop.model.profile import Provider
from interop.model.reasons import Actor, Reason, catalogue, is_finding
from interop.model.text import Text
from interop.model.verdict import Judgement, Verdict
from interop.report.story import Change, Told, ToldCause, ToldLadder
from interop.run.execute import Run
from interop.vector.catalogue import VectorSpec

__all__ = ["explain_cell", "parse_id"]

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


PRIMARY = "embedded"
"""The engine whose facts are judged."""
_CONTROL = Text(en="the control: the same recipe without the mutation", zh="对照用例：同一配方，未作改动")


@dataclass(frozen=True, slots=True)
class _Row:
    """One vector and what the relying party makes of it."""

    spec: VectorSpec
    judgement: Judgement
    signature: SignatureFacts | None

    @property
    def verdict(self) -> Verdict | None:
        return self.judgement.verdict

    @property
    def blocked(self) -> bool:
        return self.verdict is None or bool(self.verdict.blocks)


def explain_cell(run: Run, matrix: Matrix, asked: CellId) -> Told:
    """Tell the story of one cell or group: of its positives; or of the one case that is asked for, its control beside it.

    `run` has carried out a plan narrowed to `asked`. NothingToDo where it made no such vector.
    """
    signer, relying = run.plan.world.provider(asked.signer), run.plan.world.provider(asked.relying)
    rows = _rows(run, asked, relying)
    gathered: dict[tuple[object, ...], list[_Row]] = {}
    for row in rows:
        # a case is told before its control, whatever they share
        own = row.spec.case.id if asked.case is not None else ""
        gathered.setdefault((own, *_same(row.judgement)), []).append(row)
    ladders = list(gathered.values())
    if asked.case is None:
        ladders.sort(key=lambda group: (not group[0].blocked, group[0].spec.group))
    else:
        ladders.sort(key=lambda group: group[0].spec.case.id != asked.case)
    main = ladders[0][0]
    return Told(
        asked=str(asked),
        signer=signer.id,
        relying=relying.id,
        cell=matrix.cells[asked.cell],
        summary=_summary(main, run.plan.world.agreements, matrix.cells[asked.cell]),
        shared=_shared(main, run.plan.world.agreements),
        differs=_differs(main, relying),
        ladders=tuple(_ladder(group, asked) for group in ladders),
        changes=_changes(ladders, relying, asked),
    )


def parse_id(text: str) -> CellId:
    """Read the id of a cell, group or case. UsageError for anything else, and for an engine that does not judge."""
    try:
        asked = CellId.parse(text)
    except ValueError as error:
        raise UsageError(str(error), hints=("e.g. cn-licensed-sm2:cn-gov-gm, or a reason code",)) from None
    if asked.engine not in {None, PRIMARY}:
        raise UsageError(f"'{asked.engine}' does not judge: cells are explained from the facts of '{PRIMARY}'")
    return asked


def _rows(run: Run, asked: CellId, relying: Provider) -> list[_Row]:
    bench = run.bench()
    rows = []
    for spec in run.plan.specs:
        if spec.provider.id != asked.signer or not (asked.case is not None or spec.case.positive):
            continue
        if spec.id in run.failures:
            failed = Judgement(relying=relying.id, verdicts=(), counts=None, error=run.failures[spec.id])
            rows.append(_Row(spec, failed, None))
            continue
        facts = run.observations[spec.id].facts
        judgement = bench.judge(facts, relying, run.plan.validation, document=spec.case.document, rely=spec.case.rely)
        rows.append(_Row(spec, judgement, None if judgement.counts is None else facts.signatures[judgement.counts]))
    if not rows:
        raise NothingToDo(f"{asked} has no positive case in set {run.plan.set_id}")
    return rows


def _same(judgement: Judgement) -> tuple[object, ...]:
    verdict = judgement.verdict
    if verdict is None:
        return (judgement.error, judgement.findings)
    causes = tuple(
        (layer.layer, layer.state, tuple((cause.code, cause.detail) for cause in layer.causes))
        for layer in verdict.layers
    )
    return (causes, verdict.promised, verdict.agreement)


def _ladder(group: Sequence[_Row], asked: CellId) -> ToldLadder:
    first = group[0]
    control = asked.case is not None and first.spec.case.id != asked.case
    names = dict.fromkeys(
        row.spec.group if asked.case is None else f"{row.spec.group}/{row.spec.case.id}" for row in group
    )
    verdict = first.verdict
    if verdict is None:
        return ToldLadder(
            groups=tuple(names), states=(), causes=_found(first.judgement.findings), error=first.judgement.error
        )
    details: dict[tuple[Layer, str, bool], list[str]] = {}
    for layer in verdict.layers:
        for cause in layer.causes:
            finding = is_finding(cause.code)
            if layer.blocks or finding:
                details.setdefault((layer.layer, cause.code, not finding), []).append(cause.detail)
    return ToldLadder(
        groups=tuple(names),
        states=tuple((layer.layer, layer.state) for layer in verdict.layers),
        causes=tuple(
            ToldCause(layer=layer, code=code, details=tuple(d for d in dict.fromkeys(found) if d), blocks=blocks)
            for (layer, code, blocks), found in details.items()
        ),
        accepted=verdict.accepted,
        note=_CONTROL if control else None,
    )


def _found(codes: Sequence[str]) -> tuple[ToldCause, ...]:
    """What stands in the place of a verdict where there is no signature to judge."""
    return tuple(
        ToldCause(layer=Layer(code.split(".", 1)[0]), code=code, blocks=not is_finding(code)) for code in codes
    )


def _agreement(agreements: Sequence[Agreement], name: str | None) -> Agreement | None:
    return next((agreement for agreement in agreements if agreement.id == name), None)


def _curve(signature: SignatureFacts) -> str:
    return signature.algorithm.key or signature.algorithm.name or signature.algorithm.signature


def _passes(verdict: Verdict, layer: Layer) -> bool:
    return verdict.layer(layer).state is LayerState.PASS


def _summary(row: _Row, agreements: Sequence[Agreement], cell: Cell) -> tuple[Text, ...]:
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None:
        return ()
    instrument = _agreement(agreements, verdict.agreement)
    if verdict.first_block is None:
        return (_accepted(verdict, instrument),)
    others = verdict.blocks[1:]
    if verdict.first_block is Layer.FORMAT and _passes(verdict, Layer.ALGORITHM) and instrument is not None:
        key = _curve(signature)
        oid = signature.content_types[0] if signature.content_types else (signature.algorithm.uri or "")
        point = Text(
            en=f"The same key and curve ({key}) and the same law ({instrument.name.en}) on both sides, and yet it "
            f"fails: on the envelope's OID {oid}, which this relying party does not read.",
            zh=f"双方密钥与曲线相同（{key}），适用法律相同（{instrument.name.zh}），却仍然失败：原因在于信封 OID {oid}，"
            "该依赖方不读取此类消息。",
        )
    else:
        entry = _entry(verdict.layer(verdict.first_block).causes)
        if entry is None:
            return ()
        point = Text(en=f"{entry.text.en[0].upper()}{entry.text.en[1:]}.", zh=f"{entry.text.zh}。")
    said = [point]
    if others:
        said.append(
            Text(
                en=f"Also in the way: {', '.join(NAMES[layer].en for layer in others)}.",
                zh=f"此外受阻：{'、'.join(NAMES[layer].zh for layer in others)}。",
            )
        )
    accepted = sum(group.state is GroupState.ACCEPTED for group in cell.groups.values())
    if accepted:
        said.append(
            Text(
                en=f"{accepted} of {len(cell.groups)} groups are accepted, though.",
                zh=f"但 {len(cell.groups)} 个用例组中有 {accepted} 个被接受。",
            )
        )
    return tuple(said)


def _accepted(verdict: Verdict, instrument: Agreement | None) -> Text:
    level = verdict.level.attained
    if not verdict.promised or instrument is None:
        return Text(
            en=f"Accepted at {level}, although no instrument in force promises it.",
            zh=f"以 {level} 级接受，但没有生效的互认安排作出承诺。",
        )
    return Text(
        en=f"Accepted at {level}, as {instrument.name.en} ({instrument.id}) promises.",
        zh=f"以 {level} 级接受，符合{instrument.name.zh}（{instrument.id}）的承诺。",
    )


def _entry(causes: Sequence[Cause]) -> Reason | None:
    return next((catalogue()[cause.code] for cause in causes if cause.code in catalogue()), None)


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
    codes = {cause.code for cause in verdict.layer(Layer.ALGORITHM).causes}
    if "algorithm.key-not-accepted" in codes:
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


def _changes(ladders: Sequence[Sequence[_Row]], relying: Provider, asked: CellId) -> tuple[Change, ...]:
    """What would help, each once, in the order of the ladders; what a control suffers from is no part of a case's story."""
    found: dict[str, Change] = {}
    for group in ladders:
        row = group[0]
        if row.verdict is None or (asked.case is not None and row.spec.case.id != asked.case):
            continue
        for layer in row.verdict.layers:
            for cause in layer.causes if layer.blocks else ():
                for change in _change(cause.code, row, relying):
                    found.setdefault(change.text.en, change)
    return tuple(found.values())


def _change(code: str, row: _Row, relying: Provider) -> tuple[Change, ...]:
    if code == "format.not-accepted":
        return _format_changes(row, relying)
    entry = catalogue().get(code)
    if entry is None or entry.remedy is None or is_finding(code):
        return ()
    return (Change(actors=entry.actors, text=entry.remedy),)


def _format_changes(row: _Row, relying: Provider) -> tuple[Change, ...]:
    """The catalogue's remedy for a refused format, said of these two sides: what to write, or what to read as well."""
    sent = row.spec.emits.format
    family = [form for form in relying.relying.formats.accept if (form in PDF_FORMATS) == (sent in PDF_FORMATS)]
    wanted = family or list(relying.relying.formats.accept)
    own = {emits.format for emits in row.spec.identity.formats}
    ready = [form for form in wanted if form in own]
    write = ready or wanted
    names = Text(en=" or ".join(_ENVELOPES[f].en for f in write), zh="或".join(_ENVELOPES[f].zh for f in write))
    already = Text(en=", which its profile emits already", zh="（其规范已支持）") if ready else Text(en="", zh="")
    return (
        Change(
            actors=(Actor.SIGNER, Actor.INTEGRATOR),
            text=Text(
                en=f"sign as {names.en}{already.en}",
                zh=f"改用“{names.zh}”签名{already.zh}",
            ),
        ),
        Change(
            actors=(Actor.RELYING_PARTY,),
            text=Text(
                en=f"read {_ENVELOPES[sent].en} as well",
                zh=f"增加对“{_ENVELOPES[sent].zh}”的支持",
            ),
        ),
    )
