"""The files of others against what their projects assert: one `Compared` per row of manifest.csv, in its order.

The columns mean what the README beside them says. Files go through `check` as a user would call it, in a world without providers,
so that nothing is known about anybody; `external_paths` judges the certificates and chains. Instants are fixed: a table that says
something else next year could not be compared.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature
from interop.model.instant import parse_instant
from interop.model.profile import World
from interop.model.reasons import catalogue, is_finding
from interop.profile.data import rules_dir
from interop.profile.load import load_rules, load_suites
from interop.run.check import CheckOptions, File, check_files
from interop.run.plan import Options, Plan

__all__ = ["NOW", "Compared", "Row", "compared_files", "read_rows"]

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""Stands for the `now` of the manifest."""
_LEGACY = rules_dir() / "legacy.toml"
_NO_TRUST = ("container", "integrity", "signature")
_REFUSED = frozenset({"reject", "indeterminate", "not_accept"})
_ACCEPTED = frozenset({"accept", "accept_with_finding"})
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was asserted of one file, and what we say."""

    file: str
    expected: str
    """`expect` of the manifest, with the layers, names and findings that it asserts."""
    found: str
    """What we say, in our own words."""
    problems: tuple[str, ...] = ()
    """Each assertion that is not met."""
    options: str = ""
    """Options of `interop check` beyond the file, where they matter."""
    out_of_scope: str = ""
    """Why the row asserts nothing that can be compared."""


def read_rows(folder: Path) -> tuple[Row, ...]:
    """All rows of manifest.csv."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _plan() -> Plan:
    return Plan(
        options=Options(profiles=None, agreements=None, relying=(), at=NOW, jobs=0, cache=None),
        world=World(providers=(), agreements=()),
        suites=load_suites(),
        cases=(),
        specs=(),
        relying=(),
        set_id="check",
        signing=NOW,
        validation=NOW,
        inputs={},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One call of `check` for one file."""

    row: Row
    trust: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    legacy: bool = False
    element: str | None = None

    @property
    def options(self) -> str:
        words = [f"--trust {Path(name).name}" for name in self.trust] + [f"--with-cert {name}" for name in self.offered]
        words += ["--rules legacy"] if self.legacy else []
        words += [f"--element {self.element}"] if self.element else []
        return " ".join(words + ([f"--at {self.row['at'][:10]}"] if self.row["at"] else []))


def _run(folder: Path, calls: Sequence[_Call]) -> dict[int, CheckedFile]:
    """All calls; those with the same options together."""
    groups: dict[tuple[str, tuple[str, ...], tuple[str, ...], bool], list[int]] = {}
    for index, call in enumerate(calls):
        groups.setdefault((call.row["at"], call.trust, call.offered, call.legacy), []).append(index)
    found: dict[int, CheckedFile] = {}
    for (at, trust, offered, legacy), indexes in groups.items():
        files = [
            File(
                name=calls[i].row["file"],
                data=(folder / calls[i].row["file"]).read_bytes(),
                element=calls[i].element,
            )
            for i in indexes
        ]
        options = CheckOptions(
            at=parse_instant(at) if at else NOW,
            now=NOW,
            trust=tuple((name, (folder / name).read_bytes()) for name in trust),
            with_cert=tuple((name, (folder / name).read_bytes()) for name in offered),
            rules=load_rules(_LEGACY) if legacy else None,
            jobs=0,
        )
        found.update(zip(indexes, check_files(files, _plan(), options).files, strict=True))
    return found


_ANCHORS = {"dss__mra_john-doe-lta.xml": ("../dss-mra/cookbook-anchors.pem",)}
"""Anchors that the README names for a row whose manifest column names a list."""
_ELEMENTS = {
    "xmlcrypto__valid_signature.xml": "_0",
    "xmlcrypto__valid_signature_without_transforms_element.xml": "bookid",
}
"""The element that is signed, where it is not the root: what is consumed has to be said."""


def _calls(row: Row) -> list[_Call]:
    """The file as it is; and with its anchor: accepted under rules that know its algorithms, or refused all the same."""
    anchors = _ANCHORS.get(row["file"]) or tuple(n for n in (row["trust anchor file"],) if n.endswith(".crt"))
    beside = row["note"].startswith("No certificate in the file")
    calls = [_Call(row=row, offered=anchors if beside else ())]
    if row["expect"] in _ACCEPTED and anchors and not row["note"].startswith("Crypto only"):
        modern = row["file"] in _ANCHORS
        calls.append(_Call(row=row, trust=anchors, legacy=not modern, element=_ELEMENTS.get(row["file"])))
    if row["expect"] in _REFUSED and anchors:
        calls.append(_Call(row=row, trust=anchors))
    return calls


def compared_files(folder: Path, rows: Iterable[Row]) -> tuple[Compared, ...]:
    """Every PDF, XML and list."""
    asked = [(row, call) for row in rows if row["kind"] in {"pdf", "xml", "list"} for call in _calls(row)]
    answers = _run(folder, [call for _, call in asked])
    compared: dict[str, Compared] = {}
    for index, (row, call) in enumerate(asked):
        reaching = call.trust and row["expect"] in _ACCEPTED
        problems = _reached(answers[index]) if reaching else _problems(row, answers[index])
        before = compared.get(row["file"])
        compared[row["file"]] = Compared(
            file=row["file"],
            expected=_expected(row),
            found=_found(answers[index]) if before is None else f"{before.found}; then {_found(answers[index])}",
            problems=(*(() if before is None else before.problems), *problems),
            options=call.options if before is None else "; then ".join(o for o in (before.options, call.options) if o),
        )
    return tuple(compared.values())


def _expected(row: Row) -> str:
    parts = [row["expect"]]
    parts += [row[name].replace("|", " or ") for name in ("blocks", "sub_indication") if row[name]]
    parts += [row[name] for name in ("finding", "level") if row[name]]
    parts += [f"signatures {row['signatures']}"] if row["signatures"] else []
    parts += [f"only {row['which'].partition('=')[0]}"] if row["which"] else []
    return ", ".join(parts)


def _found(file: CheckedFile) -> str:
    said = file.indication or f"error: {file.error}"
    levels = "/".join(dict.fromkeys(s.level for s in file.signatures if s.level))
    return " ".join(part for part in (said, file.sub_indication, file.reason, levels) if part)


def _asserted(row: Row, file: CheckedFile) -> tuple[tuple[CheckedSignature, ...], bool]:
    """The signatures that the first entry of `which` is about; and whether one of them suffices."""
    which = row["which"].partition(";")[0].partition("=")[0]
    if which == "any":
        return file.signatures, True
    return ((file.signatures[int(which)],) if which else file.signatures), False


def _problems(row: Row, file: CheckedFile) -> tuple[str, ...]:
    """Assertions of a row that the answer without an anchor does not meet."""
    if file.error is not None:
        return (f"no answer: {file.error}",)
    found: list[str] = []
    if row["signatures"] and int(row["signatures"]) != len(file.signatures):
        found.append(f"{len(file.signatures)} signatures")
    if row["level"] and {s.level for s in file.signatures} != {row["level"]}:
        found.append(f"levels {', '.join(str(s.level) for s in file.signatures)}")
    if row["finding"] and not _reports(file, row["finding"]):
        found.append(f"finding {row['finding']} is not reported")
    if row["expect"] in _ACCEPTED:
        asserted, _ = _asserted(row, file)
        found += [
            f"{s.id} {n} is {s.layers[n].result}" for s in asserted for n in _NO_TRUST if s.layers[n].result != "pass"
        ]
        found += [] if file.signatures else ["no signature found"]
    elif row["expect"] in _REFUSED:
        found += _not_refused(row, file)
    elif row["expect"] != "level":
        found.append(f"expect={row['expect']} is not known here")
    return tuple(found)


def _not_refused(row: Row, file: CheckedFile) -> list[str]:
    found: list[str] = []
    if file.indication == "TOTAL_PASSED":
        found.append("TOTAL_PASSED")
    if row["expect"] == "reject" and file.indication != "TOTAL_FAILED":
        found.append(f"{file.indication} instead of TOTAL_FAILED")
    if row["expect"] == "indeterminate" and file.indication != "INDETERMINATE":
        found.append(f"{file.indication} instead of INDETERMINATE")
    layers = row["blocks"].split("|")
    asserted, one_is_enough = _asserted(row, file)
    blocked = [any(_blocks(s.layers[n], alone=layers == [n]) for n in layers) for s in asserted]
    if not file.signatures:
        blocked = [(file.reason or "").partition(".")[0] in layers]
    if not (any(blocked) if one_is_enough else all(blocked)):
        found.append(f"none of {', '.join(layers)} blocks")
    names = set(row["sub_indication"].split("|")) - {""}
    if names and not names & _sub_indications(asserted or (), layers, file):
        found.append(f"sub-indication {file.sub_indication}")
    return found


_NO_ANCHOR = frozenset({"chain.home-anchor-unknown", "revocation.issuer-unknown", "revocation.no-evidence"})
"""What is said of any file where no anchor is given, sound ones included: proves nothing unless it is all that is asserted."""


def _blocks(layer: CheckedLayer, *, alone: bool) -> bool:
    blocking = {code for code in layer.reasons if not is_finding(code)}
    return layer.result != "pass" and (alone or not blocking <= _NO_ANCHOR)


def _reports(file: CheckedFile, finding: str) -> bool:
    """A finding of that name, for a cause in the file itself."""
    for signature in file.signatures:
        for layer in signature.layers.values():
            for code, detail in zip(layer.reasons, layer.details, strict=True):
                if code.endswith(f".{finding}") and "to a home anchor" not in detail:
                    return True
    return False


def _sub_indications(signatures: Iterable[CheckedSignature], layers: Iterable[str], file: CheckedFile) -> set[str]:
    """That of the whole, and those of the blocked layers (README: without an anchor the whole may hide them)."""
    found = {file.sub_indication or ""}
    wanted = set(layers)
    for signature in signatures:
        found.add(signature.sub_indication or "")
        for name, layer in signature.layers.items():
            if name in wanted:
                entries = (catalogue()[code] for code in layer.reasons if not is_finding(code))
                found |= {entry.sub_indication.value for entry in entries if entry.sub_indication is not None}
    return found - {""}


def _reached(file: CheckedFile) -> tuple[str, ...]:
    """TOTAL_PASSED has to be reachable with the anchor."""
    return () if file.indication == "TOTAL_PASSED" else (f"with the anchor: {_found(file)}",)
