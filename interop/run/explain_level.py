"""The level of assurance, identity by identity: what it has at home, what it attains here, whose rule caps it and on which axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.model.agreement import Agreement
from interop.model.assurance import Assurance, AssuranceLevel, CapAxis
from interop.model.text import Text
from interop.model.verdict import LevelOutcome
from interop.run.explain_point import agreement_of
from interop.run.explain_rows import Row

__all__ = ["AXES", "cap_text", "levels"]

AXES: Mapping[CapAxis, Text] = {
    CapAxis.IDENTITY_PROOFING: Text(en="identity proofing", zh="身份核验"),
    CapAxis.KEY_PROTECTION: Text(en="key protection", zh="密钥保护"),
    CapAxis.SUPERVISION: Text(en="supervision", zh="监管"),
    CapAxis.LEGAL_EFFECT: Text(en="legal effect", zh="法律效力"),
    CapAxis.TIME_STAMP: Text(en="time-stamp duty", zh="时间戳义务"),
}
_PERSONS = {
    "natural": Text(en="natural person", zh="自然人"),
    "legal": Text(en="legal person", zh="法人"),
    "mixed": Text(en="natural or legal person", zh="自然人或法人"),
}
_CAPS = {
    "signer": Text(en="capped by its own home level", zh="上限来自：其本地级别"),
    "no-instrument": Text(en="capped for want of an instrument that covers it", zh="因缺少适用的互认安排而受限"),
    "relying-party": Text(en="capped by the relying party's ceiling", zh="上限来自：依赖方的级别规则"),
}


def levels(rows: Sequence[Row], agreements: Sequence[Agreement]) -> tuple[Text, ...]:
    """One line for what several identities have alike; formats are named where one identity fares differently, and what it
    attains only where not all attain the same: the head of the page says it then."""
    outcomes: dict[str, dict[LevelOutcome, dict[str, None]]] = {}
    homes: dict[str, Assurance] = {}
    for row in rows:
        if row.opaque or row.verdict is None:
            continue
        identity = row.spec.identity.id
        homes[identity] = row.spec.identity.assurance
        outcomes.setdefault(identity, {}).setdefault(row.verdict.level, {})[row.spec.emits.format.value] = None
    alike = len({outcome for found in outcomes.values() for outcome in found}) == 1
    lines: dict[Text, list[str]] = {}
    for identity, found in outcomes.items():
        for outcome, formats in found.items():
            name = identity if len(found) == 1 else f"{identity} ({', '.join(formats)})"
            line = _home(homes[identity]) if alike else _line(homes[identity], outcome, agreements)
            lines.setdefault(line, []).append(name)
    return tuple(
        Text(en=f"{', '.join(names)}: {line.en}", zh=f"{'、'.join(names)}：{line.zh}") for line, names in lines.items()
    )


def _line(home: Assurance, outcome: LevelOutcome, agreements: Sequence[Agreement]) -> Text:
    said, cap = _home(home), cap_text(outcome, agreements)
    return Text(en=f"{said.en}; attains {outcome.attained}{cap.en}", zh=f"{said.zh}；达到 {outcome.attained}{cap.zh}")


def _home(home: Assurance) -> Text:
    """The home level and the vector from which it derives."""
    i, k, s, e = home.identity_proofing, home.key_protection, home.supervision, home.legal_effect
    person = _PERSONS[home.person]
    stamp = Text(en="", zh="")
    if home.time_stamp_required:
        stamp = Text(en="; time-stamp required for the full effect", zh="；须有时间戳方具完全效力")
    return Text(
        en=f"{home.level} at home (identity proofing {i}, key protection {k}, supervision {s}, legal effect {e}; "
        f"{person.en}{stamp.en})",
        zh=f"本地级别 {home.level}（身份核验 {i}、密钥保护 {k}、监管 {s}、法律效力 {e}；{person.zh}{stamp.zh}）",
    )


def cap_text(outcome: LevelOutcome, agreements: Sequence[Agreement]) -> Text:
    """Whose rule keeps the level from being higher, and on which axis; to be put after the level. Empty where nothing does."""
    if outcome.attained is AssuranceLevel.L0:
        return Text(en=", since it does not verify", zh="，因签名未通过验证")
    if not outcome.capped_by:
        return Text(en="", zh="")
    rule = _CAPS.get(outcome.capped_by)
    if rule is None:
        name = outcome.capped_by.removeprefix("agreement:")
        known = agreement_of(agreements, name)
        named = (
            Text(en=name, zh=name)
            if known is None
            else Text(en=f"{known.name.en} ({name})", zh=f"{known.name.zh}（{name}）")
        )
        rule = Text(en=f"capped by {named.en}", zh=f"上限来自：{named.zh}")
    axis = Text(en="", zh="")
    if outcome.axis is not None:
        axis = Text(en=f" (axis: {AXES[outcome.axis].en})", zh=f"（维度：{AXES[outcome.axis].zh}）")
    return Text(en=f"; {rule.en}{axis.en}", zh=f"；{rule.zh}{axis.zh}")
