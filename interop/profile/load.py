"""TOML files to the frozen values of the model: providers, agreements, cases, suites, rules.

Each loader raises InputError with every mistake of the file at once: first what the shape of the data says, then what it means
(`interop.profile.lint`), each under the dotted path of the key.

    provider = load_provider(providers_dir() / "eu-qtsp-natural.toml")
    world = load_world()
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from interop.model.agreement import Agreement
from interop.model.case import Case, CaseSet
from interop.model.errors import InputError, Problem, UsageError
from interop.model.profile import Provider, World
from interop.model.rules import RelyingRules
from interop.model.suite import Suite
from interop.profile import data, lint
from interop.profile.data import data_root
from interop.profile.expected import Path as Path_
from interop.profile.read import Plain, read_toml
from interop.profile.shape import shape

__all__ = [
    "Seen",
    "data_root",
    "list_agreements",
    "list_files",
    "list_providers",
    "load_agreement",
    "load_case",
    "load_case_set",
    "load_cases",
    "load_neutral_rules",
    "load_provider",
    "load_rules",
    "load_suite",
    "load_suites",
    "load_world",
    "look_at_agreement",
    "look_at_provider",
]

T = TypeVar("T")
Check = Callable[[T], tuple[lint.Remark, ...]]

_HINT = "`interop profile schema` prints every key with its meaning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[T]):
    """One file as far as it can be read, and what is to be said about it."""

    value: T | None
    """The value, repaired where the file has mistakes of shape; None where it is beyond repair."""
    problems: tuple[Problem, ...] = ()
    """All mistakes: those of shape first, then those of meaning."""
    warnings: tuple[Problem, ...] = ()
    """What a careful reader would ask about."""
    unsound: frozenset[Path_] = frozenset()
    """Paths whose values are not what the file says."""


def _seen(kind: type[T], raw: dict[str, Plain], check: Check[T]) -> Seen[T]:
    """Shape and meaning of one table."""
    shaped = shape(kind, raw)
    remarks = () if shaped.value is None else lint.sound(check(shaped.value), shaped.unsound)
    told = {
        severity: tuple(Problem(where=r.where, what=r.what) for r in remarks if r.severity == severity)
        for severity in ("error", "warning")
    }
    return Seen(
        value=shaped.value,
        problems=(*shaped.problems, *told["error"]),
        warnings=told["warning"],
        unsound=shaped.unsound,
    )


def _checked(
    kind: type[T], raw: dict[str, Plain], check: Check[T], at: str = ""
) -> tuple[list[T], tuple[Problem, ...]]:
    """The value (none where it is beyond repair) and all mistakes: those of shape first, then those of meaning."""
    seen = _seen(kind, raw, check)
    problems = seen.problems
    if at:
        problems = tuple(Problem(where=f"{at}.{p.where}", what=p.what) for p in problems)
    return [] if seen.value is None else [seen.value], problems


def _look(kind: type[T], path: Path, what: str, check: Check[T]) -> Seen[T]:
    """One file, whatever is wrong with it: nothing is raised."""
    try:
        raw, problems = read_toml(path, what=what)
    except InputError as error:
        return Seen(value=None, problems=error.problems)
    seen = _seen(kind, raw, check)
    return replace(seen, problems=(*problems, *seen.problems))


def _load(kind: type[T], path: Path, what: str, check: Check[T]) -> T:
    """One value from one file. Raises InputError with all that is wrong."""
    raw, problems = read_toml(path, what=what)
    values, more = _checked(kind, raw, check)
    problems += more
    if problems:
        raise InputError(str(path), problems, hints=(_HINT,))
    return values[0]


def _provider_check(path: Path, suites: Collection[str] | None) -> Check[Provider]:
    return lambda provider: lint.file_name(provider.id, path) + lint.lint_provider(provider, suites=suites)


def _agreement_check(path: Path) -> Check[Agreement]:
    return lambda agreement: lint.file_name(agreement.id, path) + lint.lint_agreement(agreement)


def look_at_provider(path: Path, *, suites: Collection[str] | None = None) -> Seen[Provider]:
    """One profile with all its mistakes and warnings; nothing is raised."""
    return _look(Provider, path, "profile", _provider_check(path, suites))


def look_at_agreement(path: Path) -> Seen[Agreement]:
    """One agreement with all its mistakes and warnings; nothing is raised."""
    return _look(Agreement, path, "agreement", _agreement_check(path))


def load_provider(path: Path, *, suites: Collection[str] | None = None) -> Provider:
    """One provider profile. With `suites` the suite ids that its rules name must be among them.

    Raises InputError with all mistakes of the file; the name of the file must be the id.
    """

    return _load(Provider, path, "profile", _provider_check(path, suites))


def load_agreement(path: Path) -> Agreement:
    """One agreement. What it says about providers is checked by `load_world`."""
    return _load(Agreement, path, "agreement", _agreement_check(path))


def load_suite(path: Path) -> Suite:
    """One algorithm suite."""
    return _load(Suite, path, "suite", lambda s: lint.file_name(s.id, path) + lint.lint_suite(s))


def load_rules(path: Path, *, suites: Collection[str] | None = None) -> RelyingRules:
    """Rules of a relying party that is no provider, such as `profiles/rules/neutral.toml`."""
    return _load(RelyingRules, path, "rules", lambda rules: lint.lint_rules(rules, suites=suites))


def load_neutral_rules() -> RelyingRules:
    """The shipped rules for a signature whose home is no provider that is known here (design section 2)."""
    return load_rules(data.rules_dir() / "neutral.toml")


def load_case(path: Path) -> Case:
    """One case in a file of its own."""
    return _load(Case, path, "case", lint.lint_case)


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of one file: `[[case]]` tables, or a single case at the top level. Raises InputError with all mistakes."""
    raw, problems = read_toml(path, what="case")
    tables = raw.get("case")
    if not isinstance(tables, list) or set(raw) != {"case"}:
        return (load_case(path),)
    cases: list[Case] = []
    for index, table in enumerate(tables):
        values, more = _checked(Case, table, lint.lint_case, at=f"case[{index}]")
        problems += more
        cases += values
    if problems:
        raise InputError(str(path), problems, hints=(_HINT,))
    return tuple(cases)


