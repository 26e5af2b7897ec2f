"""Plain values for the matrix: vectors, cases, judgements and parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from interop.matrix.inputs import MatrixInput, Measurement, Party, SignerIdentity, Vector
from interop.model.assurance import AssuranceLevel
from interop.model.case import Case, Expect, Expectation, Mutation
from interop.model.formats import DocumentKind, Format, Level
from interop.model.indication import Indication
from interop.model.layers import LAYERS, TECHNICAL, Cause, Layer, LayerResult, LayerState
from interop.model.matrix import Instants, RunHeader
from interop.model.text import Text
from interop.model.verdict import Judgement, LevelOutcome, Verdict

AT = datetime(2026, 3, 2, tzinfo=UTC)
L = AssuranceLevel
STATES = {state.value: state for state in LayerState}


def case(
    id_: str,
    expect: Expect = Expect.ACCEPT,
    *,
    layer: Layer | None = None,
    reasons: tuple[str, ...] = (),
    control: str | None = None,
    required: bool = True,
    mutated: bool | None = None,
) -> Case:
    negative = expect is Expect.REJECT if mutated is None else mutated
    return Case(
        id=id_,
        family="pdf",
        document=DocumentKind.CONTRACT,
        formats=(Format.PADES,),
        level=Level.B_B,
        mutation=Mutation(name="byte-changed") if negative else None,
        control=control,
        expectation=Expectation(expect=expect, layer=layer, reasons=reasons, clause="test"),
        story=Text(en="story", zh="故事"),
        required=required,
    )


CONTRACT = case("contract")
INVOICE = case("invoice")
TAMPERED = case(
    "tampered", Expect.REJECT, layer=Layer.INTEGRITY, reasons=("integrity.digest-mismatch",), control="contract"
)
REVOKED = case("revoked", Expect.REJECT, layer=Layer.REVOCATION, reasons=("revocation.revoked",), control="contract")
CASES = {c.id: c for c in (CONTRACT, INVOICE, TAMPERED, REVOKED)}


def layers(
    blocked: Mapping[Layer, tuple[LayerState, tuple[str, ...]]] | None = None, *, promised: bool = True
) -> tuple[LayerResult, ...]:
    blocked = dict(blocked or {})
    if not promised:
        blocked.setdefault(Layer.AGREEMENT, (LayerState.FAIL, ("agreement.no-instrument",)))
    return tuple(
        LayerResult(layer=layer, state=blocked[layer][0], causes=tuple(Cause(code=c) for c in blocked[layer][1]))
        if layer in blocked
        else LayerResult(layer=layer, state=LayerState.PASS)
        for layer in LAYERS
    )


def said(
    relying: str = "north",
    *,
    fails: Mapping[Layer, tuple[str, ...]] | None = None,
    states: Mapping[Layer, LayerState] | None = None,
    promised: bool = True,
    attained: AssuranceLevel = L.L3,
    findings: tuple[str, ...] = (),
    proven: bool = False,
) -> Judgement:
    """What the judge says of one vector: the layers in `fails` fail for those reasons, those in `states` have that state."""
    blocked = {layer: (LayerState.FAIL, codes) for layer, codes in (fails or {}).items()}
    blocked |= {layer: (state, (f"{layer.value}.some",)) for layer, state in (states or {}).items()}
    results = layers(blocked, promised=promised)
    refused = any(r.blocks for r in results if r.layer in TECHNICAL or r.layer in (Layer.TRUST, Layer.ASSURANCE))
    verdict = Verdict(
        signature="s0",
        layers=results,
        indication=Indication.INDETERMINATE if refused else Indication.TOTAL_PASSED,
        sub_indication=None,
        accepted=not refused,
        promised=promised,
        agreement="home" if promised else None,
        level=LevelOutcome(claimed=L.L3, attained=attained, required=L.L2),
        signer=None,
        provider="north",
        identity="person",
        best_time=AT,
        proven=proven,
    )
    return Judgement(relying=relying, verdicts=(verdict,), counts=0, reason="only", findings=findings)


def broken(what: str = "crashed") -> Judgement:
    return Judgement(relying="north", verdicts=(), counts=None, error=what)


def lacking(capability: str = "sm2") -> Judgement:
    return Judgement(relying="north", verdicts=(), counts=None, unsupported=capability)


def unsigned(*codes: str) -> Judgement:
    return Judgement(relying="north", verdicts=(), counts=None, findings=codes)


def vector(case_id: str, *, signer: str = "north", identity: str = "person", level: Level = Level.B_B) -> Vector:
    return Vector(signer=signer, identity=identity, format=Format.PADES, level=level, case=case_id)


def party(id_: str, *, engine: str = "modelled", capabilities: Iterable[str] = ()) -> Party:
    return Party(
        id=id_,
        name=Text(en=id_, zh=id_),
        jurisdiction="ZZ",
        floor=L.L2,
        engine=engine,
        capabilities=frozenset(capabilities),
    )


HEADER = RunHeader(tool="interop@0", libraries={}, engine="embedded", inputs={})


def given_input(
    measured: Mapping[tuple[str, str, str], tuple[Judgement, ...] | Judgement],
    *,
    parties: tuple[Party, ...] = (party("north"), party("south")),
    cases: Mapping[str, Case] = CASES,
    identities: tuple[SignerIdentity, ...] = (
        SignerIdentity(provider="north", id="person", level=L.L3),
        SignerIdentity(provider="south", id="person", level=L.L3),
    ),
    extra: tuple[Vector, ...] = (),
    header: RunHeader = HEADER,
) -> MatrixInput:
    """`measured`: (signer, relying, case) -> answers."""
    records = tuple(
        Measurement(
            vector=vector(case_id, signer=signer),
            relying=relying,
            answers=answers if isinstance(answers, tuple) else (answers,),
        )
        for (signer, relying, case_id), answers in measured.items()
    )
    return MatrixInput(
        set="core",
        instants=Instants(signing="2026-03-01T00:00:00Z", validation="2026-03-02T00:00:00Z"),
        header=header,
        parties=parties,
        signers=tuple(sorted(p.id for p in parties)),
        relying=tuple(sorted(p.id for p in parties)),
        identities=identities,
        cases=cases,
        vectors=tuple({record.vector for record in records} | set(extra)),
        measurements=records,
    )
