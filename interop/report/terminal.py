"""The matrix on a terminal: the grid, the legend, the reasons behind most cells, what to do next. 80 columns and wider."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Styled

from interop.matrix.inputs import MODELLED
from interop.model.matrix import Cluster, Direction, Matrix
from interop.model.outcome import CELL_TEXT, CellVerdict, Conformity, Outcome
from interop.model.reasons import catalogue
from interop.model.remedy import RELYING, SIGNER
from interop.model.text import Lang
from interop.report.causes import Refusal, cause_text, look_text, refusals
from interop.report.digest import (
    cell_word,
    columns,
    conformity_counts,
    is_broken,
    legs,
    notable,
    opaque,
    promise_text,
    promises,
    troubles,
    unexpected,
    verdict_counts,
)
from interop.report.grid import BROKEN, print_grid
from interop.report.page import STYLE, Page
from interop.report.remedies import in_short
from interop.report.safe import untrusted
from interop.report.words import ACTORS, CONFORMITY, DISCLAIMER, WORDS, colon, instant, listed, stop

__all__ = ["STYLE", "print_matrix"]

_MOST_CELLS = 12
"""Cells, and pairs of them, that are listed by id below the grid."""
_MOST_NAMES = 3
"""Parties that are named for one place to look at."""
_MOST_CLUSTERS = 5
"""Clusters, and remedies, that are listed."""
_MOST_PARTIES = 6
"""Relying parties that are named for one answer to one leg."""


def print_matrix(matrix: Matrix, console: Console, lang: Lang = "en", *, top: int = 8) -> None:
    """Print it. Data only: goes to the console it is given, colour is that console's affair. `top` causes are shown."""
    page = Page(console, lang)
    page.hang(Styled(_title(matrix, lang), style="bold"), rest=2)
    page.blank()
    print_grid(matrix, page)
    page.blank()
    _print_key(matrix, page)
    if not matrix.header.complete:
        page.hang(Styled(WORDS["partial_run"].in_(lang), style="bold yellow"), rest=2)
    _print_unexpected(matrix, page, top)
    _print_causes(matrix, page, top)
    _print_clusters(matrix, page)
    _print_remedies(matrix, page)
    _print_troubles(matrix, page, top)
    _print_promises(matrix, page)
    _print_asymmetries(matrix, page)
    _print_legs(matrix, page)
    _print_opaque(matrix, page)
    page.blank()
    cell_id = notable(matrix)
    if cell_id is not None:
        page.hang(f"{WORDS['next'].in_(lang)}{colon(lang)}interop explain {untrusted(cell_id)}", rest=2)
    page.hang(Styled(f"{WORDS['diagonal'].in_(lang)}{stop(lang)}{DISCLAIMER.in_(lang)}", style="dim"), rest=2)


def _title(matrix: Matrix, lang: Lang) -> str:
    return (
        WORDS["title"].in_(lang)
        + colon(lang)
        + listed(
            (
                f"{len(matrix.cells)} {WORDS['cells'].in_(lang)}",
                f"{len(matrix.tables.cases)} {WORDS['vectors'].in_(lang)}",
                f"{WORDS['set'].in_(lang)} {untrusted(matrix.set)}",
                f"{WORDS['signed'].in_(lang)} {instant(matrix.instants.signing)}",
                f"{WORDS['judged'].in_(lang)} {instant(matrix.instants.validation)}",
            ),
            lang,
        )
    )


def _print_key(matrix: Matrix, page: Page) -> None:
    """What the marks mean, with how many cells have them, and who speaks where no profile does."""
    page.flow(
        [
            page.verdict(verdict).append(f" {CELL_TEXT[verdict].in_(page.lang)} {count}")
            for verdict, count in verdict_counts(matrix).items()
        ],
        gap="   ",
    )
    if any(is_broken(cell) for cell in matrix.cells.values()):
        page.hang(Styled(f"{BROKEN} {WORDS['mark'].in_(page.lang)}", style="dim"), rest=2)
    asked = set(columns(matrix))
    for party in matrix.tables.parties:
        if party.engine != MODELLED and party.id in asked:
            said = f"{untrusted(party.id)}: {untrusted(party.engine)} {WORDS['speaks'].in_(page.lang)}"
            page.hang(Styled(said, style="dim"), rest=2)


