"""The layer `time`: which time-stamps count, the best signature time, and whether the relying party needs more.

A token counts when its imprint and value hold, its authority is bound to it and has a path to a home anchor, the extended
key usage is timeStamping, the certificate was valid when it stamped, and certificate and algorithms stand at the time
that counts for the token itself: the time of a later valid token that covers it, else the validation time (EN 319 102-1
sections 5.4 and 5.6). So an old token lives as long as its archive time-stamps follow each other. A token that does not
count is a finding; whether proof was needed is another question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from interop.model.certificate import Certificate, ObjectId
from interop.model.facts import SignatureFacts, TokenFacts
from interop.model.instant import ALWAYS, Interval, format_instant
from interop.model.layers import Cause
from interop.model.reasons import blocks
from interop.model.verdict import Path, TechnicalContext
from interop.validation.algorithm import algorithm_causes, certificate_uses, token_uses
from interop.validation.certificate import Identified, identify_signer
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment, widen
from interop.validation.path import anchor_ended, home_paths
from interop.validation.reading import Reading, Terms
from interop.validation.revocation import StatusSources, status_of
from interop.validation.rfc5280 import check_path, validity
from interop.validation.status_scope import Subject

__all__ = ["Proof", "find_proof"]

_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
_EKU = "2.5.29.37"
_PROVES = frozenset({"signature", "document", "archive"})
"""Kinds of tokens that show that a signature existed; a content time-stamp shows that it did not exist before."""
_LATER_REVOCATION_IS_HARMLESS = frozenset({"unspecified", "affiliationChanged", "superseded", "cessationOfOperation"})
"""RFC 3161 section 4 (1): with these reasons tokens made before the revocation stay valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the time-stamps of a file prove about one signature."""

    time: datetime | None
    """Best signature time; None: nothing proves one, the validation time counts."""
    existed: Mapping[ObjectId, datetime] = field(default_factory=dict)
    """Objects covered by valid tokens, with the earliest time proven."""
    causes: tuple[Cause, ...] = ()
    """Findings about tokens, and an order of time-stamps that cannot be (codes of the layer `time`)."""
    tokens: int = 0
    """Tokens over this signature that could have proven it."""
    holds: Interval = ALWAYS

    def moment(self, at: datetime) -> Moment:
        """The time that counts: the proven one, which stays where it is, else the validation time `at`."""
        return Moment(self.time or at, floating=self.time is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    lookup: Lookup
    terms: Terms
    moment: Moment
    in_file: frozenset[ObjectId]

    @property
    def context(self) -> TechnicalContext:
        return self.terms.context


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """A token and what it shows by itself, whoever relies."""

    token: TokenFacts
    problem: str
    """Why it does not count, in words for engineers; empty: nothing in the token itself speaks against it."""
    authority: Certificate | None
    """Whose certificate signed it; None only beside a problem."""


def find_proof(reading: Reading, terms: Terms) -> Proof:
    """Evaluate the tokens of a file for one signature at the validation time."""
    lookup, facts, signature = reading.lookup, reading.facts, reading.signature
    if not facts.tokens:
        return Proof(time=None)
    asked = _Asked(
        lookup=lookup,
        terms=terms,
        moment=Moment(terms.context.at),
        in_file=reading.status_answers,
    )
    tokens = reading.remember(
        "tokens", lambda: tuple(_shown(lookup, token) for token in sorted(facts.tokens, key=_newest_first))
    )
    causes: list[Cause] = []
    valid: list[TokenFacts] = []
    for shown in tokens:
        token = shown.token
        control = _control(token, valid, asked.moment)
        problem = _problem(asked, shown, control)
        if problem is None:
            valid.append(token)
            causes.extend(_loose(shown.authority))
        elif _is_over(token, signature):
            causes.append(replace(problem, detail=f"{token.kind} time-stamp: {problem.detail}"))
    over = [t for t in facts.tokens if t.kind in _PROVES and _is_over(t, signature)]
    good = [t for t in valid if t.kind in _PROVES and _is_over(t, signature) and t.time is not None]
    best = min((t.time for t in good if t.time is not None), default=None)
    causes.extend(_order(signature, valid, best))
    return Proof(
        time=best,
        existed=_existed(valid),
        causes=tuple(dict.fromkeys(causes)),
        tokens=len(over),
        holds=asked.moment.holds,
    )


def _newest_first(token: TokenFacts) -> tuple[float, str]:
    return (-token.time.timestamp() if token.time is not None else 0.0, token.id)


def _is_over(token: TokenFacts, signature: SignatureFacts) -> bool:
    """Whether the token was checked against this signature. The same token may stand beside several signatures, copied from
    the one it was made for: each place has its own facts, and that it stands here proves nothing (EN 319 102-1 section 5.4).
    A content time-stamp covers no signature by itself, only what the signature that holds it signs.
    """
    if token.kind == "content":
        return token.id in signature.tokens
    return signature.id in token.covers


def _control(token: TokenFacts, valid: list[TokenFacts], moment: Moment) -> Moment:
    """The time at which the token's own certificate and algorithms have to stand."""
    later = [
        other.time
        for other in valid
        if token.id in other.covers and other.time is not None and token.time is not None and other.time >= token.time
    ]
    return Moment(min(later), floating=False) if later else moment


