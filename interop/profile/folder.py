"""Profiles as they stand in their folder: each by itself, and how it fits with its siblings and the agreements.

Nothing is raised for a file with mistakes; what is wrong with a sibling that nobody asked about is not repeated, only that
something is.

    examination = examine([Path("my/providers/acme.toml")])
    for report in examination.reports:
        print(report.path, report.problems, report.warnings)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interop.model.agreement import Agreement
from interop.model.errors import Problem
from interop.model.profile import Provider, World
from interop.profile import data, lint
from interop.profile.lint_rules import split_reference
from interop.profile.load import Seen, list_files, look_at_agreement, look_at_provider
from interop.profile.remark import Remark

__all__ = ["Examination", "Report", "examine", "examine_agreements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is to be said about one file."""

    path: Path
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What is to be said about the files, and about the agreements that name them."""

    reports: tuple[Report, ...]
    """The files in the order given, then agreements with something to tell."""
    mentioned: tuple[Path, ...]
    """Siblings and agreements with mistakes of their own, which were not asked about."""
    agreements: tuple[Path, ...]
    """Folders of agreements that were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """Everything in one folder of profiles, and its agreements."""

    providers: Mapping[Path, Seen[Provider]]
    agreements: Mapping[Path, Seen[Agreement]]
    agreements_folder: Path
    own: bool
    """The agreements belong to these profiles, so that what they say of anybody else has to fit too."""

    def remarks(self, about: Path | None = None) -> tuple[Remark, ...]:
        """What does not fit together. Files with mistakes of shape count by their id alone, except the one it is about."""
        whole = {p: s for p, s in self.providers.items() if s.value is not None and (p == about or not s.unsound)}
        agreed = {p: s for p, s in self.agreements.items() if s.value is not None and (p == about or not s.unsound)}
        world = World(
            providers=tuple(s.value for s in whole.values() if s.value is not None),
            agreements=tuple(s.value for s in agreed.values() if s.value is not None),
        )
        return lint.lint_world(
            world, unread=_ids(self.providers, whole), unread_agreements=_ids(self.agreements, agreed)
        )


def _ids(
    seen: Mapping[Path, Seen[Provider]] | Mapping[Path, Seen[Agreement]], read: Collection[Path]
) -> frozenset[str]:
    """Ids of the files that do not count as read: by name, and by what they say."""
    rest = {path: one.value for path, one in seen.items() if path not in read}
    return frozenset(path.stem for path in rest) | frozenset(v.id for v in rest.values() if v is not None)


def _folder(folder: Path, files: Iterable[Path], agreements: Path | None, suites: Collection[str] | None) -> _Folder:
    beside = folder.resolve().parent / "agreements"
    where = agreements or (beside if beside.is_dir() else data.agreements_dir())
    paths = list(files)
    asked = {path.resolve() for path in paths}
    paths += [path for path in (list_files(folder).values() if folder.is_dir() else ()) if path.resolve() not in asked]
    return _Folder(
        providers={path: look_at_provider(path, suites=suites) for path in paths},
        agreements={path: look_at_agreement(path) for path in list_files(where).values()},
        agreements_folder=where,
        own=agreements is not None or beside.is_dir(),
    )


def _told(seen: Seen[Provider] | Seen[Agreement], path: Path, remarks: Iterable[Remark]) -> Report:
    """What a file says wrong by itself, and then with the others; `remarks` still begin with an id."""
    further = lint.sound(
        (
            Remark(path=r.path[1:], what=r.what, severity=r.severity, needs=tuple(n[1:] for n in r.needs))
            for r in remarks
        ),
        seen.unsound,
    )
    told = {
        severity: [Problem(where=r.where, what=r.what) for r in further if r.severity == severity]
        for severity in ("error", "warning")
    }
    return Report(
        path=path,
        problems=(*seen.problems, *told["error"]),
        warnings=(*seen.warnings, *told["warning"]),
    )


