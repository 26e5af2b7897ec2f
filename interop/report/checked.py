"""What `check` found, as a page for a person: who signed, what is covered, what each relying party says and what would change it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text as Styled

from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature, CheckReport, RelyingAnswer
from interop.model.layers import NAMES, Layer, LayerState
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import ACTORS, WORDS, colon, listed

__all__ = ["print_report"]

_COLOUR = {"TOTAL_PASSED": "green", "TOTAL_FAILED": "red", "INDETERMINATE": "yellow", "NO_SIGNATURE_FOUND": "yellow"}
_SILENT = {LayerState.PASS, LayerState.NOT_APPLICABLE, LayerState.NOT_EVALUATED}
_MOST_REMEDIES = 8
_NOT_HANDLED = "container.format-not-handled"
_WORDS = {
    "whole": Text(en="covers everything as it stood when signed", zh="覆盖签署时的全部内容"),
    "part": Text(en="covers a part only", zh="仅覆盖部分内容"),
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
    "error": Text(en="could not be looked at", zh="无法检查"),
}


def print_report(report: CheckReport, console: Console, lang: Lang = "en") -> None:
    """Print all files."""
    page = Page(console, lang)
    for file in report.files:
        _print_file(file, page)
        page.blank()
    at = _WORDS["own"].in_(lang) if report.at == "claimed" else report.at
    page.hang(Styled(f"{_WORDS['at'].in_(lang)}{colon(lang)}{at}", style="dim"))


def _print_file(file: CheckedFile, page: Page) -> None:
    head = Styled(untrusted(file.file), style="bold")
    if file.error is not None:
        page.hang(head.append(f"  {_WORDS['error'].in_(page.lang)}", style="red"), rest=2)
        page.hang(untrusted(file.error, limit=400), first=2, rest=4)
        return
    said = " / ".join(part for part in (file.indication, file.sub_indication) if part)
    if file.reason == _NOT_HANDLED:
        said += f"  {WORDS['unsupported'].in_(page.lang)} ({untrusted(file.format)})"
    page.hang(head.append(f"  {said}", style=_COLOUR.get(file.indication or "", "yellow")), rest=2)
    if not file.signatures and file.reason is not None:
        page.hang(_reason(file.reason, (), page.lang), first=2, rest=6)
    for signature in file.signatures:
        _print_signature(signature, page)
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
    found = "; ".join(untrusted(detail, limit=300) for detail in dict.fromkeys(details) if detail)
    return text.append(f"  ({found})", style="not bold dim") if found else text


def _print_signature(signature: CheckedSignature, page: Page) -> None:
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
    cover = _WORDS["whole" if signature.covers_whole else "part"].in_(lang)
    if not signature.covers_whole and signature.covers:
        cover += f" ({untrusted(', '.join(signature.covers))})"
    if signature.time:
        sure = _WORDS["proven" if signature.time_proven else "claimed"].in_(lang)
        cover += f"; {_WORDS['time'].in_(lang)} {signature.time} ({sure})"
    page.hang(cover, first=6, rest=8)
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
        groups.setdefault((not answer.accepted, *_why(answer, lang)), []).append(untrusted(name))
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
    _print_remedies(file, page)


def _why(answer: RelyingAnswer, lang: Lang) -> tuple[str, str]:
    """(reason code, what else is to be said)."""
    agreement = untrusted(answer.agreement) if answer.agreement else ""
    if answer.accepted:
        by = agreement or _WORDS["unpromised"].in_(lang)
        return "", f"{answer.level or ''}  {by}".strip()
    code = answer.reasons[0] if answer.reasons else ""
    broken = answer.promised and agreement
    return code, _WORDS["promise"].in_(lang).format(agreement=agreement) if broken else ""


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
    everybody = len(file.relying_parties)
    for remedy, names in ordered[:_MOST_REMEDIES]:
        some = list(dict.fromkeys(names))
        whom = "" if len(some) == everybody else f"  ({listed(some, lang)})"
        page.hang(Styled(remedy).append(whom, style="dim"), first="  - ", rest=4)
    if len(ordered) > _MOST_REMEDIES:
        page.hang(WORDS["and_more"].in_(lang).format(count=len(ordered) - _MOST_REMEDIES), first=4)
