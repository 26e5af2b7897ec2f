"""The smallest sets of changes that turn a blocked cell, who must act, and what it takes.

Pure: what a set of changes does to a cell is asked of a function that the caller hands in, which judges again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from interop.matrix.refused import Option
from interop.model.change import SIGNING_CHANGES, Change, ChangeKind, Cost
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict
from interop.model.reasons import Actor
from interop.model.remedy import RELYING, SIGNER, Remedy

__all__ = ["Found", "Trial", "Try", "actors_of", "cost_of", "gathered", "only", "smallest", "turned", "with_remedies"]

MOST_TRIALS = 160
"""Working sets that are looked for in one cell; far more than any shipped cell has combinations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a cell is under some changes."""

    verdict: CellVerdict
    accepted: int
    """Groups accepted."""


Try = Callable[[Option], Trial | None]
"""What the cell becomes; None where the changes cannot be made."""

Found = Mapping[str, tuple[tuple[Option, Trial], ...]]
"""Cell -> the smallest sets of changes that turn it, best first, and what it becomes."""

_GOOD = frozenset({CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED, CellVerdict.PARTIAL})


def turned(before: Trial, after: Trial | None) -> bool:
    """Whether the cell is better off: recognised, at least in part, with more groups accepted than before and none without a promise."""
    return after is not None and after.verdict in _GOOD and after.accepted > before.accepted


def actors_of(change: Change) -> tuple[Actor, ...]:
    """Who must act, all of them."""
    if change.kind is ChangeKind.RECOGNISE:
        return (Actor.REGULATOR, Actor.RELYING_PARTY)
    if change.kind in {ChangeKind.ENABLE, ChangeKind.ENACT}:
        return (Actor.REGULATOR,)
    if change.kind is ChangeKind.REISSUE:
        return (Actor.SIGNING_CA,)
    return (Actor.SIGNER,) if change.kind in SIGNING_CHANGES else (Actor.RELYING_PARTY,)


def cost_of(change: Change) -> Cost:
    """What it takes."""
    if change.kind in {ChangeKind.RECOGNISE, ChangeKind.ENABLE, ChangeKind.ENACT}:
        return Cost.LEGAL
    if change.kind is ChangeKind.REISSUE:
        return Cost.REISSUE
    if change.kind in SIGNING_CHANGES:
        return Cost.SIGNING
    software = change.kind is ChangeKind.ALLOW or change.path == "formats.accept"
    return Cost.SOFTWARE if software else Cost.CONFIGURATION


def smallest(
    before: Trial, groups: Iterable[Sequence[Sequence[Option]]], attempt: Try, *, most: int = 3
) -> tuple[tuple[Option, Trial], ...]:
    """The smallest sets of changes that turn a cell, at most `most`, smallest first, cheapest first among equals.

    `groups` are the `options` of its refused groups. Of every set given here no change can be left out: that was tried.
    """
    found: dict[Option, Trial] = {}
    wholes = {frozenset().union(*combination) for ways in groups for combination in product(*ways)}
    for whole in sorted(wholes, key=_weight)[:MOST_TRIALS]:
        if any(known <= whole for known in found):
            continue
        kinds = {_kind(changes) for changes in found}
        if len(kinds) >= most and _weight(whole)[0] > min(_weight(changes)[0] for changes in found) + 1:
            break
        if turned(before, attempt(whole)):
            least, trial = _reduced(before, whole, attempt)
            found.setdefault(least, trial)
    ranked = sorted(found.items(), key=lambda item: (*_weight(item[0])[:2], -item[1].accepted, *_weight(item[0])[2:]))
    return _varied(ranked, most)


def _weight(changes: Option) -> tuple[int, int, int, tuple[str, ...]]:
    """Acts, then the dearest of them, then single changes, then the text, so that the order is one and the same."""
    acts = {(change.kind, change.subject) for change in changes}
    costs = list(Cost)
    dearest = max((costs.index(cost_of(change)) for change in changes), default=0)
    return len(acts), dearest, len(changes), tuple(sorted(map(str, changes)))


def _reduced(before: Trial, whole: Option, attempt: Try) -> tuple[Option, Trial]:
    """A subset that still turns the cell and loses that with any change left out. Dear changes are left out first."""
    kept = whole
    again = True
    while again:
        again = False
        for change in sorted(kept, key=lambda c: (-list(Cost).index(cost_of(c)), str(c))):
            less = kept - {change}
            if less and turned(before, attempt(less)):
                kept, again = less, True
    trial = attempt(kept)
    if trial is None:  # pragma: no cover - it turned the cell a moment ago
        raise AssertionError(kept)
    return kept, trial


def _varied(ranked: Sequence[tuple[Option, Trial]], most: int) -> tuple[tuple[Option, Trial], ...]:
    """The best of each kind of set: those that differ in nothing but a name (of a format, a policy) are one kind. The last place is
    kept for the best one of another side, where all others ask the same to act."""
    kinds: dict[object, tuple[Option, Trial]] = {}
    for item in ranked:
        kinds.setdefault(_kind(item[0]), item)
    different = list(kinds.values())
    chosen = different[:most]
    sides = {_side(changes) for changes, _ in chosen}
    other = next((item for item in different[most:] if _side(item[0]) not in sides), None)
    if other is not None and len(sides) == 1:
        chosen[-1] = other
    return tuple(chosen)


def _kind(changes: Option) -> frozenset[tuple[str, str]]:
    return frozenset((change.kind.value, change.path.rpartition(".")[2]) for change in changes)


def _side(changes: Option) -> frozenset[Actor]:
    return frozenset(actor for change in changes for actor in actors_of(change))


def with_remedies(matrix: Matrix, found: Found) -> Matrix:
    """The matrix with the remedies of its cells; a cell for which none were looked for keeps its None."""
    remedies = gathered(found)
    place = {remedy.changes: index for index, remedy in enumerate(remedies)}
    cells = {
        name: replace(cell, remedies=tuple(place[_written(name, changes)] for changes, _ in found[name]))
        if name in found
        else cell
        for name, cell in matrix.cells.items()
    }
    return replace(matrix, cells=cells, remedies=remedies)


def only(matrix: Matrix, keep: Callable[[Remedy], bool]) -> Matrix:
    """The matrix with some of its remedies."""
    kept = [index for index, remedy in enumerate(matrix.remedies) if keep(remedy)]
    place = {index: new for new, index in enumerate(kept)}
    cells = {
        name: replace(cell, remedies=tuple(place[index] for index in cell.remedies if index in place))
        if cell.remedies
        else cell
        for name, cell in matrix.cells.items()
    }
    return replace(matrix, cells=cells, remedies=tuple(matrix.remedies[index] for index in kept))


def gathered(found: Found) -> tuple[Remedy, ...]:
    """Remedies that are the same but for the parties of the cell, together; those that turn most cells first."""
    cells: dict[tuple[str, ...], dict[str, CellVerdict]] = {}
    sample: dict[tuple[str, ...], Option] = {}
    for name, remedies in found.items():
        for changes, trial in remedies:
            key = _written(name, changes)
            cells.setdefault(key, {})[name] = trial.verdict
            sample.setdefault(key, changes)
    ranked = sorted(cells, key=lambda key: (-len(cells[key]), len(key), key))
    return tuple(
        Remedy(
            changes=key,
            actors=tuple(dict.fromkeys(actor for change in sorted(sample[key]) for actor in actors_of(change))),
            cost=max((cost_of(change) for change in sample[key]), key=list(Cost).index),
            cells=dict(sorted(cells[key].items())),
        )
        for key in ranked
    )


def _written(cell: str, changes: Option) -> tuple[str, ...]:
    """The changes as options, with the words of `interop.model.remedy` in place of the two parties."""
    signer, _, relying = cell.partition(":")
    names = {relying: RELYING, signer: SIGNER}

    def put(text: str) -> str:
        head = text.partition(":")[0].partition(".")[0]
        return f"{names[head]}{text[len(head) :]}" if head in names else text

    put_in = (
        replace(change, subject=put(change.subject), value=change.value if change.path else put(change.value))
        for change in changes
    )
    return tuple(sorted(map(str, put_in)))
