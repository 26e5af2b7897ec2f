"""What `check` found, as a page for a person: who signed, what is covered, what each relying party says and what would change it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text as Styled

from interop.model.check import CheckedFile, CheckedLayer, CheckedList, CheckedSignature, CheckReport, RelyingAnswer
from interop.model.layers import NAMES, Layer, LayerState
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text
from interop.report.details import gathered
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import ACTORS, WORDS, colon, listed

__all__ = ["print_report"]

_COLOUR = {"TOTAL_PASSED": "green", "TOTAL_FAILED": "red", "INDETERMINATE": "yellow", "NO_SIGNATURE_FOUND": "yellow"}
_PLAIN_WORDS = {
    "TOTAL_PASSED": "passed",
    "TOTAL_FAILED": "failed",
    "INDETERMINATE": "open",
    "NO_SIGNATURE_FOUND": "none",
}
_SILENT = {LayerState.PASS, LayerState.NOT_APPLICABLE, LayerState.NOT_EVALUATED}
_MOST_REMEDIES = 8
_MOST_NAMES = 6
"""Relying parties named beside a remedy."""
_NOT_HANDLED = "container.format-not-handled"
_WORDS = {
    "all": Text(en="signs the whole document", zh="签署整份文档"),
    "then": Text(
        en="signs the whole document as of revision {one} of {all} (for later changes see integrity)",
        zh="签署整份文档的第 {one} 版（共 {all} 版；其后的修改见“完整性”）",
    ),
    "bytes": Text(en="signs a part of the file only: bytes {what}", zh="仅签署文件的一部分：字节 {what}"),
    "inside": Text(en="signs the content inside the signature: {what}", zh="签署签名内部的内容：{what}"),
    "beside": Text(en="signs the content beside the signature: {what}", zh="签署签名之外的内容：{what}"),
    "absent": Text(
        en="signs content beside the signature, which was not given: {what}", zh="签署签名之外的内容（未提供）：{what}"
    ),
    "element": Text(en="signs the element that is consumed: {what}", zh="签署所使用的元素：{what}"),
    "part": Text(en="signs a part of the document only: {what}", zh="仅签署文档的一部分：{what}"),
    "counter": Text(en="counter-signature: signs the signature value of {what}", zh="副署：签署 {what} 的签名值"),
    "nothing": Text(en="signs nothing that can be found", zh="未找到所签署的内容"),
    "passed": Text(en="technically valid", zh="技术上有效"),
    "failed": Text(en="not valid", zh="无效"),
    "open": Text(en="neither proven valid nor invalid", zh="既未证明有效，也未证明无效"),
    "none": Text(en="no signature in it", zh="不含签名"),
    "decides": Text(en="{signature} decides", zh="以 {signature} 为准"),
    "leg": Text(en="relies on {signature}, the {leg} leg", zh="依赖 {leg} 签名 {signature}"),
    "all_but": Text(en="all but {names}", zh="除 {names} 外的全部"),
    "most": Text(en="{some} of {all} relying parties", zh="{all} 个依赖方中的 {some} 个"),
    "proven": Text(en="proven by a time-stamp", zh="由时间戳证明"),
    "claimed": Text(en="claimed, not proven", zh="仅为声称，未经证明"),
    "accepts": Text(en="accepted by", zh="接受方"),
    "refuses": Text(en="not accepted by", zh="不接受方"),
    "change": Text(en="what would change it", zh="如何改变"),
    "nobody": Text(en="no home is known: --trust names its anchor", zh="归属方未知：可用 --trust 指定其信任锚"),
    "at": Text(en="judged at", zh="验证时间"),
    "own": Text(en="the time that each file claims", zh="各文件声称的签署时间"),
    "time": Text(en="time", zh="时间"),
    "signer": Text(en="signer", zh="签署人"),
    "home": Text(en="home", zh="归属方"),
    "unknown": Text(en="signing certificate not found", zh="未找到签名证书"),
    "promise": Text(en="promised by {agreement} and refused", zh="{agreement} 已承诺但被拒"),
    "unpromised": Text(en="no instrument in force promises it", zh="没有生效的互认安排作出承诺"),
    "lists": Text(en="trusted lists", zh="信任列表"),
    "believed": Text(en="believed", zh="可信"),
    "refused": Text(en="refused", zh="拒绝采信"),
    "sequence": Text(en="no. {number} of {issued}", zh="第 {number} 号，{issued} 发布"),
    "through": Text(en="through {names}", zh="经由 {names}"),
    "agreed": Text(en="under an agreement", zh="依互认协定"),
    "qualified": Text(en="{signature}, certificate {certificate}", zh="{signature}，证书 {certificate}"),
    "by_service": Text(en="by the service {service}", zh="依据服务 {service}"),
    "error": Text(en="could not be looked at", zh="无法检查"),
}


def print_report(report: CheckReport, console: Console, lang: Lang = "en") -> None:
    """Print all files."""
    page = Page(console, lang)
    if report.lists:
        page.hang(Styled(_WORDS["lists"].in_(lang), style="bold"))
        for one in report.lists:
            _print_list(one, page)
        page.blank()
    for file in report.files:
        _print_file(file, page)
        page.blank()
    at = _WORDS["own"].in_(lang) if report.at == "claimed" else report.at
    page.hang(Styled(f"{_WORDS['at'].in_(lang)}{colon(lang)}{at}", style="dim"))


def _print_list(one: CheckedList, page: Page) -> None:
    """One trusted list: whether it is believed, through which others, and why not."""
    lang = page.lang
    said = [untrusted(one.territory, limit=20)] if one.territory else []
    if one.sequence is not None and one.issued is not None:
        said.append(_WORDS["sequence"].in_(lang).format(number=one.sequence, issued=one.issued[:10]))
    if one.through:
        said.append(_WORDS["through"].in_(lang).format(names=listed(map(untrusted, one.through), lang)))
    if one.recognition:
        said.append(_WORDS["agreed"].in_(lang))
    head = page.state(LayerState.PASS if one.believed else LayerState.FAIL)
    head.append(f" {untrusted(one.file)}{colon(lang)}", style="default")
    head.append(_WORDS["believed" if one.believed else "refused"].in_(lang), style="default")
    if said:
        head.append(f"  ({listed(said, lang)})", style="not bold dim")
    page.hang(head, first=2, rest=4)
    if one.reason is not None:
        page.hang(_reason(one.reason, [one.detail], lang), first=4, rest=6)
    for code in one.findings:
        page.hang(_reason(code, (), lang, style="yellow"), first=page.plain("    • "), rest=6)


def _print_file(file: CheckedFile, page: Page) -> None:
    head = Styled(untrusted(file.file), style="bold")
    if file.error is not None:
        page.hang(head.append(f"  {_WORDS['error'].in_(page.lang)}", style="red"), rest=2)
        page.hang(untrusted(file.error, limit=400), first=2, rest=4)
        return
    said = " / ".join(part for part in (file.indication, file.sub_indication) if part)
    if file.indication in _PLAIN_WORDS and file.reason != _NOT_HANDLED:
        said += f"  {_WORDS[_PLAIN_WORDS[file.indication]].in_(page.lang)}"
    if len(file.signatures) > 1 and file.signature is not None and file.indication != "TOTAL_PASSED":
        said += f" ({_WORDS['decides'].in_(page.lang).format(signature=untrusted(file.signature))})"
    if file.reason == _NOT_HANDLED:
        said += f"  {WORDS['unsupported'].in_(page.lang)} ({untrusted(file.format)})"
    page.hang(head.append(f"  {said}", style=_COLOUR.get(file.indication or "", "yellow")), rest=2)
    if not file.signatures and file.reason is not None:
        page.hang(_reason(file.reason, (), page.lang), first=2, rest=6)
    for signature in file.signatures:
        _print_signature(signature, file, page)
    told = {code for signature in file.signatures for layer in signature.layers.values() for code in layer.reasons}
    told.add(file.reason or "")
    for code in file.findings:
        if code not in told:
            page.hang(_reason(code, (), page.lang, style="yellow"), first=page.plain("  • "), rest=6)
    _print_answers(file, page)


def _reason(code: str, details: Iterable[str], lang: Lang, *, style: str = "bold") -> Styled:
    """Code, sentence, and what was found."""
    text = Styled(untrusted(code, limit=80), style=style)
    entry = catalogue().get(code)
    if entry is not None:
        text.append(f"  {entry.text.in_(lang)}", style="not bold default")
    said = [untrusted(detail.in_(lang), limit=300) for detail in gathered(tuple(details))]
    found = ("；" if lang == "zh" else "; ").join(said)
    return text.append(f"  ({found})", style="not bold dim") if found else text


def _covered(signature: CheckedSignature, file: CheckedFile, lang: Lang) -> str:
    """What is signed, in words."""
    parts = signature.covers
    what = untrusted(listed(parts, lang), limit=400)
    if signature.counter_signs:
        return _WORDS["counter"].in_(lang).format(what=untrusted(signature.counter_signs))
    if not parts:
        return _WORDS["nothing"].in_(lang)
    if file.format == "pdf":
        if not signature.covers_whole:
            spans = (part.partition("+")[::2] for part in parts)
            what = listed((f"{start}–{int(start) + int(length) - 1}" for start, length in spans), lang)
            return _WORDS["bytes"].in_(lang).format(what=what)
        if signature.revision is not None and signature.revision < file.revisions:
            return _WORDS["then"].in_(lang).format(one=signature.revision, all=file.revisions)
        return _WORDS["all"].in_(lang)
    outside = not any(part.startswith("/") for part in parts)
    if not signature.covers_whole:
        return _WORDS["absent" if outside else "part"].in_(lang).format(what=what)
    if outside or signature.packaging == "enveloping":
        return _WORDS["beside" if outside else "inside"].in_(lang).format(what=what)
    below = all(part.count("/") > 1 for part in parts)
    return _WORDS["element"].in_(lang).format(what=what) if below else f"{_WORDS['all'].in_(lang)} ({what})"


def _print_signature(signature: CheckedSignature, file: CheckedFile, page: Page) -> None:
    lang = page.lang
    level = f" {signature.level}" if signature.level else ""
    who = untrusted(signature.signed_by) if signature.signed_by else _WORDS["unknown"].in_(lang)
    page.blank()
    page.hang(
        Styled(f"{untrusted(signature.id)}  {signature.format}{level}  ", style="bold").append(
            f"{_WORDS['signer'].in_(lang)}{colon(lang)}{who}", style="not bold"
        ),
        first=2,
        rest=6,
    )
    if signature.provider:
        identity = f".{untrusted(signature.identity)}" if signature.identity else ""
        page.hang(f"{_WORDS['home'].in_(lang)}{colon(lang)}{untrusted(signature.provider)}{identity}", first=6, rest=8)
    page.hang(_covered(signature, file, lang), first=6, rest=8)
    if signature.time:
        sure = _WORDS["proven" if signature.time_proven else "claimed"].in_(lang)
        page.hang(f"{_WORDS['time'].in_(lang)}{colon(lang)}{signature.time} ({sure})", first=6, rest=8)
    page.flow(
        [
            page.state(LayerState(layer.result)).append(f" {NAMES[Layer(name)].in_(lang)}")
            for name, layer in signature.layers.items()
        ],
        indent=6,
    )
    for layer in signature.layers.values():
        _print_layer(layer, page)


def _print_layer(layer: CheckedLayer, page: Page) -> None:
    """Every reason of the layer, each once: what blocks it, and findings beside it."""
    found: dict[str, list[str]] = {}
    for code, detail in zip(layer.reasons, layer.details, strict=True):
        found.setdefault(code, []).append(detail)
    state = LayerState(layer.result)
    for code, details in found.items():
        entry = catalogue().get(code)
        beside = state in _SILENT or (entry is not None and entry.effect.value == "finding")
        mark = Styled(page.plain("•"), style="yellow") if beside else page.state(state)
        page.hang(
            mark.append(" ").append_text(_reason(code, details, page.lang, style="yellow" if beside else "bold")),
            first=6,
            rest=8,
        )


def _print_answers(file: CheckedFile, page: Page) -> None:
    """Relying parties that say the same for the same reason stand together; those that accept come first."""
    if not file.relying_parties:
        return
    lang = page.lang
    groups: dict[tuple[bool, str, str], list[str]] = {}
    for name, answer in file.relying_parties.items():
        groups.setdefault((not answer.accepted, *_why(answer, file, lang)), []).append(untrusted(name))
    page.blank()
    for (refused, code, beside), names in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
        state = LayerState.FAIL if refused else LayerState.PASS
        word = _WORDS["refuses" if refused else "accepts"].in_(lang)
        head = page.state(state).append(f" {word}{colon(lang)}").append(listed(names, lang), style="bold default")
        page.hang(head, first=2, rest=4)
        if code:
            page.hang(_reason(code, (), lang, style="default"), first=4, rest=6)
        if beside:
            page.hang(beside, first=4, rest=6)
        answers = [answer for name, answer in file.relying_parties.items() if untrusted(name) in names]
        for finding in dict.fromkeys(found for answer in answers for found in answer.findings):
            page.hang(_reason(finding, (), lang, style="yellow"), first=page.plain("    • "), rest=6)
    _print_remedies(file, page)


def _why(answer: RelyingAnswer, file: CheckedFile, lang: Lang) -> tuple[str, str]:
    """(reason code, what else is to be said)."""
    agreement = untrusted(answer.agreement) if answer.agreement else ""
    code, said = "", []
    if answer.accepted:
        said.append(f"{answer.level or ''}  {agreement or _WORDS['unpromised'].in_(lang)}".strip())
    else:
        code = answer.reasons[0] if answer.reasons else ""
        if answer.promised and agreement:
            said.append(_WORDS["promise"].in_(lang).format(agreement=agreement))
    if answer.signature and len(file.signatures) > 1 and (answer.leg or not answer.accepted):
        word = "leg" if answer.leg else "decides"
        said.append(_WORDS[word].in_(lang).format(signature=untrusted(answer.signature), leg=answer.leg))
    if answer.qualification is not None:
        said.append(
            _WORDS["qualified"]
            .in_(lang)
            .format(signature=answer.qualification, certificate=answer.certificate_qualification)
        )
        if answer.service:
            said.append(_WORDS["by_service"].in_(lang).format(service=untrusted(answer.service)))
    return code, ("；" if lang == "zh" else "; ").join(said)


def _whom(names: list[str], file: CheckedFile, lang: Lang) -> str:
    """For whom a remedy is, in few words: nothing where it is everybody."""
    others = [name for name in map(untrusted, file.relying_parties) if name not in names]
    if not others:
        return ""
    if len(names) <= _MOST_NAMES:
        return f"  ({listed(names, lang)})"
    if len(others) <= _MOST_NAMES // 2:
        return f"  ({_WORDS['all_but'].in_(lang).format(names=listed(others, lang))})"
    return f"  ({_WORDS['most'].in_(lang).format(some=len(names), all=len(file.relying_parties))})"


def _print_remedies(file: CheckedFile, page: Page) -> None:
    lang = page.lang
    remedies: dict[str, list[str]] = {}
    for name, answer in file.relying_parties.items():
        for code in answer.reasons:
            entry = catalogue().get(code)
            if entry is not None and entry.remedy is not None:
                who = listed((ACTORS[actor].in_(lang) for actor in entry.actors), lang)
                remedies.setdefault(f"{who}{colon(lang)}{entry.remedy.in_(lang)}", []).append(untrusted(name))
    if not remedies:
        return
    page.title(f"  {_WORDS['change'].in_(lang)}")
    ordered = sorted(remedies.items(), key=lambda item: -len(set(item[1])))
    for remedy, names in ordered[:_MOST_REMEDIES]:
        whom = _whom(list(dict.fromkeys(names)), file, lang)
        page.hang(Styled(remedy).append(whom, style="dim"), first="  - ", rest=4)
    if len(ordered) > _MOST_REMEDIES:
        page.hang(WORDS["and_more"].in_(lang).format(count=len(ordered) - _MOST_REMEDIES), first=4)
