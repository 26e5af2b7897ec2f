"""In words: what begins or ends on a date, things of one kind and one owner together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from interop.model.instant import format_instant
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text
from interop.model.timeline import Turn, TurnKind
from interop.report.safe import untrusted
from interop.report.words import colon, instant, listed

__all__ = ["causes", "day"]

_TICK = timedelta(microseconds=1)
_LEAF: Mapping[str, Text] = {
    "signer": Text(en="certificate of a signer", zh="签署人证书"),
    "tsa": Text(en="certificate of a time-stamping authority", zh="时间戳机构证书"),
    "ocsp": Text(en="certificate of an OCSP responder", zh="OCSP 响应者证书"),
}
_OTHER_LEAF = Text(en="certificate", zh="证书")
_CA = Text(en="certificate of a CA", zh="CA 证书")
_ROOT = Text(en="certificate of a root CA", zh="根 CA 证书")
_SAID: Mapping[TurnKind, Text] = {
    TurnKind.CA_START: Text(en="{role} begins: {things}", zh="{role}生效：{things}"),
    TurnKind.CA_END: Text(en="{role} has ended: {things}", zh="{role}到期：{things}"),
    TurnKind.CERTIFICATE_START: Text(en="{role} begins: {things}", zh="{role}生效：{things}"),
    TurnKind.CERTIFICATE_END: Text(en="{role} has ended: {things}", zh="{role}到期：{things}"),
    TurnKind.ALGORITHM_START: Text(
        en="suite {whose}: suitable from now on: {things}", zh="算法套件 {whose}：即日起适用：{things}"
    ),
    TurnKind.ALGORITHM_END: Text(
        en="suite {whose}: no longer suitable: {things}", zh="算法套件 {whose}：不再适用：{things}"
    ),
    TurnKind.AGREEMENT_START: Text(en="comes into force: {whose}", zh="生效：{whose}"),
    TurnKind.AGREEMENT_REPEAL: Text(en="repealed: {whose}", zh="废止：{whose}"),
    TurnKind.WINDOW_START: Text(
        en="{whose}: signatures made from now on are admitted: {things}", zh="{whose}：即日起的签名获准：{things}"
    ),
    TurnKind.WINDOW_END: Text(
        en="{whose}: signatures made from now on are no longer admitted: {things}",
        zh="{whose}：即日起的签名不再获准：{things}",
    ),
    TurnKind.LIST_GRANTED: Text(en="a trusted list grants from now on: {things}", zh="可信列表即日起准予：{things}"),
    TurnKind.LIST_WITHDRAWN: Text(en="a trusted list no longer grants: {things}", zh="可信列表不再准予：{things}"),
    TurnKind.STATUS: Text(en="status of a certificate changes: {things}", zh="证书状态变更：{things}"),
    TurnKind.SERVICE: Text(
        en="status services begin or fall silent with their certificate: {things}",
        zh="状态服务随其证书开始或停止：{things}",
    ),
    TurnKind.EVIDENCE: Text(en="status answers count otherwise: {things}", zh="状态应答的效力变化：{things}"),
    TurnKind.TIME_STAMP: Text(en="a time-stamp in the file is made: {things}", zh="文件中的时间戳生成：{things}"),
    TurnKind.OTHER: Text(
        en="nothing known begins or ends then; what changes: {things}", zh="当时无已知事件；变化的原因：{things}"
    ),
}
_SOURCE = Text(en="source: {source}", zh="来源：{source}")
_BY_CODE = frozenset({TurnKind.STATUS, TurnKind.SERVICE, TurnKind.EVIDENCE, TurnKind.OTHER})
"""Kinds that the reason codes say better: their sentences follow."""
_INSTRUMENTS = frozenset(
    {TurnKind.AGREEMENT_START, TurnKind.AGREEMENT_REPEAL, TurnKind.WINDOW_START, TurnKind.WINDOW_END}
)
_THINGS = 6
"""Things that are named of those that begin or end together."""
_MORE = Text(en="{count} more", zh="另外 {count} 项")


def day(at: datetime) -> str:
    """An instant as people write it: the date alone where the day begins. What has ended shows its end, not the first instant after."""
    return instant(format_instant(at - _TICK if at.microsecond == 1 else at))


def causes(why: Sequence[Turn], codes: Sequence[str], lang: Lang, titles: Mapping[str, Text]) -> Iterator[str]:
    """One line for each kind and owner, and what is to be known beside it. `codes` are reasons that arrive or leave then, `titles` those
    of agreements and suites by id."""
    together: dict[tuple[TurnKind, str, str], list[Turn]] = {}
    for turn in why:
        together.setdefault((turn.kind, turn.whose, turn.role), []).append(turn)
    for (kind, whose, role), turns in together.items():
        title = titles.get(whose)
        named = whose if title is None else f"{whose} ({title.in_(lang)})"
        things = [untrusted(_thing(turn), limit=120) for turn in turns]
        if len(things) > _THINGS:
            things = [*things[:_THINGS], _MORE.in_(lang).format(count=len(things) - _THINGS)]
        yield (
            _SAID[kind]
            .in_(lang)
            .format(role=_role(kind, role).in_(lang), whose=untrusted(named, limit=160), things=listed(things, lang))
        )
        source = turns[0].source
        if source:
            yield _SOURCE.in_(lang).format(source=untrusted(source))
        if kind in _INSTRUMENTS:
            yield from (untrusted(note) for note in dict.fromkeys(turn.name for turn in turns) if note)
    if any(turn.kind in _BY_CODE for turn in why):
        yield from (f"{code}{colon(lang)}{catalogue()[code].text.in_(lang)}" for code in codes if code in catalogue())


def _role(kind: TurnKind, role: str) -> Text:
    if kind in (TurnKind.CA_START, TurnKind.CA_END):
        return _ROOT if role == "root" else _CA
    return _LEAF.get(role, _OTHER_LEAF)


def _thing(turn: Turn) -> str:
    if turn.kind in _INSTRUMENTS:
        return turn.what or "-"
    if not turn.what or not turn.name:
        return turn.what or turn.name
    return f"{turn.what} ({turn.name})"
