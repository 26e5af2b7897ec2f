"""The fixed sentences of the reports, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interop.model.outcome import Conformity
from interop.model.reasons import Actor
from interop.model.text import Lang, Text

__all__ = ["ABOUT", "ACTORS", "CONFORMITY", "DISCLAIMER", "PROMISED", "WORDS", "colon", "instant", "listed", "stop"]

DISCLAIMER = Text(
    en="This is the result of a test, not a legal opinion.",
    zh="本报告为测试结果，不构成法律意见。",
)

CONFORMITY: Mapping[Conformity, Text] = {
    Conformity.ABOVE_PROMISE: Text(en="more than was promised", zh="超出承诺"),
    Conformity.BELOW_PROMISE: Text(en="less than was promised", zh="未达承诺"),
    Conformity.AS_PROMISED: Text(en="as promised", zh="符合承诺"),
    Conformity.NO_PROMISE: Text(en="nothing was promised", zh="无承诺"),
}

ACTORS: Mapping[Actor, Text] = {
    Actor.SIGNING_CA: Text(en="signing CA", zh="签发 CA"),
    Actor.RELYING_PARTY: Text(en="relying party", zh="依赖方"),
    Actor.REGULATOR: Text(en="regulator", zh="监管机构"),
    Actor.INTEGRATOR: Text(en="integrator", zh="集成方"),
    Actor.SIGNER: Text(en="signer", zh="签署人"),
}

ABOUT: Mapping[str, Text] = {
    "signer": Text(en="signer", zh="签署方"),
    "relying": Text(en="relying party", zh="依赖方"),
    "suite": Text(en="suite", zh="套件"),
    "agreement": Text(en="instrument", zh="互认安排"),
}
"""Whose a cause is, by the first word of `ClusterCause.about`."""

PROMISED: Mapping[tuple[bool, bool], Text] = {
    (True, False): Text(en="promised this way only", zh="仅此方向有承诺"),
    (True, True): Text(en="promised both ways", zh="双向均有承诺"),
    (False, False): Text(en="promised neither way", zh="双向均无承诺"),
    (False, True): Text(en="promised the other way only", zh="仅反方向有承诺"),
}
"""What is promised between two parties: there, back."""

WORDS: Mapping[str, Text] = {
    "title": Text(en="who recognises whom", zh="互认矩阵"),
    "signer": Text(en="signer", zh="签署方"),
    "relying": Text(en="relying party", zh="依赖方"),
    "signed": Text(en="signed", zh="签署时间"),
    "judged": Text(en="judged", zh="验证时间"),
    "set": Text(en="set", zh="用例集"),
    "why": Text(en="why not, most cells first", zh="主要原因（按单元格数）"),
    "cells": Text(en="cells", zh="单元格"),
    "by_cause": Text(en="cells by cause", zh="按原因列出的单元格"),
    "look": Text(en="look first at", zh="首先查看"),
    "together": Text(
        en="what has to change together: groups refused for the same reasons, most cells first",
        zh="须一并改变的原因：因相同原因被拒的用例组（按单元格数）",
    ),
    "one_way": Text(en="not alike both ways (pairs)", zh="双向不一致（对）"),
    "both_ways": Text(en="promise and measurement, both ways", zh="承诺与实测（双向）"),
    "there": Text(en="there", zh="正向"),
    "back": Text(en="back", zh="反向"),
    "evidence": Text(en="evidence", zh="依据"),
    "cell": Text(en="cell", zh="单元格"),
    "pair": Text(en="pair", zh="双方"),
    "promised": Text(en="promised and refused", zh="已承诺但被拒"),
    "unpromised": Text(en="accepted without promise", zh="无承诺却被接受"),
    "next": Text(en="next", zh="下一步"),
    "cases": Text(en="cases", zh="用例"),
    "partial_run": Text(
        en="not everything selected ran: this matrix proves nothing about what is missing",
        zh="并非所有选定项目均已运行：缺失部分不作任何证明",
    ),
    "diagonal": Text(en="the diagonal is a control, not an achievement", zh="对角线仅为对照，并非成绩"),
    "level": Text(en="level", zh="级别"),
    "claimed": Text(en="claimed", zh="声明"),
    "attained": Text(en="attained", zh="达到"),
    "required": Text(en="required", zh="要求"),
    "found": Text(en="found", zh="实际情况"),
    "clause": Text(en="clause", zh="条款"),
    "remedy": Text(en="what would help", zh="补救措施"),
    "turning": Text(
        en="what would turn most cells, each tried ({signer} and {relying} stand for the parties of a cell)",
        zh="可改变最多单元格的措施，均经实际试验（{signer} 与 {relying} 代表单元格的签署方与依赖方）",
    ),
    "shown_by": Text(en="shown by", zh="演示命令"),
    "all_remedies": Text(en="all of them, with commands that show what they do", zh="全部措施及其演示命令"),
    "who": Text(en="who", zh="责任方"),
    "finding": Text(en="finding", zh="提示"),
    "instrument": Text(en="instrument", zh="互认安排"),
    "verdict": Text(en="verdict", zh="结论"),
    "promise": Text(en="promise", zh="承诺"),
    "yes": Text(en="yes", zh="是"),
    "no": Text(en="no", zh="否"),
    "conformity": Text(en="measured against promise", zh="与承诺对照"),
    "more": Text(en="more", zh="其余"),
    "groups": Text(en="groups", zh="用例组"),
    "vectors": Text(en="vectors", zh="个测试向量"),
    "negative": Text(en="negative", zh="负例"),
    "error": Text(en="no answer", zh="无应答"),
    "letters": Text(
        en="columns are relying parties, by the letters of their rows", zh="列为依赖方，字母与行首字母对应"
    ),
    "mark": Text(en="promised and refused (something in the cell)", zh="单元格内有已承诺但被拒的用例组"),
    "unsupported": Text(en="unsupported", zh="不支持"),
    "opaque": Text(
        en="listed, not counted: identities whose algorithm is recognised and never verified (vectors)",
        zh="仅列出、不计入：算法可识别但从不验证的签署身份（测试向量数）",
    ),
    "legs": Text(en="dual signatures, by the leg relied upon", zh="双签名文件：所依据的签名"),
    "accepted_by": Text(en="accepted by {parties}", zh="接受：{parties}"),
    "refused_by": Text(en="refused by {parties}", zh="拒绝：{parties}"),
    "unexpected": Text(en="not as expected", zh="与预期不符"),
    "trouble": Text(en="could not be judged", zh="无法判定的原因"),
    "speaks": Text(en="speaks for this relying party", zh="代表该依赖方作出结论"),
    "layer": Text(en="layer", zh="层"),
    "reason": Text(en="reason", zh="原因"),
    "and_more": Text(en="and {count} more", zh="另有 {count} 项"),
    "unreadable": Text(en="nothing blocks", zh="无阻断"),
}


def instant(text: str) -> str:
    """An instant as people write it: the date alone where the day begins."""
    return text.removesuffix("T00:00:00Z")


def stop(lang: Lang) -> str:
    """Between two sentences."""
    return "。" if lang == "zh" else ". "


def colon(lang: Lang) -> str:
    """Between a name and what is said of it."""
    return "：" if lang == "zh" else ": "


def listed(items: Iterable[str], lang: Lang) -> str:
    """Words in a row."""
    return ("、" if lang == "zh" else ", ").join(items)
