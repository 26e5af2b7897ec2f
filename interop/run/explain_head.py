"""The head of a page: what is accepted and promised, at which level, since and until when, where to look first, the other direction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interop.model.agreement import Agreement
from interop.model.ids import CellId
from interop.model.instant import format_instant, intersect
from interop.model.matrix import Attribution, Cell, Matrix
from interop.model.outcome import CELL_TEXT, EVIDENCE_TEXT, GLYPH, SIDE_TEXT, GroupState, Side
from interop.model.reasons import catalogue
from interop.model.text import Text
from interop.report.words import CONFORMITY, WORDS, instant
from interop.run.explain_level import cap_text
from interop.run.explain_promise import in_force
from interop.run.explain_rows import Row

__all__ = ["head"]

_ACCEPTED = Text(en="accepted", zh="接受")
_PROMISED = Text(en="promised", zh="承诺")
_WHEN = Text(en="judged at", zh="验证时间")
_LOOK = Text(en="look first at", zh="首先检查")
_BACK = Text(en="the other way", zh="反方向")
_TO_LOOK_AT = {
    Side.SIGNER: Text(en="how the signer signs or is certified", zh="签署方的签名方式或证书"),
    Side.RELYING_PARTY: Text(en="what the relying party asks for", zh="依赖方的要求"),
    Side.PAIR: Text(en="what is between the two", zh="双方之间的衔接"),
    Side.SUITE: Text(en="the list of algorithms", zh="算法套件"),
    Side.TOOL: Text(en="the verifying software", zh="验证软件"),
}
_ASIDE = frozenset({GroupState.UNSUPPORTED, GroupState.NOT_RUN})
"""Groups that say nothing for or against anybody."""
_MOST_EVIDENCE = 3
"""Pieces of evidence that are told, strongest first."""


def head(
    rows: Sequence[Row], matrix: Matrix, asked: CellId, agreements: Sequence[Agreement], at: datetime
) -> tuple[tuple[Text, Text], ...]:
    """Name and value of each line. `rows` are the vectors that are asked for, of the cell or of a part of it."""
    name, cell = asked.cell, matrix.cells[asked.cell]
    found = [
        (_ACCEPTED, _count(cell, sum(group.state is GroupState.ACCEPTED for group in cell.groups.values()))),
        (_PROMISED, _promised(name, cell, agreements, at)),
        (WORDS["level"], _level(rows, cell, agreements)),
        (_WHEN, _when(rows, at)),
    ]
    if str(asked) != name:  # the level and the time are those of the part; how many, and promised, that of the whole
        found[:2] = [
            (title, Text(en=f"{said.en} [whole cell]", zh=f"{said.zh}［整个单元格］")) for title, said in found[:2]
        ]
    if cell.attribution is not None:
        found.append((_LOOK, _look(cell.attribution, matrix)))
    signer, _, relying = name.partition(":")
    if signer != relying and f"{relying}:{signer}" in matrix.cells:
        found.append((_BACK, _back(matrix, f"{relying}:{signer}", agreements, at)))
    return tuple(found)


def _count(cell: Cell, number: int) -> Text:
    """So many of the groups that count; those that nobody verifies are told apart."""
    aside = sum(group.state in _ASIDE for group in cell.groups.values())
    of = len(cell.groups) - aside
    more = Text(en="", zh="")
    if aside:
        more = Text(en=f" ({aside} more not counted)", zh=f"（另有 {aside} 个不计入）")
    return Text(en=f"{number} of {of} groups{more.en}", zh=f"{of} 个用例组中的 {number} 个{more.zh}")


def _promised(name: str, cell: Cell, agreements: Sequence[Agreement], at: datetime) -> Text:
    """How much, by what, since and until when."""
    valid = in_force(name, agreements, at)
    if not valid:
        return Text(en="nothing: no instrument in force covers the pair", zh="无：没有生效的互认安排适用于双方")
    count = _count(cell, sum(group.promised and group.state not in _ASIDE for group in cell.groups.values()))
    by = _by(cell, valid)
    return Text(en=f"{count.en}{by.en}", zh=f"{count.zh}{by.zh}")


def _by(cell: Cell, valid: Sequence[Text]) -> Text:
    """The instruments in force, as what promises, or as what would if its conditions were met."""
    if not valid:
        return Text(en="", zh="")
    en, zh = "; ".join(one.en for one in valid), "；".join(one.zh for one in valid)
    if any(group.promised for group in cell.groups.values()):
        return Text(en=f", by {en}", zh=f"；依据：{zh}")
    return Text(en=f", though there is {en}", zh=f"；虽有互认安排：{zh}")


def _level(rows: Sequence[Row], cell: Cell, agreements: Sequence[Agreement]) -> Text:
    """What is attained (from, to, where it differs), claimed and required; what caps it, where that is the same of all."""
    outcomes = [row.verdict.level for row in rows if row.verdict is not None and not row.opaque]
    levels = sorted({outcome.attained for outcome in outcomes})
    one = str(levels[0]) if levels else cell.level.attained or "?"
    attained = Text(en=one, zh=one)
    if len(levels) > 1:
        attained = Text(en=f"{levels[0]} to {levels[-1]}", zh=f"{levels[0]} 至 {levels[-1]}")
    claimed, required = cell.level.claimed or "?", cell.level.required
    caps = {cap_text(outcome, agreements) for outcome in outcomes}
    cap = next(iter(caps)) if len(caps) == 1 else Text(en="", zh="")
    return Text(
        en=f"{attained.en} attained, {claimed} claimed, {required} required{cap.en}",
        zh=f"达到 {attained.zh}，声明 {claimed}，要求 {required}{cap.zh}",
    )


def _when(rows: Sequence[Row], at: datetime) -> Text:
    """The validation instant, and how long every answer of the page stays what it is."""
    now = instant(format_instant(at))
    until = intersect(row.verdict.holds for row in rows if row.verdict is not None).end
    if until is None:
        return Text(en=now, zh=now)
    end = instant(format_instant(until.replace(microsecond=0)))
    return Text(en=f"{now}; no answer here changes before {end}", zh=f"{now}；{end} 之前各项结论不变")


def _look(attribution: Attribution, matrix: Matrix) -> Text:
    """To whom the pattern of the whole matrix points, and what speaks for it."""
    to = _TO_LOOK_AT[attribution.to]
    said = [
        Text(
            en=EVIDENCE_TEXT[one.kind].en.format(hits=one.hits, of=one.of, note=one.note),
            zh=EVIDENCE_TEXT[one.kind].zh.format(hits=one.hits, of=one.of, note=one.note),
        )
        for one in attribution.evidence[:_MOST_EVIDENCE]
    ]
    code = None if attribution.reason is None else matrix.tables.reasons[attribution.reason].code
    about = Text(en="", zh="")
    if code in catalogue():
        about = Text(en=f" ({code})", zh=f"（{code}）")
    why = Text(en="; ".join(one.en for one in said), zh="；".join(one.zh for one in said))
    also = Text(en="", zh="")
    if attribution.also:
        also = Text(
            en=f". For other reasons also: {', '.join(SIDE_TEXT[side].en for side in attribution.also)}",
            zh=f"。其他原因另涉及：{'、'.join(SIDE_TEXT[side].zh for side in attribution.also)}",
        )
    if not said:
        return Text(en=f"{to.en}{about.en}{also.en}", zh=f"{to.zh}{about.zh}{also.zh}")
    return Text(en=f"{to.en}{about.en}: {why.en}{also.en}", zh=f"{to.zh}{about.zh}：{why.zh}{also.zh}")


def _back(matrix: Matrix, name: str, agreements: Sequence[Agreement], at: datetime) -> Text:
    """What the signer's own relying party makes of the other one."""
    cell = matrix.cells[name]
    mark, words, compared = GLYPH[cell.verdict], CELL_TEXT[cell.verdict], CONFORMITY[cell.conformity]
    valid = in_force(name, agreements, at)
    by = _by(cell, valid)
    return Text(
        en=f"{name} {mark} {words.en}; {compared.en}{by.en}", zh=f"{name} {mark} {words.zh}；{compared.zh}{by.zh}"
    )
