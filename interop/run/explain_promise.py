"""What the instruments say about a pair in one direction: those that promise something, and those that promise nothing, with why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interop.model.agreement import Agreement
from interop.model.instant import Interval, format_instant
from interop.model.text import Text
from interop.report.words import instant

__all__ = ["idle", "in_force"]

_FRAMEWORK = Text(en="a framework that grants nothing", zh="仅为框架，不产生效力")
_OFF = Text(en="hypothetical, switched off", zh="假设，未启用")
_SWITCHED_OFF = Text(en="switched off", zh="未启用")
_NEVER = Text(en="never enacted", zh="从未颁布")


def in_force(cell: str, agreements: Sequence[Agreement], at: datetime) -> tuple[Text, ...]:
    """The instruments that name `signer:relying` and are in force at that time: title, id, dates, cap of the level."""
    return tuple(_valid(one, span) for one in _naming(cell, agreements) if (span := _span(one, at)) is not None)


def idle(cell: str, agreements: Sequence[Agreement], at: datetime) -> tuple[Text, ...]:
    """Those that name it and grant nothing then, each with the reason."""
    lines = []
    for agreement in _naming(cell, agreements):
        if _span(agreement, at) is None:
            name, why = _named(agreement), _why_not(agreement, at)
            lines.append(Text(en=f"{name.en}: {why.en}", zh=f"{name.zh}：{why.zh}"))
    return tuple(lines)


def _naming(cell: str, agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    signer, _, relying = cell.partition(":")
    return tuple(one for one in agreements if signer in one.signers and relying in one.relying)


def _span(agreement: Agreement, at: datetime) -> Interval | None:
    """The span in which it grants something at that time; None: it grants nothing."""
    if not agreement.grants:
        return None
    return next((span for span in agreement.in_force() if at in span), None)


def _named(agreement: Agreement) -> Text:
    return Text(en=f"{agreement.name.en} ({agreement.id})", zh=f"{agreement.name.zh}（{agreement.id}）")


def _valid(agreement: Agreement, span: Interval) -> Text:
    name = _named(agreement)
    en, zh = name.en, name.zh
    if span.start is not None:
        since = instant(format_instant(span.start))
        en, zh = f"{en} since {since}", f"{zh}，自 {since} 起"
    if span.end is not None:
        until = instant(format_instant(span.end))
        en, zh = f"{en} until {until}", f"{zh}至 {until}"
    if agreement.level_cap is not None:
        en, zh = f"{en}, {agreement.level_cap} at most", f"{zh}，最高 {agreement.level_cap}"
    return Text(en=en, zh=zh)


def _why_not(agreement: Agreement, at: datetime) -> Text:
    """Why it grants nothing at that time."""
    if agreement.evidence == "framework-only":
        return _FRAMEWORK
    if not agreement.enabled:
        return _OFF if agreement.evidence == "hypothetical" else _SWITCHED_OFF
    spans = agreement.in_force()
    begins = [span.start for span in spans if span.start is not None and span.start > at]
    if begins:
        first = instant(format_instant(begins[0]))
        return Text(en=f"in force from {first}", zh=f"自 {first} 起生效")
    ended = [span.end for span in spans if span.end is not None and span.end <= at]
    if ended:
        last = instant(format_instant(ended[-1]))
        return Text(en=f"ended {last}", zh=f"已于 {last} 终止")
    return _NEVER