def _more(page: Page, hidden: int) -> None:
    if hidden > 0:
        page.hang(Styled(WORDS["and_more"].in_(page.lang).format(count=hidden), style="dim"), first=4)


def _print_unexpected(matrix: Matrix, page: Page, top: int) -> None:
    found = unexpected(matrix)
    if not found:
        return
    count = sum(len(case.ids) for case in found)
    page.title(f"{WORDS['unexpected'].in_(page.lang)}{colon(page.lang)}{count}")
    grave = {Outcome.FAIL, Outcome.ERROR}
    page.rows(
        [
            (Styled(case.outcome.value, style="red" if case.outcome in grave else "yellow"), _some(case.ids, 1))
            for case in found[:top]
        ],
        indent=2,
    )
    _more(page, len(found) - top)


def _print_causes(matrix: Matrix, page: Page, top: int) -> None:
    found = refusals(matrix)
    if not found:
        return
    page.title(WORDS["why"].in_(page.lang))
    width = max(len(str(len(refusal.cells))) for refusal in found)
    for refusal in found[:top]:
        page.hang(_cause(refusal, page.lang), first=f"  {len(refusal.cells):>{width}}  ", rest=width + 4)
        if refusal.looks:
            look = untrusted(look_text(refusal.looks, page.lang, most=_MOST_NAMES), limit=400)
            page.hang(f"{WORDS['look'].in_(page.lang)}{colon(page.lang)}{look}", first=width + 4, rest=width + 6)
        entry = catalogue().get(refusal.code)
        if entry is not None and entry.remedy is not None:
            who = listed((ACTORS[actor].in_(page.lang) for actor in entry.actors), page.lang)
            said = Styled(f"{who}{colon(page.lang)}{entry.remedy.in_(page.lang)}", style="dim")
            page.hang(said, first=width + 4, rest=width + 6)
    _more(page, len(found) - top)


def _cause(refusal: Refusal, lang: Lang) -> Styled:
    text = Styled(untrusted(refusal.code, limit=80), style="bold")
    if refusal.text.en != refusal.code:  # a code of a real relying party says nothing more
        text.append(f"  {untrusted(refusal.text.in_(lang))}", style="not bold")
    return text.append(f"  ({_some(refusal.cells, 1)})", style="dim not bold")


def _print_clusters(matrix: Matrix, page: Page) -> None:
    """Which reasons stand together: to remove the first one alone helps nobody where others stand behind it."""
    found = matrix.clusters
    if not found:
        return
    page.title(WORDS["together"].in_(page.lang))
    width = max(len(str(len(cluster.cells))) for cluster in found)
    for cluster in found[:_MOST_CLUSTERS]:
        page.hang(_together(cluster, page.lang), first=f"  {len(cluster.cells):>{width}}  ", rest=width + 4)
    _more(page, len(found) - _MOST_CLUSTERS)


def _print_remedies(matrix: Matrix, page: Page) -> None:
    """What would turn most cells, where that was looked for."""
    found = matrix.remedies
    if not found:
        return
    page.title(WORDS["turning"].in_(page.lang).format(signer=SIGNER, relying=RELYING))
    width = max(len(str(len(remedy.cells))) for remedy in found)
    for remedy in found[:_MOST_CLUSTERS]:
        said = Styled(untrusted(in_short(remedy, page.lang), limit=400))
        said.append(f"  ({_some(list(remedy.cells), 1)})", style="dim")
        page.hang(said, first=f"  {len(remedy.cells):>{width}}  ", rest=width + 4)
    _more(page, len(found) - _MOST_CLUSTERS)
    page.hang(Styled(f"{WORDS['all_remedies'].in_(page.lang)}{colon(page.lang)}interop remedy", style="dim"), first=4)


