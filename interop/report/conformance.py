"""A suite of certification paths as a page: how many agree, each difference with its reason, what nobody explains first."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text as Styled

from interop.model.conformance import ComparedCase, DifferenceKind, SuiteScore
from interop.model.layers import LayerState
from interop.model.text import Lang, Text
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import colon

__all__ = ["print_score"]

_WORDS = {
    "head": Text(en="{suite}: {agree} of {all} cases agree", zh="{suite}：{all} 个用例中 {agree} 个一致"),
    "dangerous": Text(en="ACCEPTED although it must fail", zh="本应失败却被接受"),
    "unexplained": Text(en="differs, and nobody says why", zh="不一致，且无说明"),
    "stale": Text(en="named as different, and agrees", zh="列为不一致，但实际一致"),
    "accepted": Text(en="accepted here, refused by the suite", zh="此处接受，套件拒绝"),
    "refused": Text(en="refused here, accepted by the suite", zh="此处拒绝，套件接受"),
    "agree": Text(en="cases that agree", zh="一致的用例"),
}
_KINDS = {
    DifferenceKind.WEB_ONLY: Text(en="rules of web servers alone", zh="仅适用于网站的规则"),
    DifferenceKind.OUT_OF_SCOPE: Text(en="features out of scope, refused", zh="不支持的功能（拒绝）"),
    DifferenceKind.STRICTER: Text(en="stricter here", zh="此处更严格"),
    DifferenceKind.DISPUTED: Text(en="the standard can be read both ways", zh="标准可作两种解读"),
}


def print_score(score: SuiteScore, console: Console, lang: Lang = "en", *, everything: bool = False) -> None:
    """Print it. `everything` lists the cases that agree as well."""
    page = Page(console, lang)
    agreeing = [case for case in score.cases if case.agrees]
    head = _WORDS["head"].in_(lang).format(suite=score.suite, agree=len(agreeing), all=len(score.cases))
    page.hang(Styled(head, style="bold"))
    for case in score.cases:
        if case.dangerous or case.unexplained:
            word = "dangerous" if case.dangerous else "stale" if case.agrees else "unexplained"
            mark = page.state(LayerState.FAIL).append(f" {_WORDS[word].in_(lang)}{colon(lang)}")
            page.hang(mark.append(untrusted(case.id), style="bold default"), first=2, rest=4)
            _against(page, case)
    for kind in DifferenceKind:
        _kind(page, kind, [case for case in score.cases if not case.agrees and _of(case, kind)])
    if everything:
        page.title(_WORDS["agree"].in_(lang))
        for case in agreeing:
            state = LayerState.PASS if case.accepted else LayerState.FAIL
            page.hang(page.state(state).append(f" {untrusted(case.id)}", style="default"), first=2, rest=4)


def _of(case: ComparedCase, kind: DifferenceKind) -> bool:
    return case.difference is not None and case.difference.kind is kind


def _kind(page: Page, kind: DifferenceKind, cases: Iterable[ComparedCase]) -> None:
    """Differences of one kind: a reason, then the cases that it is about."""
    reasons: dict[str, list[ComparedCase]] = {}
    for case in cases:
        if case.difference is not None:
            reasons.setdefault(case.difference.why, []).append(case)
    if not reasons:
        return
    lang = page.lang
    page.title(f"{_KINDS[kind].in_(lang)} ({sum(map(len, reasons.values()))})")
    for why, about in reasons.items():
        page.hang(untrusted(why, limit=400), first=page.plain("  • "), rest=4)
        for word, accepted in (("accepted", True), ("refused", False)):
            names = [untrusted(case.id) for case in about if case.accepted is accepted]
            if names:
                page.hang(f"{_WORDS[word].in_(lang)}{colon(lang)}{', '.join(names)}", first=4, rest=6)


def _against(page: Page, case: ComparedCase) -> None:
    for text in case.against[:5]:
        page.hang(untrusted(text, limit=300), first=4, rest=6)
