"""Changes in words: what somebody would do, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interop.model.agreement import Agreement
from interop.model.change import Change, ChangeKind
from interop.model.text import Text
from interop.report.words import listed

__all__ = ["told", "told_together"]

_LISTS: Mapping[tuple[str, str], Text] = {
    ("formats.accept", "+="): Text(en="{who} reads {value} as well", zh="{who} 增加对 {value} 的支持"),
    ("formats.accept", "-="): Text(en="{who} reads {value} no more", zh="{who} 不再支持 {value}"),
    ("algorithms.sm2_encodings", "+="): Text(
        en="{who} reads SM2 values in the encoding {value} as well", zh="{who} 增加对 SM2 签名值编码 {value} 的支持"
    ),
}
_RULES: Mapping[tuple[str, str], Text] = {
    ("formats.policies", "[]"): Text(en="{who} asks for no signature policy", zh="{who} 不再要求签名策略"),
    ("time.time_stamp_required", "false"): Text(en="{who} asks for no time-stamp", zh="{who} 不再要求时间戳"),
    ("time.time_stamp_required", "true"): Text(en="{who} asks for a time-stamp", zh="{who} 要求时间戳"),
    ("formats.signing_certificate_required", "false"): Text(
        en="{who} asks for no signing-certificate attribute", zh="{who} 不再要求签名证书属性"
    ),
    ("formats.signature_uris", "[]"): Text(
        en="{who} takes every signature URI that is known", zh="{who} 接受所有已知的签名算法 URI"
    ),
    ("formats.digest_uris", "[]"): Text(
        en="{who} takes every digest URI that is known", zh="{who} 接受所有已知的摘要算法 URI"
    ),
    ("formats.canonicalization_uris", "[]"): Text(
        en="{who} takes every canonicalisation URI that is known", zh="{who} 接受所有已知的规范化 URI"
    ),
}
_SETTINGS: Mapping[str, Text] = {
    "extensions.policies": Text(en="the policy {value}", zh="证书策略 {value}"),
    "extensions.key_usage": Text(en="the key usage {value}", zh="密钥用法 {value}"),
    "extensions.extended_key_usage": Text(en="the extended key usage {value}", zh="扩展密钥用法 {value}"),
    "extensions.qc_statements": Text(en="the QC statement {value}", zh="QC 声明 {value}"),
}
_ALLOWED = Text(en="{who} accepts the algorithms {names}", zh="{who} 接受算法 {names}")
_EVERYBODY = Text(en="every relying party", zh="所有依赖方")


def told(change: Change, agreements: Iterable[Agreement] = ()) -> Text:
    """The change as a sentence without full stop. With `agreements` they are named by their titles."""
    return Text(en=_told(change, agreements, "en"), zh=_told(change, agreements, "zh"))


def told_together(changes: Iterable[Change], agreements: Iterable[Agreement] = ()) -> tuple[Text, ...]:
    """Several changes, one sentence each; algorithms that one party comes to accept in one sentence together."""
    known = tuple(agreements)
    lines: list[Text] = []
    every = tuple(changes)
    allowed = [change for change in every if change.kind is ChangeKind.ALLOW]
    done: set[str] = set()
    for change in every:
        names = [other.value for other in allowed if other.subject == change.subject]
        if change.kind is not ChangeKind.ALLOW or len(names) == 1:
            lines.append(told(change, known))
        elif change.subject not in done:
            done.add(change.subject)
            who = Text(en=change.subject, zh=change.subject) if change.subject else _EVERYBODY
            lines.append(
                Text(
                    en=_ALLOWED.en.format(who=who.en, names=listed(names, "en")),
                    zh=_ALLOWED.zh.format(who=who.zh, names=listed(names, "zh")),
                )
            )
    return tuple(lines)


def _told(change: Change, agreements: Iterable[Agreement], lang: str) -> str:
    english = lang == "en"
    template = _template(change)
    text = template.en if english else template.zh
    who = change.subject or (_EVERYBODY.en if english else _EVERYBODY.zh)
    title = next((a.name for a in agreements if a.id in {change.subject, change.value}), None)
    named = change.subject if change.kind not in {ChangeKind.LOAD} else change.value
    if title is not None:
        named = f"{title.en} ({named})" if english else f"{title.zh}（{named}）"
    return text.format(who=who, value=change.value, named=named, path=change.path, op=change.op)


_KINDS: Mapping[ChangeKind, Text] = {
    ChangeKind.ENABLE: Text(en="{named} is concluded", zh="达成{named}"),
    ChangeKind.DISABLE: Text(en="{named} is not there", zh="没有{named}"),
    ChangeKind.ENACT: Text(en="{named} is in force from {value}", zh="{named} 自 {value} 起生效"),
    ChangeKind.REPEAL: Text(en="{named} is repealed at {value}", zh="{named} 于 {value} 废止"),
    ChangeKind.RECOGNISE: Text(
        en="{who} recognises {value}: an instrument is concluded and loaded",
        zh="{who} 承认 {value}：达成并加载互认安排",
    ),
    ChangeKind.LOAD: Text(en="{who} takes {named} into its trust set", zh="{who} 将{named}纳入信任集合"),
    ChangeKind.TRUST: Text(en="{who} trusts the anchor {value}", zh="{who} 信任锚点 {value}"),
    ChangeKind.ALLOW: Text(en="{who} accepts the algorithm {value}", zh="{who} 接受算法 {value}"),
    ChangeKind.BAN: Text(en="{who} refuses the algorithm {value}", zh="{who} 拒绝算法 {value}"),
    ChangeKind.EMIT: Text(en="{who} signs in the format {value} too", zh="{who} 增加签名格式 {value}"),
}


def _template(change: Change) -> Text:
    if change.kind in _KINDS:
        return _KINDS[change.kind]
    if change.kind is ChangeKind.SET:
        known = _LISTS.get((change.path, change.op)) or _RULES.get((change.path, change.value))
        return known or Text(en="{who}: {path} {op} {value}", zh="{who}：{path} {op} {value}")
    if change.kind is ChangeKind.REISSUE and change.op != "=" and change.path in _SETTINGS:
        what = _SETTINGS[change.path]
        if change.op == "+=":
            return Text(
                en=f"certificates of {{who}} are issued with {what.en}, where it is true of them",
                zh=f"为 {{who}} 签发含{what.zh}的证书（须符合实际情况）",
            )
        return Text(
            en=f"certificates of {{who}} are issued without {what.en}", zh=f"为 {{who}} 签发不含{what.zh}的证书"
        )
    if change.kind is ChangeKind.REISSUE:
        return Text(
            en="certificates of {who} are issued with {path} {op} {value}",
            zh="重新签发 {who} 的证书：{path} {op} {value}",
        )
    if change.path.endswith("signature_policy"):
        return Text(en="{who} signs under the policy {value}", zh="{who} 依签名策略 {value} 签名")
    if change.path.endswith("levels") and change.op == "+=":
        return Text(en="{who} signs at level {value} too", zh="{who} 增加签名级别 {value}")
    return Text(en="{who} signs with {path} {op} {value}", zh="{who} 的签名设置：{path} {op} {value}")