def _together(cluster: Cluster, lang: Lang) -> Styled:
    text = Styled(untrusted(cause_text(cluster, lang, short=True), limit=400))
    return text.append(f"  ({_some(list(cluster.cells), 1)})", style="dim")


def _print_asymmetries(matrix: Matrix, page: Page) -> None:
    """Pairs in which one direction fares better than the other."""
    found = matrix.asymmetries
    if not found:
        return

    def direction(told: Direction) -> Styled:
        word = untrusted(cell_word(matrix, told.cell, page.lang), limit=20)
        return page.verdict(told.verdict).append(f" {word}" if word else "")

    page.title(f"{WORDS['one_way'].in_(page.lang)}{colon(page.lang)}{len(found)}")
    page.rows(
        [
            (
                untrusted(pair.there.cell),
                direction(pair.there),
                Styled(f"{WORDS['back'].in_(page.lang)} ").append_text(direction(pair.back)),
                Styled(promise_text(pair, page.lang), style="dim"),
            )
            for pair in found[:_MOST_CELLS]
        ],
        indent=2,
    )
    _more(page, len(found) - _MOST_CELLS)


def _some(cells: Sequence[str], count: int) -> str:
    return ", ".join(map(untrusted, cells[:count])) + (f", +{len(cells) - count}" if len(cells) > count else "")


def _print_troubles(matrix: Matrix, page: Page, top: int) -> None:
    found = troubles(matrix)
    if not found:
        return
    page.title(WORDS["trouble"].in_(page.lang))
    for trouble in found[:top]:
        page.hang(f"{untrusted(trouble.note, limit=300)}  ({_some(trouble.cells, 1)})", first=2, rest=4)
    _more(page, len(found) - top)


def _print_promises(matrix: Matrix, page: Page) -> None:
    counts = conformity_counts(matrix)
    if set(counts) - {Conformity.NO_PROMISE}:
        page.blank()
        said = [f"{CONFORMITY[word].in_(page.lang)} {count}" for word, count in counts.items()]
        lead = Styled(f"{WORDS['conformity'].in_(page.lang)}{colon(page.lang)}", style="bold")
        page.flow(said, lead=lead, gap="   ")
    for conformity, word, style in (
        (Conformity.BELOW_PROMISE, "promised", "bold"),
        (Conformity.ABOVE_PROMISE, "unpromised", STYLE[CellVerdict.OVER_RECOGNISED]),
    ):
        cells = promises(matrix, conformity)
        if not cells:
            continue
        page.blank()
        shown = [untrusted(cell) for cell in cells[:_MOST_CELLS]]
        if len(cells) > _MOST_CELLS:
            shown.append(WORDS["and_more"].in_(page.lang).format(count=len(cells) - _MOST_CELLS))
        lead = Styled(f"{WORDS[word].in_(page.lang)}{colon(page.lang)}", style=style)
        page.flow([*(f"{cell}," for cell in shown[:-1]), shown[-1]], lead=lead, gap=" ")


def _print_legs(matrix: Matrix, page: Page) -> None:
    """Who relies on which of two signatures: one line for each answer to each leg."""
    found = legs(matrix)
    if not found:
        return
    page.title(WORDS["legs"].in_(page.lang))
    rows: list[tuple[Styled | str, str, str]] = []
    for leg in found:
        named: Styled | str = Styled(untrusted(leg.group), style="bold")
        for word, parties in (("accepted_by", leg.accepted), ("refused_by", leg.refused)):
            if parties:
                rows.append(
                    (
                        named,
                        untrusted(leg.leg),
                        WORDS[word].in_(page.lang).format(parties=_some(parties, _MOST_PARTIES)),
                    )
                )
                named = ""
    page.rows(rows, indent=2)


def _print_opaque(matrix: Matrix, page: Page) -> None:
    found = opaque(matrix)
    if not found:
        return
    page.title(WORDS["opaque"].in_(page.lang))
    entries = [f"{untrusted(entry.identity)} ({entry.vectors})" for entry in found]
    page.flow([*(f"{entry}," for entry in entries[:-1]), entries[-1]], indent=2, gap=" ")
