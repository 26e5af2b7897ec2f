"""Profiles as pages on a terminal: all in a list, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text as Styled

from interop.model.profile import Identity, Provider
from interop.model.text import Lang, Text
from interop.report.page import Page
from interop.report.safe import untrusted

__all__ = ["print_profile", "print_profiles"]

_BY = {
    "self": Text(en="self-signed", zh="自签名"),
    "by": Text(en="by {issuer}", zh="由 {issuer} 签发"),
    "to": Text(en="to", zh="至"),
}
_RELIES = Text(en="relies only", zh="仅依赖，不签名")
_SILENT = Text(
    en="nothing: it only relies, and is a column of the matrix where --relying names it",
    zh="不签名：仅作为依赖方；用 --relying 指定时才列入矩阵",
)


def print_profiles(providers: Iterable[Provider], console: Console, lang: Lang = "en") -> None:
    """The list: id, jurisdiction, identities with their main format, and below what the profile models."""
    rows: list[tuple[str | Styled, str, str | Styled]] = []
    for provider in providers:
        identities = ", ".join(map(_main_format, provider.identities)) or _RELIES.in_(lang)
        summary = untrusted(provider.summary.in_(lang), limit=400)
        rows.append((Styled(provider.id, style="bold"), provider.jurisdiction, untrusted(identities)))
        rows.append(("", "", Styled(summary, style="dim")))
    Page(console, lang).rows(rows)


def _main_format(identity: Identity) -> str:
    """How a list names an identity; `~` marks one whose algorithm is recognised and never verified."""
    return f"{identity.id} ({'~' if identity.opaque else ''}{identity.formats[0].format.value})"


def print_profile(provider: Provider, console: Console, lang: Lang = "en") -> None:
    """One profile: hierarchy, identities, rules as a relying party, what is not known."""
    page = Page(console, lang)
    page.hang(
        f"{provider.id}  {untrusted(provider.name.in_(lang))}  ({provider.jurisdiction}, {provider.origin})", rest=2
    )
    page.hang(untrusted(provider.summary.in_(lang), limit=400))
    page.title("certificates" if lang == "en" else "证书")
    rows = []
    for spec in provider.certificates:
        size = spec.key.curve or spec.key.bits or ""
        by = _BY["self" if spec.issuer == spec.id else "by"].in_(lang).format(issuer=spec.issuer)
        until = f"{spec.not_before:%Y-%m-%d} {_BY['to'].in_(lang)} {spec.not_after:%Y-%m-%d}"
        policies = " ".join(policy.oid for policy in spec.extensions.policies)
        rest = f"{until}  {policies}".rstrip()
        rows.append((spec.id, spec.role, f"{spec.key.kind} {size}".strip(), spec.key.signature, by, rest))
    page.rows(rows, indent=2)
    page.title("signs as" if lang == "en" else "签署身份")
    if not provider.identities:
        page.hang(_SILENT.in_(lang), first=2, rest=4)
    for identity in provider.identities:
        level = f"level {identity.assurance.level} at home" if lang == "en" else f"本国级别 {identity.assurance.level}"
        page.hang(
            f"{identity.id}  {untrusted(identity.name.in_(lang))}{'，' if lang == 'zh' else ', '}{level}",
            first=2,
            rest=6,
        )
        for remark in _remarks(identity):
            page.hang(remark.in_(lang), first=4, rest=6)
        page.rows(
            [
                (
                    emits.format.value,
                    ", ".join(level.value for level in emits.levels)
                    + (f" ({', '.join(p.value for p in emits.packagings)})" if emits.packagings else ""),
                )
                for emits in identity.formats
            ],
            indent=4,
        )
    rules = provider.relying
    keys = ", ".join(f"{k.name}{f' >= {k.min_bits}' if k.min_bits else ''}" for k in rules.algorithms.keys)
    national = rules.revocation.national
    suites = f"  (suites {', '.join(rules.algorithms.suites)})"
    page.title("relies" if lang == "en" else "作为依赖方")
    page.rows(
        [
            ("formats" if lang == "en" else "格式", ", ".join(form.value for form in rules.formats.accept)),
            ("keys" if lang == "en" else "密钥", keys),
            ("digests" if lang == "en" else "摘要", ", ".join(rules.algorithms.digests) + suites),
            ("anchors" if lang == "en" else "信任锚", ", ".join(rules.trust.anchors)),
            ("agreements" if lang == "en" else "互认安排", ", ".join(rules.trust.load) or "-"),
            *([("status too at" if lang == "en" else "另查状态于", ", ".join(national))] if national else []),
            ("floor" if lang == "en" else "最低级别", str(rules.floor)),
            *([("relies on" if lang == "en" else "所依据的签名", f"{rules.leg}")] if rules.leg is not None else []),
        ],
        indent=2,
    )
    if provider.unknowns:
        page.title("unknown, and left so" if lang == "en" else "未知事项（未作推测）")
        for unknown in provider.unknowns:
            page.hang(untrusted(unknown, limit=400), first=2, rest=4)


def _remarks(identity: Identity) -> Iterator[Text]:
    """What is special about how an identity signs."""
    if identity.opaque:
        yield Text(
            en="its algorithm is recognised and never verified: listed, not counted",
            zh="算法可识别但从不验证：仅列出、不计入",
        )
    if identity.followed_by is not None:
        yield Text(
            en=f"signs first, {identity.followed_by} after it (dual signature)",
            zh=f"先签名，{identity.followed_by} 随后签名（双签名）",
        )
