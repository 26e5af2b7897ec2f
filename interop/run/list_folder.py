"""A folder of trusted lists: the lists of lists that may be believed with the lists they lead to, or a refusal of the whole.

lists = read_folder(folder, at=instant)
lists.areas[0].first, lists.areas[0].reached
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from interop.model.certificate import ObjectId
from interop.model.errors import InputError, NothingToDo, Problem, UsageError
from interop.model.reasons import reason
from interop.model.trusted_list import ListPointer, TrustedList
from interop.run.list_export import SIGNERS
from interop.trustlist.graph import ListGraph, authenticate, pointer_fits
from interop.trustlist.read import read_list
from interop.trustlist.verify import accept_list, observe_list_signature
from interop.x509.certificate import object_id, read_certificates

__all__ = ["FolderLists", "ListedArea", "read_folder"]

_NOT_POINTED_TO: Final = "trust.list-not-pointed-to"
_UNKNOWN_SIGNER: Final = "trust.list-signer-unknown"
_HINT: Final = f"{SIGNERS} holds the certificates of those who sign the lists of lists, and nobody else's"
_FEW: Final = 3
"""Files that are named where many have the same finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArea:
    """One list of lists that is believed, and what it leads to."""

    file: str
    """Name of its file."""
    first: TrustedList
    reached: tuple[tuple[ListPointer, TrustedList | None], ...]
    """Its pointers in their order, each with the list of the folder that it leads to; None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderLists:
    """All that may be believed of a folder."""

    areas: tuple[ListedArea, ...]
    """By the name of the file."""
    files: Mapping[str, ObjectId]
    """Name -> digest, of every list in the folder."""
    idle: tuple[str, ...]
    """Files in good order to which no pointer of a believed list leads, and lists of lists by others: they give no trust."""
    findings: tuple[str, ...]
    """What is worth knowing and refuses nothing, each with its file."""


def read_folder(folder: Path, *, at: datetime) -> FolderLists:
    """Read and authenticate the `*.xml` files of a folder, beginning with the lists signed by a certificate of its `signers.pem`.

    UsageError for a folder or `signers.pem` that is not there, NothingToDo for a folder without lists; InputError with every list
    that cannot be read, whose signature does not hold, that another than its pointer names has signed, or that a newer one in
    the folder supersedes, and where no list is by one of the signers.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))}
    if not files:
        raise NothingToDo(f"{folder}: no list in that folder", hints=("`interop agreement export -o DIR` writes some",))
    trusted = _signers(folder)
    lists, problems = _read(files)
    if problems:
        raise InputError(str(folder), tuple(problems))
    areas, refused, findings = _areas(files, lists, trusted, at)
    reached = {other.id for area in areas for _, other in area.reached if other is not None}
    believed = {area.file for area in areas} | {name for name, one in lists.items() if one.id in reached}
    idle: list[str] = []
    for name in sorted(set(files) - believed):
        code = refused.get(name) or _damage(files[name], lists[name], at)
        if code is None:
            idle.append(name)
        else:
            problems.append(Problem(where=name, what=f"{reason(code).text.en} ({code})"))
    if problems:
        raise InputError(
            str(folder), tuple(problems), hints=("nothing was run; ask the publisher for the list as signed",)
        )
    if not areas:
        what = f"none is signed by one of the certificates in {SIGNERS}"
        raise InputError(str(folder), (Problem(where=", ".join(sorted(files))[:80], what=what),), hints=(_HINT,))
    return FolderLists(
        areas=tuple(areas),
        files={name: one.id for name, one in lists.items()},
        idle=tuple(idle),
        findings=tuple(
            f"{reason(code).text.en}: {_some(list(dict.fromkeys(where)))} ({code})" for code, where in findings.items()
        ),
    )


def _some(names: Sequence[str]) -> str:
    """The first few of many names."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")


def _signers(folder: Path) -> tuple[bytes, ...]:
    path = folder / SIGNERS
    if not path.is_file():
        raise UsageError(f"{folder}: no {SIGNERS} in that folder", hints=(_HINT,))
    return tuple(read_certificates(path.read_bytes(), str(path)))


def _read(files: Mapping[str, bytes]) -> tuple[dict[str, TrustedList], list[Problem]]:
    lists: dict[str, TrustedList] = {}
    problems: list[Problem] = []
    for name, data in files.items():
        try:
            lists[name] = read_list(data, name).list
        except InputError as error:
            problems += [Problem(where=name, what=f"{p.where}: {p.what}") for p in error.problems]
    return lists, problems


def _areas(
    files: Mapping[str, bytes], lists: Mapping[str, TrustedList], signers: Sequence[bytes], at: datetime
) -> tuple[list[ListedArea], dict[str, str], dict[str, list[str]]]:
    """Areas; file -> code of the reason against it; code of a finding -> files. Each list of lists is walked by itself: what one area
    says of a list binds no other."""
    allowed = {object_id(der) for der in signers}
    signed = {
        name: replace(lists[name], signature=observe_list_signature(data, offered=signers))
        for name, data in files.items()
        if lists[name].pointers
    }
    newest: dict[tuple[str, str | None], int] = {}
    for first in signed.values():
        if accept_list(first, allowed, at).accepted:
            slot = (first.type, first.territory)
            newest[slot] = max(newest.get(slot, 0), first.sequence or 0)
    areas: list[ListedArea] = []
    refused: dict[str, str] = {}
    findings: dict[str, list[str]] = {}
    for name, first in signed.items():
        refusal = accept_list(first, allowed, at, newest=newest.get((first.type, first.territory))).refusal
        if refusal is not None:
            if refusal.code != _UNKNOWN_SIGNER:  # one by somebody whom the caller does not name gives no trust, no more
                refused[name] = refusal.code
            continue
        near = [
            (other, files[other])
            for other, one in lists.items()
            if other != name and any(pointer_fits(pointer, one, first.pointers) for pointer in first.pointers)
        ]
        graph = authenticate([(name, files[name]), *near], signers=signers, at=at)
        reached = tuple((pointer, _led_to(pointer, first, graph)) for pointer in first.pointers)
        areas.append(ListedArea(file=name, first=first, reached=reached))
        refused |= {r.name: r.reason.code for r in graph.refused if r.reason.code != _NOT_POINTED_TO}
        for entry in graph.authenticated:
            for finding in (*entry.list.findings, *entry.findings):
                findings.setdefault(finding.code, []).append(graph.names[entry.list.id])
    reached_ids = {other.id for area in areas for _, other in area.reached if other is not None}
    return areas, {name: code for name, code in refused.items() if lists[name].id not in reached_ids}, findings


def _led_to(pointer: ListPointer, first: TrustedList, graph: ListGraph) -> TrustedList | None:
    """The list that one of the pointer's signers has signed and that it is for."""
    for entry in graph.authenticated:
        if entry.path and entry.signer in pointer.signers and pointer_fits(pointer, entry.list, first.pointers):
            return entry.list
    return None


def _damage(data: bytes, trusted: TrustedList, at: datetime) -> str | None:
    """Why a list to which nothing leads is not even as its own signer left it; None: it is."""
    seen = replace(trusted, signature=observe_list_signature(data))
    verdict = accept_list(seen, seen.signature.value_ok, at)
    return None if verdict.refusal is None else verdict.refusal.code
