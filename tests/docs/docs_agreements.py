"""docs/agreements.md: every shipped arrangement, who promises what to whom, since when, and on what evidence. Made from the data alone."""

from __future__ import annotations

from collections.abc import Iterator

from docs_markdown import code, codes, date, table

from interop.model.agreement import Agreement, Condition, Entry
from interop.model.instant import Interval
from interop.model.profile import World
from interop.profile.origins import sourced

__all__ = ["agreements_page"]

_HEAD = """# Agreements

Every arrangement that is shipped, one direction each: relying parties of one side recognise signatures of the other. Made from
`profiles/agreements/*.toml` by `python tests/docs/docs_writer.py`; a test compares. Kinds are explained in
[words](words.md#kinds-of-agreement), the providers on [their page](providers.md), the rules by which an arrangement counts in
[recognition](recognition.md).

An arrangement **grants** what it promises when it is switched on and its evidence is `published`: a published instrument is in
force. `framework-only` exists and grants nothing; `hypothetical` is modelled, is not the law, and is shipped switched off. A
relying party **loads** an arrangement where its profile names it: promised and not loaded is a broken promise, and the matrix
shows it. Certificates stand for test certificates of the providers; where a date or a window is not published, its origin says
so. Instants are UTC.
"""


def agreements_page(world: World) -> str:
    """The whole page."""
    return "\n".join([_HEAD, _contents(world), *(_section(agreement, world) for agreement in world.agreements)])


def _names(ids: tuple[str, ...]) -> str:
    return ", ".join(f"[{name}](providers.md#{name})" for name in ids)


def _span(span: Interval, *, since: str = "from", until: str = "until") -> str:
    said = [f"{since} {date(span.start)}" if span.start else "", f"{until} {date(span.end)}" if span.end else ""]
    return " ".join(filter(None, said)) or "at any time"


def _grants(agreement: Agreement) -> str:
    if agreement.grants:
        return "grants"
    return "grants nothing" if agreement.evidence == "framework-only" else "switched off"


def _contents(world: World) -> str:
    granting = sum(agreement.grants for agreement in world.agreements)
    rows = (
        (
            f"[{agreement.id}](#{agreement.id})",
            agreement.kind.value,
            ", ".join(agreement.signers),
            "each other" if set(agreement.signers) == set(agreement.relying) else ", ".join(agreement.relying),
            "; ".join(map(_span, agreement.in_force())) or "never",
            agreement.evidence,
            _grants(agreement),
        )
        for agreement in world.agreements
    )
    return f"{len(world.agreements)} arrangements, {granting} of which grant something as shipped.\n\n" + table(
        ("agreement", "kind", "signers", "recognised by", "in force", "evidence", "as shipped"), rows
    )


def _section(agreement: Agreement, world: World) -> str:
    parts = [f"## {agreement.id}\n", f"{agreement.name.en} · {agreement.name.zh}\n"]
    if agreement.note is not None:
        parts.append(f"{agreement.note.en}. {agreement.note.zh}。\n")
    parts.append(table(("what", "value"), _facts(agreement, world)))
    if agreement.entries:
        parts.append(table(("admits", "service", "signed", "if the certificate"), map(_entry, agreement.entries)))
    return "\n".join(parts)


def _facts(agreement: Agreement, world: World) -> Iterator[tuple[str, str]]:
    loading = tuple(p.id for p in world.providers if agreement.id in p.relying.trust.load)
    yield "file", f"[{agreement.id}.toml](../profiles/agreements/{agreement.id}.toml)"
    yield "kind", agreement.kind.value
    if set(agreement.signers) == set(agreement.relying):
        yield "members", f"{_names(agreement.signers)}; each recognises itself and the others"
    else:
        yield "direction", f"{_names(agreement.relying)} recognise {_names(agreement.signers)}"
    if agreement.counterpart is not None:
        yield "other direction", f"[{agreement.counterpart}](#{agreement.counterpart})"
    yield (
        "history",
        "; ".join(
            f"{change.status.value} {date(change.at)}{f' ({change.note})' if change.note else ''}"
            for change in agreement.history
        ),
    )
    yield "evidence", f"{agreement.evidence}; as shipped it {_shipped(agreement)}"
    if agreement.entries:
        yield "loaded by", _names(loading) or "nobody"
    if agreement.level_cap is not None:
        yield "level", f"{agreement.level_cap} at most"
    if agreement.scope:
        yield "documents", ", ".join(kind.value for kind in agreement.scope)
    origins = dict.fromkeys(value.origin for value in sourced(agreement))
    yield "origin of its values", ", ".join(origins)
    yield "source", agreement.source


def _shipped(agreement: Agreement) -> str:
    return {"switched off": "is switched off"}.get(_grants(agreement), _grants(agreement))


def _entry(entry: Entry) -> tuple[str, str, str, str]:
    admits = [
        f"anchor {code(entry.anchor)}" if entry.anchor else "",
        f"issuer {code(entry.issuer)}" if entry.issuer else "",
        f"over cross-certificate {code(entry.cross_certificate)}" if entry.cross_certificate else "",
    ]
    return (
        ", ".join(filter(None, admits)),
        entry.service or "",
        _span(entry.window),
        "; ".join((*_conditions(entry.condition), *_receipt(entry))),
    )


def _receipt(entry: Entry) -> tuple[str, ...]:
    return () if entry.receipt is None else (f"comes with a receipt of {entry.receipt}",)


def _conditions(condition: Condition) -> Iterator[str]:
    if condition.policies_any:
        yield f"has one of the policies {codes(condition.policies_any)}"
    if condition.policy_prefix is not None:
        yield f"has a policy under {code(condition.policy_prefix)}"
    if condition.key_usage_all:
        yield f"has key usage {', '.join(condition.key_usage_all)}"
    if condition.extended_key_usage_any:
        yield f"has one of the purposes {codes(condition.extended_key_usage_any)}"
    if condition.qc_statements_all:
        yield f"has the QC statements {codes(condition.qc_statements_all)}"
    if condition.qc_legislation is not None:
        yield f"names the legislation of {condition.qc_legislation}"
    if condition.certificate_type is not None:
        yield f"is of type {condition.certificate_type}"
    if condition.persons:
        yield f"is of a {' or '.join(condition.persons)} person"
