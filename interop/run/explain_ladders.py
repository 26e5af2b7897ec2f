"""Ladders of one page: what blocks several vectors alike is told once, and each later ladder by its difference from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interop.model.ids import CellId
from interop.model.layers import LAYERS, Layer, LayerState
from interop.model.profile import Provider
from interop.model.reasons import is_finding
from interop.model.text import Text
from interop.report.details import CertificateName, gathered
from interop.report.story import ToldCause, ToldLadder
from interop.run.explain_point import leg_note, opaque_note
from interop.run.explain_rows import Row

__all__ = ["Ladders", "blocked_by"]

_CONTROL = Text(en="the control: the same recipe without the mutation", zh="对照用例：同一配方，未作改动")

_WORST = (
    LayerState.FAIL,
    LayerState.INDETERMINATE,
    LayerState.UNSUPPORTED,
    LayerState.NOT_EVALUATED,
    LayerState.PASS,
    LayerState.NOT_APPLICABLE,
)
"""A group is blocked where one of its cases is."""


def blocked_by(unit: Sequence[Row]) -> tuple[object, ...]:
    """What groups that are told together have in common: the reasons that block, by layer and code, and what promises it."""
    verdicts = [row.verdict for row in unit if row.verdict is not None]
    reasons = {
        (layer.layer, cause.code)
        for verdict in verdicts
        for layer in verdict.layers
        if layer.blocks
        for cause in layer.causes
        if not is_finding(cause.code)
    }
    trouble = tuple((row.judgement.error, row.judgement.findings) for row in unit if row.verdict is None)
    promised = frozenset((verdict.promised, verdict.agreement) for verdict in verdicts)
    return (frozenset(reasons), trouble, promised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """What all ladders of the page need to be told."""

    asked: CellId
    relying: Provider
    names: Mapping[str, CertificateName]
    """How people call the certificates that details name."""

    def told(self, groups: Sequence[Sequence[Row]]) -> tuple[ToldLadder, ...]:
        """One ladder for each group of rows that are blocked alike, in their order."""
        full = [self._ladder(group) for group in groups]
        if self.asked.case is not None:
            return tuple(full)
        return (full[0], *(_beside(full[0], ladder) for ladder in full[1:]))

    def _ladder(self, group: Sequence[Row]) -> ToldLadder:
        first, case = group[0], self.asked.case
        verdict = first.verdict
        names = dict.fromkeys(
            row.spec.group if case is None else f"{row.spec.group}/{row.spec.case.id}" for row in group
        )
        notes = (
            _CONTROL if case is not None and first.spec.case.id != case else None,
            opaque_note(first) if first.opaque else None,
            leg_note(first, self.relying),
        )
        if verdict is None:
            found = _found(first.judgement.findings)
            return ToldLadder(groups=tuple(names), states=(), causes=found, error=first.judgement.error)
        verdicts = [row.verdict for row in group if row.verdict is not None]
        return ToldLadder(
            groups=tuple(names),
            states=tuple(
                (layer, min((one.layer(layer).state for one in verdicts), key=_WORST.index)) for layer in LAYERS
            ),
            causes=self._causes(group),
            accepted=all(one.accepted for one in verdicts),
            notes=tuple(note for note in notes if note is not None),
        )

    def _causes(self, group: Sequence[Row]) -> tuple[ToldCause, ...]:
        details: dict[tuple[Layer, str, bool], list[str]] = {}
        cases: dict[tuple[Layer, str, bool], dict[str, None]] = {}
        for row in group:
            for layer in () if row.verdict is None else row.verdict.layers:
                if row.opaque and layer.state is not LayerState.UNSUPPORTED:
                    continue  # follows from what nobody can verify
                for cause in layer.causes:
                    finding = is_finding(cause.code)
                    if finding and layer.layer is Layer.ASSURANCE:
                        continue  # told with the level
                    if layer.blocks or finding:
                        key = (layer.layer, cause.code, not finding)
                        details.setdefault(key, []).append(cause.detail)
                        cases.setdefault(key, {})[row.spec.case.id] = None
        every = {row.spec.case.id for row in group}
        return tuple(
            ToldCause(
                layer=layer,
                code=code,
                details=gathered(found, self.names),
                blocks=blocks,
                cases=tuple(cases[layer, code, blocks]) if len(cases[layer, code, blocks]) < len(every) else (),
            )
            for (layer, code, blocks), found in sorted(details.items(), key=lambda item: LAYERS.index(item[0][0]))
        )


def _beside(first: ToldLadder, other: ToldLadder) -> ToldLadder:
    """A later ladder by its difference, where it has one that is shorter than itself."""
    here, there = ({cause.code for cause in one.causes if cause.blocks} for one in (other, first))
    if other.error is not None or not here & there or len(here ^ there) >= len(here):
        return other
    told = {cause.code for cause in first.causes}
    return replace(
        other,
        causes=tuple(cause for cause in other.causes if cause.code not in told),
        gone=tuple(cause.code for cause in first.causes if cause.blocks and cause.code not in here),
        as_first=True,
    )


def _found(codes: Sequence[str]) -> tuple[ToldCause, ...]:
    """What stands in the place of a verdict where there is no signature to judge."""
    return tuple(
        ToldCause(layer=Layer(code.split(".", 1)[0]), code=code, blocks=not is_finding(code)) for code in codes
    )