def _named(agreement: Agreement) -> frozenset[str]:
    """Providers that an agreement speaks of."""
    places = (
        text
        for entry in agreement.entries
        for text in (entry.anchor, entry.issuer, entry.cross_certificate)
        if text is not None
    )
    return frozenset((*agreement.signers, *agreement.relying, *(split_reference(text)[0] for text in places)))


def _examined(folder: _Folder, files: Sequence[Path], whole: bool) -> tuple[list[Report], list[Path]]:
    reports: list[Report] = []
    asked: set[str] = set()
    for path in files:
        seen = folder.providers[path]
        value = seen.value
        asked |= {path.stem} if value is None else {value.id}
        found = () if value is None else folder.remarks(path)
        reports.append(_told(seen, path, (r for r in found if value is not None and r.path[0] == value.id)))
    together = folder.remarks()
    broken = [path for path, seen in folder.providers.items() if seen.problems and path not in files]
    for path, one in folder.agreements.items():
        agreement = one.value
        spoken_of = agreement is not None and bool(asked & _named(agreement))
        if not whole and not (spoken_of and folder.own):
            broken += [path] if one.problems else []
            continue
        found = tuple(r for r in together if agreement is not None and r.path[0] == agreement.id)
        report = _told(one, path, found)
        reports += [report] if report.problems or report.warnings else []
    return reports, broken


def examine(
    files: Sequence[Path],
    *,
    agreements: Path | None = None,
    suites: Collection[str] | None = None,
    whole: bool = False,
) -> Examination:
    """Check files by themselves and in their folder, which is the world they live in.

    `agreements` is the folder of agreements; None: `agreements` beside the folder of a file, else the shipped ones, whose
    entries about others are then passed over. `whole`: the files are all there is, so that every agreement is reported on too.
    Raises UsageError where the folder of agreements is not there.
    """
    groups: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(files):
        groups.setdefault(path.parent, []).append(path)
    reports: dict[Path, Report] = {}
    mentioned: dict[Path, None] = {}
    folders: dict[Path, None] = {}
    for parent, group in groups.items():
        folder = _folder(parent, group, agreements, suites)
        folders[folder.agreements_folder] = None
        found, broken = _examined(folder, group, whole)
        reports |= {report.path: report for report in found}
        mentioned |= dict.fromkeys(broken)
    first = {path: reports.pop(path) for path in dict.fromkeys(files)}
    return Examination(
        reports=(*first.values(), *reports.values()), mentioned=tuple(mentioned), agreements=tuple(folders)
    )


def examine_agreements(
    files: Sequence[Path], *, profiles: Path | None = None, suites: Collection[str] | None = None
) -> Examination:
    """Check agreements by themselves, with the others of their folder, and with the profiles that they name.

    `profiles` is the folder of profiles; None: `providers` beside the folder of a file, else the shipped ones. Raises
    UsageError where that folder is not there.
    """
    groups: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(files):
        groups.setdefault(path.parent, []).append(path)
    reports: dict[Path, Report] = {}
    mentioned: dict[Path, None] = {}
    for parent, group in groups.items():
        beside = parent.resolve().parent / "providers"
        where = profiles or (beside if beside.is_dir() else data.providers_dir())
        asked = {path.resolve() for path in group}
        siblings = list_files(parent).values() if parent.is_dir() else ()
        folder = _Folder(
            providers={path: look_at_provider(path, suites=suites) for path in list_files(where).values()},
            agreements={
                path: look_at_agreement(path)
                for path in (*group, *(sibling for sibling in siblings if sibling.resolve() not in asked))
            },
            agreements_folder=parent,
            own=True,
        )
        together = folder.remarks()
        for path in group:
            seen = folder.agreements[path]
            value = seen.value
            found = () if value is None else folder.remarks(path) if seen.unsound else together
            reports[path] = _told(seen, path, (r for r in found if value is not None and r.path[0] == value.id))
        mentioned |= {path: None for path, one in folder.providers.items() if one.problems}
        mentioned |= {path: None for path, one in folder.agreements.items() if one.problems and path not in group}
    return Examination(
        reports=tuple(reports[path] for path in dict.fromkeys(files)),
        mentioned=tuple(mentioned),
        agreements=tuple(groups),
    )