def _existed(valid: list[TokenFacts]) -> dict[ObjectId, datetime]:
    earliest: dict[ObjectId, datetime] = {}
    for token in valid:
        for covered in token.covers if token.time is not None else ():
            known = earliest.get(ObjectId(covered))
            if token.time is not None and (known is None or token.time < known):
                earliest[ObjectId(covered)] = token.time
    return earliest


def _order(signature: SignatureFacts, valid: list[TokenFacts], best: datetime | None) -> list[Cause]:
    """EN 319 102-1 section 5.5.4: what is claimed or stamped before cannot be later than what proves existence."""
    if best is None:
        return []
    causes = [
        Cause(
            code="time.timestamp-order",
            detail=f"content time-stamp {format_instant(token.time)}, existence proven at {format_instant(best)}",
        )
        for token in valid
        if token.kind == "content" and _is_over(token, signature) and token.time is not None and token.time > best
    ]
    causes.extend(_earlier_than_covered(valid))
    if signature.claimed_time is not None and signature.claimed_time > best:
        causes.append(
            Cause(
                code="time.claimed-after-proof",
                detail=f"claimed {format_instant(signature.claimed_time)}, existence proven at {format_instant(best)}",
            )
        )
    return causes


def _earlier_than_covered(valid: list[TokenFacts]) -> list[Cause]:
    """A token over another one cannot be older. Between two clocks, only beyond the accuracy that the tokens state is it certain."""
    known = {token.id: token for token in valid}
    return [
        Cause(
            code="time.timestamp-order",
            detail=f"{outer.kind} time-stamp {format_instant(outer.time)} covers a {inner.kind} time-stamp of {format_instant(inner.time)}",
        )
        for outer in valid
        for covered in outer.covers
        if (inner := known.get(ObjectId(covered))) is not None
        and outer.time is not None
        and inner.time is not None
        and outer.time + _accuracy(outer) < inner.time - _accuracy(inner)
    ]


def _accuracy(token: TokenFacts) -> timedelta:
    """RFC 3161 section 2.4.2; unstated counts as none."""
    return timedelta(milliseconds=token.accuracy_ms or 0)


def _shown(lookup: Lookup, token: TokenFacts) -> _Token:
    """What rests on no rules and no time."""
    identified = identify_signer(token.bound_by, (), token.certificates)
    authority = None if identified.certificate is None else lookup.certificate(identified.certificate)
    return _Token(token=token, problem=_fault(token, identified, authority), authority=authority)


def _fault(token: TokenFacts, identified: Identified, authority: Certificate | None) -> str:
    if token.time is None:
        return "no time in it"
    if token.imprint.ok is not True:
        return "imprint does not match" if token.imprint.ok is False else f"imprint not computed ({token.why})"
    if token.value_ok is not True:
        return "signature does not verify" if token.value_ok is False else f"signature not computed ({token.why})"
    broken = next((finding for finding in token.findings if blocks(finding.code)), None)
    if broken is not None:
        return f"{broken.code} {broken.detail}".strip()
    blocking = next((cause for cause in identified.causes if blocks(cause.code)), None)
    if blocking is not None:
        return f"{blocking.code} {blocking.detail}"
    if authority is None:
        return "its certificate cannot be read"
    if not identified.by_attribute:
        return "no signing-certificate attribute (RFC 3161 section 2.4.2)"
    if _TIME_STAMPING not in (authority.extended_key_usage or ()):
        return f"{authority.subject.text} has no extended key usage timeStamping"
    return ""


def _problem(asked: _Asked, shown: _Token, control: Moment) -> Cause | None:
    """Why a token does not count; None: it counts."""
    token, signer = shown.token, shown.authority
    said = shown.problem
    if said or token.time is None or signer is None:
        return _invalid(said)
    if not asked.moment.reached(token.time):
        return _invalid(f"made at {format_instant(token.time)}, after the validation time")
    if token.time not in validity(signer):
        return _invalid(f"{signer.subject.text} was not valid when it stamped")
    problem, path = _path(asked, signer, control)
    if path is None:
        return _invalid(problem)
    said = _refused(asked, token, path, control) or _revoked(asked, token.time, path, control)
    if said:
        return _invalid(said)
    whose, accepted = asked.context.home.anchors[path.anchor], asked.terms.tsa
    if accepted is None or whose in accepted:
        return None
    names = ", ".join(sorted(accepted)) or "nobody"
    return Cause(code="time.tsa-not-accepted", detail=f"{signer.subject.text} of {whose}; accepted {names}")