def load_case_set(path: Path) -> CaseSet:
    """A named selection of cases."""
    return _load(CaseSet, path, "case set", lint.lint_case_set)


def list_files(folder: Path) -> dict[str, Path]:
    """The TOML files of one folder by name without ending, sorted. Raises UsageError where the folder is not there."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def list_providers(folder: Path | None = None) -> dict[str, Path]:
    """Provider id -> profile file, sorted; the shipped ones where no folder is named."""
    return list_files(folder or data.providers_dir())


def list_agreements(folder: Path | None = None) -> dict[str, Path]:
    """Agreement id -> file, sorted; the shipped ones where no folder is named."""
    return list_files(folder or data.agreements_dir())


def load_suites(folder: Path | None = None) -> Mapping[str, Suite]:
    """All suites of one folder (the shipped ones by default) by id."""
    return {name: load_suite(path) for name, path in list_files(folder or data.suites_dir()).items()}


def load_world(providers: Path | None = None, agreements: Path | None = None, suites: Path | None = None) -> World:
    """All profiles and agreements of the folders (the shipped ones by default), checked against one another.

    Raises InputError: of the first file with mistakes of its own, else one for all that does not fit together, where each
    path begins with the id of the provider or agreement.
    """
    known_suites = list_files(suites or data.suites_dir())
    world = World(
        providers=tuple(load_provider(path, suites=known_suites) for path in list_providers(providers).values()),
        agreements=tuple(load_agreement(path) for path in list_files(agreements or data.agreements_dir()).values()),
    )
    problems = tuple(Problem(where=r.where, what=r.what) for r in lint.lint_world(world) if r.severity == "error")
    if problems:
        raise InputError("profiles and agreements together", problems)
    return world
