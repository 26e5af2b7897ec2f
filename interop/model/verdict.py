"""What a relying party makes of the facts: the ladder answered, the conclusion, and the span over which it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from interop.model.assurance import AssuranceLevel, CapAxis
from interop.model.certificate import ObjectId
from interop.model.indication import Indication, SubIndication
from interop.model.instant import ALWAYS, Interval
from interop.model.knowledge import Knowledge
from interop.model.layers import BLOCKING, LAYERS, Layer, LayerResult, LayerState
from interop.model.rules import RelyingRules
from interop.model.suite import Suite

__all__ = [
    "Home",
    "HomeIdentity",
    "Judgement",
    "LevelOutcome",
    "Path",
    "Technical",
    "TechnicalContext",
    "Verdict",
    "not_evaluated",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeIdentity:
    """How a signing certificate is recognised as one of a provider's identities."""

    provider: str
    """Provider id."""
    identity: str
    """Id of the identity in that provider's profile."""
    issuer: ObjectId
    """Certificate that issues it."""
    certificate: ObjectId
    """The identity's own certificate; a match by id wins over one by shape."""
    policies: frozenset[str]
    """Policy OIDs that it asserts."""
    key_kind: str
    """Kind of its key in the algorithm table: `RSA`, `EC`, `SM2`, ..."""
    certificate_type: str
    """Type name as lists use it."""
    person: str
    """`natural`, `legal`, `mixed`."""
    level: AssuranceLevel
    """Level claimed: the home assurance level."""
    time_stamp_required: bool = False
    """The home law asks for a proven time for the full effect: without it no more than L3 is attained."""
    limit: CapAxis | None = None
    """What its own vector lacks for a level above its own (`recognition.assurance.limiting_axis`); None at L4, or where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Home anchors: whose they are, and which identities stand below them."""

    anchors: Mapping[ObjectId, str]
    """Anchor certificate -> provider id (or the name of the file that `--trust` gave)."""
    identities: tuple[HomeIdentity, ...] = ()
    """Identities of the providers we know."""
    responders: frozenset[ObjectId] = frozenset()
    """OCSP signing authorities named by whoever asks, for the certificates of any CA (RFC 6960 section 4.2.2.2, local configuration)."""
    crossing: frozenset[ObjectId] = frozenset()
    """Cross-certificates between providers: nobody's path home goes through one, or a signer would be at home where it is recognised."""
    trusted_until: Mapping[ObjectId, datetime] = field(default_factory=dict)
    """Anchors that ceased to be trusted, and from when on (EN 319 102-1 section 5.2.6: what was signed before still ends at a trusted
    anchor, where the time is proven)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A certification path, signer first, anchor last."""

    certificates: tuple[ObjectId, ...]
    """Ids, signer first, anchor last."""

    @property
    def anchor(self) -> ObjectId:
        """Where it ends."""
        return self.certificates[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalContext:
    """Everything besides the facts that the technical layers depend on."""

    knowledge: Knowledge
    """Parsed objects, verified edges, status evidence."""
    home: Home
    """Home anchors and identities."""
    rules: RelyingRules
    """The rules under which it is judged."""
    suites: tuple[Suite, ...]
    """The suites that the rules name, resolved."""
    at: datetime
    """Validation time."""
    agreement_providers: frozenset[str] = frozenset()
    """Providers among the entries of the agreements that the rules load: whose time-stamps count where `rules.time.tsa` says
    `agreements`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Technical:
    """Layers `container` to `time` of one signature, and what recognition needs to know of them."""

    signature: str
    """Id of the signature."""
    layers: tuple[LayerResult, ...]
    """The nine technical layers, in order."""
    indication: Indication
    """Main indication (EN 319 102-1)."""
    sub_indication: SubIndication | None
    """Why it does not pass; None where it does."""
    signer: ObjectId | None
    """The signing certificate."""
    path: Path | None
    """The best path to a home anchor; None without."""
    provider: str | None
    """Whose anchor it ends at."""
    identity: HomeIdentity | None
    """The provider's identity that the signing certificate is."""
    best_time: datetime
    """Best signature time: the earliest proof of existence, else the validation time."""
    proven: bool
    """Whether `best_time` rests on a proof."""
    level: str | None
    """Signature level found (`B-B` ...)."""
    holds: Interval = ALWAYS
    """Over which validation times all of it stays the same."""

    @property
    def passed(self) -> bool:
        """Every technical layer passes (or does not apply)."""
        return BLOCKING.isdisjoint([layer.state for layer in self.layers])


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelOutcome:
    """Assurance in one cell."""

    claimed: AssuranceLevel | None
    """Home level of the identity; None where the home is unknown."""
    attained: AssuranceLevel
    """The least of what the signer has and what instrument and relying party allow."""
    required: AssuranceLevel
    """The relying party's floor."""
    capped_by: str = ""
    """Whose rule caps it: `signer` (its own home level), `no-instrument`, `agreement:<id>`, `relying-party`; empty: nothing does, it is
    L4."""
    axis: CapAxis | None = None
    """On which axis it is capped; None where nothing caps, or nothing was verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One signature, one relying party."""

    signature: str
    """Id of the signature."""
    layers: tuple[LayerResult, ...]
    """All twelve, in order."""
    indication: Indication
    """Main indication (EN 319 102-1) over all layers that ETSI knows."""
    sub_indication: SubIndication | None
    """Why it does not pass; None where it does."""
    accepted: bool
    """Technical layers pass, trust passes, the attained level reaches the floor."""
    promised: bool
    """The agreement layer passes."""
    agreement: str | None
    """Id of the instrument that promises it."""
    level: LevelOutcome
    """Assurance claimed, attained and required."""
    signer: ObjectId | None
    """The signing certificate; None where none was found."""
    provider: str | None
    """Whose home anchor the path ends at; None where the home is unknown."""
    identity: str | None
    """The provider's identity that the signing certificate is."""
    best_time: datetime
    """Earliest proof of existence, else the validation time."""
    proven: bool = False
    """`best_time` is what a time-stamp proves that counts for this relying party."""
    signature_level: str | None = None
    """Signature level found, `B-B` to `B-LTA`; None where the format knows no such thing."""
    holds: Interval = ALWAYS
    """Over which validation times all of it stays the same."""

    def layer(self, layer: Layer) -> LayerResult:
        """The answer to one question."""
        return self.layers[LAYERS.index(layer)]

    @property
    def blocks(self) -> tuple[Layer, ...]:
        """All blocking layers, in order."""
        return tuple(result.layer for result in self.layers if result.blocks)

    @property
    def first_block(self) -> Layer | None:
        """The headline."""
        return next(iter(self.blocks), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One file, one relying party: the verdicts of its signatures and the one that counts."""

    relying: str
    """Provider whose relying party judges."""
    verdicts: tuple[Verdict, ...]
    """In the order of the signatures; empty: no signature found, or an error."""
    counts: int | None
    """Index of the verdict that counts (the worst, or the leg relied upon); None without signatures."""
    reason: str = ""
    """Why that one counts: `only`, `worst`, `any`, `leg:<key kind>`."""
    leg: str | None = None
    """Where the signatures are alternatives (`any`, `leg:`): key kind of the one that counts; None where every one counts, or where
    its key kind is unknown."""
    error: str | None = None
    """The engine could not answer: what happened. Then there are no verdicts."""
    unsupported: str | None = None
    """A real relying party's engine says it lacks this capability."""
    findings: tuple[str, ...] = field(default=())
    """Codes of what blocks nothing, or of what keeps a file without signature from being read."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that counts."""
        return None if self.counts is None else self.verdicts[self.counts]


def not_evaluated(layer: Layer) -> LayerResult:
    """A layer that nobody answered (a black box reports none)."""
    return LayerResult(layer=layer, state=LayerState.NOT_EVALUATED)
