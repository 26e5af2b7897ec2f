"""Agreements as pages on a terminal: all in a list, or one in full, its conditions in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text as Styled

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, Entry
from interop.model.instant import Interval, format_instant
from interop.model.text import Lang, Text
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import instant, listed

__all__ = ["KINDS", "print_agreement", "print_agreements"]

KINDS: Mapping[AgreementKind, Text] = {
    AgreementKind.HOME: Text(en="home", zh="本国法律"),
    AgreementKind.STATUTORY_APPROVAL: Text(en="statutory-approval", zh="法定核准"),
    AgreementKind.MUTUAL_RECOGNITION: Text(en="mutual-recognition", zh="互认协定"),
    AgreementKind.TRUST_LIST: Text(en="trust-list", zh="信任列表"),
    AgreementKind.LIST_POINTER: Text(en="list-pointer", zh="列表指针"),
    AgreementKind.CROSS_CERTIFICATE: Text(en="cross-certificate", zh="交叉证书"),
    AgreementKind.BRIDGE: Text(en="bridge", zh="桥 CA"),
    AgreementKind.POLICY_ALLOW_LIST: Text(en="policy-allow-list", zh="策略允许名单"),
    AgreementKind.OID_PREFIX: Text(en="oid-prefix", zh="OID 前缀"),
    AgreementKind.THIRD_PARTY_ATTESTATION: Text(en="third-party-attestation", zh="第三方证明"),
    AgreementKind.PARTY_CONTRACT: Text(en="party-contract", zh="当事人约定"),
    AgreementKind.UNILATERAL: Text(en="unilateral", zh="单方认可"),
}
"""Kinds as lists name them; the data has the English ones."""

_STATUS = {
    AgreementStatus.ENACTED: Text(en="enacted", zh="生效"),
    AgreementStatus.REPEALED: Text(en="repealed", zh="废止"),
}
_EVIDENCE = {
    "published": Text(en="published", zh="已公布"),
    "framework-only": Text(en="framework-only", zh="仅有框架"),
    "hypothetical": Text(en="hypothetical", zh="假设"),
}
_ORIGIN = {
    "real": Text(en="real", zh="真实"),
    "modelled": Text(en="modelled", zh="仿照"),
    "stand-in": Text(en="stand-in", zh="替代"),
}
_PERSONS = {
    "natural": Text(en="natural person", zh="自然人"),
    "legal": Text(en="legal person", zh="法人"),
    "mixed": Text(en="person of either kind", zh="自然人或法人"),
}
_DOCUMENTS = {
    "contract": Text(en="contract", zh="电子合同"),
    "bill-of-lading": Text(en="bill-of-lading", zh="电子提单"),
    "warehouse-receipt": Text(en="warehouse-receipt", zh="电子仓单"),
    "invoice": Text(en="invoice", zh="电子发票"),
}
_WORDS = {
    "on": Text(en="on", zh="启用"),
    "off": Text(en="off", zh="停用"),
    "in force": Text(en="in force", zh="生效中"),
    "not yet in force": Text(en="not yet in force", zh="尚未生效"),
    "no longer in force": Text(en="no longer in force", zh="已失效"),
    "never in force": Text(en="never in force", zh="从未生效"),
    "members": Text(en="{names}: each recognises itself and the others", zh="{names}：相互认可，亦认可自身"),
    "alone": Text(en="{names} recognises itself", zh="{names} 认可自身"),
    "direction": Text(en="{relying} recognise {signers}", zh="{relying} 认可 {signers}"),
    "other": Text(en="other direction: {id}", zh="另一方向：{id}"),
    "kind": Text(en="kind", zh="类型"),
    "who": Text(en="direction", zh="方向"),
    "counterpart": Text(en="other direction", zh="另一方向"),
    "evidence": Text(en="evidence", zh="依据"),
    "switch": Text(en="switched", zh="开关"),
    "at": Text(en="at {at}", zh="{at} 时"),
    "cap": Text(en="level", zh="级别"),
    "at most": Text(en="{level} at most", zh="最高 {level}"),
    "uncapped": Text(en="the signer's own", zh="签署方自身级别"),
    "scope": Text(en="documents", zh="文件种类"),
    "every": Text(en="all kinds", zh="全部"),
    "loaded": Text(en="loaded by", zh="加载方"),
    "nobody": Text(en="nobody", zh="无"),
    "origin": Text(en="origin", zh="数值来源"),
    "source": Text(en="source", zh="出处"),
    "note": Text(en="note", zh="说明"),
    "history": Text(en="history", zh="沿革"),
    "admits": Text(en="admits", zh="认可范围"),
    "no entries": Text(en="nothing: a framework alone", zh="无：仅有框架"),
    "anchor": Text(en="paths that end at {name}", zh="终止于 {name} 的路径"),
    "issuer": Text(en="certificates issued by {name}", zh="由 {name} 签发的证书"),
    "cross": Text(en="paths over the cross-certificate {name}", zh="经交叉证书 {name} 的路径"),
    "signed": Text(en="signed {span}", zh="签署时间：{span}"),
    "from": Text(en="from {at}", zh="自 {at}"),
    "until": Text(en="until {at}", zh="至 {at}（不含）"),
    "if": Text(en="if the certificate {condition}", zh="条件：证书{condition}"),
    "receipt": Text(
        en="with a receipt of {name}, which is what is relied on", zh="须附 {name} 的回执，依赖方所依据的即为该回执"
    ),
    "policies": Text(en="has one of the policies {what}", zh="含下列策略之一：{what}"),
    "prefix": Text(en="has a policy under {what}", zh="含 {what} 之下的策略"),
    "usage": Text(en="has key usage {what}", zh="密钥用途含 {what}"),
    "purposes": Text(en="has one of the purposes {what}", zh="含下列扩展用途之一：{what}"),
    "statements": Text(en="has the QC statements {what}", zh="含 QC 声明 {what}"),
    "legislation": Text(en="names the legislation of {what}", zh="指明 {what} 的法律"),
    "type": Text(en="is of type {what}", zh="类型为 {what}"),
    "person": Text(en="is of a {what}", zh="主体为{what}"),
}
_OR = Text(en=" or ", zh="或")


def _word(key: str, lang: Lang, **values: str) -> str:
    return _WORDS[key].in_(lang).format(**values)


def _state(agreement: Agreement, at: datetime) -> str:
    spans = agreement.in_force()
    if any(at in span for span in spans):
        return "in force"
    if not spans:
        return "never in force"
    begun = any(span.start is None or span.start <= at for span in spans)
    return "no longer in force" if begun else "not yet in force"


def _direction(agreement: Agreement, lang: Lang) -> str:
    if set(agreement.signers) == set(agreement.relying):
        return _word("members" if len(agreement.signers) > 1 else "alone", lang, names=listed(agreement.signers, lang))
    return _word("direction", lang, relying=listed(agreement.relying, lang), signers=listed(agreement.signers, lang))


def print_agreements(agreements: Iterable[Agreement], at: datetime, console: Console, lang: Lang = "en") -> None:
    """The list: id, kind, evidence, switched on or off, whether in force at `at`, and who recognises whom."""
    rows: list[Sequence[Styled | str]] = []
    for agreement in agreements:
        last = _direction(agreement, lang)
        if agreement.counterpart is not None:
            last += ("；" if lang == "zh" else "; ") + _word("other", lang, id=agreement.counterpart)
        rows.append(
            (
                Styled(agreement.id, style="bold" if agreement.grants else "dim"),
                KINDS[agreement.kind].in_(lang),
                _EVIDENCE[agreement.evidence].in_(lang),
                _word("on" if agreement.enabled else "off", lang),
                _word(_state(agreement, at), lang),
                untrusted(last, limit=600),
            )
        )
    Page(console, lang).rows(rows)


def print_agreement(
    agreement: Agreement, at: datetime, console: Console, lang: Lang = "en", *, loading: Sequence[str] = ()
) -> None:
    """One agreement: everything in it. `loading` are the providers whose relying parties load its entries."""
    page = Page(console, lang)
    page.hang(Styled(agreement.id, style="bold").append(f"  {untrusted(agreement.name.in_(lang))}"), rest=2)
    rows = [
        ("kind", KINDS[agreement.kind].in_(lang)),
        ("who", _direction(agreement, lang)),
        ("counterpart", agreement.counterpart or "-"),
        ("evidence", _EVIDENCE[agreement.evidence].in_(lang)),
        ("switch", _word("on" if agreement.enabled else "off", lang)),
    ]
    table = [(_word(key, lang), untrusted(value, limit=600)) for key, value in rows]
    table.append((_word("at", lang, at=instant(format_instant(at))), _word(_state(agreement, at), lang)))
    cap = agreement.level_cap
    level = _word("uncapped", lang) if cap is None else _word("at most", lang, level=str(cap))
    scope = listed((_DOCUMENTS[kind.value].in_(lang) for kind in agreement.scope), lang) or _word("every", lang)
    table += [(_word("cap", lang), level), (_word("scope", lang), scope)]
    if agreement.entries:
        table.append((_word("loaded", lang), listed(loading, lang) or _word("nobody", lang)))
    table += [
        (_word("origin", lang), _ORIGIN[agreement.origin].in_(lang)),
        (_word("source", lang), untrusted(agreement.source, limit=400)),
    ]
    if agreement.note is not None:
        table.append((_word("note", lang), untrusted(agreement.note.in_(lang), limit=400)))
    page.rows(table, indent=2)
    page.title(_word("history", lang))
    page.rows(
        [
            (instant(format_instant(step.at)), _STATUS[step.status].in_(lang), untrusted(step.note, limit=400))
            for step in agreement.history
        ],
        indent=2,
    )
    if agreement.entries:
        page.title(_word("admits", lang))
        for entry in agreement.entries:
            _print_entry(entry, page)
    elif agreement.kind is not AgreementKind.HOME:
        page.title(_word("admits", lang))
        page.hang(_word("no entries", lang), first=2, rest=4)


def _print_entry(entry: Entry, page: Page) -> None:
    lang = page.lang
    named = (("anchor", entry.anchor), ("issuer", entry.issuer), ("cross", entry.cross_certificate))
    admits = listed((_word(key, lang, name=name) for key, name in named if name is not None), lang)
    service = f"{untrusted(entry.service)}: " if entry.service and lang == "en" else ""
    service = f"{untrusted(entry.service)}：" if entry.service and lang == "zh" else service
    page.hang(f"{service}{untrusted(admits, limit=400)}", first=page.plain("  • "), rest=4)
    span = _span(entry.window, lang)
    if span:
        page.hang(_word("signed", lang, span=span), first=4, rest=6)
    if entry.receipt is not None:
        page.hang(_word("receipt", lang, name=untrusted(entry.receipt)), first=4, rest=6)
    for condition in _conditions(entry.condition, lang):
        page.hang(_word("if", lang, condition=untrusted(condition, limit=400)), first=4, rest=6)


def _span(span: Interval, lang: Lang) -> str:
    edges = (("from", span.start), ("until", span.end))
    said = [_word(key, lang, at=instant(format_instant(at))) for key, at in edges if at is not None]
    return ("，" if lang == "zh" else " ").join(said)


def _conditions(condition: Condition, lang: Lang) -> Iterator[str]:
    """All that are given, each in words; all of them must hold."""
    for key, what in (
        ("policies", condition.policies_any),
        ("prefix", () if condition.policy_prefix is None else (condition.policy_prefix,)),
        ("usage", condition.key_usage_all),
        ("purposes", condition.extended_key_usage_any),
        ("statements", condition.qc_statements_all),
        ("legislation", () if condition.qc_legislation is None else (condition.qc_legislation,)),
        ("type", () if condition.certificate_type is None else (condition.certificate_type,)),
    ):
        if what:
            yield _word(key, lang, what=listed(what, lang))
    if condition.persons:
        yield _word("person", lang, what=_OR.in_(lang).join(_PERSONS[p].in_(lang) for p in condition.persons))
