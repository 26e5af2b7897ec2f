"""The point of a cell in a few sentences: accepted by which instrument, or refused for what; which of two signatures counts, and why."""

from __future__ import annotations

from collections.abc import Sequence

from interop.crypto.table import signature as signature_algorithm
from interop.model.agreement import Agreement
from interop.model.facts import SignatureFacts
from interop.model.formats import Format
from interop.model.layers import NAMES, Cause, Layer
from interop.model.matrix import Cell
from interop.model.outcome import GroupState
from interop.model.profile import Provider
from interop.model.reasons import Reason, catalogue
from interop.model.text import Text
from interop.model.verdict import Verdict
from interop.run.envelopes import CONTENT_TYPES, ENVELOPES
from interop.run.explain_rows import Row, algorithm_of, key_of, passes

__all__ = ["agreement_of", "leg_note", "opaque_note", "summary"]

_ON_CURVES = frozenset({"EC", "SM2", "DSTU", "GOST", "GOST-KZ", "KCDSA"})
"""Key kinds of the algorithm table of which a curve is part."""


def agreement_of(agreements: Sequence[Agreement], name: str | None) -> Agreement | None:
    """The agreement with that id; None without."""
    return next((agreement for agreement in agreements if agreement.id == name), None)


def summary(row: Row, agreements: Sequence[Agreement], cell: Cell, relying: Provider) -> tuple[Text, ...]:
    """What the first vector of the page stands for, in one to three sentences."""
    if row.opaque:
        return (opaque_note(row),)
    verdict, signature = row.verdict, row.signature
    if verdict is None or signature is None:
        return ()
    instrument = agreement_of(agreements, verdict.agreement)
    if verdict.first_block is None:
        return (_accepted(verdict, instrument),)
    others = verdict.blocks[1:]
    causes = verdict.layer(verdict.first_block).causes
    unread = "format.not-accepted" in {cause.code for cause in causes}
    if unread and passes(verdict, Layer.ALGORITHM) and instrument is not None:
        point = _unread(row.spec.emits.format, signature, instrument, relying)
    else:
        entry = _entry(causes)
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


def _unread(sent: Format, signature: SignatureFacts, instrument: Agreement, relying: Provider) -> Text:
    """Key and law agree and the format alone is not read: its content-type OID where no format that is read has the same."""
    key = key_of(signature)
    algorithm = signature_algorithm(signature.algorithm.name or "")
    same = Text(en=f"same key type ({key})", zh=f"密钥类型相同（{key}）")
    if algorithm is not None and algorithm.key in _ON_CURVES:
        same = Text(en=f"same key and curve ({key})", zh=f"密钥与曲线相同（{key}）")
    name = ENVELOPES[sent]
    oids = {CONTENT_TYPES.get(form) for form in relying.relying.formats.accept}
    point = Text(en=f"the format {name.en}", zh=f"签名格式：{name.zh}")
    if signature.content_types and signature.content_types[0] not in oids:
        oid = signature.content_types[0]
        point = Text(en=f"the envelope's OID {oid}", zh=f"信封 OID {oid}")
    return Text(
        en=f"The {same.en} and the same law ({instrument.name.en}) on both sides, and yet it fails: on {point.en}, "
        "which this relying party does not read.",
        zh=f"双方{same.zh}，适用法律相同（{instrument.name.zh}），却仍然失败：原因在于{point.zh}，该依赖方不读取此类消息。",
    )


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


def opaque_note(row: Row) -> Text:
    """Why an identity is listed and not counted."""
    oid = row.signatures[0].algorithm.signature if row.signatures else ""
    kind = row.spec.provider.certificate(row.spec.identity.certificate).key.kind
    named = f"{kind} ({oid})" if oid else kind
    return Text(
        en=f"Listed, not counted: the algorithm of {row.spec.identity.id}, {named}, is recognised and never verified here. "
        "Whether its signatures are sound is not known, and nothing is said for or against them.",
        zh=f"仅列出、不计入：{row.spec.identity.id} 的算法 {named} 可识别，但此处从不验证。其签名是否有效无从得知，因此不作任何判断。",
    )


_WHY = {
    "any": Text(en="one signature that is accepted suffices", zh="任一签名被接受即可"),
    "worst": Text(en="every signature counts, so the worst decides", zh="每个签名均计入，以最差者为准"),
}


def leg_note(row: Row, relying: Provider) -> Text | None:
    """Of a document with several signatures: the one that counts, why it does, and how the others fare.

    None for one signature, and where all count and fare alike.
    """
    counts, verdicts, reason = row.judgement.counts, row.judgement.verdicts, row.judgement.reason
    if counts is None or len(verdicts) < 2:
        return None
    if reason == "worst" and all(verdict.blocks == verdicts[counts].blocks for verdict in verdicts):
        return None
    leg = reason.removeprefix("leg:") if reason.startswith("leg:") else None
    why = _WHY.get(reason, Text(en=reason, zh=reason))
    if leg is not None:
        why = Text(
            en=f"{relying.id} relies on the {leg} leg (relying.leg)", zh=f"{relying.id} 依据 {leg} 签名（relying.leg）"
        )
    others = [
        (f"{algorithm_of(signature)} ({signature.id})", verdict)
        for index, (signature, verdict) in enumerate(zip(row.signatures, verdicts, strict=True))
        if index != counts
    ]
    relied = f"{algorithm_of(row.signatures[counts])} ({row.signatures[counts].id})"
    return Text(
        en=f"{len(verdicts)} signatures; relied upon: {relied}, since {why.en}; "
        + "; ".join(f"{name} {_fares(verdict).en}" for name, verdict in others),
        zh=f"共 {len(verdicts)} 个签名；所依据者：{relied}，因为{why.zh}；"
        + "；".join(f"{name}{_fares(verdict).zh}" for name, verdict in others),
    )


def _fares(verdict: Verdict) -> Text:
    if not verdict.blocks:
        return Text(en="is accepted too", zh="亦被接受")
    return Text(
        en=f"is blocked by {', '.join(NAMES[layer].en for layer in verdict.blocks)}",
        zh=f"受阻于{'、'.join(NAMES[layer].zh for layer in verdict.blocks)}",
    )
