"""Which of a set of list files may be believed, through which pointers, and which recognition the last pointer grants.

graph = authenticate([("lotl.xml", lotl), ("zz.xml", zz)], signers=[lotl_signer], at=at)
graph.authenticated, graph.refused
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.trusted_list import AuthenticatedList, ListPointer, TrustedList
from interop.trustlist.read import read_list
from interop.trustlist.verify import accept_list, observe_list_signature
from interop.x509.certificate import object_id

__all__ = ["ListGraph", "RefusedList", "authenticate", "pointer_fits"]

_XML = ("xml",)
_UNKNOWN_SIGNER = "trust.list-signer-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedList:
    """A list file that is not believed."""

    name: str
    """As the caller calls the file."""
    reason: Finding
    """Why."""
    list: TrustedList | None = None
    """What it says; None where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGraph:
    """The lists that are believed, and those that are not."""

    authenticated: tuple[AuthenticatedList, ...]
    """In the order in which they were reached: lists trusted by their signer first."""
    names: Mapping[ObjectId, str]
    """Id of a list -> name of its file."""
    refused: tuple[RefusedList, ...]
    """In the order of the files."""
    certificates: Mapping[ObjectId, bytes]
    """DER of every certificate that services and pointers of readable lists name."""

    @property
    def service_certificates(self) -> frozenset[ObjectId]:
        """Certificates of all services of authenticated lists, whatever their status: where paths may end."""
        return frozenset(
            certificate
            for entry in self.authenticated
            for service in entry.list.services
            for certificate in service.certificates
        )


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    list: TrustedList


def authenticate(
    files: Sequence[tuple[str, bytes]], *, signers: Collection[bytes], at: datetime, recognition: bool = True
) -> ListGraph:
    """Authenticate (name, bytes) list files, starting from the certificates (DER) that the caller trusts to sign lists.

    A list is believed when one of `signers` signed it, or one that a pointer of a believed list names for it. A pointer is for a
    list when it leads to XML, has the list's TSLType, and its territory, or alone has that type (the territory then differs:
    a finding). Of several files for one pointer that hold, the one with the highest sequence number counts. Without
    `recognition` the mutual-recognition information of pointers is left aside, as if no agreement were concluded.
    """
    certificates: dict[ObjectId, bytes] = {object_id(der): der for der in signers}
    refused: dict[str, RefusedList] = {}
    read: list[tuple[str, bytes, TrustedList]] = []
    for name, data in files:
        try:
            seen = read_list(data, name)
        except InputError as error:
            detail = "; ".join(f"{p.where}: {p.what}" for p in error.problems)[:200]
            refused[name] = RefusedList(name=name, reason=Finding(code="trust.list-unreadable", detail=detail))
            continue
        certificates.update(seen.certificates)
        read.append((name, data, seen.list))
    pending = [_File(name, _observed(data, trusted, certificates, signers, read)) for name, data, trusted in read]
    allowed = {object_id(der) for der in signers}
    graph = _Walk(at=at, recognition=recognition, pending=pending)
    graph.roots(allowed)
    graph.follow()
    for name, reason, trusted in graph.refusals():
        refused[name] = RefusedList(name=name, reason=reason, list=trusted)
    return ListGraph(
        authenticated=tuple(graph.found),
        names=graph.names,
        refused=tuple(refused[name] for name, _ in files if name in refused),
        certificates=certificates,
    )


def _observed(
    data: bytes,
    trusted: TrustedList,
    certificates: Mapping[ObjectId, bytes],
    signers: Collection[bytes],
    read: Iterable[tuple[str, bytes, TrustedList]],
) -> TrustedList:
    """The list with its signature, tried with the caller's certificates and those of pointers that may be for it."""
    named = dict.fromkeys(object_id(der) for der in signers)
    for _, _, other in read:
        for pointer in other.pointers:
            if pointer.type in (None, trusted.type):
                named.update(dict.fromkeys(pointer.signers))
    offered = [certificates[name] for name in named]
    return replace(trusted, signature=observe_list_signature(data, offered=offered))


