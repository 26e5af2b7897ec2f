"""Clauses that reasons rest on: standards keep their names, what is said in words is said in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interop.model.text import Lang, Text

__all__ = ["clause_in"]

_OWN = re.compile(r"\Adesign(?: \d+)?(?= \(|\Z)")
"""Where no standard decides."""
_OWN_RULE = Text(en="own rule of interop", zh="本产品自有规则")
_PHRASES: Mapping[str, str] = {
    "EAEU Council decision 96 (2018)": "欧亚经济委员会理事会第 96 号决定（2018）",
    "Collegium decisions 125 (2015) and 120 (2023)": "执委会第 125 号（2015）与第 120 号（2023）决定",
    "relying party's algorithm rules": "依赖方的算法规则",
    "relying party's format rules": "依赖方的格式规则",
    "relying party's revocation rules": "依赖方的撤销规则",
    "relying party's time rules": "依赖方的时间规则",
    "China Customs": "中国海关",
    "chain model": "链式模型",
    "BNetzA chain model": "BNetzA 链式模型",
    "(chain model)": "（链式模型）",
    "(incremental saving)": "（增量保存）",
    "(one SignerInfo)": "（单一 SignerInfo）",
    "(dual certificates)": "（双证书）",
    "(identity extensions)": "（身份扩展）",
    "(bounded work)": "（有界处理）",
    "(universal signature forgery)": "（通用签名伪造）",
    "(an extension that is recognised must be processed)": "（已识别的扩展必须处理）",
    "Guangdong-Hong Kong Measures, purpose of use": "粤港互认办法（用途）",
    "Guangdong-Hong Kong mutual recognition certificate policy, CP OID": "粤港互认证书策略（CP OID）",
    "Guangdong-Hong Kong trust list entry, certificate type": "粤港信任列表条目（证书类型）",
    "Guangdong-Hong Kong trust list entry, recognition window": "粤港信任列表条目（认可期间）",
    "PRC Electronic Signature Law": "《中华人民共和国电子签名法》",
    "Swiss ZertES, qualified signature with qualified time-stamp": "瑞士 ZertES：带合格时间戳的合格签名",
    "Vietnam Decree 23/2025": "越南第 23/2025 号法令",
    "mutual-recognition schema v2": "互认信息模式 v2",
    "repealed": "（废止）",
}
_WORDS = (
    (re.compile(r"art(?:icle|\.)s? (\d+) and (\d+)"), r"第 \1、\2 条"),
    (re.compile(r"articles (\d+) and (\d+)"), r"第 \1、\2 条"),
    (re.compile(r"art(?:icle|\.) (\d+)"), r"第 \1 条"),
    (re.compile(r"table (\d+)"), r"表 \1"),
)

_SPACE = re.compile("(?<=[\u4e00-\u9fff》）]) (?=[\u4e00-\u9fff《（])")


def clause_in(clause: str, lang: Lang) -> str:
    """The clause in that language."""
    parts = (_phrase(part, lang) for part in clause.split("; "))
    return ("；" if lang == "zh" else "; ").join(parts)


def _phrase(part: str, lang: Lang) -> str:
    part = _OWN.sub(_OWN_RULE.in_(lang), part)
    if lang == "en":
        return part
    if part in _PHRASES:
        return _PHRASES[part]
    for english in sorted(_PHRASES, key=len, reverse=True):
        part = re.sub(rf"(?<![A-Za-z]){re.escape(english)}(?![A-Za-z])", _PHRASES[english], part)
    for pattern, chinese in _WORDS:
        part = pattern.sub(chinese, part)
    return _SPACE.sub("", part)
