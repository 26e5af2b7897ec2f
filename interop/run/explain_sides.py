"""Both sides of a cell: what they have in common, where they part, what either could change."""

from __future__ import annotations

from collections.abc import Sequence

from interop.crypto.table import signature as signature_algorithm
from interop.model.agreement import Agreement
from interop.model.formats import PDF_FORMATS, Format
from interop.model.layers import Layer
from interop.model.profile import Provider
from interop.model.reasons import Actor, catalogue, is_finding
from interop.model.text import Text
from interop.report.story import Change
from interop.report.words import listed
from interop.run.envelopes import ENVELOPES
from interop.run.explain_point import agreement_of
from interop.run.explain_rows import Row, key_of, passes

__all__ = ["changes", "differs", "shared"]


def shared(row: Row, agreements: Sequence[Agreement]) -> tuple[Text, ...]:
    """What passes on both sides."""
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None or row.opaque:
        return ()
    lines: list[Text] = []
    if passes(verdict, Layer.ALGORITHM):
        algorithm = signature_algorithm(signature.algorithm.name or "")
        used = [key_of(signature)] + ([algorithm.digest] if algorithm is not None and algorithm.digest else [])
        lines.append(Text(en=f"algorithm: {', '.join(used)}", zh=f"算法：{'、'.join(used)}"))
    instrument = agreement_of(agreements, verdict.agreement)
    if verdict.promised and instrument is not None:
        lines.append(
            Text(
                en=f"law: {instrument.name.en} ({instrument.id}) promises recognition",
                zh=f"法律：{instrument.name.zh}（{instrument.id}）承诺互认",
            )
        )
    if passes(verdict, Layer.CHAIN):
        lines.append(Text(en="the path to the signer's home anchor is good", zh="到签署方信任锚的证书链有效"))
    if passes(verdict, Layer.TRUST):
        lines.append(Text(en="the relying party knows that anchor", zh="依赖方认可该信任锚"))
    return tuple(lines)


def differs(row: Row, relying: Provider) -> tuple[Text, ...]:
    """What was sent against what is read."""
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None or row.opaque:
        return ()
    lines: list[Text] = []
    if "format.not-accepted" in {cause.code for cause in verdict.layer(Layer.FORMAT).causes}:
        sent = ENVELOPES[row.spec.emits.format]
        read = [ENVELOPES[form] for form in relying.relying.formats.accept]
        lines.append(Text(en=f"sent: {sent.en}", zh=f"发送：{sent.zh}"))
        lines.append(
            Text(en="read: " + "; ".join(text.en for text in read), zh="读取：" + "；".join(text.zh for text in read))
        )
    codes = {cause.code for cause in verdict.layer(Layer.ALGORITHM).causes}
    if "algorithm.key-not-accepted" in codes:
        keys = [key.name for key in relying.relying.algorithms.keys]
        lines.append(
            Text(
                en=f"used: {key_of(signature)}; accepted: {', '.join(keys)}",
                zh=f"使用：{key_of(signature)}；接受：{'、'.join(keys)}",
            )
        )
    if "trust.no-path-to-known-anchor" in {cause.code for cause in verdict.layer(Layer.TRUST).causes}:
        anchors = relying.relying.trust.anchors
        lines.append(
            Text(
                en=f"home anchor: {verdict.provider or 'unknown'}; anchors known: {', '.join(anchors)}",
                zh=f"签署方信任锚：{verdict.provider or '未知'}；依赖方认可：{'、'.join(anchors)}",
            )
        )
    return tuple(lines)


def changes(rows: Sequence[Row], relying: Provider) -> tuple[Change, ...]:
    """What would help by the catalogue, each once, in the order of the rows and of their layers."""
    found: dict[str, Change] = {}
    refused: dict[Format, None] = {}
    for row in rows:
        if row.verdict is None:
            continue
        for layer in row.verdict.layers:
            for cause in layer.causes if layer.blocks else ():
                if cause.code == "format.not-accepted":
                    refused[row.spec.emits.format] = None
                for change in _change(cause.code, row, relying):
                    found.setdefault(change.text.en, change)
    if refused:
        sent = [ENVELOPES[form] for form in refused]
        text = Text(
            en=f"read {listed((one.en for one in sent), 'en')} as well",
            zh=f"增加对{listed((f'“{one.zh}”' for one in sent), 'zh')}的支持",
        )
        found.setdefault(text.en, Change(actors=(Actor.RELYING_PARTY,), text=text))
    return tuple(found.values())


def _change(code: str, row: Row, relying: Provider) -> tuple[Change, ...]:
    if code == "format.not-accepted":
        return _format_changes(row, relying)
    entry = catalogue().get(code)
    if entry is None or entry.remedy is None or is_finding(code):
        return ()
    return (Change(actors=entry.actors, text=entry.remedy),)


def _format_changes(row: Row, relying: Provider) -> tuple[Change, ...]:
    """The signer's side of the catalogue's remedy for a refused format: what to write instead."""
    sent = row.spec.emits.format
    family = [form for form in relying.relying.formats.accept if (form in PDF_FORMATS) == (sent in PDF_FORMATS)]
    wanted = family or list(relying.relying.formats.accept)
    own = {emits.format for emits in row.spec.identity.formats}
    ready = [form for form in wanted if form in own]
    write = ready or wanted
    names = Text(en=" or ".join(ENVELOPES[f].en for f in write), zh="或".join(ENVELOPES[f].zh for f in write))
    already = Text(en=", which its profile emits already", zh="（其规范已支持）") if ready else Text(en="", zh="")
    text = Text(en=f"sign as {names.en}{already.en}", zh=f"改用“{names.zh}”签名{already.zh}")
    return (Change(actors=(Actor.SIGNER, Actor.INTEGRATOR), text=text),)
