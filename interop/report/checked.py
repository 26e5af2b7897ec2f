"""What `check` found, as a page for a person: who signed, what is covered, what each relying party says and what would change it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from interop.model.check import CheckedFile, CheckedSignature, CheckReport
from interop.model.layers import NAMES, Layer
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text

__all__ = ["print_report", "untrusted"]

_MARK = {
    "pass": ("✓", "green"),
    "fail": ("✗", "red"),
    "indeterminate": ("?", "yellow"),
    "unsupported": ("∅", "yellow"),
    "not_evaluated": ("·", "dim"),
    "not_applicable": ("-", "dim"),
}
_COLOUR = {"TOTAL_PASSED": "green", "TOTAL_FAILED": "red", "INDETERMINATE": "yellow", "NO_SIGNATURE_FOUND": "yellow"}
_WORDS = {
    "whole": Text(en="everything is covered", zh="覆盖全部内容"),
    "part": Text(en="covers a part only", zh="仅覆盖部分内容"),
    "proven": Text(en="proven by a time-stamp", zh="由时间戳证明"),
    "claimed": Text(en="claimed, not proven", zh="仅为声称，未经证明"),
    "accepts": Text(en="accepts", zh="接受"),
    "refuses": Text(en="does not accept", zh="不接受"),
    "change": Text(en="what would change it", zh="如何改变"),
    "none": Text(en="no signature found", zh="未发现签名"),
    "at": Text(en="judged at", zh="验证时间"),
    "time": Text(en="time", zh="时间"),
    "signer": Text(en="signer", zh="签署人"),
    "unknown": Text(en="signing certificate not found", zh="未找到签名证书"),
    "promise": Text(en="although promised by", zh="尽管有承诺："),
}


def untrusted(text: str, *, limit: int = 200) -> str:
    """Text from a file, safe on a terminal: control characters are shown, never obeyed."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def print_report(report: CheckReport, console: Console, lang: Lang = "en") -> None:
    """Print all files."""
    for index, file in enumerate(report.files):
        if index:
            console.print()
        _print_file(file, console, lang)
    console.print(Styled(f"\n{_WORDS['at'].in_(lang)}: {report.at}", style="dim"))


def _sentence(code: str, lang: Lang) -> str:
    entry = catalogue().get(code)
    return code if entry is None else f"{code}: {entry.text.in_(lang)}"


def _print_file(file: CheckedFile, console: Console, lang: Lang) -> None:
    head = Styled(untrusted(file.file), style="bold")
    if file.error is not None:
        console.print(head.append(f"  {untrusted(file.error)}", style="red"))
        return
    said = " / ".join(part for part in (file.indication, file.sub_indication) if part)
    console.print(head.append(f"  {said}", style=_COLOUR.get(file.indication or "", "yellow")))
    if not file.signatures:
        console.print(f"  {_sentence(file.reason or 'container.no-signature', lang)}")
    for signature in file.signatures:
        _print_signature(signature, console, lang)
    for code in file.findings:
        console.print(Styled(f"  • {_sentence(code, lang)}", style="yellow"))
    _print_answers(file, console, lang)


def _print_signature(signature: CheckedSignature, console: Console, lang: Lang) -> None:
    level = f" {signature.level}" if signature.level else ""
    who = untrusted(signature.signed_by) if signature.signed_by else _WORDS["unknown"].in_(lang)
    console.print(f"\n  {signature.id}  {signature.format}{level}  {_WORDS['signer'].in_(lang)}: {who}", markup=False)
    if signature.provider:
        identity = f".{signature.identity}" if signature.identity else ""
        console.print(f"      = {signature.provider}{identity}", markup=False)
    cover = _WORDS["whole" if signature.covers_whole else "part"].in_(lang)
    when = ""
    if signature.time:
        sure = _WORDS["proven" if signature.time_proven else "claimed"].in_(lang)
        when = f"; {_WORDS['time'].in_(lang)} {signature.time} ({sure})"
    console.print(f"      {cover}{when}", markup=False)
    ladder = Styled("      ")
    for name, layer in signature.layers.items():
        mark, style = _MARK[layer.result]
        ladder.append(f"{mark} {NAMES[Layer(name)].in_(lang)}  ", style=style)
    console.print(ladder)
    for layer in signature.layers.values():
        if layer.result in {"pass", "not_applicable", "not_evaluated"}:
            continue
        for code, detail in zip(layer.reasons, layer.details, strict=True):
            extra = f" ({untrusted(detail)})" if detail else ""
            console.print(f"      {_sentence(code, lang)}{extra}", markup=False)


def _print_answers(file: CheckedFile, console: Console, lang: Lang) -> None:
    if not file.relying_parties:
        return
    console.print()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, answer in file.relying_parties.items():
        mark = Styled("✓ " if answer.accepted else "✗ ", style="green" if answer.accepted else "red")
        verdict = mark.append(_WORDS["accepts" if answer.accepted else "refuses"].in_(lang))
        if answer.accepted:
            why = f"{answer.level or ''} {answer.agreement or ''}".strip()
        else:
            why = _sentence(answer.reasons[0], lang) if answer.reasons else ""
            if answer.promised and answer.agreement:
                why += f" ({_WORDS['promise'].in_(lang)} {answer.agreement})"
        table.add_row(f"  {name}", verdict, Styled(why))
    console.print(table)
    remedies: dict[str, list[str]] = {}
    for name, answer in file.relying_parties.items():
        for code in answer.reasons:
            entry = catalogue().get(code)
            if entry is not None and entry.remedy is not None:
                remedies.setdefault(entry.remedy.in_(lang), []).append(name)
    if remedies:
        console.print(Styled(f"\n  {_WORDS['change'].in_(lang)}", style="bold"))
    for remedy, names in list(remedies.items())[:6]:
        console.print(f"  - {remedy} ({', '.join(dict.fromkeys(names))})", markup=False)