def _invalid(what: str) -> Cause:
    """In words for engineers."""
    return Cause(code="time.timestamp-invalid", detail=what)


def _loose(signer: Certificate | None) -> list[Cause]:
    """RFC 3161 section 2.3: the extended key usage is critical and timeStamping alone."""
    if signer is None or (signer.critical(_EKU) and signer.extended_key_usage == (_TIME_STAMPING,)):
        return []
    return [Cause(code="time.tsa-key-usage-loose", detail=signer.subject.text)]


def _path(asked: _Asked, signer: Certificate, control: Moment) -> tuple[str, Path | None]:
    problem = f"no path from {signer.subject.text} to a home anchor"
    model = asked.context.rules.validity_model
    for path in home_paths(asked.lookup, signer.id, asked.terms.anchors, asked.context.home.crossing):
        check = check_path(asked.lookup, path, moment=control, model=model)
        ended = anchor_ended(path, asked.context.home, control)
        if check.ok and ended is None:
            return "", path
        if ended is not None:
            top = asked.lookup.certificate(path.anchor)
            name = path.anchor if top is None else top.subject.text
            problem = f"{name} is no longer trusted since {format_instant(ended)}"
            continue
        problem = f"{check.causes[0].code} {check.causes[0].detail}" if check.causes else check.outside[0].detail
    return problem, None


def _refused(asked: _Asked, token: TokenFacts, path: Path, control: Moment) -> str:
    """An algorithm of the token or of its path that is not allowed at the time that counts for it.

    An authority stamps many files with the same algorithms, so this is remembered beyond the one token.
    """
    rests = (path.certificates, asked.terms.algorithms, control.floating)
    key = ("token algorithms", token.algorithm, token.imprint.digest, *rests)
    return asked.lookup.remember_at(key, control, lambda own: _refused_at(asked, token, path, own))


def _refused_at(asked: _Asked, token: TokenFacts, path: Path, control: Moment) -> str:
    signer = asked.lookup.certificate(path.certificates[0])
    uses = list(certificate_uses(asked.lookup, path))
    if signer is not None:
        uses.extend(token_uses(token.algorithm, token.imprint.digest, signer))
    rules, suites = asked.context.rules.algorithms, asked.context.suites
    named = None if token.algorithm is None else token.algorithm.sm2_id
    if named is not None and named not in rules.sm2_ids:
        return f"signature.sm2-id-not-accepted found '{named}'; accepted {', '.join(repr(i) for i in rules.sm2_ids)}"
    causes = algorithm_causes(asked.lookup, uses, rules, suites, control)
    blocking = next((cause for cause in causes if blocks(cause.code)), None)
    return "" if blocking is None else f"{blocking.code} {blocking.detail}"


def _revoked(asked: _Asked, stamped: datetime, path: Path, control: Moment) -> str:
    """A revocation of the authority that takes its token along. A status that nobody gives takes nothing."""
    until = None if control.floating else control.at
    rules = asked.context.rules.revocation
    responders = asked.context.home.responders
    key = ("tsa", path.certificates, stamped, until, asked.in_file, rules.offline, rules.max_age_seconds, responders)

    def ask(moment: Moment) -> tuple[str, tuple[str, ...]]:
        return _harmful(asked, stamped, path, until, moment)

    (said, _), span = asked.lookup.remember_over(key, asked.moment.at, lambda: widen(ask, asked.moment.at))
    asked.moment.narrow(span)
    return said


def _harmful(
    asked: _Asked, stamped: datetime, path: Path, until: datetime | None, moment: Moment
) -> tuple[str, tuple[str, ...]]:
    """RFC 3161 section 4: after a key compromise no token of the key stands, but one that something later proves older.

    Beside it the services whose answer at the moment is not known: what is the same with and without them is not joined.
    """
    unknown: set[str] = set()
    sources = StatusSources(
        in_file=asked.in_file, rules=asked.context.rules.revocation, responders=asked.context.home.responders
    )
    for index, certificate_id in enumerate(path.certificates[:-1]):
        above = Path(certificates=path.certificates[index + 1 :])
        certificate, issuer = asked.lookup.certificate(certificate_id), asked.lookup.certificate(above.certificates[0])
        if certificate is None or issuer is None:
            continue
        subject = Subject(certificate=certificate, issuer=issuer, above=above)
        status, span = status_of(asked.lookup, subject, sources, moment.at)
        moment.narrow(span)
        unknown.update(status.unknown)
        if status.kind not in ("revoked", "suspended") or status.date is None:
            continue
        harmless = status.reason in _LATER_REVOCATION_IS_HARMLESS and stamped < status.date
        covered = until is not None and until < status.date
        if not harmless and not covered:
            said = f"{certificate.subject.text}: {status.kind} {format_instant(status.date)}"
            return said, tuple(sorted(unknown))
    return "", tuple(sorted(unknown))