class _Walk:
    """Lists believed so far, and those still open with the best reason against them."""

    def __init__(self, *, at: datetime, recognition: bool, pending: list[_File]) -> None:
        self.at = at
        self.recognition = recognition
        self.pending = pending
        self.found: list[AuthenticatedList] = []
        self.names: dict[ObjectId, str] = {}
        self.reasons: dict[str, Finding] = {}

    def roots(self, allowed: Collection[ObjectId]) -> None:
        """Lists that the caller's certificates signed; of several of one type and territory the newest."""
        newest: dict[tuple[str, str | None], int] = {}
        for file in self.pending:
            if accept_list(file.list, allowed, self.at).accepted:
                slot = (file.list.type, file.list.territory)
                newest[slot] = max(newest.get(slot, 0), file.list.sequence or 0)
        for file in list(self.pending):
            known = newest.get((file.list.type, file.list.territory))
            verdict = accept_list(file.list, allowed, self.at, newest=known or None)
            if verdict.signer is None:
                if verdict.refusal is not None and verdict.refusal.code != _UNKNOWN_SIGNER:
                    self.reasons[file.name] = verdict.refusal  # another signer may be named by a pointer yet
                continue
            self._believe(file, AuthenticatedList(list=file.list, signer=verdict.signer, findings=verdict.findings))

    def follow(self) -> None:
        """From each list that is believed, along its pointers."""
        for entry in self.found:  # grows while it is walked
            for pointer in entry.list.pointers:
                self._along(entry, pointer)

    def _along(self, entry: AuthenticatedList, pointer: ListPointer) -> None:
        if pointer.mime_type is not None and not any(word in pointer.mime_type for word in _XML):
            return
        fitting = [file for file in self.pending if pointer_fits(pointer, file.list, entry.list.pointers)]
        newest = max((f.list.sequence or 0 for f in fitting if self._holds(f, pointer)), default=0)
        for file in fitting:
            verdict = accept_list(file.list, pointer.signers, self.at, newest=newest or None)
            if verdict.signer is None:
                if verdict.refusal is not None:
                    self.reasons[file.name] = verdict.refusal
                continue
            findings = list(verdict.findings)
            if pointer.territory not in (None, file.list.territory):
                detail = f"{pointer.territory} in the pointer, {file.list.territory} in the list"
                findings.append(Finding(code="trust.list-territory-differs", detail=detail[:200]))
            self._believe(
                file,
                AuthenticatedList(
                    list=file.list,
                    signer=verdict.signer,
                    path=(*entry.path, entry.list.id),
                    recognition=pointer.recognition if self.recognition else None,
                    findings=tuple(findings),
                ),
            )

    def _holds(self, file: _File, pointer: ListPointer) -> bool:
        return accept_list(file.list, pointer.signers, self.at).accepted

    def _believe(self, file: _File, entry: AuthenticatedList) -> None:
        self.pending.remove(file)
        self.reasons.pop(file.name, None)
        if entry.list.id not in self.names:
            self.names[entry.list.id] = file.name
            self.found.append(entry)

    def refusals(self) -> list[tuple[str, Finding, TrustedList]]:
        """What is left, each with the reason met on the way nearest to acceptance."""
        unasked = Finding(code="trust.list-not-pointed-to")
        return [(file.name, self.reasons.get(file.name, unasked), file.list) for file in self.pending]


def pointer_fits(pointer: ListPointer, trusted: TrustedList, pointers: Iterable[ListPointer]) -> bool:
    """Whether the pointer is for the list: its type, and its territory or no other pointer of that type with that territory."""
    if pointer.type != trusted.type:
        return False
    if pointer.territory in (None, trusted.territory):
        return True
    return sum(other.type == trusted.type and _is_xml(other) for other in pointers) == 1


def _is_xml(pointer: ListPointer) -> bool:
    return pointer.mime_type is None or any(word in pointer.mime_type for word in _XML)
